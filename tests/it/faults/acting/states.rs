//! Where each person stands, as another program reads it from the database.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, interval, timeout};

use crate::support::database::try_select;

/// How long anybody may wait for a call, whoever is killed meanwhile: the
/// longest time of a call, and as long again for who must come back first.
const NOT_STUCK: Duration = Duration::from_secs(40);

/// The states of all whose conversations go on, looked at again and again.
#[derive(Clone)]
pub(super) struct States {
    seen: watch::Receiver<Seen>,
    _looking: Arc<Looking>,
}

struct Looking(JoinHandle<()>);

impl Drop for Looking {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What was seen.
struct Seen {
    /// When the look began.
    at: Instant,
    by_number: HashMap<String, String>,
}

impl States {
    pub(super) fn of(url: &str) -> Self {
        let (sender, seen) = watch::channel(Seen { at: Instant::now(), by_number: HashMap::new() });
        let url = url.to_owned();
        let looking = tokio::spawn(async move {
            let query = "SELECT CONCAT_WS('|', phone_number, conversation_state) FROM user_sessions \
                         WHERE conversation_state IN ('PRICE', 'OTHER', 'SURE')";
            let mut ticks = interval(Duration::from_millis(50));
            loop {
                ticks.tick().await;
                let at = Instant::now();
                // The database may be away.
                let Ok(rows) = try_select(&url, query).await else { continue };
                let pair = |row: &String| {
                    let (number, state) = row.split_once('|').unwrap();
                    (number.to_owned(), state.to_owned())
                };
                sender.send_replace(Seen { at, by_number: rows.iter().map(pair).collect() });
            }
        });
        Self { seen, _looking: Arc::new(Looking(looking)) }
    }

    /// Waits until this person's conversation waits for a call.
    pub(super) async fn calls(&self, number: &str) {
        self.becomes(number, is_calling).await;
    }

    /// Waits until this person's call is over, and returns whether a question
    /// follows.
    pub(super) async fn is_asked_after_call(&self, number: &str) -> bool {
        let ended = self.becomes(number, |state| !is_calling(state));
        let state = timeout(NOT_STUCK, ended).await;
        state.unwrap_or_else(|_| panic!("{number} is stuck at a call")).is_some()
    }

    /// Waits until a look that begins from now on sees such a state.
    async fn becomes(&self, number: &str, is_it: impl Fn(Option<&str>) -> bool) -> Option<String> {
        let (mut seen, from) = (self.seen.clone(), Instant::now());
        let is_so =
            |seen: &Seen| seen.at >= from && is_it(seen.by_number.get(number).map(String::as_str));
        let seen = seen.wait_for(is_so).await.expect("somebody looks");
        seen.by_number.get(number).cloned()
    }
}

fn is_calling(state: Option<&str>) -> bool {
    state.is_some_and(|state| state == "PRICE" || state == "OTHER")
}
