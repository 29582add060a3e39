//! Sessions and messages in `SQLite` or `MySQL`, one transaction per batch.
//!
//! This is the only module that knows SQL. It stores what the bot passes to it
//! and returns it, without interpreting messages or replies. A batch goes
//! through a [`Writer`], the one connection of a process that writes.
//! Everything else is read through a small pool.

mod adopt;
mod ascii;
mod callbacks;
mod changes;
mod clocks;
mod connect;
mod culprit;
mod either;
mod error;
mod examine;
mod fetch;
mod form;
mod grants;
mod hosts;
mod keys;
mod known_callback;
mod ladder;
mod look_again;
mod merge;
mod migrate;
mod mysql_codes;
mod opt_outs;
mod outgoing;
mod person;
mod place;
mod prune;
mod reach;
mod read;
mod reader;
mod reading;
mod rehearse;
mod rows;
mod save;
mod sender_ids;
mod signatures;
mod sql;
mod time;
pub mod transcript;
pub mod url;
mod versions;
mod writer;
mod writes;

pub use callbacks::CallbackRow;
pub use changes::{Changes, ClosedReply, Recorded};
pub use clocks::Times;
pub use connect::Store;
pub use error::StoreError;
pub use examine::Examined;
pub use hosts::HostState;
pub use known_callback::KnownCallback;
pub use ladder::{MAX_BATCH, largest_batch};
pub use migrate::Migrations;
pub use opt_outs::{OptOuts, Stopped};
pub use outgoing::Count;
pub use person::Person;
pub use prune::Pruner;
pub use reach::{OpenReply, Reach};
pub use sender_ids::{Linked, SenderKeys};
pub use signatures::{SignatureClaims, SignatureOwner};
pub use sql::{Dialect, Statement};
pub use transcript::Entry;
pub use versions::ServedVersion;
pub use writer::{Loaded, Saved, Writer};

/// Runs the same body on either database; the two arms differ only in the type
/// to which `$inner` is bound.
macro_rules! on_either {
    ($kind:ident, $value:expr, $inner:ident => $body:expr) => {
        match $value {
            $kind::Sqlite($inner) => $body,
            $kind::MySql($inner) => $body,
        }
    };
}
pub(crate) use on_either;
