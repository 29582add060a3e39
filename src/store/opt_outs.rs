//! The lines on which a person wants no messages, and their form in a column.
//!
//! The column is a JSON object of texts by channel, as it was when an opt-out
//! covered a whole channel. An older release that runs at the same time, or
//! after a roll-back, reads each text as such. It is then silent on too many
//! lines, and never on too few.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use jiff::Timestamp;

use super::StoreError;
use super::time::{parse_time, time_text};
use crate::message::Line;

/// The width of the column.
const WIDTH: usize = 4_000;

/// The length of a time.
const TIME: usize = "2026-11-23 04:05:06.789".len();

/// The time since which a person wants no messages, by channel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OptOuts(BTreeMap<String, Stops>);

/// The scope of an opt-out on a channel, and since when.
#[derive(Clone, Debug, PartialEq)]
enum Stops {
    /// The whole channel, as stored by a release that knew no addresses.
    Everywhere(String),
    /// These addresses or Messaging Services of ours; never empty.
    At(BTreeMap<String, String>),
}

/// One opt-out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped<'a> {
    /// The channel.
    pub channel: &'a str,
    /// Our address or Messaging Service; `None` means all of the channel.
    pub address: Option<&'a str>,
    /// The time of the opt-out, in UTC.
    pub since: &'a str,
}

impl OptOuts {
    /// Returns whether messages are wanted on all lines.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns whether no message is wanted on this line: from its Messaging
    /// Service, or from its number.
    pub fn contains(&self, line: Line<'_>) -> bool {
        match self.0.get(line.channel.as_str()) {
            None => false,
            Some(Stops::Everywhere(_)) => true,
            Some(Stops::At(stops)) => {
                stops.contains_key(line.number)
                    || line.service.is_some_and(|service| stops.contains_key(service))
            }
        }
    }

    /// Keeps the wish to receive nothing on a line; an earlier wish keeps its
    /// time. A Messaging Service has one opt-out for all of its numbers.
    pub fn stop(&mut self, line: Line<'_>, since: Timestamp) {
        let stops = self.0.entry(line.channel.as_str().to_owned());
        if let Stops::At(stops) = stops.or_insert_with(|| Stops::At(BTreeMap::new())) {
            let address = line.service.unwrap_or(line.number).to_owned();
            stops.entry(address).or_insert_with(|| time_text(since));
        }
    }

    /// Removes the wish. If it covered the whole channel, all of it is removed.
    pub fn start(&mut self, line: Line<'_>) {
        let channel = line.channel.as_str();
        if let Some(Stops::At(stops)) = self.0.get_mut(channel) {
            stops.remove(line.number);
            line.service.map(|service| stops.remove(service));
            if !stops.is_empty() {
                return;
            }
        }
        self.0.remove(channel);
    }

    /// Adds the opt-outs of the same person under another name.
    pub(super) fn add(&mut self, other: Self) {
        for (channel, stops) in other.0 {
            match (self.0.entry(channel), stops) {
                (Entry::Vacant(entry), stops) => drop(entry.insert(stops)),
                (Entry::Occupied(mut entry), Stops::At(more)) => {
                    if let Stops::At(stops) = entry.get_mut() {
                        for (address, since) in more {
                            stops.entry(address).or_insert(since);
                        }
                    }
                }
                (Entry::Occupied(mut entry), everywhere) => drop(entry.insert(everywhere)),
            }
        }
    }

    /// Returns each opt-out.
    pub fn iter(&self) -> impl Iterator<Item = Stopped<'_>> {
        self.0.iter().flat_map(|(channel, stops)| stops.iter(channel))
    }

    pub(super) fn to_column(&self) -> Option<String> {
        if self.is_empty() {
            return None;
        }
        let mut texts: BTreeMap<&str, String> =
            self.0.iter().map(|(channel, stops)| (channel.as_str(), stops.text())).collect();
        loop {
            // A map of strings always serialises.
            let column = serde_json::to_string(&texts).unwrap_or_default();
            // There are more than anybody makes: silence everywhere is better
            // than at too few.
            match texts.values_mut().max_by_key(|text| text.len()) {
                Some(longest) if column.len() > WIDTH && longest.len() > TIME => {
                    longest.retain(|char| char.is_ascii());
                    longest.truncate(TIME);
                }
                _ => return Some(column),
            }
        }
    }

    pub(super) fn from_column(text: Option<&str>) -> Result<Self, StoreError> {
        let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(Self::default()) };
        let texts: BTreeMap<String, String> = serde_json::from_str(text).map_err(|_| {
            StoreError::Unexpected("`user_sessions.opt_outs` is not a JSON object".to_owned())
        })?;
        Ok(Self(texts.into_iter().map(|(channel, text)| (channel, Stops::read(text))).collect()))
    }
}

impl Stops {
    /// Reads a text. If not every line is a time and an address, it means everywhere.
    fn read(text: String) -> Self {
        let stop = |line: &str| {
            let (time, address) = line.split_at_checked(TIME)?;
            parse_time(time).ok()?;
            let address = address.strip_prefix(' ').filter(|address| !address.is_empty())?;
            Some((address.to_owned(), time.to_owned()))
        };
        // Addresses are visible ASCII, so they contain no line end.
        let stops: Option<_> = text.split('\n').map(stop).collect();
        stops.map_or(Self::Everywhere(text), Self::At)
    }

    fn text(&self) -> String {
        match self {
            Self::Everywhere(text) => text.clone(),
            Self::At(stops) => {
                let line = |(address, since): (&String, &String)| format!("{since} {address}");
                stops.iter().map(line).collect::<Vec<_>>().join("\n")
            }
        }
    }

    fn iter<'a>(&'a self, channel: &'a str) -> impl Iterator<Item = Stopped<'a>> {
        let (everywhere, at) = match self {
            Self::Everywhere(since) => (Some(since), None),
            Self::At(stops) => (None, Some(stops)),
        };
        let everywhere =
            everywhere.into_iter().map(move |since| Stopped { channel, address: None, since });
        let at = at.into_iter().flatten();
        everywhere.chain(at.map(move |(address, since)| Stopped {
            channel,
            address: Some(address.as_str()),
            since,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Channel;

    const SINCE: &str = "2026-11-23 04:05:06.789";

    fn since() -> Timestamp {
        parse_time(SINCE).unwrap()
    }

    fn sms<'a>(number: &'a str, service: Option<&'a str>) -> Line<'a> {
        Line { channel: Channel::Sms, number, service }
    }

    fn read(column: &str) -> OptOuts {
        OptOuts::from_column(Some(column)).unwrap()
    }

    #[test]
    fn what_is_written_is_read_back() {
        let mut opt_outs = OptOuts::default();
        assert_eq!(opt_outs.to_column(), None);
        let odd = Line { channel: Channel::Other, number: "a \"b\" c", service: None };
        for line in [sms("+1", None), sms("+2", Some("MG1")), odd] {
            opt_outs.stop(line, since());
        }
        let column = opt_outs.to_column().unwrap();
        insta::assert_snapshot!(column, @r#"{"other":"2026-11-23 04:05:06.789 a \"b\" c","sms":"2026-11-23 04:05:06.789 +1\n2026-11-23 04:05:06.789 MG1"}"#);
        assert_eq!(read(&column), opt_outs);
        for line in [sms("+1", None), sms("+2", Some("MG1")), odd] {
            assert!(opt_outs.contains(line), "{line:?}");
            opt_outs.start(line);
            assert!(!opt_outs.contains(line), "{line:?}");
        }
        assert_eq!(opt_outs, OptOuts::default());
    }

    #[test]
    fn a_text_without_addresses_means_everywhere() {
        for text in [
            SINCE,
            "2026-11-23",
            "",
            "yes, at +15005550006 and everywhere else",
            "2026-11-23 04:05:06.789 ",
            r"2026-11-23 04:05:06.789 +1\n2026-11-23 04:05:06.789",
        ] {
            let column = format!(r#"{{"sms":"{text}"}}"#);
            let mut opt_outs = read(&column);
            assert!(opt_outs.contains(sms("+15", Some("MG1"))), "{column}");
            assert!(!opt_outs.contains(Line { channel: Channel::Whatsapp, ..sms("+15", None) }));
            // Another stop makes it no narrower.
            opt_outs.stop(sms("+1", None), since());
            assert_eq!(opt_outs.to_column().unwrap(), column);
            opt_outs.start(sms("+2", None));
            assert_eq!(opt_outs, OptOuts::default());
        }
    }

    #[test]
    fn what_was_stopped_under_either_name_is_stopped() {
        const EARLIER: &str = "2026-11-22 04:05:06.789";
        let at = |line: &str| format!(r#"{{"sms":"{line}"}}"#);
        let everywhere = at(EARLIER);
        let (one, two) = (at(&format!("{SINCE} +1")), at(&format!("{EARLIER} +2")));
        let both = at(&format!(r"{SINCE} +1\n{EARLIER} +2"));
        let whatsapp = r#"{"whatsapp":"2026-11-22 04:05:06.789 +1"}"#.to_owned();
        let (none, one_again) = (String::new(), at(&format!("{EARLIER} +1")));
        for (own, other, all) in [
            (&none, &one, one.as_str()),
            (&one, &none, &one),
            (&one, &two, &both),
            (&two, &one, &both),
            (&one, &one_again, &one),
            (&one, &everywhere, &everywhere),
            (&everywhere, &one, &everywhere),
            (&one, &whatsapp, &format!("{},{}", &one[..one.len() - 1], &whatsapp[1..])),
        ] {
            let mut opt_outs = read(own);
            opt_outs.add(read(other));
            assert_eq!(opt_outs.to_column().as_deref(), Some(all), "{own} and {other}");
        }
    }

    #[test]
    fn what_the_column_cannot_hold_means_everywhere() {
        let mut opt_outs = OptOuts::default();
        let numbers: Vec<String> = (0..200).map(|n| format!("+1555{n:07}")).collect();
        for number in &numbers {
            opt_outs.stop(sms(number, None), since());
            assert!(opt_outs.to_column().unwrap().len() <= WIDTH);
            let kept = read(&opt_outs.to_column().unwrap());
            assert!(kept.contains(sms(number, None)));
        }
        let kept = read(&opt_outs.to_column().unwrap());
        assert!(kept.contains(sms("+19995550000", None)));
    }
}
