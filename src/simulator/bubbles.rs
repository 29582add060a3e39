//! Reads the messages out of a reply's `TwiML`.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;

use crate::message::Reply;

/// The messages of a reply. What is no `TwiML` holds none.
pub(super) fn read(twiml: &[u8]) -> Vec<Reply> {
    let Ok(text) = std::str::from_utf8(twiml) else { return Vec::new() };
    let mut reader = Reader::from_str(text);
    let mut replies: Vec<Reply> = Vec::new();
    let mut media: Option<String> = None;
    loop {
        let piece = match reader.read_event() {
            Ok(Event::Start(tag)) => {
                match tag.name().as_ref() {
                    "Message" => replies.push(Reply::default()),
                    "Media" => media = Some(String::new()),
                    _ => {}
                }
                continue;
            }
            Ok(Event::End(tag)) => {
                if tag.name().as_ref() == "Media"
                    && let (Some(reply), Some(url)) = (replies.last_mut(), media.take())
                {
                    reply.media.push(url);
                }
                continue;
            }
            Ok(Event::Text(text)) => text.into_inner(),
            Ok(Event::CData(text)) => text.into_inner(),
            Ok(Event::GeneralRef(reference)) => match reference.resolve_char_ref() {
                Ok(Some(character)) => character.to_string().into(),
                _ => resolve_predefined_entity(&reference).unwrap_or_default().into(),
            },
            Ok(Event::Eof) | Err(_) => return replies,
            Ok(_) => continue,
        };
        match (&mut media, replies.last_mut()) {
            (Some(url), _) => url.push_str(&piece),
            (None, Some(reply)) => reply.text.push_str(&piece),
            (None, None) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_out_as_they_went_in() {
        let message = |text: &str, media: &[&str]| Reply {
            text: text.to_owned(),
            media: media.iter().map(|&url| url.to_owned()).collect(),
        };
        for (twiml, replies) in [
            ("<Response/>", vec![]),
            ("not xml", vec![]),
            ("<Response><Message>Hi</Message></Response>", vec![message("Hi", &[])]),
            (
                "<Response><Message>a &lt;b&gt; &amp; &#x1F600; ü</Message></Response>",
                vec![message("a <b> & 😀 ü", &[])],
            ),
            (
                "<Response><Message><Body>one</Body><Media>https://e.org/?a=1&amp;b=2</Media>\
                 </Message><Message>two\nlines</Message></Response>",
                vec![message("one", &["https://e.org/?a=1&b=2"]), message("two\nlines", &[])],
            ),
        ] {
            assert_eq!(read(twiml.as_bytes()), replies, "{twiml}");
        }
    }
}
