//! Values, texts and conditions of a file, with the place of each.

use std::ops::Range;

use crate::conversation::expression::Expression;
use crate::conversation::finding::Span;
use crate::conversation::template::Template;

/// A value and its place.
#[derive(Clone, Debug)]
pub(super) struct At<T> {
    pub(super) value: T,
    pub(super) span: Span,
}

/// A name that a template or an expression reads.
#[derive(Clone, Debug)]
pub(super) struct Use {
    pub(super) name: String,
    pub(super) span: Span,
    /// Its range in the parsed text.
    pub(super) at: Range<usize>,
    /// The whole text or condition that reads it.
    pub(super) value: Span,
    /// Whether that is a condition, where names have no braces.
    pub(super) is_in_condition: bool,
    /// Whether it has a `default`.
    pub(super) has_default: bool,
}

/// A template and what it reads.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub(super) template: Template,
    pub(super) uses: Vec<Use>,
    pub(super) span: Span,
    /// Its length in characters, if nothing is filled in.
    pub(super) fixed_length: Option<usize>,
}

/// A condition and what it reads.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    pub(super) expression: Expression,
    pub(super) uses: Vec<Use>,
    pub(super) span: Span,
}
