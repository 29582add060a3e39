//! Faults, on purpose: what ends, stops, starves or floods the service, and
//! what must hold all the same. Real processes, real servers.
//!
//! All of it is part of every test run, in a short form. The long forms, of
//! which `docs/operations.md` has a result:
//!
//! ```sh
//! export TEST_MYSQL_URL=mysql://…
//! RINGBACK_FAULTS_KILLS=1000 cargo nextest run --no-capture kills::of_
//! RINGBACK_FAULTS_RATES=1 cargo nextest run --release --no-capture faults::outages faults::full_disks
//! RINGBACK_FAULTS_OVERLOAD=60 cargo nextest run --release --no-capture faults::overload
//! RINGBACK_FAULTS_SERVED=1000 cargo nextest run --release --no-capture faults::strangers
//! RINGBACK_FAULTS_INPUTS=100000 cargo nextest run --release faults::hostile
//! scripts/cluster
//! ```
//!
//! - `…_KILLS`: how often each of the tests in `kills` and in `acting::kills` kills
//!   (20 if it is not set);
//! - `…_RATES`: the rate before and after each outage is measured, and must come back;
//! - `…_OVERLOAD`: for how many seconds there is too much to do;
//! - `…_SERVED`: how many messages the real sender writes beside each crowd of
//!   strangers (10 if it is not set), of which 99 in 100 must be answered in a second;
//! - `…_INPUTS`: how many changed inputs each reader gets (400 if it is not set).
//!
//! `RINGBACK_FAULTS_SEED` makes what is random the same again; each test prints
//! the seed that it used. Threads and processes are not the seed's, so the same
//! seed is the same plan, not the same moment.
//!
//! Nothing waits for time to pass, with one exception: a kill comes after a
//! random delay, which is the fault itself. Of time only what is promised is
//! asserted (a refusal comes within some two seconds), with room for a busy
//! machine; how quick all is, is printed. The long forms of `…_RATES` and
//! `…_SERVED` want a machine for themselves: they assert speed, too.

mod acting;
mod chance;
mod clusters;
mod contention;
mod crowd;
mod disk;
mod encryption;
mod flood;
mod full_disks;
mod hardened;
mod hostile;
mod hosts;
mod kills;
mod namespace;
mod network;
mod outages;
mod overload;
mod pace;
mod poison;
mod reads;
mod server;
mod strangers;
mod watched;

use uuid::Uuid;

use self::chance::Chance;
use crate::support::setting;

/// Starts a command that lives on where a file may not grow: then a write fails
/// as on a full disk, instead of ending the process.
const LIVING_ON: [&str; 4] = ["sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh"];

/// How often a test kills.
pub(crate) fn kills() -> usize {
    setting("RINGBACK_FAULTS_KILLS").unwrap_or(20)
}

/// What this test's chance comes from; printed, so that it can be had again.
pub(crate) fn chance(test: &str) -> Chance {
    let seed = setting("RINGBACK_FAULTS_SEED").unwrap_or_else(|| Uuid::new_v4().as_u64_pair().0);
    eprintln!("{test}: RINGBACK_FAULTS_SEED={seed}");
    Chance::new(seed)
}
