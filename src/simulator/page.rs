//! The page's files, embedded in the binary as they stand in `page/`.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// Name, media type and content of each file that `index.html` asks for.
const ASSETS: [(&str, &str, &str); 8] = [
    ("phone.css", CSS, include_str!("page/phone.css")),
    ("chat.css", CSS, include_str!("page/chat.css")),
    ("icon.svg", "image/svg+xml", include_str!("page/icon.svg")),
    ("phone.js", JAVASCRIPT, include_str!("page/phone.js")),
    ("number.js", JAVASCRIPT, include_str!("page/number.js")),
    ("feed.js", JAVASCRIPT, include_str!("page/feed.js")),
    ("unsent.js", JAVASCRIPT, include_str!("page/unsent.js")),
    ("chat.js", JAVASCRIPT, include_str!("page/chat.js")),
];

/// `GET /`: the page, whichever number its address names.
pub(super) async fn index() -> Html<&'static str> {
    Html(include_str!("page/index.html"))
}

/// `GET /simulator/NAME`: one of the page's files.
pub(super) async fn asset(Path(name): Path<String>) -> Response {
    match ASSETS.iter().find(|(asset, ..)| *asset == name) {
        Some(&(_, media_type, content)) => {
            ([(header::CONTENT_TYPE, media_type)], content).into_response()
        }
        None => (StatusCode::NOT_FOUND, "the phone page has no such file\n").into_response(),
    }
}
