//! Files that the page attaches: limits, and how they are given back.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::fake::FakeBot;

const ADDRESS: &str = "127.0.0.1:5000";
const SMS: &str = "/simulator/files?channel=sms";
const WHATSAPP: &str = "/simulator/files?channel=whatsapp";

type Headers<'a> = &'a [(&'a str, &'a str)];

fn page() -> (Arc<FakeBot>, Router) {
    let bot = FakeBot::new();
    let router = bot.simulator(ADDRESS.parse().unwrap(), CancellationToken::new());
    (bot, router)
}

/// Sends a request with these headers and no others.
async fn ask(
    router: &Router,
    (method, path): (&str, &str),
    headers: Headers<'_>,
    body: Vec<u8>,
) -> (StatusCode, HeaderMap, Vec<u8>) {
    let mut request = Request::builder().method(method).uri(path).header("host", ADDRESS);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(body)).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let body = to_bytes(response.into_body(), 20_000_000).await.unwrap();
    (status, headers, body.to_vec())
}

#[tokio::test]
async fn a_file_comes_back_as_it_was_and_never_acts() {
    let (bot, router) = page();
    let cookie = bot.cookie(ADDRESS.parse().unwrap());
    let script = b"<script>document.title = 'owned'</script>".to_vec();
    for (declared, served, disposition) in [
        ("image/png", "image/png", "inline"),
        ("IMAGE/JPEG; q=1", "image/jpeg", "inline"),
        ("audio/ogg", "audio/ogg", "inline"),
        ("video/mp4", "video/mp4", "inline"),
        ("text/html", "application/octet-stream", "attachment"),
        ("image/svg+xml", "application/octet-stream", "attachment"),
        ("application/xhtml+xml", "application/octet-stream", "attachment"),
        ("text/javascript", "application/octet-stream", "attachment"),
        ("application/pdf", "application/octet-stream", "attachment"),
        ("text/vcard", "application/octet-stream", "attachment"),
    ] {
        let headers = [
            ("cookie", &*cookie),
            ("content-type", declared),
            // `"><a name>.html`, a line end and a letter that is not ASCII.
            ("x-file-name", "%22%3E%3Ca%20name%3E%0D%0A%C3%BC.html"),
        ];
        let (status, _, body) = ask(&router, ("POST", WHATSAPP), &headers, script.clone()).await;
        assert_eq!(status, StatusCode::CREATED);
        let file: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(file["name"], "\"><a name>ü.html");
        assert_eq!(file["size"], script.len());
        let path = file["path"].as_str().unwrap();
        let (status, headers, body) =
            ask(&router, ("GET", path), &[("cookie", &cookie)], Vec::new()).await;
        assert_eq!((status, body), (StatusCode::OK, script.clone()));
        assert_eq!(headers["content-type"], served, "{declared}");
        let name = "filename*=UTF-8''%22%3E%3Ca%20name%3E%C3%BC%2Ehtml";
        assert_eq!(headers["content-disposition"], format!("{disposition}; {name}"));
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert!(
            headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'")
        );
        assert_eq!(headers["cross-origin-resource-policy"], "same-origin");
    }
}

fn both<'a>(one: Headers<'a>, other: Headers<'a>) -> Vec<(&'a str, &'a str)> {
    [one, other].concat()
}

#[tokio::test]
async fn only_who_has_the_key_attaches_or_gets_a_file() {
    let (bot, router) = page();
    let cookie = bot.cookie(ADDRESS.parse().unwrap());
    let file: Headers = &[("content-type", "image/png"), ("x-file-name", "a.png")];
    let (_, _, body) =
        ask(&router, ("POST", SMS), &both(file, &[("cookie", &cookie)]), b"png".to_vec()).await;
    let kept: Value = serde_json::from_slice(&body).unwrap();
    let path = kept["path"].as_str().unwrap().to_owned();
    let other = FakeBot::new().cookie(ADDRESS.parse().unwrap());
    for headers in [
        &[][..],
        &[("cookie", &*other)],
        &[("cookie", &*cookie), ("sec-fetch-site", "cross-site")],
        &[("cookie", &*cookie), ("sec-fetch-site", "same-site")],
        &[("cookie", &*cookie), ("origin", "https://evil.example")],
        // A picture of another site's page, or a link to it.
        &[("cookie", &*cookie), ("sec-fetch-site", "cross-site"), ("sec-fetch-dest", "image")],
        &[
            ("cookie", &*cookie),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "document"),
        ],
    ] {
        let (status, _, body) = ask(&router, ("GET", &path), headers, Vec::new()).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{headers:?}");
        assert!(!body.starts_with(b"png"), "{headers:?}");
        let (status, ..) = ask(&router, ("POST", SMS), &both(file, headers), b"png".to_vec()).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{headers:?}");
    }
}

#[tokio::test]
async fn what_cannot_be_attached_is_refused_in_words() {
    let (bot, router) = page();
    let cookie = bot.cookie(ADDRESS.parse().unwrap());
    let png = ("content-type", "image/png");
    let name = ("x-file-name", "a.png");
    let long = "a".repeat(201);
    let cases: [(&str, Headers, usize, StatusCode, &str); 15] = [
        (
            SMS,
            &[png, name],
            5_000_001,
            StatusCode::PAYLOAD_TOO_LARGE,
            "by SMS a file of this type has at most 5 MB",
        ),
        (
            SMS,
            &[("content-type", "audio/ogg"), name],
            500_001,
            StatusCode::PAYLOAD_TOO_LARGE,
            "at most 500 kB",
        ),
        (WHATSAPP, &[png, name], 16_000_001, StatusCode::PAYLOAD_TOO_LARGE, "at most 16 MB"),
        (WHATSAPP, &[png, name], 17_000_000, StatusCode::PAYLOAD_TOO_LARGE, "at most 16 MB"),
        (SMS, &[png, name], 0, StatusCode::BAD_REQUEST, "empty"),
        (SMS, &[name], 1, StatusCode::UNSUPPORTED_MEDIA_TYPE, "`Content-Type`"),
        (
            SMS,
            &[("content-type", "<b>"), name],
            1,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "`Content-Type`",
        ),
        (SMS, &[png, png, name], 1, StatusCode::UNSUPPORTED_MEDIA_TYPE, "`Content-Type`"),
        (SMS, &[png], 1, StatusCode::BAD_REQUEST, "`X-File-Name`"),
        (SMS, &[png, ("x-file-name", "")], 1, StatusCode::BAD_REQUEST, "`X-File-Name`"),
        (SMS, &[png, ("x-file-name", "%0A%20")], 1, StatusCode::BAD_REQUEST, "`X-File-Name`"),
        (SMS, &[png, ("x-file-name", "%FF")], 1, StatusCode::BAD_REQUEST, "`X-File-Name`"),
        (SMS, &[png, ("x-file-name", &long)], 1, StatusCode::BAD_REQUEST, "`X-File-Name`"),
        ("/simulator/files", &[png, name], 1, StatusCode::BAD_REQUEST, "channel"),
        ("/simulator/files?channel=pigeon", &[png, name], 1, StatusCode::BAD_REQUEST, "pigeon"),
    ];
    for (path, headers, size, expected, words) in cases {
        let headers = [&[("cookie", &*cookie)], headers].concat();
        let (status, _, body) = ask(&router, ("POST", path), &headers, vec![b'a'; size]).await;
        let body = String::from_utf8(body).unwrap();
        assert_eq!(status, expected, "{path} {size}: {body}");
        assert!(body.contains(words), "{path} {size}: {body}");
    }
    for path in [
        "/simulator/files/0189f7eaae2c78098aebb819cf5e9e7f",
        "/simulator/files/1",
        "/simulator/files/..%2Fphone.js",
    ] {
        let (status, ..) = ask(&router, ("GET", path), &[("cookie", &cookie)], Vec::new()).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
    }
}
