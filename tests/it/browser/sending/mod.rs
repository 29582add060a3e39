//! Everything a phone can send, as a person does it: taps, files, places,
//! names, reactions.

mod files;
mod taps;
mod words;

use std::path::PathBuf;

use tempfile::TempDir;
use thirtyfour::By;
use thirtyfour::error::WebDriverResult;

use super::driver::Browser;

const ANNA: &str = "+14155552671";

/// Asks for what a phone can send.
const FLOW: &str = "\
flow: party
start: [party]
steps:
  SIZE: {ask: Which size?, options: {s: Small, l: 'Large <b>'}}
  DAY: {ask: Which day?, options: {mo: Monday, tu: Tuesday, we: Wednesday, th: Thursday}}
  PICTURE: {ask: A picture please., type: media}
  PLACE: {ask: Where?, type: location}
  DONE: {say: '*{{ profile_name | default(\"You\") }}*: {{ SIZE }} on {{ DAY_label }} at {{ PLACE_label }} ({{ PLACE }}).', end: BOOKED}
";

/// A picture of one pixel.
const PIXEL: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";

/// The button with these words below an element.
async fn click(browser: &Browser, below: &str, words: &str) -> WebDriverResult<()> {
    let button = format!("//*[contains(@class, '{below}')]//button[normalize-space()='{words}']");
    browser.driver.find(By::XPath(&button)).await?.click().await
}

/// Waits until this is the newest bubble.
async fn wait_for_last(browser: &Browser, expected: &str) -> WebDriverResult<()> {
    let is_last = async || Ok(browser.bubbles().await?.last().is_some_and(|last| last == expected));
    browser.wait_for(expected, is_last).await
}

/// The words on the options that are shown.
async fn options(browser: &Browser) -> WebDriverResult<String> {
    let script = "return [...document.querySelectorAll('.options:not([hidden]) .option')]
        .map((option) => option.textContent).join(', ')";
    browser.driver.execute(script, vec![]).await?.convert()
}

async fn wait_for_options(browser: &Browser, expected: &str) -> WebDriverResult<()> {
    browser.wait_for(expected, async || Ok(options(browser).await? == expected)).await
}

/// Files of the test's own.
struct Disk(TempDir);

impl Disk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }
}

/// Chooses files as in the browser's own dialog.
async fn choose(browser: &Browser, paths: &[PathBuf]) -> WebDriverResult<()> {
    let names: Vec<_> = paths.iter().map(|path| path.to_str().unwrap()).collect();
    let chooser = browser.driver.find(By::Css("input[type=file]")).await?;
    chooser.send_keys(names.join("\n")).await?;
    let count = paths.len();
    let waits = format!("return document.querySelectorAll('.waiting .remove').length === {count}");
    browser.wait_for("the files to be attached", async || browser.is(&waits).await).await
}

async fn switch_to(browser: &Browser, channel: &str) -> WebDriverResult<()> {
    let switch = format!("//input[@value='{channel}']/..");
    browser.driver.find(By::XPath(&switch)).await?.click().await
}

async fn fits(browser: &Browser) -> WebDriverResult<()> {
    let fits = "return document.documentElement.scrollWidth <= innerWidth
        && document.documentElement.scrollHeight <= innerHeight
        && [...document.querySelectorAll('.phone *')].every((part) =>
            part.getBoundingClientRect().right <= innerWidth + 1)";
    assert!(browser.is(fits).await?);
    Ok(())
}
