//! The main views of the page, as `docs/page.md` and README show them.
//!
//! Leaves pictures in the target folder's `tmp/phone-page`: `view-phones.png`,
//! `view-flow.png`, `view-why.png`, `view-requests.png`,
//! `view-mishap.png` and `view-narrow.png`.
//! After a change of the page, reduce these pictures to 256 colours and put them
//! into `docs/page/`.

use std::path::Path;

use thirtyfour::By;
use thirtyfour::error::WebDriverResult;

use super::driver::{Browser, in_browser};
use super::service::Service;

const ANNA: &str = "+14155552671";
const BERT: &str = "+4930123456";

impl Browser {
    async fn keep_picture(&self, name: &str) -> WebDriverResult<()> {
        let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).join("phone-page");
        std::fs::create_dir_all(&pictures)?;
        self.driver.screenshot(&pictures.join(format!("view-{name}.png"))).await
    }

    async fn press_on(&self, css: &str) -> WebDriverResult<()> {
        self.driver.find(By::Css(css)).await?.click().await
    }
}

#[tokio::test]
async fn the_main_views_are_those_of_the_documents() {
    let service = Service::with_shipped_flows();
    let phone = |number: &str, rest: &str| format!("[data-phone='{number}'] {rest}");
    in_browser(async |browser| {
        browser.set_screen((1280, 900), "light").await?;
        let both =
            format!("{ANNA}&channel=whatsapp&phone={}&channel=sms", BERT.replace('+', "%2B"));
        browser.open_phone(&service.link(), &both).await?;
        for (number, says, shows) in [(BERT, "pizza", "Which pizza"), (ANNA, "cake", "Which cake")]
        {
            let field = browser.driver.find(By::Css(phone(number, "textarea"))).await?;
            field.send_keys(format!("{says}\u{e007}")).await?;
            browser.wait_for_text(&phone(number, ".turn:last-child .theirs"), shows).await?;
        }
        browser.wait_for_text(&phone(ANNA, ".options"), "Sachertorte").await?;
        browser.keep_picture("phones").await?;

        browser.press_on(&phone(ANNA, ".options button")).await?;
        browser.wait_for_text(&phone(ANNA, ".turn:last-child .theirs"), "how many").await?;
        browser.press_on("#open-flow").await?;
        browser
            .wait_for("the step where Anna waits", async || {
                browser.is("return document.querySelector('.flow-picture .here') !== null").await
            })
            .await?;
        browser.keep_picture("flow").await?;

        browser.press_on("#open-why").await?;
        browser.wait_for_text(".view-why li:first-child summary", "CAKE").await?;
        browser.press_on(".view-why li:first-child summary").await?;
        browser.wait_for_text(".view-why li:first-child", "the option").await?;
        browser.keep_picture("why").await?;

        browser.press_on("#open-requests").await?;
        browser.wait_for_text(".requests-count", "3 requests").await?;
        browser.press_on(".view-requests .requests > li:first-child summary").await?;
        browser.wait_for_text(".view-requests .requests > li:first-child", "MessageSid").await?;
        browser.keep_picture("requests").await?;

        browser.press_on("#panel-close").await?;
        browser.press_on(&phone(ANNA, ".mishap-menu > summary")).await?;
        browser.wait_for_text(&phone(ANNA, ".mishap-list"), "A wrong signature").await?;
        let again = "(//*[@class='mishap-list'])[1]//button[text()='The last message again']";
        browser.driver.find(By::XPath(again)).await?.click().await?;
        browser.wait_for_text(&phone(ANNA, ".mishap-result"), "byte for byte").await?;
        browser.keep_picture("mishap").await?;

        browser.set_screen((390, 844), "dark").await?;
        browser.keep_picture("narrow").await?;
        browser.console_is_empty().await
    })
    .await;
}
