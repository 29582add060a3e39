//! The order inside the modules that are too large for one: their folders and
//! files, as `layers.rs` has it for the crate.

use super::needs::{Files, Needs};
use super::none_found;
use super::sources::{Source, sources};

/// What stands in a module, lowest first: each knows itself and what stands on
/// lines above its own. Those in one string still know each other; `mod` is the
/// code of the module itself.
type Order = &'static [&'static [&'static str]];

const CONVERSATION: Order = &[
    &[
        "built_in",
        "calendar",
        "cut",
        "daytime",
        "duration",
        "length",
        "lookalike",
        "moment",
        "number",
    ],
    &["schema", "shown", "signs", "source", "spelled", "suggest"],
    &["finding", "reply", "request", "value", "version", "words"],
    &["allowances", "event", "expression", "reaction"],
    &["session"],
    &["lost", "template"],
    &["answer attachment coverage flow ignored step translation witness"],
    &["census", "costs", "diagram", "opt_out", "trace"],
    &["explained", "way"],
    &["load"],
    &["chat_file"],
    &["narration", "recording"],
    &["mod"],
];

const LOAD: Order = &[
    &["source_map"],
    &["placed"],
    &["call", "silence"],
    &["wait_for"],
    &["diagnostics", "draft"],
    &["sites"],
    &["syntax"],
    &["sources"],
    &["read"],
    &["link"],
    &["analysis"],
    &["compile", "lint"],
    &["one_flow"],
    &["mod"],
];

const ORDERS: &[(&str, Order)] = &[("conversation", CONVERSATION), ("conversation::load", LOAD)];

/// The place of a file in an order: its line, and which of those on it.
fn place(order: Order, name: &str) -> Option<(usize, usize)> {
    order.iter().enumerate().find_map(|(line, names)| {
        let at = names.iter().position(|names| names.split(' ').any(|known| known == name))?;
        Some((line, at))
    })
}

/// What of a module a file belongs to, if it belongs to it.
fn part<'a>(file: &'a str, module: &str) -> Option<&'a str> {
    match file.strip_prefix(module)? {
        "" => Some("mod"),
        rest => rest.strip_prefix("::")?.split("::").next(),
    }
}

fn faults(needs: &Needs<'_>, module: &str, order: Order) -> Vec<String> {
    let mut faults = Vec::new();
    for (file, needed) in needs {
        let Some(own) = part(file, module) else { continue };
        let Some(own_place) = place(order, own) else {
            faults.push(format!("`{file}`: `{own}` has no place in the order of `{module}`"));
            continue;
        };
        for other in
            needed.iter().filter(|other| part(other, module).is_some_and(|part| part != own))
        {
            let other_place = part(other, module).and_then(|part| place(order, part));
            if other_place.is_some_and(|other| other.0 >= own_place.0 && other != own_place) {
                faults.push(format!("`{file}` may not know `{other}`"));
            }
        }
    }
    faults
}

#[test]
fn rooms_know_only_those_below_them() {
    let files = Files::of(&sources());
    let needs = files.needs();
    for (module, order) in ORDERS {
        let faults = faults(&needs, module, order);
        none_found(&format!("something in `{module}` knows what is not below it"), &faults);
        let is_there = |name: &&str| {
            *name == "mod" || files.modules().any(|file| part(file, module) == Some(name))
        };
        let names = order.iter().flat_map(|line| line.iter().flat_map(|names| names.split(' ')));
        let gone: Vec<String> = names.filter(|name| !is_there(name)).map(str::to_owned).collect();
        none_found(&format!("the order of `{module}` has what is not there"), &gone);
    }
}

/// The check above sees what it is for.
#[test]
fn violations_are_seen() {
    const ORDER: Order = &[&["low", "lower"], &["left right"], &["high"], &["mod"]];
    for (path, text, faults_seen) in [
        ("src/room/high.rs", "use super::low::x;", 0),
        ("src/room/high.rs", "use crate::room::left::x; use crate::elsewhere::y;", 0),
        ("src/room/low.rs", "use super::high::x;", 1),
        ("src/room/low/inside.rs", "fn f() { super::super::high::x() }", 1),
        ("src/room/low/inside.rs", "use super::x;", 0),
        ("src/room/low.rs", "use super::lower::x;", 1),
        ("src/room/left.rs", "use super::right::x;", 0),
        ("src/room/high.rs", "use super::f;", 1),
        ("src/room/mod.rs", "mod high; fn f() { high::g() }", 0),
        ("src/room/new.rs", "", 1),
        ("src/elsewhere.rs", "use crate::room::high::x;", 0),
    ] {
        let all = ["mod", "low", "low/inside", "lower", "left", "right", "high"];
        let others = all.iter().map(|name| format!("src/room/{name}.rs"));
        let others = others.filter(|other| other != path).map(|path| (path, ""));
        let sources: Vec<Source> = others
            .chain([(path.to_owned(), text)])
            .map(|(path, text)| Source { path, module: String::new(), text: text.to_owned() })
            .collect();
        let found = faults(&Files::of(&sources).needs(), "room", ORDER);
        assert_eq!(found.len(), faults_seen, "{path}: {text}: {found:?}");
    }
}
