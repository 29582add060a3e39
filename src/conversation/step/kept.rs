//! What a flow keeps of the answer to a call.

use serde_json::{Number, Value as Json};

use crate::conversation::Value;
use crate::conversation::flow::Kept;
use crate::message::without_controls;

/// The most characters of a whole body that is kept as a text.
const LONGEST_BODY: usize = 1_600;

/// The most digits of a number that is kept. More of them would not come back
/// as they are.
const MOST_DIGITS: usize = 15;

/// Returns the variables with their values, or what stands in the way, in words.
pub(super) fn of(keep: &[Kept], body: &[u8]) -> Result<Vec<(String, Value)>, String> {
    if keep.is_empty() {
        return Ok(Vec::new());
    }
    let json: Option<Json> = serde_json::from_slice(body).ok();
    let mut values = Vec::new();
    for Kept { variable, pointer, is_required } in keep {
        let found = if pointer.is_empty() {
            whole(json.as_ref(), body)?
        } else {
            let found = json.as_ref().and_then(|json| json.pointer(pointer));
            found.map(|found| value(found, pointer)).transpose()?.flatten()
        };
        match found {
            Some(value) => values.push((variable.clone(), value)),
            None if !is_required => values.push((variable.clone(), Value::from(""))),
            None if pointer.is_empty() => return Err("the answer has no text to keep".to_owned()),
            None => return Err(format!("the answer has no `{pointer}` to keep")),
        }
    }
    Ok(values)
}

/// Returns a body as a text: that of a JSON text, or a body that is no JSON.
fn whole(json: Option<&Json>, body: &[u8]) -> Result<Option<Value>, String> {
    let text = match json {
        Some(Json::String(text)) => text.as_str(),
        Some(Json::Null) => return Ok(None),
        Some(Json::Bool(_) | Json::Number(_)) => {
            return json.map(|json| value(json, "")).transpose().map(Option::flatten);
        }
        Some(Json::Array(_) | Json::Object(_)) => {
            return Err("the answer is a list or an object, and no text".to_owned());
        }
        None => match std::str::from_utf8(body) {
            Ok(text) => text,
            Err(_) => return Err("the answer is no text".to_owned()),
        },
    };
    if text.chars().count() > LONGEST_BODY {
        return Err(format!("the answer has more than {LONGEST_BODY} characters"));
    }
    let text = without_controls(text);
    Ok((!text.trim().is_empty()).then(|| Value::Text(text.into_owned())))
}

/// Returns a value as a variable holds it; `None` for what is none.
fn value(json: &Json, pointer: &str) -> Result<Option<Value>, String> {
    Ok(match json {
        Json::String(text) => Some(Value::Text(without_controls(text).into_owned())),
        Json::Bool(is) => Some(Value::from(if *is { "yes" } else { "no" })),
        Json::Number(number) => match self::number(number) {
            Some(number) => Some(number),
            None => {
                return Err(format!(
                    "the number at `{pointer}` has more than {MOST_DIGITS} digits"
                ));
            }
        },
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    })
}

fn number(number: &Number) -> Option<Value> {
    let value = match (number.as_i64(), number.as_f64()) {
        (Some(integer), _) => Value::Integer(integer),
        (None, Some(float)) => Value::Number(float),
        (None, None) => return None,
    };
    let digits = value.to_string();
    let digits = digits.trim_start_matches(['-', '0', '.']).bytes().filter(u8::is_ascii_digit);
    (digits.count() <= MOST_DIGITS).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(pointer: &str, body: &str) -> String {
        let keep = [true, false].map(|is_required| Kept {
            variable: "x".to_owned(),
            pointer: pointer.to_owned(),
            is_required,
        });
        let [required, optional] = keep.map(|keep| of(&[keep], body.as_bytes()));
        match (required, optional) {
            (Ok(values), same) if Ok(&values) == same.as_ref() => format!("{:?}", values[0].1),
            (Err(why), Ok(_)) => format!("or empty: {why}"),
            (Err(why), Err(_)) => why,
            (required, optional) => panic!("{required:?} {optional:?}"),
        }
    }

    #[test]
    fn texts_numbers_yes_and_no() {
        let body = r#"{"a": {"b/c": [1, "two", null, true, false, 2.50, {}]}, "": "e", "m~n": " s\u0000 "}"#;
        for (pointer, expected) in [
            ("/a/b~1c/0", "Integer(1)"),
            ("/a/b~1c/1", "Text(\"two\")"),
            ("/a/b~1c/2", "or empty: the answer has no `/a/b~1c/2` to keep"),
            ("/a/b~1c/3", "Text(\"yes\")"),
            ("/a/b~1c/4", "Text(\"no\")"),
            ("/a/b~1c/5", "Number(2.5)"),
            ("/a/b~1c/6", "or empty: the answer has no `/a/b~1c/6` to keep"),
            ("/a/b~1c/7", "or empty: the answer has no `/a/b~1c/7` to keep"),
            ("/a", "or empty: the answer has no `/a` to keep"),
            ("/", "Text(\"e\")"),
            ("/m~0n", "Text(\" s \")"),
        ] {
            assert_eq!(kept(pointer, body), expected, "{pointer}");
        }
        assert_eq!(kept("/a", "no JSON"), "or empty: the answer has no `/a` to keep");
        assert_eq!(kept("/a", ""), "or empty: the answer has no `/a` to keep");
    }

    #[test]
    fn numbers_of_up_to_15_digits() {
        for (number, expected) in [
            ("123456789012345", "Integer(123456789012345)"),
            ("-123456789012345", "Integer(-123456789012345)"),
            ("0.00012345", "Number(0.00012345)"),
            ("1e3", "Number(1000.0)"),
            ("12.0", "Number(12.0)"),
            ("1234567890123456", "the number at `/n` has more than 15 digits"),
            ("0.1234567890123456", "the number at `/n` has more than 15 digits"),
            ("99999999999999999999", "the number at `/n` has more than 15 digits"),
            ("1e300", "the number at `/n` has more than 15 digits"),
        ] {
            assert_eq!(kept("/n", &format!("{{\"n\": {number}}}")), expected, "{number}");
        }
    }

    #[test]
    fn a_whole_body() {
        let long = "x".repeat(1_601);
        for (body, expected) in [
            ("twelve euros", "Text(\"twelve euros\")"),
            ("\"twelve\"", "Text(\"twelve\")"),
            ("12", "Integer(12)"),
            ("true", "Text(\"yes\")"),
            ("", "or empty: the answer has no text to keep"),
            ("null", "or empty: the answer has no text to keep"),
            ("[1]", "the answer is a list or an object, and no text"),
            (&long, "the answer has more than 1600 characters"),
        ] {
            assert_eq!(kept("", body), expected, "{body}");
        }
    }
}
