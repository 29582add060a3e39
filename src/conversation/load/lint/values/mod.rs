//! Values: which variables have one, and what it can be.

pub(crate) mod column_width;
mod foreign_names;
pub(crate) mod form_mismatch;
pub(crate) mod language_value;
pub(crate) mod maybe_undefined_variable;
pub(crate) mod no_answers_here;
pub(crate) mod type_mismatch;
pub(crate) mod undefined_variable;
pub(crate) mod unknown_option;
pub(crate) mod value_cut;
