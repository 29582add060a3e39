//! The page's files: all there, none from outside.

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::fake::FakeBot;

async fn get(path: &str) -> (StatusCode, String, String) {
    let address = "127.0.0.1:5000".parse().unwrap();
    let bot = FakeBot::new();
    let request = Request::get(path)
        .header("host", "127.0.0.1:5000")
        .header("cookie", bot.cookie(address))
        .body(Body::empty())
        .unwrap();
    let router = bot.simulator(address, CancellationToken::new());
    let response = router.oneshot(request).await.unwrap();
    let status = response.status();
    let content_type = response.headers()["content-type"].to_str().unwrap().to_owned();
    let body = to_bytes(response.into_body(), 1_000_000).await.unwrap();
    (status, content_type, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn every_file_that_the_page_names_is_served_with_its_type() {
    let (status, content_type, page) = get("/?phone=%2B14155552671").await;
    assert_eq!((status, &*content_type), (StatusCode::OK, "text/html; charset=utf-8"));
    let mut wanted: Vec<String> = Vec::new();
    let mut name_files = |text: &str, before: &str| {
        wanted.extend(
            text.split(before)
                .skip(1)
                .map(|rest| rest.split('"').next().unwrap_or_default().to_owned()),
        );
    };
    name_files(&page, "\"/simulator/");
    // Each script names those that it needs.
    let mut read = 0;
    while read < wanted.len() {
        let script = wanted[read].clone();
        let (_, _, content) = get(&format!("/simulator/{script}")).await;
        let named = content.split("from \"./").skip(1);
        for name in named.filter_map(|rest| rest.split('"').next()) {
            if !wanted.iter().any(|known| known == name) {
                wanted.push(name.to_owned());
            }
        }
        read += 1;
    }
    wanted.sort();
    wanted.dedup();
    assert_eq!(
        wanted,
        [
            "address.js",
            "attach.css",
            "attach.js",
            "bench.css",
            "bench.js",
            "bubble.js",
            "callback.js",
            "chat.css",
            "chat.js",
            "composer.js",
            "copy.js",
            "elements.js",
            "feed.js",
            "flow-files.js",
            "flow-picture.js",
            "flow-view.js",
            "flow.css",
            "flow.js",
            "forms.js",
            "icon.svg",
            "message.js",
            "messages.css",
            "mishaps.css",
            "mishaps.js",
            "next-text.js",
            "next.js",
            "number-form.js",
            "number.js",
            "options.js",
            "panel.js",
            "parts.js",
            "phone.css",
            "phone.js",
            "react.js",
            "refresh.js",
            "requests.css",
            "requests.js",
            "rich-text.js",
            "sheet.js",
            "status.js",
            "tabs.js",
            "unsent.js",
            "why.css",
            "why.js",
        ]
    );
    for name in &wanted {
        let (status, content_type, content) = get(&format!("/simulator/{name}")).await;
        let expected = match name.rsplit_once('.').unwrap().1 {
            "css" => "text/css; charset=utf-8",
            "svg" => "image/svg+xml",
            _ => "text/javascript; charset=utf-8",
        };
        assert_eq!((status, &*content_type), (StatusCode::OK, expected), "{name}");
        // The only outside address is the name of the SVG format.
        let outside = content.replace("http://www.w3.org/2000/svg", "");
        assert!(!outside.contains("://"), "{name} names an outside address");
        assert!(!content.contains("innerHTML"), "{name} makes markup of text");
    }
    let inline = regex::Regex::new(r"://|<style|style=|\son\w+=|javascript:").unwrap();
    assert_eq!(inline.find(&page), None);
}

#[tokio::test]
async fn no_other_file_is_served() {
    for path in ["/simulator/Cargo.toml", "/simulator/..%2Fmod.rs", "/simulator/phone.js%00"] {
        assert_eq!(get(path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
}
