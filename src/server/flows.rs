//! The flows that are served: registered with the database at the start, and
//! read anew on SIGHUP.
//!
//! Flows with a mistake never take the place of those that are served.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use jiff::Timestamp;
use tokio::task::{JoinError, spawn_blocking};

use super::hangup::Hangups;
use crate::bot::{Bot, Served};
use crate::config::Settings;
use crate::conversation::finding::{Finding, Findings, Severity};
use crate::conversation::{Flows, short_hash, shown};
use crate::flow_files::{self, LoadedFlows, Refused};
use crate::message::consent::OptOutWords;
use crate::store::{Store, StoreError};

/// Which flow files are served, and beside which words.
#[derive(Clone, Debug)]
pub(super) struct FlowSettings {
    path: Option<PathBuf>,
    opt_out: OptOutWords,
}

impl FlowSettings {
    pub(super) fn of(settings: &Settings) -> Self {
        Self { path: settings.flows.clone(), opt_out: settings.opt_out_words.clone() }
    }

    /// Reads and loads them, away from the thread that serves and hears signals.
    async fn load(&self) -> Result<anyhow::Result<LoadedFlows>, JoinError> {
        let Self { path, opt_out } = self.clone();
        spawn_blocking(move || flow_files::load(path.as_deref(), &opt_out)).await
    }
}

/// Loads them for the start; an error says all that is wrong.
pub(super) async fn first(files: &FlowSettings) -> anyhow::Result<LoadedFlows> {
    let loaded = files.load().await;
    let loaded = loaded.context("reading the flows panicked, which is a defect of Ringback")??;
    log(&loaded.warnings);
    Ok(loaded)
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
pub(super) async fn register(store: &Store, loaded: LoadedFlows) -> Result<Served, StoreError> {
    let LoadedFlows { flows, version, .. } = loaded;
    let id = store.serve_version(&version, Timestamp::now()).await?;
    Ok(Served { flows: Arc::new(flows), hash: version.hash, id })
}

/// Reads the flows anew at each hang-up, as long as the service runs.
pub(super) async fn keep_reloading(
    mut hangups: Hangups,
    files: FlowSettings,
    store: Store,
    bot: Bot,
) {
    loop {
        hangups.next().await;
        if files.path.is_none() {
            tracing::info!("SIGHUP: the built-in flow is served, and there is nothing to read");
            continue;
        }
        reload(&files, &store, &bot).await;
    }
}

/// Serves what the files say now. Whatever is wrong, the flows that are served stay.
async fn reload(files: &FlowSettings, store: &Store, bot: &Bot) {
    // Messages go on meanwhile.
    let loaded = match files.load().await {
        Ok(Ok(loaded)) => loaded,
        Ok(Err(error)) => return keep(error),
        Err(error) => {
            return tracing::error!(
                %error,
                "reading the flows panicked, which is a defect of Ringback: those that are served stay"
            );
        }
    };
    log(&loaded.warnings);
    match register(store, loaded).await {
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

/// Logs why the flows that are served stay.
fn keep(error: anyhow::Error) {
    match error.downcast::<Refused>() {
        Ok(Refused(findings)) => {
            log(&findings);
            tracing::error!(
                errors = findings.count(Severity::Error),
                "the flows do not load, and those that are served stay: see the lines above"
            );
        }
        Err(error) => {
            let cause = format!("{error:#}");
            tracing::error!(cause, "the flows cannot be read: those that are served stay");
        }
    }
}

/// The names of flows, for the log.
pub(super) fn names(flows: &Flows) -> String {
    flows.iter().map(|flow| shown(&flow.name)).collect::<Vec<_>>().join(", ")
}
