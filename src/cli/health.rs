//! `ringback health`: asks a running service whether it is alive or ready.
//!
//! A container holds no other program that could ask. One plain request needs no
//! runtime and no library.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use super::output::Output;
use crate::hint::WithHint;

/// How long the answer may take. The service itself waits a second for its database.
const PATIENCE: Duration = Duration::from_secs(5);

/// The beginning of an answer, with the status: `HTTP/1.1 200`.
const STATUS_END: usize = 12;

/// Asks the service at this address; prints its state, or fails.
pub(super) fn run(bind: SocketAddr, ready: bool) -> anyhow::Result<()> {
    let (path, state) = if ready { ("/readyz", "ready") } else { ("/healthz", "alive") };
    if bind.port() == 0 {
        return Err(anyhow::anyhow!("`BIND` has port 0, with which the system picks a port"))
            .with_hint(
                "name the port on which the service listens, as in `--bind 127.0.0.1:5000`",
            );
    }
    let address = SocketAddr::new(within_reach(bind.ip()), bind.port());
    let status = ask(address, path)
        .with_context(|| format!("nothing answers `{path}` at {address}"))
        .with_hint("see the log of the service, and whether `BIND` is the same here and there")?;
    if status != "200" {
        bail!("the service at {address} is not {state}: it answers `{path}` with {status}");
    }
    Output::new().line(state);
    Ok(())
}

/// Returns the address at which this machine reaches a service that listens on
/// `ip`: one that listens everywhere also listens on the loopback address.
fn within_reach(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    }
}

/// Makes the request, and returns the status of the answer.
fn ask(address: SocketAddr, path: &str) -> io::Result<String> {
    let end = Instant::now() + PATIENCE;
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_write_timeout(Some(PATIENCE))?;
    // In one piece: who answers the first piece and closes would refuse the next.
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = [0; STATUS_END];
    let mut length = 0;
    while length < answer.len() {
        // A timeout of zero would be an error of its own.
        let left = end.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
        stream.set_read_timeout(Some(left))?;
        match stream.read(&mut answer[length..]) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(read) => length += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if length < answer.len() && Instant::now() >= end {
            return Err(ErrorKind::TimedOut.into());
        }
    }
    let status = str::from_utf8(&answer).ok().and_then(|line| line.strip_prefix("HTTP/1.1 "));
    status.map(str::to_owned).ok_or_else(|| io::Error::other("the answer is not HTTP"))
}

#[cfg(test)]
mod tests {
    use super::within_reach;

    #[test]
    fn a_service_that_listens_everywhere_is_asked_on_the_loopback_address() {
        for (bind, asked) in [
            ("0.0.0.0", "127.0.0.1"),
            ("::", "::1"),
            ("127.0.0.2", "127.0.0.2"),
            ("192.0.2.7", "192.0.2.7"),
        ] {
            assert_eq!(within_reach(bind.parse().unwrap()).to_string(), asked);
        }
    }
}
