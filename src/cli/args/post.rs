//! The arguments of `post`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::help::POST_EXIT_CODES;
use crate::config::DeliveryArgs;
use crate::message::Channel;

/// The arguments of `post`.
#[derive(Debug, Args)]
#[command(
    after_help = POST_EXIT_CODES,
    override_usage = "ringback post [OPTIONS] <FILE>\n       ringback post [OPTIONS] --body <TEXT> --from <ADDRESS>"
)]
pub struct PostArgs {
    /// A form as Twilio posts it, in one line, such as those in `fixtures/webhooks`
    pub file: Option<PathBuf>,
    /// What the message says
    #[arg(long, value_name = "TEXT", required_unless_present = "file", allow_hyphen_values = true)]
    pub body: Option<String>,
    /// Who sends it, as in `+14155552671`
    #[arg(long, value_name = "ADDRESS", required_unless_present = "file")]
    pub from: Option<String>,
    /// Our number; by default Twilio's number for tests
    #[arg(long, value_name = "ADDRESS")]
    pub to: Option<String>,
    /// The channel on which it comes; by default that of the addresses
    #[arg(long, value_enum, value_name = "CHANNEL", conflicts_with = "file")]
    pub channel: Option<PostChannel>,
    /// A further parameter, in place of one that the form has
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parameter)]
    pub params: Vec<(String, String)>,
    /// The id of the message; `new` for a new one
    ///
    /// A message without an id gets a new one. A message whose id the service
    /// knows is a repeat: it gets the same reply, and moves nothing.
    #[arg(long, value_name = "SID")]
    pub message_sid: Option<String>,
    /// Where it goes, and how it is signed.
    #[command(flatten)]
    pub delivery: DeliveryArgs,
}

/// The channels of messages that are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PostChannel {
    /// Text messages
    Sms,
    /// WhatsApp
    Whatsapp,
    /// RCS
    Rcs,
}

impl From<PostChannel> for Channel {
    fn from(channel: PostChannel) -> Self {
        match channel {
            PostChannel::Sms => Self::Sms,
            PostChannel::Whatsapp => Self::Whatsapp,
            PostChannel::Rcs => Self::Rcs,
        }
    }
}

fn parameter(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    if name.is_empty() || !text.contains('=') {
        return Err("write it as `NAME=VALUE`, as in `ProfileName=Ada`".to_owned());
    }
    Ok((name.to_owned(), value.to_owned()))
}
