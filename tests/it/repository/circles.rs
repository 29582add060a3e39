//! No files of `src` form a circle: what one needs, needs nothing of it. A file
//! that stands in a circle can be understood, tested and moved only together
//! with all others of it.
//!
//! A `mod.rs` is a file like any other, but for its `mod` and `pub use` lines.
//! A call of a method is not seen, since it names no file.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::needs::{Files, Module, Needs};
use super::none_found;
use super::sources::{Source, sources};

/// The circles that there still are. This list only shrinks.
const CIRCLES: &[&[&str]] = &[];

/// The files of each circle.
fn circles(needs: &Needs<'_>) -> Vec<BTreeSet<Module>> {
    let reached: BTreeMap<&str, BTreeSet<Module>> =
        needs.keys().map(|file| (file.as_str(), reached(needs, file))).collect();
    let mut circles: Vec<BTreeSet<Module>> = reached
        .iter()
        .filter(|(file, reached)| reached.contains(**file))
        .map(|(file, others)| {
            let leads_back = |other: &&Module| {
                reached.get(other.as_str()).is_some_and(|back| back.contains(*file))
            };
            others.iter().filter(leads_back).cloned().collect()
        })
        .collect();
    circles.sort();
    circles.dedup();
    circles
}

/// The files that a file needs, and that those need, and so on.
fn reached(needs: &Needs<'_>, from: &Module) -> BTreeSet<Module> {
    let mut reached = BTreeSet::new();
    let mut waiting = vec![from.clone()];
    while let Some(file) = waiting.pop() {
        let needed = needs.get(&file).into_iter().flatten();
        let new = needed.filter(|file| reached.insert((*file).clone()));
        waiting.extend(new.cloned());
    }
    reached
}

/// The shortest way from a file back to itself.
fn way_back(needs: &Needs<'_>, file: &Module) -> String {
    let mut waiting = VecDeque::from([vec![file.clone()]]);
    let mut seen = BTreeSet::new();
    while let Some(way) = waiting.pop_front() {
        for next in needs.get(way.last().unwrap()).into_iter().flatten() {
            let longer = [way.as_slice(), std::slice::from_ref(next)].concat();
            if next == file {
                return longer.join(" -> ");
            }
            if seen.insert(next.clone()) {
                waiting.push_back(longer);
            }
        }
    }
    String::new()
}

/// What is wrong with the circles of these files, where `known` are allowed.
fn faults(files: &Files, known: &[&[&str]]) -> Vec<String> {
    let needs = files.needs();
    let circles = circles(&needs);
    let known: Vec<BTreeSet<Module>> =
        known.iter().map(|files| files.iter().map(|file| (*file).to_owned()).collect()).collect();
    let mut faults = Vec::new();
    for circle in &circles {
        let of = |entry: &&BTreeSet<Module>| entry.intersection(circle).count();
        let entry = known.iter().max_by_key(of).cloned().unwrap_or_default();
        faults.extend(
            circle
                .difference(&entry)
                .map(|file| format!("`{file}` stands in a circle: {}", way_back(&needs, file))),
        );
    }
    for entry in known.iter().filter(|entry| !circles.contains(entry)) {
        let left: Vec<Vec<&Module>> = circles
            .iter()
            .filter(|circle| circle.is_subset(entry))
            .map(|circle| circle.iter().collect())
            .collect();
        if circles.iter().any(|circle| circle.is_superset(entry)) {
            continue;
        }
        let advice = if left.is_empty() {
            "remove it from `CIRCLES`".to_owned()
        } else {
            format!("write in its place in `CIRCLES` {left:?}")
        };
        faults.push(format!("the circle {entry:?} is smaller or gone: {advice}"));
    }
    faults
}

#[test]
fn no_files_form_a_circle() {
    let files = Files::of(&sources());
    assert!(files.modules().count() > 100, "the modules were not found");
    none_found("let one of them need less of the other", &faults(&files, CIRCLES));
}

/// Small crates, file by file, and the files of their circles.
const SEEN: &[(&str, &str)] = &[
    ("a.rs: use crate::b::B; / b.rs: pub struct B;", ""),
    ("a.rs: use crate::b::B; / b.rs: use crate::a::A;", "a b"),
    ("a.rs: use super::b::B; / b.rs: fn f() { super::a::g() }", "a b"),
    ("a.rs: use crate::{b::{self, B}, c}; / b.rs: fn f(a: crate::a::A) {}", "a b"),
    ("a.rs: use crate::b; fn f() { b::f() } / b.rs: use crate::a::f as g;", "a b"),
    ("a.rs: fn f() { vec![crate::b::B] } / b.rs: use crate::a::f;", "a b"),
    ("a.rs: fn f() { x.b::<crate::b::B>() } / b.rs: use crate::a::f;", "a b"),
    ("a.rs: fn f(x: impl F + use<'_>) { crate::b::g() } / b.rs: use ringback::a::f;", "a b"),
    ("a.rs: fn f() { x::y::<u8>::b::B } / b.rs: use crate::a::f;", ""),
    ("a.rs: const X: &str = \"crate::b::B\"; // crate::b::B / b.rs: use crate::a::f;", ""),
    // Only a module as a whole is brought in.
    ("a.rs: use crate::b; / b.rs: use crate::a::f;", ""),
    // Tests do not count, nor files for tests.
    ("a.rs: #[cfg(test)] mod tests { use crate::b::B; } / b.rs: use crate::a::f;", ""),
    ("a.rs: #[cfg(test)] use crate::b::{B}; fn f() {} / b.rs: use crate::a::f;", ""),
    ("a.rs: #[cfg(test)] pub fn f() -> [u8; 2] { crate::b::B } / b.rs: use crate::a::f;", ""),
    ("a.rs: #[cfg(test)] mod t { } fn f() { crate::b::g() } / b.rs: use crate::a::f;", "a b"),
    ("lib.rs: mod a; #[cfg(test)] mod b; / a.rs: use crate::b::B; / b.rs: use crate::a::f;", ""),
    ("a.rs: #[cfg(test)] mod tests; fn f() {} / a/tests.rs: use super::f; use crate::a::g;", ""),
    // What a folder hands on belongs to the file that defines it.
    ("c/mod.rs: pub use self::d::D; / c/d.rs: pub struct D; / c/e.rs: use super::D;", ""),
    (
        "c/mod.rs: pub use self::d::D; / c/d.rs: use super::e::f; / c/e.rs: use super::D;",
        "c::d c::e",
    ),
    ("c/mod.rs: use self::d::D; / c/d.rs: use super::e::f; / c/e.rs: use super::D;", "c::d c::e"),
    ("c/mod.rs: pub use d::{D}; / c/d.rs: use crate::a::f; / a.rs: use crate::c::D;", "a c::d"),
    (
        "c/mod.rs: pub(super) use d::{D as E}; / c/d.rs: use crate::a::f; / a.rs: type T = crate::c::E;",
        "a c::d",
    ),
    // A function may be called as its file is.
    ("c/mod.rs: pub use d::d; / c/d.rs: use crate::a::f; / a.rs: use crate::c::d;", "a c::d"),
    ("c/mod.rs: pub use d::d; / c/d.rs: use crate::a::f; / a.rs: use crate::c::d::g;", "a c::d"),
    // A folder's own code is code.
    ("c/mod.rs: mod d; fn f() { d::g() } / c/d.rs: fn g() { super::h() }", "c c::d"),
    ("c/mod.rs: use d::g; fn h() { g() } / c/d.rs: use super::h;", "c c::d"),
    ("c/mod.rs: pub use d::D; fn h() -> D {} / c/d.rs: use super::h;", "c c::d"),
    ("c/mod.rs: pub use d::D; fn h() {} / c/d.rs: use super::h;", ""),
];

fn source(path: &str, text: &str) -> Source {
    Source { path: format!("src/{path}"), module: String::new(), text: text.to_owned() }
}

/// The check above sees what it is for.
#[test]
fn circles_are_seen() {
    for (files, expected) in SEEN {
        let sources = files.split(" / ").map(|file| file.split_once(": ").unwrap());
        let sources: Vec<Source> = sources.map(|(path, text)| source(path, text)).collect();
        let found: Vec<Module> =
            circles(&Files::of(&sources).needs()).into_iter().flatten().collect();
        assert_eq!(found.join(" "), *expected, "{files}");
    }
}

const OF_TWO: &[(&str, &str)] = &[("a", "b"), ("b", "a c"), ("c", "")];
const OF_THREE: &[(&str, &str)] = &[("a", "b"), ("b", "c"), ("c", "a")];

/// Which file needs which, the circles that are known, and what is wrong.
type Listed =
    (&'static [(&'static str, &'static str)], &'static [&'static [&'static str]], &'static str);

const LISTED: &[Listed] = &[
    (OF_TWO, &[&["a", "b"]], ""),
    (OF_TWO, &[], "`a` stands in a circle: a -> b -> a"),
    (OF_TWO, &[&["a", "c"]], "`b` stands in a circle: b -> a -> b"),
    (OF_TWO, &[&["a", "b", "c"]], "write in its place in `CIRCLES` [[\"a\", \"b\"]]"),
    (OF_TWO, &[&["a", "b"], &["c", "d"]], "remove it from `CIRCLES`"),
    (OF_THREE, &[&["a", "b"]], "`c` stands in a circle: c -> a -> b -> c"),
];

/// A circle may be one of the known ones, and must be no smaller.
#[test]
fn the_list_of_circles_only_shrinks() {
    for (needs, known, expected) in LISTED {
        let sources = needs.iter().map(|(file, needs)| {
            let calls = needs.split_whitespace().map(|need| format!("crate::{need}::f();"));
            source(&format!("{file}.rs"), &format!("fn f() {{ {} }}", calls.collect::<String>()))
        });
        let faults = faults(&Files::of(&sources.collect::<Vec<_>>()), known);
        let is_as_expected = faults.iter().any(|fault| fault.contains(expected));
        assert!(
            faults.is_empty() == expected.is_empty() && (is_as_expected || faults.is_empty()),
            "{needs:?} {known:?}: {faults:?}"
        );
    }
}
