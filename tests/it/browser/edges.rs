//! What a person sees when things are slow, lost, long or many.

use thirtyfour::{By, Key};

use super::driver::in_browser;
use super::service::FakeService;
use crate::simulator::fake::Mood;

const ANNA: &str = "+14155552671";

#[tokio::test]
async fn a_sign_shows_while_the_answer_is_on_its_way() {
    let service = FakeService::start().await;
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        service.bot.set_mood(Mood::Slow);
        browser.say("hello").await?;
        browser.wait_for_text("#on-its-way", "on its way").await?;
        assert_eq!(browser.text_of(".draft .note").await?, "Sending…");
        // Two more wait behind it, and keep their order.
        browser.say("John").await?;
        browser.say("A song").await?;
        browser.wait_for_bubbles(&["> hello", "> John", "> A song"]).await?;
        service.bot.set_mood(Mood::Well);
        let last = "< Playing A song";
        browser
            .wait_for("the last answer", async || {
                Ok(browser.bubbles().await?.last().is_some_and(|bubble| bubble == last))
            })
            .await?;
        browser
            .wait_for("the sign to go", async || {
                Ok(browser.text_of("#on-its-way").await?.is_empty())
            })
            .await
    })
    .await;
}

#[tokio::test]
async fn a_refused_message_says_why_and_can_be_sent_again() {
    let service = FakeService::start().await;
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        service.bot.set_mood(Mood::Busy);
        browser.say("hello").await?;
        browser.wait_for_text(".draft .note", "Not sent: too busy").await?;
        service.bot.set_mood(Mood::Well);
        browser.driver.find(By::Css(".draft .again")).await?.click().await?;
        browser.wait_for_bubbles(&["> hello", "< What is your name?"]).await
    })
    .await;
}

#[tokio::test]
async fn what_was_not_taken_says_so_stays_over_a_reload_and_goes_again_under_its_id() {
    let service = FakeService::start().await;
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        browser.say("hello").await?;
        browser.wait_for_bubbles(&["> hello", "< What is your name?"]).await?;
        let hostile = "<img src=x onerror=document.title='owned'>";
        for (mood, said, told) in [
            (Mood::Silent, hostile, "Not taken: too fast. A sender of so many"),
            (Mood::Busy, "a song", "Not sent: too busy"),
        ] {
            service.bot.set_mood(mood);
            browser.say(said).await?;
            browser.wait_for_text(".turn:last-child .note", told).await?;
        }
        let all = ["> hello", "< What is your name?", &format!("> {hostile}"), "> a song"];
        browser.wait_for_bubbles(&all).await?;

        // What stands there is what there was, and which is not stored is marked.
        browser.driver.refresh().await?;
        browser.wait_until_live().await?;
        browser.wait_for_bubbles(&all).await?;
        let notes = "return [...document.querySelectorAll('.draft .failed')].map((note) => note.textContent.split('.')[0].trim()).join('; ')";
        let notes: String = browser.driver.execute(notes, vec![]).await?.convert()?;
        assert!(notes.starts_with("Not taken: too fast; Not sent: too busy"), "{notes}");

        service.bot.set_mood(Mood::Well);
        let ids = |said: &str| {
            let forms = service.bot.forms.lock().unwrap();
            forms.iter().filter(|form| form["Body"] == said).map(|form| form["MessageSid"].clone()).collect::<Vec<_>>()
        };
        for said in [hostile, "a song"] {
            browser.driver.find(By::Css(".draft .again")).await?.click().await?;
            browser
                .wait_for("it to be taken", async || Ok(service.bot.transcript(ANNA).last().is_some_and(|entry| entry.body == said)))
                .await?;
            let ids = ids(said);
            assert_eq!(ids.len(), 2, "{said}");
            assert_eq!(ids[0], ids[1], "{said}");
            assert!(browser.is("return document.activeElement === text").await?);
        }
        let hello = format!("< Hello {hostile}, what is your favorite song?");
        let whole = ["> hello", "< What is your name?", &format!("> {hostile}"), &hello, "> a song", "< Playing a song"];
        browser.wait_for_bubbles(&whole).await?;
        browser.driver.refresh().await?;
        browser.wait_until_live().await?;
        browser.wait_for_bubbles(&whole).await?;
        assert!(browser.is("return document.title !== 'owned' && sessionStorage.length === 0").await?);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_was_not_taken_can_be_discarded() {
    let service = FakeService::start().await;
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        service.bot.set_mood(Mood::Silent);
        browser.say("hello").await?;
        browser.wait_for_text(".draft .note", "Not taken").await?;
        browser.driver.find(By::Css(".draft .discard")).await?.click().await?;
        browser.wait_for_bubbles(&[]).await?;
        assert!(browser.is("return document.activeElement === text && !empty.hidden").await?);
        browser.driver.refresh().await?;
        browser.wait_until_live().await?;
        browser.wait_for_bubbles(&[]).await
    })
    .await;
}

#[tokio::test]
async fn what_was_on_its_way_during_a_reload_is_there_after_it() {
    let service = FakeService::start().await;
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        service.bot.set_mood(Mood::Slow);
        browser.say("hello").await?;
        browser.wait_for_text("#on-its-way", "on its way").await?;
        browser.driver.refresh().await?;
        browser.wait_until_live().await?;
        browser.wait_for_text(".draft .note", "Not sent").await?;
        service.bot.set_mood(Mood::Well);
        browser.driver.find(By::Css(".draft .again")).await?.click().await?;
        browser.wait_for_bubbles(&["> hello", "< What is your name?"]).await?;
        assert_eq!(service.bot.transcript(ANNA).len(), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_message_whose_answer_got_lost_is_taken_once() {
    let service = FakeService::start().await;
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        // It is taken, and the feed says so, though the post fails.
        service.bot.set_mood(Mood::Forgetful);
        browser.say("hello").await?;
        let bubbles = ["> hello", "< What is your name?"];
        browser.wait_for_bubbles(&bubbles).await?;
        browser
            .wait_for("the post to end", async || {
                Ok(browser.text_of("#on-its-way").await?.is_empty())
            })
            .await?;
        browser.wait_for_bubbles(&bubbles).await?;
        assert_eq!(browser.text_of(".failed").await?, "");
        assert_eq!(service.bot.transcript(ANNA).len(), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_message_sent_again_is_taken_once() {
    let service = FakeService::start().await;
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        // It is taken, and the page cannot know.
        service.bot.set_mood(Mood::Dying);
        browser.say("hello").await?;
        browser.wait_for_text(".draft .note", "Not sent").await?;
        browser.wait_for_text("#connection", "cannot be reached").await?;
        browser.driver.find(By::Css(".draft .again")).await?.click().await?;
        browser
            .wait_for("a second post", async || Ok(service.bot.forms.lock().unwrap().len() == 2))
            .await?;
        service.bot.set_mood(Mood::Well);
        browser.wait_until_live().await?;
        browser.wait_for_bubbles(&["> hello", "< What is your name?"]).await?;
        browser.wait_for_text(".turn .state", "WAITING_FOR_NAME").await?;
        assert_eq!(browser.text_of(".failed, .draft").await?, "");
        assert_eq!(service.bot.transcript(ANNA).len(), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn several_messages_media_and_silence() {
    let service = FakeService::start().await;
    service.bot.say(
        ANNA,
        "pictures",
        "<Response><Message>One</Message><Message><Body>Two</Body>\
         <Media>https://example.org/a.png</Media><Media>javascript:alert(1)</Media></Message></Response>",
    );
    service.bot.say(ANNA, "STOP", "<Response/>");
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        browser
            .wait_for_bubbles(&[
                "> pictures",
                "< One",
                "< Two | https://example.org/a.png | javascript:alert(1)",
                "> STOP",
                "< You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe.",
            ])
            .await?;
        browser.wait_for_text(".turn:last-child .state", "No reply").await?;
        // Only what is safe to follow is a link, and nothing is fetched.
        let links = "return [...document.querySelectorAll('.log a')].map((a) => a.href).join() === 'https://example.org/a.png'
            && performance.getEntriesByType('resource').every((entry) => entry.name.startsWith(location.origin))";
        assert!(browser.is(links).await?);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_new_database_behind_the_service_begins_the_chat_anew() {
    let mut service = FakeService::start().await;
    service.bot.say(ANNA, "old", "<Response><Message>times</Message></Response>");
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        browser.wait_for_bubbles(&["> old", "< times"]).await?;
        service.stop().await;
        service.bot.forget();
        service.start_again().await;
        browser.wait_for_bubbles(&[]).await?;
        browser.say("hello").await?;
        browser.wait_for_bubbles(&["> hello", "< What is your name?"]).await
    })
    .await;
}

#[tokio::test]
async fn the_end_is_followed_unless_the_reader_went_up() {
    let service = FakeService::start().await;
    let twiml = "<Response><Message>A reply of some length, so that the chat fills the screen.</Message></Response>";
    for turn in 1..=30 {
        service.bot.say(ANNA, &format!("message {turn}"), twiml);
    }
    let at_end = "const s = document.getElementById('scroller');
                  return s.scrollHeight - s.scrollTop - s.clientHeight < 2";
    let newest_shown = "return !document.getElementById('newest').hidden";
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        browser.wait_for("the end", async || browser.is(at_end).await).await?;
        service.bot.say(ANNA, "another", twiml);
        browser.wait_for_text(".turn:last-child .text", "another").await?;
        browser.wait_for("the end", async || browser.is(at_end).await).await?;

        // By keyboard, up to the beginning: there the reader stays.
        browser.driver.find(By::Id("scroller")).await?.send_keys(Key::Home + "").await?;
        let at_beginning = "return document.getElementById('scroller').scrollTop === 0";
        browser.wait_for("the beginning", async || browser.is(at_beginning).await).await?;
        service.bot.say(ANNA, "one more", twiml);
        browser.wait_for("the notice", async || browser.is(newest_shown).await).await?;
        assert!(browser.is(at_beginning).await?);
        browser.driver.find(By::Id("newest")).await?.click().await?;
        browser.wait_for("the end", async || browser.is(at_end).await).await?;
        assert!(!browser.is(newest_shown).await?);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_empty_chat_names_the_words_that_begin_one() {
    let service = FakeService::start().await;
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        let words = "Say “hello” or “good morning” to begin.";
        assert_eq!(browser.text_of("#empty:not([hidden])").await?, words);
        browser.say("hello").await?;
        browser.wait_for_bubbles(&["> hello", "< What is your name?"]).await?;
        assert_eq!(browser.text_of("#empty:not([hidden])").await?, "");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn stop_and_start_show_whether_messages_come() {
    let service = FakeService::start().await;
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        for (says, twiml, shown) in [
            ("STOP", "<Response/>", "No reply: you get no messages until you send START · INITIAL"),
            ("hello", "<Response/>", "No reply · INITIAL"),
            ("unstop", "<Response/>", "No reply: you get messages again · INITIAL"),
            // Of somebody who had not stopped, it is an answer like any other.
            ("yes", "<Response><Message>Good.</Message></Response>", "INITIAL"),
        ] {
            service.bot.say(ANNA, says, twiml);
            browser.wait_for_text(".turn:last-child .text", says).await?;
            assert_eq!(browser.text_of(".turn:last-child .state").await?, shown, "{says}");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_tall_draft_grows_by_whole_lines_and_then_scrolls() {
    let service = FakeService::start().await;
    let lines = "const style = getComputedStyle(text);
        return Math.round(1000 * (text.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom))
            / parseFloat(style.lineHeight))";
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        // With the browser's own growing, and without, as browsers were before.
        for growing in ["content", "fixed"] {
            browser
                .driver
                .execute(&format!("text.style.fieldSizing = '{growing}'"), vec![])
                .await?;
            for typed in 1..=9_i64 {
                let found: i64 = browser.driver.execute(lines, vec![]).await?.convert()?;
                let whole = (found + 500) / 1000;
                assert!((found - 1000 * whole).abs() < 60, "{growing}, {typed}: {found}");
                assert_eq!(whole, typed.min(6), "{growing}");
                let scrolls =
                    browser.is("return text.scrollHeight > text.clientHeight + 2").await?;
                assert_eq!(scrolls, typed > 6, "{growing}, {typed}");
                browser.press("line").await?;
                browser.press(Key::Shift + Key::Enter).await?;
            }
            browser.press("end" + Key::Enter).await?;
        }
        Ok(())
    })
    .await;
}
