//! Settings: which ones exist, and which values are valid together.
//!
//! Each concern has a file, which holds the arguments as given (flags,
//! otherwise environment variables of the same name) and turns them into the
//! values that the rest of the program uses. An error says which setting is
//! wrong and what to write. Nothing else reads the environment.
//! [`cli`](crate::cli) starts what the settings describe.

pub mod dotenv;
mod setting;

mod calls;
mod delivery;
mod flows;
mod http;
mod log;
mod opt_out;
mod retention;
mod sending;
mod simulator;
mod store;
mod token;
mod twilio;
mod waiting;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

pub use calls::{CallArgs, CallSettings};
pub use delivery::{Delivery, DeliveryArgs};
pub use flows::{FlowsArgs, FlowsArgument};
pub use http::{BindArgs, HttpArgs};
pub use log::{LogArgs, LogFormat, LogSettings};
pub use opt_out::OptOutArgs;
pub use retention::{OlderThanArgument, Retention, RetentionArgs};
pub use sending::{SendingArgs, SendingSettings};
pub use setting::SettingError;
pub use simulator::SimulatorArgs;
pub use store::{AgainstArgument, StoreArgs};
pub use twilio::{TwilioArgs, TwilioSettings};
pub use waiting::{Waiting, WaitingArgument};

use crate::message::consent::OptOutWords;
use crate::store::url::DatabaseUrl;

/// Every setting of the server as given, except those of the log.
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
    pub sending: SendingArgs,
    #[expect(missing_docs, reason = "each says it itself")]
    #[command(flatten)]
    pub calls: CallArgs,
    #[expect(missing_docs, reason = "each says it itself")]
    #[command(flatten)]
    pub simulator: SimulatorArgs,
}

/// The server's settings, valid individually and together.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The database for conversations.
    pub database_url: DatabaseUrl,
    /// How long messages are kept; `None` means forever.
    pub retention: Option<Retention>,
    /// The address on which the service listens.
    pub bind: SocketAddr,
    /// The address that serves metrics, if any.
    pub metrics_bind: Option<SocketAddr>,
    /// The path of the flows; `None` means the built-in flow.
    pub flows: Option<PathBuf>,
    /// Whether the flows are read again when somebody saves them.
    pub watch: bool,
    /// Further words that are a wish to stop.
    pub opt_out_words: OptOutWords,
    /// How requests from Twilio are recognized.
    pub twilio: TwilioSettings,
    /// How texts are sent that answer no message.
    pub sending: SendingSettings,
    /// How calls of flows are made.
    pub calls: CallSettings,
    /// Whether the phone page is served.
    pub simulator: bool,
}

impl ServerArgs {
    /// Returns the settings, or the first error in them.
    pub fn settings(&self) -> Result<Settings, SettingError> {
        let bind = self.http.bind()?;
        let twilio = self.twilio.settings()?;
        let sending = self.sending.settings(&self.twilio)?;
        let simulator = self.simulator.is_on(bind, &twilio)?;
        self.sending.check(&sending, simulator)?;
        Ok(Settings {
            database_url: self.store.database_url()?,
            retention: self.retention.retention()?,
            bind,
            metrics_bind: self.http.metrics_bind()?,
            flows: self.flows.flows()?,
            watch: self.flows.watch(simulator)?,
            opt_out_words: self.opt_out.words()?,
            sending,
            calls: self.calls.settings()?,
            simulator,
            twilio,
        })
    }
}

impl ServerArgs {
    /// Returns every error in the settings, those of single settings first.
    pub fn errors(&self) -> Vec<SettingError> {
        let single = [
            self.http.bind().err(),
            self.http.metrics_bind().err(),
            self.twilio.settings().err(),
            self.sending.settings(&self.twilio).err(),
            self.store.database_url().err(),
            self.retention.retention().err(),
            self.flows.flows().err(),
            self.flows.watch(false).err(),
            self.opt_out.words().err(),
            self.calls.settings().err(),
        ];
        let mut errors: Vec<SettingError> = single.into_iter().flatten().collect();
        errors.extend(self.settings().err().filter(|error| !errors.contains(error)));
        errors
    }
}

impl Settings {
    /// Returns a sentence for each setting that is allowed but probably not
    /// intended, once the address of the service is known.
    #[must_use]
    pub fn warnings(&self, listening: SocketAddr) -> Vec<String> {
        let mut warnings = self.twilio.warnings(listening);
        if self.twilio.auth_tokens.is_none() && !self.simulator {
            let problem = if self.twilio.configured_url.is_some() {
                "`PUBLIC_URL` is set without `TWILIO_AUTH_TOKEN`: every message is refused until the token is set, too; the phone page is off"
            } else {
                "`TWILIO_AUTH_TOKEN` is not set and the phone page is off: every message is refused"
            };
            warnings.push(problem.to_owned());
        }
        warnings
    }
}
