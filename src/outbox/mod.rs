//! The outbox: texts that answer no message, on their way from a turn to a phone.
//!
//! A text is written in the transaction of the turn that says it, and sent
//! afterwards. At most once is the rule: it is claimed before it is sent, and
//! whoever cannot prove that it was not sent leaves it alone. Everything here is
//! pure; the store keeps the texts, and the bot decides in its transactions.
//! These are the parts, lowest first:
//!
//! - [`state`]: the states of a text, and which of two counts
//! - [`text`]: one text with all that is kept of it
//! - [`news`]: what becomes of a text by an answer or a report
//! - [`order`]: which text of a person may be sent now, and which never
//! - [`reply`]: texts that go along with the reply to a message
//! - [`pace`]: how many segments a second leave one of our addresses

pub mod news;
pub mod order;
pub mod pace;
pub mod reply;
pub mod state;
pub mod text;
