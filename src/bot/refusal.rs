//! The reasons why a message is not taken.

/// Why a message was not taken. Unless it is rejected or cut differently, it
/// may be sent again, and nothing was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// More messages wait than can be answered in time.
    #[error("too many messages are waiting")]
    Busy,
    /// The database did not take the message in time.
    #[error("the database is not available")]
    Unavailable,
    /// The database rejects this message.
    #[error("the database rejects this message")]
    Rejected,
    /// The service is shutting down.
    #[error("the service is shutting down")]
    Closed,
    /// The sender is in newer flows, which this release cannot load.
    #[error("the sender's conversation is one of a newer release")]
    Outdated,
    /// The signed bytes arrived before, as another message.
    #[error("its signature belongs to another message")]
    Recut,
    /// A defect affected this message or one in the same batch.
    #[error("an internal error")]
    Defect,
}
