//! How quickly a crowd is answered, before an outage and after it.
//!
//! Speed is measured, not asserted: a test run shares its machine with others.
//! So the short form only holds that after an outage the crowd is answered at
//! a tenth of its pace at least, which no busy machine explains, within ten
//! seconds. The long form (`RINGBACK_FAULTS_RATES=1`) takes its time and prints
//! figures, for `docs/operations.md`.

use std::time::{Duration, Instant};

use tokio::time::{Instant as Moment, timeout_at};

use super::crowd::Crowd;
use crate::support::setting;

/// So many answers are one look at the pace.
const LOOK: u32 = 60;

/// How long the pace may take to come back, and how long it is measured after
/// an outage.
const SOON: Duration = Duration::from_secs(10);

/// How long it is measured before.
const BEFORE: Duration = Duration::from_secs(5);

/// Whether the pace is measured.
pub(super) fn is_measured() -> bool {
    setting("RINGBACK_FAULTS_RATES").unwrap_or(0) > 0
}

/// How many people write: as many as keep the service busy, where it is measured.
pub(super) fn people() -> u64 {
    if is_measured() { 32 } else { 8 }
}

/// Answers a second before an outage.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace(f64);

impl Pace {
    /// The pace that a crowd is answered at.
    pub(super) async fn of(crowd: &Crowd) -> Self {
        // Not the first ones: they meet connections that are being made.
        crowd.answered(LOOK as usize).await;
        if is_measured() {
            return Self(rate(&answers(crowd, BEFORE).await, Duration::ZERO, BEFORE));
        }
        Self(look(crowd).await)
    }

    /// Waits until an outage that has just ended is over for the crowd, too.
    pub(super) async fn comes_back(self, what: &str, crowd: &Crowd) {
        if is_measured() {
            self.report(what, &answers(crowd, SOON).await);
            return;
        }
        let ended = Instant::now();
        while look(crowd).await < self.0 / 10.0 {
            assert!(ended.elapsed() < SOON, "{what}: the crowd is answered slowly for ever after");
        }
    }

    /// One line of the table.
    fn report(self, what: &str, answers: &[Duration]) {
        let second = Duration::from_secs(1);
        // The first second as good as those before: found by tenths.
        let back = (0..90)
            .map(|tenths| Duration::from_millis(tenths * 100))
            .find(|&from| rate(answers, from, from + second) >= 0.9 * self.0);
        let back = back.map_or("not within 10 s".to_owned(), |from| format!("{from:.1?}"));
        let last = rate(answers, SOON / 2, SOON);
        eprintln!(
            "| {what} | {:.0} | {back} | {last:.0} | {:.0} % |",
            self.0,
            100.0 * last / self.0
        );
    }
}

/// The pace of the next few answers.
async fn look(crowd: &Crowd) -> f64 {
    let began = Instant::now();
    crowd.answered(LOOK as usize).await;
    f64::from(LOOK) / began.elapsed().as_secs_f64()
}

/// When answers came, from now on and for so long.
async fn answers(crowd: &Crowd, time: Duration) -> Vec<Duration> {
    let mut count = crowd.count();
    let mut known = *count.borrow_and_update();
    let (began, mut moments) = (Moment::now(), Vec::new());
    while timeout_at(began + time, count.changed()).await.is_ok() {
        let now = *count.borrow_and_update();
        moments.extend((known..now).map(|_| began.elapsed()));
        known = now;
    }
    moments
}

/// Answers a second between these moments.
fn rate(answers: &[Duration], from: Duration, to: Duration) -> f64 {
    let within = answers.iter().filter(|&&at| from <= at && at < to).count();
    f64::from(u32::try_from(within).unwrap()) / to.saturating_sub(from).as_secs_f64()
}
