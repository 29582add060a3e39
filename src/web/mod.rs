//! What the pages of the service stand on: their files, their feeds, and who
//! may open them. What a page is for is its own module's matter.

mod assets;
mod feeds;
mod guard;
mod key;

pub use self::assets::{Asset, find};
pub use self::feeds::{Closed, Events, Feeds, last_event_id};
pub use self::guard::guarded;
pub use self::key::{Key, Lock};
