//! What came in: the newest requests to the routes that others call, and what
//! became of each. The page shows them to the person who has its key.
//!
//! They are kept in memory only, in a bounded number and size, and only while
//! the page is on. Nothing in them is logged.

mod kept;
mod list;
mod route;
mod shown;
mod verdict;

pub(super) use self::kept::Kept;
pub use self::list::Requests;
pub(super) use self::route::{Newest, list};
pub(super) use self::shown::{readable, took_ms};
pub(super) use self::verdict::Word;
