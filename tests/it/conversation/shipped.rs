//! The shipped flows and their chat files.

use std::fs;
use std::path::Path;

use ringback::conversation::chat_file::{self, ChatFile, Deployments};
use ringback::conversation::{Coverage, Flows};

use super::{load, name_of, shipped_files, shipped_flows, shipped_sources, source};

/// Plays a chat file; what it went through, or where it went another way.
fn play(flows: &Flows, file: &Path) -> Result<Coverage, String> {
    let name = name_of(file);
    let text = fs::read_to_string(file).expect("a chat file");
    let chat = ChatFile::parse(&name, &text).unwrap_or_else(|findings| panic!("{findings}"));
    let report = chat_file::run(flows, &chat, &Deployments::new());
    report.mismatch.map_or(Ok(report.coverage), |mismatch| Err(mismatch.to_string()))
}

#[test]
fn every_chat_goes_as_written_and_together_they_go_every_way() {
    let flows = shipped_flows();
    let mut coverage = Coverage::default();
    let mut mismatches = Vec::new();
    for file in shipped_files("chat") {
        match play(&flows, &file) {
            Ok(more) => coverage.merge(more),
            Err(mismatch) => mismatches.push(mismatch),
        }
    }
    assert!(mismatches.is_empty(), "{}", mismatches.concat());
    assert_eq!(coverage.gaps(&flows), [], "a way that no chat file goes");
}

/// As `ringback check flows/NAME.yaml` plays them.
#[test]
fn every_chat_goes_as_written_with_its_flow_alone() {
    let mut mismatches = Vec::new();
    for file in shipped_files("yaml") {
        // A language file brings its flow along.
        let others = shipped_sources().into_iter().filter(|other| other.name != name_of(&file));
        let flows = load(&source(&file).with_parts(others.collect()));
        let stem = file.file_stem().expect("a name").to_string_lossy().into_owned() + ".";
        let chats = shipped_files("chat");
        let own = chats.iter().filter(|chat| {
            chat.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&stem))
        });
        mismatches.extend(own.filter_map(|chat| play(&flows, chat).err()));
    }
    assert!(mismatches.is_empty(), "{}", mismatches.concat());
}

#[test]
fn every_flow_has_a_chat_of_its_name() {
    let chats: Vec<String> = shipped_files("chat").iter().map(|file| name_of(file)).collect();
    for flow in shipped_flows().iter() {
        assert!(chats.contains(&format!("flows/{}.chat", flow.name)), "{}", flow.name);
    }
}
