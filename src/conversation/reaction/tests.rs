//! Each known form is tried around what was said, and around what was not.

use super::*;

const SAID: &str = "What is your “real” name?";

fn is_reaction(body: &str, said: &[Reply]) -> bool {
    let message = Message::text("SM1", "+15551234567", "+1", body).unwrap();
    Reaction::of(&message).is_some_and(|reaction| reaction.is_to(said.iter()))
}

fn text(text: &str) -> Reply {
    Reply { text: text.to_owned(), media: Vec::new() }
}

#[test]
fn every_known_form_around_what_was_said_is_one() {
    let long = "Please tell us in one sentence or two what we could do better next time.";
    let said = [text(SAID), text(long), text("Two\nlines…")];
    for form in [
        "Liked “@”",
        "Loved “@”",
        "Disliked “@”",
        "Laughed at “@”",
        "Emphasized “@”",
        "Emphasised “@”",
        "Questioned “@”",
        "  Liked “@” \n",
        "Liked \"@\"",
        "liked «@»",
        "Liked '@'",
        "Reacted 👍 to “@”",
        "Reacted 👍🏽 to “@”",
        "Reacted ❤️ to “@”",
        "Reacted 👩‍🚀 to “@”",
        "Reacted with a sticker to “@”",
        "Removed a like from “@”",
        "Removed a heart from “@”",
        "Removed a dislike from “@”",
        "Removed a laugh from “@”",
        "Removed an exclamation from “@”",
        "Removed a question mark from “@”",
        "Removed 👍 from “@”",
        "👍 to “@”",
        "\u{200a}👍\u{200b} to “@”",
        "\u{200a}\u{200b}😂\u{200b}\u{200a} to “\u{200a}@\u{200a}”",
        "\u{200b}👍\u{200b} from “@”",
        "a attribué la mention « J’aime » à « @ »",
        "A réagi avec 🔥 à « @ »",
        "A aimé « @ »",
        "N’a pas aimé « @ »",
        "Le gustó “@”",
        "Le encantó “@”",
        "Reaccionó con 🔥 a “@”",
        "Gefällt „@“",
        "Hat mit 👍 auf „@“ reagiert",
        "Lacht über „@“",
        "Gostou de “@”",
        "Ha reagito con 👍 a “@”",
        "Vond “@” leuk",
        "「@」を強調しました",
    ] {
        for quoted in [SAID, "What is your…", "What is your \"real\" na...", long, "Two\nlines…"]
        {
            let body = form.replace('@', quoted);
            assert!(is_reaction(&body, &said), "{body}");
            assert!(!is_reaction(&body, &[text("Something else.")]), "{body}");
            assert!(!is_reaction(&body, &[]), "{body}");
        }
    }
    assert!(is_reaction("Liked “Please tell us in one…", &said));
}

#[test]
fn anything_else_is_an_answer() {
    let said = [text(SAID), text("What?")];
    for body in [
        SAID,
        &format!("“{SAID}”"),
        &format!("What do you mean by “{SAID}”"),
        &format!("You said “{SAID}”"),
        &format!("Liked “{SAID}” a lot"),
        &format!("I liked “{SAID}”"),
        &format!("Liked {SAID}"),
        "Liked “What is your",
        "Liked “What is your”",
        "Liked “”",
        "Liked “…”",
        "Liked it",
        "Loved an image",
        "Liked “Bohemian Rhapsody”",
        "Reacted well to “What?”",
        "2 to “What?”",
        "👍",
        "👍 to",
        "Liked",
        "",
    ] {
        assert!(!is_reaction(body, &said), "{body}");
    }
}

#[test]
fn a_picture_is_what_we_sent_one_for() {
    let picture =
        Reply { text: String::new(), media: vec!["https://example.com/a.jpg".to_owned()] };
    for body in [
        "Loved an image",
        "Liked a photo",
        "Laughed at a movie",
        "Questioned an attachment",
        "Emphasized a video.",
        "Reacted 👍 to an image",
        "Removed a heart from an image",
        "👍 to a photo",
        "Le encantó una imagen",
        "A aimé une photo",
    ] {
        assert!(is_reaction(body, std::slice::from_ref(&picture)), "{body}");
        assert!(!is_reaction(body, &[text(SAID)]), "{body}");
    }
    for body in ["an image", "I loved an image", "Loved an image of a cat"] {
        assert!(!is_reaction(body, std::slice::from_ref(&picture)), "{body}");
    }
}

#[test]
fn a_channel_says_it_and_others_have_no_such_forms() {
    let body = format!("Liked “{SAID}”");
    let message = Message::text("SM1", "whatsapp:+15551234567", "+1", &body).unwrap();
    assert_eq!(Reaction::of(&message), None);
    let declared = Message { is_reaction: true, body: "👍".to_owned(), ..message };
    assert_eq!(Reaction::of(&declared), Some(Reaction::Declared));
    assert!(Reaction::Declared.is_to(std::iter::empty()) && !Reaction::Declared.is_in_doubt());
}
