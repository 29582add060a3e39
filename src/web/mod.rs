//! The basis of the service's pages: their files, their feeds, and their
//! protection. The purpose of a page is defined in its own module.

mod assets;
mod feeds;
mod guard;
mod key;

pub use self::assets::{Asset, find};
pub use self::feeds::{Closed, Events, Feeds};
pub use self::guard::guarded;
pub use self::key::{Key, Lock};
