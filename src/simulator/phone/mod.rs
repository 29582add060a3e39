//! The phone of the page. It has a number and a channel, keeps the files that are
//! attached, and sends messages as Twilio would deliver them.

mod files;
mod form;
mod number;
mod request;
mod send;
mod upload;

pub(super) use self::files::Files;
pub(super) use self::form::{Form, text_form};
pub(super) use self::number::{Phone, PhoneChannel};
pub(super) use self::send::{MAX_REQUEST, is_json, send};
pub(super) use self::upload::{MAX_UPLOAD, download, path_in, upload};
