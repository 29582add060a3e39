//! Writes replies as `TwiML`, as short as possible, and reads them back.
//!
//! The document is what the official SDKs' `MessagingResponse` gives, without
//! indentation, which would become part of the text (Twilio docs,
//! messaging/twiml). The conversation cuts a long text well; this module only
//! ensures that nothing is sent that the provider would refuse.

use quick_xml::{
    Reader,
    escape::{partial_escape, resolve_predefined_entity},
    events::Event,
};

use crate::message::{MAX_MEDIA, MAX_REPLIES, MAX_TEXT, Reply};

/// The content type of every answer. Twilio sends the body of a `text/plain`
/// answer to the person as a message.
pub const CONTENT_TYPE: &str = "text/xml; charset=utf-8";

/// The answer that sends nothing.
pub const EMPTY: &[u8] = br#"<?xml version="1.0" encoding="UTF-8"?><Response/>"#;

/// The largest document written; Twilio's limit is 64 kB (Twilio error 11750).
pub const MAX_BYTES: usize = 60_000;

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Response>"#;
const TAIL: &str = "</Response>";

/// Replies in the form in which they are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Twiml {
    /// The document.
    pub bytes: Vec<u8>,
    /// The number of messages that are not in it: empty ones, and those beyond a limit.
    pub dropped: usize,
}

/// Writes the replies that fit.
///
/// Characters that XML 1.0 forbids, escaped or not, are removed (section 2.2);
/// line ends become LF, as every parser would read them (section 2.11).
#[must_use]
pub fn write(replies: &[Reply]) -> Twiml {
    let mut document = HEAD.to_owned();
    let mut written = 0;
    for message in replies.iter().filter_map(message) {
        let is_full = document.len() + message.len() + TAIL.len() > MAX_BYTES;
        if written == MAX_REPLIES || is_full {
            break;
        }
        document.push_str(&message);
        written += 1;
    }
    let dropped = replies.len() - written;
    if written == 0 {
        return Twiml { bytes: EMPTY.to_owned(), dropped };
    }
    document.push_str(TAIL);
    Twiml { bytes: document.into_bytes(), dropped }
}

/// Returns one `<Message>`; `None` if there is neither text nor media, which
/// the provider refuses.
fn message(reply: &Reply) -> Option<String> {
    let text = sendable_text(&reply.text);
    let media: Vec<_> =
        reply.media.iter().map(|url| allowed(url)).filter(|url| !url.is_empty()).collect();
    if text.is_empty() && media.is_empty() {
        return None;
    }
    let mut xml = "<Message>".to_owned();
    if media.is_empty() {
        xml.push_str(&partial_escape(text));
    } else {
        if !text.is_empty() {
            push_element(&mut xml, "Body", text);
        }
        for url in media.into_iter().take(MAX_MEDIA) {
            push_element(&mut xml, "Media", url);
        }
    }
    xml.push_str("</Message>");
    Some(xml)
}

fn push_element(xml: &mut String, name: &str, text: String) {
    for part in ["<", name, ">", &partial_escape(text), "</", name, ">"] {
        xml.push_str(part);
    }
}

/// Works in one pass, since every message needs it while a batch waits.
fn sendable_text(text: &str) -> String {
    let mut sendable = String::with_capacity(text.len());
    let mut units = 0;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let character = match character {
            '\r' if characters.peek() == Some(&'\n') => continue,
            '\r' => '\n',
            character => character,
        };
        if !is_allowed(character) {
            continue;
        }
        units += character.len_utf16();
        if units > MAX_TEXT {
            break;
        }
        sendable.push(character);
    }
    sendable
}

/// Returns the text without the characters that XML 1.0 forbids.
fn allowed(text: &str) -> String {
    text.chars().filter(|character| is_allowed(*character)).collect()
}

fn is_allowed(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

/// Why a document is not the `TwiML` of a message reply.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Not UTF-8.
    #[error("the TwiML is not UTF-8")]
    NotUtf8,
    /// Not well-formed.
    #[error("the TwiML is not well-formed XML, near byte {0}")]
    Malformed(u64),
    /// An element that a message reply does not have in this place.
    #[error("the TwiML has <{0}> where a message reply has no such element")]
    Unexpected(String),
    /// No `<Response>`.
    #[error("the TwiML has no <Response>")]
    NoResponse,
}

/// Reads replies back, from [`write()`]'s own output or an SDK's.
pub fn read(document: &[u8]) -> Result<Vec<Reply>, ReadError> {
    let document = std::str::from_utf8(document).map_err(|_| ReadError::NotUtf8)?;
    let mut reader = Reader::from_str(document);
    reader.config_mut().expand_empty_elements = true;
    let mut replies = Replies::default();
    loop {
        let event = reader.read_event();
        let malformed = || ReadError::Malformed(reader.buffer_position());
        match event.map_err(|_| malformed())? {
            Event::Start(tag) => replies.open(tag.name().as_ref())?,
            Event::End(_) => replies.close(),
            Event::Text(text) => replies.push(&text.xml10_content()),
            Event::CData(text) => replies.push(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                let character = reference.resolve_char_ref().map_err(|_| malformed())?;
                match (character, resolve_predefined_entity(&reference)) {
                    (Some(character), _) => replies.push(character.encode_utf8(&mut [0; 4])),
                    (None, Some(text)) => replies.push(text),
                    (None, None) => return Err(malformed()),
                }
            }
            Event::DocType(_) => return Err(malformed()),
            Event::Eof if !replies.path.is_empty() => return Err(malformed()),
            Event::Eof if !replies.seen_response => return Err(ReadError::NoResponse),
            Event::Eof => return Ok(replies.done),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

/// The element in which the reader is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Element {
    Response,
    Message,
    Body,
    Media,
}

#[derive(Default)]
struct Replies {
    done: Vec<Reply>,
    path: Vec<Element>,
    seen_response: bool,
    /// The open message, with the text directly in it.
    message: Reply,
    direct_text: String,
    has_children: bool,
}

impl Replies {
    fn open(&mut self, name: &str) -> Result<(), ReadError> {
        let element = match (self.path.last(), name) {
            (None, "Response") if !self.seen_response => Element::Response,
            (Some(Element::Response), "Message") => Element::Message,
            (Some(Element::Message), "Body") => Element::Body,
            (Some(Element::Message), "Media") => Element::Media,
            _ => return Err(ReadError::Unexpected(name.to_owned())),
        };
        self.seen_response = true;
        self.has_children |= matches!(element, Element::Body | Element::Media);
        if element == Element::Media {
            self.message.media.push(String::new());
        }
        self.path.push(element);
        Ok(())
    }

    fn push(&mut self, text: &str) {
        match self.path.last() {
            Some(Element::Message) => self.direct_text.push_str(text),
            Some(Element::Body) => self.message.text.push_str(text),
            Some(Element::Media) => {
                if let Some(url) = self.message.media.last_mut() {
                    url.push_str(text);
                }
            }
            Some(Element::Response) | None => {}
        }
    }

    fn close(&mut self) {
        if self.path.pop() == Some(Element::Message) {
            let mut reply = std::mem::take(&mut self.message);
            let direct_text = std::mem::take(&mut self.direct_text);
            // If there are child elements, direct text is indentation.
            if !std::mem::take(&mut self.has_children) {
                reply.text = direct_text;
            }
            self.done.push(reply);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Reply {
        Reply { text: text.to_owned(), media: vec![] }
    }

    fn media(text: &str, media: &[&str]) -> Reply {
        Reply { text: text.to_owned(), media: media.iter().map(|&url| url.to_owned()).collect() }
    }

    fn body(replies: &[Reply]) -> String {
        let document = String::from_utf8(write(replies).bytes).unwrap();
        document.strip_prefix(r#"<?xml version="1.0" encoding="UTF-8"?>"#).unwrap().to_owned()
    }

    #[test]
    fn replies_are_written_as_the_sdks_do() {
        for (replies, expected) in [
            (vec![], "<Response/>"),
            (vec![text("Hello")], "<Response><Message>Hello</Message></Response>"),
            (
                vec![text("a"), text("b")],
                "<Response><Message>a</Message><Message>b</Message></Response>",
            ),
            (
                vec![media("foobar", &["https://twilio.com"])],
                "<Response><Message><Body>foobar</Body><Media>https://twilio.com</Media></Message></Response>",
            ),
            (
                vec![media("", &["https://a/?x=1&y", "https://b/"])],
                "<Response><Message><Media>https://a/?x=1&amp;y</Media><Media>https://b/</Media></Message></Response>",
            ),
            (
                vec![text("a & b < c > d \" ' ]]>")],
                "<Response><Message>a &amp; b &lt; c &gt; d \" ' ]]&gt;</Message></Response>",
            ),
            (
                vec![text(" 1\r\n2\r3\n\t4 ")],
                "<Response><Message> 1\n2\n3\n\t4 </Message></Response>",
            ),
            (
                vec![text("1\r\r\n2\r\0\n3\n\r4\r")],
                "<Response><Message>1\n\n2\n\n3\n\n4\n</Message></Response>",
            ),
            (
                vec![text("\0a\u{1}b\u{8}c\u{b}d\u{1f}e\u{7f}\u{fffe}f\u{ffff}g\u{1F600}")],
                "<Response><Message>abcde\u{7f}fg\u{1F600}</Message></Response>",
            ),
        ] {
            assert_eq!(body(&replies), expected);
        }
        assert_eq!(write(&[]).bytes, EMPTY);
    }

    #[test]
    fn what_the_provider_would_refuse_is_left_out_and_counted() {
        let dropped = |replies: &[Reply]| {
            let twiml = write(replies);
            (read(&twiml.bytes).unwrap().len(), twiml.dropped)
        };
        assert_eq!(dropped(&vec![text("x"); 10]), (10, 0));
        assert_eq!(dropped(&vec![text("x"); 13]), (10, 3));
        assert_eq!(dropped(&[text(""), text("\0"), media("", &[""])]), (0, 3));
        assert_eq!(dropped(&[text(""), text("x")]), (1, 1));
        // 1,600 ampersands are 8,000 bytes: seven such messages fit.
        assert_eq!(dropped(&vec![text(&"&".repeat(1_600)); 10]), (7, 3));
    }

    #[test]
    fn no_document_is_too_large() {
        let long = media(&"&".repeat(1_600), &["&".repeat(700).as_str(); 20]);
        let twiml = write(&vec![long; 10]);
        assert!(twiml.bytes.len() <= MAX_BYTES, "{}", twiml.bytes.len());
        assert_eq!(read(&twiml.bytes).unwrap()[0].media.len(), MAX_MEDIA);
        let huge = media("", &[&"&".repeat(MAX_BYTES)]);
        assert_eq!(write(&[huge]), Twiml { bytes: EMPTY.to_owned(), dropped: 1 });
    }

    #[test]
    fn no_text_is_too_long() {
        for (given, left) in [
            ("a".repeat(1_600), "a".repeat(1_600)),
            ("a".repeat(1_601), "a".repeat(1_600)),
            ("😀".repeat(800), "😀".repeat(800)),
            ("a".to_owned() + &"😀".repeat(800), "a".to_owned() + &"😀".repeat(799)),
            ("\r\n".repeat(1_600), "\n".repeat(1_600)),
        ] {
            assert_eq!(read(&write(&[text(&given)]).bytes).unwrap(), [text(&left)]);
        }
    }

    #[test]
    fn documents_of_others_are_read() {
        for (document, expected) in [
            ("<Response/>", vec![]),
            ("<Response></Response>", vec![]),
            ("<Response><Message/></Response>", vec![text("")]),
            (r#"<Response><Message to="+1">a</Message></Response>"#, vec![text("a")]),
            (
                "<Response><!-- x --><Message><![CDATA[<a>]]>b</Message></Response>",
                vec![text("<a>b")],
            ),
            (
                "<Response><Message>&#241;&#x1F600;&quot;&apos;</Message></Response>",
                vec![text("ñ😀\"'")],
            ),
            (
                "<Response>\n  <Message>\n    <Body>a</Body>\n    <Body>b</Body>\n    <Media>u</Media>\n  </Message>\n</Response>\n",
                vec![media("ab", &["u"])],
            ),
        ] {
            assert_eq!(read(document.as_bytes()), Ok(expected), "{document}");
        }
    }

    #[test]
    fn other_documents_are_refused() {
        let unexpected = |name: &str| ReadError::Unexpected(name.to_owned());
        for (document, error) in [
            ("", ReadError::NoResponse),
            ("hello", ReadError::NoResponse),
            ("<Message>a</Message>", unexpected("Message")),
            ("<Response><Say>a</Say></Response>", unexpected("Say")),
            ("<Response><Message><Message/></Message></Response>", unexpected("Message")),
            ("<Response/><Response/>", unexpected("Response")),
            ("<response/>", unexpected("response")),
        ] {
            assert_eq!(read(document.as_bytes()), Err(error), "{document}");
        }
        for document in [
            "<Response>",
            "<Response><Message>a",
            "<Response><Message>a</Response>",
            "<Response><Message>&nbsp;</Message></Response>",
            "<Response><Message>&#0;</Message></Response>",
            "<!DOCTYPE a><Response/>",
        ] {
            let error = read(document.as_bytes()).unwrap_err();
            assert!(matches!(error, ReadError::Malformed(_)), "{document}: {error}");
        }
        assert_eq!(read(b"<Response>\xFF</Response>"), Err(ReadError::NotUtf8));
    }
}
