//! Writes a conversation in the form of chat files.

use crate::conversation::session::State;
use crate::conversation::shown::in_one_line;
use crate::message::Reply;

/// Separates the messages of a reply.
pub(super) const NEXT_MESSAGE: &str = "<---";

/// Begins a line with the address of a picture.
pub(super) const MEDIA: &str = "<media ";

/// A line without a text: alone it means that no reply came.
pub(super) const SILENCE: &str = "<";

/// Writes a person's message in one line.
#[must_use]
pub fn written_message(text: &str) -> String {
    if text.is_empty() { ">".to_owned() } else { format!("> {}", in_one_line(text)) }
}

/// Writes a reply line by line. Without messages there are no lines.
#[must_use]
pub fn written_reply(replies: &[Reply]) -> Vec<String> {
    let mut lines = Vec::new();
    for (number, reply) in replies.iter().enumerate() {
        if number > 0 {
            lines.push(NEXT_MESSAGE.to_owned());
        }
        if !reply.text.is_empty() {
            // Chat files also accept the line ends of Windows.
            let text = reply.text.split('\n').map(|line| line.trim_end_matches('\r'));
            lines.extend(text.map(|line| {
                if line.trim().is_empty() { SILENCE.to_owned() } else { format!("< {line}") }
            }));
        }
        lines.extend(reply.media.iter().map(|url| format!("{MEDIA}{}", url.trim())));
    }
    lines
}

/// Writes a state.
#[must_use]
pub fn written_state(state: &State) -> String {
    match state {
        State::Waiting(step) => format!("= @{step}"),
        State::Initial | State::Ended(_) => format!("= {}", state.as_str()),
    }
}

/// Writes a variable and its value, without white space around the value.
pub(super) fn written_variable(variable: &str, value: &str) -> String {
    format!("? {variable} = {}", in_one_line(value.trim())).trim_end().to_owned()
}
