//! The flows of a person's turn: our own, or newer ones in which another
//! process has left the person.
//!
//! In a rolling deploy an older process must not reset people whom a newer one
//! moved. It therefore takes the newer flows from the store, for these people
//! only. The order of appearance decides which version is newer; only a restart
//! or a reload changes our own. Loading flows may take long; meanwhile only the
//! people in them wait.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot::error::TryRecvError;
use tokio::sync::{oneshot, watch};
use tokio::task::spawn_blocking;
use tokio::time::Instant;

use super::parts::Served;
use crate::conversation::{Flows, short_hash};
use crate::message::Sender;
use crate::store::{Person, ServedVersion, StoreError, Writer};

/// How often the store is asked whether our own version appeared again, as in a
/// roll-back, while people are in newer ones.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// The most versions in addition to our own that are kept from batch to batch.
const KEPT: usize = 32;

/// Our own flows, and newer ones of other processes.
#[derive(Debug)]
pub(super) struct Versions {
    /// The flows that are served from the next batch on.
    news: watch::Receiver<Served>,
    own: Served,
    /// The newer versions by their place, each of which is behind our own.
    newer: BTreeMap<i64, Newer>,
    /// When the place of our own version was last asked for.
    asked: Option<Instant>,
    /// A version that is being loaded, in another thread than the one that serves.
    loading: Option<(i64, oneshot::Receiver<Newer>)>,
    /// The senders who wait for it.
    waiting: HashSet<Sender>,
}

/// A version that appeared after our own.
#[derive(Debug)]
enum Newer {
    Loaded(Arc<Flows>),
    /// This release cannot load the version.
    TooNew,
    /// The store no longer has the version.
    Gone,
}

impl Versions {
    pub(super) fn new(mut news: watch::Receiver<Served>) -> Self {
        let own = news.borrow_and_update().clone();
        Self {
            news,
            own,
            newer: BTreeMap::new(),
            asked: None,
            loading: None,
            waiting: HashSet::new(),
        }
    }

    /// Switches to new flows, if there are any; called between two batches.
    pub(super) fn refresh(&mut self) {
        // An error only means that nobody can change the flows any more.
        if self.news.has_changed().unwrap_or(false) {
            self.own = self.news.borrow_and_update().clone();
            self.rise(None);
        }
        while self.newer.len() > KEPT {
            self.newer.pop_first();
        }
        self.finish_loading();
    }

    /// Returns the senders who need not be tried yet, since their flows are
    /// still being loaded.
    pub(super) fn waiting(&self) -> &HashSet<Sender> {
        &self.waiting
    }

    /// Returns which of these people must wait, since their flows are not loaded yet.
    pub(super) fn let_wait(&mut self, people: &HashMap<Sender, Person>) -> HashSet<Sender> {
        let unknown = people.iter().filter(|(_, person)| self.is_unknown(person));
        let waiting: HashSet<Sender> = unknown.map(|(sender, _)| sender.clone()).collect();
        self.waiting.extend(waiting.iter().cloned());
        waiting
    }

    fn is_unknown(&self, person: &Person) -> bool {
        person.flow_version.is_some_and(|id| id > self.own.id && !self.newer.contains_key(&id))
    }

    /// Returns whether some of these people are in a version that is newer than
    /// ours and not known yet, or were for a while: a rolling deploy.
    pub(super) fn wants_more(&self, people: &HashMap<Sender, Person>) -> bool {
        let is_old = self.asked.is_none_or(|asked| asked.elapsed() >= ASK_AGAIN);
        let is_newer = |person: &Person| person.flow_version.is_some_and(|id| id > self.own.id);
        people.values().any(|person| {
            is_newer(person) && is_old || self.loading.is_none() && self.is_unknown(person)
        })
    }

    /// Reads the versions that are needed, and begins to load one. The current
    /// batch is given up for it, so that no row stays locked meanwhile.
    pub(super) async fn read(
        &mut self,
        writer: &mut Writer,
        people: &HashMap<Sender, Person>,
    ) -> Result<(), StoreError> {
        writer.roll_back().await?;
        let place = writer.place_of_version(&self.own.hash).await?;
        self.asked = Some(Instant::now());
        self.rise(place);
        let mut read = Vec::new();
        if self.loading.is_none() {
            for id in self.unknown(people) {
                read.push((id, writer.version(id).await?));
            }
        }
        writer.roll_back_reading().await?;
        for (id, stored) in read {
            self.learn(id, stored);
        }
        Ok(())
    }

    /// Records a later place of our own version, which appeared again elsewhere.
    fn rise(&mut self, place: Option<i64>) {
        let own = self.own.id.max(place.unwrap_or(i64::MIN));
        self.own.id = own;
        self.newer.retain(|id, _| *id > own);
    }

    /// Returns the versions of these people that must be read first.
    fn unknown(&self, people: &HashMap<Sender, Person>) -> BTreeSet<i64> {
        let unknown = people.values().filter(|person| self.is_unknown(person));
        unknown.filter_map(|person| person.flow_version).collect()
    }

    /// Keeps a version as the store has it, or loads it. Only one is loaded at
    /// a time, to bound the memory: another one is read again later.
    fn learn(&mut self, id: i64, stored: Option<ServedVersion>) {
        match stored {
            None => {
                tracing::warn!(
                    flows.version = id,
                    "a session is in flows that `flow_versions` no longer has: \
                     it is continued with the flows of this process"
                );
                self.newer.insert(id, Newer::Gone);
            }
            Some(stored) if stored.hash == self.own.hash => self.rise(Some(id)),
            Some(stored) if self.loading.is_none() => {
                let (loaded, loading) = oneshot::channel();
                self.loading = Some((id, loading));
                // It is not a fault if nobody needs it any more.
                spawn_blocking(move || drop(loaded.send(load(&stored))));
            }
            Some(_) => {}
        }
    }

    /// Keeps the version that was being loaded, if it is ready.
    fn finish_loading(&mut self) {
        let Some((id, loading)) = &mut self.loading else { return };
        let id = *id;
        let newer = match loading.try_recv() {
            Ok(newer) => newer,
            Err(TryRecvError::Empty) => return,
            Err(TryRecvError::Closed) => {
                tracing::error!(
                    flows.version = id,
                    "loading newer flows panicked: this is a defect of Ringback"
                );
                Newer::TooNew
            }
        };
        self.loading = None;
        self.waiting.clear();
        // Our own may have risen above it meanwhile.
        if id > self.own.id {
            self.newer.insert(id, newer);
        }
    }

    /// Returns the flows for a person in this version, and the version in which
    /// they then are; `None` if this release cannot load them.
    pub(super) fn of(&self, version: Option<i64>) -> Option<(&Flows, i64)> {
        let newer = version.and_then(|id| Some((id, self.newer.get(&id)?)));
        match newer {
            Some((id, Newer::Loaded(flows))) => Some((flows, id)),
            Some((_, Newer::TooNew)) => None,
            Some((_, Newer::Gone)) | None => Some((self.own(), self.own.id)),
        }
    }

    /// Returns the flows for a person who is woken; `None` if they are in
    /// newer ones that are not loaded.
    pub(super) fn known(&self, person: &Person) -> Option<(&Flows, i64)> {
        if self.is_unknown(person) { None } else { self.of(person.flow_version) }
    }

    /// Our own flows.
    pub(super) fn own(&self) -> &Flows {
        &self.own.flows
    }
}

/// Loads what another process serves, and logs it.
fn load(stored: &ServedVersion) -> Newer {
    let hash = short_hash(&stored.hash);
    let loaded = stored.sources.as_deref().map(Flows::load);
    let cause = match loaded {
        Some(Ok(loaded)) => {
            tracing::info!(
                flows.version = stored.id,
                flows.hash = hash,
                "another process serves newer flows: people in them continue with them"
            );
            return Newer::Loaded(Arc::new(loaded.flows));
        }
        Some(Err(findings)) => findings.iter().next().map_or_else(String::new, |first| {
            format!("{}:{}:{}: {}", first.file, first.line, first.column, first.message)
        }),
        None => "`flow_versions.sources` is not a JSON list of files".to_owned(),
    };
    tracing::error!(
        flows.version = stored.id,
        flows.hash = hash,
        cause,
        "another process serves newer flows that this release cannot load: \
         people in them are refused here; update this process"
    );
    Newer::TooNew
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::{Source, Version};

    fn source(text: &str) -> Vec<Source> {
        vec![Source { name: "a.yaml".to_owned(), text: text.to_owned() }]
    }

    fn flow(name: &str) -> String {
        format!("flow: {name}\nstart: [go]\nsteps:\n  A: {{ask: What?}}\n")
    }

    fn served(name: &str, id: i64) -> Served {
        let sources = source(&flow(name));
        let flows = Arc::new(Flows::load(&sources).unwrap().flows);
        Served { flows, hash: Version::of(&sources).hash, id }
    }

    fn stored(id: i64, text: &str) -> ServedVersion {
        let version = Version::of(&source(text));
        ServedVersion {
            id,
            hash: version.hash,
            first_served_at: None,
            sources: Some(version.sources),
        }
    }

    /// Returns the flow and the version for a person in this version.
    fn of(versions: &Versions, version: i64) -> Option<(String, i64)> {
        let (flows, id) = versions.of(Some(version))?;
        Some((flows.iter().next().unwrap().name.clone(), id))
    }

    fn standing_in(ids: impl IntoIterator<Item = i64>) -> HashMap<Sender, Person> {
        let person = |id| Person { flow_version: Some(id), ..Person::default() };
        let sender = |id| Sender::from_address(&format!("+1415555{id:04}")).unwrap();
        ids.into_iter().map(|id| (sender(id), person(id))).collect()
    }

    /// Keeps a version, and waits until it is loaded.
    async fn learn(versions: &mut Versions, id: i64, stored: Option<ServedVersion>) {
        versions.learn(id, stored);
        while versions.loading.is_some() {
            tokio::task::yield_now().await;
            versions.finish_loading();
        }
    }

    #[tokio::test]
    async fn only_newer_replaces_older() {
        let (news, receiver) = watch::channel(served("own", 5));
        let mut versions = Versions::new(receiver);
        let own = |id| Some(("own".to_owned(), id));
        assert_eq!(versions.unknown(&standing_in(3..9)), BTreeSet::from([6, 7, 8]));
        learn(&mut versions, 6, Some(stored(6, &flow("six")))).await;
        learn(&mut versions, 7, Some(stored(7, "flow: seven\nkey-of-the-future: 1\n"))).await;
        learn(&mut versions, 8, None).await;
        assert_eq!(versions.unknown(&standing_in(3..9)), BTreeSet::new());
        assert_eq!(of(&versions, 4), own(5));
        assert_eq!(of(&versions, 5), own(5));
        assert_eq!(of(&versions, 6), Some(("six".to_owned(), 6)));
        assert_eq!(of(&versions, 7), None);
        assert_eq!(of(&versions, 8), own(5));
        assert_eq!(versions.of(None).map(|(_, id)| id), Some(5));
        // Our own appeared again, behind the sixth.
        learn(&mut versions, 9, Some(stored(9, &flow("own")))).await;
        assert_eq!([6, 7, 9].map(|id| of(&versions, id)), [own(9), own(9), own(9)]);
        // A reload takes effect between two batches only.
        news.send_replace(served("next", 10));
        assert_eq!(of(&versions, 9), own(9));
        versions.refresh();
        assert_eq!(of(&versions, 9), Some(("next".to_owned(), 10)));
    }

    #[tokio::test]
    async fn only_people_in_flows_that_are_being_loaded_wait() {
        let (_news, receiver) = watch::channel(served("own", 5));
        let mut versions = Versions::new(receiver);
        versions.asked = Some(Instant::now());
        let people = standing_in(4..8);
        assert!(versions.wants_more(&people));
        versions.learn(6, Some(stored(6, &flow("six"))));
        // One at a time: the seventh is read again.
        versions.learn(7, Some(stored(7, &flow("seven"))));
        assert!(!versions.wants_more(&people));
        let waiting = versions.let_wait(&people);
        assert_eq!(waiting, standing_in(6..8).into_keys().collect());
        assert_eq!(*versions.waiting(), waiting);
        let until = Instant::now() + Duration::from_mins(1);
        while versions.loading.is_some() && Instant::now() < until {
            tokio::task::yield_now().await;
            versions.refresh();
        }
        assert_eq!(of(&versions, 6), Some(("six".to_owned(), 6)));
        assert!(versions.waiting().is_empty() && versions.wants_more(&people));
        assert_eq!(versions.unknown(&people), BTreeSet::from([7]));
    }

    #[tokio::test]
    async fn versions_are_kept_in_bounds_the_newest_longest() {
        let (_news, receiver) = watch::channel(served("own", 0));
        let mut versions = Versions::new(receiver);
        for id in 1..=200 {
            learn(&mut versions, id, None).await;
        }
        versions.refresh();
        let kept: Vec<i64> = versions.newer.keys().copied().collect();
        assert_eq!(kept, (169..=200).collect::<Vec<_>>());
    }
}
