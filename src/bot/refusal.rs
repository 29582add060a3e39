//! Why a message is not taken.

/// Why a message was not taken. Unless it is rejected or cut differently, it
/// may come again, and nothing was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// More messages wait than can be answered in time.
    #[error("too many messages are waiting")]
    Busy,
    /// The database did not take it in time.
    #[error("the database is not available")]
    Unavailable,
    /// The database rejects this very message.
    #[error("the database rejects this message")]
    Rejected,
    /// The service is going down.
    #[error("the service is shutting down")]
    Closed,
    /// Its sender stands in newer flows, which this release cannot load.
    #[error("the sender's conversation is one of a newer release")]
    Outdated,
    /// The signed bytes came before, as another message.
    #[error("its signature belongs to another message")]
    Recut,
    /// The message, or one beside it, met a defect.
    #[error("an internal error")]
    Defect,
}
