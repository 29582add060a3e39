//! The URLs that are usually meant if a different one was signed.

use super::named::Named;
use super::path_fault::PathFault;
use crate::twilio::public_url::{PublicUrl, WEBHOOK_PATH};

/// Ports that tunnels and proxies often show.
const USUAL_PORTS: [u16; 2] = [8443, 8080];

/// The most values of one kind that are tried.
const MAX_NAMED: usize = 3;

/// The webhook's path as people write it with an extra slash or in other capitals.
const PATHS: [(&str, PathFault); 7] = [
    ("/webhooks/twilio/", PathFault::Slash),
    ("//webhooks/twilio", PathFault::Slash),
    ("/webhooks//twilio", PathFault::Slash),
    ("/Webhooks/Twilio", PathFault::Capitals),
    ("/webhooks/Twilio", PathFault::Capitals),
    ("/Webhooks/twilio", PathFault::Capitals),
    ("/WEBHOOKS/TWILIO", PathFault::Capitals),
];

/// Returns the hosts that the request named, with either scheme, and our own host with the other
/// scheme.
pub(super) fn likely(own: &PublicUrl, named: &Named<'_>) -> Vec<PublicUrl> {
    let mut urls = of_hosts(named, own.prefix());
    let swapped = own.with_other_scheme();
    urls.extend([swapped.with_port(None), swapped]);
    without_repeats(own, urls)
}

/// Returns our own path in other spellings.
pub(super) fn paths() -> impl Iterator<Item = (&'static str, PathFault)> {
    PATHS.into_iter()
}

/// Returns the prefixes that the request named, before each URL that may be ours.
pub(super) fn prefixed(own: &PublicUrl, named: &Named<'_>) -> Vec<PublicUrl> {
    let written = named.prefixes.iter().map(|list| first(list));
    let from_targets = named.targets.iter().filter_map(|target| {
        let path = target.split('?').next().unwrap_or_default();
        path.trim_end_matches('/').strip_suffix(WEBHOOK_PATH)
    });
    let prefixes = written.chain(from_targets).map(|prefix| prefix.trim_matches('/'));
    let mut urls = Vec::new();
    for prefix in prefixes.filter(|prefix| !prefix.is_empty()).take(2 * MAX_NAMED) {
        let outer = format!("/{prefix}");
        // A proxy may have removed it in front of the proxy that we know of.
        for prefix in [outer.clone(), format!("{outer}{}", own.prefix())] {
            urls.extend(bases(own, named).iter().filter_map(|base| base.with_prefix(&prefix)));
        }
    }
    without_repeats(own, urls)
}

/// Returns the whole URLs that the request named in place of its own, without our prefix.
pub(super) fn rewritten(own: &PublicUrl, named: &Named<'_>) -> Vec<String> {
    let bases: Vec<_> = bases(own, named).iter().filter_map(|base| base.with_prefix("")).collect();
    let mut urls = Vec::new();
    for target in named.targets.iter().take(MAX_NAMED) {
        if target.starts_with('/') {
            urls.extend(bases.iter().map(|base| base.url_for(target)));
        } else if target.starts_with("http") {
            urls.push((*target).to_owned());
        }
    }
    urls
}

/// Returns the URL with another port, with a path prefix that does not exist,
/// and with the host in other capitals.
pub(super) fn unlikely(own: &PublicUrl, named: &Named<'_>) -> Vec<PublicUrl> {
    let mut urls = Vec::new();
    if !own.prefix().is_empty() {
        urls.extend(bases(own, named).iter().filter_map(|base| base.with_prefix("")));
    }
    urls.extend(USUAL_PORTS.map(|port| own.with_port(Some(port))));
    let host = own.host();
    let (name, top) = host.rsplit_once('.').unwrap_or((host, ""));
    let (first, rest) = host.split_once('.').unwrap_or((host, ""));
    let labels: Vec<_> = name.split('.').map(capitalized).collect();
    let spellings = [
        host.to_ascii_lowercase(),
        format!("{}.{top}", labels.join(".")),
        format!("{}.{rest}", capitalized(first)),
        host.to_ascii_uppercase(),
    ];
    urls.extend(spellings.iter().filter_map(|host| own.with_host(host)));
    without_repeats(own, urls)
}

fn capitalized(label: &str) -> String {
    let (first, rest) = label.split_at(label.len().min(1));
    first.to_ascii_uppercase() + rest
}

/// Returns our own URL and the hosts that were named, with either scheme.
fn bases(own: &PublicUrl, named: &Named<'_>) -> Vec<PublicUrl> {
    let mut bases = vec![own.clone(), own.with_other_scheme()];
    bases.extend(of_hosts(named, own.prefix()));
    bases
}

fn of_hosts(named: &Named<'_>, prefix: &str) -> Vec<PublicUrl> {
    let mut urls = Vec::new();
    for host in named.hosts.iter().take(MAX_NAMED) {
        let host = first(host);
        for scheme in ["https", "http"] {
            urls.extend(format!("{scheme}://{host}{prefix}").parse::<PublicUrl>());
        }
    }
    urls
}

/// Returns the first entry of a list from a chain of proxies: the one that the
/// client called.
fn first(list: &str) -> &str {
    list.split(',').next().unwrap_or_default().trim()
}

/// Returns each URL once, without our own, which is known not to match.
fn without_repeats(own: &PublicUrl, urls: Vec<PublicUrl>) -> Vec<PublicUrl> {
    let mut kept = Vec::new();
    for url in urls {
        if url != *own && !kept.contains(&url) {
            kept.push(url);
        }
    }
    kept
}
