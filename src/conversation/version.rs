//! A version of the flows: all files that are served together.
//!
//! Flows run each other and have language files, so that one file alone says
//! little. The store keeps the order in which versions were served, and the
//! version of each person.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::source::Source;

/// The files of a version, and their hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// SHA-256 over the files' names and texts: 64 hexadecimal digits.
    pub hash: String,
    /// The files by name, without their folder, which may differ between
    /// machines and releases.
    pub sources: Vec<Source>,
}

impl Version {
    /// Returns the version of these files, in whatever order they are listed.
    #[must_use]
    pub fn of(sources: &[Source]) -> Self {
        let mut sources: Vec<Source> = sources.iter().map(without_folder).collect();
        sources.sort_by(|left, right| left.name.cmp(&right.name));
        let mut hash = Sha256::new();
        for part in sources.iter().flat_map(|source| [&source.name, &source.text]) {
            // With its length, so that no two lists of files read the same.
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
        let mut hexadecimal = String::with_capacity(64);
        for byte in hash.finalize() {
            // Writing to a string cannot fail.
            let _ = write!(hexadecimal, "{byte:02x}");
        }
        Self { hash: hexadecimal, sources }
    }
}

/// Returns the name of a version for people: the beginning of its hash.
#[must_use]
pub fn short_hash(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

/// Returns a file without its folder. Both separators count, since another
/// system may have stored the version.
fn without_folder(source: &Source) -> Source {
    let name = source.name.rsplit(['/', '\\']).next().unwrap_or_default();
    Source { name: name.to_owned(), text: source.text.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(sources: &[(&str, &str)]) -> String {
        let sources: Vec<Source> = sources
            .iter()
            .map(|(name, text)| Source { name: (*name).to_owned(), text: (*text).to_owned() })
            .collect();
        Version::of(&sources).hash
    }

    #[test]
    fn a_version_is_its_files_wherever_they_lie_and_however_they_are_listed() {
        let version = hash(&[("flows/a.yaml", "1"), ("flows/b.yaml", "2")]);
        assert_eq!(version, hash(&[("/etc/ringback/b.yaml", "2"), ("a.yaml", "1")]));
        assert_eq!((version.len(), short_hash(&version).len()), (64, 12));
        for other in [
            &[("a.yaml", "1"), ("b.yaml", "3")][..],
            &[("a.yaml", "1"), ("c.yaml", "2")],
            &[("a.yaml", "1")],
            &[("a.yaml", "1b.yaml2")],
        ] {
            assert_ne!(version, hash(other), "{other:?}");
        }
    }
}
