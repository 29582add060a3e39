//! Texts that people receive.

pub(crate) mod stray_braces;
pub(crate) mod too_long;
pub(crate) mod ucs2;
