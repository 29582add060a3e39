//! What a person sees of the real service.

use std::time::Instant;

use thirtyfour::{By, Key};

use super::driver::in_browser;
use super::service::Service;

const ANNA: &str = "+14155552671";
const BERT: &str = "+4915112345678";

const WHOLE: [&str; 6] = [
    "> hello",
    "< What is your name?",
    "> John",
    "< Hello John, what is your favorite song?",
    "> Bohemian Rhapsody",
    "< Playing Bohemian Rhapsody",
];

#[tokio::test]
async fn the_whole_conversation() {
    let service = Service::start();
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        for (said, bubbles) in [("hello", 2), ("John", 4), ("Bohemian Rhapsody", 6)] {
            browser.say(said).await?;
            browser.wait_for_bubbles(&WHOLE[..bubbles]).await?;
        }
        browser.wait_for_text(".turn:last-child .state", "COMPLETED").await?;
        browser.console_is_empty().await
    })
    .await;
}

#[tokio::test]
async fn a_reload_shows_the_history() {
    let service = Service::start();
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        browser.say("hello").await?;
        browser.say("John").await?;
        browser.wait_for_bubbles(&WHOLE[..4]).await?;
        browser.driver.refresh().await?;
        browser.wait_for_bubbles(&WHOLE[..4]).await?;
        browser.say("Bohemian Rhapsody").await?;
        browser.wait_for_bubbles(&WHOLE).await
    })
    .await;
}

#[tokio::test]
async fn whoever_writes_too_fast_sees_which_message_was_not_taken() {
    let service = Service::start();
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        // Faster than a driver types.
        let many = "for (let n = 0; n < 64; n++) { text.value = 'hi'; composer.requestSubmit(); }";
        browser.driver.execute(many, vec![]).await?;
        browser.wait_for_text(".turn:last-child .note", "Not taken: too fast").await?;
        let counts = "return [document.querySelectorAll('.turn').length,
            document.querySelectorAll('.turn:not(.draft)').length].join()";
        let counted = async || browser.driver.execute(counts, vec![]).await?.convert::<String>();
        let shown = counted().await?;
        assert!(shown.starts_with("64,6"), "{shown}");
        browser.driver.refresh().await?;
        browser.wait_until_live().await?;
        browser.wait_for("the same", async || Ok(counted().await? == shown)).await
    })
    .await;
}

#[tokio::test]
async fn two_phones_are_two_conversations_and_two_tabs_of_one_are_one() {
    let service = Service::start();
    in_browser(async |browser| {
        let driver = &browser.driver;
        let anna = driver.window().await?;
        browser.open_phone(&service.link(), ANNA).await?;
        browser.say("hello").await?;
        browser.wait_for_bubbles(&WHOLE[..2]).await?;
        browser.new_tab().await?;
        browser.open_phone(&service.link(), BERT).await?;
        browser.wait_for_bubbles(&[]).await?;
        browser.say("hello").await?;
        browser.say("Bert").await?;
        let hello_bert = "< Hello Bert, what is your favorite song?";
        browser
            .wait_for_bubbles(&["> hello", "< What is your name?", "> Bert", hello_bert])
            .await?;
        browser.new_tab().await?;
        browser.open_phone(&service.link(), ANNA).await?;
        browser.wait_for_bubbles(&WHOLE[..2]).await?;
        browser.say("John").await?;
        browser.wait_for_bubbles(&WHOLE[..4]).await?;
        driver.switch_to_window(anna).await?;
        browser.wait_for_bubbles(&WHOLE[..4]).await
    })
    .await;
}

#[tokio::test]
async fn more_phones_than_a_browser_has_connections() {
    let service = Service::start();
    in_browser(async |browser| {
        for number in 1..=8 {
            browser.new_tab().await?;
            browser.open_phone(&service.link(), &format!("+1415555010{number}")).await?;
            browser.say("hello").await?;
            browser.wait_for_bubbles(&WHOLE[..2]).await?;
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_restart_is_told_and_made_up_for() {
    let mut service = Service::start();
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        browser.say("hello").await?;
        browser.wait_for_bubbles(&WHOLE[..2]).await?;

        service.stop().await;
        browser.wait_for_text("#connection", "cannot be reached").await?;
        browser.say("John").await?;
        browser.wait_for_text(".draft .note", "Not sent").await?;
        let begun = "Bohemian Rhap";
        browser.press(begun).await?;

        // It has a new key, and the page says what to do and keeps all it has.
        service.start_again();
        browser.wait_for_text("#connection", "was restarted. Open the new link").await?;
        browser.wait_for_bubbles(&WHOLE[..3]).await?;
        browser.driver.find(By::Css(".draft .again")).await?.click().await?;
        browser.wait_for_text(".draft .note", "Not sent: Open the link").await?;
        assert!(browser.is(&format!("return text.value === '{begun}'")).await?);

        browser.open_aside(&service.link()).await?;
        let returned = Instant::now();
        browser.wait_until_live().await?;
        assert!(returned.elapsed().as_secs() < 5, "{:?}", returned.elapsed());
        browser.driver.find(By::Css(".draft .again")).await?.click().await?;
        browser.wait_for_bubbles(&WHOLE[..4]).await?;
        browser.say("sody").await?;
        browser.wait_for_bubbles(&WHOLE).await
    })
    .await;
}

#[tokio::test]
async fn a_crash_at_any_moment_loses_and_doubles_nothing() {
    let mut service = Service::start();
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        for (said, bubbles) in [("hello", 2), ("John", 4), ("Bohemian Rhapsody", 6)] {
            // Between two messages …
            service.kill9();
            browser.wait_for_text("#connection", "cannot be reached").await?;
            service.start_again();
            browser.open_aside(&service.link()).await?;
            browser.wait_until_live().await?;
            // … and in the midst of one. Whether it was taken the page learns
            // from the feed; if not, it offers to send it again.
            browser.say(said).await?;
            service.kill9();
            service.start_again();
            browser.open_aside(&service.link()).await?;
            browser
                .wait_for("the message to be taken", async || {
                    if browser.text_of(".draft .note").await?.contains("Not sent") {
                        browser.driver.find(By::Css(".draft .again")).await?.click().await?;
                    }
                    Ok(browser.bubbles().await? == WHOLE[..bubbles])
                })
                .await?;
            browser.wait_until_live().await?;
        }
        browser.wait_for_text(".turn:last-child .state", "COMPLETED").await
    })
    .await;
}

#[tokio::test]
async fn what_a_person_types_is_never_markup() {
    let service = Service::start();
    let name =
        "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";
    let song = "</p></div><b>bold</b> &lt;i&gt; &amp; javascript:alert(1)";
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        browser.say("hello").await?;
        browser.say(name).await?;
        browser.say(song).await?;
        let expected = [
            "> hello",
            "< What is your name?",
            &format!("> {name}"),
            &format!("< Hello {name}, what is your favorite song?"),
            &format!("> {song}"),
            &format!("< Playing {song}"),
        ];
        browser.wait_for_bubbles(&expected).await?;
        browser.driver.refresh().await?;
        browser.wait_for_bubbles(&expected).await?;
        let markup = "return document.querySelector('.log :is(img, script, b, i)') === null
                          && document.title !== 'owned'";
        assert!(browser.is(markup).await?);
        browser.console_is_empty().await
    })
    .await;
}

#[tokio::test]
async fn the_keyboard_is_enough() {
    let service = Service::start();
    in_browser(async |browser| {
        browser.driver.goto(service.link()).await?;
        // The number field has the focus. A wrong number is complained of …
        browser.press("555" + Key::Enter).await?;
        browser.wait_for_text("#number-complaint", "Begin with + and the country code").await?;
        assert!(browser.is("return document.activeElement.ariaInvalid === 'true'").await?);
        // … and a right one opens the phone, written as people write numbers.
        browser.press(Key::Control + "a").await?;
        browser.press("+1 (415) 555-2671" + Key::Enter).await?;
        browser.wait_for_text("#own-number", ANNA).await?;
        browser.wait_until_live().await?;
        // The message field has the focus now, and keeps it.
        browser.press("hello" + Key::Enter).await?;
        browser.wait_for_bubbles(&WHOLE[..2]).await?;
        browser.press("John").await?;
        browser.press(Key::Shift + Key::Enter).await?;
        browser.press("Doe").await?;
        browser.press(Key::Tab).await?;
        browser.press(Key::Enter).await?;
        let hello = "< Hello John\nDoe, what is your favorite song?";
        browser.wait_for_bubbles(&[WHOLE[0], WHOLE[1], "> John\nDoe", hello]).await?;
        // Back to the channel switch, over what can be attached, the menu of mishaps, the reasons of
        // the newest turn, the newest message and all of them.
        for _ in 0..6 {
            browser.press(Key::Shift + Key::Tab).await?;
        }
        browser.press(Key::Right).await?;
        assert!(browser.is("return document.activeElement.value === 'whatsapp'").await?);
        let address = browser.driver.current_url().await?;
        assert_eq!(address.query(), Some("phone=%2B14155552671&channel=whatsapp"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_address_names_the_phone() {
    let service = Service::start();
    in_browser(async |browser| {
        browser.driver.goto(service.link()).await?;
        for (address, number) in [
            ("/?phone=%2B14155552671", ANNA),
            ("/?phone=+14155552671", ANNA),
            ("/?phone=%2B49%20151%2012345678&channel=whatsapp", BERT),
        ] {
            browser.driver.goto(format!("{}{address}", service.url())).await?;
            browser.wait_for_text("#own-number", number).await?;
        }
        assert!(browser.is("return document.querySelector('[value=whatsapp]').checked").await?);
        browser.driver.goto(format!("{}/?phone=%2B0123", service.url())).await?;
        browser.wait_for_text("#number-complaint", "does not begin with 0").await
    })
    .await;
}
