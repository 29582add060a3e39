//! Settings: what may be set, and what a valid whole of it is.
//!
//! One file for each concern holds the arguments as they are given (flags, else
//! environment variables of the same name) and turns them into what the rest of
//! the program uses; an error says which setting is wrong and what to write.
//! Nothing else reads the environment. What the settings start is
//! [`cli`](crate::cli)'s.

pub mod dotenv;
mod setting;

mod flows;
mod http;
mod log;
mod opt_out;
mod retention;
mod simulator;
mod store;
mod token;
mod twilio;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

pub use flows::{FlowsArgs, FlowsArgument};
pub use http::HttpArgs;
pub use log::{LogArgs, LogFormat, LogSettings};
pub use opt_out::OptOutArgs;
pub use retention::{OlderThanArgument, Retention, RetentionArgs};
pub use setting::SettingError;
pub use simulator::SimulatorArgs;
pub use store::{AgainstArgument, StoreArgs};
pub use twilio::{TwilioArgs, TwilioSettings};

use crate::message::consent::OptOutWords;
use crate::store::url::DatabaseUrl;

/// Every setting of the server as it was given, but those of the log.
#[derive(Clone, Debug, Args)]
pub struct ServerArgs {
    #[expect(missing_docs, reason = "each says it itself")]
    #[command(flatten)]
    pub store: StoreArgs,
    #[expect(missing_docs, reason = "each says it itself")]
    #[command(flatten)]
    pub retention: RetentionArgs,
    #[expect(missing_docs, reason = "each says it itself")]
    #[command(flatten)]
    pub http: HttpArgs,
    #[expect(missing_docs, reason = "each says it itself")]
    #[command(flatten)]
    pub flows: FlowsArgs,
    #[expect(missing_docs, reason = "each says it itself")]
    #[command(flatten)]
    pub opt_out: OptOutArgs,
    #[expect(missing_docs, reason = "each says it itself")]
    #[command(flatten)]
    pub twilio: TwilioArgs,
    #[expect(missing_docs, reason = "each says it itself")]
    #[command(flatten)]
    pub simulator: SimulatorArgs,
}

/// The server's settings, valid each by itself and together.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where conversations are kept.
    pub database_url: DatabaseUrl,
    /// How long messages are kept; `None` means for ever.
    pub retention: Option<Retention>,
    /// Where to listen.
    pub bind: SocketAddr,
    /// Where figures are told, if they are.
    pub metrics_bind: Option<SocketAddr>,
    /// Where the flows lie; `None` means the built-in one.
    pub flows: Option<PathBuf>,
    /// Further words that are a wish to stop.
    pub opt_out_words: OptOutWords,
    /// How requests of Twilio are known to be Twilio's.
    pub twilio: TwilioSettings,
    /// Whether the phone page is served.
    pub simulator: bool,
}

impl ServerArgs {
    /// The settings that are meant, or the first that cannot be.
    pub fn settings(&self) -> Result<Settings, SettingError> {
        let bind = self.http.bind()?;
        let twilio = self.twilio.settings()?;
        Ok(Settings {
            database_url: self.store.database_url()?,
            retention: self.retention.retention()?,
            bind,
            metrics_bind: self.http.metrics_bind()?,
            flows: self.flows.flows()?,
            opt_out_words: self.opt_out.words()?,
            simulator: self.simulator.is_on(bind, &twilio)?,
            twilio,
        })
    }
}

impl Settings {
    /// What is allowed but hardly meant, a sentence each, now that the address
    /// that is listened on is known.
    #[must_use]
    pub fn warnings(&self, listening: SocketAddr) -> Vec<String> {
        let mut warnings = self.twilio.warnings(listening);
        if self.twilio.auth_tokens.is_none() && !self.simulator {
            let problem = if self.twilio.configured_url.is_some() {
                "`PUBLIC_URL` is set without `TWILIO_AUTH_TOKEN`: every message is refused until the token is set, too; the phone page is off"
            } else {
                "neither `TWILIO_AUTH_TOKEN` is set nor the phone page on: every message is refused"
            };
            warnings.push(problem.to_owned());
        }
        warnings
    }
}
