//! Chooses which of the hosts in `DATABASE_URL` is used.
//!
//! All connections of a process go to one host: the first in the list that can
//! be written to. A host that fails is avoided for a while. With a single host
//! there is nothing to choose, and nothing is asked of it beyond a connection.

pub(super) mod list;
mod node;
mod records;
mod session;

use std::str::FromStr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sqlx::mysql::{MySqlConnectOptions, MySqlPool, MySqlPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _, MySqlConnection};
use tokio::time::{Instant, sleep, timeout};

use self::list::Host;
use self::node::Unfit;
use self::records::Records;
use self::session::set_up;
use super::StoreError;
use super::sql::STATEMENT_CACHE;

/// How long a reader waits for a free connection.
const ACQUIRE_WAIT: Duration = Duration::from_secs(1);

/// Connections that only read.
const READERS: u32 = 4;

/// How long one host of a list may take to accept a connection, at first.
const CONNECT_WITHIN: Duration = Duration::from_millis(500);

/// The longest that this may become, where all hosts are slow.
const CONNECT_WITHIN_AT_MOST: Duration = Duration::from_secs(4);

/// How long a read may take before the host is looked at.
const READ_UNOBSERVED: Duration = Duration::from_millis(250);

/// How often earlier hosts are looked at, while a later one is used.
const LOOK_BACK_EVERY: Duration = Duration::from_secs(5);

/// The hosts of a database, and which one is used.
#[derive(Debug)]
pub(super) struct Hosts {
    list: Vec<Listed>,
    choice: Mutex<Choice>,
    /// When the host was found to answer last. Held while a reader looks at
    /// it, so that not all of them do.
    looking: tokio::sync::Mutex<Option<Instant>>,
}

#[derive(Debug)]
struct Listed {
    /// Host and port.
    name: String,
    options: MySqlConnectOptions,
}

#[derive(Debug)]
struct Choice {
    /// The host that is used; `None` before the first connection.
    present: Option<usize>,
    /// The connections to it that only read.
    readers: MySqlPool,
    records: Records,
    within: Duration,
}

/// What was found out about one host of several.
#[derive(Debug)]
pub struct HostState {
    /// Host and port.
    pub name: String,
    /// Why it is passed over; `None` if it can be written to.
    pub trouble: Option<StoreError>,
    /// Whether that is because it is read-only, as a replica is.
    pub is_read_only: bool,
}

impl Hosts {
    /// Returns the hosts, in the order of the list. Does not connect yet.
    pub(super) fn new(hosts: &[Host]) -> Result<Self, StoreError> {
        let list = hosts.iter().map(Listed::new).collect::<Result<Vec<_>, _>>()?;
        let first = list.first().ok_or(StoreError::Setting)?;
        let choice = Choice {
            present: None,
            readers: first.readers(),
            records: Records::of(list.len()),
            within: CONNECT_WITHIN,
        };
        Ok(Self { list, choice: Mutex::new(choice), looking: tokio::sync::Mutex::default() })
    }

    /// Returns the connections that only read.
    pub(super) fn readers(&self) -> MySqlPool {
        self.choice().readers.clone()
    }

    /// Looks at each host of the list, whichever is used.
    pub(super) async fn states(&self) -> Vec<HostState> {
        let mut states = Vec::new();
        for listed in &self.list {
            let found = timeout(CONNECT_WITHIN, listed.unfit()).await;
            let unfit = found.unwrap_or_else(|_| Err(StoreError::late()));
            states.push(HostState {
                name: listed.name.clone(),
                is_read_only: matches!(unfit, Ok(Some(Unfit::ReadOnly))),
                trouble: match unfit {
                    Ok(unfit) => unfit.map(|unfit| StoreError::Unavailable(unfit.to_string())),
                    Err(error) => Some(error),
                },
            });
        }
        states
    }

    /// Returns whether there is a choice at all.
    pub(super) fn are_several(&self) -> bool {
        self.list.len() > 1
    }

    /// Returns the number of the host that is used.
    pub(super) fn present(&self) -> usize {
        self.choice().present.unwrap_or_default()
    }

    /// Chooses a host, if none has been chosen yet.
    pub(super) async fn choose_first(&self) -> Result<(), StoreError> {
        let _looking = self.looking.lock().await;
        let is_chosen = self.choice().present.is_some();
        if !is_chosen {
            close(self.connect().await?.0).await;
        }
        Ok(())
    }

    /// Connects to the host that is used, or to the first one that can be
    /// written to if that one fails. Also returns the number of the host.
    pub(super) async fn connect(&self) -> Result<(MySqlConnection, usize), StoreError> {
        if let [only] = &self.list[..] {
            return Ok((only.connect().await?, 0));
        }
        let order = {
            let choice = self.choice();
            choice.records.order(choice.present, Instant::now())
        };
        let mut failures = Vec::new();
        for host in order {
            match self.connect_to(host).await {
                Ok(connection) => {
                    self.settle(host);
                    return Ok((connection, host));
                }
                Err(error) => failures.push((host, error)),
            }
        }
        Err(self.none_is_left(failures))
    }

    /// Connects to a host if it can be written to; otherwise avoids it.
    async fn connect_to(&self, host: usize) -> Result<MySqlConnection, StoreError> {
        let (within, began) = (self.choice().within, Instant::now());
        let connecting = timeout(within, self.list[host].connect_to_write()).await;
        let connected = connecting.unwrap_or_else(|_| Err(StoreError::late()));
        let mut choice = self.choice();
        match &connected {
            Ok(_) if began.elapsed() < CONNECT_WITHIN => choice.within = CONNECT_WITHIN,
            Ok(_) => {}
            Err(error) => choice.records.passed_over(host, error, Instant::now()),
        }
        drop(choice);
        connected
    }

    /// Uses this host from now on.
    fn settle(&self, host: usize) {
        let mut choice = self.choice();
        let now = Instant::now();
        choice.records.answered(host, now);
        if choice.present == Some(host) {
            return;
        }
        let avoided = choice.records.avoided(now);
        let earlier = avoided.filter(|(other, _)| *other < host || choice.present == Some(*other));
        let reasons = earlier.map(|(other, why)| format!("{}: {why}", self.list[other].name));
        let mut why = reasons.collect::<Vec<_>>().join("; ");
        if why.is_empty() {
            "it is the first of the list that can be written to".clone_into(&mut why);
        }
        choice.present = Some(host);
        choice.readers = self.list[host].readers();
        drop(choice);
        tracing::info!(host = self.list[host].name, why, "a database host is used from now on");
    }

    /// Returns the failure of all hosts.
    fn none_is_left(&self, mut failures: Vec<(usize, StoreError)>) -> StoreError {
        failures.sort_by_key(|(host, _)| *host);
        if failures.iter().any(|(_, error)| error.is_late()) {
            // The network may be slower than was thought.
            let mut choice = self.choice();
            choice.within = (2 * choice.within).min(CONNECT_WITHIN_AT_MOST);
        }
        let kind = failures.first().map(|(_, error)| error.kind());
        let is_one_kind = failures.iter().all(|(_, error)| Some(error.kind()) == kind);
        if kind != Some("unavailable")
            && is_one_kind
            && let Some((_, first)) = failures.pop()
        {
            return first;
        }
        let reason = |(host, error): &(usize, StoreError)| {
            format!("{}: {}", self.list[*host].name, error.reason())
        };
        let reasons: Vec<_> = failures.iter().map(reason).collect();
        StoreError::Unavailable(format!("no host can be written to ({})", reasons.join("; ")))
    }

    /// Avoids this host for a while, because it failed although it accepts
    /// connections.
    pub(super) fn lost(&self, host: usize, error: &StoreError) {
        if self.are_several() {
            self.choice().records.lost(host, error, Instant::now());
        }
    }

    /// Prepares a new connection for its work, and avoids its host for a while if
    /// that fails or is given up: it takes connections, and may do nothing else.
    pub(super) async fn prepared<T>(
        &self,
        host: usize,
        preparing: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let mut attempt = Attempt { hosts: self, host, is_under_way: true };
        let prepared = preparing.await;
        attempt.is_under_way = false;
        if let Err(error) = &prepared {
            self.lost(host, error);
        }
        prepared
    }

    /// Returns whether messages may still pass on this host.
    pub(super) fn is_avoided(&self, host: usize) -> bool {
        self.choice().records.is_avoided(host, Instant::now())
    }

    /// Returns whether there is another host to try than those that failed.
    pub(super) fn is_any_left(&self) -> bool {
        self.are_several() && self.choice().records.is_any_left(Instant::now())
    }

    /// Returns once another host than this one is used. Looks now and then
    /// whether this one still answers.
    pub(super) async fn left(&self, host: usize) {
        while self.present() == host {
            sleep(READ_UNOBSERVED).await;
            self.look_at(host).await;
        }
    }

    /// Looks whether this host can still be written to, and chooses another one
    /// if not. Returns whether another one is used.
    pub(super) async fn look_at(&self, host: usize) -> bool {
        let mut looked = self.looking.lock().await;
        let is_recent = looked.is_some_and(|at| at.elapsed() < READ_UNOBSERVED);
        if self.present() == host
            && !is_recent
            && let Ok((connection, _)) = self.connect().await
        {
            *looked = Some(Instant::now());
            close(connection).await;
        }
        self.present() != host
    }

    /// Returns to an earlier host as soon as it can be written to. Never ends.
    pub(super) async fn keep_to_first(&self) {
        loop {
            sleep(LOOK_BACK_EVERY).await;
            for host in 0..self.present() {
                if self.choice().records.is_avoided(host, Instant::now()) {
                    continue;
                }
                if let Ok(connection) = self.connect_to(host).await {
                    close(connection).await;
                    self.settle(host);
                    break;
                }
            }
        }
    }

    fn choice(&self) -> MutexGuard<'_, Choice> {
        // Nothing here can be left half done.
        self.choice.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An attempt to prepare a connection. The deadline of a batch may end it at any
/// time, and this is seen only when it is dropped.
struct Attempt<'a> {
    hosts: &'a Hosts,
    host: usize,
    is_under_way: bool,
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        if self.is_under_way {
            self.hosts.lost(self.host, &StoreError::late());
        }
    }
}

/// Says goodbye, as long as the server listens.
async fn close(connection: MySqlConnection) {
    // A server that does not listen notices the end of the connection itself.
    let _ = timeout(CONNECT_WITHIN, connection.close()).await;
}

impl Listed {
    fn new(host: &Host) -> Result<Self, StoreError> {
        let options = MySqlConnectOptions::from_str(host.expose())?
            .charset("utf8mb4")
            // `SESSION` sets the whole of it.
            .pipes_as_concat(false)
            .no_engine_substitution(false)
            .statement_cache_capacity(STATEMENT_CACHE)
            .disable_statement_logging();
        // In a URL an IPv6 address has brackets, in which no system finds it.
        let address = options.get_host().trim_matches(['[', ']']).to_owned();
        Ok(Self { name: host.name.clone(), options: options.host(&address) })
    }

    fn readers(&self) -> MySqlPool {
        MySqlPoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(ACQUIRE_WAIT)
            .after_connect(|connection, _| Box::pin(set_up(connection)))
            .connect_lazy_with(self.options.clone())
    }

    async fn connect(&self) -> Result<MySqlConnection, sqlx::Error> {
        let mut connection = self.options.connect().await?;
        set_up(&mut connection).await?;
        Ok(connection)
    }

    async fn unfit(&self) -> Result<Option<Unfit>, StoreError> {
        let mut connection = self.connect().await?;
        let unfit = node::unfit(&mut connection).await?;
        connection.close().await?;
        Ok(unfit)
    }

    async fn connect_to_write(&self) -> Result<MySqlConnection, StoreError> {
        let mut connection = self.connect().await?;
        node::admit(&mut connection).await?;
        Ok(connection)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::url::DatabaseUrl;

    #[tokio::test]
    async fn one_on_which_nothing_can_be_prepared_is_avoided() {
        let url = DatabaseUrl::parse("mysql://u@a,b/x").unwrap();
        let hosts = Hosts::new(url.hosts()).unwrap();
        assert!(hosts.prepared(0, async { Ok(()) }).await.is_ok());
        assert!(!hosts.is_avoided(0));
        assert!(hosts.prepared(0, async { Err::<(), _>(StoreError::Missing) }).await.is_err());
        assert!(hosts.is_avoided(0));
        let given_up = hosts.prepared(1, std::future::pending::<Result<(), _>>());
        assert!(timeout(Duration::from_millis(1), given_up).await.is_err());
        assert!(hosts.is_avoided(1));
        // Of a single host nothing is remembered.
        let url = DatabaseUrl::parse("mysql://u@a/x").unwrap();
        let hosts = Hosts::new(url.hosts()).unwrap();
        assert!(hosts.prepared(0, async { Err::<(), _>(StoreError::Missing) }).await.is_err());
        assert!(!hosts.is_avoided(0));
    }

    #[tokio::test]
    async fn an_ipv6_address_is_looked_up_without_its_brackets() {
        for url in ["mysql://u@[::1]:3307/x", "mysql://u@[::1]:3307,b/x"] {
            let hosts = Hosts::new(DatabaseUrl::parse(url).unwrap().hosts()).unwrap();
            let first = &hosts.list[0];
            assert_eq!((first.options.get_host(), first.options.get_port()), ("::1", 3307));
            assert_eq!(first.name, "[::1]:3307");
        }
    }
}
