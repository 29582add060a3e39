//! Paths through a flow, and its ends.

pub(crate) mod never_comes;
pub(crate) mod no_end;
pub(crate) mod no_question;
pub(crate) mod on_expire_waits;
pub(crate) mod quiet_after_differs;
pub(crate) mod silent_loop;
pub(crate) mod turn_steps;
pub(crate) mod unasked_texts;
pub(crate) mod unreachable_step;
pub(crate) mod unused_branch;
pub(crate) mod unused_quiet_after;
pub(crate) mod useless_resume;
