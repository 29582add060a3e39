//! Several phones on one page, and flow files that are edited meanwhile.

use thirtyfour::By;
use thirtyfour::error::WebDriverResult;

use super::driver::{Browser, in_browser};
use super::service::Service;

const ANNA: &str = "+14155552671";
const BERT: &str = "+4930123456";

const FLOW: &str = "\
flow: order
start: [order]
steps:
  PIZZA: {ask: Which pizza?}
  DONE: {say: \"{{ PIZZA }} it is.\"}
";

impl Browser {
    /// The bubbles of one of several phones, as `bubbles` has them.
    async fn bubbles_of(&self, phone: &str) -> WebDriverResult<Vec<String>> {
        let script = format!(
            "return [...document.querySelectorAll('[data-phone=\"{phone}\"] .bubble')].map((bubble) =>
                (bubble.classList.contains('mine') ? '> ' : '< ') + bubble.querySelector('.text').textContent)"
        );
        self.driver.execute(script, vec![]).await?.convert()
    }

    async fn wait_for_bubbles_of(&self, phone: &str, expected: &[&str]) -> WebDriverResult<()> {
        let met = async || Ok(self.bubbles_of(phone).await? == expected);
        self.wait_for(&format!("{phone} to show {expected:?}"), met).await
    }

    /// Types a message into one of several phones.
    async fn say_as(&self, phone: &str, text: &str) -> WebDriverResult<()> {
        let field = By::Css(format!("[data-phone='{phone}'] textarea"));
        self.driver.find(field).await?.send_keys(format!("{text}\u{e007}")).await
    }

    async fn click(&self, css: &str) -> WebDriverResult<()> {
        self.driver.find(By::Css(css)).await?.click().await
    }
}

#[tokio::test]
async fn several_phones_stand_side_by_side() {
    let service = Service::with_flow(FLOW);
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        browser.click("#add").await?;
        // A number is suggested; another is typed in its place.
        let number = browser.driver.find(By::Id("add-number")).await?;
        number.clear().await?;
        number.send_keys("555\u{e007}").await?;
        browser.wait_for_text("#add-number-complaint", "Begin with +").await?;
        number.clear().await?;
        number.send_keys(format!("{BERT}\u{e007}")).await?;
        browser.say_as(BERT, "order").await?;
        browser.wait_for_bubbles_of(BERT, &["> order", "< Which pizza?"]).await?;
        browser.say_as(ANNA, "order").await?;
        browser.say_as(ANNA, "Funghi").await?;
        let anna = ["> order", "< Which pizza?", "> Funghi", "< Funghi it is."];
        browser.wait_for_bubbles_of(ANNA, &anna).await?;
        browser.wait_for_bubbles_of(BERT, &["> order", "< Which pizza?"]).await?;
        // Each phone has a channel of its own.
        browser.click(&format!("[data-phone='{BERT}'] .channel label:nth-of-type(2)")).await?;
        let address = "return location.search";
        let search: String = browser.driver.execute(address, vec![]).await?.convert()?;
        let expected = "?phone=%2B14155552671&channel=sms&phone=%2B4930123456&channel=whatsapp";
        assert_eq!(search, expected);
        // No id occurs twice.
        let ids = "const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
            return new Set(ids).size === ids.length";
        assert!(browser.is(ids).await?);

        // The address opens the same page again, and one of them can be put away.
        browser.driver.refresh().await?;
        browser.wait_for_bubbles_of(ANNA, &anna).await?;
        browser.wait_for_bubbles_of(BERT, &["> order", "< Which pizza?"]).await?;
        browser.click(&format!("[aria-label='Put {ANNA} away']")).await?;
        let phones = "return document.querySelectorAll('.phones > .phone').length === 1";
        assert!(browser.is(phones).await?);
        browser.say_as(BERT, "Salami").await?;
        let bert = ["> order", "< Which pizza?", "> Salami", "< Salami it is."];
        browser.wait_for_bubbles_of(BERT, &bert).await?;
        browser.console_is_empty().await
    })
    .await;
}

#[tokio::test]
async fn a_phone_can_be_added_on_any_screen() {
    let service = Service::with_flow(FLOW);
    in_browser(async |browser| {
        let three = format!("{ANNA}&phone=%2B4930123456&phone=%2B436601234567");
        for phones in [ANNA, &three] {
            browser.open_phone(&service.link(), phones).await?;
            for screen in [(360, 640), (390, 844), (640, 560), (1280, 900)] {
                browser.set_screen(screen, "light").await?;
                let is_whole = "const button = document.getElementById('add');
                    const box = button.getBoundingClientRect();
                    const others = document.getElementById('panel-switches').getBoundingClientRect();
                    const middle = [box.left + box.width / 2, box.top + box.height / 2];
                    return box.width >= 24 && box.left >= 0 && box.right <= others.left
                        && document.elementFromPoint(...middle) === button";
                assert!(browser.is(is_whole).await?, "{screen:?} {phones}");
            }
        }
        browser.console_is_empty().await
    })
    .await;
}

#[tokio::test]
async fn twelve_phones_are_live_on_one_page() {
    let service = Service::with_flow(FLOW);
    let numbers: Vec<String> = (0..12).map(|n| format!("+141555501{n:02}")).collect();
    in_browser(async |browser| {
        let others: Vec<String> = numbers[1..]
            .iter()
            .map(|number| format!("&phone={}", number.replace('+', "%2B")))
            .collect();
        browser.open_phone(&service.link(), &format!("{}{}", numbers[0], others.concat())).await?;
        for number in &numbers {
            browser.say_as(number, "order").await?;
        }
        for number in &numbers {
            browser.wait_for_bubbles_of(number, &["> order", "< Which pizza?"]).await?;
        }
        browser.console_is_empty().await
    })
    .await;
}

#[tokio::test]
async fn a_flow_is_changed_while_it_is_played() {
    let service = Service::with_flow(FLOW);
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        browser.say("order").await?;
        browser.wait_for_bubbles(&["> order", "< Which pizza?"]).await?;
        service.save_flow(&FLOW.replace("say:", "sya:"));
        browser.wait_for_text("#flows-findings", "`sya`").await?;
        assert!(browser.is("return !document.getElementById('flows-problem').hidden").await?);
        // A page that is opened now shows the mistake, too.
        browser.driver.refresh().await?;
        browser.wait_for_text("#flows-findings", "`sya`").await?;
        // A page that is hidden meanwhile hears nothing, and catches up.
        let here = browser.driver.window().await?;
        browser.new_tab().await?;
        browser.open_phone(&service.link(), BERT).await?;
        browser.wait_for_text("#flows-findings", "`sya`").await?;
        service.save_flow(&FLOW.replace("it is", "is baked"));
        let is_gone = "return document.getElementById('flows-problem').hidden";
        browser.wait_for("the mistake to be gone", async || browser.is(is_gone).await).await?;
        browser.driver.close_window().await?;
        browser.driver.switch_to_window(here).await?;
        browser.wait_for("it to be gone here", async || browser.is(is_gone).await).await?;
        browser.say("Funghi").await?;
        let said = ["> order", "< Which pizza?", "> Funghi", "< Funghi is baked."];
        browser.wait_for_bubbles(&said).await?;
        browser.console_is_empty().await
    })
    .await;
}
