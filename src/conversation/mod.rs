//! Conversations: flows, sessions, and one pure [`step()`] between them.
//!
//! Nothing here waits, reads a file, knows the clock or draws a random number:
//! the time comes in with the event. Nothing here knows Twilio or SQL. A
//! [`Flows`] that loaded is valid, and [`step()`] cannot fail for any text at
//! any state.

mod built_in;
mod expression;
mod signs;
mod spelled;
mod template;
mod words;

mod calendar;
mod cut;
mod daytime;
pub mod duration;
mod event;
mod explained;
mod length;
mod lookalike;
mod moment;
mod session;
mod shown;
mod value;

mod attachment;
mod flow;
mod translation;

mod source;
mod version;

mod allowances;
pub mod finding;
mod load;
mod schema;
mod suggest;

mod answer;
mod number;
mod reply;
mod request;

mod census;
mod costs;
mod coverage;
mod ignored;
mod lost;
mod opt_out;
mod reaction;
mod step;
mod trace;
mod way;
mod witness;

pub mod chat_file;
pub mod diagram;
pub mod narration;
pub mod recording;

#[cfg(test)]
mod testing;

pub use answer::{Country, Days, Times};
pub use census::Census;
pub use costs::Cost;
pub use coverage::{Coverage, Gap, Share};
pub use event::{Contact, Effect, Event, TextKind};
pub use explained::{Explained, Happened, step_explained, take_explained};
pub use flow::{
    Answer, Ask, Branch, Call, CallUrl, Choice, Command, CommandTarget, Flow, Flows, Kind, OnFail,
    Origin, PATIENCE, PATIENCE_WITH_TEXT, Run, Silence, Step, StepId, Target, Verb, WaitFor,
};
pub use ignored::{Ignored, Known, asked_at, say_the_same};
pub use load::Loaded;
pub use lost::{Lost, Reason};
pub use moment::{Callbacks, Moment};
pub use opt_out::{Taken, take};
pub use reaction::Reaction;
pub use reply::joined;
pub use request::{Body, CallAnswer, CallId, Method, Request};
pub use schema::{FLOW_SCHEMA, LANGUAGE_SCHEMA};
pub use session::{
    Answers, Asked, COLUMNS, Callback, Caller, Ended, Note, Session, State, Turn, outcome,
};
pub use shown::{in_one_line, shown, shown_lines};
pub use source::Source;
pub use step::{
    Awaited, Fit, Offer, Standing, Upcoming, What, aged, awaited, check_result, fit, hastened,
    is_asking, offered, question_asked_at, standing, step, stop, upcoming, wait_name,
};
pub use suggest::nearest;
pub use trace::Trace;
pub use value::Value;
pub use version::{Version, short_hash};
pub use way::{At, Standpoint, Told, standpoint};
