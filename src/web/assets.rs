//! A page's files, embedded in the binary.

use axum::http::header;
use axum::response::{IntoResponse, Response};

/// A file that a page requests.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    name: &'static str,
    media_type: &'static str,
    content: &'static str,
}

impl Asset {
    /// Returns a style sheet.
    pub const fn css(name: &'static str, content: &'static str) -> Self {
        Self { name, media_type: "text/css; charset=utf-8", content }
    }

    /// Returns a script.
    pub const fn javascript(name: &'static str, content: &'static str) -> Self {
        Self { name, media_type: "text/javascript; charset=utf-8", content }
    }

    /// Returns a picture.
    pub const fn svg(name: &'static str, content: &'static str) -> Self {
        Self { name, media_type: "image/svg+xml", content }
    }
}

impl IntoResponse for Asset {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, self.media_type)], self.content).into_response()
    }
}

/// Returns the file of this name, if a page has it.
pub fn find(assets: &[Asset], name: &str) -> Option<Asset> {
    assets.iter().find(|asset| asset.name == name).copied()
}
