//! The page's files, embedded in the binary from `page/`.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use crate::web::{self, Asset};

/// Each file that `index.html` requests.
const ASSETS: [Asset; 44] = [
    Asset::css("phone.css", include_str!("page/phone.css")),
    Asset::css("bench.css", include_str!("page/bench.css")),
    Asset::css("chat.css", include_str!("page/chat.css")),
    Asset::css("messages.css", include_str!("page/messages.css")),
    Asset::css("attach.css", include_str!("page/attach.css")),
    Asset::css("mishaps.css", include_str!("page/mishaps.css")),
    Asset::css("requests.css", include_str!("page/requests.css")),
    Asset::css("flow.css", include_str!("page/flow.css")),
    Asset::css("why.css", include_str!("page/why.css")),
    Asset::svg("icon.svg", include_str!("page/icon.svg")),
    Asset::javascript("bench.js", include_str!("page/bench.js")),
    Asset::javascript("address.js", include_str!("page/address.js")),
    Asset::javascript("flow-files.js", include_str!("page/flow-files.js")),
    Asset::javascript("flow.js", include_str!("page/flow.js")),
    Asset::javascript("flow-picture.js", include_str!("page/flow-picture.js")),
    Asset::javascript("flow-view.js", include_str!("page/flow-view.js")),
    Asset::javascript("number-form.js", include_str!("page/number-form.js")),
    Asset::javascript("tabs.js", include_str!("page/tabs.js")),
    Asset::javascript("panel.js", include_str!("page/panel.js")),
    Asset::javascript("parts.js", include_str!("page/parts.js")),
    Asset::javascript("phone.js", include_str!("page/phone.js")),
    Asset::javascript("number.js", include_str!("page/number.js")),
    Asset::javascript("feed.js", include_str!("page/feed.js")),
    Asset::javascript("callback.js", include_str!("page/callback.js")),
    Asset::javascript("next.js", include_str!("page/next.js")),
    Asset::javascript("next-text.js", include_str!("page/next-text.js")),
    Asset::javascript("mishaps.js", include_str!("page/mishaps.js")),
    Asset::javascript("refresh.js", include_str!("page/refresh.js")),
    Asset::javascript("requests.js", include_str!("page/requests.js")),
    Asset::javascript("why.js", include_str!("page/why.js")),
    Asset::javascript("copy.js", include_str!("page/copy.js")),
    Asset::javascript("unsent.js", include_str!("page/unsent.js")),
    Asset::javascript("chat.js", include_str!("page/chat.js")),
    Asset::javascript("attach.js", include_str!("page/attach.js")),
    Asset::javascript("bubble.js", include_str!("page/bubble.js")),
    Asset::javascript("composer.js", include_str!("page/composer.js")),
    Asset::javascript("elements.js", include_str!("page/elements.js")),
    Asset::javascript("forms.js", include_str!("page/forms.js")),
    Asset::javascript("message.js", include_str!("page/message.js")),
    Asset::javascript("options.js", include_str!("page/options.js")),
    Asset::javascript("react.js", include_str!("page/react.js")),
    Asset::javascript("rich-text.js", include_str!("page/rich-text.js")),
    Asset::javascript("sheet.js", include_str!("page/sheet.js")),
    Asset::javascript("status.js", include_str!("page/status.js")),
];

/// `GET /`: the page, whichever number its address names.
pub(super) async fn index() -> Html<&'static str> {
    Html(include_str!("page/index.html"))
}

/// `GET /simulator/NAME`: one of the page's files.
pub(super) async fn asset(Path(name): Path<String>) -> Response {
    web::find(&ASSETS, &name).map_or_else(
        || (StatusCode::NOT_FOUND, "the phone page has no such file\n").into_response(),
        Asset::into_response,
    )
}
