//! Waiting for what happens elsewhere, with a deadline.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::time::{interval, timeout};

/// Long enough for any machine; only a failing test waits for it to pass.
const DEADLINE: Duration = Duration::from_secs(30);

/// Waits until this holds. The condition is looked at only now and then, because
/// the service may run in the same thread.
pub(crate) async fn until(what: &str, holds: impl AsyncFnMut() -> bool) {
    until_within(DEADLINE, what, holds).await;
}

/// The same, for so long.
pub(crate) async fn until_within(
    limit: Duration,
    what: &str,
    mut holds: impl AsyncFnMut() -> bool,
) {
    let reached = async {
        let mut ticks = interval(Duration::from_millis(20));
        while !holds().await {
            ticks.tick().await;
        }
    };
    timeout(limit, reached).await.unwrap_or_else(|_| panic!("never: {what}"));
}

/// Waits until the other side closes the connection.
pub(crate) async fn until_closed(stream: &mut (impl AsyncRead + Unpin)) {
    let mut buffer = [0; 1024];
    while stream.read(&mut buffer).await.is_ok_and(|read| read > 0) {}
}
