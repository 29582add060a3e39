//! What can go wrong between a phone and the service, for a person to try. Each
//! mishap is played on one of the page's own numbers. The page then says why the
//! service's answer is right.

mod play;
mod recorded;
mod route;
mod what;

pub(super) use self::route::{menu, play};
