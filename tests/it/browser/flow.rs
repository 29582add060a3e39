//! The flow beside the phone: the step that is highlighted, the tools, long flows,
//! and texts that contain markup.

use std::fmt::Write as _;

use thirtyfour::error::WebDriverResult;
use thirtyfour::{By, Key};

use super::driver::{Browser, in_browser};
use super::service::Service;

const ANNA: &str = "+14155552671";

/// The box in which the person is, with the words above it.
const HERE: &str = "return [...document.querySelectorAll('.flow-picture .here')]
    .map((box) => box.dataset.box).join() + ' ' +
    [...document.querySelectorAll('.flow-picture .mark')].map((mark) => mark.textContent).join()";

/// The boxes that were passed, and the number of lines.
const PASSED: &str = "return [...document.querySelectorAll('.flow-picture .box.passed')]
    .map((box) => box.dataset.box).join(' ') + ' ' +
    document.querySelectorAll('.flow-picture .line.passed').length";

const ORDER: &str = "\
flow: order
start: [order]
steps:
  WHAT: {ask: What?}
  WHERE: {run: address}
  MORE: {ask: More?}
---
flow: address
steps:
  STREET: {ask: Street?}
";

impl Browser {
    /// Opens a phone and the flow beside it.
    async fn open_flow(&self, link: &str) -> WebDriverResult<()> {
        self.open_flow_on((1280, 900), link).await
    }

    /// The same on a screen of this size.
    async fn open_flow_on(&self, screen: (u32, u32), link: &str) -> WebDriverResult<()> {
        self.set_screen(screen, "dark").await?;
        self.open_phone(link, ANNA).await?;
        self.driver.find(By::Id("open-flow")).await?.click().await?;
        self.wait_for("a picture", async || {
            self.is("return document.querySelector('.flow-picture .box') !== null").await
        })
        .await
    }

    async fn answer(&self, script: &str) -> WebDriverResult<String> {
        self.driver.execute(script, vec![]).await?.convert()
    }

    /// Waits until the person is shown there.
    async fn wait_for_here(&self, expected: &str) -> WebDriverResult<()> {
        self.wait_for(expected, async || Ok(self.answer(HERE).await? == expected)).await
    }

    /// The size of the picture in percent.
    async fn scale(&self) -> WebDriverResult<i32> {
        let shown = self.text_of("#flow-scale").await?;
        Ok(shown.trim_end_matches(" %").parse().unwrap_or_else(|_| panic!("{shown:?}")))
    }
}

#[tokio::test]
async fn the_lit_step_moves_with_the_messages() {
    let service = Service::start();
    in_browser(async |browser| {
        browser.open_flow(&service.link()).await?;
        browser.wait_for_text("#flow-words", "No conversation has begun on this phone.").await?;
        assert_eq!(browser.answer(HERE).await?, " ");
        browser.driver.find(By::Id("text")).await?.click().await?;
        browser.say("hello").await?;
        browser.wait_for_here("s_WAITING_FOR_NAME waits here").await?;
        let words = "Waits at WAITING_FOR_NAME of favorite-song.";
        browser.wait_for_text("#flow-words", words).await?;
        assert_eq!(browser.answer(PASSED).await?, "start s_WAITING_FOR_NAME 1");
        browser.say("John").await?;
        browser.wait_for_here("s_WAITING_FOR_SONG waits here").await?;
        let passed = "start s_WAITING_FOR_NAME s_WAITING_FOR_SONG 2";
        assert_eq!(browser.answer(PASSED).await?, passed);
        let current = "return document.querySelector('#flow-list [aria-current=true]').textContent";
        assert!(browser.answer(current).await?.starts_with("WAITING_FOR_SONG asks: "));
        browser.say("Bohemian Rhapsody").await?;
        browser.wait_for_here("end_1 ended here").await?;
        browser.wait_for_text("#flow-words", "favorite-song has ended with COMPLETED.").await?;
        // A reload shows the same.
        browser.driver.refresh().await?;
        browser.wait_until_live().await?;
        browser.driver.find(By::Id("open-flow")).await?.click().await?;
        browser.wait_for_here("end_1 ended here").await?;
        browser.console_is_empty().await
    })
    .await;
}

#[tokio::test]
async fn a_sub_flow_is_followed_and_another_flow_can_be_chosen() {
    let service = Service::with_flows(ORDER);
    in_browser(async |browser| {
        browser.open_flow(&service.link()).await?;
        browser.driver.find(By::Id("text")).await?.click().await?;
        browser.say("order").await?;
        browser.say("Pizza").await?;
        browser.wait_for_here("s_STREET waits here").await?;
        let words = "Waits at STREET of address, which WHERE of order runs.";
        browser.wait_for_text("#flow-words", words).await?;
        let chosen = "return document.getElementById('flow-chooser').value";
        assert_eq!(browser.answer(chosen).await?, "address");
        // The other flow, by the keyboard.
        browser.driver.find(By::Id("flow-chooser")).await?.focus().await?;
        browser.press("order").await?;
        browser.wait_for_here("s_WHERE runs now").await?;
        let follow = "return document.getElementById('flow-follow').ariaPressed";
        assert_eq!(browser.answer(follow).await?, "false");
        // The picture stays until the person presses “Follow” again.
        browser.driver.find(By::Id("text")).await?.click().await?;
        browser.say("Elm Street").await?;
        browser.wait_for_here("s_MORE waits here").await?;
        browser.driver.find(By::Id("flow-follow")).await?.click().await?;
        assert_eq!(browser.answer(chosen).await?, "order");
        let passed = "start s_WHAT s_WHERE s_MORE 3";
        assert_eq!(browser.answer(PASSED).await?, passed);
        browser.console_is_empty().await
    })
    .await;
}

#[tokio::test]
async fn the_keyboard_moves_and_zooms_the_picture() {
    let service = Service::with_flow(&long(40));
    in_browser(async |browser| {
        browser.open_flow(&service.link()).await?;
        browser.driver.find(By::Id("flow-view")).await?.focus().await?;
        let before = browser.scale().await?;
        browser.press("+").await?;
        let larger = browser.scale().await?;
        assert!(larger > before, "{larger} after {before}");
        browser.press("-").await?;
        assert_eq!(browser.scale().await?, before);
        let place = "const view = document.getElementById('flow-view');
                     return `${Math.round(view.scrollLeft)} ${Math.round(view.scrollTop)}`";
        browser.press("++++").await?;
        let at = browser.answer(place).await?;
        browser.press(Key::Down + Key::Right).await?;
        let moved = browser.answer(place).await?;
        assert_ne!(moved, at);
        browser.press(Key::Up + Key::Left).await?;
        assert_eq!(browser.answer(place).await?, at);
        browser.press("0").await?;
        let fits = "const view = document.getElementById('flow-view');
                    return view.scrollHeight <= view.clientHeight + 1
                        && view.scrollWidth <= view.clientWidth + 1";
        assert!(browser.is(fits).await?);
        // A box of the list is brought into view and framed.
        browser.driver.find(By::Id("flow-in")).await?.click().await?;
        browser.driver.find(By::Css(".flow-boxes summary")).await?.focus().await?;
        browser.press(Key::Enter + "").await?;
        browser.press(Key::Tab + Key::Tab).await?;
        let name = browser.answer("return document.activeElement.textContent").await?;
        assert!(name.starts_with("S0 asks: "), "{name}");
        browser.press(Key::Enter + "").await?;
        assert_eq!(
            browser.answer("return document.querySelector('.chosen').dataset.box").await?,
            "s_S0"
        );
        browser.console_is_empty().await
    })
    .await;
}

#[tokio::test]
async fn long_flows_are_readable_on_any_screen() {
    let service = Service::with_flow(&long(40));
    in_browser(async |browser| {
        for screen in [(1280, 900), (390, 844)] {
            browser.open_flow_on(screen, &service.link()).await?;
            if screen.0 == 1280 {
                browser.driver.find(By::Id("text")).await?.click().await?;
                browser.say("hello").await?;
                for _ in 0..20 {
                    browser.say("yes").await?;
                }
            }
            browser.wait_for_here("s_S20 waits here").await?;
            assert!(browser.scale().await? >= 80, "texts of less than ten pixels");
            let in_view = "
                const view = document.getElementById('flow-view').getBoundingClientRect();
                const box = document.querySelector('.flow-picture .here').getBoundingClientRect();
                return view.width > 200 && view.height > 150 && box.top >= view.top - 1
                    && box.bottom <= view.bottom + 1 && box.right > view.left && box.left < view.right";
            browser.wait_for("the step in view", async || browser.is(in_view).await).await?;
            let fits = "return document.documentElement.scrollWidth <= innerWidth";
            assert!(browser.is(fits).await?, "the page is wider than {screen:?}");
        }
        browser.console_is_empty().await
    })
    .await;
}

#[tokio::test]
async fn what_a_flow_says_is_never_markup() {
    let hostile = "<img src=x onerror=document.title='owned'></text></svg><script>document.title='owned'</script>";
    let flow = format!(
        "flow: test\nstart: [hello]\nsteps:\n  A:\n    ask: \"{hostile}\"\n    \
         options: {{a: \"<b>bold</b> & co\", b: B}}\n    when: {{a: C}}\n  B: {{say: b}}\n  C: {{ask: c}}\n"
    );
    let service = Service::with_flow(&flow);
    in_browser(async |browser| {
        browser.open_flow(&service.link()).await?;
        let clean = "return document.querySelector('.flow :is(img, script, b)') === null
            && document.title !== 'owned'
            && document.querySelector('.flow-picture').textContent.includes('<b>bold</b>')";
        assert!(browser.is(clean).await?);
        let name = browser
            .answer("return document.querySelector('#flow-list [data-box=s_A] button').textContent")
            .await?;
        assert!(name.starts_with("A asks: <img src=x"), "{name}");
        browser.console_is_empty().await
    })
    .await;
}

/// A flow with `count` questions, and with ways back and far ahead.
fn long(count: usize) -> String {
    let mut flow = "flow: long\nstart: [hello]\nsteps:\n".to_owned();
    for at in 0..count {
        let (back, far) = (at / 2, (at + 7).min(count - 1));
        let when = if at % 3 == 0 { format!(", when: {{no: S{far}}}") } else { String::new() };
        let fail =
            if at % 4 == 1 { format!(", tries: 3, on_fail: S{back}") } else { String::new() };
        let ask = format!("ask: 'Is it so at step {at}, or is it otherwise?', type: yes_no");
        writeln!(flow, "  S{at}: {{{ask}{when}{fail}}}").unwrap();
    }
    flow
}
