//! Compares two texts line by line: the chat file's, and the actual one.

use similar::{Algorithm, DiffOp, capture_diff_slices};
use unicode_width::UnicodeWidthStr;

use super::lookalike;
use super::position::Position;

/// The difference between the lines of a chat file and the actual lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Difference {
    /// All lines in their order.
    pub(super) rows: Vec<Row>,
    /// Remarks on invisible differences.
    pub(super) notes: Vec<String>,
    /// Whether each line that differs looks like its counterpart.
    pub(super) is_hidden: bool,
    position: Option<Position>,
}

/// A line of the difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Row {
    /// The line is in the chat file under this number, and came.
    Same(usize, String),
    /// The line is in the chat file under this number, and did not come.
    Chat(usize, String),
    /// The line came, and is not in the chat file.
    Came(String),
    /// Marks the difference in the line above.
    Mark(String),
}

impl Difference {
    /// Compares numbered lines of a chat file with the actual lines.
    pub(super) fn between(chat: &[(usize, String)], came: &[String]) -> Self {
        let written: Vec<&str> = chat.iter().map(|(_, line)| line.as_str()).collect();
        let got: Vec<&str> = came.iter().map(String::as_str).collect();
        let mut difference = Self { is_hidden: true, ..Self::default() };
        for op in capture_diff_slices(Algorithm::Myers, &written, &got) {
            let (old, new) = (op.old_range(), op.new_range());
            let chat_lines = chat.get(old.clone()).unwrap_or_default();
            let came_lines = came.get(new).unwrap_or_default();
            if matches!(op, DiffOp::Equal { .. }) {
                let same = chat_lines.iter().map(|(line, text)| Row::Same(*line, text.clone()));
                difference.rows.extend(same);
                continue;
            }
            // A line that came between two others stands before the second of
            // them.
            let line = chat.get(old.start).or(chat.last()).map(|(line, _)| *line);
            let position = line.map(|line| Position { line, column: 1 });
            difference.position = difference.position.or(position);
            if chat_lines.len() == came_lines.len() {
                for ((line, chat), came) in chat_lines.iter().zip(came_lines) {
                    difference.pair(*line, chat, came);
                }
            } else {
                difference.is_hidden = false;
                let shown = |text: &String| lookalike::visible(text, false);
                let chat = chat_lines.iter().map(|(line, text)| Row::Chat(*line, shown(text)));
                difference.rows.extend(chat);
                difference.rows.extend(came_lines.iter().map(|text| Row::Came(shown(text))));
            }
        }
        difference
    }

    /// Returns the first line and column of the chat file that differ.
    pub(super) fn position(&self) -> Option<Position> {
        self.position
    }

    /// Adds a line and its counterpart.
    fn pair(&mut self, line: usize, chat: &str, came: &str) {
        let first = common_prefix(chat, came);
        if let Some(position) = &mut self.position
            && position.line == line
            && position.column == 1
        {
            position.column = first + 1;
        }
        let is_alike = lookalike::are_alike(chat, came);
        self.is_hidden &= is_alike;
        if is_alike {
            self.notes.extend(lookalike::note(chat, came));
        }
        let (chat, came) = (lookalike::visible(chat, is_alike), lookalike::visible(came, is_alike));
        let mark = mark(&chat, &came);
        self.rows.push(Row::Chat(line, chat));
        self.rows.push(Row::Came(came));
        self.rows.extend(mark.map(Row::Mark));
    }
}

/// Returns how many characters both begin with.
fn common_prefix(left: &str, right: &str) -> usize {
    left.chars().zip(right.chars()).take_while(|(left, right)| left == right).count()
}

/// Returns `^^^` for below the difference in `came`, unless nearly all of it
/// differs.
fn mark(chat: &str, came: &str) -> Option<String> {
    let (chat, came): (Vec<char>, Vec<char>) = (chat.chars().collect(), came.chars().collect());
    let begin = chat.iter().zip(&came).take_while(|(left, right)| left == right).count();
    let shorter = chat.len().min(came.len()) - begin;
    let tails = chat.iter().rev().zip(came.iter().rev()).take(shorter);
    let end = tails.take_while(|(left, right)| left == right).count();
    // Two of the equal characters are the line's sign and its space.
    if (begin + end).saturating_sub(2) * 3 < chat.len().max(came.len()) {
        return None;
    }
    let width = |part: &[char]| part.iter().collect::<String>().width();
    let before = came.get(..begin).unwrap_or_default();
    let other = came.get(begin..came.len() - end).unwrap_or_default();
    Some(format!("{}{}", " ".repeat(width(before)), "^".repeat(width(other).max(1))))
}
