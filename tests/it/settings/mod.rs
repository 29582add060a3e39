//! Settings and the command line, as the built binary takes them.

mod help;
mod refused;
