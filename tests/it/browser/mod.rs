//! The phone page in a real Chromium.
//!
//! [`conversation`] is had with the built binary; [`edges`] and [`looks`] play
//! with the bot behind the page.

mod driver;
mod service;
mod silence;
mod views;
mod why;

mod axe;
mod bench;
mod conversation;
mod edges;
mod flow;
mod key;
mod looks;
mod mishaps;
mod requests;
mod sending;
