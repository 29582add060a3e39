//! Confines a panic to the future in which it happens.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::Poll;

/// Returns the result of the future; `None` if it panicked. The future stays in
/// place: that of a batch is too large to be moved each time.
pub(super) async fn survived<T>(mut future: Pin<&mut impl Future<Output = T>>) -> Option<T> {
    poll_fn(|context| {
        let poll = || future.as_mut().poll(context);
        catch_unwind(AssertUnwindSafe(poll)).map_or(Poll::Ready(None), |poll| poll.map(Some))
    })
    .await
}
