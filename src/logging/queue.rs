//! Standard error behind a queue, so that logging never waits for the reader.
//!
//! A separate thread writes. Lines that it cannot write in time are lost,
//! counted, and reported at the place where they are missing.

use std::io::{self, ErrorKind, Write};
use std::mem;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::telemetry;

/// The number of bytes that may wait; the same number may be in writing.
/// Together with the buffer of a pipe, that is about two thousand lines.
const ROOM: usize = 256 * 1024;

/// How long the thread that writes lets lines gather. Waking it for each line of
/// a busy service costs more than to format the line.
const GATHER: Duration = Duration::from_millis(5);

/// The number of waiting bytes with which it gathers no longer.
const ENOUGH: usize = ROOM / 2;

/// How long a full standard error that does not block is left alone.
const FULL: Duration = Duration::from_millis(10);

/// The lines that wait for the thread that writes them.
#[derive(Debug)]
pub(super) struct Queue {
    state: Mutex<State>,
    /// Something waits.
    filled: Condvar,
    /// Nothing waits or is being written any more.
    drained: Condvar,
}

#[derive(Debug)]
struct State {
    waiting: Vec<u8>,
    /// The number of lines for which there was no room behind those that wait.
    lost: u64,
    /// Whether a thread writes the waiting lines.
    has_writer: bool,
    is_writing: bool,
}

impl Queue {
    pub(super) const fn new() -> Self {
        let state = State { waiting: Vec::new(), lost: 0, has_writer: false, is_writing: false };
        Self { state: Mutex::new(state), filled: Condvar::new(), drained: Condvar::new() }
    }

    /// Starts the thread that writes to standard error, unless it runs already.
    pub(super) fn start(&'static self) -> io::Result<()> {
        let mut state = self.state();
        if !state.has_writer {
            let write = || self.write_on(&mut io::stderr());
            thread::Builder::new().name("log".to_owned()).spawn(write)?;
            state.has_writer = true;
        }
        Ok(())
    }

    /// Returns whether there is a thread that writes.
    pub(super) fn is_started(&self) -> bool {
        self.state().has_writer
    }

    /// Adds a line, or counts it as lost if there is no room.
    pub(super) fn push(&self, line: &[u8]) {
        let mut state = self.state();
        // No line follows a lost one before the loss can be reported in its place.
        let fits = state.waiting.is_empty() || state.waiting.len() + line.len() <= ROOM;
        if state.lost == 0 && fits {
            self.add(state, line);
        } else {
            state.lost += 1;
            drop(state);
            telemetry::log_lines_lost(1);
        }
    }

    /// Adds the last words of a process, even if there is no room.
    pub(super) fn push_last(&self, text: &[u8]) {
        self.add(self.state(), text);
    }

    fn add(&self, mut state: MutexGuard<'_, State>, text: &[u8]) {
        let before = state.waiting.len();
        state.waiting.extend_from_slice(text);
        let is_first = before == 0 && !state.is_writing;
        let is_enough = (before + 1..=before + text.len()).contains(&ENOUGH);
        drop(state);
        // The writer looks for more by itself.
        if is_first || is_enough {
            self.filled.notify_one();
        }
    }

    /// Waits until everything is written, but no longer than `within`.
    pub(super) fn finish(&self, within: Duration) {
        let state = self.state();
        let is_busy = |state: &mut State| !state.waiting.is_empty() || state.is_writing;
        if state.has_writer {
            drop(self.drained.wait_timeout_while(state, within, is_busy));
        }
    }

    /// Writes all lines, forever.
    fn write_on(&self, out: &mut impl Write) {
        let mut batch = Vec::new();
        let (mut unreported, mut is_read) = (0, true);
        loop {
            unreported += self.take(&mut batch);
            // The report is the first line behind this batch, where the lost lines would be.
            if is_read && unreported > 0 {
                tracing::error!(
                    lost = mem::take(&mut unreported),
                    "log lines were lost: nobody read standard error"
                );
            }
            let unwritten = write(out, &batch);
            is_read = unwritten == 0;
            unreported += unwritten;
            if unwritten > 0 {
                telemetry::log_lines_lost(unwritten);
            }
            batch.clear();
        }
    }

    /// Waits for lines and takes all of them; returns how many were lost behind them.
    fn take(&self, batch: &mut Vec<u8>) -> u64 {
        let mut state = self.state();
        state.is_writing = false;
        if state.waiting.is_empty() {
            self.drained.notify_all();
        }
        let is_idle = |state: &mut State| state.waiting.is_empty();
        let waited = self.filled.wait_while(state, is_idle);
        state = waited.unwrap_or_else(PoisonError::into_inner);
        let is_little = |state: &mut State| state.waiting.len() < ENOUGH;
        let gathered = self.filled.wait_timeout_while(state, GATHER, is_little);
        (state, _) = gathered.unwrap_or_else(PoisonError::into_inner);
        state.is_writing = true;
        mem::swap(&mut state.waiting, batch);
        mem::take(&mut state.lost)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes these lines; returns how many of them could not be written.
#[expect(clippy::disallowed_methods, reason = "the log has a thread of its own")]
fn write(out: &mut impl Write, mut lines: &[u8]) -> u64 {
    while !lines.is_empty() {
        match out.write(lines) {
            Ok(written) if written > 0 => lines = lines.get(written..).unwrap_or_default(),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => thread::sleep(FULL),
            // It is closed, or its disk is full.
            _ => break,
        }
    }
    lines.split_inclusive(|byte| *byte == b'\n').map(|_| 1).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reader that takes a few bytes at a time, with pauses as specified.
    struct Reader {
        says: Vec<io::Result<usize>>,
        read: Vec<u8>,
    }

    impl Write for Reader {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let taken = self.says.pop().unwrap_or(Ok(bytes.len()))?.min(bytes.len());
            self.read.extend_from_slice(&bytes[..taken]);
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_cannot_be_written_is_counted_by_lines() {
        let failed = |kind: ErrorKind| Err(io::Error::from(kind));
        for (says, unwritten, read) in [
            (vec![], 0, "one\ntwo\nthree\n"),
            (vec![Ok(2), Ok(3)], 0, "one\ntwo\nthree\n"),
            (vec![failed(ErrorKind::Interrupted), Ok(1)], 0, "one\ntwo\nthree\n"),
            (vec![failed(ErrorKind::WouldBlock), Ok(5)], 0, "one\ntwo\nthree\n"),
            (vec![failed(ErrorKind::BrokenPipe)], 3, ""),
            (vec![Ok(4), failed(ErrorKind::StorageFull)], 2, "one\n"),
            (vec![Ok(5), Ok(0)], 2, "one\nt"),
        ] {
            let says = says.into_iter().rev().collect();
            let mut reader = Reader { says, read: Vec::new() };
            assert_eq!(write(&mut reader, b"one\ntwo\nthree\n"), unwritten, "{read:?}");
            assert_eq!(String::from_utf8(reader.read).unwrap(), read);
        }
    }

    #[test]
    fn there_is_room_for_so_much_and_the_rest_is_counted() {
        let queue = Queue::new();
        let line = [b'x'; 1024];
        for _ in 0..ROOM / line.len() {
            queue.push(&line);
        }
        queue.push(b"one too many\n");
        queue.push(b"another\n");
        let mut batch = Vec::new();
        assert_eq!((queue.take(&mut batch), batch.len()), (2, ROOM));
        // From here on there is room again, also for a line that is longer than all of it.
        let long = vec![b'x'; 2 * ROOM];
        queue.push(&long);
        queue.push(b"behind it\n");
        batch.clear();
        assert_eq!((queue.take(&mut batch), batch), (1, long));
    }
}
