//! How a path that was signed differs from the one that arrived.

/// How a path that was signed differs from the one that arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathFault {
    /// By a `/` more or less.
    Slash,
    /// By capital letters.
    Capitals,
    /// In some other way: a proxy rewrites it.
    Rewritten,
}

impl PathFault {
    pub(super) fn advice(self) -> &'static str {
        match self {
            Self::Slash => "see that no proxy adds or removes a slash",
            Self::Capitals => "mind small and capital letters",
            Self::Rewritten => "let the proxy pass the path on unchanged",
        }
    }
}
