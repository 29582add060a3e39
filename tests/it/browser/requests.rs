//! The requests that came in, as a person sees them: with the keyboard alone, on any
//! screen.

use std::process::Command;

use reqwest::header;
use thirtyfour::error::WebDriverResult;
use thirtyfour::{By, Key};

use super::driver::{Browser, in_browser};
use super::service::Service;
use crate::support::page::stranger;

const ANNA: &str = "+14155552671";
const FORM: &str = "application/x-www-form-urlencoded";

/// A message of somebody else, with everything that can break a page.
fn hostile() -> String {
    let markup = "%3Cimg+src%3Dx+onerror%3D%22document.title%3D'owned'%22%3E%E2%80%AEback";
    format!("Body={markup}&%3Cb%3E=%FE%FF&=&Long={}", "unbroken".repeat(1_000))
}

async fn post(service: &Service, body: String) {
    let answer = stranger()
        .post(format!("{}/webhooks/twilio", service.url()))
        .header("X-Twilio-Signature", "RSOYDt4T1cUTdK1PDd93/VVr8B8=")
        .header(header::CONTENT_TYPE, FORM)
        .body(body);
    assert_eq!(answer.send().await.unwrap().status(), 403);
}

/// Opens the panel with the keyboard.
async fn open_panel(browser: &Browser) -> WebDriverResult<()> {
    browser.driver.find(By::Id("open-requests")).await?.focus().await?;
    browser.press(Key::Enter + "").await
}

/// The lines of the list that can be seen.
async fn lines(browser: &Browser) -> WebDriverResult<Vec<String>> {
    let script = "return [...document.querySelectorAll('.requests > li')]
        .filter((line) => line.getClientRects().length > 0)
        .map((line) => [...line.querySelectorAll('.request-status, .request-target, .request-said')]
            .map((part) => part.textContent.slice(0, 30)).join(' '))";
    browser.driver.execute(script, vec![]).await?.convert()
}

async fn wait_for_lines(browser: &Browser, expected: &[&str]) -> WebDriverResult<()> {
    let met = async || Ok(lines(browser).await? == expected);
    browser.wait_for(&format!("{expected:?}"), met).await
}

#[tokio::test]
async fn what_came_in_is_listed_opened_and_filtered_by_the_keyboard() {
    let service = Service::start();
    in_browser(async |browser| {
        browser.set_screen((1280, 900), "light").await?;
        browser.open_phone(&service.link(), ANNA).await?;
        open_panel(&browser).await?;
        browser.wait_for_text(".requests-count", "Nothing has come in yet.").await?;
        // The panel lies beside the phone, which goes on.
        browser.say("hello").await?;
        let own = "200 POST /webhooks/twilio hello";
        wait_for_lines(&browser, &[own]).await?;
        post(&service, hostile()).await;
        let strange = "403 POST /webhooks/twilio <img src=x onerror=\"document.t";
        wait_for_lines(&browser, &[strange, own]).await?;
        browser.wait_for_text(".requests-count", "2 requests, 1 refused").await?;

        browser.driver.find(By::Css(".requests summary")).await?.focus().await?;
        browser.press(Key::Enter + "").await?;
        browser.wait_for_text(".request-why", "The signature does not match.").await?;
        browser.wait_for_text(".request-advice", "set TWILIO_AUTH_TOKEN and PUBLIC_URL").await?;
        let row = "return [...document.querySelectorAll('.requests table tr')]
            .map((row) => [...row.cells].map((cell) => cell.textContent.slice(0, 20)).join('='))
            .slice(0, 4)";
        let rows: Vec<String> = browser.driver.execute(row, vec![]).await?.convert()?;
        let body = "Body=<img src=x onerror=\"";
        assert_eq!(
            rows,
            [&body[..25], "<b>=\\xFE\\xFF", "(no name)=", "Long=unbrokenunbrokenunbr"]
        );
        let is_text =
            "return document.querySelectorAll('.view-requests img, .view-requests b').length === 0
            && document.title !== 'owned'";
        assert!(browser.is(is_text).await?);
        // Nobody gets the signature of somebody else.
        let no_copy = "return document.querySelector('.request-copy') === null";
        assert!(browser.is(no_copy).await?);

        browser.driver.find(By::Css(".requests-filter input")).await?.focus().await?;
        browser.press(" ").await?;
        wait_for_lines(&browser, &[strange]).await?;
        browser.press(" ").await?;
        wait_for_lines(&browser, &[strange, own]).await?;
        browser.press(Key::Escape + "").await?;
        let is_closed = "return document.getElementById('panel').hidden
            && document.activeElement.id === 'open-requests'";
        browser.wait_for("the panel to close", async || browser.is(is_closed).await).await?;
        browser.console_is_empty().await
    })
    .await;
}

#[tokio::test]
async fn the_list_can_be_read_on_any_screen() {
    let service = Service::start();
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        browser.say(&"unbroken".repeat(60)).await?;
        browser.wait_for_text(".turn .state", "INITIAL").await?;
        post(&service, hostile()).await;
        // Everything lies inside the panel, whatever is open, and the panel inside
        // the window; the page itself does not scroll.
        let fits = "const panel = document.getElementById('panel');
            const box = panel.getBoundingClientRect();
            return !panel.hidden && box.left >= 0 && box.right <= innerWidth
                && panel.scrollWidth <= panel.clientWidth
                && document.documentElement.scrollWidth <= innerWidth
                && document.documentElement.scrollHeight <= innerHeight
                && [...panel.querySelectorAll('*')].every((part) =>
                    part.getBoundingClientRect().right <= box.right)";
        for screen in [(360, 640), (390, 844), (768, 1024), (1199, 800), (1280, 900), (1920, 1080)]
        {
            for scheme in ["light", "dark"] {
                browser.set_screen(screen, scheme).await?;
                open_panel(&browser).await?;
                browser.wait_for_text(".requests-count", "2 requests, 1 refused").await?;
                let open_all = "document.querySelectorAll('.requests details')
                    .forEach((details) => { details.open = true; }); return true";
                assert!(browser.is(open_all).await?);
                browser.wait_for(&format!("{screen:?}"), async || browser.is(fits).await).await?;
                browser.driver.find(By::Id("panel-close")).await?.click().await?;
            }
        }
        browser.console_is_empty().await
    })
    .await;
}

/// A shell splits the command into the words that are meant.
#[tokio::test]
async fn a_request_of_the_page_is_copied_as_curl() {
    let service = Service::start();
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        browser.say("it's \"$HOME\" & more").await?;
        browser.wait_for_text(".turn .state", "INITIAL").await?;
        open_panel(&browser).await?;
        browser.wait_for_text(".requests-count", "1 request,").await?;
        browser.driver.find(By::Css(".requests summary")).await?.click().await?;
        browser.driver.find(By::Css(".request-copy")).await?.click().await?;
        browser.wait_for_text(".request-copied", "Cop").await?;
        let command = browser.text_of(".request-curl pre").await?;
        let shell = format!("curl() {{ printf '%s\\n' \"$@\"; }}\n{command}");
        let output = Command::new("sh").args(["-c", &shell]).output().unwrap();
        let words = String::from_utf8(output.stdout).unwrap();
        let words: Vec<&str> = words.lines().collect();
        let [url, _, content_type, _, signature, _, body] = words[..] else { panic!("{words:?}") };
        assert_eq!(url, format!("{}/webhooks/twilio", service.url()));
        assert_eq!(content_type, format!("Content-Type: {FORM}; charset=UTF-8"));
        let signature = signature.strip_prefix("X-Twilio-Signature: ").unwrap();
        assert!(body.contains("Body=it%27s+%22%24HOME%22+%26+more"), "{body}");
        let again = stranger()
            .post(url)
            .header("X-Twilio-Signature", signature)
            .header(header::CONTENT_TYPE, FORM)
            .body(body.to_owned());
        assert_eq!(again.send().await.unwrap().status(), 200);
        browser.wait_for_text(".requests-count", "2 requests, 0 refused").await?;
        browser.wait_for_text(".request-about", "somebody else").await?;
        browser.console_is_empty().await
    })
    .await;
}

/// A page that stays open while the service is started again shows the new list.
#[tokio::test]
async fn after_a_restart_the_list_begins_again() {
    let mut service = Service::start();
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        open_panel(&browser).await?;
        for text in ["hello", "Ann"] {
            browser.say(text).await?;
        }
        browser.wait_for_text(".requests-count", "2 requests").await?;
        service.stop().await;
        browser.wait_for_text("#connection", "cannot be reached").await?;
        service.start_again();
        browser.open_aside(&service.link()).await?;
        browser.wait_until_live().await?;
        browser.wait_for_text(".requests-count", "Nothing has come in yet.").await?;
        browser.say("A song").await?;
        browser.wait_for_text(".requests-count", "1 request,").await?;
        let one = "return document.querySelectorAll('.requests > li').length === 1";
        browser.wait_for("one request", async || browser.is(one).await).await
    })
    .await;
}
