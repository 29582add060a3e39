//! A flow as a picture.
//!
//! `picture` decides what is drawn, and what is left out so that a long flow
//! stays readable. `exits` finds the lines, and `label` cuts the texts.
//! `mermaid` writes the result as Mermaid text, which forges draw. `drawing`
//! gives each box and each line its place. `svg` makes an SVG file of that, and
//! the phone page shows it beside the phone.
//!
//! Rectangles ask, rounded boxes say, hexagons set variables, boxes with double
//! sides run another flow, diamonds decide, stadiums are beginnings and ends. A
//! dotted line leads away after too many invalid answers. Commands are one box
//! beside the rest: a line from every question would be a web.

mod drawing;
mod exits;
mod label;
mod layout;
mod measure;
mod mermaid;
mod outline;
mod picture;
mod svg;

pub use self::drawing::{Drawing, DrawnBox, DrawnLine, DrawnText};
pub use self::mermaid::{Diagram, MAX_EDGES, MAX_TEXT};
pub use self::picture::Shape;

#[cfg(test)]
mod tests;
