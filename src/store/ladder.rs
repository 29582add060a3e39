//! The row counts for which statements exist: the steps of a fixed ladder.
//!
//! The ladder keeps the number of different texts small. All of them stay
//! prepared, since a connection whose cache overflows pays with pauses. Those
//! in use stay in the processor's cache, since the server goes through a
//! prepared statement's parameters one by one.

/// The most messages that one transaction serves.
pub const MAX_BATCH: usize = 256;

/// Every row count up to this one has a statement of its own. Above it there
/// are four counts for each doubling.
const EVERY: usize = 16;

/// Returns how many of `waiting` messages the next batch takes: all, or the
/// largest step of the ladder.
#[must_use]
pub fn largest_batch(waiting: usize) -> usize {
    let waiting = waiting.min(MAX_BATCH);
    waiting / step_at(waiting) * step_at(waiting)
}

/// Returns the smallest step of the ladder that `rows` fit in.
pub(super) fn padded(rows: usize) -> usize {
    rows.next_multiple_of(step_at(rows)).min(MAX_BATCH)
}

/// Returns the distance between the ladder's steps at this count.
fn step_at(rows: usize) -> usize {
    if rows <= EVERY { 1 } else { (1 << rows.ilog2()) / 4 }
}

/// Cuts rows into pieces whose counts are steps of the ladder, and which have
/// at most this many bytes together. A row with more bytes is a piece of its
/// own.
pub(super) fn pieces<T>(mut rows: &[T], most: usize, size: impl Fn(&T) -> usize) -> Vec<&[T]> {
    let mut pieces = Vec::new();
    while !rows.is_empty() {
        let mut bytes: usize = 0;
        let fits = |row: &&T| {
            bytes = bytes.saturating_add(size(row));
            bytes <= most
        };
        let fitting = rows.iter().take_while(fits).count().max(1);
        let (piece, rest) = rows.split_at(largest_batch(fitting));
        pieces.push(piece);
        rows = rest;
    }
    pieces
}

/// Returns the rows, with the last one repeated until there are `rows` of them.
pub(super) fn padding<T>(piece: &[T], rows: usize) -> impl Iterator<Item = &T> {
    piece.iter().chain(piece.last().into_iter().cycle()).take(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_a_step_of_the_ladder_and_never_more_than_waits() {
        for waiting in 1..1000 {
            let batch = largest_batch(waiting);
            assert!(batch >= 1 && batch <= waiting.min(MAX_BATCH));
            assert_eq!(largest_batch(batch), batch);
        }
    }

    #[test]
    fn rows_are_padded_to_a_step_and_cut_into_steps() {
        for rows in 1..=MAX_BATCH {
            assert!(padded(rows) >= rows);
            assert_eq!(largest_batch(padded(rows)), padded(rows));
            let all: Vec<usize> = (0..rows).collect();
            for most in [usize::MAX, 1_000, 10, 0] {
                let pieces = pieces(&all, most, |row| *row);
                assert_eq!(pieces.concat(), all);
                for piece in pieces {
                    assert_eq!(largest_batch(piece.len()), piece.len());
                    assert!(piece.len() == 1 || piece.iter().sum::<usize>() <= most);
                }
            }
        }
    }
}
