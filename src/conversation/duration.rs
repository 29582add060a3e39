//! Lengths of time as flows, chat files and commands write them: `90s`, `10m`, `24h`, `7d`.

/// The units, in seconds.
const UNITS: [(char, u64); 4] = [('s', 1), ('m', 60), ('h', 60 * 60), ('d', 24 * 60 * 60)];

/// Reads a whole number and its unit as seconds. A number that is too large
/// becomes the largest one.
#[must_use]
pub fn seconds(text: &str) -> Option<u64> {
    UNITS.iter().find_map(|(unit, seconds)| {
        let digits = text.strip_suffix(*unit)?;
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| digits.parse::<u64>().unwrap_or(u64::MAX).saturating_mul(*seconds))
    })
}

/// Writes seconds as such a text, in the largest unit of which they are a
/// multiple.
#[must_use]
pub fn written(seconds: u64) -> String {
    let whole = UNITS.iter().rev().find(|(_, unit)| seconds.is_multiple_of(*unit));
    let (unit, length) = whole.copied().unwrap_or(('s', 1));
    format!("{}{unit}", seconds / length)
}

#[cfg(test)]
mod tests {
    use super::{seconds, written};

    #[test]
    fn what_is_written_is_read_the_same() {
        for text in ["1s", "90s", "10m", "90m", "24h", "1d", "7d", "365d"] {
            let length = seconds(text).unwrap();
            let again = written(length);
            assert_eq!(seconds(&again), Some(length), "{text}: {again}");
        }
        assert_eq!((written(5_400), written(86_400)), ("90m".to_owned(), "1d".to_owned()));
    }

    #[test]
    fn a_whole_number_and_its_unit() {
        for (text, expected) in [
            ("90s", Some(90)),
            ("10m", Some(600)),
            ("24h", Some(86_400)),
            ("7d", Some(604_800)),
            ("0s", Some(0)),
            ("99999999999999999999d", Some(u64::MAX)),
            ("10", None),
            ("m", None),
            ("+5m", None),
            ("1.5h", None),
            ("5 m", None),
            ("5M", None),
            ("", None),
        ] {
            assert_eq!(seconds(text), expected, "{text:?}");
        }
    }
}
