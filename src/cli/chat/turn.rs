//! What there is to tell of a turn, beside what was said.

use crate::cli::output::in_one_line;
use crate::conversation::chat_file::{Heard, Phone};
use crate::conversation::{Session, State, Trace};
use crate::message::segments::{self, Encoding};
use crate::message::{Channel, Reply};

/// Where the conversation stands.
pub(super) fn place(session: &Session) -> String {
    match &session.state {
        State::Initial => "has not begun".to_owned(),
        State::Waiting(step) => format!("waits at {step}"),
        State::Ended(outcome) => format!("ended with {outcome}"),
    }
}

/// Where it stands, and what was answered.
pub(super) fn stand(session: &Session) -> String {
    let answers = session.answers.iter();
    let answers = answers.map(|(name, value)| format!("{name} = {}", in_one_line(value)));
    std::iter::once(place(session)).chain(answers).collect::<Vec<_>>().join("\n")
}

/// What a STOP or a START has done, and what silence means.
pub(super) fn remarks(was_stopped: bool, after: &Phone, heard: &Heard) -> Vec<String> {
    let channel = after.channel().as_str();
    let mut remarks = match (was_stopped, after.is_opted_out()) {
        (_, true) => vec![format!("They want no messages by {channel} until they say START.")],
        (true, false) => vec![format!("They want messages by {channel} again.")],
        (false, false) => Vec::new(),
    };
    let has_changed = was_stopped != after.is_opted_out();
    if has_changed && heard.consent.is_some_and(|consent| consent.answered_by_provider) {
        remarks.push("Twilio answers this by itself.".to_owned());
    }
    remarks
}

/// What happened: the rules, the way, the state, the variables, and what the
/// reply costs.
pub(super) fn traced(before: &Session, phone: &Phone, heard: &Heard, trace: &Trace) -> Vec<String> {
    let after = phone.session();
    let mut lines: Vec<String> = trace.rules.iter().map(|rule| format!("rule    {rule}")).collect();
    if trace.path.contains(' ') {
        lines.push(format!("way     {}", trace.path));
    }
    let tries = match after.tries {
        0 => String::new(),
        1 => ", 1 invalid answer".to_owned(),
        tries => format!(", {tries} invalid answers"),
    };
    lines.push(format!("state   {} -> {}{tries}", before.state.as_str(), after.state.as_str()));
    lines.extend(variables(before, after));
    for (number, reply) in (1..).zip(&heard.replies) {
        lines.push(format!("reply   {number}: {}", cost(phone.channel(), reply)));
    }
    lines
}

/// All variables, those marked that are new (`+`), changed (`~`) or gone (`-`).
fn variables(before: &Session, after: &Session) -> Vec<String> {
    let gone = before.answers.iter().filter(|(name, _)| !after.answers.contains_key(*name));
    let gone = gone.map(|(name, value)| (name, '-', value));
    let held = after.answers.iter().map(|(name, value)| {
        let mark = match before.answers.get(name) {
            None => '+',
            Some(old) if old != value => '~',
            Some(_) => ' ',
        };
        (name, mark, value)
    });
    let mut variables: Vec<_> = gone.chain(held).collect();
    variables.sort_by_key(|(name, ..)| *name);
    let line = |(name, mark, value)| format!("      {mark} {name} = {}", in_one_line(value));
    variables.into_iter().map(line).collect()
}

/// What a message costs. Only over SMS is a text counted in segments.
fn cost(channel: Channel, reply: &Reply) -> String {
    let media = match reply.media.len() {
        0 => String::new(),
        media => format!(" and {media} media"),
    };
    if channel != Channel::Sms {
        return format!("{} characters{media}", reply.text.chars().count());
    }
    if !reply.media.is_empty() {
        // With a picture it goes out as MMS, whose text is not parted.
        return format!("an MMS: {} characters{media}", reply.text.chars().count());
    }
    let cost = segments::count(&reply.text);
    let plural = if cost.segments == 1 { "" } else { "s" };
    let counted = format!("{} segment{plural}", cost.segments);
    match (cost.encoding, segments::first_ucs2_character(&reply.text)) {
        (Encoding::Ucs2, Some((at, character))) => {
            let column = reply.text.get(..at).map_or(0, |text| text.chars().count()) + 1;
            format!(
                "{counted} of UCS-2, {} units: `{}` at character {column} is not in GSM-7",
                cost.units,
                character.escape_debug()
            )
        }
        _ => format!("{counted} of GSM-7, {} units", cost.units),
    }
}
