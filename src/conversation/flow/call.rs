//! An HTTP call of a flow: what it asks for, and what it keeps of the answer.

use std::time::Duration;

use crate::conversation::request::Method;
use crate::conversation::template::Template;

/// A call.
#[derive(Clone, Debug)]
pub struct Call {
    /// The method.
    pub method: Method,
    /// Where it goes.
    pub url: CallUrl,
    /// Further parameters of the URL.
    pub(in crate::conversation) query: Vec<(String, Template)>,
    /// The headers that the flow sets.
    pub(in crate::conversation) headers: Vec<(String, Template)>,
    /// What is sent.
    pub(in crate::conversation) content: Content,
    /// The time limit of the whole call.
    pub timeout: Duration,
    /// How many requests are made at most.
    pub attempts: u8,
    /// What is kept of an answer.
    pub(in crate::conversation) keep: Vec<Kept>,
    /// What is said to a message that comes while the call runs.
    pub(in crate::conversation) meanwhile: Option<Template>,
}

/// The URL of a call.
#[derive(Clone, Debug)]
pub struct CallUrl {
    /// Scheme, host and port, which no answer of a person changes.
    pub origin: String,
    /// The path, from its `/` on.
    pub(in crate::conversation) path: Template,
    /// What follows a `?`.
    pub(in crate::conversation) search: Option<Template>,
}

/// What a call sends.
#[derive(Clone, Debug)]
pub(in crate::conversation) enum Content {
    Nothing,
    /// Fields of a form.
    Form(Vec<(String, Template)>),
    Json(Json),
}

/// A JSON value with texts that are filled in.
#[derive(Clone, Debug)]
pub(in crate::conversation) enum Json {
    /// A number, `true`, `false` or `null`, as it is written.
    Literal(String),
    Text(Template),
    List(Vec<Self>),
    Map(Vec<(String, Self)>),
}

/// A part of an answer that goes to a variable.
#[derive(Clone, Debug)]
pub(in crate::conversation) struct Kept {
    pub(in crate::conversation) variable: String,
    /// A JSON pointer (RFC 6901); empty for the whole body as a text.
    pub(in crate::conversation) pointer: String,
    /// Whether the call has failed where the answer lacks it.
    pub(in crate::conversation) is_required: bool,
}

/// How long the reply to a message waits for the answers to calls.
pub const PATIENCE: Duration = Duration::from_secs(6);

/// How long it waits for an answer if something is to be said before the call.
pub const PATIENCE_WITH_TEXT: Duration = Duration::from_millis(1_500);

/// The time limit of a call that names none.
pub(in crate::conversation) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);

/// The branch of a call that took too long.
pub(in crate::conversation) const TIMEOUT: &str = "timeout";

/// The branch of a call without an answer that can be used.
pub(in crate::conversation) const FAILED: &str = "failed";

/// Returns whether an entry of `when` is for answers of success.
pub(in crate::conversation) fn is_success(key: &str) -> bool {
    key.len() == 3 && key.starts_with('2')
}
