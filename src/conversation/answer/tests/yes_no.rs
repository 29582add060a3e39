//! Texts that people write to a question for yes or no, and what they say.

use super::{answer_in, message, question, valid, words};
use crate::conversation::answer::Reading;
use crate::conversation::flow::{Ask, Kind};

/// What a list of texts, with `|` between, says in a flow of these languages.
#[track_caller]
fn check(ask: &Ask, languages: &[&str], answer: Option<&str>, texts: &str) {
    let reading = answer.map_or(Reading::Invalid, valid);
    for text in texts.split(" | ") {
        let read = answer_in(languages, ask, &message(text));
        assert_eq!(read, reading, "{text:?} in {languages:?}");
    }
}

fn yes_no() -> Ask {
    question(Kind::yes_no(vec![], vec![]))
}

#[test]
fn texts_that_say_yes() {
    check(
        &yes_no(),
        &[],
        Some("yes"),
        "yes | Yes | YES | yes. | Yes! | yes!!! | y | Y | yeah | yea | yep | yup | ya | Yup! | \
         ok | OK | Ok. | okay | okey | k | kk | sure | Sure! | sure thing | correct | right | \
         Right. | that's right | That’s right | thats right | that is correct | yes please | \
         Yes, please! | yes pls | yes plz 🙏 | yes thank you | yes thanks | yes that's right | \
         yes, that’s correct | yes it is | yes, correct | yes i do | Yes I do. | of course | \
         Of course! | ofc | definitely | absolutely | absolutely! | yes sir | yes ma'am | \
         oh yes | Oh yeah | yesss | yeees | yessss!! | yess | yeahhh | okk | okayyy | yupp | \
         suuure | sounds good | Sounds good! | sounds great | 👍 | 👍🏽 | 👍👍 | 👍🏿👍🏿 | ✅ | \
         ✔\u{fe0f} | 👌 | 👌🏼 | ok 👍 | yes 👍🏽 | yes ✅ | Yes 😊 | yes 🎉🎉 | yes :) | yes :-) | \
         yes :D | yes <3 | *yes* | _yes_ | ~yes~ | `yes` | \"yes\" | “Yes” | (yes) | (y) | \
         yes\tplease | yes\nplease | yes yes | yes yes yes | yeah sure | yep that's right | \
         yes of course | yes, absolutely | yes definitely | yes indeed | indeed | exactly | \
         Exactly! | certainly | true | affirmative | go ahead | yes go ahead | please do | \
         yes please do | do it | let's do it | lets do it | i agree | agreed | confirmed | \
         I confirm | yes i confirm | all right | alright | allright | all correct | yes perfect | \
         yes, great thanks | yes that's fine | yes that's it | yes i want that | \
         yes, i'd like that | yes i would like that | yes we do | yes I am | I do | yes you can | \
         you bet | for sure | yes for sure | totally | 100% | yes 100% | hello yes | \
         hi, yes please | hi yes, thank you | yes mate | yes bro | yes ty | yes thx | \
         yes cheers | yes kindly | well yes | um yes | uh yes | yes lol | haha yes | i said yes | \
         my answer is yes | it's a yes | yes from me | ｙｅｓ | ＹＥＳ | y\u{200b}es | \
         \u{202a}yes\u{202c} | yes\u{a0} | yes… | yes... | yes, | yes; | - yes | yes - | ¡yes! | \
         yes.please | yes,please | ok then | ok thanks | ok thank you | okay perfect | ok great | \
         ok cool | sure please | sure, thanks | sure go ahead | yes do it | naturally | \
         by all means | with pleasure | I'd love to | yes i'd love to | looks good | \
         yes looks good | lgtm | yes all good | correct thank you | right thanks | YES PLEASE | \
         yEs | Yes Please Thank You | ye | yeh | aight | mhm | most definitely | \
         Yes indeed it is | of course i am | yes I am sure | yesplease | yes boss | \
         yes thanks for asking | Yes, have a nice day! | yes sent from my iPhone | 👍❤\u{fe0f} | \
         🙂👍 | yes.yes | k thx",
    );
}

#[test]
fn texts_that_say_no() {
    check(
        &yes_no(),
        &[],
        Some("no"),
        "no | No | NO | no. | No! | n | N | nope | Nope. | nah | naw | no thanks | No, thanks! | \
         no thank you | no ty | no thx | not really | no, not really | no way | No way! | \
         no i don't | No I don’t | no i dont | no I do not | nooo | noo | noooo! | nahhh | \
         nopeee | no no | no no no | 👎 | 👎🏽 | 👎👎 | ❌ | 🙅‍♀\u{fe0f} | 🙅🏽 | no 👎 | no ❌ | no 🙏 | \
         no 😊 | no :( | no :) | *no* | _no_ | \"no\" | “No” | (no) | (n) | not at all | \
         no, not at all | never | absolutely not | definitely not | of course not | no it isn't | \
         no it's not | no, it is not | it isn't | it's not | no i'm not | I'm not | I am not | \
         I don't | no we don't | wrong | that's wrong | no that's wrong | no, wrong | incorrect | \
         false | that's not right | That is not correct | no, that's not right | no need | \
         no i'm good | no I'm fine thanks | no im good thanks | no i don't want to | \
         no i don't need it | no sir | no ma'am | no please | please no | please don't | \
         sorry no | sorry, no thanks | no sorry | hello no | hi no thank you | hell no | \
         no mate | no bro | oh no | well no | um no | no lol | i said no | \
         no thank you very much | No, thank you. | no thanks bye | thanks but no thanks | \
         nothanks | nuh uh | nuh-uh | no never | nope nope | no definitely not | no need thanks | \
         no dont",
    );
}

#[test]
fn texts_that_are_asked_again() {
    check(
        &yes_no(),
        &[],
        None,
        "no problem | No problem! | yeah no | yeah, no | no yeah | no, that's right | \
         no that's correct | not yet | no not yet | maybe | perhaps | i guess | I guess so | \
         i think so | I don't think so | yes but later | yes, but not now | yes if it's free | \
         yes if possible | yes unless it rains | only if | yes? | yes?? | ok? | no? | yes？ | \
         yes ⁉ | yes or no | Yes/No | y/n | yes and no | yes no | no yes | not no | not yes | \
         why | why not | why? | no worries | no idea | no clue | right now | not now | later | \
         yes later | yes tomorrow | yes at 5 | yes 2 | 1 | 2 | yes 🤔 | yes 🤷 | yes 🤷🏽‍♀\u{fe0f} | \
         yes 👎 | ok 👎 | no 👍 | no ✅ | 👍👎 | ✅❌ | 🤔 | 🤷 | 😂 | ❤\u{fe0f} | fine | good | great | \
         perfect | I'm good | im fine | i have | never mind | nevermind | no never mind | \
         yeah right | sure not | not sure | i'm not sure | I am not sure | unsure | not certain | \
         i don't know | idk | dunno | I don't mind | i don't care | don't know | no comment | \
         no matter | whatever | either | both | neither | none | nothing | cancel | stop | help | \
         what | what? | what do you mean | is it? | is that right | yes is what i said | \
         probably | probably not | probably yes | likely | possibly | hopefully | i hope so | \
         i suppose | kind of | sort of | sometimes | it depends | depends | almost | yes almost | \
         nearly | yes except monday | yes without onions | yes at least | yes instead | \
         yes and also large | yes, and a pizza | yes please but large | no but yes | not wrong | \
         not incorrect | not false | not bad | yes but no | no but thanks | yes i do not | \
         yes not | right or wrong | true or false | ok no | no ok | no fine | no it's fine | \
         no that's fine | no perfect | yes im good | yes wrong | wrong right | yse | yed | tes | \
         eys | noe | mo | bo | on | ues | yws | noon | nonsense | now | know | I know | ja | \
         oui | si | sí | non | nein | да | evet | hai | oh | oh! | hmm | please | thanks | \
         thank you | hello | hi | hi there | ... | . | ! | +1 | -1 | yes+no | yes & no | no 1 | \
         yes 1 | ye olde | yesterday | yes terday | northing | notes | no. 1 | maybe yes | \
         yes maybe | yes i think | i think yes | i believe so | not really sure | I can't | \
         i cannot | i will | i can | sure why not | good question | true that not | when | \
         later please | one moment | wait | yes wait | no wait | no wait yes | hold on | \
         call me | yes call me | I want to | I don't need | 👍? | yes!? | ¿yes? | is this a bot | \
         did you say yes | say yes | if yes | unless no | ok but | okay so | yes so | affirm | \
         yes sorry wrong number | y n | Y/N | n/a | N/A | na | nil | 0 | 000 | yes\tno | \
         please wait | I am | it is | I am ok | i am fine | we are good | We’re good | it is ok | \
         it is fine | it's ok | that's ok | that is alright | ok boomer | right here | \
         right away | correct me if im wrong | true story | deal with it | no deal | \
         never again | wrong number | false alarm | i do mind | it does matter | lets go home | \
         go ahead and cancel | I have no idea | ok whatever | sure whatever | yes cancel | \
         no stop | no, 3 | yes at home | yes 5pm | 👍 but | 👍 no | yes bye | all good | \
         no all good | thats all | no thats all | fine thanks | all set | [x] yes [ ] no | \
         > is that right? yes | bye | sure is | so so | same | me too | uh uh | k no | nah yeah | \
         nah but yeah | yes-no | yesno | noyes | oui non | i would | i can do it | I am sure | \
         there is right | i want to go ahead | never do it | im in | not today | no not today | \
         not for now | next time | yes next week | call me yes | yes please call me | \
         i said no yes",
    );
}

#[test]
fn a_flow_understands_its_languages_and_english() {
    for (languages, answer, texts) in [
        (
            &["de"][..],
            Some("yes"),
            "ja | Ja! | JA bitte | ja gerne | Ja, gern | klar | na klar | natürlich | genau | \
         stimmt | das stimmt | ja das stimmt | yes | ja danke | jaaa | ja 👍 | jawohl | \
         Ja, bitte! | ok | ja klar | ja perfekt | JAA | selbstverständlich | ja super danke",
        ),
        (
            &["de"][..],
            Some("no"),
            "nein | Nein danke | nein, danke! | nee | nö | no | auf keinen fall | stimmt nicht | \
         das stimmt nicht | nein das stimmt nicht | neee | NEIN | lieber nicht",
        ),
        (
            &["de"][..],
            None,
            "ja nein | jein | vielleicht | ja aber | nein stimmt | ja? | vielleicht ja | weiß nicht | \
         noch nicht | ja später | sí | kein Problem | keine Ahnung | ja wenn",
        ),
        (
            &["en", "es"][..],
            Some("yes"),
            "sí | si | Sí, por favor | claro | claro que sí | sí gracias | vale | por supuesto | \
         siii | ¡Sí! | correcto | así es | Sí, está bien",
        ),
        (
            &["es"][..],
            Some("no"),
            "no | no gracias | No, gracias | claro que no | para nada | nunca",
        ),
        (
            &["es"][..],
            None,
            "ya | quizás | tal vez | sí pero | no sé | sí y no | ¿sí? | todavía no | sí, mañana | \
         ya no | sí ya",
        ),
        (
            &["fr"][..],
            Some("yes"),
            "oui | Oui s'il vous plaît | oui svp | ouais | bien sûr | d'accord | D’accord | \
         oui merci | c'est ça | tout à fait | oui bien sûr | si | ouiii",
        ),
        (
            &["fr"][..],
            Some("no"),
            "non | non merci | pas du tout | Non, merci beaucoup | jamais | nonnn",
        ),
        (
            &["fr"][..],
            None,
            "oui mais | peut-être | oui et non | pas encore | je ne sais pas | pourquoi pas | oui? | \
         noon",
        ),
        (
            &["pt-BR"][..],
            Some("yes"),
            "sim | Sim, por favor | claro | com certeza | isso mesmo | sim obrigado",
        ),
        (&["pt"][..], Some("no"), "não | nao | NÃO | não obrigada | de jeito nenhum"),
        (&["it"][..], Some("yes"), "sì | si | certo | va bene | d'accordo | sì grazie | esatto"),
        (&["it"][..], Some("no"), "no | no grazie | assolutamente no"),
        (
            &["nl"][..],
            Some("yes"),
            "ja | ja graag | ja hoor | jazeker | natuurlijk | klopt | ja alstublieft",
        ),
        (&["nl"][..], Some("no"), "nee | nee dank je | nee hoor | nee bedankt"),
        (&["pl"][..], Some("yes"), "tak | TAK | tak proszę | oczywiście | tak jest"),
        (&["pl"][..], Some("no"), "nie | nie dziękuję | nie, dziekuje"),
        (&["pl"][..], None, "no | No | no tak | nie wiem | no nie | może"),
        (&["tr"][..], Some("yes"), "evet | EVET | tabii | tamam | evet lütfen | olur"),
        (
            &["tr"][..],
            Some("no"),
            "hayır | HAYIR | hayir | yok | hayır teşekkürler | Hayır, teşekkür ederim",
        ),
        (&["tr"][..], None, "belki | evet ama | bilmiyorum | şimdi değil"),
        (
            &["ru"][..],
            Some("yes"),
            "да | Да! | да, конечно | конечно | ага | верно | да спасибо | дааа",
        ),
        (&["ru"][..], Some("no"), "нет | Нет, спасибо | неа | никогда | конечно нет"),
        (&["ru"][..], None, "да нет | может быть | не знаю | да? | пока нет | да нет наверное"),
        (&["ar"][..], Some("yes"), "نعم | نعم، شكرا | أيوه | طبعا | نعم من فضلك"),
        (&["ar"][..], Some("no"), "لا | لا شكرا | لا، شكراً"),
        (&["ar"][..], None, "ربما | نعم ولا | نعم؟ | لا أعرف"),
        (&["hi"][..], Some("yes"), "हाँ | हां जी | जी हाँ | ठीक है | haan | ji haan | हाँ, धन्यवाद"),
        (&["hi"][..], Some("no"), "नहीं | जी नहीं | nahi | नहीं धन्यवाद | nahi ji"),
        (&["hi"][..], None, "शायद | हाँ या नहीं | पता नहीं"),
        (&["id"][..], Some("yes"), "ya | iya | betul | iya terima kasih | oke"),
        (&["id"][..], Some("no"), "tidak | gak | nggak | tidak terima kasih | bukan"),
        (&["id"][..], None, "belum | mungkin | ya tapi | tidak tahu"),
        (&["de", "pl"][..], None, "no"),
    ] {
        check(&yes_no(), languages, answer, texts);
    }
    // Not in a flow that does not speak them.
    check(&yes_no(), &["en"], None, "ja | nein | sí | oui | non | да | evet | hayır");
}

#[test]
fn the_words_of_a_flow_stand_above_all() {
    let own = question(Kind::yes_no(
        words(&["jo", "no problem", "book it"]),
        words(&["sure", "ok", "keep it"]),
    ));
    for (answer, texts) in [
        (
            Some("yes"),
            "jo | JO! | jo please | yes jo | no problem | No problem, thanks | book it | jo 🙂 | jooo",
        ),
        (Some("no"), "sure | ok | OK thanks | sure, no | keep it | keep it please | no | ok 🙂"),
        (
            None,
            "sure thing | yes sure | ok yes | jo ok | jo? | jo 👎 | keep it? | jo but later | book it no",
        ),
    ] {
        check(&own, &[], answer, texts);
    }
    // One that says no in another language of the flow.
    let polish = question(Kind::yes_no(vec![], words(&["no"])));
    check(&polish, &["pl"], Some("no"), "no | No, dziękuję");
}
