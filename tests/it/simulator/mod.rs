//! The simulator's routes, with a bot of a few lines behind them.

pub(crate) mod fake;

mod events;
mod files;
mod guard;
mod kinds;
mod messages;
mod mishaps;
mod next_text;
mod opened;
mod page;
mod requests;
mod stage;
mod turns;
