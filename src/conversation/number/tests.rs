//! What is understood as a number in digits.

use proptest::prelude::*;

use super::{decimals, integer};

#[test]
fn whole_numbers() {
    for (text, number) in [
        ("5", Some(5)),
        (" 5 ", Some(5)),
        ("5.", Some(5)),
        ("5!", Some(5)),
        ("+5", Some(5)),
        ("-3", Some(-3)),
        ("−3", Some(-3)),
        ("007", Some(7)),
        ("1 500", Some(1_500)),
        ("1\u{a0}500", Some(1_500)),
        ("1'500", Some(1_500)),
        ("2,000,000", Some(2_000_000)),
        ("2.000.000", Some(2_000_000)),
        ("9223372036854775807", Some(i64::MAX)),
        ("-9223372036854775808", Some(i64::MIN)),
        ("9223372036854775808", None),
        ("1,500", Some(1_500)),
        ("1.500", Some(1_500)),
        ("12.500", Some(12_500)),
        ("-1,500", Some(-1_500)),
        ("1,50,000", Some(150_000)),
        ("12,34,567", Some(1_234_567)),
        ("٬5", None),
        ("1٬500", Some(1_500)),
        ("0,500", None),
        ("1,50", None),
        ("1.50.000", None),
        ("123,45,678", None),
        ("5?", None),
        ("1½", None),
        ("1\n500", None),
        ("1.5", None),
        ("5.0", None),
        ("12 34", None),
        ("1 2345", None),
        ("1,000.000,000", None),
        ("0,500,000", None),
        ("five", None),
        ("5 kg", None),
        ("5-6", None),
        ("+-5", None),
        ("1e3", None),
        ("0x10", None),
        ("٥", None),
        ("-", None),
        (".", None),
        ("", None),
    ] {
        assert_eq!(integer(text), number, "{text:?}");
    }
}

#[test]
fn decimal_numbers() {
    for (text, number) in [
        ("5", Some(5.0)),
        ("1.5", Some(1.5)),
        ("1,5", Some(1.5)),
        ("1.50", Some(1.5)),
        ("-0,25", Some(-0.25)),
        (".5", Some(0.5)),
        ("0.125", Some(0.125)),
        ("0,125", Some(0.125)),
        ("1234.567", Some(1234.567)),
        ("1,234.5", Some(1234.5)),
        ("1.234,5", Some(1234.5)),
        ("1 234,567", Some(1234.567)),
        ("1,234,567", Some(1_234_567.0)),
        ("99999999999999.9", Some(99_999_999_999_999.9)),
        ("999999999999999.9", None),
        ("1,50,000.5", Some(150_000.5)),
        ("1.50.000,5", None),
        ("1٫5", Some(1.5)),
        ("1٫500", Some(1.5)),
        ("1٬500٫5", Some(1500.5)),
        ("½", Some(0.5)),
        ("2½", Some(2.5)),
        ("2 ¼", Some(2.25)),
        ("-1¾", Some(-1.75)),
        ("2½½", None),
        ("1.5½", None),
        ("1/2", None),
        ("1.5?", None),
        ("1.5.2", None),
        ("1,5,2", None),
        ("1,5.2", None),
        ("inf", None),
        ("NaN", None),
        ("1e3", None),
        ("", None),
    ] {
        assert_eq!(decimals(text), [number, None], "{text:?}");
    }
    assert!(decimals("-0")[0].is_some_and(f64::is_sign_positive), "there is no negative zero");
    for (text, thousands, fraction) in
        [("1,500", 1500.0, 1.5), ("1.500", 1500.0, 1.5), ("-12,250", -12250.0, -12.25)]
    {
        assert_eq!(decimals(text), [Some(thousands), Some(fraction)], "{text:?}");
    }
}

proptest! {
    #[test]
    fn any_text_is_a_finite_number_or_none(text in "[-+−0-9., '’]{0,24}") {
        prop_assert!(decimals(&text).into_iter().flatten().all(f64::is_finite));
        integer(&text);
    }

    #[test]
    fn a_whole_number_is_read_as_it_is_shown(number: i64) {
        prop_assert_eq!(integer(&number.to_string()), Some(number));
    }

    #[test]
    fn a_decimal_is_read_shown_and_stored_as_it_was_written(
        whole in 0..1_000_000_u32, fraction in 0..1_000_000_u32,
    ) {
        let written = format!("{whole}.{fraction:06}");
        let Some(number) = decimals(&written).into_iter().flatten().last() else {
            return Err(TestCaseError::fail(written));
        };
        let shown = format!("{number}");
        let end = written.trim_end_matches('0').trim_end_matches('.');
        prop_assert_eq!(&shown, end);
        let stored: f64 = serde_json::from_str(&serde_json::to_string(&number).unwrap()).unwrap();
        prop_assert_eq!(stored.to_bits(), number.to_bits());
    }
}
