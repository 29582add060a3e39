//! Flows that are too long to be drawn as they are. What is drawn of all
//! others is tested with the flows of `fixtures/flows/diagrams`.

use super::Diagram;
use crate::conversation::{Flows, Source};

/// The diagram of so many questions.
fn questions(count: usize) -> Diagram {
    let text = "A question that goes on and on and on, for ever and ever.";
    let steps: String = (0..count).fold(String::new(), |steps, step| {
        steps + &format!("  QUESTION_NUMBER_{step}: {{ask: '{text}'}}\n")
    });
    let text = format!("flow: test\nstart: [hello]\nsteps:\n{steps}");
    let source = Source { name: "test.yaml".to_owned(), text };
    let loaded = Flows::load(&[source]).unwrap();
    Diagram::of(loaded.flows.get("test").unwrap())
}

#[test]
fn what_would_be_too_long_is_drawn_by_names() {
    let (short, long, longest) = (questions(300), questions(480), questions(600));
    assert!(short.text.contains("A question") && short.is_drawn_by_default());
    assert!(!long.text.contains("A question") && long.is_drawn_by_default());
    assert!(!longest.is_drawn_by_default());
}
