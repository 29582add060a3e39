//! The words that providers and carriers take as a wish to stop or to come back.
//!
//! Kept here because two modules need them that do not know each other: what
//! reads a message acts on them, what checks a flow warns about them.

/// Words that stop an SMS, MMS or RCS sender: the provider blocks and answers
/// them itself (Twilio docs, "Advanced Opt-Out"; REVOKE and OPTOUT since 2025).
pub const SMS_STOP: &[&str] =
    &["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"];

/// Words by which such a sender comes back; likewise answered by the provider.
pub const SMS_START: &[&str] = &["START", "UNSTOP", "YES"];

/// Words that the provider answers over SMS with a text of its own, and that
/// change nothing.
pub const SMS_HELP: &[&str] = &["HELP", "INFO"];

/// Words that stop a sender on every other channel, where nobody but we acts
/// on them: only those that can hardly mean anything else.
pub const OTHER_STOP: &[&str] = &["STOP", "STOPALL", "UNSUBSCRIBE", "OPTOUT"];

/// Words by which a sender on every other channel comes back.
pub const OTHER_START: &[&str] = &["START", "UNSTOP"];
