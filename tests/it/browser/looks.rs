//! The page on screens of all sizes, light and dark.
//!
//! Leaves a picture of each in the target folder's `tmp/phone-page`.

use std::path::Path;

use thirtyfour::error::WebDriverResult;

use super::driver::{Browser, in_browser};
use super::service::FakeService;
use crate::simulator::fake::Mood;

const ANNA: &str = "+14155552671";
const SCREENS: [(u32, u32); 4] = [(1280, 900), (768, 1024), (390, 844), (360, 640)];

#[tokio::test]
async fn every_screen_holds_the_whole_page() {
    let mut service = FakeService::start().await;
    let long = format!("<Response><Message>{}</Message></Response>", "endless".repeat(60));
    service.bot.say("+14155550100", &"unbroken".repeat(60), &long);
    service.bot.say(
        "+14155550100",
        "مرحبا بالعالم",
        "<Response><Message>שלום 👋🏽</Message></Response>",
    );
    in_browser(async |browser| {
        for said in ["hello", "John", "Bohemian Rhapsody"] {
            browser.open_phone(&service.link(), ANNA).await?;
            browser.say(said).await?;
            browser.wait_for_text(".turn:last-child .text", said).await?;
        }
        for (name, query) in [
            ("start", ""),
            ("complaint", "?phone=555"),
            ("empty", "?phone=%2B14155550199"),
            ("chat", "?phone=%2B14155552671"),
            ("long", "?phone=%2B14155550100&channel=whatsapp"),
        ] {
            browser.driver.goto(format!("{}/{query}", service.url())).await?;
            if query.contains("%2B") {
                browser.wait_until_live().await?;
            }
            take_pictures(&browser, name).await?;
        }
        browser.open_phone(&service.link(), ANNA).await?;
        service.bot.set_mood(Mood::Slow);
        browser.say("hello").await?;
        browser.wait_for_text("#on-its-way", "on its way").await?;
        take_pictures(&browser, "on-its-way").await?;
        service.bot.set_mood(Mood::Well);
        browser.wait_for_text(".turn:last-child .state", "WAITING_FOR_NAME").await?;
        service.stop().await;
        browser.say("John").await?;
        browser.wait_for_text(".draft .note", "Not sent").await?;
        browser.wait_for_text("#connection", "cannot be reached").await?;
        take_pictures(&browser, "away").await?;
        service.start_anew().await;
        browser.wait_for_text("#connection", "was restarted").await?;
        take_pictures(&browser, "started-anew").await?;
        browser.driver.goto(service.url()).await?;
        browser.wait_for_text("p", "Open the link").await?;
        take_pictures(&browser, "refused").await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_chat_is_one_column_that_can_be_read_in_any_window() {
    let service = FakeService::start().await;
    let long = format!("<Response><Message>{}</Message></Response>", "many words ".repeat(60));
    service.bot.say(ANNA, &"many words ".repeat(60), &long);
    let sane = "const phone = document.querySelector('.phones .phone').getBoundingClientRect();
        return document.documentElement.scrollWidth <= innerWidth
            && document.documentElement.scrollHeight <= innerHeight
            && phone.left >= 0 && phone.right <= innerWidth && phone.width >= 360 && phone.width <= 640
            && [...document.querySelectorAll('.bubble, #composer')].every((part) => {
                const box = part.getBoundingClientRect();
                return box.left >= phone.left && box.right <= phone.right;
            })";
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        for width in (360..=1920).step_by(120) {
            for height in [400, 559, 560, 1080] {
                browser.set_screen((width, height), "light").await?;
                assert!(browser.is(sane).await?, "{width} x {height}");
            }
        }
        Ok(())
    })
    .await;
}

/// Looks at what the browser shows on every screen, in the light and in the dark.
pub(super) async fn take_pictures(browser: &Browser, name: &str) -> WebDriverResult<()> {
    let fits = "return document.documentElement.scrollWidth <= innerWidth
                    && document.documentElement.scrollHeight <= innerHeight
                    && [...document.querySelectorAll('.phone *')].every((element) =>
                        element.getBoundingClientRect().right <= innerWidth)";
    let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).join("phone-page");
    std::fs::create_dir_all(&pictures)?;
    for screen @ (width, height) in SCREENS {
        for scheme in ["light", "dark"] {
            browser.set_screen(screen, scheme).await?;
            assert!(browser.is(fits).await?, "{name} at {width} x {height}");
            browser
                .driver
                .screenshot(&pictures.join(format!("{name}-{width}x{height}-{scheme}.png")))
                .await?;
        }
    }
    Ok(())
}
