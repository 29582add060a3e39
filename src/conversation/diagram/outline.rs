//! The outlines of boxes and the curves of lines, as the data of SVG paths.

use super::picture::Shape;

/// How far the points of a hexagon and of a flag go into the box.
pub(super) const POINT: i32 = 12;

/// The distance of the two lines at the sides of a box.
pub(super) const SIDE: i32 = 7;

/// The length of the head of an arrow, and half of its width.
const HEAD: (i32, i32) = (9, 5);

/// A point of a picture, in pixels from the left and from the top.
pub(super) type Point = (i32, i32);

/// A rectangle: its left upper corner, its width and its height.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) width: i32,
    pub(super) height: i32,
}

/// Returns the outline of a box.
pub(super) fn outline(shape: Shape, area: Area) -> String {
    let Area { x, y, width, height } = area;
    let (right, bottom) = (x + width, y + height);
    let (middle, centre) = (y + height / 2, x + width / 2);
    match shape {
        Shape::Ask | Shape::Commands => rounded(area, 3),
        Shape::Say => rounded(area, 14),
        Shape::Terminal => rounded(area, height / 2),
        Shape::Set => {
            let (left, edge) = (x + POINT, right - POINT);
            format!("M{left},{y}H{edge}L{right},{middle}L{edge},{bottom}H{left}L{x},{middle}Z")
        }
        Shape::Run => {
            let (left, edge) = (x + SIDE, right - SIDE);
            format!("M{x},{y}H{right}V{bottom}H{x}ZM{left},{y}V{bottom}M{edge},{y}V{bottom}")
        }
        Shape::Decide => format!("M{centre},{y}L{right},{middle}L{centre},{bottom}L{x},{middle}Z"),
        Shape::Elsewhere => {
            let notch = x + POINT;
            format!("M{x},{y}H{right}V{bottom}H{x}L{notch},{middle}Z")
        }
    }
}

fn rounded(Area { x, y, width, height }: Area, radius: i32) -> String {
    let r = radius.min(width / 2).min(height / 2);
    let (right, bottom) = (x + width, y + height);
    let (left, edge, top, foot) = (x + r, right - r, y + r, bottom - r);
    format!(
        "M{left},{y}H{edge}A{r},{r} 0 0 1 {right},{top}V{foot}A{r},{r} 0 0 1 {edge},{bottom}\
         H{left}A{r},{r} 0 0 1 {x},{foot}V{top}A{r},{r} 0 0 1 {left},{y}Z"
    )
}

/// Returns how far the outline of a box lies inside the upper or lower edge of
/// its area, at the place `x` from the left.
pub(super) fn inset(shape: Shape, area: Area, x: i32) -> i32 {
    let half = area.width / 2;
    let off = (x - area.x - half).abs();
    match shape {
        Shape::Decide if half > 0 => area.height * off / (2 * half),
        _ => 0,
    }
}

/// Returns a curve through these points. It is vertical at each of them.
pub(super) fn curve(points: &[Point]) -> String {
    let mut last: Option<Point> = None;
    let parts = points.iter().map(|(x, y)| match last.replace((*x, *y)) {
        None => format!("M{x},{y}"),
        Some((from, _)) if from == *x => format!("V{y}"),
        Some((from, above)) => {
            let between = i32::midpoint(above, *y);
            format!("C{from},{between} {x},{between} {x},{y}")
        }
    });
    parts.collect()
}

/// Returns the head of an arrow that ends at the last of these points.
pub(super) fn head(points: &[Point]) -> String {
    let (length, half) = HEAD;
    let [.., (_, before), (x, y)] = points else { return String::new() };
    let back = if y >= before { y - length } else { y + length };
    format!("M{x},{y}L{},{back}H{}Z", x - half, x + half)
}

/// Returns the curve and the head of a line that leads from a box to itself. The
/// curve goes from the first of four points to the last; the two between them are
/// its control points.
pub(super) fn around(points: &[Point]) -> (String, String) {
    let [(x, y), (far, above), (away, below), (end, bottom)] = *points else {
        return Default::default();
    };
    let (length, half) = HEAD;
    let back = end + length;
    let curve = format!("M{x},{y}C{far},{above} {away},{below} {end},{bottom}");
    let head = format!("M{end},{bottom}L{back},{}V{}Z", bottom - half, bottom + half);
    (curve, head)
}
