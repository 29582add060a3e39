//! What comes by itself, as a person sees it.

use thirtyfour::By;

use super::driver::in_browser;
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
