//! `ringback diagram`: what is drawn of which flows.

use std::fs;
use std::path::Path;

use insta::assert_snapshot;

use super::{COLOUR, shown, write};
use crate::support::ringback::run;

const REPOSITORY: &str = env!("CARGO_MANIFEST_DIR");

/// What `diagram` prints in this folder.
fn diagram(folder: &Path, arguments: &[&str]) -> String {
    shown(&run(folder, &[], &[&["diagram"], arguments].concat()))
}

#[test]
fn a_flow_is_drawn() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "colour.yaml", COLOUR);
    assert_snapshot!(diagram(folder.path(), &["colour.yaml"]));
    assert_snapshot!(diagram(folder.path(), &[]));
}

#[test]
fn of_several_flows_one_is_chosen_or_all_make_a_page() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "colour.yaml", COLOUR);
    let other = COLOUR.replace("flow: colour", "flow: other").replace("[hello]", "[hi]");
    write(folder.path(), "other.yaml", other.replace("otherwise: Say hello.\n", ""));
    let told =
        [&["."][..], &["--flow", "other", "."], &["--flow", "others", "."], &["--markdown", "."]];
    assert_snapshot!(told.map(|arguments| diagram(folder.path(), arguments)).join("\n"));
}

#[test]
fn a_file_that_is_named_alone_is_drawn_without_those_that_it_runs() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.yaml", "flow: part\nsteps:\n  NAME: {ask: Name?}\n");
    write(folder.path(), "b.yaml", "flow: whole\nstart: [go]\nsteps:\n  PART: {run: part}\n");
    let whole = diagram(folder.path(), &["b.yaml"]);
    assert_snapshot!(whole, @r#"
    exit code: 0
    --- stdout
    flowchart TD
      start(["go"])
      s_PART[["<b>PART</b><br/>runs part"]]
      end_1(["COMPLETED"])
      start --> s_PART
      s_PART --> end_1
    --- stderr
    "#);
    assert_eq!(diagram(folder.path(), &["--flow", "whole", "."]), whole);
    let part = diagram(folder.path(), &["--flow", "part", "b.yaml"]);
    assert_eq!(part, diagram(folder.path(), &["--flow", "part", "."]));
    let page = diagram(folder.path(), &["--markdown", "b.yaml"]);
    assert!(page.contains("## part") && page.contains("## whole"), "{page}");
}

#[test]
fn a_flow_with_mistakes_is_not_drawn() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "colour.yaml", COLOUR.replace("say: Cold", "sya: Cold"));
    assert_snapshot!(diagram(folder.path(), &["colour.yaml"]));
}

#[test]
fn what_mermaid_would_not_draw_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let steps: Vec<String> = (0..600).map(|step| format!("  S{step}: {{ask: x}}\n")).collect();
    let steps = steps.concat();
    write(folder.path(), "long.yaml", format!("flow: long\nstart: [hello]\nsteps:\n{steps}"));
    let outcome = run(folder.path(), &[], &["diagram", "long.yaml"]);
    assert_eq!(outcome.code, Some(0));
    assert!(outcome.stdout.contains("s_S598 --> s_S599\n"));
    assert_snapshot!(outcome.stderr, @"note: `long` is more than Mermaid draws by default: 500 lines between boxes, 50000 characters");
}

#[test]
fn the_diagrams_of_the_documentation_are_those_of_the_flows() {
    let outcome = run(Path::new(REPOSITORY), &[], &["diagram", "--markdown", "flows/"]);
    let page = fs::read_to_string(Path::new(REPOSITORY).join("docs/diagrams.md")).unwrap();
    assert!(
        page == outcome.stdout,
        "write `ringback diagram --markdown flows/ > docs/diagrams.md`\n{outcome}"
    );
}

#[test]
fn a_flow_is_drawn_as_svg() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "colour.yaml", COLOUR);
    let outcome = run(folder.path(), &[], &["diagram", "--svg", "colour.yaml"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""));
    let document = roxmltree::Document::parse(&outcome.stdout).unwrap();
    assert_eq!(document.root_element().tag_name().name(), "svg");
    let other = COLOUR.replace("flow: colour", "flow: other").replace("[hello]", "[hi]");
    write(folder.path(), "other.yaml", other.replace("otherwise: Say hello.\n", ""));
    let one = diagram(folder.path(), &["--svg", "--flow", "colour", "."]);
    assert!(one.contains("<title>The flow colour</title>"), "{one}");
    let told = [&["--svg", "."][..], &["--svg", "--markdown", "."]];
    assert_snapshot!(told.map(|arguments| diagram(folder.path(), arguments)).join("\n"));
}
