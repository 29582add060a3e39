//! `POST /simulator/files` keeps a file for a later message, and
//! `GET /simulator/files/ID` gives it back.
//!
//! A person may have the file from a stranger, so it must not act on the page:
//! only pictures, sounds and films are shown, and everything else is a download
//! without a type of its own.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::files::{KeptFile, LARGEST};
use super::number::PhoneChannel;
use crate::simulator::shared::Shared;

/// The path of the files.
pub(super) const FILES: &str = "/simulator/files";

/// The largest request. A file that is only a little too large gets a sentence of
/// its own.
pub(in crate::simulator) const MAX_UPLOAD: usize = LARGEST + 1_024;

/// Holds the percent-encoded name of the file. A form of another site cannot
/// send it.
const NAME: HeaderName = HeaderName::from_static("x-file-name");

/// The longest name, in characters.
const MAX_NAME: usize = 200;

/// The longest type, in bytes.
const MAX_TYPE: usize = 100;

/// The types that a browser shows without running anything.
const SHOWN: &[&str] = &[
    "image/avif",
    "image/bmp",
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/webp",
    "audio/3gpp",
    "audio/aac",
    "audio/amr",
    "audio/flac",
    "audio/m4a",
    "audio/mp4",
    "audio/mpeg",
    "audio/ogg",
    "audio/opus",
    "audio/wav",
    "audio/webm",
    "audio/x-m4a",
    "audio/x-wav",
    "video/3gpp",
    "video/mp4",
    "video/mpeg",
    "video/ogg",
    "video/quicktime",
    "video/webm",
];

#[derive(Debug, Deserialize)]
pub(in crate::simulator) struct Parameters {
    channel: PhoneChannel,
}

/// What the page learns about a file.
#[derive(Debug, Serialize)]
struct FileData<'a> {
    id: Uuid,
    path: String,
    name: &'a str,
    #[serde(rename = "type")]
    media_type: &'a str,
    size: usize,
}

/// Keeps a file.
pub(in crate::simulator) async fn upload(
    State(shared): State<Arc<Shared>>,
    parameters: Result<Query<Parameters>, QueryRejection>,
    headers: HeaderMap,
    content: Result<Bytes, BytesRejection>,
) -> Response {
    let Query(Parameters { channel }) = match parameters {
        Ok(parameters) => parameters,
        Err(rejection) => return rejection.into_response(),
    };
    let Some(name) = name_in(&headers) else {
        let complaint = format!(
            "a file comes with its name in `X-File-Name`, percent-encoded, with 1 to {MAX_NAME} \
             characters\n"
        );
        return (StatusCode::BAD_REQUEST, complaint).into_response();
    };
    let Some(media_type) = type_in(&headers) else {
        let complaint = "a file comes with its type in `Content-Type`, for example `image/png`\n";
        return (StatusCode::UNSUPPORTED_MEDIA_TYPE, complaint).into_response();
    };
    let content = match content {
        Ok(content) if content.is_empty() => {
            return (StatusCode::BAD_REQUEST, "the file is empty\n").into_response();
        }
        Ok(content) => content,
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            let complaint = format!("a file has at most {} MB\n", LARGEST / 1_000_000);
            return (StatusCode::PAYLOAD_TOO_LARGE, complaint).into_response();
        }
        Err(rejection) => return rejection.into_response(),
    };
    let file = KeptFile { id: Uuid::new_v4(), name, media_type, content };
    if let Err(complaint) = file.check(channel) {
        return (StatusCode::PAYLOAD_TOO_LARGE, complaint).into_response();
    }
    let data = FileData {
        id: file.id,
        path: path(file.id),
        name: &file.name,
        media_type: &file.media_type,
        size: file.content.len(),
    };
    let response = (StatusCode::CREATED, Json(data)).into_response();
    shared.files.keep(file);
    response
}

/// Gives a file back.
pub(in crate::simulator) async fn download(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
) -> Response {
    let found = Uuid::try_parse(&id).ok().and_then(|id| shared.files.find(id));
    let Some(file) = found else {
        return (StatusCode::NOT_FOUND, "this file is not kept any more\n").into_response();
    };
    let is_shown = SHOWN.contains(&file.media_type.as_str());
    let media_type = if is_shown { file.media_type } else { "application/octet-stream".to_owned() };
    let disposition = if is_shown { "inline" } else { "attachment" };
    let name = utf8_percent_encode(&file.name, NON_ALPHANUMERIC);
    let disposition = format!("{disposition}; filename*=UTF-8''{name}");
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::CONTENT_DISPOSITION, disposition),
        // The guard adds this header, too. Here it stands beside the reason for it.
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, file.content).into_response()
}

/// Returns the id and the path of a file, if a URL leads to one. Any host will do,
/// since the page may be reached under several.
pub(in crate::simulator) fn path_in(url: &str) -> Option<(Uuid, String)> {
    let (origin, id) = url.split_once(FILES)?;
    let is_origin = origin.strip_prefix("http://").is_some_and(|host| !host.contains('/'));
    let id = id.strip_prefix('/').and_then(|id| Uuid::try_parse(id).ok())?;
    is_origin.then(|| (id, path(id)))
}

fn path(id: Uuid) -> String {
    format!("{FILES}/{}", id.simple())
}

/// Returns the name of the file that the headers declare.
fn name_in(headers: &HeaderMap) -> Option<String> {
    let encoded = only(headers, &NAME)?;
    let name = percent_decode_str(encoded).decode_utf8().ok()?;
    // A name is one line.
    let name: String = name.chars().filter(|character| !character.is_control()).collect();
    let name = name.trim().to_owned();
    (1..=MAX_NAME).contains(&name.chars().count()).then_some(name)
}

/// Returns the type of the file that the headers declare, in small letters and
/// without parameters.
fn type_in(headers: &HeaderMap) -> Option<String> {
    let declared = only(headers, &header::CONTENT_TYPE)?;
    let essence = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_token = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    let (kind, name) = essence.split_once('/')?;
    let is_type = essence.len() <= MAX_TYPE && is_token(kind) && is_token(name);
    is_type.then_some(essence)
}

/// Returns the value of a header that occurs once and is text.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    value.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_files_have_a_path() {
        let id = "0189f7eaae2c78098aebb819cf5e9e7f";
        let path = format!("/simulator/files/{id}");
        for origin in ["http://127.0.0.1:5000", "http://localhost"] {
            let found = path_in(&format!("{origin}{path}"));
            assert_eq!(found.map(|(_, path)| path), Some(path.clone()), "{origin}");
        }
        for other in [
            path.clone(),
            format!("https://evil.example{path}"),
            format!("http://evil.example/a{path}"),
            format!("javascript:alert(1)//{path}"),
            format!("http://127.0.0.1:5000{path}/more"),
            format!("http://127.0.0.1:5000{path}?x"),
            "http://127.0.0.1:5000/simulator/files/".to_owned(),
            "http://127.0.0.1:5000/simulator/files/../phone.js".to_owned(),
        ] {
            assert_eq!(path_in(&other), None, "{other}");
        }
    }

    #[test]
    fn a_type_is_two_words() {
        let read = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, text.parse().unwrap());
            type_in(&headers)
        };
        for (text, expected) in [
            ("image/png", "image/png"),
            ("Text/HTML; charset=utf-8", "text/html"),
            ("application/vnd.ms-excel", "application/vnd.ms-excel"),
            ("image/svg+xml", "image/svg+xml"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected));
        }
        for text in ["", "png", "image/", "/png", "a/b/c", "a b/c", "image/<b>", "image/png\"x"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(&format!("a/{}", "b".repeat(99))), None);
    }
}
