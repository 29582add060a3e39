//! What is understood as a phone number.

use proptest::prelude::*;

use super::{Country, DATABASE, read};

/// The codes of all countries.
fn codes() -> Vec<String> {
    let letters = || 'A'..='Z';
    letters()
        .flat_map(|first| letters().map(move |second| format!("{first}{second}")))
        .filter(|code| Country::named(code).is_some())
        .collect()
}

/// Checks each text with the country of its question.
#[track_caller]
fn check(cases: &[(&str, &str, Option<&str>)]) {
    for (country, text, number) in cases {
        let country = (!country.is_empty()).then(|| Country::named(country).unwrap());
        assert_eq!(read(text, country).as_deref(), *number, "{country:?} {text:?}");
    }
}

#[test]
fn numbers() {
    check(&[
        ("", "+49 30 5550 1234", Some("+493055501234")),
        ("", "+49 (0)30 5550-1234", Some("+493055501234")),
        ("", "+49.30.55501234", Some("+493055501234")),
        ("", "0049 30 5550 1234", Some("+493055501234")),
        ("", "+1 (415) 555-0100", Some("+14155550100")),
        ("", "+14155550100", Some("+14155550100")),
        ("", "+39 02 3661 8300", Some("+390236618300")),
        ("", "+44 20 7946 0018", Some("+442079460018")),
        // Of which country?
        ("", "030 5550 1234", None),
        ("", "493055501234", None),
        ("", "415-555-0100", None),
        ("DE", "030 5550 1234", Some("+493055501234")),
        ("DE", "(030) 5550/1234", Some("+493055501234")),
        ("DE", "0151 12345678", Some("+4915112345678")),
        ("DE", "+1 415 555 0100", Some("+14155550100")),
        ("DE", "0049 30 5550 1234", Some("+493055501234")),
        ("US", "415-555-0100", Some("+14155550100")),
        ("US", "1 415 555 0100", Some("+14155550100")),
        ("US", "011 49 30 5550 1234", Some("+493055501234")),
        ("US", "0049 30 5550 1234", Some("+493055501234")),
        // Whatever the question's country writes before its own numbers.
        ("US", "+55 11 91234-5678", Some("+5511912345678")),
        ("US", "+49 (0)30 5550-1234", Some("+493055501234")),
        ("US", "+44 (0) 20 7946 0958", Some("+442079460958")),
        ("US", "+54 11 2345-6789", Some("+541123456789")),
        ("DE", "+39 02 3661 8300", Some("+390236618300")),
        ("FR", "+49 030 5550 1234", Some("+493055501234")),
        ("RU", "+82 2 312 3456", Some("+8223123456")),
        ("IT", "02 3661 8300", Some("+390236618300")),
        ("FR", "06 12 34 56 78", Some("+33612345678")),
        ("BR", "(11) 91234-5678", Some("+5511912345678")),
        // Without the digit that begins a national number, where its country can do without.
        ("DE", "30 5550 1234", None),
        ("DE", "5550 1234", None),
        ("DE", "49 30 5550 1234", Some("+493055501234")),
        ("FR", "6 12 34 56 78", None),
        ("JP", "90-1234-5678", None),
        ("JP", "090-1234-5678", Some("+819012345678")),
        ("IN", "98765 43210", Some("+919876543210")),
        ("IN", "098765 43210", Some("+919876543210")),
        ("BR", "011 91234-5678", Some("+5511912345678")),
        ("RU", "912 345-67-89", Some("+79123456789")),
        ("RU", "8 (912) 345-67-89", Some("+79123456789")),
        ("ES", "612 34 56 78", Some("+34612345678")),
        ("AT", "0664 123 4567", Some("+436641234567")),
        ("AR", "11 2345-6789", Some("+541123456789")),
        // No number, or one that no plan has.
        ("US", "555-0100", None),
        ("US", "+1 555 555 5555", None),
        ("US", "911", None),
        ("DE", "110", None),
        ("", "+999 123456", None),
        ("", "+49", None),
        ("", "+49 30 5550 1234 5678 9012", None),
        ("DE", "0", None),
        ("DE", "5", None),
        ("US", "415-555-0100 ext. 5", None),
        ("US", "415-555-0100x5", None),
        ("US", "1-800-FLOWERS", None),
        ("US", "415-555-0100, 415-555-0101", None),
        ("US", "415-555-0100+", None),
        ("US", "++14155550100", None),
        ("", "tel:+14155550100", Some("+14155550100")),
        ("", "TEL:+1-415-555-0100", Some("+14155550100")),
        ("", "Tel. +49 30 5550 1234", Some("+493055501234")),
        ("", "My number is +49 30 5550 1234.", Some("+493055501234")),
        ("", "It's +1 415 555 0100!", Some("+14155550100")),
        ("", "call me at +1 415 555 0100", Some("+14155550100")),
        ("", "you can reach me on: +1 415 555 0100", Some("+14155550100")),
        ("", "+49 30 5550 1234 (mobile)", Some("+493055501234")),
        ("", "+49 30 5550 1234 is my number", Some("+493055501234")),
        ("", "Here's my number: +1 415 555 0100", Some("+14155550100")),
        ("", "Mobile: +49 151 12345678", Some("+4915112345678")),
        ("", "(+49) 30 5550 1234", Some("+493055501234")),
        ("", "(+49)30 5550 1234", Some("+493055501234")),
        ("", "+ 49 30 5550 1234", Some("+493055501234")),
        ("", "0049 (0)30 5550 1234", Some("+493055501234")),
        ("DE", "phone: 030/5550 1234", Some("+493055501234")),
        ("DE", "my mobile is 0151 12345678", Some("+4915112345678")),
        ("US", "(415) 555-0100", Some("+14155550100")),
        ("US", "415.555.0100", Some("+14155550100")),
        ("US", "call me on 4155550100", Some("+14155550100")),
    ]);
}

#[test]
fn numbers_in_an_older_form_and_texts_that_are_none() {
    check(&[
        // As WhatsApp shows them, and as they are today.
        ("", "+52 1 55 1234 5678", Some("+525512345678")),
        ("", "+52 55 1234 5678", Some("+525512345678")),
        ("", "0052 1 55 1234 5678", Some("+525512345678")),
        ("", "+55 11 91234-5678", Some("+5511912345678")),
        ("", "+55 11 8123-4567", Some("+5511981234567")),
        ("", "+55 31 9876-5432", Some("+5531998765432")),
        ("", "+55 11 3123-4567", Some("+551131234567")),
        ("", "+54 9 11 2345-6789", Some("+5491123456789")),
        ("", "+54 11 2345-6789", Some("+541123456789")),
        ("", "not +1 415 555 0100", None),
        ("", "my number is not +1 415 555 0100", None),
        ("", "+1 415 555 0100 or +1 415 555 0101", None),
        ("", "+1 415 555 0100 / +1 415 555 0101", None),
        ("", "+1 415 555 0100 after 6", None),
        ("", "+1 415 555 0100 6pm", None),
        ("", "+1 415 555 010", None),
        ("", "+1 415 555 01000", None),
        ("", "+49 30 5550 1234/35", None),
        ("DE", "030 5550123/124", None),
        ("", "+1 415 555 0100 (old)", None),
        ("", "+1 415 555 0100?", None),
        ("", "+1 415 555 0100 #5", None),
        ("", "+1 415 555 0100,5", None),
        ("", "+52 1 55 1234 567", None),
        ("", "+55 11 812-4567", None),
        ("US", "call 911", None),
        ("US", "five five five 0100", None),
        ("US", "same number", None),
        ("US", "this one", None),
        ("US", "0100", None),
        ("", "+", None),
        ("", "()", None),
        ("", "none", None),
        ("", "", None),
    ]);
}

/// The library takes this for granted where it reads a number.
#[test]
fn every_country_has_a_number_plan() {
    let codes = codes();
    assert!(codes.len() > 240, "{}", codes.len());
    for code in codes {
        assert!(DATABASE.by_id(&code).is_some(), "{code}");
    }
    for code in ["de", "UK", "XX", "DEU", "001", ""] {
        assert_eq!(Country::named(code), None, "{code:?}");
    }
}

proptest! {
    #[test]
    fn any_digits_are_a_number_or_none_in_any_country(
        code in proptest::sample::select(codes()),
        text in r"\+?[0-9 ()./-]{0,24}|(00|0|\+)?[0-9]{5,15}",
    ) {
        for country in [None, Country::named(&code)] {
            if let Some(number) = read(&text, country) {
                prop_assert!(number.len() <= 16, "{}", number);
                // The stored form is international, and says the same again.
                prop_assert_eq!(read(&number, None), Some(number));
            }
        }
    }
}
