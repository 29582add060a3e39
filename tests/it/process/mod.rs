//! The built binary as a running service: what it promises over real
//! connections, whatever ends it, and what it logs.

mod astray;
mod away;
mod connections;
mod conversation;
mod early;
mod file;
mod limits;
mod log;
mod metrics;
mod phone_page;
mod reload;
mod silence;
mod stop;
mod unread;
