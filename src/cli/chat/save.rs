//! The chat file that `--save` writes, line by line, as it is said.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

use crate::cli::chats;
use crate::conversation::chat_file::{written_message, written_state};
use crate::conversation::{Flows, Session, State};
use crate::flow_files::{self, FlowFiles};
use crate::hint::WithHint;

/// A chat file on its way.
pub(super) struct Saved {
    path: PathBuf,
    file: File,
}

impl Saved {
    /// Begins a new file; one that is there already is left alone.
    pub(super) fn create(path: &Path) -> anyhow::Result<Self> {
        let name = path.display();
        if path.extension().is_none_or(|ending| ending != "chat") {
            return Err(anyhow!("`{name}` is no name of a chat file")).with_hint(
                "a chat file lies beside its flow: `NAME.chat` or `NAME.CASE.chat` for `NAME.yaml`",
            );
        }
        match File::create_new(path) {
            Ok(file) => Ok(Self { path: path.to_owned(), file }),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                Err(anyhow!("`{name}` is there already"))
                    .with_hint("name another file: what it holds would be lost")
            }
            Err(error) => Err(error).with_context(|| format!("cannot write `{name}`")),
        }
    }

    /// Its name, as it was given.
    pub(super) fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// Adds lines, so that they are there whatever comes after.
    pub(super) fn write(&mut self, lines: &[String]) -> anyhow::Result<()> {
        let text = lines.iter().fold(String::new(), |text, line| text + line + "\n");
        self.file
            .write_all(text.as_bytes())
            .with_context(|| format!("cannot write `{}`", self.name()))
    }

    /// Adds a message and its reply, and how a conversation has ended by it.
    pub(super) fn exchange(
        &mut self,
        said: &str,
        reply: &[String],
        before: &Session,
        after: &Session,
    ) -> anyhow::Result<()> {
        let mut lines = vec![written_message(said)];
        lines.extend_from_slice(reply);
        if before.state != after.state && !matches!(after.state, State::Waiting(_)) {
            lines.push(written_state(&after.state));
        }
        self.write(&lines)
    }

    /// Adds where the conversation waits, if it does, and tells whether
    /// `ringback check` will find the file, and find it right.
    pub(super) fn finish(
        mut self,
        flow: Option<&Path>,
        flows: &Flows,
        state: &State,
    ) -> anyhow::Result<String> {
        if matches!(state, State::Waiting(_)) {
            self.write(&[written_state(state)])?;
        }
        let name = self.name();
        let told = match chats::play_one(&[], flows, &flow_files::read(&self.path)?) {
            Ok(report) => report.mismatch.map(|mismatch| mismatch.to_string()),
            Err(findings) => findings.first().map(ToString::to_string),
        };
        if let Some(told) = told {
            return Ok(format!(
                "Saved {name}, but played from its beginning it goes another way:\n\n{told}"
            ));
        }
        if flow.is_some_and(|flow| lies_beside(&self.path, flow)) {
            return Ok(format!("Saved {name}; `ringback check` plays it."));
        }
        Ok(format!(
            "Saved {name}; `ringback check` plays it where it lies beside the flow `NAME.yaml`, as `NAME.CASE.chat`."
        ))
    }
}

/// Whether the check of these flows plays this chat file.
fn lies_beside(chat: &Path, flow: &Path) -> bool {
    FlowFiles::read(Some(flow)).and_then(|files| files.chats()).is_ok_and(|chats| {
        let same = |name: &str| match (Path::new(name).canonicalize(), chat.canonicalize()) {
            (Ok(left), Ok(right)) => left == right,
            _ => false,
        };
        chats.iter().any(|known| same(&known.name))
    })
}
