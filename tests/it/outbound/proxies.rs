//! Proxies of the environment, which only a process of its own can have.

use std::env;
use std::process::Command;

use tokio::task::spawn_blocking;

use super::server::{Part, Server};
use super::{answered, client, request};

/// The address that the second process is to call.
const HOST: &str = "RINGBACK_TEST_CALL_HOST";

const PROXIES: [&str; 6] =
    ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

#[tokio::test]
async fn proxies_of_the_environment_are_ignored() {
    if let Ok(host) = env::var(HOST) {
        let outcome = client(&host).call(&request(&format!("http://{host}/"))).await;
        assert_eq!(outcome, answered(200, "host"));
        return;
    }
    let host = Server::start(&[Part::status(200, "host")]).await;
    let proxy = Server::start(&[Part::status(200, "proxy")]).await;
    let mut again = Command::new(env::current_exe().unwrap());
    again.args(["--exact", "outbound::proxies::proxies_of_the_environment_are_ignored"]);
    again.env(HOST, host.address.to_string()).env_remove("no_proxy").env_remove("NO_PROXY");
    again.envs(PROXIES.map(|name| (name, proxy.url(""))));
    let output = spawn_blocking(move || again.output()).await.unwrap().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    assert_eq!((host.connections(), proxy.connections()), (1, 0));
}
