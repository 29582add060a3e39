//! What a request's headers say of the URL that was called.

/// The headers by which a request may name the host that was called.
const HOST_HEADERS: [&str; 3] = ["host", "x-forwarded-host", "x-original-host"];

/// The headers by which a proxy names what it has taken away from before the path.
const PREFIX_HEADERS: [&str; 2] = ["x-forwarded-prefix", "x-script-name"];

/// The headers by which a proxy names the path and query that were called.
const TARGET_HEADERS: [&str; 5] =
    ["x-original-uri", "x-forwarded-uri", "x-original-url", "x-rewrite-url", "x-forwarded-path"];

/// What a request's headers say of the URL that was called. They are no
/// evidence of anything: a value is named only if the signature was made for it.
#[derive(Clone, Debug, Default)]
pub struct Named<'a> {
    /// Hosts.
    pub hosts: Vec<&'a str>,
    /// Path prefixes that a proxy took away.
    pub prefixes: Vec<&'a str>,
    /// Paths with their queries.
    pub targets: Vec<&'a str>,
}

impl<'a> Named<'a> {
    /// What the values of these headers say.
    pub fn read<V: Iterator<Item = &'a str>>(values: impl Fn(&'static str) -> V) -> Self {
        let all = |names: &[&'static str]| names.iter().flat_map(|name| values(name)).collect();
        Self {
            hosts: all(&HOST_HEADERS),
            prefixes: all(&PREFIX_HEADERS),
            targets: all(&TARGET_HEADERS),
        }
    }
}
