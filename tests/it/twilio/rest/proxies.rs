//! Proxies of the environment, which only a process of its own can have.

use std::env;
use std::process::Command;

use ringback::twilio::rest::outcome::Outcome;
use tokio::task::spawn_blocking;

use super::{PATIENT, client, form};
use crate::support::fake_twilio::FakeTwilio;

/// The address of the API in the second process.
const API: &str = "RINGBACK_TEST_API";

const PROXIES: [&str; 6] =
    ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

#[tokio::test]
async fn proxies_of_the_environment_see_no_text() {
    if let Ok(api) = env::var(API) {
        let outcome = client(&api, PATIENT).send(&form()).await;
        assert!(matches!(outcome, Outcome::Sent(_)), "{outcome:?}");
        return;
    }
    let (twilio, proxy) = (FakeTwilio::start().await, FakeTwilio::start().await);
    let mut again = Command::new(env::current_exe().unwrap());
    again.args(["--exact", "twilio::rest::proxies::proxies_of_the_environment_see_no_text"]);
    again.env(API, twilio.url()).env_remove("no_proxy").env_remove("NO_PROXY");
    again.envs(PROXIES.map(|name| (name, proxy.url())));
    let output = spawn_blocking(move || again.output()).await.unwrap().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    assert_eq!((twilio.requests().len(), proxy.requests().len()), (1, 0));
}
