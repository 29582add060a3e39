//! Prints what each text costs in SMS segments.

use super::output::{Colour, Output};
use crate::conversation::Cost;
use crate::message::segments::Encoding;

/// Returns a line for each text: segments without values and at worst, encoding
/// and length at worst, and the place of the text.
pub(super) fn report(out: &Output, costs: &[Cost]) {
    let head = ["segments", "encoding", "length", "text"].map(str::to_owned);
    let rows: Vec<[String; 4]> = std::iter::once(head).chain(costs.iter().map(row)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let [first, second, third] = [0, 1, 2].map(|column| width(column).unwrap_or_default());
    for (at, [segments, encoding, length, text]) in rows.iter().enumerate() {
        let line = format!("{segments:<first$}  {encoding:<second$}  {length:>third$}  {text}");
        if at == 0 {
            out.coloured("", Colour::Yellow, &line, "");
        } else {
            out.line(&line);
        }
    }
}

fn row(cost: &Cost) -> [String; 4] {
    let segments = match (cost.most, cost.least) {
        _ if cost.has_media => "-".to_owned(),
        (None, least) => format!("{least} or more"),
        (Some(most), least) if most > least => format!("{least} to {most}"),
        (Some(most), _) => most.to_string(),
    };
    let encoding = match cost.encoding {
        _ if cost.has_media => "MMS",
        Encoding::Gsm7 => "GSM-7",
        Encoding::Ucs2 => "UCS-2",
    };
    let length = cost.units.map_or_else(|| "no end".to_owned(), |units| units.to_string());
    let origin = &cost.origin;
    let place = format!("{}:{}:{} {}", origin.file, origin.line, origin.column, cost.text);
    [segments, encoding.to_owned(), length, place]
}
