//! `ringback outbox drop`: gives up texts that wait.
//!
//! It works like a service at the texts of some people: it locks the people
//! first, reads their texts again, and saves what changed in one transaction. A
//! text that a service has claimed meanwhile no longer waits, and stays as it is.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use anyhow::{Context, anyhow};
use jiff::Timestamp;
use tokio::time::{Instant, sleep, timeout};

use crate::cli::output::Output;
use crate::config::Waiting;
use crate::hint::WithHint;
use crate::message::Sender;
use crate::outbox::order;
use crate::outbox::text::Text;
use crate::store::{Changes, Saved, Store, StoreError, Writer};

/// How many texts one transaction finds. It also gives up other old texts of the
/// same people.
const BITE: u32 = 64;

/// How long one bite may take; after that the database counts as away.
const BITE_WITHIN: Duration = Duration::from_secs(10);

/// The rest after a bite is this many times as long as the bite, so that
/// services have the database for most of the time.
const REST: u32 = 4;

/// How often the texts of people whom a service is serving are looked at.
const ROUNDS: u32 = 5;

/// The pause between two rounds. A service holds a person for some milliseconds.
const BETWEEN: Duration = Duration::from_millis(200);

/// Gives up the texts that have waited for so long, and says how many.
pub(in crate::cli) async fn give_up(store: &Store, waiting: Waiting) -> anyhow::Result<()> {
    let before = waiting.before(Timestamp::now());
    let Done { given_up, left } = rounds(store, before)
        .await
        .context("the texts are not all given up")
        .with_hint("what was given up stays so; run it again for the rest")?;
    let since = before.strftime("%Y-%m-%d %H:%M:%S UTC");
    Output::new().line(&format!("{} from before {since} given up", texts(given_up)));
    if left == 0 {
        return Ok(());
    }
    let are = if left == 1 { "is" } else { "are" };
    Err(anyhow!("{} {are} not given up: another transaction was in the way", texts(left)))
        .with_hint("run it again; if that does not help, end that transaction")
}

fn texts(count: usize) -> String {
    if count == 1 { "1 text".to_owned() } else { format!("{count} texts") }
}

/// What came of some work.
#[derive(Clone, Copy, Debug, Default)]
struct Done {
    given_up: usize,
    /// The texts of people who are locked.
    left: usize,
}

/// Repeats the round while people are locked, a few times at most.
async fn rounds(store: &Store, before: Timestamp) -> Result<Done, StoreError> {
    let mut done = Done::default();
    let mut writer = None;
    for number in 0..ROUNDS {
        if number > 0 {
            sleep(BETWEEN).await;
        }
        let round = round(store, &mut writer, before).await?;
        done = Done { given_up: done.given_up + round.given_up, left: round.left };
        if done.left == 0 {
            break;
        }
    }
    Ok(done)
}

/// Goes once through all texts that have waited for so long.
async fn round(
    store: &Store,
    writer: &mut Option<Writer>,
    before: Timestamp,
) -> Result<Done, StoreError> {
    let mut done = Done::default();
    loop {
        // What was given up is no longer found; what was left still is.
        let skip = u32::try_from(done.left).unwrap_or(u32::MAX);
        let ids = store.stale_texts(before, skip, BITE).await?;
        if ids.is_empty() {
            return Ok(done);
        }
        let begun = Instant::now();
        let bite = timeout(BITE_WITHIN, bite(store, writer, &ids, before)).await;
        match bite.unwrap_or_else(|_| Err(StoreError::late())) {
            Ok(bitten) => {
                done.given_up += bitten.given_up;
                done.left += bitten.left;
            }
            Err(StoreError::Conflict(_) | StoreError::Locked(_)) => {
                // Its transaction ends with its connection.
                *writer = None;
                done.left += ids.len();
            }
            Err(error) => return Err(error),
        }
        sleep(REST * begun.elapsed()).await;
    }
}

/// Gives up the old texts of the people of these texts, in one transaction.
async fn bite(
    store: &Store,
    writer: &mut Option<Writer>,
    ids: &[i64],
    before: Timestamp,
) -> Result<Done, StoreError> {
    let writer = match writer {
        Some(writer) => writer,
        none => none.insert(store.writer().await?),
    };
    let owners = writer.text_senders(ids).await?;
    let senders: BTreeSet<Sender> = owners.values().cloned().collect();
    if senders.is_empty() {
        writer.roll_back_reading().await?;
        return Ok(Done::default());
    }
    // A person whom a service is serving is passed over.
    writer.be_careful(true);
    let people = writer.load(&senders).await?.people;
    let left = owners.values().filter(|owner| !people.contains_key(owner)).count();
    let free: Vec<Sender> = people.into_keys().collect();
    let now = Timestamp::now();
    let texts = writer.open_texts(&free, now).await?;
    let (changes, given_up) = changes(texts, before, now);
    if changes.texts.is_empty() {
        writer.roll_back().await?;
        return Ok(Done { given_up: 0, left });
    }
    match writer.save(&changes).await? {
        Saved::Done => Ok(Done { given_up, left }),
        Saved::Duplicate => Err(StoreError::TurnTaken),
    }
}

/// Returns what is to be saved, and how many texts that gives up.
fn changes(
    texts: HashMap<Sender, Vec<Text>>,
    before: Timestamp,
    now: Timestamp,
) -> (Changes, usize) {
    let mut changes = Changes { now, ..Changes::default() };
    let mut given_up = 0;
    for known in texts.into_values() {
        let mut texts = known.clone();
        given_up += order::give_up(&mut texts, before, now);
        let pairs = texts.into_iter().zip(known);
        changes.texts.extend(pairs.filter(|(new, old)| new != old).map(|(new, _)| new));
    }
    changes.texts.sort_unstable_by_key(|text| text.id);
    (changes, given_up)
}
