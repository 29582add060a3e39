//! What an error code asks of the sender: the table of the codes that the
//! provider gives for a text, in its answer or in a later report.
//!
//! Classes come from the pages of the codes and from what senders do in
//! practice. The provider warns that causes get other codes at times, so a code
//! that is not here is permanent: the text is given up, and nothing else.

use std::ops::RangeInclusive;
use std::time::Duration;

/// What a code asks of the sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// This text will never go; others may.
    Permanent,
    /// A new message with the same text may go after this time.
    Retry(Duration),
    /// A setting is wrong: nothing goes from this sender until somebody acts.
    Configuration,
    /// This person cannot be reached at this address; nothing else is sent there.
    Contact,
    /// This person has opted out, and only a START of theirs changes that.
    OptedOut,
    /// The text may have been sent nevertheless.
    Uncertain,
}

/// One line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// What the code asks of the sender.
    pub class: Class,
    /// What it means, as a sentence for the operator.
    pub sentence: &'static str,
}

/// The code of an opt-out.
pub const OPTED_OUT: u32 = 21_610;

/// The time for codes whose page names none.
const SOON: Class = Class::Retry(Duration::from_mins(1));
const IN_TEN_MINUTES: Class = Class::Retry(Duration::from_mins(10));
const IN_AN_HOUR: Class = Class::Retry(Duration::from_hours(1));
/// Quiet hours of the law last a night.
const AFTER_THE_NIGHT: Class = Class::Retry(Duration::from_hours(12));
const TOMORROW: Class = Class::Retry(Duration::from_hours(24));

/// Returns what a code means, if it is known.
#[must_use]
pub fn meaning(code: u32) -> Option<Meaning> {
    let entry = TABLE.iter().find(|(codes, ..)| codes.iter().any(|known| known.contains(&code)));
    entry.map(|&(_, class, sentence)| Meaning { class, sentence })
}

/// Returns the class of a code; one that is not known is permanent.
#[must_use]
pub fn class(code: u32) -> Class {
    meaning(code).map_or(Class::Permanent, |meaning| meaning.class)
}

/// One code.
const fn one(code: u32) -> RangeInclusive<u32> {
    code..=code
}

type Entry = (&'static [RangeInclusive<u32>], Class, &'static str);

const TABLE: &[Entry] = {
    use Class::{Configuration, Contact, OptedOut, Permanent, Uncertain};
    &[
        // The account and the API.
        (&[one(20_003)], Configuration, "The account's credentials are wrong."),
        (&[one(20_005)], Configuration, "The account is not active."),
        (&[one(20_008)], Configuration, "The credentials are test credentials."),
        (&[one(20_404)], Configuration, "The account's SID or the API's address is wrong."),
        (&[one(20_009)], SOON, "The message is not complete yet."),
        (&[one(20_429)], SOON, "The account has too many requests at the same time."),
        (&[one(20_500), one(20_503)], Uncertain, "The provider had a fault of its own."),
        // Addresses.
        (
            &[one(21_211), one(21_214), one(21_217)],
            Contact,
            "The person's address is not a valid number.",
        ),
        (&[one(21_212)], Configuration, "Our address is not valid."),
        (&[one(21_606)], Configuration, "Our address cannot send to this person."),
        (&[one(21_616)], Configuration, "Our address stands for several senders."),
        (&[one(21_659)], Configuration, "Our address is not a number of the provider."),
        (&[one(21_660)], Configuration, "Our address belongs to another account."),
        (
            &[one(21_408)],
            Configuration,
            "The person's country is not enabled in the account's permissions.",
        ),
        (&[one(21_601)], Permanent, "The number cannot send texts."),
        (&[one(21_602)], Permanent, "The request has no text."),
        (&[one(21_603)], Permanent, "The request has no sender."),
        (&[one(21_604)], Permanent, "The request has no recipient."),
        (&[one(21_619)], Permanent, "The request has neither text nor media."),
        (&[one(21_607)], Configuration, "A trial account cannot send from this address."),
        (
            &[one(21_608)],
            Configuration,
            "The account may send only to verified numbers: it is a trial, or its business profile \
             is not approved.",
        ),
        (
            &[one(21_609)],
            Configuration,
            "The URL for status callbacks is not one that the provider can call: correct \
             `PUBLIC_URL`.",
        ),
        (&[one(OPTED_OUT)], OptedOut, "The person has opted out."),
        (&[one(21_611)], IN_TEN_MINUTES, "The queue of our address is full."),
        (&[one(21_612)], Contact, "There is no route to the person's number."),
        (&[one(21_614)], Contact, "The person's number is not a mobile number."),
        (&[one(21_635)], Contact, "The person's number is a landline."),
        // The text.
        (&[one(21_617), one(21_658)], Permanent, "The text is too long."),
        (&[one(21_618)], Permanent, "The text cannot be sent."),
        (&[one(21_620)], Permanent, "The address of the media is not valid."),
        (&[one(21_621)], Permanent, "Our address cannot send media."),
        (&[one(21_622)], Permanent, "The account cannot send media."),
        (&[one(21_623)], Permanent, "The text has more than ten media."),
        (&[one(21_624)], Permanent, "The validity is out of range."),
        (&[one(21_654), one(21_655), one(21_656)], Permanent, "The template is not valid."),
        (&[one(21_703)], Configuration, "The Messaging Service has no usable sender now."),
        (&[one(21_704)], Configuration, "The Messaging Service has no sender."),
        (&[one(21_705)], Configuration, "The Messaging Service is not valid."),
        (&[one(21_712)], Configuration, "The number belongs to another Messaging Service."),
        (&[one(21_910)], Permanent, "The two addresses are on different channels."),
        // Delivery.
        (&[one(30_001)], IN_TEN_MINUTES, "The provider's queue is full."),
        (&[one(30_002)], Configuration, "The account is suspended."),
        (&[one(30_003)], IN_AN_HOUR, "The person's phone is not reachable."),
        (&[one(30_004)], Contact, "The carrier or the person blocks the text."),
        (&[one(30_005)], Contact, "The person's number is unknown."),
        (&[one(30_006)], Contact, "The person's number is a landline, or its carrier unreachable."),
        (&[one(30_007)], Permanent, "The carrier filtered the text."),
        (&[one(30_008)], SOON, "The text was not delivered for an unknown reason."),
        (&[one(30_009)], Permanent, "A part of the text is missing."),
        (&[one(30_010)], Permanent, "The text costs more than its greatest price."),
        (&[one(30_011)], Permanent, "The person's carrier takes no media."),
        (&[one(30_019)], Permanent, "The content is too big for the person's carrier."),
        (&[one(30_017)], SOON, "The carrier is congested."),
        (&[one(30_022)], SOON, "Our campaign sends faster than it may."),
        (&[one(30_410)], SOON, "The carrier did not answer in time."),
        (&[one(30_018)], Configuration, "Our sender name is not registered in that country."),
        (&[one(30_024)], Configuration, "Our number is not provisioned at the carrier."),
        (&[one(30_023), one(30_027)], TOMORROW, "The day's limit at the carrier is reached."),
        (&[one(30_032)], Configuration, "Our toll-free number is not verified."),
        (&[one(30_034)], Configuration, "Our US number is not registered for A2P 10DLC."),
        (&[one(30_036)], Permanent, "The text's validity was over before it could be sent."),
        (&[one(30_409)], Permanent, "The message could not be canceled any more."),
        (&[one(30_450)], Permanent, "The text was held for a case of SMS pumping."),
        (&[one(30_610)], AFTER_THE_NIGHT, "It is quiet hours where the person is."),
        (&[one(30_640)], Permanent, "The person is on a list of those that no text may go to."),
        (&[35_111..=35_126], Permanent, "The time for which it is scheduled is not valid."),
        (&[one(60_728)], IN_AN_HOUR, "The hour's limit is reached."),
        // WhatsApp, RCS and others.
        (&[one(63_001)], Configuration, "The channel does not take our credentials."),
        (&[one(63_008)], Configuration, "The channel is set up wrong."),
        (&[one(63_020)], Configuration, "The channel's Business Manager account has a fault."),
        (&[one(63_022)], Configuration, "The certificate of our display name is not valid."),
        (&[one(63_002)], Configuration, "The channel does not know our address."),
        (&[one(63_007)], Configuration, "Our address is not on this channel."),
        (&[one(63_031)], Configuration, "Our address and the person's are the same."),
        (&[one(63_003), one(63_024)], Contact, "The person cannot be reached on this channel."),
        (&[one(63_005)], Permanent, "The channel does not take this content."),
        (&[one(63_006)], Permanent, "The channel cannot format this content."),
        (&[one(63_013)], Permanent, "The content is against the channel's rules."),
        (&[one(63_021)], Permanent, "The content is not valid on this channel."),
        (&[63_009..=63_012], SOON, "The channel had a fault of its own."),
        (&[one(63_014)], Contact, "The person blocks us on this channel."),
        (
            &[one(63_015)],
            Configuration,
            "The person has not joined the sandbox: let them send `join` and its code.",
        ),
        (
            &[one(63_016)],
            Permanent,
            "The person wrote more than 24 hours ago, so only a template may be sent.",
        ),
        (&[one(63_017)], SOON, "The account sends too much at the same time."),
        (&[one(63_018)], SOON, "The channel's limit is reached."),
        (&[one(63_019)], SOON, "The channel could not download the media."),
        (&[one(63_034)], Permanent, "The media is too big for the channel."),
        (&[one(63_037)], Permanent, "The media could not be uploaded to the channel."),
        (&[one(63_025)], Permanent, "The channel has this media already."),
        (&[one(63_026)], Configuration, "The channel holds our address for a sender of spam."),
        (&[one(63_029)], Permanent, "The person's phone could not download the template."),
        (&[one(63_030)], Permanent, "The channel does not know one of the parameters."),
        (&[one(63_027)], Permanent, "There is no template in this language."),
        (&[one(63_028)], Permanent, "The template has another number of variables."),
        (&[one(63_032), one(63_033)], Contact, "The channel does not let us write to this person."),
        (&[one(63_035), one(63_036)], Permanent, "The person cannot be reached by RCS."),
        (&[one(63_038)], TOMORROW, "The account's day's limit is reached."),
        (&[one(63_040)], Configuration, "The template was rejected."),
        (&[one(63_041)], Configuration, "The template is paused."),
        (&[one(63_042)], Configuration, "The template is disabled."),
        (&[one(63_049)], Permanent, "The channel chose not to deliver a marketing message."),
        (&[one(63_051)], Configuration, "Our sender is locked."),
    ]
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;

    /// The classes by code, as the reference of the protocol lists them.
    fn cases() -> Vec<(Class, Vec<u32>)> {
        let retry = |seconds| Class::Retry(Duration::from_secs(seconds));
        vec![
            (Class::OptedOut, vec![21610]),
            (Class::Uncertain, vec![20500, 20503]),
            (
                Class::Configuration,
                vec![
                    20003, 20005, 20008, 20404, 21212, 21408, 21606, 21607, 21608, 21609, 21616,
                    21659, 21660, 21703, 21704, 21705, 21712, 30002, 30018, 30024, 30032, 30034,
                    63001, 63002, 63007, 63008, 63015, 63020, 63022, 63026, 63031, 63040, 63041,
                    63042, 63051,
                ],
            ),
            (
                Class::Contact,
                vec![
                    21211, 21214, 21217, 21612, 21614, 21635, 30004, 30005, 30006, 63003, 63014,
                    63024, 63032, 63033,
                ],
            ),
            (
                Class::Permanent,
                [
                    &[
                        21601, 21602, 21603, 21604, 21617, 21618, 21619, 21620, 21621, 21622,
                        21623, 21624, 21654, 21655, 21656, 21658, 21910, 30007, 30009, 30010,
                        30011, 30019, 30036, 30409, 30450, 30640, 63005, 63006, 63013, 63016,
                        63021, 63025, 63027, 63028, 63029, 63030, 63034, 63035, 63036, 63037,
                        63049,
                    ][..],
                    &(35111..=35126).collect::<Vec<u32>>(),
                ]
                .concat(),
            ),
            (
                retry(MINUTE),
                vec![
                    20009, 20429, 30008, 30017, 30022, 30410, 63009, 63010, 63011, 63012, 63017,
                    63018, 63019,
                ],
            ),
            (retry(10 * MINUTE), vec![21611, 30001]),
            (retry(HOUR), vec![30003, 60728]),
            (retry(12 * HOUR), vec![30610]),
            (retry(24 * HOUR), vec![30023, 30027, 63038]),
        ]
    }

    #[test]
    fn each_code_has_its_class() {
        for (class, codes) in cases() {
            for code in codes {
                let meaning = meaning(code).unwrap_or_else(|| panic!("{code} is not known"));
                assert_eq!(meaning.class, class, "{code}");
                assert_eq!(super::class(code), class, "{code}");
            }
        }
    }

    #[test]
    fn the_table_has_no_other_code_and_none_twice() {
        let listed: BTreeSet<u32> = cases().into_iter().flat_map(|(_, codes)| codes).collect();
        let known: Vec<u32> =
            TABLE.iter().flat_map(|(codes, ..)| codes.iter().cloned().flatten()).collect();
        let distinct: BTreeSet<u32> = known.iter().copied().collect();
        assert_eq!(distinct.len(), known.len(), "a code is there twice");
        assert_eq!(distinct, listed);
    }

    #[test]
    fn an_unknown_code_is_permanent() {
        for code in [0, 1, 404, 21_613, 35_110, 35_127, 63_050, u32::MAX] {
            assert_eq!(meaning(code), None, "{code}");
            assert_eq!(class(code), Class::Permanent, "{code}");
        }
    }

    #[test]
    fn sentences_are_sentences() {
        for (codes, _, sentence) in TABLE {
            let is_sentence = sentence.starts_with(char::is_uppercase) && sentence.ends_with('.');
            assert!(is_sentence && !sentence.contains("  "), "{codes:?}: {sentence}");
        }
    }
}
