//! The paths that the code of a file names, read from its tokens: those of its
//! `use` items and those written in place. Code that is only for tests is left out.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A path by its names, as in `["super", "draft", "Draft"]`.
pub(super) type Path = Vec<String>;

/// A name that a `use` brings into a file.
#[derive(Debug)]
pub(super) struct Import {
    pub(super) name: String,
    pub(super) path: Path,
    /// Whether others can take it from here.
    pub(super) is_public: bool,
}

/// What the code of a file names.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) imports: Vec<Import>,
    /// The paths outside of `use` items; single names are among them.
    pub(super) paths: Vec<Path>,
    /// The modules that are declared for tests only.
    pub(super) test_modules: Vec<String>,
}

impl Names {
    /// What a file's text names.
    pub(super) fn of(text: &str) -> Self {
        let mut names = Self::default();
        names.read(text.parse().expect("Rust code"));
        names
    }

    fn read(&mut self, code: TokenStream) {
        let tokens: Vec<TokenTree> = code.into_iter().collect();
        let mut rest = tokens.as_slice();
        let mut is_public = false;
        // Behind a `.` or a `::` no path begins.
        let mut goes_on = false;
        while let [token, after @ ..] = rest {
            let here = rest;
            rest = after;
            let (was_public, went_on) = (is_public, goes_on);
            (is_public, goes_on) = (false, false);
            match token {
                // `impl Trait + use<'a>` is no item.
                TokenTree::Ident(ident) if ident == "use" && !is_at(after, "<") => {
                    let end = after.iter().position(|token| is(token, ';'));
                    let (tree, others) = after.split_at(end.unwrap_or(after.len()));
                    self.import(tree, &[], was_public);
                    rest = others;
                }
                TokenTree::Ident(ident) if ident == "pub" => is_public = true,
                TokenTree::Ident(ident) => {
                    let mut path = vec![ident.to_string()];
                    while let [_, _, TokenTree::Ident(next), others @ ..] = rest
                        && is_at(rest, "::")
                    {
                        path.push(next.to_string());
                        rest = others;
                    }
                    self.paths.extend((!went_on).then_some(path));
                }
                TokenTree::Punct(_) if is(token, '#') && is_for_tests(after) => {
                    rest = self.skip_item(&after[1..]);
                }
                TokenTree::Punct(_) if is_at(here, "::") => {
                    rest = &after[1..];
                    goes_on = true;
                }
                TokenTree::Punct(_) => goes_on = is(token, '.') || is(token, '\''),
                TokenTree::Group(group) => {
                    // `pub(super) use` is as public as `pub use`.
                    is_public = was_public && group.delimiter() == Delimiter::Parenthesis;
                    self.read(group.stream());
                }
                TokenTree::Literal(_) => {}
            }
        }
    }

    /// Takes in the tree of a `use`, whose names stand behind `before`.
    fn import(&mut self, tree: &[TokenTree], before: &[String], is_public: bool) {
        for part in tree.split(|token| is(token, ',')).filter(|part| !part.is_empty()) {
            let mut path = before.to_vec();
            let mut rest = part;
            while let [token, after @ ..] = rest {
                match token {
                    TokenTree::Ident(ident) if ident == "as" => break,
                    TokenTree::Ident(ident) => path.push(ident.to_string()),
                    TokenTree::Punct(_) if is(token, '*') => path.push("*".to_owned()),
                    _ => {}
                }
                rest = after;
            }
            match (part.last(), rest) {
                (Some(TokenTree::Group(group)), _) => {
                    let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                    self.import(&inner, &path, is_public);
                }
                (_, [_, name]) => self.imports.push(Import {
                    name: name.to_string(),
                    path: without_self(path),
                    is_public,
                }),
                _ => {
                    let path = without_self(path);
                    let name = path.last().cloned().unwrap_or_default();
                    self.imports.push(Import { name, path, is_public });
                }
            }
        }
    }

    /// Leaves out an item that is for tests only; what follows it.
    fn skip_item<'t>(&mut self, tokens: &'t [TokenTree]) -> &'t [TokenTree] {
        let is_brace = |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        let end = tokens.iter().position(|token| is(token, ';') || is_brace(token));
        let (item, after) = tokens.split_at(end.map_or(tokens.len(), |end| end + 1));
        if let [.., TokenTree::Ident(keyword), TokenTree::Ident(name), _] = item
            && keyword == "mod"
        {
            self.test_modules.push(name.to_string());
        }
        after
    }
}

fn is(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

/// Whether these signs come first.
fn is_at(tokens: &[TokenTree], signs: &str) -> bool {
    signs.len() <= tokens.len() && signs.chars().zip(tokens).all(|(sign, token)| is(token, sign))
}

/// Whether this begins with the rest of `#[cfg(test)]`.
fn is_for_tests(tokens: &[TokenTree]) -> bool {
    matches!(tokens.first(), Some(TokenTree::Group(group))
        if group.stream().to_string().replace(' ', "") == "cfg(test)")
}

/// `use a::{self}` brings in `a`.
fn without_self(mut path: Path) -> Path {
    if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
        path.pop();
    }
    path
}
