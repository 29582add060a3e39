//! Sessions and messages in `SQLite` or `MySQL`.

pub mod transcript;
