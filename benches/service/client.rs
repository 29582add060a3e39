//! One HTTP/1.1 connection, kept alive, that costs as little as it can.
//!
//! It knows what the services that are measured send: a status, headers, and a
//! body whose length is told. Anything else is a failure.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection, made when it is needed.
#[derive(Debug)]
pub(crate) struct Connection {
    address: SocketAddr,
    stream: Option<TcpStream>,
    received: Vec<u8>,
}

/// What a request was answered with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Response<'a> {
    pub(crate) status: u16,
    pub(crate) body: &'a [u8],
}

/// The head of a response.
#[derive(Clone, Copy, Debug)]
struct Head {
    status: u16,
    length: usize,
    /// Where the body begins.
    end: usize,
    closes: bool,
}

impl Connection {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address, stream: None, received: Vec::with_capacity(4096) }
    }

    /// Sends a whole request and reads the whole response. After an error, or
    /// where the server closes, the next request makes a new connection.
    pub(crate) async fn send(&mut self, request: &[u8]) -> io::Result<Response<'_>> {
        let mut stream = if let Some(stream) = self.stream.take() {
            stream
        } else {
            let stream = TcpStream::connect(self.address).await?;
            stream.set_nodelay(true)?;
            stream
        };
        stream.write_all(request).await?;
        self.received.clear();
        let head = loop {
            if let Some(head) = head(&self.received)? {
                break head;
            }
            receive(&mut stream, &mut self.received).await?;
        };
        let end = head.end + head.length;
        while self.received.len() < end {
            receive(&mut stream, &mut self.received).await?;
        }
        if self.received.len() > end {
            return Err(invalid("more was sent than the response's length"));
        }
        if !head.closes {
            self.stream = Some(stream);
        }
        let body = self.received.get(head.end..end).unwrap_or_default();
        Ok(Response { status: head.status, body })
    }
}

async fn receive(stream: &mut TcpStream, received: &mut Vec<u8>) -> io::Result<()> {
    match stream.read_buf(received).await? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(()),
    }
}

/// The head, if all of it is there.
fn head(received: &[u8]) -> io::Result<Option<Head>> {
    let Some(end) = received.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Ok(None);
    };
    let text = received.get(..end).unwrap_or_default();
    let text = std::str::from_utf8(text).map_err(|_| invalid("the head is no text"))?;
    let mut lines = text.split("\r\n");
    let status = lines.next().and_then(|line| line.strip_prefix("HTTP/1.1 "));
    let status = status.and_then(|rest| rest.get(..3)?.parse().ok());
    let status = status.ok_or_else(|| invalid("the status line is none of HTTP/1.1"))?;
    let mut length = None;
    let mut closes = false;
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok();
        } else if name.eq_ignore_ascii_case("connection") {
            closes = value.trim().eq_ignore_ascii_case("close");
        }
    }
    let length = length.ok_or_else(|| invalid("the response tells no length"))?;
    Ok(Some(Head { status, length, end: end + 4, closes }))
}

fn invalid(message: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}
