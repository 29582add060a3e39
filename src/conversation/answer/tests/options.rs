//! Texts that people write to a question with options, and which one they choose.

use super::{answer_in, message, question, words};
use crate::conversation::answer::Reading;
use crate::conversation::flow::{Choice, Kind};

/// What texts choose, with `|` between, by the id; `-`: they are asked again.
#[track_caller]
fn check(options: &[(&str, &str, &[&str])], cases: &[(&str, &[&str], &str)]) {
    let choices = options.iter().map(|(id, label, synonyms)| Choice {
        id: (*id).to_owned(),
        label: (*label).to_owned(),
        synonyms: words(synonyms),
    });
    let ask = question(Kind::Options(choices.collect()));
    for (id, languages, texts) in cases {
        for text in texts.split(" | ") {
            let chosen = match answer_in(languages, &ask, &message(text)) {
                Reading::Labelled { value, .. } => value,
                Reading::Invalid => "-".to_owned(),
                other => unreachable!("{other:?}"),
            };
            assert_eq!(&chosen, id, "{text:?} in {languages:?}");
        }
    }
}

#[test]
fn sizes() {
    check(
        &[("s", "Small", &["little"]), ("l", "Large", &["big", "huge"])],
        &[
            (
                "s",
                &[],
                "small | Small | SMALL! | small. | *small* | _Small_ | ~small~ | `small` | \
             \"Small\" | “small” | 'small' | (small) | s | S | little | 1 | 1. | 1) | (1) | #1 | \
             # 1 | [1] | *1* | _1_ | \"1\" | １ | ١ | १ | 1\u{fe0f}⃣ | ① | 1! | 1, | 1… | \
             1. Small | 1) Small | 1 Small | 1 - Small | 1: Small | 1.Small | 1)Small | \
             (1) small | 1 – small | #1 small | 1\u{fe0f}⃣ Small | small 1 | Small (1) | \
             small, number 1 | number 1 | Number One | no. 1 | No. 1 | no.1 | nr 1 | nr. 1 | \
             num 1 | №1 | № 1 | option 1 | Option 1. | option: 1 | option #1 | option number 1 | \
             choice 1 | answer 1 | item 1 | option one | option small | opt 1 | the first one | \
             first | 1st | the 1st | the 1st one | first one | the first | The First Option | \
             first option please | the small one | the small | small please | please small | \
             small, please. | Small pls | small plz 🙏 | a small one | a small | I'd like small | \
             I’d like a small one please | id like small | I would like the small one | \
             I want small | i want the small | I want the first one | i'll have the small | \
             I'll take the small one, thanks | ill take small | Ill go with small | \
             can i have the small one | can I get a small please | could i have small | \
             give me the small one | gimme small | small one | small one please | small thanks | \
             small thank you very much | small ty | small thx | hi, small please | hello small | \
             hey, 1 | one | One | ONE. | one please | 1 please | 1 thanks | please 1 | \
             1, please | ok 1 | ok small | okay, small | yes small | sure, small | well, small | \
             just small | just the small one | only small | small for me | small is fine | \
             1 is fine | small sounds good | small works | small it is | small then | \
             it's small | make it small | my choice is small | my answer is 1 | the answer is 1 | \
             I choose 1 | i choose number 1 | i choose small | I pick 1 | i'll go with 1 | \
             let's go with 1 | lets go with option 1 | go with small | definitely small | \
             small definitely | small 👍 | small 🍕 | 🍕 small | small 👍🏽 | 1 👍 | small ❤\u{fe0f} | \
             small :) | small :D | small!!! | sm\u{200b}all | \u{202a}small\u{202c} | ＳＭＡＬＬ | \
             𝐬𝐦𝐚𝐥𝐥 | small\nplease | small\tplease | small - please | small… please | - small | \
             • small",
            ),
            (
                "l",
                &[],
                "large | Large | l | big | huge | the big one | 2 | 2. | 2) | two | Two please | ２ | \
             2\u{fe0f}⃣ | 2. Large | 2) Large | option 2 | number two | second | 2nd | \
             the second | the second one | the 2nd one | the second option | \
             the second option please | last | the last one | last one | last one please | \
             the last option | I want the large | Large 2 | large please | BIG! | \
             a big one please | i want the second | large, no. 2 | no. 2: large | 2 large",
            ),
        ],
    );
}

#[test]
fn sizes_that_are_asked_again() {
    check(
        &[("s", "Small", &["little"]), ("l", "Large", &["big", "huge"])],
        &[(
            "-",
            &[],
            "-1 | - 1 or 2 | +1 | 1.5 | 1,2 | 1-2 | 1–2 | 0 | 3 | 12 | 01 | 001 | 1.0 | 1/2 | \
             1 or 2 | 1 2 | 1, 2 | 1 and 2 | 1+2 | 1&2 | 2 small | 1 Large | 1. Large | \
             1) large | large 1 | small 2 | small, number 2 | option 2 small | #2 small | \
             first large | not small | no large | anything but large | small or large | \
             small/large | small and large | small & large | small+large | small, large | \
             either | both | any | neither | none | whichever | you choose | \
             large, no wait, small | small no large | small if you have it | small if possible | \
             what is small? | small? | small ? | small？ | 1? | 1 ? | is it small | small 👎 | \
             1 👎 | small 🤔 | 👎 small | ❌ small | maybe small | small maybe | perhaps small | \
             small i think | i think small | i guess small | probably small | not sure | \
             small pizza | small size | two small | one large | one large please | \
             1 small 2 large | 2x large | 2 x large | large x2 | smal | smalll | smll | sma | \
             lrge | larg | Smal | smaller | largest | small-ish | smallish | medium | \
             except small | without small | no small | dont want small | i don't want small | \
             i do not want the large | instead of small large | large instead | only if small | \
             small later | later | small but cheap | small, but not now | at least small | \
             I want 2 | i'd like two | I want one | give me 1 | i'll take 2 | the one | the two | \
             the 2 | a 1 | the third one | third | 3rd | fifth | 1th | 2st | first or second | \
             the first two | first and last | not the first | not 1 | not 2 | no 1 | no 2 | \
             nope | yes | no | ok | ok? | sure | thanks | please | hello | hi | ? | ! | ... | 👍 | \
             🍕 | small is too small | is small bigger | what's the difference | \
             what are the options | how much is small | how big is large | options | option | \
             number | # | the | a | one two | two one | 1 one | one one | 1 1 | 11 | 22 | \
             small small large | large large small | ~1 | <1 | >1 | 1+ | =1 | 1% | 1° | 1$ | $1 | \
             €1 | 1€ | 1x | x1 | 1a | 1st 2nd | 1:1 | 1:30 | 1.000 | /1 | @1 | 1/ | 1\\2 | \
             one half | 1½ | 1² | ½ | half small | extra large | very large | the smallest | \
             not so small | smallest one | the larger one | small small? | my size is small? | \
             the small one or the large one | so small | large (not small) | \
             small but not large | by and large | 1st or 2nd | option 1 or 2 | 1 please 2 | \
             anything | surprise me | the same | same as last time | the usual | small x1 | \
             don't want large | large would be too big | isn't small better | \
             I had small yesterday | I said large not small | what about small | \
             how about large | can I see small | show me small | tell me about large | \
             small means what | small or medium | xs | sl | s l | s/l | S or L | small & cheap | \
             a small and a large | one of each | 2 of them | all | all of them | everything | \
             none of these | no thanks | not the small one | never small | hate small | cancel | \
             stop | back | menu | small?! | really small | too small | quite large | small 2nd | \
             2nd small | last small | first last | large one small one | 1\u{fe0f}⃣2\u{fe0f}⃣ | \
             1\u{fe0f}⃣ or 2\u{fe0f}⃣ | 👍👎",
        )],
    );
}

#[test]
fn sizes_in_other_languages() {
    check(
        &[("s", "Small", &["little"]), ("l", "Large", &["big", "huge"])],
        &[
            (
                "s",
                &["de"],
                "ich möchte small | ich nehme small bitte | small bitte | die erste | das erste | \
             eins | nummer 1 | Nr. 1 | option 1 bitte | die erste bitte | Hallo, small bitte | \
             ich hätte gerne small | ja, small | ich wähle 1",
            ),
            (
                "-",
                &["de"],
                "nicht small | kein large | entweder | small oder large | ich möchte 2 | beide | \
             die zwei | dos | la primera",
            ),
            (
                "s",
                &["es"],
                "quiero small por favor | la primera | el primero | uno | número 1 | opción 1 | \
             small por favor | small, gracias",
            ),
            (
                "s",
                &["fr"],
                "je voudrais small s'il vous plaît | la première | le premier | numéro 1 | \
             l'option 1 | small svp | je prends small | un",
            ),
            ("s", &["id"], "saya mau small | nomor 1 | small saja | pilih 1 | small terima kasih"),
            ("s", &["tr"], "small lütfen | small istiyorum | numara 1"),
            ("s", &["ru"], "хочу small | номер 1 | small пожалуйста"),
        ],
    );
}

#[test]
fn labels_that_contain_another() {
    check(
        &[("l", "Large", &[]), ("xl", "Extra large", &[]), ("m", "Medium", &[])],
        &[
            ("l", &[], "large | the large one | I want large | 1"),
            (
                "xl",
                &[],
                "extra large | Extra Large please | extra-large | the extra large one | \
             2. Extra large | 2 | xl",
            ),
            ("m", &[], "medium | 3 | last"),
            (
                "-",
                &[],
                "extra | extra large or large | large extra large | large, extra large | \
             not extra large | extra extra large | large medium | xlarge | 2 large | 1 extra large",
            ),
        ],
    );
}

#[test]
fn labels_with_words_that_change_an_answer() {
    check(
        &[
            ("o", "Onions", &[]),
            ("n", "No onions", &[]),
            ("p", "Pick up or delivery", &[]),
            ("w", "Why not?", &[]),
        ],
        &[
            ("o", &[], "onions | Onions please"),
            ("n", &[], "no onions | No onions please | No onions! | no  onions"),
            ("p", &[], "pick up or delivery | Pick-up or delivery | pick up or delivery please"),
            ("w", &[], "why not? | Why not"),
            (
                "-",
                &[],
                "not onions | onions? | no no onions | pick up | delivery | no | not no onions | \
             onions or no onions | without onions | what onions",
            ),
        ],
    );
}

#[test]
fn labels_with_the_number_of_another() {
    check(
        &[("a", "2 rooms", &[]), ("b", "1 room", &[]), ("c", "Studio", &[])],
        &[
            (
                "a",
                &[],
                "2 rooms | first | the first one | 1. 2 rooms | the 2 rooms one | 1) 2 rooms | \
             option 1. 2 rooms",
            ),
            ("b", &[], "1 room | second | 2nd | the second one | 2. 1 room | 2) 1 room"),
            ("c", &[], "studio | 3 | three | third | the last one"),
            (
                "-",
                &[],
                "1 | 2 | one | two | #1 | number 2 | option 2 | rooms | 2 room | 1 rooms | \
             1 2 rooms or",
            ),
        ],
    );
}

#[test]
fn letters() {
    check(
        &[("a", "A", &[]), ("b", "B", &[]), ("c", "C", &[])],
        &[
            (
                "a",
                &[],
                "A | a | a please | option a | Option A please | (a) | A. | A) | 1 | \
             the answer is a | a!",
            ),
            ("b", &[], "b | B please | answer b | b. | 2 | option b please"),
            ("c", &[], "c | last | 3"),
            ("-", &[], "a b | a and b | a or b | ab | d | a, b | not a | a? | I want a b | b a"),
        ],
    );
}

#[test]
fn options_that_are_called_as_words_around() {
    check(
        &[("conf", "Confirm", &["ok", "yes"]), ("canc", "Cancel", &["no"]), ("q", "👎 Bad", &[])],
        &[
            ("conf", &[], "confirm | ok | yes | Yes please | ok thanks | 1 | yes confirm"),
            ("canc", &[], "cancel | no | no thanks | cancel please | 2"),
            ("q", &[], "👎 Bad | bad | 👎 bad | 3 | bad 👎"),
            (
                "-",
                &[],
                "ok cancel | yes cancel | no ok | confirm? | not ok | confirm or cancel | confirm 👎 | \
             👎 | not cancel",
            ),
        ],
    );
}

#[test]
fn labels_of_several_words() {
    check(
        &[
            ("ny", "New York", &[]),
            ("y", "York", &[]),
            ("pu", "Pick-up", &[]),
            ("fc", "First class", &[]),
            ("ca", "Café & Bar", &[]),
        ],
        &[
            (
                "ny",
                &[],
                "New York | new york please | the New York one | 1 | in new york | NEW-YORK",
            ),
            ("y", &[], "York | 2 | york please"),
            ("pu", &[], "pick-up | pick up | Pick–up | PICK UP please | 3"),
            ("fc", &[], "first class | First Class please | 4"),
            ("ca", &[], "café & bar | cafe\u{301} & bar | Café & Bar! | 5 | last | the last one"),
            (
                "-",
                &[],
                "new | first | york new | new york york | york or new york | new york, york | pick | \
             pickup | class | 1st | café | café and bar | cafe & bar",
            ),
        ],
    );
}

#[test]
fn numbers_as_ids_and_labels() {
    check(
        &[("1", "One", &[]), ("2", "Two", &[]), ("3", "Three", &[])],
        &[
            ("1", &[], "1 | one | 1. | One please | first | 1. One | one!"),
            ("2", &[], "two | 2 | 2 please | second"),
            ("3", &[], "three | 3 | last"),
            (
                "-",
                &[],
                "-1 | .1 | 1? | 1 or 2 | 1.5 | four | 4 | 0 | +1 | 1-2 | one two | 1 2 | ~1",
            ),
        ],
    );
}
