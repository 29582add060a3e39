//! Words that are kind and change no answer, by language: `please`, `thanks`,
//! `hello`.
//!
//! Each phrase is in the form in which words are compared, with one space
//! between two words. A word that may mean anything else in an answer (`dag`,
//! `ya`, `man`) stands in no list.

/// The polite phrases of a language.
pub(super) struct Polite {
    /// The first part of the language's tag.
    language: &'static str,
    /// What may stand before an answer and behind it.
    pub(super) around: &'static [&'static str],
    /// What may stand only before it.
    pub(super) before: &'static [&'static str],
}

/// English is understood in every flow.
const ENGLISH: Polite = Polite {
    language: "en",
    around: &[
        "please",
        "pleas",
        "plese",
        "plz",
        "pls",
        "plss",
        "plzz",
        "pleaseee",
        "please and thank you",
        "please and thanks",
        "please thank you",
        "please thanks",
        "kindly",
        "if you please",
        "thanks",
        "thank you",
        "thankyou",
        "thank u",
        "thank you very much",
        "thank you so much",
        "thank you kindly",
        "thank you in advance",
        "thanks a lot",
        "thanks so much",
        "thanks very much",
        "thanks in advance",
        "thanks again",
        "thank you again",
        "many thanks",
        "thx",
        "thnx",
        "tnx",
        "tks",
        "thanx",
        "thanku",
        "ty",
        "tysm",
        "tyvm",
        "ta",
        "cheers",
        "much appreciated",
        "appreciated",
        "appreciate it",
        "i appreciate it",
        "sir",
        "madam",
        "ma'am",
        "maam",
        "sir/madam",
        "sir or madam",
        "mate",
        "bro",
        "regards",
        "kind regards",
        "best regards",
        "xx",
        "xoxo",
    ],
    before: &[
        "hi",
        "hello",
        "hey",
        "hiya",
        "hi there",
        "hello there",
        "hey there",
        "good morning",
        "good afternoon",
        "good evening",
        "good day",
        "greetings",
        "dear sir",
        "dear madam",
        "dear sir/madam",
        "dear sir or madam",
        "excuse me",
        "sorry",
    ],
};

/// The other languages, for flows that speak them.
const OTHERS: [Polite; 12] = [
    Polite {
        language: "de",
        around: &[
            "bitte",
            "bitte schön",
            "bitteschön",
            "bitte sehr",
            "danke",
            "danke schön",
            "dankeschön",
            "danke sehr",
            "danke dir",
            "danke ihnen",
            "danke vielmals",
            "vielen dank",
            "besten dank",
            "herzlichen dank",
            "vielen lieben dank",
            "danke im voraus",
            "gruss",
            "grüsse",
            "viele grüsse",
            "liebe grüsse",
            "mfg",
            "lg",
            "vg",
            "mit freundlichen grüssen",
        ],
        before: &[
            "hallo",
            "guten morgen",
            "guten tag",
            "guten abend",
            "moin",
            "servus",
            "grüss gott",
            "hey",
            "entschuldigung",
        ],
    },
    Polite {
        language: "es",
        around: &[
            "por favor",
            "porfavor",
            "porfa",
            "por fa",
            "xfa",
            "xfavor",
            "gracias",
            "muchas gracias",
            "mil gracias",
            "muchísimas gracias",
            "gracias de antemano",
            "saludos",
        ],
        before: &[
            "hola",
            "buenas",
            "buenos días",
            "buenos dias",
            "buenas tardes",
            "buenas noches",
            "buen día",
            "buen dia",
            "perdón",
            "disculpe",
        ],
    },
    Polite {
        language: "fr",
        around: &[
            "s'il vous plaît",
            "s'il vous plait",
            "s'il te plaît",
            "s'il te plait",
            "sil vous plait",
            "sil te plait",
            "svp",
            "s.v.p",
            "stp",
            "merci",
            "merci beaucoup",
            "merci bien",
            "mille mercis",
            "merci d'avance",
            "merci à vous",
            "cordialement",
        ],
        before: &["bonjour", "salut", "bonsoir", "coucou", "pardon"],
    },
    Polite {
        language: "pt",
        around: &[
            "por favor",
            "porfavor",
            "pfv",
            "pf",
            "faz favor",
            "se faz favor",
            "por gentileza",
            "obrigado",
            "obrigada",
            "muito obrigado",
            "muito obrigada",
            "obg",
            "valeu",
            "vlw",
            "grato",
            "grata",
            "agradeço",
        ],
        before: &[
            "olá",
            "ola",
            "oi",
            "bom dia",
            "boa tarde",
            "boa noite",
            "oi bom dia",
            "desculpe",
        ],
    },
    Polite {
        language: "it",
        around: &[
            "per favore",
            "perfavore",
            "per piacere",
            "per cortesia",
            "grazie",
            "grazie mille",
            "mille grazie",
            "tante grazie",
            "molte grazie",
            "grazie tante",
            "grz",
            "cordiali saluti",
        ],
        before: &["ciao", "salve", "buongiorno", "buon giorno", "buonasera", "buona sera", "scusi"],
    },
    Polite {
        language: "nl",
        around: &[
            "alstublieft",
            "alsjeblieft",
            "asjeblieft",
            "aub",
            "a.u.b",
            "ajb",
            "graag gedaan",
            "dank je",
            "dank je wel",
            "dankjewel",
            "dankje",
            "dank u",
            "dank u wel",
            "dankuwel",
            "bedankt",
            "hartelijk dank",
            "heel erg bedankt",
            "alvast bedankt",
            "mvg",
            "groetjes",
        ],
        before: &[
            "hallo",
            "hoi",
            "hey",
            "goedemorgen",
            "goedemiddag",
            "goedenavond",
            "goedendag",
            "sorry",
        ],
    },
    Polite {
        language: "pl",
        around: &[
            "proszę",
            "prosze",
            "poproszę",
            "poprosze",
            "proszę bardzo",
            "dziękuję",
            "dziekuje",
            "dziękuję bardzo",
            "dziekuje bardzo",
            "bardzo dziękuję",
            "bardzo dziekuje",
            "dzięki",
            "dzieki",
            "pozdrawiam",
        ],
        before: &[
            "cześć",
            "czesc",
            "hej",
            "dzień dobry",
            "dzien dobry",
            "dobry wieczór",
            "witam",
            "przepraszam",
        ],
    },
    Polite {
        language: "tr",
        around: &[
            "lütfen",
            "lutfen",
            "rica ederim",
            "teşekkürler",
            "tesekkurler",
            "teşekkür ederim",
            "tesekkur ederim",
            "çok teşekkürler",
            "çok teşekkür ederim",
            "sağ olun",
            "sağol",
            "sagol",
            "saygılar",
            "tşk",
        ],
        before: &["merhaba", "merhabalar", "selam", "iyi günler", "günaydın", "iyi akşamlar"],
    },
    Polite {
        language: "ru",
        around: &[
            "пожалуйста",
            "пожалуста",
            "пжл",
            "пж",
            "плиз",
            "спасибо",
            "большое спасибо",
            "спасибо большое",
            "спасибо вам",
            "спс",
            "благодарю",
            "будьте добры",
            "заранее спасибо",
        ],
        before: &[
            "привет",
            "здравствуйте",
            "здравствуй",
            "добрый день",
            "добрый вечер",
            "доброе утро",
            "извините",
        ],
    },
    Polite {
        language: "ar",
        around: &[
            "من فضلك",
            "من فضلكم",
            "لو سمحت",
            "لو سمحتم",
            "رجاء",
            "رجاءً",
            "شكرا",
            "شكراً",
            "شكرًا",
            "شكرا لك",
            "شكراً لك",
            "شكرا جزيلا",
            "شكراً جزيلاً",
            "جزاك الله خيرا",
            "مشكور",
        ],
        before: &["مرحبا", "مرحباً", "السلام عليكم", "سلام", "أهلا", "اهلا", "صباح الخير", "مساء الخير"],
    },
    Polite {
        language: "hi",
        around: &[
            "कृपया",
            "प्लीज",
            "प्लीज़",
            "धन्यवाद",
            "शुक्रिया",
            "बहुत धन्यवाद",
            "बहुत बहुत धन्यवाद",
            "जी",
            "kripya",
            "dhanyavad",
            "dhanyavaad",
            "shukriya",
            "ji",
        ],
        before: &["नमस्ते", "नमस्कार", "हैलो", "namaste", "namaskar"],
    },
    Polite {
        language: "id",
        around: &[
            "tolong",
            "mohon",
            "terima kasih",
            "terimakasih",
            "makasih",
            "makasi",
            "trims",
            "terima kasih banyak",
            "trims ya",
            "kak",
            "pak",
            "bu",
        ],
        before: &[
            "halo",
            "hai",
            "selamat pagi",
            "selamat siang",
            "selamat sore",
            "selamat malam",
            "assalamualaikum",
            "maaf",
        ],
    },
];

/// The phrases of these languages, and English.
pub(super) fn of(languages: &[String]) -> impl Iterator<Item = &'static Polite> {
    let spoken =
        OTHERS.iter().filter(|polite| languages.iter().any(|tag| is_of(tag, polite.language)));
    std::iter::once(&ENGLISH).chain(spoken)
}

/// Whether a tag such as `pt-BR` is of a language.
pub(super) fn is_of(tag: &str, language: &str) -> bool {
    tag.split('-').next().is_some_and(|first| first.eq_ignore_ascii_case(language))
}

#[cfg(test)]
mod tests {
    use super::{ENGLISH, OTHERS, of};
    use crate::conversation::words::normalise;

    #[test]
    fn phrases_are_in_the_form_that_is_compared() {
        for polite in OTHERS.iter().chain([&ENGLISH]) {
            for phrase in polite.around.iter().chain(polite.before) {
                let words: Vec<String> = phrase.split(' ').map(normalise).collect();
                assert_eq!(&words.join(" "), phrase, "{}", polite.language);
                assert!(words.len() <= super::super::around::MAX_WORDS, "{phrase}");
            }
        }
    }

    #[test]
    fn a_flow_has_the_phrases_of_its_languages_and_english() {
        let known = |tags: &[&str]| {
            let tags: Vec<String> = tags.iter().map(|&tag| tag.to_owned()).collect();
            of(&tags).map(|polite| polite.language).collect::<Vec<_>>()
        };
        assert_eq!(known(&[]), ["en"]);
        assert_eq!(known(&["en", "de"]), ["en", "de"]);
        assert_eq!(known(&["pt-BR", "TR", "zh"]), ["en", "pt", "tr"]);
    }
}
