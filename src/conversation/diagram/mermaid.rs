//! A picture as the text of a Mermaid flowchart, which forges draw.

use std::fmt::Write;

use super::label;
use super::picture::{COMMANDS, Edge, Node, Picture, Shape};
use crate::conversation::flow::Flow;

/// The longest text that Mermaid draws, in characters (its `maxTextSize`).
pub const MAX_TEXT: usize = 50_000;

/// The most lines between boxes that Mermaid draws (its `maxEdges`).
pub const MAX_EDGES: usize = 500;

/// A flow as a Mermaid flowchart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagram {
    /// The text.
    pub text: String,
    /// The number of lines between boxes.
    pub edges: usize,
}

impl Diagram {
    /// Draws a flow. If its texts are too long to be drawn, only names are.
    #[must_use]
    pub fn of(flow: &Flow) -> Self {
        let with_texts = write(&Picture::of(flow, true));
        if with_texts.is_drawn_by_default() { with_texts } else { write(&Picture::of(flow, false)) }
    }

    /// Returns whether Mermaid draws it within its default limits, which forges
    /// keep.
    #[must_use]
    pub fn is_drawn_by_default(&self) -> bool {
        self.text.chars().count() <= MAX_TEXT && self.edges <= MAX_EDGES
    }
}

// Writing to a string cannot fail.
fn write(picture: &Picture) -> Diagram {
    let mut text = "flowchart TD\n".to_owned();
    for Node { id, shape, title, lines, .. } in &picture.nodes {
        let title = (!title.is_empty()).then(|| format!("<b>{}</b>", label::escape(title)));
        let lines = lines.iter().map(|line| label::escape(line));
        let lines: Vec<String> = title.into_iter().chain(lines).collect();
        let (open, close) = signs(*shape);
        let _ = writeln!(text, "  {id}{open}\"{}\"{close}", lines.join("<br/>"));
    }
    for Edge { from, to, labels, is_dotted } in &picture.edges {
        let arrow = if *is_dotted { "-.->" } else { "-->" };
        let labels: Vec<String> = labels.iter().map(|label| label::escape(label)).collect();
        let label = labels.join("<br/>");
        let label = if label.is_empty() { label } else { format!("|\"{label}\"|") };
        let _ = writeln!(text, "  {from} {arrow}{label} {to}");
    }
    if picture.nodes.iter().any(|node| node.shape == Shape::Commands) {
        let _ = writeln!(text, "  style {COMMANDS} stroke-dasharray:4");
    }
    Diagram { text, edges: picture.edges.len() }
}

fn signs(shape: Shape) -> (&'static str, &'static str) {
    match shape {
        Shape::Ask | Shape::Commands => ("[", "]"),
        Shape::Say => ("(", ")"),
        Shape::Set => ("{{", "}}"),
        Shape::Run => ("[[", "]]"),
        Shape::Decide => ("{", "}"),
        Shape::Terminal => ("([", "])"),
        Shape::Elsewhere => (">", "]"),
    }
}
