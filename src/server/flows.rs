//! The flows that are served: registered with the database at the start, and
//! read anew on SIGHUP.
//!
//! Where they lie and how they are read is the caller's to know. Flows with a
//! mistake never take the place of those that are served.

use std::sync::Arc;

use anyhow::Context;
use jiff::Timestamp;

use super::hangup::Hangups;
use crate::bot::{Bot, Served};
use crate::conversation::finding::{Finding, Findings, Severity};
use crate::conversation::{Flows, Version, short_hash, shown};
use crate::store::{Store, StoreError};

/// Flows that loaded, and the files that they are.
#[derive(Clone, Debug)]
pub struct Edition {
    /// The flows.
    pub flows: Flows,
    /// Their files.
    pub version: Version,
    /// What is doubtful about them.
    pub warnings: Findings,
}

/// Why there is none.
#[derive(Debug)]
pub enum Unloaded {
    /// What is wrong with the files.
    Refused(Findings),
    /// They could not be read.
    Unread(anyhow::Error),
}

/// Reads the files, wherever they lie.
pub type Read = Arc<dyn Fn() -> Result<Edition, Unloaded> + Send + Sync>;

/// Reads them for the start, away from the thread that hears signals; an error
/// says all that is wrong.
pub(super) async fn first(read: Read) -> anyhow::Result<Edition> {
    let read = tokio::task::spawn_blocking(move || read()).await;
    let edition = read.context("reading the flows panicked, which is a defect of Ringback")??;
    log(&edition.warnings);
    Ok(edition)
}

/// Logs what was found, each with its place; of a kind of which there is much,
/// the first and how many more.
fn log(findings: &Findings) {
    for (finding, more) in findings.shown().0 {
        let Finding { code, file, line, column, message, .. } = finding;
        let more = if more > 0 { format!(" (and {more} more like this)") } else { String::new() };
        match finding.severity() {
            Severity::Error => {
                tracing::error!(%code, file = %shown(file), line, column, "{}{more}", shown(message));
            }
            Severity::Warning => {
                tracing::warn!(%code, file = %shown(file), line, column, "{}{more}", shown(message));
            }
        }
    }
}

/// Says to the database what is served from now on.
pub(super) async fn register(store: &Store, edition: Edition) -> Result<Served, StoreError> {
    let Edition { flows, version, .. } = edition;
    let id = store.serve_version(&version, Timestamp::now()).await?;
    Ok(Served { flows: Arc::new(flows), hash: version.hash, id })
}

/// Reads the flows anew at each hang-up, as long as the service runs; `read`
/// is `None` where they are built in.
pub(super) async fn keep_reloading(
    mut hangups: Hangups,
    read: Option<Read>,
    store: Store,
    bot: Bot,
) {
    loop {
        hangups.next().await;
        let Some(read) = &read else {
            tracing::info!("SIGHUP: the built-in flow is served, and there is nothing to read");
            continue;
        };
        reload(Arc::clone(read), &store, &bot).await;
    }
}

/// Serves what the files say now. Whatever is wrong, the flows that are served stay.
async fn reload(read: Read, store: &Store, bot: &Bot) {
    // Messages go on meanwhile.
    let edition = match tokio::task::spawn_blocking(move || read()).await {
        Ok(Ok(edition)) => edition,
        Ok(Err(Unloaded::Refused(findings))) => return refuse(&findings),
        Ok(Err(Unloaded::Unread(error))) => {
            let cause = format!("{error:#}");
            return tracing::error!(cause, "the flows cannot be read: those that are served stay");
        }
        Err(error) => {
            return tracing::error!(
                %error,
                "reading the flows panicked, which is a defect of Ringback: those that are served stay"
            );
        }
    };
    log(&edition.warnings);
    match register(store, edition).await {
        Ok(served) => {
            tracing::info!(
                flows = names(&served.flows),
                flows.version = served.id,
                flows.hash = short_hash(&served.hash),
                "the flows were read anew, and are served from here on"
            );
            bot.serve(served);
        }
        Err(error) => tracing::error!(
            %error,
            "the database does not take the new version of the flows: those that are served stay; \
             send SIGHUP once more when it is back"
        ),
    }
}

/// Logs what is wrong.
fn refuse(findings: &Findings) {
    log(findings);
    tracing::error!(
        errors = findings.count(Severity::Error),
        "the flows do not load, and those that are served stay: see the lines above"
    );
}

/// The names of flows, for the log.
pub(super) fn names(flows: &Flows) -> String {
    flows.iter().map(|flow| shown(&flow.name)).collect::<Vec<_>>().join(", ")
}

/// What was read at the start; an error says all that is wrong.
impl From<Unloaded> for anyhow::Error {
    fn from(unloaded: Unloaded) -> Self {
        match unloaded {
            Unloaded::Refused(findings) => {
                anyhow::anyhow!("the flows do not load\n\n{}", findings.render(false))
            }
            Unloaded::Unread(error) => error,
        }
    }
}
