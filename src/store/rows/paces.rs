//! The rows of `send_pace`: when each of our addresses may send its next text.

use jiff::Timestamp;

use super::{FIXED, Row};
use crate::store::ascii::Ascii;
use crate::store::either::Binds;
use crate::store::time::time_text;

impl Row for (String, Timestamp) {
    const TABLE: &'static str = "send_pace";

    const COLUMNS: &'static [&'static str] = &["address", "free_at"];

    fn size(&self) -> usize {
        FIXED
    }

    fn bind<Q: Binds>(&self, query: Q, _now: &str) -> Q {
        query.with(Ascii(self.0.as_str())).with(Ascii(time_text(self.1)))
    }
}
