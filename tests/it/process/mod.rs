//! The built binary as a running service: what it promises over real
//! connections, whatever ends it, and what it logs.

mod connections;
mod away;
mod conversation;
mod limits;
mod log;
mod metrics;
mod reload;
mod stop;
