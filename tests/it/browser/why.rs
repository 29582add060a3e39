//! The view “Why”: a turn opens to what explains it, and the conversation is saved.

use thirtyfour::By;
use thirtyfour::error::WebDriverResult;

use super::driver::{Browser, in_browser};
use super::service::Service;

const ANNA: &str = "+14155552671";

const FLOW: &str = "\
flow: order
start: [order]
steps:
  PIZZA: {ask: 'Which <b>pizza</b>?', options: {funghi: Funghi, salami: Salami}}
  DONE: {say: '{{ PIZZA_label }} – it is.', end: ORDERED}
";

impl Browser {
    /// Opens the reasons of the newest turn, by the state below it.
    async fn ask_why(&self) -> WebDriverResult<()> {
        self.driver.find(By::Css(".turn:last-child .why")).await?.click().await
    }
}

#[tokio::test]
async fn the_state_below_a_turn_opens_its_reasons() {
    let service = Service::with_flow(FLOW);
    in_browser(async |browser| {
        browser.set_screen((1440, 900), "light").await?;
        browser.open_phone(&service.link(), ANNA).await?;
        browser.say("order").await?;
        browser.wait_for_text(".turn:last-child .state", "PIZZA").await?;
        browser.ask_why().await?;
        let open = ".view-why li:first-child details[open]";
        browser.wait_for_text(open, "the start word `order` begins order").await?;
        browser.say("<i>salami</i>").await?;
        browser.wait_for_text(".view-why li:first-child summary", "<i>salami</i>").await?;
        // Somebody who reads keeps what is open.
        browser.wait_for_text(".view-why li:nth-child(2) details[open]", "begins order").await?;
        browser.say("salami").await?;
        browser.wait_for_text(".turn:last-child .state", "ORDERED").await?;
        browser.ask_why().await?;
        for words in [
            "the option `salami` of PIZZA, by its id",
            "PIZZA -> DONE",
            "salami (new)",
            "`–` at character 8 is not in GSM-7",
            "> salami\n< Salami – it is.",
        ] {
            browser.wait_for_text(open, words).await?;
        }
        let is_focused =
            "return document.activeElement.closest('.view-why li:first-child') !== null";
        assert!(browser.is(is_focused).await?);
        browser.driver.find(By::Css(format!("{open} .why-request button"))).await?.click().await?;
        browser.wait_for_text(open, "MessageSid").await?;
        let saved = "const link = document.querySelector('.view-why a[download]');
            const answer = await fetch(link.href);
            return await answer.text();";
        let chat: String = browser.driver.execute(saved, vec![]).await?.convert()?;
        assert!(chat.starts_with("> order\n") && chat.ends_with("= ORDERED\n"), "{chat}");
        browser.console_is_empty().await
    })
    .await;
}

#[tokio::test]
async fn reasons_are_those_of_the_phone_that_was_used_last() {
    let service = Service::with_flow(FLOW);
    in_browser(async |browser| {
        browser.set_screen((1920, 900), "light").await?;
        let both = format!("{ANNA}&phone=%2B4930123456");
        browser.open_phone(&service.link(), &both).await?;
        browser.driver.find(By::Id("open-why")).await?.click().await?;
        browser.wait_for_text(".why-words", &format!("{ANNA} has sent nothing")).await?;
        browser.say("order").await?;
        browser.wait_for_text(".why-words", "1 turn of").await?;
        let other = "[data-phone='+4930123456'] textarea";
        browser.driver.find(By::Css(other)).await?.click().await?;
        browser.wait_for_text(".why-words", "+4930123456 has sent nothing").await?;
        for screen in [(360, 640), (390, 844), (1280, 900)] {
            for scheme in ["light", "dark"] {
                browser.set_screen(screen, scheme).await?;
                let fits = "return document.documentElement.scrollWidth <= innerWidth";
                assert!(browser.is(fits).await?, "{screen:?}");
            }
        }
        browser.console_is_empty().await
    })
    .await;
}
