//! What is understood as a number, and beside which words.

use proptest::prelude::*;

use super::super::plain::plain;
use super::{decimal, integer};

/// Checks that each text is read as this. A `|` stands between two of them.
#[track_caller]
fn check<T: PartialEq + std::fmt::Debug>(
    read: impl Fn(&str) -> Option<T>,
    texts: &str,
    expected: Option<&T>,
) {
    let readings = texts.split('|').map(|text| (text, read(&plain(text))));
    let wrong: Vec<_> = readings.filter(|(_, reading)| reading.as_ref() != expected).collect();
    assert!(wrong.is_empty(), "not {expected:?}: {wrong:#?}");
}

/// The number, whatever is taken.
fn any_decimal(text: &str) -> Option<f64> {
    decimal(text, f64::MIN, f64::MAX)
}

#[test]
fn whole_numbers() {
    for (number, texts) in [
        (
            4,
            "\
4|four|Four|FOUR|for 4|for four|party of 4|a party of 4|we are 4|We're 4|we’re 4|\
there are 4 of us|there're 4 of us|there’s 4 of us|theres 4 of us|there will be 4 of us|\
there'll be 4 people|we will be 4|we'll be 4|just 4|only 4|4 only|exactly 4|4 exactly|\
4 people|4 persons|4 guests|4 pax|4 ppl|4people|4pax|4 of us|the 4 of us|just the four of us|\
all 4 of us|for 4 people|table for 4|a table for four|table for 4 people|it's for 4|it’s 4|\
its 4|it is 4|It'll be 4|it will be 4|that's 4|make it 4|let's say 4|we have 4|we need 4|\
I need 4|i'd like 4|I’d like 4|we would like 4|i want 4|give me 4|4 in total|4 total|\
total: 4|total of 4|a total of 4|in total 4|4 altogether|4 in all|4 all together|4 is fine|\
4 would be great|4x|x4|4 x|×4|people: 4|guests: 4|pax: 4|number 4|answer: 4|4.|4!|4,|4 ,|\
Just 4.|it's 4!|group of 4|we are a party of 4|we're a group of 4|there are 4|\
4 of us in total|4 people in total|04|+4|for\n4|4\npeople|\u{20} for   4  |4 persons only|\
4 works|4 guests!|just four|only four of us|FOR 4 PEOPLE|For four people.",
        ),
        (
            1,
            "\
one|1 person|just one|just 1|only one|one person|for one|1 guest|there is 1 of us|\
there's only one",
        ),
        (
            2,
            "\
two|2 people|just the two of us|table for two|party of two|2x",
        ),
        (
            12,
            "\
twelve|12|12 people|a party of twelve",
        ),
        (
            20,
            "\
twenty|20|$20|20$|20 €|€20|€ 20|20€|EUR 20|20 EUR|20eur|20 euros|20 dollars|20 bucks|\
20 pounds|£20|Rs. 20|Rs 20|Rs.20|20 rupees|₹20|20,-|20.-|20/-|US$20|US$ 20|20 USD|20%|20 %|\
20 percent|20 per cent|20 kg|20kg|20 kilos|20 km|my budget is 20|budget: 20|20 is ok",
        ),
        (
            21,
            "\
twenty-one|twenty one|21 people",
        ),
        (
            30,
            "\
30 years old|I am 30|I'm 30|I’m 30|im 30|i am 30 years old|30 yrs old|30 yo|30 y.o.|age 30|\
age: 30|aged 30|my age is 30|thirty|I'm thirty years old",
        ),
        (
            1500,
            "\
1500|1 500|1,500|1.500|1'500|1’500|$1,500|1,500 people|1.500 €|1,500.|EUR 1.500|₹1,500",
        ),
        (
            150_000,
            "\
150000|1,50,000|₹1,50,000|Rs. 1,50,000|150,000|150.000",
        ),
        (
            -5,
            "\
-5|−5",
        ),
        (
            0, "\
0|zero",
        ),
        (
            99,
            "\
ninety-nine|ninety nine|99",
        ),
    ] {
        check(integer, texts, Some(&number));
    }
}

#[test]
fn what_is_no_whole_number() {
    let texts = "\
a couple|a few|some|many|a lot|several|dozen|a dozen|2 dozen|half|half a dozen|a pair|both|\
none|nobody|no one|1.5|1,5|2.0|two and a half|2 and a half|2½|½|2nd|the 2nd|second|first|\
4 or so|4ish|4-ish|at least 4|at most 4|max 4|4 max|maximum 4|minimum 4|min 4|up to 4|\
more than 4|less than 4|over 4|under 4|not 4|not four|no 4|4?|4 ?|4??|four?|4+|4 +|>4|< 4|<4|\
>=4|≥4|≤ 4|~4|about 4|around 4|approx 4|nearly 4|almost 4|2-3|2 - 3|2–3|2—3|2 to 3|2 or 3|\
2/3|2,3|2, 3|2 3|2;3|2 and 3|2 & 3|two or three|two three|two to three|between 2 and 3|\
from 2 to 3|2..3|2...3|4 euros 50|4€50|4.50|$4.50|4,50 €|4 dollars and 50 cents|50 cents|50c|\
50 ct|20k|2k|1.5k|2m|2 mio|2 million|2 thousand|2 hundred|hundred|a hundred|one hundred|\
five hundred|2 grand|3 weeks|2 days|2 hours|30 years|4 times|4 rooms|4 adults|\
2 adults 2 kids|2 adults and 2 children|2 adults + 2 kids|4 people and a baby|4 plus a baby|\
4 + 1|2+2|4 with kids|me and 3 others|me + 3|3 and me|4 or 5 people|4 people or 5|maybe 4|\
perhaps 4|probably 4|I think 4|i guess 4|4 i think|4 I guess|hopefully 4|4 if possible|\
4 unless it rains|4 but maybe 5|4 (maybe 5)|4 no 5|4, no, 5|4 no wait 5|4 instead of 5|\
4 not 5|5 minus 1|4 each|4 per person|4 more|one more|another 4|4 less|4 left|4 now|4 at 8|\
4 tomorrow|4 on Friday|4 for 8pm|4e2|0x4|4!5|4a|a4|4b|#4|4/4|4:00|4pm|4 g|4 grams|500 g|\
4 lbs|4 miles|4 cm|4 m|180 cm|4 l|4kk|IV|Ⅳ|5²|①|fourty|foru|fout|to|too|for|won|ten one|1 2|\
12 34|1 5000|1,50|1,50,00|4 people 2 rooms|room 4 people 2|don't know|idk|?|all of us|\
everyone|just me|me|us|family of four?|1st|3rd|4th|4°|4\"|4'|$|€|kg|4 k|1\n500|4\n5|\
twenty-ten|twenty five hundred|one and a half|one or two|one-two|a|an|4 or more|4 and up|\
4 or less|not more than 4|no more than 4|just under 4|just over 4|only if 4|except 4|\
all but 4|4 times 2|4 x 4|2x4|2 x 2 people|4 percent of 20|--4|-+4|4-|5 - 1";
    check(integer, texts, None);
}

#[test]
fn decimal_numbers() {
    for (number, texts) in [
        (
            20.0,
            "\
20|twenty|$20|20$|20€|€ 20|EUR 20|20EUR|20 dollars|20 euros|20 EUR|USD 20|US$20|R$ 20|A$20|\
20 pounds|20 quid|Rs. 20|Rs.20|₹ 20|20 rupees|INR 20|CHF 20|20 CHF|20 Fr|20 francs|20 kr|\
20 zł|20 pln|20 lira|20 pesos|20 kg|20kg|20 kilos|20 kilo|20 kilograms|20 km|20km|\
20 kilometres|about 20|around 20|roughly 20|approximately 20|approx. 20|approx 20|ca. 20|\
ca 20|circa 20|~20|~ 20|≈20|about $20|around 20 euros|about 20 kg|it's about 20|20 percent|\
20%|20 %|20,-|20.-|20,- €|€20,-|20.00|20,00|$20.00|20,00 €|€20.00|20.|20!|20 is fine|\
my budget is 20|my budget is about 20 euros|for 20|just 20|20 only|make it 20|20 eur is fine|\
I'd like 20|+20|twenty dollars|twenty bucks|20\u{a0}€|20\nEUR|exactly 20",
        ),
        (
            24.5,
            "\
24.5|24,5|24.50|24,50|$24.50|24,50 €|€24.50|EUR 24,50|24.50 EUR|24½|24 ½|about 24.50|24.5 kg|\
24,5 kg|24.5%|24.50$|Rs. 24.50",
        ),
        (
            0.5,
            "\
.5|,5|0.5|0,5|½|0.50|0,500|.5 kg|0.5%|$.50|$0.50",
        ),
        (
            1234.5,
            "\
1,234.5|1.234,5|1 234,5|1'234.5|1,234.50|1.234,50|$1,234.50|1.234,50 €|EUR 1.234,50|\
1,234.50 USD",
        ),
        (
            150_000.0,
            "\
₹1,50,000|1,50,000|Rs. 1,50,000|Rs 1,50,000.00|150 000",
        ),
        (
            -2.5,
            "\
-2.5|−2,5|-2½",
        ),
        (
            1.75,
            "\
1¾|1.75|1,75",
        ),
    ] {
        check(any_decimal, texts, Some(&number));
    }
}

#[test]
fn what_is_no_decimal_number() {
    let texts = "\
two numbers|20 30|20-30|20 - 30|20–30|20 to 30|20 or 30|between 20 and 30|from 20 to 30|\
20/30|20, 30|20; 30|$20-30|$20-$30|20€-30€|about 20 or 30|about 20-30|20k|20 k|$20k|2.5k|2m|\
2 mio|2 million|20 thousand|20 hundred|half|one and a half|two and a half|half of 20|a third|\
1/2|1 1/2|3/4|20 cents|20 ct|20c|20p|20 pence|20 pennies|20 euros 50|20€50|\
20 dollars and 50 cents|20.50.30|1,5,2|500 g|500 grams|20 g|5 mg|20 lbs|20 miles|20 m|20 cm|\
20 mm|20 l|20 ml|20°|20 °C|20 degrees|20 hours|20 minutes|20 days|20 weeks|20 each|\
20 per person|20 pp|20 a head|20 or so|20ish|20-ish|20 or more|20 or less|20+|20 +|>20|<20|\
>= 20|≥20|±20|at least 20|at most 20|max 20|20 max|up to 20|under 20|over 20|more than 20|\
less than 20|below 20|above 20|nearly 20|almost 20|not 20|not about 20|20?|about 20?|20 ?|\
maybe 20|perhaps 20|20 maybe|20 I think|I think 20|20 but not more|20 if possible|20 unless|\
20 no 30|20 not 30|20 dozen|dozen|a couple|a few|a pair|a hundred|one hundred|nothing|free|\
cheap|any|whatever|depends|no limit|don't know|€|$|%|kg|NaN|inf|1e3|0x14|20²|XX|\
twenty thirty|about twenty|about thirty|1.2.3,4|1,50,00|--20|20-|20 - |$ -|2O|l0|\
20 euros or dollars|20 euro 30 dollar|20\n30|10% of 20|20 + 5|20 plus tip|20 plus tax|20 x 2|\
2 * 20|20 times";
    check(any_decimal, texts, None);
}

#[test]
fn what_is_taken_decides_between_thousands_and_a_fraction() {
    for (text, min, max, number) in [
        ("1,500", f64::MIN, f64::MAX, None),
        ("1,500", 0.0, 100.0, Some(1.5)),
        ("1.500", 0.0, 100.0, Some(1.5)),
        ("1,500", 100.0, f64::MAX, Some(1500.0)),
        ("€1.500", 100.0, 5000.0, Some(1500.0)),
        ("1,500 kg", 0.0, 10.0, Some(1.5)),
        ("about 1,500", 100.0, 5000.0, Some(1500.0)),
        ("1,500", 1.0, 2000.0, None),
        ("1,500", 2.0, 1000.0, None),
        ("$1,500", 1.0, 2000.0, None),
        ("$1,500", 0.0, 100.0, None),
        ("1.500 €", 0.0, 100.0, None),
        ("1,500 Rs.", 0.0, 100.0, None),
        ("about 1.500 euros", 0.0, 100.0, None),
        ("€1,500", 100.0, 2000.0, Some(1500.0)),
        ("12.500", 1.0, 100.0, Some(12.5)),
        ("20", 30.0, 40.0, None),
        ("-5", 0.0, 40.0, None),
        ("1,500.00", 0.0, 100.0, None),
    ] {
        assert_eq!(decimal(text, min, max), number, "{text:?} from {min} to {max}");
    }
}

proptest! {
    #[test]
    fn any_text_is_a_number_within_its_bounds_or_none(
        text in r"((for|about|just|it's|we are|2|1,500|-3|½|\$|€|people|kg|%|or|not|twenty|one|\?|\PC)[ ,]?){0,6}",
        min in -10.0..10.0_f64,
    ) {
        integer(&text);
        if let Some(number) = decimal(&text, min, 100.0) {
            prop_assert!((min..=100.0).contains(&number));
        }
    }

    #[test]
    fn what_leaves_a_number_as_it_is_never_changes_it(
        number in -9_999..9_999_i64,
        before in proptest::sample::select(vec!["for ", "it's ", "just ", "We are ", "IT IS: ", "$", "€ ", ""]),
        behind in proptest::sample::select(vec![" people", " of us", " kg", "%", " EUR", " is fine", "!", ""]),
    ) {
        prop_assert_eq!(integer(&format!("{before}{number}{behind}")), Some(number));
    }
}
