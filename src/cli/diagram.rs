//! `ringback diagram`: flows as Mermaid text, which forges draw, or as SVG.

use std::path::Path;

use anyhow::anyhow;

use super::args::DiagramArgs;
use super::output::{Output, note};
use crate::conversation::diagram::{Diagram, Drawing, MAX_EDGES, MAX_TEXT};
use crate::conversation::{Flow, Flows};
use crate::flow_files;
use crate::hint::WithHint;
use crate::message::consent::OptOutWords;

/// The text above the diagrams of a page.
const LEGEND: &str = "\
Rectangles ask, rounded boxes say, hexagons set variables, boxes with double sides run another flow, call a service or wait for a callback, diamonds \
decide; a dotted line leads away after too many invalid answers. Commands, which are heard at every question, have a box of their own. Where a flow is long, \
a flag names the step that a line would lead to. `ringback diagram --svg` draws one flow as an SVG file.";

/// Draws.
pub(super) fn run(path: Option<&Path>, args: &DiagramArgs) -> anyhow::Result<()> {
    let loaded = flow_files::load(path, &OptOutWords::default())?;
    let drawn = chosen(&loaded.flows, path, args)?;
    let out = Output::new();
    if args.markdown {
        out.part(&page(path, &drawn));
    } else if let ([flow], true) = (drawn.as_slice(), args.svg) {
        out.part(&Drawing::of(flow).svg());
        return Ok(());
    } else if let [flow] = drawn.as_slice() {
        out.part(&Diagram::of(flow).text);
    } else {
        let names: Vec<&str> = drawn.iter().map(|flow| flow.name.as_str()).collect();
        let hint = if args.svg {
            "`--flow NAME` draws one of them"
        } else {
            "`--flow NAME` draws one of them, `--markdown` all of them on a page"
        };
        return Err(anyhow!("there are several flows: {}", names.join(", "))).with_hint(hint);
    }
    for flow in drawn {
        if !Diagram::of(flow).is_drawn_by_default() {
            note(&format!(
                "`{}` is more than Mermaid draws by default: {MAX_EDGES} lines between boxes, {MAX_TEXT} characters",
                flow.name
            ));
        }
    }
    Ok(())
}

/// Returns the requested flow. A file that is named alone is its own flow,
/// without those that it runs; a page has all of them.
fn chosen<'a>(
    flows: &'a Flows,
    path: Option<&Path>,
    args: &DiagramArgs,
) -> anyhow::Result<Vec<&'a Flow>> {
    if let Some(name) = &args.flow {
        if let Some(flow) = flows.get(name) {
            return Ok(vec![flow]);
        }
        let names: Vec<&str> = flows.iter().map(|flow| flow.name.as_str()).collect();
        return Err(anyhow!("there is no flow `{name}`"))
            .with_hint(format!("the flows are {}", names.join(", ")));
    }
    let file = path.filter(|_| !args.markdown).map(|path| path.display().to_string());
    let own = file.and_then(|file| flows.iter().find(|flow| flow.file() == file));
    Ok(own.map_or_else(|| flows.iter().collect(), |flow| vec![flow]))
}

/// Returns a page of Markdown with all flows.
fn page(path: Option<&Path>, flows: &[&Flow]) -> String {
    let subject = path.map(|path| format!(" {}", path.display())).unwrap_or_default();
    let head = format!("# Diagrams\n\nDrawn by `ringback diagram --markdown{subject}`. {LEGEND}\n");
    let drawn = flows
        .iter()
        .map(|flow| format!("\n## {}\n\n```mermaid\n{}```\n", flow.name, Diagram::of(flow).text));
    std::iter::once(head).chain(drawn).collect()
}
