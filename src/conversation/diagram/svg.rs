//! A picture as an SVG file.
//!
//! It has no script and no style sheet, and loads nothing from elsewhere. The boxes
//! have a background of their own, and the lines are grey, so that they can be seen
//! on light and on dark pages.

use std::fmt::Write;

use quick_xml::escape::escape;

use super::drawing::{Drawing, DrawnText};
use super::measure::FONT_SIZE;
use super::picture::Shape;

/// The colour of texts.
const INK: &str = "#171a23";

/// The colour of lines.
const GREY: &str = "#757575";

/// The colour behind the texts at lines.
const GROUND: &str = "#ffffff";

const FONTS: &str = "system-ui, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif";

impl Drawing {
    /// Returns the picture as the text of an SVG file.
    #[must_use]
    pub fn svg(&self) -> String {
        let mut svg = String::new();
        // Writing to a string cannot fail.
        let _ = self.write(&mut svg);
        svg
    }

    fn write(&self, svg: &mut String) -> std::fmt::Result {
        let Self { name, width, height, boxes, lines } = self;
        writeln!(
            svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" font-family=\"{FONTS}\" \
             font-size=\"{FONT_SIZE}\">"
        )?;
        writeln!(svg, "<title>The flow {}</title>", escape(name.as_str()))?;
        for line in lines {
            let (from, to) = (escape(line.from.as_str()), escape(line.to.as_str()));
            let (class, dashes) = if line.is_dotted {
                ("line dotted", " stroke-dasharray=\"2 4\"")
            } else {
                ("line", "")
            };
            writeln!(svg, "<g class=\"{class}\" data-from=\"{from}\" data-to=\"{to}\">")?;
            writeln!(
                svg,
                "<path d=\"{}\" fill=\"none\" stroke=\"{GREY}\" stroke-width=\"1.5\"{dashes}/>",
                line.path
            )?;
            writeln!(svg, "<path class=\"head\" d=\"{}\" fill=\"{GREY}\"/>", line.head)?;
            if let Some([x, y, width, height]) = line.plate {
                writeln!(
                    svg,
                    "<rect class=\"plate\" x=\"{x}\" y=\"{y}\" width=\"{width}\" \
                     height=\"{height}\" rx=\"3\" fill=\"{GROUND}\"/>"
                )?;
            }
            write_texts(svg, &line.texts)?;
            writeln!(svg, "</g>")?;
        }
        for drawn in boxes {
            let (class, fill, stroke) = looks(drawn.shape);
            let (id, steps) = (escape(drawn.id.as_str()), drawn.steps.join(" "));
            write!(svg, "<g class=\"box {class}\" data-box=\"{id}\"")?;
            if !steps.is_empty() {
                write!(svg, " data-steps=\"{}\"", escape(steps.as_str()))?;
            }
            writeln!(svg, ">\n<title>{}</title>", escape(drawn.name.as_str()))?;
            let dashes =
                if drawn.shape == Shape::Commands { " stroke-dasharray=\"6 4\"" } else { "" };
            writeln!(
                svg,
                "<path d=\"{}\" fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"1.5\"{dashes}/>",
                drawn.outline
            )?;
            write_texts(svg, &drawn.texts)?;
            writeln!(svg, "</g>")?;
        }
        writeln!(svg, "</svg>")
    }
}

fn write_texts(svg: &mut String, texts: &[DrawnText]) -> std::fmt::Result {
    for DrawnText { text, x, y, is_name } in texts {
        let weight = if *is_name { " font-weight=\"bold\"" } else { "" };
        writeln!(
            svg,
            "<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\" fill=\"{INK}\"{weight}>{}</text>",
            escape(text.as_str())
        )?;
    }
    Ok(())
}

/// Returns the class, the background and the outline's colour of a box.
fn looks(shape: Shape) -> (&'static str, &'static str, &'static str) {
    match shape {
        Shape::Ask => ("ask", "#e8effe", "#2459e0"),
        Shape::Say => ("say", "#e9f6ec", "#2d7d46"),
        Shape::Set => ("set", "#f4edfd", "#7a4bc4"),
        Shape::Run => ("run", "#fff1dc", "#a35c00"),
        Shape::Decide => ("decide", "#fdf6cf", "#857200"),
        Shape::Terminal => ("terminal", "#e9ecf4", "#5a6275"),
        Shape::Commands => ("commands", "#ffffff", "#5a6275"),
        Shape::Elsewhere => ("elsewhere", "#f3f4f7", "#757575"),
    }
}
