//! The commands: what may be written on the command line, and how failures are told.

pub mod args;
pub mod report;
