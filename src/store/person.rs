//! The data that the store keeps of one sender, and its form in columns.

use serde_json::json;

use super::StoreError;
use super::form::{AsRead, Form};
use super::opt_outs::OptOuts;
use super::reach::Reach;
use super::time::{parse_time, time_text};
use crate::conversation::{
    Answers, Asked, COLUMNS, Callback, Caller, Session, State, Value, outcome,
};

/// Everything that is kept of one sender, except messages.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Person {
    /// The sender's session.
    pub session: Session,
    /// The number of their messages that were taken.
    pub turns: i64,
    /// Our lines on which they want no messages.
    pub opt_outs: OptOuts,
    /// The version of the flows that they are in; `None` if none is known.
    pub flow_version: Option<i64>,
    /// How they are reached while they do not write; `None` if nothing is sent
    /// to them then.
    pub reach: Option<Reach>,
    /// The callback that their row had when it was read.
    pub known_callback: Option<Callback>,
    /// Which columns their row had when it was read.
    pub as_read: AsRead,
}

impl Person {
    /// Returns the form that has a place for each value of the person, and for each
    /// value that the row had before.
    pub(super) fn form(&self) -> Form {
        let Self { session, opt_outs, reach, .. } = self;
        let is_whole = session.callback.is_some()
            || !session.stack.is_empty()
            || session.language.is_some()
            || !opt_outs.is_empty();
        let waits = session.asked.is_some() || session.wakes_at.is_some() || reach.is_some();
        let form = match (is_whole, waits) {
            (true, _) => Form::Whole,
            (false, true) => Form::Waiting,
            (false, false) => Form::Plain,
        };
        form.max(self.as_read.0)
    }
}

/// A row of `user_sessions` as it is read.
#[derive(sqlx::FromRow)]
pub(super) struct SessionRow {
    pub(super) phone_number: String,
    user_name: Option<String>,
    favorite_song: Option<String>,
    conversation_state: Option<String>,
    flow: Option<String>,
    answers: Option<String>,
    tries: i64,
    began_at: Option<String>,
    expires_at: Option<String>,
    turns: i64,
    opt_outs: Option<String>,
    stack: Option<String>,
    language: Option<String>,
    flow_version: Option<i64>,
    waits: Option<String>,
    wakes_at: Option<String>,
    contact: Option<String>,
    callback: Option<String>,
}

/// Returns the state for a state of the original, which wrote them in lower
/// case. Ours are the same in capitals.
fn original_state(stored: &str) -> State {
    let state = stored.to_ascii_uppercase();
    match state.as_str() {
        State::INITIAL => State::Initial,
        outcome::COMPLETED => State::Ended(state),
        _ => State::Waiting(state),
    }
}

/// The place of a person who waits and of whom nothing more is known: a step
/// that no flow can have, so that they are notified and begin again.
const NOWHERE: &str = "?";

impl SessionRow {
    /// Returns the person of the row. A session that was made unreadable by
    /// hand begins again, since it would fail forever; whether messages are
    /// wanted is not guessed.
    pub(super) fn into_person(self) -> Result<Person, StoreError> {
        let (turns, flow_version) = (self.turns, self.flow_version);
        let opt_outs = OptOuts::from_column(self.opt_outs.as_deref())?;
        let (flow, language) = (self.flow.clone(), self.language.clone());
        let is_waiting = self.expires_at.is_some();
        let reach = self.contact.as_deref().and_then(Reach::from_column);
        let known_callback = self.callback.as_deref().and_then(parse_callback);
        let as_read = AsRead(self.form());
        let session = self.into_session().unwrap_or_else(|error| {
            tracing::warn!(%error, "a stored session cannot be read: it begins afresh");
            let state =
                if is_waiting { State::Waiting(NOWHERE.to_owned()) } else { State::Initial };
            Session { flow, state, language, ..Session::default() }
        });
        Ok(Person { session, turns, opt_outs, flow_version, reach, known_callback, as_read })
    }

    /// Returns the form that has a place for each value of the row.
    fn form(&self) -> Form {
        let rare = [&self.opt_outs, &self.stack, &self.language, &self.callback];
        let of_waiting = [&self.waits, &self.wakes_at, &self.contact];
        if rare.iter().any(|column| column.is_some()) {
            Form::Whole
        } else if of_waiting.iter().any(|column| column.is_some()) {
            Form::Waiting
        } else {
            Form::Plain
        }
    }

    fn into_session(self) -> Result<Session, StoreError> {
        let expires_at = self.expires_at.as_deref().map(parse_time).transpose()?;
        let stored = self.conversation_state.unwrap_or_else(|| State::INITIAL.to_owned());
        let (state, answers) = match (&self.flow, self.answers) {
            // A row of the original has neither.
            (None, None) => {
                (original_state(&stored), original_answers(self.user_name, self.favorite_song))
            }
            (_, answers) => {
                let state = if stored == State::INITIAL {
                    State::Initial
                } else if expires_at.is_some() {
                    // Everything that waits expires; what has ended does not.
                    State::Waiting(stored)
                } else {
                    State::Ended(stored)
                };
                (state, answers.as_deref().map(parse_answers).transpose()?.unwrap_or_default())
            }
        };
        Ok(Session {
            flow: self.flow,
            state,
            answers,
            stack: self.stack.as_deref().map(parse_stack).transpose()?.unwrap_or_default(),
            language: self.language,
            tries: u32::try_from(self.tries).unwrap_or(0),
            since: self.began_at.as_deref().map(parse_time).transpose()?,
            expires_at,
            asked: self.waits.as_deref().map(parse_waits).transpose()?,
            wakes_at: self.wakes_at.as_deref().map(parse_time).transpose()?,
            callback: self.callback.as_deref().and_then(parse_callback),
        })
    }
}

fn original_answers(user_name: Option<String>, favorite_song: Option<String>) -> Answers {
    COLUMNS
        .into_iter()
        .zip([user_name, favorite_song])
        .filter_map(|((name, _), answer)| Some((name.to_owned(), Value::Text(answer?))))
        .collect()
}

/// A session's columns in their written form.
pub(super) struct SessionColumns {
    pub(super) user_name: Option<String>,
    pub(super) favorite_song: Option<String>,
    pub(super) conversation_state: String,
    pub(super) flow: Option<String>,
    pub(super) answers: Option<String>,
    pub(super) tries: i64,
    pub(super) began_at: Option<String>,
    pub(super) expires_at: Option<String>,
    pub(super) turns: i64,
    pub(super) opt_outs: Option<String>,
    pub(super) stack: Option<String>,
    pub(super) language: Option<String>,
    pub(super) flow_version: Option<i64>,
    pub(super) waits: Option<String>,
    pub(super) wakes_at: Option<String>,
    pub(super) contact: Option<String>,
    pub(super) callback: Option<String>,
}

impl From<&Person> for SessionColumns {
    fn from(person: &Person) -> Self {
        let session = &person.session;
        let [user_name, favorite_song] =
            COLUMNS.map(|(name, width)| own_column(session.outermost_answers(), name, width));
        Self {
            user_name,
            favorite_song,
            conversation_state: session.state.as_str().to_owned(),
            flow: session.flow.clone(),
            // Never NULL once Ringback has written a row: NULL marks a row of the original.
            answers: Some(answers_text(&session.answers)),
            tries: i64::from(session.tries),
            began_at: session.since.map(time_text),
            expires_at: session.expires_at.map(time_text),
            turns: person.turns,
            opt_outs: person.opt_outs.to_column(),
            stack: stack_text(&session.stack),
            language: session.language.clone(),
            flow_version: person.flow_version,
            waits: session.asked.map(waits_text),
            wakes_at: session.wakes_at.map(time_text),
            contact: person.reach.as_ref().map(Reach::to_column),
            callback: session.callback.as_ref().map(callback_text),
        }
    }
}

/// Returns an answer for its own column. A flow that loaded respects the
/// column's width; the cut is for one that this process did not check.
fn own_column(answers: &Answers, name: &str, width: usize) -> Option<String> {
    answers.get(name).map(|value| value.to_string().chars().take(width).collect())
}

pub(super) fn answers_text(answers: &Answers) -> String {
    // Finite numbers and strings under string keys always serialise.
    serde_json::to_string(answers).unwrap_or_else(|_| "{}".to_owned())
}

fn callback_text(callback: &Callback) -> String {
    // A name and JSON always serialise.
    serde_json::to_string(callback).unwrap_or_default()
}

/// Returns the callback of a row. One that was made unreadable by hand is none.
fn parse_callback(text: &str) -> Option<Callback> {
    serde_json::from_str(text).ok()
}

fn waits_text(asked: Asked) -> String {
    json!({ "asked_at": time_text(asked.at), "nudges": asked.nudges }).to_string()
}

fn parse_waits(text: &str) -> Result<Asked, StoreError> {
    let asked = serde_json::from_str::<serde_json::Value>(text).ok().and_then(|waits| {
        let at = parse_time(waits.get("asked_at")?.as_str()?).ok()?;
        let nudges = usize::try_from(waits.get("nudges")?.as_u64()?).ok()?;
        Some(Asked { at, nudges })
    });
    asked.ok_or_else(|| {
        StoreError::Unexpected("`user_sessions.waits` is not a JSON object of a wait".to_owned())
    })
}

fn parse_answers(text: &str) -> Result<Answers, StoreError> {
    serde_json::from_str(text).map_err(|_| {
        StoreError::Unexpected(
            "`user_sessions.answers` is not a JSON object of texts and numbers".to_owned(),
        )
    })
}

fn stack_text(stack: &[Caller]) -> Option<String> {
    // The types of answers always serialise.
    (!stack.is_empty()).then(|| serde_json::to_string(stack).unwrap_or_default())
}

fn parse_stack(text: &str) -> Result<Vec<Caller>, StoreError> {
    serde_json::from_str(text).map_err(|_| {
        StoreError::Unexpected("`user_sessions.stack` is not a JSON list of flows".to_owned())
    })
}
