//! `type: location`.
//!
//! **Accepted** is a place that the phone shares (WhatsApp's *Location*), and
//! degrees that are typed or copied from a map, the latitude first:
//! `52.52, 13.405`, `52.52 13.405`, `(-33.86, 151.21)`, `52.52° N, 13.405° E`.
//!
//! Typed degrees need a decimal point in both numbers: `52,52 13,4` and `52, 13`
//! could be read in two ways. Not accepted: degrees with minutes, the longitude
//! first, addresses, and links to maps. Latitudes go from -90 to 90, longitudes
//! from -180 to 180.
//!
//! **Stored** as `LATITUDE,LONGITUDE` in decimal degrees, at most six decimals
//! (11 cm) and no zeros at their end: `52.52,13.405`. `NAME_label` holds the
//! name and the address that the phone sent,
//! `Twilio, 375 Beale St, San Francisco`. It is empty if the phone sent
//! neither.

use super::Reading;
use crate::message::Location;

/// The number of decimals that are kept.
const DECIMALS: usize = 6;

/// Reads a shared location, with its label.
pub(super) fn shared(place: &Location) -> Option<Reading> {
    let degrees = |text: &str| text.trim().parse::<f64>().ok();
    let value = stored(degrees(&place.latitude)?, degrees(&place.longitude)?)?;
    Some(Reading::Labelled { value, label: label(place) })
}

/// Reads typed degrees.
pub(super) fn read(text: &str) -> Option<String> {
    let text = match text.strip_prefix('(') {
        Some(rest) => rest.strip_suffix(')')?.trim(),
        None => text,
    };
    let (latitude, longitude) =
        text.split_once(',').or_else(|| text.split_at_checked(middle(text)?))?;
    stored(typed(latitude, 'N', 'S')?, typed(longitude, 'E', 'W')?)
}

/// Returns where the second number begins, if only white space separates the
/// two.
fn middle(text: &str) -> Option<usize> {
    let is_gap = |(at, _): &(usize, &str)| {
        let rest = text[*at..].trim_start();
        rest.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '+')
    };
    text.match_indices(' ').find(is_gap).map(|(at, _)| at)
}

/// Reads `13.405`, `-13.405`, `13.405°`, `13.405° E` or `13.405W`.
fn typed(text: &str, positive: char, negative: char) -> Option<f64> {
    let text = text.trim();
    let ends = |letter: char| {
        text.strip_suffix(letter).or_else(|| text.strip_suffix(letter.to_ascii_lowercase()))
    };
    let (number, turned) = match (ends(positive), ends(negative)) {
        (Some(number), _) => (number, Some(1.0)),
        (None, Some(number)) => (number, Some(-1.0)),
        (None, None) => (text, None),
    };
    let number = number.trim_end();
    let number = number.strip_suffix('°').unwrap_or(number);
    let unsigned = number.strip_prefix(['-', '+']).unwrap_or(number);
    let (whole, fraction) = unsigned.split_once('.')?;
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    // `-5.0 S` would turn round twice.
    let is_number =
        is_digits(whole) && is_digits(fraction) && (turned.is_none() || unsigned == number);
    let degrees = number.parse::<f64>().ok().filter(|_| is_number)?;
    Some(degrees * turned.unwrap_or(1.0))
}

fn stored(latitude: f64, longitude: f64) -> Option<String> {
    let is_on_earth = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
    is_on_earth.then(|| format!("{},{}", shown(latitude), shown(longitude)))
}

fn shown(degrees: f64) -> String {
    let rounded = format!("{degrees:.DECIMALS$}");
    match rounded.trim_end_matches('0').trim_end_matches('.') {
        "-0" => "0".to_owned(),
        shown => shown.to_owned(),
    }
}

fn label(place: &Location) -> String {
    let told = |part: &Option<String>| part.as_deref().unwrap_or_default().trim().to_owned();
    let (name, address) = (told(&place.label), told(&place.address));
    if name.is_empty() || address.starts_with(&name) {
        address
    } else if address.is_empty() {
        name
    } else {
        format!("{name}, {address}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Reading;
    use super::{read, shared};
    use crate::message::Location;

    #[test]
    fn typed_degrees() {
        for (text, place) in [
            ("52.52, 13.405", Some("52.52,13.405")),
            ("52.52,13.405", Some("52.52,13.405")),
            ("52.52 13.405", Some("52.52,13.405")),
            ("52.52 , 13.405", Some("52.52,13.405")),
            ("(52.52, 13.405)", Some("52.52,13.405")),
            ("-33.86, 151.21", Some("-33.86,151.21")),
            ("-33.86 -70.6", Some("-33.86,-70.6")),
            ("+33.860 +151.2100", Some("33.86,151.21")),
            ("52.520008, 13.404954", Some("52.520008,13.404954")),
            ("52.5200081234567, 13.4", Some("52.520008,13.4")),
            ("52.52° N, 13.405° E", Some("52.52,13.405")),
            ("33.86°S 151.21°E", Some("-33.86,151.21")),
            ("33.86s, 70.6w", Some("-33.86,-70.6")),
            ("52.52 N 13.405 E", Some("52.52,13.405")),
            ("90.0, 180.0", Some("90,180")),
            ("-0.0000001, 0.0", Some("0,0")),
            // Two ways to read them, or none.
            ("52, 13", None),
            ("52,52", None),
            ("52,52 13,4", None),
            ("52,52, 13,4", None),
            ("52.52", None),
            ("52.52, 13", None),
            ("52.52, 13.4, 10.0", None),
            ("52.52 13.4 10.0", None),
            ("90.01, 13.4", None),
            ("52.52, 180.01", None),
            ("13.405 E, 52.52 N", None),
            ("-33.86 S, 151.21 E", None),
            ("52° 31' N, 13° 24' E", None),
            ("1e1.0, 13.4", None),
            ("NaN, 13.4", None),
            ("(52.52, 13.405", None),
            ("https://maps.example/?q=52.52,13.405", None),
            ("Marktplatz 3", None),
            (",", None),
            ("", None),
        ] {
            assert_eq!(read(text).as_deref(), place, "{text:?}");
        }
    }

    #[test]
    fn shared_places() {
        for (latitude, longitude, name, address, expected) in [
            ("37.7879", "-122.3965", "", "", Some(("37.7879,-122.3965", ""))),
            ("52", "13", "", "", Some(("52,13", ""))),
            ("1.50", "-0", "Home", "", Some(("1.5,0", "Home"))),
            ("1.5", "2.5", "", "1 Main St", Some(("1.5,2.5", "1 Main St"))),
            ("1.5", "2.5", " Inn ", "1 Main St", Some(("1.5,2.5", "Inn, 1 Main St"))),
            ("1.5", "2.5", "1 Main St", "1 Main St, Rome", Some(("1.5,2.5", "1 Main St, Rome"))),
            ("91", "2.5", "", "", None),
            ("north", "2.5", "", "", None),
            ("inf", "NaN", "", "", None),
        ] {
            let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            let place = Location {
                latitude: latitude.to_owned(),
                longitude: longitude.to_owned(),
                label: text(name),
                address: text(address),
            };
            let expected = expected.map(|(value, label): (&str, &str)| Reading::Labelled {
                value: value.to_owned(),
                label: label.to_owned(),
            });
            assert_eq!(shared(&place), expected, "{place:?}");
        }
    }

    proptest! {
        #[test]
        fn degrees_are_kept_to_eleven_centimetres(
            latitude in -90.0..=90.0_f64, longitude in -180.0..=180.0_f64,
        ) {
            let place = read(&format!("{latitude:.9}, {longitude:.9}")).unwrap();
            let (north, east) = place.split_once(',').unwrap();
            prop_assert!((north.parse::<f64>().unwrap() - latitude).abs() < 0.000_001);
            prop_assert!((east.parse::<f64>().unwrap() - longitude).abs() < 0.000_001);
            prop_assert!(place.len() <= 22);
        }

        #[test]
        fn any_text_is_a_place_or_none(text in r"[-+0-9., °NSEWé()]{0,24}") {
            read(&text);
        }
    }
}
