//! How calls of flows are made.

use std::sync::Arc;

use crate::bot::number_hash::NumberHash;
use crate::calls::Maker;
use crate::config::CallSettings;
use crate::outbound::client::Client;
use crate::outbound::gate::Gate;
use crate::outbound::patience::Patience;
use crate::outbound::resolver::SystemResolver;
use crate::outbound::trust::Trust;

/// Returns what makes calls to the hosts of the settings and to public ones.
pub(super) fn maker(settings: &CallSettings, number_hash: NumberHash) -> anyhow::Result<Maker> {
    let gate = Gate::new(settings.hosts.clone(), Arc::new(SystemResolver::default()));
    let client = Client::new(gate, Trust::public(), Patience::default())?;
    Ok(Maker::new(client, settings.secrets.clone(), number_hash))
}
