//! Whether the flows load, and whether the settings have what they need.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use url::Url;

use super::lines::Lines;
use crate::cli::shell;
use crate::config::{ServerArgs, Settings};
use crate::conversation::finding::Severity;
use crate::conversation::{Flows, Verb, in_one_line, shown};
use crate::flow_files::{self, LoadedFlows, Refused};
use crate::outbound::gate::Gate;
use crate::outbound::outcome::Reason;
use crate::outbound::patience::Patience;
use crate::outbound::resolver::SystemResolver;
use crate::outbound::target::Target;
use crate::outbox::order::Mode;
use crate::server::requirements;
use crate::simulator::SHOP;

const SUBJECT: &str = "flows";

/// Loads the flows, and returns them if they load.
pub(super) fn look(lines: &mut Lines, args: &ServerArgs) -> Option<Flows> {
    let (path, words) = (args.flows.flows().ok()?, args.opt_out.words().ok()?);
    // What people write after `check`, to see the findings.
    let argument = path.as_ref().map(|path| path.to_string_lossy());
    let argument = argument.map(|path| format!(" {}", shell::argument(&path))).unwrap_or_default();
    let check = format!("run `ringback check{argument}`");
    match flow_files::load(path.as_deref(), &words) {
        Ok(LoadedFlows { flows, warnings, .. }) => {
            let names: Vec<_> = flows.iter().map(|flow| shown(&flow.name)).collect();
            let names = names.join(", ");
            match warnings.count(Severity::Warning) {
                0 => lines.ok(SUBJECT, &format!("they load: {names}")),
                1 => lines.warning(SUBJECT, &format!("they load with 1 warning: {names}"), &check),
                count => {
                    let text = format!("they load with {count} warnings: {names}");
                    lines.warning(SUBJECT, &text, &check);
                }
            }
            Some(flows)
        }
        Err(error) => {
            match error.downcast_ref::<Refused>() {
                Some(Refused(findings)) => {
                    let text = match findings.count(Severity::Error) {
                        1 => "they do not load: 1 error".to_owned(),
                        count => format!("they do not load: {count} errors"),
                    };
                    lines.wrong(SUBJECT, &text, &check);
                }
                None => lines.error(SUBJECT, &error),
            }
            None
        }
    }
}

/// Looks for what the flows need of the settings.
pub(super) async fn look_at_needs(lines: &mut Lines, flows: &Flows, settings: &Settings) {
    let missing = requirements::missing(flows, settings);
    for missing in &missing {
        lines.wrong(SUBJECT, &missing.what, &missing.cure);
    }
    if missing.is_empty() && flows.iter().any(|flow| !flow.secrets.is_empty()) {
        lines.ok(SUBJECT, "the secrets that they send are set");
    }
    look_at_calls(lines, flows, settings).await;
    look_at_sending(lines, flows, settings);
}

/// Looks where the calls of the flows may go. Nobody is called.
async fn look_at_calls(lines: &mut Lines, flows: &Flows, settings: &Settings) {
    const SUBJECT: &str = "calls";
    let mut called = BTreeMap::new();
    for flow in flows.iter() {
        for step in &flow.steps {
            if let Verb::Call(call) = &step.verb {
                called.entry(call.url.origin.as_str()).or_insert(flow.name.as_str());
            }
        }
    }
    let gate = Gate::new(settings.calls.hosts.clone(), Arc::new(SystemResolver::default()));
    let gate = if settings.simulator {
        // The phone page plays this host.
        gate.with_own(SHOP, SocketAddr::from((Ipv4Addr::LOCALHOST, 80)))
    } else {
        gate
    };
    let mut allowed = 0;
    for (origin, flow) in &called {
        let target = Url::parse(origin).map_err(|_| Reason::BadUrl);
        let admitted = match target.and_then(|url| Target::of(&url)) {
            Ok(target) => gate.admit(&target, Patience::default().addresses).await,
            Err(reason) => Err(reason),
        };
        let (flow, origin) = (shown(flow), in_one_line(origin));
        match admitted {
            Ok(_) => allowed += 1,
            Err(Reason::RefusedAddress(what)) => lines.wrong(
                SUBJECT,
                &format!("the flow `{flow}` calls {origin}, and its address is not public: {what}"),
                "name the host in `CALL_HOSTS` if it is yours; link-local addresses are never called",
            ),
            Err(_) => lines.warning(
                SUBJECT,
                &format!("the flow `{flow}` calls {origin}, which has no address from here"),
                "correct the host in the flow, or let this machine resolve it",
            ),
        }
    }
    match (called.len(), allowed) {
        (0, _) => lines.ok(SUBJECT, "no flow makes any"),
        (all, allowed) if all == allowed => {
            lines.ok(SUBJECT, "each host has an address to which calls may go");
        }
        _ => {}
    }
}

/// Looks at what sends texts that answer no message. Nothing is sent.
fn look_at_sending(lines: &mut Lines, flows: &Flows, settings: &Settings) {
    const SUBJECT: &str = "texts that answer no message";
    let given = &settings.sending;
    let sends = flows.iter().any(crate::conversation::Flow::sends_by_itself);
    match given.mode {
        Some(Mode::Off) => lines.ok(SUBJECT, "`SENDING` is `off`: they are dropped"),
        Some(Mode::Paused) => lines.warning(
            SUBJECT,
            "`SENDING` is `paused`: they wait",
            "set `SENDING=on`, or remove it, when they are to be sent",
        ),
        _ if given.credentials.is_some() => {
            lines.ok(SUBJECT, "the account and its secret are set; Twilio was not asked");
        }
        _ if settings.simulator => lines.ok(SUBJECT, "the phone page shows them"),
        // What is missing is reported already.
        _ if sends => {}
        _ => lines.ok(SUBJECT, "no account is set to send them, and no flow has any"),
    }
}
