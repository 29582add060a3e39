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
pub(super) async fn spin_wait<T>(work: impl Future<Output = T>) -> T {
    // Real time, whatever a test makes of tokio's.
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
    async fn it_looks_until_the_answer_is_there() {
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
    async fn others_go_on_meanwhile() {
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
    async fn what_takes_longer_is_waited_for_all_the_same() {
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
