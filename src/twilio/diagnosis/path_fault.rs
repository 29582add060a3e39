//! How a path that was signed differs from the one that arrived.

/// How a path that was signed differs from the one that arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathFault {
    /// An extra or a missing `/`.
    Slash,
    /// Upper and lower case.
    Capitals,
    /// Any other difference: a proxy rewrites the path.
    Rewritten,
}

impl PathFault {
    pub(super) fn advice(self) -> &'static str {
        match self {
            Self::Slash => "make sure that no proxy adds or removes a slash",
            Self::Capitals => "with the same upper and lower case",
            Self::Rewritten => "let the proxy pass the path on unchanged",
        }
    }
}
