//! `ringback init FOLDER`: makes the folder of a new project.
//!
//! The files are those in `project`, the schema for editors, and the settings:
//! `.env` stays on this machine, and `.env.example` is for the clones of the
//! project. [`new_files`] writes all of them or none.

mod new_files;

use std::path::Path;

use anyhow::anyhow;

use self::new_files::{NewFile, write};
use super::output::Output;
use super::shell;
use crate::conversation::FLOW_SCHEMA;
use crate::hint::WithHint;
use crate::store::url;

/// The settings with their explanations, each of them commented out.
const SETTINGS: &str = include_str!("../../../.env.example");

/// Makes the project, and prints what to do with it.
pub(super) fn run(folder: &Path) -> anyhow::Result<()> {
    let name = folder.to_string_lossy();
    if url::is_address(&name) || name.contains("://") {
        return Err(anyhow!("the folder of the project is the address of a server or database"))
            .with_hint("name a folder, as in `ringback init bot`");
    }
    let (settings, example) = (settings(), example());
    let files = files(&settings, &example);
    write(folder, &files)?;
    let out = Output::new();
    let names: Vec<&str> = files.iter().map(|file| file.name).collect();
    out.line(&format!("made in `{name}`: {}", names.join(", ")));
    out.line("");
    out.line("Next:");
    if folder != Path::new(".") {
        out.line(&format!("  cd {}", shell::argument(&name)));
    }
    out.line("  ringback check   # find mistakes, and play the chat file");
    out.line("  ringback chat    # a phone in the terminal");
    out.line("  ringback         # serve it, with a phone in the browser");
    Ok(())
}

/// Returns the files of a project, as they are read by `ringback` that is
/// started in its folder.
fn files<'a>(settings: &'a str, example: &'a str) -> [NewFile<'a>; 7] {
    let file = |name, text| NewFile { name, text, is_secret: false };
    [
        file("flows/table.yaml", include_str!("project/table.yaml")),
        file("flows/table.chat", include_str!("project/table.chat")),
        file("flows/flow.schema.json", FLOW_SCHEMA),
        NewFile { name: ".env", text: settings, is_secret: true },
        file(".env.example", example),
        file(".gitignore", include_str!("project/gitignore")),
        file("README.md", include_str!("project/README.md")),
    ]
}

/// Returns the settings of a project: the one that it needs is set.
fn settings() -> String {
    example().replacen("Copy this file to `.env` and remove", "Remove", 1)
}

/// Returns the settings for a clone of a project, which has no `.env`.
fn example() -> String {
    SETTINGS.replacen("\n#FLOWS=", "\nFLOWS=", 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_setting_is_set() {
        let settings = settings();
        let set: Vec<&str> =
            settings.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        assert_eq!(set, ["FLOWS=flows/"]);
        assert!(!settings.contains("Copy this file"), "{settings}");
    }
}
