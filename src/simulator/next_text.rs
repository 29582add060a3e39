//! What the page's own Twilio does with the next text by REST to a phone.
//!
//! A [choice](super::choice) counts for one text of one phone; texts are
//! delivered again after that.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::message::Sender;

/// What becomes of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum NextText {
    /// It is taken, sent and delivered.
    #[default]
    Delivered,
    /// It is taken and sent, and the carrier does not reach the phone.
    Failed,
    /// It is taken, sent and delivered, and the answer to the request is lost.
    AnswerLost,
    /// The request is read, its answer is lost, and nothing is sent.
    Lost,
    /// It is refused, since the person has opted out.
    Refused,
}

impl NextText {
    /// Returns the statuses that are reported, in order, each with its error code.
    pub(super) fn reports(self) -> &'static [(&'static str, Option<u32>)] {
        match self {
            Self::Delivered | Self::AnswerLost => &[("sent", None), ("delivered", None)],
            Self::Failed => &[("sent", None), ("undelivered", Some(30_003))],
            Self::Lost | Self::Refused => &[],
        }
    }

    /// Returns whether the request gets no answer.
    pub(super) fn loses_answer(self) -> bool {
        matches!(self, Self::AnswerLost | Self::Lost)
    }
}

/// The choices that have not been used yet. A phone without one is not in it.
#[derive(Debug, Default)]
pub(super) struct NextTexts(Mutex<HashMap<Sender, NextText>>);

impl NextTexts {
    /// Returns what becomes of the next text to a phone.
    pub(super) fn of(&self, sender: &Sender) -> NextText {
        self.get().get(sender).copied().unwrap_or_default()
    }

    /// Uses the choice for a phone.
    pub(super) fn take(&self, sender: &Sender) -> NextText {
        self.get().remove(sender).unwrap_or_default()
    }

    /// Chooses for a phone.
    pub(super) fn choose(&self, sender: Sender, next: NextText) {
        let mut chosen = self.get();
        if next == NextText::default() {
            chosen.remove(&sender);
        } else {
            chosen.insert(sender, next);
        }
    }

    fn get(&self) -> MutexGuard<'_, HashMap<Sender, NextText>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
