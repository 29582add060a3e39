//! Waits for something brief without going to sleep.
//!
//! A thread that sleeps until the database answers is woken some tens of
//! microseconds after the answer is there, at every statement. A message that
//! is alone has nothing else to wait for, and a processor that nobody else
//! wants: its thread looks again and again instead, for a while.

use std::num::NonZero;
use std::sync::LazyLock;
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

/// For how long. A database that takes longer is worth no processor's time.
const FOR: Duration = Duration::from_millis(1);

/// Where there is one processor only, whoever looks keeps the database from working.
static IS_WORTH_IT: LazyLock<bool> =
    LazyLock::new(|| available_parallelism().is_ok_and(|count| count > NonZero::<usize>::MIN));

/// What `work` gives; the first moments are waited for awake. Whatever else
/// there is to do is done meanwhile, as ever.
pub(super) async fn awake<T>(work: impl Future<Output = T>) -> T {
    // Real time, whatever a test makes of tokio's.
    let began = Instant::now();
    let looking = async {
        while *IS_WORTH_IT && began.elapsed() < FOR {
            tokio::task::yield_now().await;
        }
        std::future::pending().await
    };
    tokio::select! {
        biased;
        result = work => result,
        never = looking => never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_takes_longer_is_waited_for_all_the_same() {
        let (answer, answered) = tokio::sync::oneshot::channel();
        let slow = std::thread::spawn(move || {
            let began = Instant::now();
            while began.elapsed() < 2 * FOR {
                std::thread::yield_now();
            }
            answer.send("late")
        });
        assert_eq!(awake(answered).await, Ok("late"));
        assert_eq!(slow.join().unwrap(), Ok(()));
    }

    #[tokio::test]
    async fn others_go_on_meanwhile() {
        let (answer, answered) = tokio::sync::oneshot::channel();
        let other = async {
            tokio::task::yield_now().await;
            answer.send(())
        };
        let (awaited, sent) = tokio::join!(awake(answered), other);
        assert_eq!((awaited, sent), (Ok(()), Ok(())));
    }
}
