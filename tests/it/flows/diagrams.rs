//! What is drawn of flows: every kind of step and way, long flows, and texts
//! that are more than text to Mermaid, Markdown or HTML.
//!
//! The snapshots were read by Mermaid 11.17 and drawn in a browser. Mermaid
//! itself is no tool of these tests, so that each line is held to the few forms
//! that it was seen to understand.

use regex::Regex;
use ringback::conversation::Flows;
use ringback::conversation::diagram::Diagram;

use super::{repository, sources_in};

/// The lines that a diagram has: its first, a box, a line, a style.
fn forms() -> Regex {
    let text = r#""(?:[^"<>&`*%\\\[\]~$]|<br/>|</?b>)*""#;
    let shapes = [r"\[T\]", r"\(T\)", r"\[\[T\]\]", r"\{\{T\}\}", r"\{T\}", r"\(\[T\]\)", r">T\]"];
    let shapes = shapes.join("|").replace('T', text);
    Regex::new(&format!(
        r"^(?:flowchart TD|  (?:start|commands|[a-z]+_\w+)(?:{shapes})|  \w+ (?:-->|-\.->)(?:\|{text}\|)? \w+|  style commands stroke-dasharray:4)$"
    ))
    .unwrap()
}

/// The diagrams of a folder's flows, which load together.
fn drawn(folder: &str) -> Vec<(String, Diagram)> {
    let loaded = Flows::load(&sources_in(&repository(folder)));
    let flows = loaded.unwrap_or_else(|findings| panic!("{findings}")).flows;
    flows.iter().map(|flow| (flow.name.clone(), Diagram::of(flow))).collect()
}

#[test]
fn flows_are_drawn() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("diagrams");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let forms = forms();
    for (name, diagram) in drawn("fixtures/flows/diagrams") {
        assert!(diagram.is_drawn_by_default(), "{name}");
        for line in diagram.text.lines() {
            assert!(forms.is_match(line), "{name}: {line}");
        }
        settings.bind(|| insta::assert_snapshot!(name, diagram.text));
    }
}

#[test]
fn each_line_between_boxes_has_both() {
    let boxes = Regex::new(r"(?m)^  (\w+)[\[({>]").unwrap();
    let lines = Regex::new(r"(?m)^  (\w+) -.*->(?:.*\|)? (\w+)$").unwrap();
    for (name, Diagram { text, edges }) in ["fixtures/flows/diagrams", "flows"].map(drawn).concat()
    {
        let known: Vec<_> = boxes.captures_iter(&text).map(|found| found[1].to_owned()).collect();
        let ends: Vec<_> = lines.captures_iter(&text).collect();
        assert_eq!(ends.len(), edges, "{name}");
        for end in ends {
            assert!(known.contains(&end[1].to_owned()), "{name}: {}", &end[0]);
            assert!(known.contains(&end[2].to_owned()), "{name}: {}", &end[0]);
        }
    }
}
