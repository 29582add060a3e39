//! As much of HTTP as the fake speaks: it writes what a library would not, such
//! as half an answer.

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A request as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Reads one request with its body, whose length it says.
pub(super) async fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let request = parse(head, body)?;
            let length = request.header("content-length").map_or(0, |text| text.parse().unwrap());
            if body.len() >= length {
                return Some(request);
            }
        }
        match stream.read_buf(&mut bytes).await {
            Ok(0) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}

fn parse(head: &str, body: &str) -> Option<Request> {
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let headers = lines.filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_ascii_lowercase(), value.trim().to_owned()))
    });
    Some(Request {
        method: first.next()?.to_owned(),
        path: first.next()?.to_owned(),
        headers: headers.collect(),
        body: body.to_owned(),
    })
}

/// A whole answer, with this further header line.
pub(super) fn answer(status: u16, header: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status} Status\r\nContent-Type: application/json\r\nConnection: close\r\n\
         Content-Length: {}\r\n{header}\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// An error as the API writes it.
pub(super) fn error(status: u16, code: u32) -> Vec<u8> {
    answer(status, "", &error_body(status, code))
}

/// 429, with the time to wait if it is to be said.
pub(super) fn busy(retry_after: Option<u32>) -> Vec<u8> {
    let wait = retry_after.map(|seconds| format!("Retry-After: {seconds}\r\n"));
    answer(429, &wait.unwrap_or_default(), &error_body(429, 20_429))
}

fn error_body(status: u16, code: u32) -> String {
    let more = format!("https://www.twilio.com/docs/errors/{code}");
    json!({ "code": code, "message": "Refused", "more_info": more, "status": status }).to_string()
}

/// Writes an answer and closes.
pub(super) async fn write(stream: &mut TcpStream, bytes: &[u8]) {
    // The client may be gone.
    drop(stream.write_all(bytes).await);
    drop(stream.shutdown().await);
}
