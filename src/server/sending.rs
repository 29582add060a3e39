//! How texts are sent that answer no message: by which account, or not at all.

use std::net::SocketAddr;
use std::sync::Arc;

use jiff::Timestamp;

use crate::bot::{Bot, Sending};
use crate::config::Settings;
use crate::dispatch::{Dispatcher, Poster};
use crate::outbound::trust::Trust;
use crate::outbox::order::{Mode, Policy};
use crate::sending::client::{Client, Limits};
use crate::simulator::Account;
use crate::store::Store;
use crate::twilio::rest::api_url::ApiUrl;
use crate::twilio::rest::credentials::Credentials;

/// The way of texts that answer no message.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    mode: Option<Mode>,
    sender: Option<Sender>,
    sending: Sending,
}

/// What takes the texts.
#[derive(Clone, Debug)]
enum Sender {
    /// The provider.
    Provider(ApiUrl, Credentials),
    /// The phone page.
    Page(Account),
}

impl Plan {
    pub(super) fn of(settings: &Settings) -> Self {
        let given = &settings.sending;
        let provider = given.credentials.clone();
        let provider = provider.map(|account| Sender::Provider(given.api_url.clone(), account));
        let page = || Sender::Page(Account::random(settings.twilio.account_sid.as_deref()));
        let sender = provider.or_else(|| settings.simulator.then(page));
        let mode = given.mode.or(sender.as_ref().map(|_| Mode::On));
        // Without an account texts of an earlier start wait for the next one.
        let policy = Policy { mode: mode.unwrap_or(Mode::Paused), resends: given.resends };
        let sending = Sending { policy, rates: Arc::new(given.rates.clone()) };
        Self { mode, sender, sending }
    }

    /// Returns whether a flow may say texts that answer no message.
    pub(super) fn takes_texts(&self) -> bool {
        self.mode.is_some()
    }

    /// Returns what the bot needs of it.
    pub(super) fn sending(&self) -> Sending {
        self.sending.clone()
    }

    /// Returns what sends the texts.
    pub(super) fn dispatcher(
        &self,
        settings: &Settings,
        address: SocketAddr,
        store: Store,
        bot: Bot,
    ) -> anyhow::Result<Dispatcher> {
        let sender = self.sender.as_ref().filter(|_| self.sending.policy.mode == Mode::On);
        let poster = sender.map(|sender| -> anyhow::Result<Poster> {
            let (api, account) = match sender {
                Sender::Provider(api, account) => (api.clone(), account.clone()),
                Sender::Page(account) => (Account::api_url(address)?, account.credentials()?),
            };
            let client = Client::new(&api, &account, Trust::public(), Limits::default())?;
            let public_url = settings.twilio.public_url(address);
            // The provider refuses a text with an address that it cannot reach.
            let is_reached = api.is_loopback() || !public_url.is_loopback();
            Ok(Poster::new(client, is_reached.then_some(public_url)))
        });
        Ok(Dispatcher::new(bot, store, Timestamp::now, poster.transpose()?))
    }

    /// Returns the account of the page's own Twilio, if that takes the texts.
    pub(super) fn account(&self) -> Option<Account> {
        match &self.sender {
            Some(Sender::Page(account)) => Some(account.clone()),
            _ => None,
        }
    }

    /// Logs how texts are sent.
    pub(super) fn announce(&self) {
        let mode = match self.mode {
            // The phone page is announced already.
            None | Some(Mode::On) if !matches!(self.sender, Some(Sender::Provider(..))) => return,
            None => return,
            Some(Mode::On) => "on",
            Some(Mode::Paused) => "paused",
            Some(Mode::Off) => "off",
        };
        let by = match &self.sender {
            Some(Sender::Provider(api, _)) => Some(api.host()),
            _ => None,
        };
        tracing::info!(sending = mode, by, "texts that answer no message");
    }
}
