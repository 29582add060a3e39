//! The HTTP calls that flows make: where they may go, one call, its outcome.
//!
//! A call goes only where an operator or the public Internet expects it. Its
//! host is resolved and judged at each attempt, and the connection goes to an
//! address that was judged, so a name that changes its addresses in between
//! gains nothing. Of flows the module knows the methods of their calls and
//! nothing else; it knows no storage and no environment. It logs nothing, and an
//! outcome names no path, query, header or body. These are its parts, lowest
//! first:
//!
//! - [`bare`]: an HTTP client that does nothing by itself
//! - [`causes`]: what is inside an error of the HTTP client
//! - [`judge`]: whether an address is public
//! - [`target`]: the host and port that a URL says
//! - [`hosts`]: the list of hosts that may be called although they are not public
//! - [`outcome`]: what became of a call
//! - [`request`]: what is asked for
//! - [`resolver`]: the addresses of a name
//! - [`gate`]: the addresses to which one attempt may connect
//! - [`trust`]: the certificates that are believed
//! - [`patience`]: how long one attempt waits, and the next one
//! - [`client`]: the call, with its attempts and its time limit

pub mod bare;
pub mod causes;
pub mod client;
mod exchange;
pub mod gate;
pub mod hosts;
pub mod judge;
pub mod outcome;
pub mod patience;
pub mod request;
pub mod resolver;
pub mod target;
pub mod trust;
