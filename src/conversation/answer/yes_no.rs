//! `yes_no`.
//!
//! **Accepted** are the phrases of [`language`](super::language) in English and
//! the languages of the flow, and the flow's own `words`, which take
//! precedence. There may be several phrases, as long as all say the same.
//!
//! | written | |
//! | --- | --- |
//! | `yes`, `Yup!`, `ok`, `sure thing`, `yes that's right`, `yesss`, `👍` | `yes` |
//! | `no`, `nah`, `no thanks`, `not really`, `no way`, `👎` | `no` |
//! | `yeah no`, `no, that's right`, `yes or no`, `yes but later`, `yes?` | asked again |
//! | `maybe`, `I guess`, `not yet`, `no problem`, `fine`, `never mind` | asked again |
//!
//! Every word must belong to such a phrase, or change nothing. A drawn-out word
//! is read (`yeeees`), a misspelled one is not.
//!
//! **Stored** is `yes` or `no`.

use super::language::{Role, phrases, single};
use super::tokens::{is_picture, tokens};
use crate::conversation::flow::{NO, YES};
use crate::conversation::signs::{is_doubtful, is_emoji};
use crate::conversation::words;

/// The longest answer that is read, in words.
const MAX_WORDS: usize = 20;

/// The meaning of a phrase.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    Yes,
    No,
    /// It may go with a yes only.
    WithYes,
    WithNo,
    Nothing,
    /// It may be meant either way.
    Unclear,
}

impl Says {
    fn of(role: Role) -> Option<Self> {
        Some(match role {
            Role::Yes => Self::Yes,
            Role::No => Self::No,
            Role::WithYes => Self::WithYes,
            Role::WithNo => Self::WithNo,
            Role::Polite | Role::Greeting | Role::WithBoth => Self::Nothing,
            Role::Unclear => Self::Unclear,
            _ => return None,
        })
    }

    /// Combines two meanings of a phrase. Politeness contradicts nothing.
    fn either(one: Self, other: Self) -> Self {
        match (one, other) {
            (Self::Nothing, says) | (says, Self::Nothing) => says,
            (Self::Yes, Self::WithYes) | (Self::WithYes, Self::Yes) => Self::Yes,
            (Self::No, Self::WithNo) | (Self::WithNo, Self::No) => Self::No,
            _ => Self::Unclear,
        }
    }
}

/// Reads a payload. A program writes no sentences.
pub(super) fn tapped(yes: &[String], no: &[String], payload: &str) -> Option<&'static str> {
    Own::whole(payload, yes, no)
}

/// Reads a text as the answer to a question with these words for yes and no.
/// The lists begin with [`YES`] and [`NO`].
pub(super) fn read(
    yes: &[String],
    no: &[String],
    text: &str,
    languages: &[String],
) -> Option<&'static str> {
    let own = Own { yes: yes.get(YES.len()..)?, no: no.get(NO.len()..)?, languages };
    if let Some(answer) = Own::whole(text, own.yes, own.no) {
        return Some(answer);
    }
    // Nearly every answer is one word that needs no more looking.
    if languages.is_empty()
        && text.is_ascii()
        && let Some(answer) = Own::whole(text, yes, no)
    {
        return Some(answer);
    }
    let words = tokens(text);
    if words.len() > MAX_WORDS {
        return None;
    }
    let mut said = None;
    let mut allowed = None;
    let mut rest = &words[..];
    while !rest.is_empty() {
        let (says, count) = own.phrase(rest)?;
        rest = rest.get(count..)?;
        let (all, of) = match says {
            Says::Yes => (&mut said, "yes"),
            Says::No => (&mut said, "no"),
            // `I can` before it begins a sentence of its own: `I can do it`.
            Says::WithYes | Says::WithNo if said.is_none() && count > 1 => return None,
            Says::WithYes => (&mut allowed, "yes"),
            Says::WithNo => (&mut allowed, "no"),
            Says::Nothing => continue,
            Says::Unclear => return None,
        };
        if *all.get_or_insert(of) != of {
            return None;
        }
    }
    said.filter(|said| allowed.is_none_or(|allowed| allowed == *said))
}

/// A flow's own words, and its languages for all other phrases.
struct Own<'a> {
    yes: &'a [String],
    no: &'a [String],
    languages: &'a [String],
}

impl Own<'_> {
    /// Reads a text that is one of these words and nothing more.
    fn whole(text: &str, yes: &[String], no: &[String]) -> Option<&'static str> {
        let word = words::normalise(text);
        let is_one = |words: &[String]| {
            let is_own = |sign| words.iter().any(|word| word.contains(sign));
            words.contains(&word)
                && text.chars().all(|c| !(is_doubtful(c) || is_emoji(c)) || is_own(c))
        };
        let no = || is_one(no).then_some("no");
        if is_one(yes) { Some("yes") } else { no() }
    }

    /// Returns the meaning and the length of the longest phrase with which
    /// these words begin.
    fn phrase(&self, words: &[String]) -> Option<(Says, usize)> {
        let own = self.yes.iter().map(|word| (Says::Yes, word));
        let own = own.chain(self.no.iter().map(|word| (Says::No, word)));
        let own = own.filter_map(|(says, word)| {
            let phrase = tokens(word);
            (!phrase.is_empty() && words.starts_with(&phrase)).then_some((says, phrase.len()))
        });
        let own = own.max_by_key(|(_, count)| *count);
        let (mut found, mut longest) = (None, 0);
        for (role, count) in phrases(self.languages, words) {
            let Some(says) = Says::of(role) else { continue };
            if count < longest || self.denies(says, &words[..count]) {
                continue;
            }
            found = match found {
                Some(other) if count == longest && other != says => Some(Says::either(other, says)),
                _ => Some(says),
            };
            longest = count;
        }
        match (own, found) {
            (Some((says, count)), _) if count >= longest => Some((says, count)),
            (_, Some(says)) => Some((says, longest)),
            _ if is_picture(&words[0]) => Some((Says::Nothing, 1)),
            _ => Some((self.drawn_out(&words[0])?, 1)),
        }
    }

    /// Returns whether the flow gives a word of this phrase the opposite
    /// meaning.
    fn denies(&self, says: Says, words: &[String]) -> bool {
        let opposite = match says {
            Says::Yes | Says::WithYes => self.no,
            Says::No | Says::WithNo => self.yes,
            Says::Nothing | Says::Unclear => return false,
        };
        opposite.iter().any(|word| {
            let word = tokens(word);
            !word.is_empty() && words.windows(word.len()).any(|part| part == word)
        })
    }

    /// Reads a drawn-out word: `yesss`, `nooo`. A letter that is only doubled
    /// inside may make another word: `noon`.
    fn drawn_out(&self, word: &str) -> Option<Says> {
        let letters: Vec<char> = word.chars().collect();
        let is_long = letters.windows(3).any(|run| run.iter().all(|c| *c == run[0]));
        if !is_long && letters.windows(2).last().is_none_or(|end| end[0] != end[1]) {
            return None;
        }
        let is_meant = |known: &str| {
            known.chars().count() < letters.len()
                && !known.contains(' ')
                && squeezed(known).eq(squeezed(word))
        };
        let own_yes = self.yes.iter().filter(|own| is_meant(own)).map(|_| Says::Yes);
        let own_no = self.no.iter().filter(|own| is_meant(own)).map(|_| Says::No);
        let known = single(self.languages).filter(|(known, _)| is_meant(known));
        let known = known.filter_map(|(_, role)| Says::of(role));
        let mut all = own_yes.chain(own_no).chain(known);
        let first = all.next()?;
        all.all(|other| other == first).then_some(first)
    }
}

/// Returns the letters of a word, with equal letters in a row reduced to one.
fn squeezed(word: &str) -> impl Iterator<Item = char> {
    let mut before = None;
    word.chars().filter(move |c| before.replace(*c) != Some(*c))
}
