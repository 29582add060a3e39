//! Whether the clock of this machine is plausible, beside the clocks of others.

use jiff::{SignedDuration, Timestamp};

use super::lines::Lines;

const SUBJECT: &str = "clock";

/// A difference from which on people notice: reminders come late, and
/// conversations expire early.
const NOTICED: SignedDuration = SignedDuration::from_secs(30);

/// A time that is past for every release.
const PAST: Timestamp = Timestamp::constant(1_767_225_600, 0);

/// What another clock showed, and this machine's at the same time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    /// The machine whose clock it is.
    pub(super) whose: &'static str,
    pub(super) here: Timestamp,
    pub(super) there: Timestamp,
}

/// Compares the clocks.
pub(super) fn look(lines: &mut Lines, database: Option<Seen>, public: Option<Seen>) {
    let seen: Vec<Seen> = database.into_iter().chain(public).collect();
    for Seen { whose, here, there } in &seen {
        let apart = here.duration_since(*there);
        // The time of a header has whole seconds.
        let seconds = apart.abs().as_secs();
        if apart.abs() < NOTICED {
            lines.ok(SUBJECT, &format!("it agrees with that of {whose} within {} s", seconds + 1));
        } else {
            let way = if apart.is_negative() { "behind" } else { "ahead of" };
            lines.warning(
                SUBJECT,
                &format!("this machine's is {seconds} s {way} that of {whose}"),
                "let both machines keep the time of a time server (NTP)",
            );
        }
    }
    let now = Timestamp::now();
    if now < PAST {
        lines.wrong(
            SUBJECT,
            &format!("this machine's shows {}", now.strftime("%Y-%m-%d %H:%M UTC")),
            "set the clock; let the machine keep the time of a time server (NTP)",
        );
    } else if seen.is_empty() {
        lines.ok(SUBJECT, "there is no other clock to compare it with");
    }
}
