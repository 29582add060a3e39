//! The order of things: claim, load, step, save, answer.

pub mod feed;
