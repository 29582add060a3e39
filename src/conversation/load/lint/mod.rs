//! The checks of flows: each finds faults, and changes nothing.

pub(crate) mod allowed;
pub(crate) mod answers_compared;
pub(crate) mod braces;
pub(crate) mod columns;
pub(crate) mod commands;
pub(crate) mod encoding;
pub(crate) mod folder;
mod foreign_names;
pub(crate) mod idle;
pub(crate) mod limits;
pub(crate) mod moments;
pub(crate) mod name_clash;
pub(crate) mod one_turn;
pub(crate) mod outgrown;
pub(crate) mod paths;
pub(crate) mod quiet;
pub(crate) mod reserved_words;
pub(crate) mod run;
pub(crate) mod stored_forms;
pub(crate) mod too_long;
mod too_many_steps;
pub(crate) mod types;
pub(crate) mod unset;
