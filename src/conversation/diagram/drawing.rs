//! A picture in which each box, line and text has its place.
//!
//! A program that draws it needs no geometry and no font: outlines and curves are
//! the data of SVG paths, and each text has the place of its middle.

use serde::Serialize;

use super::layout::{self, Size, Wire};
use super::measure::{LINE, bold_width, width, wrapped};
use super::outline::{Area, POINT, SIDE, around, curve, head, inset, outline};
use super::picture::{Edge, Node, Picture, START, Shape};
use crate::conversation::flow::Flow;
use crate::conversation::shown::shown;

/// The widest line of text in a box, in the box of the commands, and at a line
/// between boxes.
const WIDEST: i32 = 210;
const WIDEST_COMMAND: i32 = 300;
const WIDEST_LABEL: i32 = 150;

/// The room between a text and the outline around it.
const PADDING: (i32, i32) = (14, 9);

/// The room around a text at a line.
const PLATE: (i32, i32) = (5, 1);

/// How far below the top of a line the baseline of its text is.
const BASELINE: i32 = 13;

/// A flow as a picture with places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Drawing {
    /// The flow.
    pub name: String,
    /// The width in pixels.
    pub width: i32,
    /// The height in pixels.
    pub height: i32,
    /// The boxes, in the order of the file.
    pub boxes: Vec<DrawnBox>,
    /// The lines between them.
    pub lines: Vec<DrawnLine>,
}

/// A box.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DrawnBox {
    /// Its id in the picture.
    pub id: String,
    /// What it stands for.
    pub shape: Shape,
    /// The names of the steps that it stands for.
    pub steps: Vec<String>,
    /// What it says, as a sentence for people who do not see it.
    pub name: String,
    /// Its left edge.
    pub x: i32,
    /// Its upper edge.
    pub y: i32,
    /// Its width.
    pub width: i32,
    /// Its height.
    pub height: i32,
    /// Its outline, as the data of an SVG path.
    pub outline: String,
    /// Its texts.
    pub texts: Vec<DrawnText>,
}

/// A line between two boxes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DrawnLine {
    /// The id of the box at its beginning.
    pub from: String,
    /// The id of the box at its end.
    pub to: String,
    /// When the conversation takes it; empty if it always does.
    pub label: String,
    /// Whether it is taken because no valid answer comes.
    pub is_dotted: bool,
    /// The curve, as the data of an SVG path.
    pub path: String,
    /// The head of the arrow, likewise.
    pub head: String,
    /// The background of its texts: left, top, width and height.
    pub plate: Option<[i32; 4]>,
    /// Its texts.
    pub texts: Vec<DrawnText>,
}

/// A text in one line, centred at its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DrawnText {
    /// The text.
    pub text: String,
    /// Its middle.
    pub x: i32,
    /// Its baseline.
    pub y: i32,
    /// Whether it is the name of a step.
    pub is_name: bool,
}

impl Drawing {
    /// Draws a flow.
    #[must_use]
    pub fn of(flow: &Flow) -> Self {
        let picture = Picture::of(flow, true);
        let boxes: Vec<Sized> = picture.nodes.iter().map(Sized::of).collect();
        let sizes: Vec<Size> = boxes.iter().map(|sized| sized.size).collect();
        let index = |id: &str| picture.nodes.iter().position(|node| node.id == id);
        let labelled = picture.edges.iter().filter_map(|edge| {
            let wire = Label::of(edge);
            Some((edge, (index(&edge.from)?, index(&edge.to)?), wire))
        });
        let labelled: Vec<(&Edge, (usize, usize), Label)> = labelled.collect();
        let wires = labelled.iter().map(|(_, (from, to), label)| Wire {
            from: *from,
            to: *to,
            label: label.size(),
        });
        let layout = layout::lay_out(&sizes, &wires.collect::<Vec<_>>());
        let placed: Vec<DrawnBox> = boxes
            .into_iter()
            .zip(&picture.nodes)
            .zip(&layout.boxes)
            .map(|((sized, node), at)| sized.drawn(node, *at))
            .collect();
        let lines = labelled.iter().zip(&layout.wires);
        let lines = lines.filter_map(|((edge, (from, to), label), run)| {
            let mut points = run.points.clone();
            let (from, to) = (placed.get(*from)?, placed.get(*to)?);
            let is_loop = from.id == to.id;
            if let ([first, .., last], false) = (points.as_mut_slice(), is_loop) {
                first.1 += from.inset(*first);
                last.1 += to.inset(*last);
            }
            let shape = if is_loop { around(&points) } else { (curve(&points), head(&points)) };
            Some(label.drawn(edge, shape, run.label))
        });
        let lines = lines.collect();
        let (width, height) = layout.size;
        Self { name: flow.name.clone(), width, height, boxes: placed, lines }
    }
}

/// A box with its texts and its size, and without its place.
struct Sized {
    size: Size,
    /// The texts, and whether each is the name of a step.
    texts: Vec<(String, bool)>,
}

impl Sized {
    fn of(node: &Node) -> Self {
        let widest = if node.shape == Shape::Commands { WIDEST_COMMAND } else { WIDEST };
        let title = (!node.title.is_empty()).then(|| (shown(&node.title).into_owned(), true));
        let lines = node.lines.iter().flat_map(|line| wrapped(&shown(line), widest));
        let texts: Vec<_> = title.into_iter().chain(lines.map(|line| (line, false))).collect();
        let widths = texts.iter();
        let widths =
            widths.map(|(text, is_name)| if *is_name { bold_width(text) } else { width(text) });
        let (text_width, rows) = (widths.max().unwrap_or_default(), rows(texts.len()));
        let (width, height) = (text_width + 2 * PADDING.0, rows + 2 * PADDING.1);
        let size = match node.shape {
            Shape::Set => Size { width: width + 2 * POINT, height },
            Shape::Run => Size { width: width + 2 * SIDE, height },
            Shape::Elsewhere => Size { width: width + POINT, height },
            Shape::Terminal => Size { width: width + height / 2, height },
            // The corners of a text this wide and high lie inside this diamond.
            Shape::Decide => Size { width: 2 * text_width + 2 * PADDING.0, height: 2 * rows + 8 },
            Shape::Ask | Shape::Say | Shape::Commands => Size { width, height },
        };
        Self { size, texts }
    }

    fn drawn(self, node: &Node, (centre, middle): (i32, i32)) -> DrawnBox {
        let Size { width, height } = self.size;
        let area = Area { x: centre - width / 2, y: middle - height / 2, width, height };
        let shift = if node.shape == Shape::Elsewhere { POINT / 2 } else { 0 };
        let name = name(node);
        DrawnBox {
            id: node.id.clone(),
            shape: node.shape,
            steps: node.steps.clone(),
            name,
            x: area.x,
            y: area.y,
            width,
            height,
            outline: outline(node.shape, area),
            texts: written(self.texts, (centre + shift, middle)),
        }
    }
}

impl DrawnBox {
    /// Returns how much longer a line that ends at this point must be to meet the
    /// outline.
    fn inset(&self, (x, y): (i32, i32)) -> i32 {
        let Self { x: left, y: top, width, height, .. } = *self;
        let inset = inset(self.shape, Area { x: left, y: top, width, height }, x);
        if y <= top + height / 2 { inset } else { -inset }
    }
}

/// The texts at a line between boxes.
struct Label(Vec<String>);

impl Label {
    fn of(edge: &Edge) -> Self {
        let labels = edge.labels.iter().flat_map(|label| wrapped(&shown(label), WIDEST_LABEL));
        Self(labels.collect())
    }

    fn size(&self) -> Option<Size> {
        let widest = self.0.iter().map(|text| width(text)).max()?;
        Some(Size { width: widest + 2 * PLATE.0, height: rows(self.0.len()) + 2 * PLATE.1 })
    }

    fn drawn(
        &self,
        edge: &Edge,
        (path, head): (String, String),
        at: Option<(i32, i32)>,
    ) -> DrawnLine {
        let plate = at
            .zip(self.size())
            .map(|((x, y), Size { width, height })| [x - width / 2, y - height / 2, width, height]);
        let texts = self.0.iter().map(|text| (text.clone(), false)).collect();
        let labels: Vec<_> = edge.labels.iter().map(|label| shown(label)).collect();
        DrawnLine {
            from: edge.from.clone(),
            to: edge.to.clone(),
            label: labels.join(", "),
            is_dotted: edge.is_dotted,
            path,
            head,
            plate,
            texts: at.map(|at| written(texts, at)).unwrap_or_default(),
        }
    }
}

/// Returns the height of this number of lines of text.
fn rows(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX / LINE).saturating_mul(LINE)
}

/// Returns texts around their middle.
fn written(texts: Vec<(String, bool)>, (x, middle): (i32, i32)) -> Vec<DrawnText> {
    let top = middle - rows(texts.len()) / 2;
    let places = (0..).map(|row| top + rows(row) + BASELINE);
    let texts = texts.into_iter().zip(places);
    texts.map(|((text, is_name), y)| DrawnText { text, x, y, is_name }).collect()
}

/// Returns what a box says, as a sentence.
fn name(node: &Node) -> String {
    let title = &node.title;
    let said = node.lines.join(" ");
    let name = match node.shape {
        Shape::Ask => format!("{title} asks: {said}"),
        Shape::Say => format!("{title} says: {said}"),
        Shape::Set => format!("{title} sets: {said}"),
        Shape::Run => format!("{title}: {said}"),
        Shape::Decide => format!("{title} decides"),
        Shape::Terminal if node.id == START => format!("Start: {said}"),
        Shape::Terminal => format!("End: {said}"),
        Shape::Commands => format!("{title}: {}", node.lines.join("; ")),
        Shape::Elsewhere => format!("Goes on at {said}"),
    };
    shown(&name).into_owned()
}
