//! The flows that are served: registered with the database at the start, and
//! read again on SIGHUP or when somebody saves their files.
//!
//! Flows with a mistake never replace those that are served.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow};
use jiff::Timestamp;
use tokio::sync::watch;
use tokio::task::{JoinError, spawn_blocking};
use tokio::time::sleep;

use super::file_watch::FileWatch;
use super::hangup::Hangups;
use super::requirements::{Missing, missing_beside};
use crate::bot::{Bot, Served};
use crate::calls::secrets::Secrets;
use crate::config::Settings;
use crate::conversation::finding::{Finding, Findings, Severity};
use crate::conversation::{Flows, short_hash, shown};
use crate::flow_files::{self, LoadedFlows, Refused};
use crate::hint::WithHint;
use crate::message::consent::OptOutWords;
use crate::simulator::{FlowNews, FlowProblem};
use crate::store::{Store, StoreError};

/// The flow files that are served, and the opt-out words.
#[derive(Clone, Debug)]
pub(super) struct FlowSettings {
    path: Option<PathBuf>,
    opt_out: OptOutWords,
    /// Whether flows may say texts that answer no message.
    takes_texts: bool,
    secrets: Secrets,
    /// Whether the files are watched.
    is_watched: bool,
}

impl FlowSettings {
    pub(super) fn of(settings: &Settings, takes_texts: bool) -> Self {
        let (path, opt_out) = (settings.flows.clone(), settings.opt_out_words.clone());
        let (secrets, is_watched) = (settings.calls.secrets.clone(), settings.watch);
        Self { path, opt_out, takes_texts, secrets, is_watched }
    }

    /// Returns why a flow cannot be served, and what to do, if there is one.
    fn refused(&self, flows: &Flows) -> Option<Missing> {
        missing_beside(flows, &self.secrets, self.takes_texts).next()
    }

    /// Reads and loads them, in another thread than the one that serves and
    /// handles signals.
    async fn load(&self) -> Result<anyhow::Result<LoadedFlows>, JoinError> {
        let (path, opt_out) = (self.path.clone(), self.opt_out.clone());
        spawn_blocking(move || flow_files::load(path.as_deref(), &opt_out)).await
    }
}

/// Loads the flows at the start; an error reports everything that is wrong.
pub(super) async fn first(files: &FlowSettings) -> anyhow::Result<LoadedFlows> {
    let loaded = files.load().await;
    let loaded = loaded.context("reading the flows panicked, which is a defect of Ringback")??;
    if let Some(Missing { what, cure }) = files.refused(&loaded.flows) {
        return Err(anyhow!(what)).with_hint(cure);
    }
    log(&loaded.warnings);
    Ok(loaded)
}

/// What the phone page says of files that do not load.
const MISTAKE: &str = "The flow files have a mistake. The earlier flows stay in use.";

/// What it says if the files are good, and the database does not take them.
const AWAY: &str =
    "The database does not take the new flows. The earlier flows stay in use until it does.";

/// How long after that the files are read again.
const AGAIN: Duration = Duration::from_secs(5);

/// Logs the findings, each with its place; of a frequent kind, the first one
/// and the number of the others.
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

/// Registers the served flows with the database.
pub(super) async fn register(store: &Store, loaded: LoadedFlows) -> Result<Served, StoreError> {
    let LoadedFlows { flows, version, .. } = loaded;
    let id = store.serve_version(&version, Timestamp::now()).await?;
    Ok(Served { flows: Arc::new(flows), hash: version.hash, id })
}

/// Reads the flows again on each SIGHUP, and when a watched file was saved, as
/// long as the service runs. Reports to `news` what became of them.
pub(super) async fn keep_reloading(
    mut hangups: Hangups,
    files: FlowSettings,
    (store, bot): (Store, Bot),
    news: watch::Sender<FlowNews>,
) {
    let watched = files.path.clone().filter(|_| files.is_watched);
    let mut saved = match watched {
        Some(path) => Some(FileWatch::begin(path).await),
        None => None,
    };
    let mut is_due = false;
    loop {
        tokio::select! {
            () = hangups.next() => {
                if let Some(saved) = &mut saved {
                    saved.look().await;
                }
            }
            () = saved_again(&mut saved) => {}
            () = sleep(AGAIN), if is_due => {}
        }
        if files.path.is_none() {
            tracing::info!("SIGHUP: the built-in flow is served, and there is nothing to read");
            continue;
        }
        let problem = reload(&files, &store, &bot).await.err();
        is_due = problem.as_ref().is_some_and(|problem| problem.summary == AWAY);
        news.send_replace(FlowNews { problem });
    }
}

/// Waits until a watched file is saved. If no file is watched, waits forever.
async fn saved_again(watch: &mut Option<FileWatch>) {
    match watch {
        Some(watch) => watch.changed().await,
        None => std::future::pending().await,
    }
}

/// Serves the flows in the files. If anything is wrong, the flows that are served
/// stay, and the error says what is wrong.
async fn reload(files: &FlowSettings, store: &Store, bot: &Bot) -> Result<(), FlowProblem> {
    // Messages are served meanwhile.
    let loaded = match files.load().await {
        Ok(Ok(loaded)) => loaded,
        Ok(Err(error)) => return Err(keep(error)),
        Err(error) => {
            tracing::error!(
                %error,
                "reading the flows panicked, which is a defect of Ringback: the current flows stay"
            );
            let details = "Reading the flows panicked, which is a defect of Ringback.".to_owned();
            return Err(FlowProblem { summary: MISTAKE, details });
        }
    };
    if let Some(Missing { what, .. }) = files.refused(&loaded.flows) {
        return Err(keep(anyhow!(what)));
    }
    log(&loaded.warnings);
    match register(store, loaded).await {
        Ok(served) => {
            tracing::info!(
                flows = names(&served.flows),
                flows.version = served.id,
                flows.hash = short_hash(&served.hash),
                "the flows were read again, and are served from now on"
            );
            bot.serve(served);
            Ok(())
        }
        Err(error) => {
            tracing::error!(
                %error,
                "the database does not take the new version of the flows: the current flows stay, \
                 and the files are read again in 5 s"
            );
            Err(FlowProblem { summary: AWAY, details: error.to_string() })
        }
    }
}

/// Logs why the flows that are served stay, and returns the reason as a terminal
/// shows it.
fn keep(error: anyhow::Error) -> FlowProblem {
    let details = match error.downcast::<Refused>() {
        Ok(Refused(findings)) => {
            log(&findings);
            tracing::error!(
                errors = findings.count(Severity::Error),
                "the flows do not load: the current flows stay; see the lines above"
            );
            findings.render(false)
        }
        Err(error) => {
            let cause = format!("{error:#}");
            tracing::error!(cause, "the flows cannot be read: the current flows stay");
            cause
        }
    };
    FlowProblem { summary: MISTAKE, details }
}

/// Returns the names of flows, for the log.
pub(super) fn names(flows: &Flows) -> String {
    flows.iter().map(|flow| shown(&flow.name)).collect::<Vec<_>>().join(", ")
}
