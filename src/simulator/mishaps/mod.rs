//! What can go wrong between a phone and the service, for a person to try: each
//! mishap is played on one of the page's own numbers, and says why the service's
//! answer is right.

mod play;
mod recorded;
mod route;
mod what;

pub(super) use self::route::{menu, play};
