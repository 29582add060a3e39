//! What the phone of the page does: it has a number and a channel, keeps the
//! files that are attached, and sends messages as Twilio would deliver them.

mod files;
mod form;
mod number;
mod request;
mod send;
mod upload;

pub(super) use self::files::Files;
pub(super) use self::number::Phone;
pub(super) use self::send::{MAX_REQUEST, send};
pub(super) use self::upload::{MAX_UPLOAD, download, path_in, upload};
