//! A step that waits for a third party to call back.

use serde_json::{Value as Json, json};

use super::call::Kept;
use super::silence::Silence;
use crate::conversation::template::Template;

/// A wait for a result that a third party brings. What follows each outcome
/// stands in `when` of the step.
#[derive(Clone, Debug)]
pub struct WaitFor {
    /// What it waits for, as the flow names it: `payment`.
    pub name: String,
    /// What is kept of the result.
    pub(in crate::conversation) keep: Vec<Kept>,
    /// What is said to a message that comes meanwhile.
    pub(in crate::conversation) meanwhile: Option<Template>,
    /// What happens while no result comes.
    pub silence: Silence,
}

impl WaitFor {
    /// Returns a result that fits, with samples for what is kept of it.
    #[must_use]
    pub fn sample(&self, outcome: &str) -> Json {
        let mut result = json!({ "outcome": outcome });
        for kept in self.keep.iter().filter(|kept| kept.is_required) {
            let mut at = &mut result;
            for part in kept.pointer.split('/').skip(1) {
                let part = part.replace("~1", "/").replace("~0", "~");
                at = match part.parse::<usize>() {
                    Ok(index) if index < MOST_ITEMS && (at.is_null() || at.is_array()) => {
                        item(at, index)
                    }
                    _ => member(at, &part),
                };
            }
            if at.is_null() {
                *at = json!(1);
            }
        }
        result
    }
}

/// The longest list in a sample.
const MOST_ITEMS: usize = 10;

fn item(list: &mut Json, index: usize) -> &mut Json {
    if list.is_null() {
        *list = json!([]);
    }
    if let Some(items) = list.as_array_mut().filter(|items| items.len() <= index) {
        items.resize(index + 1, Json::Null);
    }
    &mut list[index]
}

fn member<'j>(map: &'j mut Json, name: &str) -> &'j mut Json {
    if !map.is_object() {
        *map = json!({});
    }
    &mut map[name]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_has_what_is_kept() {
        let kept = |pointer: &str, is_required| Kept {
            variable: "x".to_owned(),
            pointer: pointer.to_owned(),
            is_required,
        };
        let wait = WaitFor {
            name: "payment".to_owned(),
            keep: vec![
                kept("/amount", true),
                kept("/items/1/id", true),
                kept("/a~1b/0", true),
                kept("/note", false),
            ],
            meanwhile: None,
            silence: Silence::default(),
        };
        assert_eq!(
            wait.sample("paid"),
            json!({
                "outcome": "paid", "amount": 1, "items": [null, {"id": 1}], "a/b": [1],
            })
        );
    }
}
