//! The URL that was called, according to a request's headers.

/// The headers with which a request may name the host that was called.
const HOST_HEADERS: [&str; 3] = ["host", "x-forwarded-host", "x-original-host"];

/// The headers with which a proxy names the prefix that it removed from the path.
const PREFIX_HEADERS: [&str; 2] = ["x-forwarded-prefix", "x-script-name"];

/// The headers with which a proxy names the path and query that were called.
const TARGET_HEADERS: [&str; 5] =
    ["x-original-uri", "x-forwarded-uri", "x-original-url", "x-rewrite-url", "x-forwarded-path"];

/// What a request's headers say about the URL that was called. They prove
/// nothing: a value is used only if the signature was made for it.
#[derive(Clone, Debug, Default)]
pub struct Named<'a> {
    /// Hosts.
    pub hosts: Vec<&'a str>,
    /// Path prefixes that a proxy removed.
    pub prefixes: Vec<&'a str>,
    /// Paths with their queries.
    pub targets: Vec<&'a str>,
}

impl<'a> Named<'a> {
    /// Reads the values of these headers.
    pub fn read<V: Iterator<Item = &'a str>>(values: impl Fn(&'static str) -> V) -> Self {
        let all = |names: &[&'static str]| names.iter().flat_map(|name| values(name)).collect();
        Self {
            hosts: all(&HOST_HEADERS),
            prefixes: all(&PREFIX_HEADERS),
            targets: all(&TARGET_HEADERS),
        }
    }
}
