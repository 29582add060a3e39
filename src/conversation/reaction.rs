//! Reactions: `Liked “What is your name?”`.
//!
//! A phone that cannot send a reaction over SMS sends a sentence in its own
//! language, which quotes the text that the reaction is to. Many forms are
//! known, but the form alone proves nothing: the quote must be of something
//! that we said. The same form around any other text is an answer.

use std::sync::LazyLock;

use regex::Regex;

use super::words::fold;
use crate::message::{Channel, Message, Reply};

/// A message that is a reaction, provided that we said what it quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// The channel marks it as a reaction.
    Declared,
    /// A reaction to a text, normalised. A long text may be cut, so that only
    /// its beginning is quoted.
    ToText {
        /// The quoted text.
        quote: String,
        /// The quoted text without the dots at its end, if it may be cut there.
        beginning: Option<String>,
    },
    /// A reaction to a picture or a file.
    ToMedia,
}

/// The words before the quote. `EMOJI` stands for one or more emoji.
const DONE: &[&str] = &[
    // English.
    "(?:dis)?liked|loved|laughed at|emphasi[sz]ed|questioned",
    "reacted (?:with )?(?:EMOJI|a sticker) to",
    "EMOJI (?:to|from)",
    "removed an? [a-z]+(?: (?:mark|point))? (?:reaction )?from",
    "removed (?:EMOJI|the|their)(?: EMOJI)?(?: reaction)? from",
    // French.
    "(?:a|n'a pas) (?:aimé|adoré)|n'aime pas|aime|adore|a ri (?:de|à)|a souligné|a questionné",
    "a (?:attribué|retiré) la mention \"[^\"]{1,30}\" (?:à|de)",
    "a réagi (?:avec |par )?EMOJI à|a (?:retiré|supprimé) (?:la réaction |une? [a-z' ]{1,30} )?(?:EMOJI )?(?:à|de)",
    // Spanish.
    "(?:no )?le (?:gustó|gusto|encantó|encanto)|le dio risa|se rió de|enfatizó|destacó|exclamó por",
    "dudó sobre|cuestionó|reaccionó (?:con )?EMOJI a",
    "(?:eliminó|quitó) (?:una? [a-zé ]{1,30}|\"me gusta\"|EMOJI|la reacción EMOJI) (?:de|a)",
    // Portuguese.
    "(?:não )?(?:gostou de|curtiu)|amou|adorou|riu de|enfatizou|destacou|questionou",
    "reagiu (?:com )?EMOJI a|removeu (?:uma?|o|a) [a-zçãéí ]{1,30} de|removeu EMOJI de",
    // German.
    "gefällt|gefällt(?: mir)? nicht|gefällt mir|liebt|mag|lacht über|lachte über|betont|betonte",
    "hinterfragt|hinterfragte|(?:hat )?(?:reagiert|reagierte) mit EMOJI auf|hat mit EMOJI auf",
    "hat|hat (?:ein|eine|das|den) [a-zäöü\" ]{1,30} (?:von|aus) ?|EMOJI (?:auf|zu)",
    // Italian.
    "(?:non )?(?:piace|è piaciuto)|ha (?:adorato|amato|riso (?:di|per|a)|enfatizzato|messo in dubbio)",
    "ha messo (?:\"[^\"]{1,30}\"|mi piace) a|ha reagito (?:con )?EMOJI a|ha rimosso [a-zè\"' ]{1,30} da",
    // Dutch.
    "vond|vindt|hield van|houdt van|lachte om|lacht om|benadrukte|reageerde met EMOJI op",
    // Swedish, Danish, Norwegian.
    "gillade|gillade inte|älskade|skrattade åt|betonade|ifrågasatte|reagerade med EMOJI på",
    "(?:syntes godt om|likte|likte ikke|elskede|elsket|lo av|grinede ad)|reagerte med EMOJI på",
    // Polish, Russian, Turkish.
    "polubiono|nie polubiono|pokochano|wyśmiano|podkreślono|zakwestionowano",
    "(?:не )?(?:понравилось|нравится)|рассмешило|(?:реакция|отреагировал[аи]?(?: с)?) EMOJI на",
    "beğendi|sevdi|güldü|vurguladı|sorguladı",
    // Chinese, with the quote behind.
    "赞了|喜欢|爱了|不喜欢|大笑|强调了|质疑了|對|对",
];

/// The words after the quote, where there are any.
const BEHIND: &[&str] = &[
    "(?:niet )?leuk|geweldig|geliked|geliebt|markiert|mit \"?[a-zäöü ]{1,30}\"? markiert|reagiert|nicht",
    "を?(?:好きと言いました|高く評価しました|低く評価しました|笑いました|強調しました|疑問視しました)",
    "に(?:EMOJI|[^\" ]{1,20})(?:で|と)?リアクションしました|に(?:ハート|いいね)を(?:付けました|しました)",
    "(?:에|을|를) (?:EMOJI|[^\" ]{1,10})?(?: ?반응을 보냈습니다| ?좋아합니다| ?강조함)",
    "(?:做出|作出)了?(?:EMOJI|[^\" ]{1,10})(?:回应|反应|回應)",
    "(?:ifadesini|iletisini) (?:beğendi|sevdi|vurguladı|sorguladı)",
];

/// Names of pictures and files.
const MEDIA: &[&str] = &[
    "an? (?:image|photo|picture|movie|video|gif|attachment|file|document|sticker|contact|pdf)",
    "an? (?:audio|voice|video) message|your (?:image|photo|video)|[0-9]+ (?:images|photos|attachments|videos)",
    "una? (?:imagen|foto|fotografía|video|vídeo|archivo)|une? (?:image|photo|vidéo|fichier|pièce jointe)",
    "(?:ein|eine|einen) (?:bild|foto|video|anhang|datei)|uma? (?:imagem|foto|vídeo|arquivo|anexo)",
    "un(?:a |')(?:immagine|foto)|un (?:video|allegato)|een (?:afbeelding|foto|video|bijlage)",
];

/// Emoji of the keyboard that change when texts are compared: `‼` becomes `!!`.
const EMOJI: &str =
    r"(?:[\x{200d}\x{2100}-\x{2bff}\x{1f000}-\x{1faff}\x{e0020}-\x{e007f}]|!!|!\?)+";

static TO_TEXT: LazyLock<Regex> = LazyLock::new(|| {
    let (done, behind) = (any_of(DONE), any_of(BEHIND));
    pattern(&format!(
        r#"(?s)^(?:(?:{done}):? ?["'](?P<quote>.+?)(?:(?P<end>["'])(?: ?(?:{behind}))?\.?)?|["'](?P<first>.+?)["'] ?(?:{behind})\.?)$"#
    ))
});

static TO_MEDIA: LazyLock<Regex> = LazyLock::new(|| {
    let (done, media) = (any_of(DONE), any_of(MEDIA));
    pattern(&format!(r"^(?:{done}) ?(?:{media})\.?$"))
});

fn any_of(parts: &[&str]) -> String {
    parts.join("|").replace("EMOJI", EMOJI)
}

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is fixed and tested")
}

impl Reaction {
    /// Returns the reaction that a message is by its form.
    #[must_use]
    pub fn of(message: &Message) -> Option<Self> {
        if message.is_reaction {
            return Some(Self::Declared);
        }
        let is_text = matches!(message.channel, Channel::Sms | Channel::Rcs);
        if !is_text || message.button.is_some() || !may_be_one(&message.body) {
            return None;
        }
        let text = comparable(&message.body);
        if TO_MEDIA.is_match(&text) {
            return Some(Self::ToMedia);
        }
        let found = TO_TEXT.captures(&text)?;
        let quote = found.name("quote").or_else(|| found.name("first"))?.as_str().trim();
        let beginning = quote.strip_suffix("...").map(|beginning| beginning.trim_end().to_owned());
        let is_whole = found.name("end").is_some() || found.name("first").is_some();
        let beginning = beginning.filter(|beginning| !beginning.is_empty());
        (is_whole || beginning.is_some())
            .then(|| Self::ToText { quote: quote.to_owned(), beginning })
    }

    /// Returns whether the texts said to the sender decide if it is a reaction.
    #[must_use]
    pub fn is_in_doubt(&self) -> bool {
        *self != Self::Declared
    }

    /// Returns whether it is a reaction to one of these replies.
    pub fn is_to<'a>(&self, mut said: impl Iterator<Item = &'a Reply>) -> bool {
        match self {
            Self::Declared => true,
            Self::ToMedia => said.any(|reply| !reply.media.is_empty()),
            Self::ToText { quote, beginning } => said.any(|reply| {
                let text = comparable(&reply.text);
                let begins = |beginning: &String| text.starts_with(beginning.as_str());
                text == *quote || beginning.as_ref().is_some_and(begins)
            }),
        }
    }
}

/// Returns whether a text may be a reaction at all. This cheap test excludes
/// nearly all texts.
fn may_be_one(text: &str) -> bool {
    let quotes = ['“', '”', '„', '‟', '«', '»', '‹', '「', '『', '《'];
    if text.contains('"') || !text.is_ascii() && text.contains(quotes) {
        return true;
    }
    let end = text.trim_end_matches(|c: char| c.is_whitespace() || c == '.');
    if end.ends_with(['\'', '’']) {
        return true;
    }
    let Some((_, last)) = end.rsplit_once(char::is_whitespace) else { return false };
    let last = last.to_lowercase();
    MEDIA_ENDS.iter().any(|end| last.ends_with(end))
}

/// The last letters of the words in [`MEDIA`].
const MEDIA_ENDS: &[&str] = &[
    "image",
    "images",
    "photo",
    "photos",
    "picture",
    "movie",
    "video",
    "videos",
    "gif",
    "file",
    "attachment",
    "attachments",
    "document",
    "sticker",
    "contact",
    "pdf",
    "message",
    "imagen",
    "foto",
    "fotografía",
    "vídeo",
    "archivo",
    "vidéo",
    "fichier",
    "jointe",
    "bild",
    "anhang",
    "datei",
    "imagem",
    "arquivo",
    "anexo",
    "immagine",
    "allegato",
    "afbeelding",
    "bijlage",
];

/// Returns a text as quotes are compared, with all quotation marks equal.
fn comparable(text: &str) -> String {
    let folded = fold(text);
    let quote = |c| {
        if matches!(c, '「' | '」' | '『' | '』' | '‹' | '›' | '《' | '》') {
            '"'
        } else {
            c
        }
    };
    folded.chars().map(quote).collect()
}

#[cfg(test)]
mod tests;
