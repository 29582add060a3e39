//! Two texts line by line: what a chat file says, and what came.

use similar::{Algorithm, DiffOp, capture_diff_slices};
use unicode_width::UnicodeWidthStr;

use super::lookalike;
use super::position::Position;

/// How the lines of a chat file differ from those that came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Difference {
    /// Everything in its order.
    pub(super) rows: Vec<Row>,
    /// What cannot be seen in them.
    pub(super) notes: Vec<String>,
    /// Whether each line that is another looks like the one in its place.
    pub(super) is_hidden: bool,
    position: Option<Position>,
}

/// A line of the difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Row {
    /// It stands in this line of the chat file, and came.
    Same(usize, String),
    /// It stands in this line of the chat file, and did not come.
    Chat(usize, String),
    /// It came, and does not stand in the chat file.
    Came(String),
    /// Marks what is another in the line above.
    Mark(String),
}

impl Difference {
    /// Compares numbered lines of a chat file with what came.
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
            // What came between two lines stands before the second of them.
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

    /// The chat file's first line, and column, that is another.
    pub(super) fn position(&self) -> Option<Position> {
        self.position
    }

    /// A line in the place of another.
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

/// How many characters both begin with.
fn common_prefix(left: &str, right: &str) -> usize {
    left.chars().zip(right.chars()).take_while(|(left, right)| left == right).count()
}

/// `^^^` below what is another in `came`; `None` where nearly all is.
fn mark(chat: &str, came: &str) -> Option<String> {
    let (chat, came): (Vec<char>, Vec<char>) = (chat.chars().collect(), came.chars().collect());
    let begin = chat.iter().zip(&came).take_while(|(left, right)| left == right).count();
    let shorter = chat.len().min(came.len()) - begin;
    let tails = chat.iter().rev().zip(came.iter().rev()).take(shorter);
    let end = tails.take_while(|(left, right)| left == right).count();
    // Two of them are the line's sign and its space.
    if (begin + end).saturating_sub(2) * 3 < chat.len().max(came.len()) {
        return None;
    }
    let width = |part: &[char]| part.iter().collect::<String>().width();
    let before = came.get(..begin).unwrap_or_default();
    let other = came.get(begin..came.len() - end).unwrap_or_default();
    Some(format!("{}{}", " ".repeat(width(before)), "^".repeat(width(other).max(1))))
}
