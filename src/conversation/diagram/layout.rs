//! The places of boxes and lines: layers from top to bottom, by `dagre`.

use dagre::graph::{Graph, GraphOptions};
use dagre::layout::types::LabelPos;
use dagre::{EdgeLabel, LayoutOptions, NodeLabel, Ranker, layout};

use super::outline::Point;

/// The room between two boxes beside each other, between two lines, and between
/// two layers.
const BESIDE: f64 = 28.0;
const LINES: f64 = 14.0;
const LAYERS: f64 = 52.0;

/// The room around the picture, in which a mark above a box still fits.
const MARGIN: i32 = 24;

/// The least distance between the corner of a box and a line that leaves it.
const CORNER: i32 = 16;

/// The distance that a line without a text keeps from the box that it leads away
/// from and back to, and the distance between it and the line inside it.
const LOOP: (i32, i32) = (30, 8);

/// A size in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) width: i32,
    pub(super) height: i32,
}

/// A line between two boxes, by their indexes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wire {
    pub(super) from: usize,
    pub(super) to: usize,
    /// The size of the texts at it.
    pub(super) label: Option<Size>,
}

/// The places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Layout {
    /// The middle of each box.
    pub(super) boxes: Vec<Point>,
    pub(super) wires: Vec<Run>,
    pub(super) size: Point,
}

/// The course of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) points: Vec<Point>,
    /// The middle of its texts.
    pub(super) label: Option<Point>,
}

/// A layer: everything in it has the same middle.
struct Layer {
    middle: i32,
    half: i32,
}

/// Gives each box and each line its place.
pub(super) fn lay_out(boxes: &[Size], wires: &[Wire]) -> Layout {
    let options = GraphOptions { directed: true, multigraph: true, compound: false };
    let mut graph: Graph<NodeLabel, EdgeLabel> = Graph::with_options(options);
    for (index, size) in boxes.iter().enumerate() {
        let (width, height) = (size.width.into(), size.height.into());
        let label = NodeLabel { width, height, ..NodeLabel::default() };
        graph.set_node(index.to_string(), Some(label));
    }
    for (index, wire) in wires.iter().enumerate() {
        let Size { width, height } = wire.label.unwrap_or(Size { width: 0, height: 0 });
        let (width, height) = (width.into(), height.into());
        let label = EdgeLabel { width, height, labelpos: LabelPos::Center, ..Default::default() };
        let (from, to) = (wire.from.to_string(), wire.to.to_string());
        graph.set_edge(from, to, Some(label), Some(&index.to_string()));
    }
    let options = LayoutOptions {
        nodesep: BESIDE,
        edgesep: LINES,
        ranksep: LAYERS,
        marginx: MARGIN.into(),
        marginy: MARGIN.into(),
        ranker: Ranker::NetworkSimplex,
        ..LayoutOptions::default()
    };
    layout(&mut graph, Some(options));
    placed(&graph, boxes, wires)
}

fn placed(graph: &Graph<NodeLabel, EdgeLabel>, boxes: &[Size], wires: &[Wire]) -> Layout {
    let middle = |index: usize| {
        let node = graph.node(&index.to_string());
        node.and_then(|node| Some((pixels(node.x?), pixels(node.y?)))).unwrap_or_default()
    };
    let middles: Vec<Point> = (0..boxes.len()).map(middle).collect();
    let label = |index: usize, wire: &Wire| {
        graph.edge(&wire.from.to_string(), &wire.to.to_string(), Some(&index.to_string()))
    };
    let mut runs = Vec::with_capacity(wires.len());
    let mut layers: Vec<Layer> = Vec::new();
    for ((_, y), size) in middles.iter().zip(boxes) {
        grow(&mut layers, *y, size.height / 2);
    }
    for (index, wire) in wires.iter().enumerate() {
        let found = label(index, wire);
        let at = found.and_then(|found| Some((pixels(found.x?), pixels(found.y?))));
        let at = at.filter(|_| wire.label.is_some());
        if let (Some((_, y)), Some(size)) = (at, wire.label) {
            grow(&mut layers, y, size.height / 2);
        }
        let points = found.map(|found| found.points.as_slice()).unwrap_or_default();
        let points = points.iter().map(|point| (pixels(point.x), pixels(point.y))).collect();
        runs.push(Run { points, label: at });
    }
    // If several lines lead from a box to itself, each encloses the one before.
    let mut inside: Vec<i32> = vec![0; boxes.len()];
    for (run, wire) in runs.iter_mut().zip(wires) {
        let end = |index: usize| Some((*middles.get(index)?, *boxes.get(index)?));
        let (Some(from), Some(to)) = (end(wire.from), end(wire.to)) else { continue };
        if wire.from == wire.to {
            if let Some(inside) = inside.get_mut(wire.from) {
                looped(run, from, wire.label, inside);
            }
        } else {
            run.points = course(&run.points, from, to, &layers);
        }
    }
    let size = extent(&middles, boxes, &runs, wires);
    Layout { boxes: middles, wires: runs, size }
}

/// Makes room in the layer with this middle.
fn grow(layers: &mut Vec<Layer>, middle: i32, half: i32) {
    match layers.iter_mut().find(|layer| (layer.middle - middle).abs() <= 1) {
        Some(layer) => layer.half = layer.half.max(half),
        None => layers.push(Layer { middle, half }),
    }
}

/// Leads a line straight through layers, so that it passes beside what stands in
/// them, and lets it turn between them.
fn course(
    points: &[Point],
    from: (Point, Size),
    to: (Point, Size),
    layers: &[Layer],
) -> Vec<Point> {
    let inner = points.get(1..points.len().saturating_sub(1)).unwrap_or_default();
    let sign = if from.0.1 <= to.0.1 { 1 } else { -1 };
    let half = |y: i32| {
        layers.iter().find(|layer| (layer.middle - y).abs() <= 1).map_or(0, |layer| layer.half)
    };
    let side = |(middle, size): (Point, Size), point: Option<&Point>| {
        let most = (size.width / 2 - CORNER).max(0);
        point.map_or(middle.0, |point| point.0.clamp(middle.0 - most, middle.0 + most))
    };
    let mut course = Vec::new();
    let (x, y) = (side(from, points.first()), from.0.1);
    course.push((x, y + sign * from.1.height / 2));
    course.push((x, y + sign * half(y)));
    for (x, y) in inner.iter().copied() {
        let half = half(y);
        course.push((x, y - sign * half));
        course.push((x, y + sign * half));
    }
    let (x, y) = (side(to, points.last()), to.0.1);
    course.push((x, y - sign * half(y)));
    course.push((x, y - sign * to.1.height / 2));
    course.dedup();
    course
}

/// Leads a line from a box to itself, around the lines that it encloses: `inside`
/// is half of their height.
fn looped(run: &mut Run, ((x, y), size): (Point, Size), label: Option<Size>, inside: &mut i32) {
    let right = x + size.width / 2;
    let far = match (run.label, label) {
        (Some((middle, _)), Some(label)) => middle - label.width / 2,
        _ => right + LOOP.0,
    };
    let high = *inside + LOOP.1;
    *inside = high.max(label.map_or(0, |label| label.height / 2));
    let start = high.min(size.height / 2 - 4);
    // The curve covers three quarters of the way to its control points.
    let drawn = right + (far - right) * 4 / 3;
    run.points = vec![(right, y - start), (drawn, y - high), (drawn, y + high), (right, y + start)];
    run.label = run.label.map(|(middle, _)| (middle, y));
}

/// Returns the width and the height of everything.
fn extent(middles: &[Point], boxes: &[Size], runs: &[Run], wires: &[Wire]) -> Point {
    let boxes = middles.iter().copied().zip(boxes.iter().copied());
    let labels = runs.iter().zip(wires).filter_map(|(run, wire)| run.label.zip(wire.label));
    let corners = boxes.chain(labels).map(|((x, y), Size { width, height })| {
        (x + width.div_euclid(2), y + height.div_euclid(2))
    });
    let points = runs.iter().flat_map(|run| &run.points).copied();
    let (right, bottom) =
        corners.chain(points).fold((0, 0), |(right, bottom), (x, y)| (right.max(x), bottom.max(y)));
    (right + MARGIN, bottom + MARGIN)
}

/// Returns a whole number of pixels.
#[expect(clippy::cast_possible_truncation, reason = "a cast of a float saturates")]
fn pixels(value: f64) -> i32 {
    value.round() as i32
}
