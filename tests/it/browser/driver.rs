//! A Chromium of the test's own, and the page in it as a person uses it.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::json;
use thirtyfour::prelude::*;
use thirtyfour::{Key, LoggingPrefsLogLevel, WindowHandle};
use tokio::time::{interval, timeout};

use crate::support::plain;

/// Long enough for any machine; only a failing test waits for it to pass.
const DEADLINE: Duration = Duration::from_secs(20);

const FLAGS: [&str; 8] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// Runs a test in a fresh browser, and ends the browser whatever comes of it.
pub(crate) async fn in_browser(test: impl AsyncFnOnce(Browser) -> WebDriverResult<()>) {
    let chromedriver = Chromedriver::start();
    let profile = tempfile::tempdir().unwrap();
    let mut capabilities = DesiredCapabilities::chrome();
    for flag in FLAGS {
        capabilities.add_arg(flag).unwrap();
    }
    capabilities.add_arg(&format!("--user-data-dir={}", profile.path().display())).unwrap();
    capabilities.set_browser_log_level(LoggingPrefsLogLevel::All).unwrap();
    let client = plain::client().timeout(Duration::from_mins(2)).build().unwrap();
    let driver = WebDriver::builder(chromedriver.url(), capabilities).client(client).await.unwrap();
    driver.run_and_quit(async |driver| test(Browser { driver }).await).await.unwrap();
}

/// The process that drives the browser; it ends with its value.
struct Chromedriver {
    process: Child,
    port: u16,
}

impl Chromedriver {
    /// Starts it on a free port. It takes the port for IPv4 and for IPv6, and ends
    /// at once if another process has one of the two.
    fn start() -> Self {
        (0..5).find_map(|_| Self::try_start()).expect("chromedriver names its port")
    }

    /// Starts it on a port that it chooses and prints.
    fn try_start() -> Option<Self> {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver, which the browser tests need, is installed");
        let output = BufReader::new(process.stdout.take().unwrap());
        let port = output.lines().map_while(Result::ok).find_map(|line| {
            line.split_once("started successfully on port ")?.1.trim_end_matches('.').parse().ok()
        });
        if port.is_none() {
            drop(process.kill());
            drop(process.wait());
        }
        Some(Self { process, port: port? })
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Chromedriver {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// A browser window with the page in it.
pub(crate) struct Browser {
    pub(crate) driver: WebDriver,
}

impl Browser {
    /// Opens a phone by the service's link, and waits until it has heard from it.
    pub(crate) async fn open_phone(&self, link: &str, number: &str) -> WebDriverResult<()> {
        let number = number.replace('+', "%2B");
        self.driver.goto(format!("{link}&phone={number}")).await?;
        self.wait_until_live().await
    }

    /// Opens a link in a tab of its own, closes that and comes back.
    pub(crate) async fn open_aside(&self, link: &str) -> WebDriverResult<()> {
        let here = self.driver.window().await?;
        self.new_tab().await?;
        self.driver.goto(link).await?;
        self.driver.close_window().await?;
        self.driver.switch_to_window(here).await
    }

    pub(crate) async fn wait_until_live(&self) -> WebDriverResult<()> {
        let live = "return document.getElementById('log').ariaLive === 'polite'
                        && document.getElementById('connection').textContent === ''";
        self.wait_for("the phone to be connected", async || self.is(live).await).await
    }

    /// Types a message and presses Enter.
    pub(crate) async fn say(&self, text: &str) -> WebDriverResult<()> {
        let field = self.driver.find(By::Id("text")).await?;
        field.send_keys(text).await?;
        field.send_keys(Key::Enter + "").await
    }

    /// The bubbles as a chat file would have them: `> ` before what the person
    /// said, `< ` before what was answered.
    pub(crate) async fn bubbles(&self) -> WebDriverResult<Vec<String>> {
        let script = "return [...document.querySelectorAll('.bubble')].map((bubble) =>
            (bubble.classList.contains('mine') ? '> ' : '< ') +
            [...bubble.querySelectorAll('.text, .media')].map((part) => part.textContent).join(' | '))";
        self.driver.execute(script, vec![]).await?.convert()
    }

    pub(crate) async fn wait_for_bubbles(&self, expected: &[&str]) -> WebDriverResult<()> {
        let met = async || Ok(self.bubbles().await? == expected);
        if timeout(DEADLINE, poll(met)).await.is_err() {
            assert_eq!(self.bubbles().await?, expected);
        }
        Ok(())
    }

    /// Waits until the element's text holds these words.
    pub(crate) async fn wait_for_text(&self, css: &str, words: &str) -> WebDriverResult<()> {
        self.wait_for(&format!("{css} to say {words:?}"), async || {
            Ok(self.text_of(css).await?.contains(words))
        })
        .await
    }

    /// The text of the first such element, seen or unseen; empty where there is none.
    pub(crate) async fn text_of(&self, css: &str) -> WebDriverResult<String> {
        let script = "return document.querySelector(arguments[0])?.textContent ?? ''";
        self.driver.execute(script, vec![json!(css)]).await?.convert()
    }

    /// Whether a script returns true.
    pub(crate) async fn is(&self, script: &str) -> WebDriverResult<bool> {
        self.driver.execute(script, vec![]).await?.convert()
    }

    pub(crate) async fn wait_for(
        &self,
        what: &str,
        condition: impl AsyncFn() -> WebDriverResult<bool>,
    ) -> WebDriverResult<()> {
        timeout(DEADLINE, poll(condition)).await.unwrap_or_else(|_| panic!("waited for {what}"))
    }

    /// Presses keys wherever the focus is.
    pub(crate) async fn press(
        &self,
        keys: impl Into<thirtyfour::TypingData>,
    ) -> WebDriverResult<()> {
        let keys = keys.into();
        self.driver.active_element().await?.send_keys(keys).await
    }

    /// Asserts that the browser found nothing to complain of: no error in a
    /// script, nothing that the content security policy had to stop.
    pub(crate) async fn console_is_empty(&self) -> WebDriverResult<()> {
        let complaints = self.driver.browser_log().await?;
        assert!(complaints.is_empty(), "{complaints:#?}");
        Ok(())
    }

    /// Opens a further tab, with nothing in it, and goes there.
    pub(crate) async fn new_tab(&self) -> WebDriverResult<WindowHandle> {
        let tab = self.driver.new_tab().await?;
        self.driver.switch_to_window(tab.clone()).await?;
        Ok(tab)
    }

    /// Gives the window the size of a screen, in the light or in the dark.
    pub(crate) async fn set_screen(
        &self,
        (width, height): (u32, u32),
        scheme: &str,
    ) -> WebDriverResult<()> {
        let cdp = self.driver.cdp();
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600});
        cdp.send_raw("Emulation.setDeviceMetricsOverride", metrics).await?;
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        cdp.send_raw("Emulation.setEmulatedMedia", features).await?;
        Ok(())
    }
}

/// Asks until the answer is yes.
async fn poll(condition: impl AsyncFn() -> WebDriverResult<bool>) -> WebDriverResult<()> {
    let mut ticks = interval(Duration::from_millis(20));
    loop {
        ticks.tick().await;
        if condition().await? {
            return Ok(());
        }
    }
}
