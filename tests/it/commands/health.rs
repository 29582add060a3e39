//! `ringback health`: what a container and a supervisor learn of a running service.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread;

use crate::support::ringback::{Outcome, run};
use crate::support::service::Service;

fn ask(address: &str, arguments: &[&str]) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &[("BIND", address)], &[&["health"], arguments].concat())
}

#[test]
fn a_service_that_runs_is_alive_and_ready_and_one_that_ended_is_neither() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(folder.path(), &[]);
    let address = service.address();
    // Who listens everywhere is asked on this machine.
    let everywhere = SocketAddr::from(([0, 0, 0, 0], address.port()));
    for address in [address, everywhere].map(|address| address.to_string()) {
        for (arguments, state) in [(&[][..], "alive\n"), (&["--ready"], "ready\n")] {
            let outcome = ask(&address, arguments);
            assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(0), state), "{outcome}");
        }
    }
    service.stop();
    let outcome = ask(&address.to_string(), &[]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), ""), "{outcome}");
    assert!(outcome.stderr.contains(&format!("nothing answers `/healthz` at {address}")));
}

/// A service that gives each request this answer, and where it listens.
fn answering(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 1024];
        let _ = stream.read(&mut request).unwrap();
        stream.write_all(answer.as_bytes()).unwrap();
    });
    address
}

#[test]
fn any_other_answer_is_a_failure_that_says_what_came() {
    for (answer, expected) in [
        ("HTTP/1.1 503 Service Unavailable\r\n\r\n", "is not ready: it answers `/readyz` with 503"),
        ("HTTP/1.1 404 Not Found\r\n\r\n", "is not ready: it answers `/readyz` with 404"),
        ("SSH-2.0-OpenSSH_10.0\r\n", "the answer is not HTTP"),
        ("HTTP/1.1", "nothing answers `/readyz`"),
        ("", "nothing answers `/readyz`"),
    ] {
        let outcome = ask(&answering(answer), &["--ready"]);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), ""), "{outcome}");
        assert!(outcome.stderr.contains(expected), "{answer:?}: {outcome}");
    }
}

#[test]
fn an_address_that_cannot_be_called_is_refused_with_advice() {
    for (address, expected) in
        [("127.0.0.1:0", "name the port"), ("localhost:5000", "write for example `BIND=")]
    {
        let outcome = ask(address, &[]);
        assert_eq!(outcome.code, Some(1), "{outcome}");
        assert!(outcome.stderr.contains(expected), "{outcome}");
    }
}
