//! What every flow at hand is read as, and what is found in it, as one number
//! for each kind of flows: a change to how flows are read that is to change
//! nothing leaves them as they are.
//!
//! A number that differs says no more than that. The snapshots of `findings/`
//! and the conversations of `flows/` say what.

use std::fmt::Write;
use std::path::Path;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use ringback::conversation::finding::Findings;
use ringback::conversation::{Flows, Loaded, Source};
use sha2::{Digest, Sha256};

use super::broken::fixtures;
use super::guide::{Block, GUIDE, sections};
use super::{repository, source, sources_in};
use crate::conversation::any_flow::loaded::flows;
use crate::conversation::any_flow::written::{FLOWS, File, file, other_language, text};

/// Flows at random, whether they load or not.
const AT_RANDOM: usize = 250;

/// Flows at random of which what is wrong was put right.
const PUT_RIGHT: usize = 50;

/// How loads came out that belong together.
#[derive(Default)]
struct Loads {
    number: usize,
    successes: usize,
    hash: Sha256,
}

impl Loads {
    fn of(outcomes: impl IntoIterator<Item = Result<Loaded, Findings>>) -> Self {
        let mut loads = Self::default();
        for outcome in outcomes {
            loads.number += 1;
            match outcome {
                Ok(loaded) => {
                    loads.successes += 1;
                    loads.add(&format!("{:?}", loaded.flows));
                    loads.add(&format!("{:?}{:?}", loaded.costs, loaded.longest_turns));
                    loads.add_findings(&loaded.warnings);
                }
                Err(findings) => loads.add_findings(&findings),
            }
        }
        loads
    }

    fn add_findings(&mut self, findings: &Findings) {
        for finding in findings.iter() {
            let place = (&finding.file, finding.span, finding.line, finding.column);
            let said = (finding.severity(), &finding.message, &finding.help, &finding.labels);
            self.add(&format!("{place:?}{said:?}"));
        }
    }

    fn add(&mut self, text: &str) {
        self.hash.update(text.len().to_be_bytes());
        self.hash.update(text);
    }

    fn shown(self, kind: &str) -> String {
        let hash = self.hash.finalize().iter().take(8).fold(String::new(), |mut hash, byte| {
            write!(hash, "{byte:02x}").unwrap();
            hash
        });
        format!("{kind}: {hash} ({} of {} load)", self.successes, self.number)
    }
}

/// The examples of a document, those below each heading together.
fn examples(document: &str) -> Vec<Vec<Source>> {
    let text = std::fs::read_to_string(repository(document)).unwrap();
    let of_section = |blocks: Vec<Block<'_>>| -> Vec<Source> {
        let files = blocks.into_iter().filter(|block| block.kind == "yaml");
        files.map(|block| Source { name: block.name.to_owned(), text: block.text }).collect()
    };
    sections(&text).into_iter().map(of_section).filter(|sources| !sources.is_empty()).collect()
}

fn at_random(files: &[File]) -> Vec<Source> {
    let named = |place: usize, ending: &str, text| Source {
        name: format!("{}{ending}", FLOWS[place]),
        text,
    };
    let own = (0..).zip(files).map(|(place, file)| named(place, ".yaml", text(place, file)));
    let others =
        (0..).zip(files).map(|(place, file)| named(place, ".de.yaml", other_language(place, file)));
    own.chain(others).collect()
}

/// So many of these, the same ones each time.
fn drawn<S: Strategy>(strategy: &S, number: usize) -> Vec<S::Value> {
    let mut runner = TestRunner::deterministic();
    (0..number).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

#[test]
fn flows_are_read_as_they_were() {
    let load = |sources: Vec<Source>| Flows::load(&sources);
    let of_fixture =
        |path: &Path| if path.is_dir() { sources_in(path) } else { vec![source(path)] };
    let each_alone = |folder: &str| {
        let sources = sources_in(&repository(folder)).into_iter();
        Loads::of(sources.map(|source| Flows::load(&[source])))
    };
    let any_files = proptest::collection::vec(file(), 1..4);
    let any_files = drawn(&any_files, AT_RANDOM);
    let shown = [
        ("shipped", Loads::of([load(sources_in(&repository("flows")))])),
        ("guide", Loads::of(examples(GUIDE).into_iter().map(load))),
        ("recipes", Loads::of(examples("docs/recipes.md").into_iter().map(load))),
        ("broken", Loads::of(fixtures().iter().map(|path| load(of_fixture(path))))),
        ("every type", each_alone("fixtures/flows")),
        ("diagrams", Loads::of([load(sources_in(&repository("fixtures/flows/diagrams")))])),
        ("at random", Loads::of(any_files.iter().map(|files| load(at_random(files))))),
        (
            "put right",
            Loads::of(drawn(&flows(), PUT_RIGHT).into_iter().map(|(_, loaded)| Ok(loaded))),
        ),
    ];
    let shown = shown.map(|(kind, loads)| loads.shown(kind));
    insta::assert_snapshot!(shown.join("\n"));
}
