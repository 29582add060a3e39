//! What is the same for all messages of a batch.

use jiff::Timestamp;

use crate::outbox::order::Mode;

/// The circumstances of a batch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around<'a> {
    pub(super) mode: Mode,
    pub(super) now: Timestamp,
    /// What stands before the names of callbacks in their URLs.
    pub(super) callback_base: &'a str,
    /// Whether turns are explained.
    pub(super) explains: bool,
}
