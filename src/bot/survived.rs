//! A panic ends the future that it happens in, and nothing else.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::Poll;

/// What the future comes to; `None` if it panicked. It stays where it is: that
/// of a batch is too large to be moved for each.
pub(super) async fn survived<T>(mut future: Pin<&mut impl Future<Output = T>>) -> Option<T> {
    poll_fn(|context| {
        let poll = || future.as_mut().poll(context);
        catch_unwind(AssertUnwindSafe(poll)).map_or(Poll::Ready(None), |poll| poll.map(Some))
    })
    .await
}
