//! What the provider sent with a message in addition to the message itself.
//!
//! The object is built when the message is read, while nobody waits for it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;

/// Further parameters, as a JSON object of texts by name. A name that occurs
/// several times has a list.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Parameters(Option<String>);

impl Parameters {
    /// Returns the object; `None` if there are no parameters.
    pub fn as_json(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl fmt::Debug for Parameters {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_json().unwrap_or("{}"))
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for Parameters {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a str)>>(pairs: I) -> Self {
        let mut object: BTreeMap<&str, OneOrMore<'_>> = BTreeMap::new();
        for (name, value) in pairs {
            match object.entry(name) {
                Entry::Vacant(entry) => drop(entry.insert(OneOrMore::One(value))),
                Entry::Occupied(mut entry) => entry.get_mut().push(value),
            }
        }
        // Texts under text keys always serialise.
        Self((!object.is_empty()).then(|| serde_json::to_string(&object).unwrap_or_default()))
    }
}

#[derive(serde::Serialize)]
#[serde(untagged)]
enum OneOrMore<'a> {
    One(&'a str),
    More(Vec<&'a str>),
}

impl<'a> OneOrMore<'a> {
    fn push(&mut self, value: &'a str) {
        match self {
            Self::One(first) => *self = Self::More(vec![first, value]),
            Self::More(values) => values.push(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_its_text_or_all_of_them() {
        let json = |pairs: &[(&'static str, &'static str)]| {
            let parameters: Parameters = pairs.iter().copied().collect();
            parameters.as_json().map(str::to_owned)
        };
        assert_eq!(json(&[]), None);
        assert_eq!(
            json(&[("b", "1"), ("a", "\"ö\n")]).as_deref(),
            Some(r#"{"a":"\"ö\n","b":"1"}"#)
        );
        assert_eq!(
            json(&[("a", "1"), ("b", ""), ("a", "2"), ("a", "1")]).as_deref(),
            Some(r#"{"a":["1","2","1"],"b":""}"#)
        );
    }
}
