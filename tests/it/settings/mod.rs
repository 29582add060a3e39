//! Settings and the command line, as the built binary takes them.

mod env_file;
mod help;
mod refused;
mod secrets;
