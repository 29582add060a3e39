//! `ringback check --against`: who is in the middle of a conversation, and would
//! begin again with these flows. It looks, and changes nothing.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::format::People;
use super::output::Output;
use crate::conversation::{Census, Flows};
use crate::server::database;
use crate::store::Store;
use crate::store::url::DatabaseUrl;

/// The number of people who are read at a time.
const PAGE: u32 = 500;

/// The most versions in which people stand that are looked at, for the advice.
const VERSIONS: usize = 16;

/// The people who were counted, and the number of rows that could not be read.
pub(super) struct Counted {
    pub(super) census: Census,
    unread: u64,
}

impl Counted {
    /// How many there were.
    pub(super) fn people(&self) -> People {
        People {
            go_on: self.census.going_on(),
            begin_again: self.census.beginning_again(),
            unread: self.unread,
        }
    }
}

/// Reads all people who wait at this time, page by page.
pub(super) async fn census(
    url: &DatabaseUrl,
    flows: &Flows,
    now: Timestamp,
) -> anyhow::Result<Counted> {
    let store: Store = database::open_to_look(url).await?;
    let mut census = Census::default();
    let mut unread = 0;
    let mut versions = BTreeMap::new();
    let mut after = None;
    loop {
        let people = store.people_after(after.as_ref(), PAGE).await?;
        for (_, person) in &people {
            let Ok(person) = person else {
                unread += 1;
                continue;
            };
            let was = match person.flow_version {
                Some(id) if versions.len() < VERSIONS && !versions.contains_key(&id) => {
                    let stored = store.version(id).await?;
                    let sources = stored.and_then(|version| version.sources);
                    let was = sources.and_then(|sources| Flows::load(&sources).ok());
                    versions.entry(id).or_insert(was).as_ref()
                }
                Some(id) => versions.get(&id).and_then(Option::as_ref),
                None => None,
            };
            census.count(flows, was.map(|loaded| &loaded.flows), &person.session, now);
        }
        let Some((last, _)) = people.into_iter().next_back() else { break };
        after = Some(last);
    }
    store.close().await;
    Ok(Counted { census, unread })
}

/// Reports the result, without revealing who the people are.
pub(super) fn tell(out: &Output, url: &DatabaseUrl, Counted { census, unread }: &Counted) {
    let findings = census.findings();
    if !findings.is_empty() {
        out.line("");
        out.rendered(&findings.render(out.is_coloured()));
        out.line("");
    }
    let (go_on, begin_again) = (census.going_on(), census.beginning_again());
    let told = match (go_on, begin_again) {
        (0, 0) => "nobody is in a conversation".to_owned(),
        (_, 0) => format!("{}, and nobody begins again", people(go_on, "continues", "continue")),
        (0, _) => {
            format!("{}, and nobody continues", people(begin_again, "begins", "begin") + " again")
        }
        _ => format!(
            "{} again, {}",
            people(begin_again, "begins", "begin"),
            people(go_on, "continues", "continue")
        ),
    };
    out.line(&format!("{url}: {told}"));
    if *unread > 0 {
        out.line(&format!(
            "rows of `user_sessions` that cannot be read, and do not count: {unread}"
        ));
    }
}

fn people(number: u64, one: &str, many: &str) -> String {
    if number == 1 { format!("1 person {one}") } else { format!("{number} people {many}") }
}
