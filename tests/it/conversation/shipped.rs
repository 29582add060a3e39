//! The shipped flows and their chat files.

use std::fs;

use ringback::conversation::Coverage;
use ringback::conversation::chat_file::{self, ChatFile, Mismatch};

use super::{name_of, shipped_files, shipped_flows};

#[test]
fn every_chat_goes_as_written_and_together_they_go_every_way() {
    let flows = shipped_flows();
    let mut coverage = Coverage::default();
    let mut mismatches = Vec::new();
    for file in shipped_files("chat") {
        let name = name_of(&file);
        let text = fs::read_to_string(&file).expect("a chat file");
        let chat =
            ChatFile::parse(&name, &text).unwrap_or_else(|errors| panic!("{name}: {errors:?}"));
        let report = chat_file::run(&flows, &chat);
        coverage.merge(report.coverage);
        if let Some(Mismatch { line, expected, got }) = report.mismatch {
            mismatches.push(format!("{name}:{line}\nexpected:\n{expected}\ngot:\n{got}\n"));
        }
    }
    assert!(mismatches.is_empty(), "{}", mismatches.concat());
    assert_eq!(coverage.gaps(&flows), [], "a way that no chat file goes");
}

#[test]
fn every_flow_has_a_chat_of_its_name() {
    let chats: Vec<String> = shipped_files("chat").iter().map(|file| name_of(file)).collect();
    for flow in shipped_flows().iter() {
        assert!(chats.contains(&format!("flows/{}.chat", flow.name)), "{}", flow.name);
    }
}
