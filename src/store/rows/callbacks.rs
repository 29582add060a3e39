//! The rows of `callbacks`: whose each callback is, and what it was spent on.

use super::{FIXED, Row};
use crate::store::ascii::Ascii;
use crate::store::callbacks::CallbackRow;
use crate::store::either::Binds;
use crate::store::time::time_text;

impl Row for CallbackRow {
    const TABLE: &'static str = "callbacks";

    const COLUMNS: &'static [&'static str] = &["name", "phone_number", "result", "over_at"];

    fn size(&self) -> usize {
        FIXED
    }

    fn bind<Q: Binds>(&self, query: Q, _now: &str) -> Q {
        query
            .with(Ascii(self.name.as_str()))
            .with(Ascii(self.sender.as_str()))
            .with(self.result.as_deref().map(Ascii))
            .with(self.over_at.map(time_text).map(Ascii))
    }
}
