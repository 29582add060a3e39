//! `ringback man`: the man pages, from the definitions of the commands and from
//! `man.roff`, which has what those do not know: files, signals, and more.

use std::fs;
use std::path::Path;

use anyhow::Context;
use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};
use regex::Regex;

use super::args::{Cli, EXAMPLES};
use crate::hint::WithHint;

/// The sections that are written by hand.
const BY_HAND: &str = include_str!("man.roff");

/// What the head of a page says of the collection that it belongs to.
const MANUAL: &str = "Ringback";

/// Writes each page into a folder, which is made if it does not exist.
pub(super) fn write(folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder)
        .with_context(|| format!("the folder `{}` cannot be made", folder.display()))
        .with_hint("name a folder in which you may write")?;
    for (name, page) in pages()? {
        let path = folder.join(name);
        fs::write(&path, page)
            .with_context(|| format!("the page `{}` cannot be written", path.display()))
            .with_hint("name a folder in which you may write")?;
    }
    Ok(())
}

/// Returns all pages with the names of their files.
fn pages() -> anyhow::Result<Vec<(String, String)>> {
    let mut whole = Cli::command().disable_help_subcommand(true);
    // Only now each command knows its full name.
    whole.build();
    let mut pages = vec![page(&whole, true)?];
    let mut waiting: Vec<&Command> = whole.get_subcommands().collect();
    while let Some(command) = waiting.pop() {
        pages.push(page(command, false)?);
        waiting.extend(command.get_subcommands());
    }
    Ok(pages)
}

/// Returns the page of a command with the name of its file.
fn page(command: &Command, is_whole: bool) -> anyhow::Result<(String, String)> {
    let source = format!("Ringback {}", env!("CARGO_PKG_VERSION"));
    let usage = command.clone().render_usage().to_string();
    let usage = usage.strip_prefix("Usage: ").unwrap_or(&usage).to_owned();
    let man = Man::new(command.clone().override_usage(usage)).manual(MANUAL).source(source);
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    if command.has_subcommands() {
        commands(command).to_writer(&mut page)?;
    }
    man.render_options_section(&mut page)?;
    if is_whole {
        page.extend(
            BY_HAND
                .lines()
                .filter(|line| !line.starts_with(".\\\""))
                .flat_map(|line| [line.as_bytes(), b"\n"].concat()),
        );
        examples().to_writer(&mut page)?;
    } else {
        let mut more = exit_codes(command);
        more.control("SH", ["SEE ALSO"]);
        more.text([bold("ringback"), roman("(1)")]);
        more.to_writer(&mut page)?;
    }
    let page = String::from_utf8(page).context("a man page is not text")?;
    Ok((man.get_filename(), with_bold_code(&page)?))
}

/// Returns the section that names each command and its page.
fn commands(command: &Command) -> Roff {
    let mut section = Roff::new();
    section.control("SH", ["COMMANDS"]);
    for command in command.get_subcommands() {
        section.control("TP", []);
        let name = command.get_display_name().unwrap_or_else(|| command.get_name());
        section.text([bold(name), roman("(1)")]);
        let about = command.get_about().map(ToString::to_string);
        section.text([roman(about.unwrap_or_default())]);
    }
    section
}

/// Returns the section with the exit codes of a command, if it has codes of its own.
fn exit_codes(command: &Command) -> Roff {
    let mut section = Roff::new();
    let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let Some((_, codes)) = text.split_once("Exit codes:\n") else { return section };
    section.control("SH", ["EXIT STATUS"]);
    for (code, meaning) in codes.lines().filter_map(|line| line.trim().split_once("  ")) {
        section.control("TP", []);
        section.text([bold(code)]);
        section.text([roman(meaning)]);
    }
    section
}

/// Returns the examples, line by line as `--help` shows them.
fn examples() -> Roff {
    let mut section = Roff::new();
    section.control("SH", ["EXAMPLES"]);
    section.control("nf", []);
    // What comes after the empty line, the exit codes, has a section of its own.
    for line in EXAMPLES.lines().skip(1).take_while(|line| !line.is_empty()) {
        section.text([roman(line)]);
    }
    section.control("fi", []);
    section
}

/// Returns a page in which what stands between two backticks is bold. A man page
/// would show the backticks as quotation marks that open and never close.
fn with_bold_code(page: &str) -> anyhow::Result<String> {
    let code = Regex::new("`([^`\n]+)`")?;
    Ok(code.replace_all(page, r"\fB$1\fR").into_owned())
}
