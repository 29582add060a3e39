//! What happens while nobody writes: nudges, the timeout of a question, of a
//! call or of a callback, and the end of a conversation that has an `on_expire`.

use std::time::Duration;

use jiff::Timestamp;

use super::due::{call_ends_at, due_at};
use super::effects::nudge_good_until;
use super::place::{self, Place, Waits};
use super::walk::Walk;
use crate::conversation::flow::{Branch, OnExpire, Target};
use crate::conversation::request::CallAnswer;
use crate::conversation::session::{Asked, outcome};
use crate::conversation::witness::Rule;

/// Does what is due at a session that still waits. Whatever was due before the
/// last of it is left out, so that nobody gets several reminders at once.
pub(super) fn pass(walk: &mut Walk<'_>) {
    let Some(asked) = walk.session.asked else { return };
    let outermost = walk.session.outermost_flow().and_then(|name| walk.flows.get(name));
    let (Some(outermost), Ok(Some((place, callers)))) =
        (outermost, place::find(walk.flows, &mut walk.session.clone()))
    else {
        return;
    };
    let is_due = |after: &Duration| due_at(outermost, asked.at, *after) <= walk.now;
    let Place { flow, step, .. } = place;
    let silence = match place.waits {
        Waits::Ask(ask) => &ask.silence,
        Waits::Callback(wait) => &wait.silence,
        Waits::Call(call) => {
            if call_ends_at(asked.at, call) <= walk.now {
                walk.callers = callers;
                walk.session.stack.clear();
                walk.go_on_after(place, call, &CallAnswer::Timeout);
            }
            return;
        }
    };
    if let Some((_, target)) = silence.timeout.as_ref().filter(|(after, _)| is_due(after)) {
        walk.callers = callers;
        walk.session.stack.clear();
        walk.witness.rule(Rule::Silence { flow, step, branch: Branch::TimedOut });
        walk.witness.branch(flow, step, Branch::TimedOut);
        walk.run(flow, target.clone(), None);
        return;
    }
    let due = (0..).zip(&silence.nudges).skip(asked.nudges);
    if let Some((at, (after, text))) = due.take_while(|(_, (after, _))| is_due(after)).last() {
        walk.witness.rule(Rule::Silence { flow, step, branch: Branch::Nudge(at) });
        walk.witness.branch(flow, step, Branch::Nudge(at));
        walk.say_outside(flow, text);
        walk.nudged = Some(nudge_good_until(due_at(outermost, asked.at, *after), *after));
        walk.session.asked = Some(Asked { nudges: at + 1, ..asked });
    }
}

/// Ends the conversation through the `on_expire` of its flow, as of the moment
/// when silence ended it.
pub(super) fn expire(walk: &mut Walk<'_>, at: Timestamp) {
    let outermost = walk.session.outermost_flow().and_then(|name| walk.flows.get(name));
    let Some((flow, OnExpire { step, .. })) =
        outermost.and_then(|flow| Some((flow, flow.on_expire?)))
    else {
        return;
    };
    walk.witness.rule(Rule::OnExpire { flow, step: walk.session.state.as_str() });
    // The sub-flows end with the whole conversation.
    let stack = std::mem::take(&mut walk.session.stack);
    if let Some(outermost) = stack.into_iter().next() {
        walk.session.answers = outermost.answers;
    }
    let now = std::mem::replace(&mut walk.now, at);
    walk.completed = outcome::EXPIRED;
    walk.run(flow, Target::Step(step), None);
    walk.completed = outcome::COMPLETED;
    walk.now = now;
}
