//! The page on screens of all sizes, light and dark.
//!
//! Leaves a picture of each in the target folder's `tmp/phone-page`.

use std::path::Path;

use super::driver::in_browser;
use super::service::Service;

const ANNA: &str = "+14155552671";
const SCREENS: [(u32, u32); 4] = [(1280, 900), (768, 1024), (390, 844), (360, 640)];

#[tokio::test]
async fn every_screen_holds_the_whole_page() {
    let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).join("phone-page");
    std::fs::create_dir_all(&pictures).unwrap();
    let service = Service::start().await;
    let long = format!("<Response><Message>{}</Message></Response>", "endless".repeat(60));
    service.bot.say("+14155550100", &"unbroken".repeat(60), &long);
    service.bot.say(
        "+14155550100",
        "مرحبا بالعالم",
        "<Response><Message>שלום 👋🏽</Message></Response>",
    );
    let fits = "return document.documentElement.scrollWidth <= innerWidth
                    && document.documentElement.scrollHeight <= innerHeight
                    && [...document.querySelectorAll('.phone *')].every((element) =>
                        element.getBoundingClientRect().right <= innerWidth)";
    in_browser(async |browser| {
        for said in ["hello", "John", "Bohemian Rhapsody"] {
            browser.open_phone(&service.url(), ANNA).await?;
            browser.say(said).await?;
            browser.wait_for_text(".turn:last-child .text", said).await?;
        }
        for (name, query) in [
            ("start", ""),
            ("complaint", "?phone=555"),
            ("chat", "?phone=%2B14155552671"),
            ("long", "?phone=%2B14155550100&channel=whatsapp"),
        ] {
            for screen @ (width, height) in SCREENS {
                for scheme in ["light", "dark"] {
                    browser.set_screen(screen, scheme).await?;
                    browser.driver.goto(format!("{}/{query}", service.url())).await?;
                    if query.contains("%2B") {
                        browser.wait_until_live().await?;
                    }
                    assert!(browser.is(fits).await?, "{name} at {width} x {height}");
                    let picture = pictures.join(format!("{name}-{width}x{height}-{scheme}.png"));
                    browser.driver.screenshot(&picture).await?;
                }
            }
        }
        Ok(())
    })
    .await;
}
