//! What comes by itself, as a person sees it.

use thirtyfour::By;
use thirtyfour::error::WebDriverResult;

use super::driver::{Browser, in_browser};
use super::service::Service;

const ANNA: &str = "+14155552671";

const FLOW: &str = "\
flow: table
start: [table]
steps:
  GUESTS:
    ask: How many?
    nudges: {10m: \"Are <b>you</b> there?\"}
    timeout: 6h
    on_timeout: LEFT
    end: BOOKED
  LEFT: {say: It is gone., end: ABANDONED}
";

#[tokio::test]
async fn what_comes_by_itself_is_shown_and_may_come_now() {
    let service = Service::with_flow(FLOW);
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        assert!(browser.is("return document.getElementById('next').hidden").await?);
        browser.say("table").await?;
        browser
            .wait_for_text("#next-words", "a nudge in 10 minutes, the timeout in 6 hours")
            .await?;
        let now = async || browser.driver.find(By::Id("now")).await?.click().await;
        now().await?;
        let nudged = ["> table", "< How many?", "< Are <b>you</b> there?"];
        browser.wait_for_bubbles(&nudged).await?;
        browser.wait_for_text(".unasked .note", "by itself, delivered").await?;
        browser.wait_for_text("#next-words", "the timeout in 6 hours").await?;
        now().await?;
        let all = [&nudged[..], &["< It is gone."]].concat();
        browser.wait_for_bubbles(&all).await?;
        let is_hidden = "return document.getElementById('next').hidden";
        browser.wait_for("nothing more", async || browser.is(is_hidden).await).await?;
        browser.say("hello?").await?;
        let all = [&all[..], &["> hello?"]].concat();
        browser.wait_for_bubbles(&all).await?;
        // The history has everything in its order.
        browser.driver.refresh().await?;
        browser.wait_until_live().await?;
        browser.wait_for_bubbles(&all).await?;
        browser.console_is_empty().await
    })
    .await;
}

/// Chooses what becomes of the next text by the first letters of a choice, as a
/// person without a mouse does.
async fn choose(browser: &Browser, letters: &str, means: &str) -> WebDriverResult<()> {
    browser.driver.find(By::Id("becomes")).await?.focus().await?;
    browser.press(letters).await?;
    browser.wait_for_text("#becomes-means", means).await?;
    let is_taken = "return document.getElementById('next-text').ariaBusy === null";
    browser.wait_for("the choice to be taken", async || browser.is(is_taken).await).await
}

#[tokio::test]
async fn a_text_becomes_what_was_chosen_and_says_so() {
    let service = Service::with_flow(FLOW);
    in_browser(async |browser| {
        browser.set_screen((390, 844), "light").await?;
        browser.open_phone(&service.link(), ANNA).await?;
        let is_shown = "return document.getElementById('next-text').getClientRects().length > 0";
        assert!(!browser.is(is_shown).await?, "nothing comes by itself yet");
        browser.say("table").await?;
        browser.wait_for("the choice", async || browser.is(is_shown).await).await?;
        browser.wait_for_text("#becomes-means", "then as delivered").await?;
        choose(&browser, "f", "not reachable").await?;
        let fits = "return document.documentElement.scrollWidth <= innerWidth
            && document.documentElement.scrollHeight <= innerHeight
            && [...document.querySelectorAll('#next-text *')].every((part) =>
                part.getBoundingClientRect().right <= innerWidth)";
        assert!(browser.is(fits).await?);
        let now = async || browser.driver.find(By::Id("now")).await?.click().await;
        now().await?;
        let why = "by itself, not delivered (30003): The person's phone is not reachable.";
        browser.wait_for_text(".unasked .note", why).await?;
        browser.wait_for_text("#becomes-means", "then as delivered").await?;
        choose(&browser, "r", "has opted out").await?;
        now().await?;
        let why = "by itself, refused (21610): The person has opted out.";
        browser.wait_for_text(".unasked:last-child .note", why).await?;
        browser.wait_for("no choice", async || Ok(!browser.is(is_shown).await?)).await?;
        let all = ["> table", "< How many?", "< Are <b>you</b> there?", "< It is gone."];
        browser.wait_for_bubbles(&all).await?;
        // The history says the same.
        browser.driver.refresh().await?;
        browser.wait_until_live().await?;
        browser.wait_for_bubbles(&all).await?;
        browser.wait_for_text(".unasked:last-child .note", why).await?;
        browser.console_is_empty().await
    })
    .await;
}

/// The flow that ships asks the shop of the page, without a setting.
#[tokio::test]
async fn the_shop_of_the_page_has_prices() {
    let service = Service::with_flow(include_str!("../../../flows/cake.yaml"));
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        for says in ["cake", "2", "8"] {
            browser.say(says).await?;
        }
        let price = "< Apple strudel for 8: that makes 24 euros. Shall we bake it?";
        let is_last =
            async || Ok(browser.bubbles().await?.last().is_some_and(|last| last == price));
        browser.wait_for("the price", is_last).await?;
        browser.console_is_empty().await
    })
    .await;
}

/// The reply to the message cannot wait for it, so it comes by itself.
#[tokio::test]
async fn the_shop_of_the_page_is_slow_for_many() {
    let flow = include_str!("../../../flows/cake.yaml").replace("quiet: 21:00 to 8:00\n", "");
    let service = Service::with_flow(&flow);
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        for says in ["cake", "2", "30", "and?"] {
            browser.say(says).await?;
        }
        browser.wait_for_text(".turn .theirs", "Which cake").await?;
        browser.wait_for_text(".turn:last-child .theirs", "We are looking up the price").await?;
        browser.wait_for_text(".unasked .theirs", "for 30: that makes 90 euros").await?;
        browser.console_is_empty().await
    })
    .await;
}

/// A payment that the page reports.
const PAID: &str = "\
flow: order
start: [order]
steps:
  PIZZA: {ask: Which?, max: 20}
  URL: {say: \"Pay at {{ callback }} please.\"}
  PAYMENT:
    wait_for: payment
    keep: {amount: /amount}
    when: {paid: THANKS, failed: URL}
  THANKS: {say: \"Thank you for {{ amount }}.\", end: ORDERED}
";

#[tokio::test]
async fn the_page_is_the_third_party_that_is_waited_for() {
    let service = Service::with_flow(PAID);
    in_browser(async |browser| {
        browser.set_screen((390, 844), "light").await?;
        browser.open_phone(&service.link(), ANNA).await?;
        let is_hidden = "return document.getElementById('callback').hidden";
        assert!(browser.is(is_hidden).await?);
        browser.say("order").await?;
        browser.say("Salami").await?;
        browser.wait_for_text("#callback-words", "Waits for payment:").await?;
        let shown = "return document.getElementById('callback-curl').textContent.startsWith(
            `curl -d '{\"outcome\":\"paid\",\"amount\":1}' ${location.origin}/callbacks/`)";
        assert!(browser.is(shown).await?);
        browser.driver.find(By::Css("#callback summary")).await?.click().await?;
        let fits = "return document.documentElement.scrollWidth <= innerWidth
            && document.documentElement.scrollHeight <= innerHeight";
        assert!(browser.is(fits).await?);
        let report = async |outcome: &str| {
            let button = format!("//*[@id='callback-results']/button[text()='{outcome}']");
            browser.driver.find(By::XPath(&button)).await?.click().await
        };
        report("failed").await?;
        browser.wait_for_text(".unasked .note", "by itself, delivered").await?;
        browser.wait_for_text("#callback-words", "Waits for payment:").await?;
        report("paid").await?;
        browser.wait_for_text(".unasked:last-child .text", "Thank you for 1.").await?;
        browser.wait_for("nothing more", async || browser.is(is_hidden).await).await?;
        browser.console_is_empty().await
    })
    .await;
}
