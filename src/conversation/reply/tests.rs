//! How texts become messages.

use proptest::prelude::*;

use super::{MAX_TEXT, Replies, split};
use crate::message::Reply;

fn said(texts: &[(&str, &[&str])]) -> Vec<Reply> {
    let mut replies = Replies::default();
    for (text, media) in texts {
        replies.say((*text).to_owned(), media.iter().map(|url| (*url).to_owned()).collect());
    }
    replies.into_messages().0
}

fn reply(text: &str, media: &[&str]) -> Reply {
    Reply { text: text.to_owned(), media: media.iter().map(|url| (*url).to_owned()).collect() }
}

#[test]
fn texts_share_a_message_and_media_stands_alone() {
    assert_eq!(said(&[]), []);
    assert_eq!(said(&[("", &[]), (" \n", &[])]), []);
    assert_eq!(said(&[("a", &[]), ("", &[]), ("b", &[])]), [reply("a\nb", &[])]);
    assert_eq!(
        said(&[("a", &[]), ("b", &["u"]), ("c", &[]), ("d", &[])]),
        [reply("a", &[]), reply("b", &["u"]), reply("c\nd", &[])]
    );
    assert_eq!(said(&[("", &["u", "v"])]), [reply("", &["u", "v"])]);
    assert_eq!(said(&[("a", &[""])]), [reply("a", &[])], "an address that came out empty");
    assert_eq!(said(&[("a", &["u"; 12])]), [reply("a", &["u"; 10])]);
}

#[test]
fn media_goes_with_the_first_part_of_a_long_text() {
    let text = format!("{} {}", "a".repeat(1_500), "b".repeat(1_500));
    assert_eq!(
        said(&[(&text, &["u"])]),
        [reply(&"a".repeat(1_500), &["u"]), reply(&"b".repeat(1_500), &[])]
    );
}

#[test]
fn messages_beyond_ten_are_counted() {
    let mut replies = Replies::default();
    replies.say("x".repeat(MAX_TEXT * 12), Vec::new());
    let (messages, dropped) = replies.into_messages();
    assert_eq!((messages.len(), dropped), (10, 2));
}

#[test]
fn long_texts_are_parted_at_white_space() {
    let word = "x".repeat(799);
    assert_eq!(split(&format!("{word} {word} y")), [format!("{word} {word}"), "y".to_owned()]);
    assert_eq!(split(&format!("{word} {word}zz y")), [word.clone(), format!("{word}zz y")]);
    // Exactly full, with the white space just behind.
    let full = "x".repeat(1_600);
    assert_eq!(split(&full), std::slice::from_ref(&full));
    assert_eq!(split(&format!("{full}\n\ny")), [full.clone(), "y".to_owned()]);
    assert_eq!(split(&format!("{full}y")), [full, "y".to_owned()]);
    assert_eq!(split(&" ".repeat(5_000)), [""; 0]);
}

#[test]
fn a_hard_cut_parts_no_sign() {
    // Two units each: 800 fit.
    let faces = "😀".repeat(801);
    assert_eq!(split(&faces), ["😀".repeat(800), "😀".to_owned()]);
    for sign in ["👩‍👩‍👧", "👍🏽", "🇩🇪", "e\u{301}", "1\u{fe0f}\u{20e3}"] {
        let text = format!("{}{sign}b", "a".repeat(1_599));
        assert_eq!(split(&text), ["a".repeat(1_599), format!("{sign}b")], "{sign}");
    }
    // Room for the first woman and the joiner behind her.
    let text = format!("{}👩‍👩‍👧", "a".repeat(1_597));
    assert_eq!(split(&text), ["a".repeat(1_597), "👩‍👩‍👧".to_owned()]);
    // What never ends is parted all the same.
    let marks = "\u{301}".repeat(2_000);
    assert_eq!(split(&marks).concat(), marks);
}

proptest! {
    #[test]
    fn splitting_loses_only_white_space(
        text in proptest::collection::vec(r"(?s)\PC{0,900}|[ \n]{0,5}|.", 0..8),
    ) {
        let text = text.concat();
        let parts = split(&text);
        for part in &parts {
            prop_assert!(part.encode_utf16().count() <= MAX_TEXT);
            prop_assert!(!part.trim().is_empty());
        }
        let dense = |text: &str| text.split_whitespace().collect::<String>();
        prop_assert_eq!(dense(&parts.concat()), dense(&text));
    }
}
