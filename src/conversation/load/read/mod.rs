//! Turns a tree into a draft: each key has one shape, and names are not resolved yet.

pub(crate) mod answer;
mod attachments;
mod bounds;
mod call;
mod call_url;
mod choices;
pub(crate) mod file;
mod if_block;
mod json;
mod languages;
pub(crate) mod names;
pub(crate) mod pattern;
mod pattern_size;
pub(crate) mod patterns;
mod renamed;
mod run;
mod secrets;
pub(crate) mod shape;
mod silence;
mod skip_words;
pub(crate) mod step;
mod step_list;
pub(crate) mod translation;
mod untranslated;
mod values;
