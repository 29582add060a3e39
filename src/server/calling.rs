//! How calls of flows are made.

use std::net::SocketAddr;
use std::sync::Arc;

use crate::bot::number_hash::NumberHash;
use crate::calls::Maker;
use crate::config::CallSettings;
use crate::outbound::client::Client;
use crate::outbound::gate::Gate;
use crate::outbound::patience::Patience;
use crate::outbound::resolver::SystemResolver;
use crate::outbound::trust::Trust;
use crate::simulator::SHOP;

/// Returns what makes calls to the hosts of the settings and to public ones, and
/// to the shop of the phone page, if there is one.
pub(super) fn maker(
    settings: &CallSettings,
    shop: Option<SocketAddr>,
    number_hash: NumberHash,
) -> anyhow::Result<Maker> {
    let gate = Gate::new(settings.hosts.clone(), Arc::new(SystemResolver::default()));
    let gate = match shop {
        Some(address) => gate.with_own(SHOP, address),
        None => gate,
    };
    let client = Client::new(gate, Trust::public(), Patience::default())?;
    Ok(Maker::new(client, settings.secrets.clone(), number_hash))
}
