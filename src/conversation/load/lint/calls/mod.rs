//! HTTP calls and callbacks: where they go, what they show, and what people
//! notice of them.

pub(crate) mod callback;
pub(crate) mod plain_http;
pub(crate) mod repeated_post;
pub(crate) mod said_before_call;
pub(crate) mod secret;
