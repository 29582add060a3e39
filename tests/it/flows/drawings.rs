//! Flows as SVG: what is drawn where, for any flow, and for names and texts that
//! could act as markup or mislead the reader.

use std::collections::BTreeSet;

use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;
use ringback::conversation::diagram::{Drawing, DrawnBox};
use ringback::conversation::{Flow, Flows, Source};
use roxmltree::Document;

use super::{repository, sources_in};
use crate::conversation::any_flow::loaded::flows;

/// The elements and the attributes of a picture. None of them loads anything from
/// elsewhere, runs anything, or changes the look of anything else.
const ELEMENTS: [&str; 6] = ["svg", "title", "g", "path", "rect", "text"];
const ATTRIBUTES: [&str; 23] = [
    "width",
    "height",
    "viewBox",
    "role",
    "font-family",
    "font-size",
    "font-weight",
    "class",
    "data-box",
    "data-steps",
    "data-from",
    "data-to",
    "d",
    "fill",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "x",
    "y",
    "rx",
    "text-anchor",
    "xmlns",
    "id",
];

fn drawings(folder: &str) -> Vec<(Flow, Drawing)> {
    let loaded = Flows::load(&sources_in(&repository(folder)));
    let flows = loaded.unwrap_or_else(|findings| panic!("{findings}")).flows;
    flows.iter().map(|flow| (flow.clone(), Drawing::of(flow))).collect()
}

fn drawing(text: &str) -> (Flow, Drawing) {
    let source = Source { name: "test.yaml".to_owned(), text: text.to_owned() };
    let flows = Flows::load(&[source]).unwrap_or_else(|findings| panic!("{findings}")).flows;
    let flow = flows.iter().next().unwrap();
    (flow.clone(), Drawing::of(flow))
}

/// Checks what must be true of any picture.
fn check(flow: &Flow, drawing: &Drawing) -> Result<(), TestCaseError> {
    let Drawing { width, height, boxes, lines, .. } = drawing;
    let ids: BTreeSet<&str> = boxes.iter().map(|drawn| drawn.id.as_str()).collect();
    prop_assert_eq!(ids.len(), boxes.len(), "two boxes have one id");
    for line in lines {
        prop_assert!(ids.contains(&*line.from) && ids.contains(&*line.to), "{:?}", line);
    }
    for (at, one) in boxes.iter().enumerate() {
        prop_assert!(one.x >= 0 && one.y >= 0, "{one:?}");
        prop_assert!(one.x + one.width <= *width && one.y + one.height <= *height, "{one:?}");
        for text in &one.texts {
            let is_inside = (one.x..=one.x + one.width).contains(&text.x)
                && (one.y..=one.y + one.height).contains(&text.y);
            prop_assert!(is_inside, "{text:?} of {one:?}");
        }
        for other in boxes.iter().skip(at + 1) {
            prop_assert!(!overlap(area(one), area(other)), "{:?} and {:?}", one, other);
        }
        for [x, y, width, height] in lines.iter().filter_map(|line| line.plate) {
            let plate = (x, y, width, height);
            prop_assert!(!overlap(area(one), plate), "{:?} and a text at {:?}", one, plate);
        }
    }
    let plates: Vec<_> = lines.iter().filter_map(|line| line.plate).collect();
    for (at, [x, y, width, height]) in plates.iter().copied().enumerate() {
        for [left, top, wide, high] in plates.iter().skip(at + 1).copied() {
            let overlap = overlap((x, y, width, height), (left, top, wide, high));
            prop_assert!(!overlap, "two texts at {:?} and {:?}", (x, y), (left, top));
        }
    }
    let drawn: Vec<&str> = boxes.iter().flat_map(|b| &b.steps).map(String::as_str).collect();
    let steps: Vec<&str> = flow.steps.iter().map(|step| step.name.as_str()).collect();
    prop_assert_eq!(drawn, steps, "each step has one box");
    prop_assert_eq!(&Drawing::of(flow), drawing, "the same flow looks otherwise");
    check_svg(drawing)
}

fn area(drawn: &DrawnBox) -> (i32, i32, i32, i32) {
    (drawn.x, drawn.y, drawn.width, drawn.height)
}

fn overlap(one: (i32, i32, i32, i32), other: (i32, i32, i32, i32)) -> bool {
    let apart = |at: i32, long: i32, other: i32, other_long: i32| {
        at + long <= other || other + other_long <= at
    };
    !apart(one.0, one.2, other.0, other.2) && !apart(one.1, one.3, other.1, other.3)
}

/// Checks what must be true of the text of any picture.
fn check_svg(drawing: &Drawing) -> Result<(), TestCaseError> {
    let svg = drawing.svg();
    let mut reader = Reader::from_str(&svg);
    reader.config_mut().check_end_names = true;
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => prop_assert!(false, "{error}: {svg}"),
        }
    }
    let document = match Document::parse(&svg) {
        Ok(document) => document,
        Err(error) => return Err(TestCaseError::fail(format!("{error}: {svg}"))),
    };
    let of = |class: &'static str| {
        document.descendants().filter(move |node| {
            node.attribute("class").is_some_and(|known| known.split(' ').any(|c| c == class))
        })
    };
    prop_assert_eq!(of("box").count(), drawing.boxes.len());
    prop_assert_eq!(of("line").count(), drawing.lines.len());
    for (node, drawn) in of("box").zip(&drawing.boxes) {
        let texts: Vec<_> = node
            .children()
            .filter(|n| n.has_tag_name(("http://www.w3.org/2000/svg", "text")))
            .collect();
        let written: Vec<_> = texts.iter().filter_map(roxmltree::Node::text).collect();
        let expected: Vec<_> = drawn.texts.iter().map(|text| text.text.as_str()).collect();
        prop_assert_eq!(written, expected);
        let title = node.first_element_child().and_then(|title| title.text());
        prop_assert_eq!(title, Some(drawn.name.as_str()));
        let steps = node.attribute("data-steps").unwrap_or_default();
        prop_assert_eq!(steps, drawn.steps.join(" "));
    }
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        prop_assert!(ELEMENTS.contains(&node.tag_name().name()), "{}", node.tag_name().name());
        for attribute in node.attributes() {
            prop_assert!(ATTRIBUTES.contains(&attribute.name()), "{}", attribute.name());
            prop_assert!(!attribute.value().contains("://"), "{}", attribute.value());
        }
    }
    let root = document.root_element();
    prop_assert_eq!(root.attribute("role"), Some("img"));
    prop_assert!(
        root.first_element_child()
            .is_some_and(|first| first.has_tag_name(("http://www.w3.org/2000/svg", "title")))
    );
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig {
        max_local_rejects: 10_000_000, failure_persistence: None, cases: 64,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_flow_is_drawn((text, loaded) in flows()) {
        for flow in loaded.flows.iter() {
            let checked = check(flow, &Drawing::of(flow));
            prop_assert!(checked.is_ok(), "{}\n{}", checked.unwrap_err(), text);
        }
    }
}

#[test]
fn flows_of_files_are_drawn() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("drawings");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for (flow, drawing) in ["fixtures/flows/diagrams", "flows"].map(drawings).concat() {
        check(&flow, &drawing).unwrap_or_else(|error| panic!("{}: {error}", flow.name));
        if ["plain", "kinds"].contains(&&*flow.name) {
            settings.bind(|| insta::assert_snapshot!(flow.name.as_str(), drawing.svg()));
        }
    }
}

#[test]
fn hostile_texts_stay_texts() {
    let texts = [
        r"</text><script>alert(1)</script>",
        r#"\" onload=\"alert(1)"#,
        "&lt;b&gt; ]]> <![CDATA[ <!-- --> <?x?> &#0; &#xFFFE;",
        r"\x00\x01\x0b\x1b[31m\x7f",
        r"\u202Etxet eht \u2066\u200b\ufeff",
        r"\uFFFE\uFFFF\U0001FFFE",
        "😀👩‍👩‍👧 日本語の長い文章がここにあります。それでも読めます。 مرحبا بالعالم",
    ];
    for text in texts {
        let written = text.replace('"', "\\\"").replace("\\\\\"", "\\\"");
        let flow = format!(
            "flow: test\nstart: [hello]\nsteps:\n  A:\n    ask: \"{written}\"\n    \
             options: {{a: \"{written}\", b: B}}\n    when: {{a: C}}\n  B: {{say: \"{written}\"}}\n  \
             C: {{ask: x}}\n"
        );
        let (flow, drawing) = drawing(&flow);
        check(&flow, &drawing).unwrap_or_else(|error| panic!("{text}: {error}"));
        let svg = drawing.svg();
        let hides =
            |c: char| c.is_control() && c != '\n' || "\u{202e}\u{2066}\u{200b}\u{feff}".contains(c);
        assert!(!svg.contains(hides), "{text}: {svg:?}");
    }
}

#[test]
fn a_step_may_lead_to_itself() {
    let (flow, drawing) = drawing(
        "flow: test\nstart: [hello]\nsteps:\n  A: {ask: More?, type: yes_no, when: {yes: A}}\n",
    );
    check(&flow, &drawing).unwrap();
    let own: Vec<_> = drawing.lines.iter().filter(|line| line.from == line.to).collect();
    assert_eq!(own.len(), 1);
    assert_eq!(own[0].label, "yes");
}

/// Long flows have flags in place of long lines, so they grow in one direction.
#[test]
fn long_flows_are_drawn() {
    for count in [40, 100, 300] {
        let steps: String = (0..count).fold(String::new(), |steps, at| {
            let (back, far) = (at / 2, (at + 7).min(count - 1));
            let when = format!("type: yes_no, when: {{no: S{far}}}, tries: 2, on_fail: S{back}");
            let next = format!("S{}", (at + 1).min(count - 1));
            let step = match at % 4 {
                _ if at == count - 1 => "{say: The end.}".to_owned(),
                0 => format!("{{ask: 'Is it so at step {at}, or is it otherwise?', {when}}}"),
                1 => format!("{{ask: What?, tries: 3, on_fail: S{far}}}"),
                2 => format!("{{set: {{x: '{at}'}}, go: {next}}}"),
                _ => "{say: A text that goes on and on and on and on.}".to_owned(),
            };
            steps + format!("  S{at}: {step}\n").as_str()
        });
        let (flow, drawing) = drawing(&format!("flow: test\nstart: [hello]\nsteps:\n{steps}"));
        check(&flow, &drawing).unwrap_or_else(|error| panic!("{count}: {error}"));
        let is_narrow = drawing.width < 3_000;
        assert!(is_narrow || count > 100, "{count}: {} wide", drawing.width);
    }
}
