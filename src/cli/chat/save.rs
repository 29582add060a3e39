//! Writes the chat file of `--save`, line by line, during the talk.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

use crate::cli::chats;
use crate::conversation::chat_file::written_state;
use crate::conversation::{Flows, State};
use crate::flow_files::{self, FlowFiles};
use crate::hint::WithHint;

/// A chat file in progress.
pub(super) struct Saved {
    path: PathBuf,
    file: File,
}

impl Saved {
    /// Creates a new file. An existing one is left alone.
    pub(super) fn create(path: &Path) -> anyhow::Result<Self> {
        let name = path.display();
        if path.extension().is_none_or(|ending| ending != "chat") {
            return Err(anyhow!("`{name}` is not the name of a chat file")).with_hint(
                "a chat file lies beside its flow: `NAME.chat` or `NAME.CASE.chat` for `NAME.yaml`",
            );
        }
        match File::create_new(path) {
            Ok(file) => Ok(Self { path: path.to_owned(), file }),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                Err(anyhow!("`{name}` already exists"))
                    .with_hint("name another file: its content would be lost")
            }
            Err(error) => Err(error).with_context(|| format!("cannot write `{name}`")),
        }
    }

    /// Returns its name, as it was given.
    pub(super) fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// Appends lines directly to the file, so that they survive whatever
    /// follows.
    pub(super) fn write(&mut self, lines: &[String]) -> anyhow::Result<()> {
        let text = lines.iter().fold(String::new(), |text, line| text + line + "\n");
        self.file
            .write_all(text.as_bytes())
            .with_context(|| format!("cannot write `{}`", self.name()))
    }

    /// Appends the state if the conversation waits. Returns whether
    /// `ringback check` will find the file, and will accept it.
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
        let fault = match chats::play_one(&[], flows, &flow_files::read(&self.path)?) {
            Ok(report) => report.mismatch.map(|mismatch| mismatch.to_string()),
            Err(findings) => findings.first().map(ToString::to_string),
        };
        if let Some(fault) = fault {
            return Ok(format!(
                "Saved {name}, but when it is played from its beginning, it goes differently:\n\n{fault}"
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

/// Returns whether a check of these flows plays this chat file.
fn lies_beside(chat: &Path, flow: &Path) -> bool {
    FlowFiles::read(Some(flow)).and_then(|files| files.chats()).is_ok_and(|chats| {
        let same = |name: &str| match (Path::new(name).canonicalize(), chat.canonicalize()) {
            (Ok(left), Ok(right)) => left == right,
            _ => false,
        };
        chats.iter().any(|known| same(&known.name))
    })
}
