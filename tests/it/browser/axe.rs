//! Every view of the page by the rules of axe-core, which `scripts/test` fetches.

use serde_json::Value;
use thirtyfour::error::WebDriverResult;
use thirtyfour::{By, Key};

use super::driver::{Browser, in_browser};
use super::service::Service;
use crate::support::skip;

const ANNA: &str = "+14155552671";

impl Browser {
    /// Adds the rules that the page as it is now breaks, and where.
    async fn examine(
        &self,
        axe: &str,
        view: &str,
        broken: &mut Vec<String>,
    ) -> WebDriverResult<()> {
        let run = "const { violations, passes } = await axe.run(document, { resultTypes: ['violations'] });
            return [passes.length, ...violations.map(({ id, help, nodes }) =>
                `${id}: ${help}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)];";
        for (screen, scheme) in [((1280, 900), "light"), ((390, 844), "dark")] {
            self.set_screen(screen, scheme).await?;
            let run = format!("{axe}\n{run}");
            let found: Vec<Value> = self.driver.execute(run, vec![]).await?.convert()?;
            assert!(found[0].as_u64().unwrap() > 10, "{view}: the rules were not examined");
            broken.extend(found[1..].iter().map(|rule| format!("{view}, {scheme}: {rule}")));
        }
        Ok(())
    }

    async fn use_button(&self, css: &str) -> WebDriverResult<()> {
        // A button may be in a menu that is closed on a narrow screen.
        let script = format!("document.querySelector(\"{css}\").click()");
        self.driver.execute(script, vec![]).await.map(drop)
    }
}

#[tokio::test]
async fn every_view_keeps_the_rules_of_accessibility() {
    let Some(path) = std::env::var_os("AXE_CORE") else {
        return skip("AXE_CORE does not name the file `axe.min.js` of axe-core");
    };
    let axe = std::fs::read_to_string(&path).unwrap();
    let service = Service::with_shipped_flows();
    in_browser(async |browser| {
        let mut broken = Vec::new();
        browser.driver.goto(service.link()).await?;
        browser.driver.find(By::Id("number")).await?;
        browser.examine(&axe, "the start", &mut broken).await?;
        let both = format!("{ANNA}&channel=whatsapp&phone=%2B4930123456");
        browser.open_phone(&service.link(), &both).await?;
        browser.examine(&axe, "empty phones", &mut broken).await?;
        browser.say("cake").await?;
        browser.wait_for_text(".options", "Sachertorte").await?;
        browser.examine(&axe, "a question with buttons", &mut broken).await?;
        browser.use_button(".options button").await?;
        browser.wait_for_text(".turn:last-child .state", "PEOPLE").await?;
        browser.wait_for_text("#next-words", "a nudge").await?;
        browser.examine(&axe, "what comes by itself", &mut broken).await?;
        for (name, shows) in [
            ("flow", ".flow-picture .here"),
            ("why", ".view-why li summary"),
            ("requests", ".view-requests li summary"),
        ] {
            browser.use_button(&format!("#open-{name}")).await?;
            let is_there = format!("return document.querySelector('{shows}') !== null");
            browser.wait_for(name, async || browser.is(&is_there).await).await?;
            browser.use_button(&format!(".view-{name} summary")).await?;
            browser.examine(&axe, name, &mut broken).await?;
        }
        browser.use_button("#panel-close").await?;
        browser.use_button(".mishap-menu > summary").await?;
        browser.wait_for_text(".mishap-list", "A wrong signature").await?;
        browser.examine(&axe, "the menu of mishaps", &mut broken).await?;
        browser.use_button(".mishap-list li:nth-child(4) button").await?;
        browser.wait_for_text(".mishap-result", "in ").await?;
        browser.examine(&axe, "the result of a mishap", &mut broken).await?;
        browser.use_button("#attach").await?;
        browser.examine(&axe, "the menu of attachments", &mut broken).await?;
        browser.press(Key::Escape + "").await?;
        browser.use_button("#add").await?;
        browser.examine(&axe, "another phone", &mut broken).await?;
        browser.press(Key::Escape + "").await?;
        assert!(broken.is_empty(), "{broken:#?}");
        browser.console_is_empty().await
    })
    .await;
}
