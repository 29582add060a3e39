//! The link with the key, opened as people open links.

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use thirtyfour::By;
use tokio::net::TcpListener;

use super::driver::in_browser;
use super::service::Service;
use crate::support::forwarder::Forwarder;

const ANNA: &str = "+14155552671";
const QUERY: &str = "phone=%2B14155552671&channel=sms";

#[tokio::test]
async fn the_link_opens_the_page_and_the_key_is_nowhere_in_it() {
    let service = Service::start();
    let key = service.link().split_once("key=").unwrap().1.to_owned();
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        browser.say("hello").await?;
        browser.wait_for_bubbles(&["> hello", "< What is your name?"]).await?;
        assert_eq!(browser.driver.current_url().await?.query(), Some(QUERY));
        // One entry for the empty tab at the beginning, one for the page.
        let nowhere = format!(
            "return document.cookie === '' && document.referrer === '' && history.length <= 2
                 && !document.documentElement.outerHTML.includes('{key}')
                 && !JSON.stringify(performance.getEntries()).includes('{key}')"
        );
        assert!(browser.is(&nowhere).await?);
        // From here on the address alone is enough, in each tab.
        browser.new_tab().await?;
        browser.driver.goto(format!("{}/?{QUERY}", service.url())).await?;
        browser.wait_for_bubbles(&["> hello", "< What is your name?"]).await?;
        browser.console_is_empty().await
    })
    .await;
}

#[tokio::test]
async fn without_the_link_a_browser_is_told_to_open_it() {
    let service = Service::start();
    let wrong = format!("{}0", service.link());
    in_browser(async |browser| {
        for address in [service.url(), format!("{}/?{QUERY}", service.url()), wrong] {
            browser.driver.goto(address).await?;
            browser
                .wait_for_text("p", "Open the link that Ringback printed when it started")
                .await?;
            assert!(
                browser
                    .is("return document.querySelector('script, link, .phone') === null")
                    .await?
            );
        }
        Ok(())
    })
    .await;
}

/// To a browser `localhost` is another site than `127.0.0.1`.
#[tokio::test]
async fn a_link_that_a_person_follows_from_another_site_opens_the_page() {
    let service = Service::start();
    let chat = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let chat_url = format!("http://localhost:{}/", chat.local_addr().unwrap().port());
    let links = format!(
        "<a id=link href='{}&{QUERY}'>link</a> <a id=page href='{}/?{QUERY}'>page</a>",
        service.link(),
        service.url()
    );
    let router = Router::new().route("/", get(async move || Html(links)));
    tokio::spawn(async move { axum::serve(chat, router).await });
    in_browser(async |browser| {
        // First with the key, then to the page that the cookie opens.
        for link in ["link", "page"] {
            browser.driver.goto(&chat_url).await?;
            browser.driver.find(By::Id(link)).await?.click().await?;
            browser.wait_for_text("#own-number", ANNA).await?;
            browser.wait_until_live().await?;
            assert_eq!(browser.driver.current_url().await?.query(), Some(QUERY), "{link}");
        }
        // Without the cookie the same link ends at the advice, and stays there.
        browser.driver.delete_all_cookies().await?;
        browser.driver.goto(&chat_url).await?;
        browser.driver.find(By::Id("page")).await?.click().await?;
        browser.wait_for_text("p", "Open the link").await
    })
    .await;
}

#[tokio::test]
async fn the_page_works_through_a_forwarder_under_another_name() {
    let service = Service::start();
    let forwarder = Forwarder::to(service.address()).await;
    let own = service.address().to_string();
    let outer = format!("localhost:{}", forwarder.address().port());
    in_browser(async |browser| {
        browser.driver.goto(format!("http://{outer}/")).await?;
        browser.wait_for_text("p", "Open the link").await?;
        browser.open_phone(&service.link().replace(&own, &outer), ANNA).await?;
        browser.say("hello").await?;
        browser.wait_for_bubbles(&["> hello", "< What is your name?"]).await
    })
    .await;
}
