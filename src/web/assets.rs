//! A page's files, embedded in the binary.

use axum::http::header;
use axum::response::{IntoResponse, Response};

/// A file that a page asks for.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    name: &'static str,
    media_type: &'static str,
    content: &'static str,
}

impl Asset {
    /// A style sheet.
    pub const fn css(name: &'static str, content: &'static str) -> Self {
        Self { name, media_type: "text/css; charset=utf-8", content }
    }

    /// A script.
    pub const fn javascript(name: &'static str, content: &'static str) -> Self {
        Self { name, media_type: "text/javascript; charset=utf-8", content }
    }

    /// A picture.
    pub const fn svg(name: &'static str, content: &'static str) -> Self {
        Self { name, media_type: "image/svg+xml", content }
    }
}

impl IntoResponse for Asset {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, self.media_type)], self.content).into_response()
    }
}

/// The file of this name, if a page has it.
pub fn find(assets: &[Asset], name: &str) -> Option<Asset> {
    assets.iter().find(|asset| asset.name == name).copied()
}
