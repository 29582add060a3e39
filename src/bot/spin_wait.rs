//! Waits for something brief without sleeping.
//!
//! A thread that sleeps until the database answers is woken some tens of
//! microseconds after the answer, at every statement. While a single message is
//! served, there is nothing else to do and nobody else needs the processor. Its
//! thread therefore polls for a while instead.

use std::num::NonZero;
use std::sync::LazyLock;
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

/// How long it polls. A database that takes longer is not worth the processor's time.
const FOR: Duration = Duration::from_millis(1);

/// With a single processor, polling would keep the database from working.
static IS_WORTH_IT: LazyLock<bool> =
    LazyLock::new(|| available_parallelism().is_ok_and(|count| count > NonZero::<usize>::MIN));

/// Returns the result of `work`, and waits for the first moments awake. Other
/// tasks run meanwhile, as always.
pub(super) async fn spin_wait<T>(work: impl Future<Output = T>) -> T {
    // The real time, even if a test controls tokio's.
    let began = Instant::now();
    spin_while(|| *IS_WORTH_IT && began.elapsed() < FOR, work).await
}

async fn spin_while<T>(mut is_early: impl FnMut() -> bool, work: impl Future<Output = T>) -> T {
    let looking = async {
        while is_early() {
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
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn it_polls_until_the_answer_is_there() {
        let looks = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&looks);
        let (answer, answered) = oneshot::channel();
        let other_side = std::thread::spawn(move || {
            let began = Instant::now();
            while seen.load(Ordering::Relaxed) < 100 {
                if began.elapsed() > Duration::from_secs(10) {
                    return;
                }
                std::thread::yield_now();
            }
            let _ = answer.send(());
        });
        let look = || looks.fetch_add(1, Ordering::Relaxed) < usize::MAX;
        assert_eq!(spin_while(look, answered).await, Ok(()), "nobody looked");
        other_side.join().unwrap();
    }

    #[tokio::test]
    async fn other_tasks_run_meanwhile() {
        let mut looks = 0;
        let (answer, answered) = oneshot::channel();
        let other = async {
            tokio::task::yield_now().await;
            answer.send(())
        };
        let look = || {
            looks += 1;
            looks < 1_000_000
        };
        let (awaited, sent) = tokio::join!(spin_while(look, answered), other);
        assert_eq!((awaited, sent), (Ok(()), Ok(())));
        assert!(looks < 1_000_000, "it kept the thread for itself");
    }

    #[tokio::test]
    async fn a_longer_wait_ends_with_the_answer_as_well() {
        let (answer, answered) = oneshot::channel();
        let other = async {
            for _ in 0..10 {
                tokio::task::yield_now().await;
            }
            answer.send("late")
        };
        let (awaited, sent) = tokio::join!(spin_while(|| false, answered), other);
        assert_eq!((awaited, sent), (Ok("late"), Ok(())));
    }
}
