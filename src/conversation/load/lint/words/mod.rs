//! Words that people send.

pub(crate) mod ambiguous_word;
pub(crate) mod any_in_language;
pub(crate) mod hidden_answer;
pub(crate) mod missing_start;
pub(crate) mod reserved_word;
pub(crate) mod start_conflict;
