//! Letting things go wrong, as a person does it: the menu, and what the page says
//! about the service.

use thirtyfour::error::WebDriverResult;
use thirtyfour::{By, Key};

use super::driver::{Browser, in_browser};
use super::service::Service;

const ANNA: &str = "+14155552671";

const FLOW: &str = "\
flow: table
start: [table]
steps:
  GUESTS:
    ask: How many?
    nudges: {4m: \"Are <b>you</b> there?\", 8m: Last call.}
    end: BOOKED
";

/// Opens the menu with the keyboard. Waits until it has its entries and the last
/// result is put away.
async fn open_menu(browser: &Browser) -> WebDriverResult<()> {
    browser.driver.find(By::Css(".mishap-menu > summary")).await?.focus().await?;
    browser.press(Key::Enter + "").await?;
    let is_filled = "return document.querySelectorAll('.mishap-list button').length > 5
        && document.querySelector('.mishap-menu').open
        && document.querySelector('.mishap-result').hidden";
    browser.wait_for("the menu", async || browser.is(is_filled).await).await
}

/// Chooses an entry with the keyboard, and waits for what the page says then.
async fn choose(browser: &Browser, label: &str, says: &str) -> WebDriverResult<()> {
    open_menu(browser).await?;
    let button = format!("//*[@class='mishap-list']//button[text()='{label}']");
    browser.driver.find(By::XPath(&button)).await?.focus().await?;
    browser.press(Key::Enter + "").await?;
    browser.wait_for_text(".mishap-result", says).await?;
    // The menu is closed, and the focus is where it was opened.
    let is_back = "return !document.querySelector('.mishap-menu').open
        && document.activeElement === document.querySelector('.mishap-menu > summary')";
    assert!(browser.is(is_back).await?, "{label}");
    Ok(())
}

#[tokio::test]
async fn each_says_what_the_service_did_and_why_that_is_right() {
    let service = Service::with_flow(FLOW);
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        browser.say("table").await?;
        let asked = ["> table", "< How many?"];
        browser.wait_for_bubbles(&asked).await?;
        for (label, did, why) in [
            ("The last message again", "200 in", "the first reply comes again, byte for byte"),
            ("A wrong signature", "403 in", "Nothing proves that Twilio sent it"),
            ("A message without a text", "400 in", "authentic but not a message"),
        ] {
            choose(&browser, label, &format!("{label}: {did}")).await?;
            browser.wait_for_text(".mishap-result", why).await?;
            let is_right = "return document.querySelector('.mishap-result').role === 'status'
                && !document.querySelector('.mishap-result').classList.contains('is-other')";
            assert!(browser.is(is_right).await?, "{label}");
        }
        // None of these messages is in the conversation.
        browser.wait_for_bubbles(&asked).await?;
        choose(&browser, "10 minutes pass", "10 minutes have passed for this phone.").await?;
        let nudged = [&asked[..], &["< Are <b>you</b> there?", "< Last call."]].concat();
        browser.wait_for_bubbles(&nudged).await?;
        choose(&browser, "Two messages at once", "2 requests; the last one: 200").await?;
        browser
            .wait_for("both messages", async || {
                Ok(browser.bubbles().await?.iter().filter(|one| one.ends_with("of two")).count()
                    == 2)
            })
            .await?;
        browser.driver.find(By::Css(".mishap-away")).await?.click().await?;
        let is_gone = "return document.querySelector('.mishap-result').hidden";
        browser.wait_for("the result to go", async || browser.is(is_gone).await).await?;
        browser.console_is_empty().await
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_played_says_why() {
    let service = Service::with_flow(FLOW);
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        choose(&browser, "The last message again", "Send a message first").await?;
        open_menu(&browser).await?;
        let says_why = "const button = [...document.querySelectorAll('.mishap-list button')]
                .find((button) => button.textContent === 'Another account');
            return button.disabled && button.ariaDescription.startsWith('TWILIO_ACCOUNT_SID is not set')";
        assert!(browser.is(says_why).await?);
        browser.press(Key::Escape + "").await?;
        let is_closed = "return !document.querySelector('.mishap-menu').open";
        browser.wait_for("the menu to close", async || browser.is(is_closed).await).await
    })
    .await;
}

#[tokio::test]
async fn the_menu_and_the_result_fit_on_any_screen() {
    let service = Service::with_flow(FLOW);
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        browser.say("table").await?;
        browser.wait_for_text(".turn .state", "GUESTS").await?;
        let fits = "const phone = document.querySelector('.phones > .phone').getBoundingClientRect();
            return document.documentElement.scrollWidth <= innerWidth
                && document.documentElement.scrollHeight <= innerHeight
                && [...document.querySelectorAll('.mishaps, .mishap-list, .mishap-result, #composer')]
                    .filter((part) => part.checkVisibility())
                    .every((part) => {
                        const box = part.getBoundingClientRect();
                        return box.left >= phone.left && box.right <= phone.right
                            && box.top >= phone.top && box.bottom <= phone.bottom;
                    })";
        for screen in [(360, 400), (360, 640), (390, 844), (640, 560), (1280, 900), (1920, 1080)] {
            for scheme in ["light", "dark"] {
                browser.set_screen(screen, scheme).await?;
                open_menu(&browser).await?;
                assert!(browser.is(fits).await?, "the menu on {screen:?}");
                browser.press(Key::Escape + "").await?;
                choose(&browser, "A wrong signature", "403 in").await?;
                assert!(browser.is(fits).await?, "the result on {screen:?}");
            }
        }
        browser.console_is_empty().await
    })
    .await;
}
