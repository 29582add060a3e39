//! Calls that anybody between here and there can read: `http:` to a host that is
//! not of one's own network.

use url::{Host, Url};

use crate::conversation::finding::Code;
use crate::conversation::load::analysis::facts::Facts;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::lint::rule::{Check, Rule};

pub(crate) const RULE: Rule = Rule { codes: &[Code::PlainHttp], checks: &[Check::Flow(check)] };

/// The ends of names that are never those of hosts on the Internet.
const LOCAL: [&str; 4] = [".localhost", ".internal", ".local", ".test"];

fn check(report: &mut Report<'_>, facts: &Facts<'_>) {
    for call in facts.draft.steps.iter().filter_map(|step| step.call()) {
        let (Some(line), Some(target)) = (&call.line, &call.target) else { continue };
        let origin = &target.url.origin;
        if origin.starts_with("http://") && !is_local(origin) {
            report
                .found(Code::PlainHttp, line.span, "this call is not encrypted")
                .help(format!("write `https://{}`", origin.trim_start_matches("http://")));
        }
    }
}

/// Returns whether a URL names a host of one's own network, or an address.
fn is_local(origin: &str) -> bool {
    let url = Url::parse(origin).ok();
    match url.as_ref().and_then(Url::host) {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            !name.contains('.') || LOCAL.iter().any(|end| name.ends_with(end))
        }
        Some(Host::Ipv4(_) | Host::Ipv6(_)) | None => true,
    }
}
