//! Which file of `src` needs which: it names an item that the other defines. A
//! name that is handed on by a `use` belongs to the file that defines it.

use std::collections::{BTreeMap, BTreeSet};

use super::paths::{Import, Names};
use super::sources::Source;

/// A file's module, as in `conversation::load`; the crate's root is the empty one.
pub(super) type Module = String;

/// The files that each file needs, itself left out.
pub(super) type Needs<'a> = BTreeMap<&'a Module, BTreeSet<Module>>;

/// The files of a crate.
#[derive(Debug)]
pub(super) struct Files {
    names: BTreeMap<Module, Names>,
}

impl Files {
    /// These files, but those that are for tests only.
    pub(super) fn of(sources: &[Source]) -> Self {
        let mut names: BTreeMap<Module, Names> =
            sources.iter().map(|source| (module(source), Names::of(&source.text))).collect();
        let for_tests: BTreeSet<Module> = names
            .iter()
            .flat_map(|(own, names)| names.test_modules.iter().map(|name| within(own, name)))
            .collect();
        names.retain(|own, _| !for_tests.iter().any(|tests| is_in(own, tests)));
        Self { names }
    }

    /// The modules of all files.
    pub(super) fn modules(&self) -> impl Iterator<Item = &Module> {
        self.names.keys()
    }

    /// Which file needs which.
    pub(super) fn needs(&self) -> Needs<'_> {
        self.names.keys().map(|own| (own, self.needs_of(own))).collect()
    }

    fn needs_of(&self, own: &str) -> BTreeSet<Module> {
        let names = &self.names[own];
        let imported = names.imports.iter().filter_map(|import| {
            let home = self.home(&self.absolute(own, &import.path)?)?;
            // What is taken from a file below to be handed on is not used by that.
            (!import.is_public || !is_in(&home, own)).then_some(home)
        });
        let in_place = names.paths.iter().filter_map(|path| {
            let path = match self.import(own, &path[0]) {
                Some(import) => [import.path.clone(), path[1..].to_vec()].concat(),
                None if path.len() > 1 => path.clone(),
                None => return None,
            };
            self.home(&self.absolute(own, &path)?)
        });
        imported.chain(in_place).filter(|home| home != own).collect()
    }

    fn import(&self, module: &str, name: &str) -> Option<&Import> {
        self.names.get(module)?.imports.iter().find(|import| import.name == name)
    }

    /// A path from the crate's root on; `None` where it leads out of the crate.
    fn absolute(&self, own: &str, path: &[String]) -> Option<Vec<String>> {
        let mut at: Vec<&str> = own.split("::").filter(|name| !name.is_empty()).collect();
        let mut rest = path;
        match rest.first()?.as_str() {
            "crate" | "ringback" => (at, rest) = (Vec::new(), &rest[1..]),
            "self" => rest = &rest[1..],
            "super" => {
                while let Some((_, others)) =
                    rest.split_first().filter(|(name, _)| *name == "super")
                {
                    at.pop();
                    rest = others;
                }
            }
            child if self.names.contains_key(&within(own, child)) => {}
            _ => return None,
        }
        Some(at.into_iter().map(str::to_owned).chain(rest.iter().cloned()).collect())
    }

    /// The file that defines what a path from the root leads to; `None` where
    /// that is a module as a whole.
    fn home(&self, path: &[String]) -> Option<Module> {
        let mut module = Module::new();
        for (at, name) in path.iter().enumerate() {
            let child = within(&module, name);
            let is_last = at + 1 == path.len();
            let handed_on = self.import(&module, name).and_then(|import| {
                self.absolute(&module, &import.path)
                    .filter(|target| target.as_slice() != &path[..=at])
            });
            if self.names.contains_key(&child) && !(is_last && handed_on.is_some()) {
                module = child;
                continue;
            }
            return match handed_on {
                Some(target) => self.home(&[&target, &path[at + 1..]].concat()),
                None => Some(module),
            };
        }
        None
    }
}

/// The module of a file.
fn module(source: &Source) -> Module {
    let path = source.path.trim_start_matches("src/").trim_end_matches(".rs");
    let path = path.strip_suffix("/mod").unwrap_or(path);
    if path == "lib" { Module::new() } else { path.replace('/', "::") }
}

fn within(module: &str, name: &str) -> Module {
    if module.is_empty() { name.to_owned() } else { format!("{module}::{name}") }
}

/// Whether a module is the other one or stands in it.
fn is_in(module: &str, outer: &str) -> bool {
    let rest = module.strip_prefix(outer);
    outer.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}
