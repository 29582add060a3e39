//! The limit behind the service: its store, loaded and saved in batches by
//! the same conversation and `TwiML`, with no HTTP and no queue in front.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context;
use jiff::Timestamp;
use ringback::conversation::{self, Event, Flows};
use ringback::message::{Channel, Message, Sender};
use ringback::store::url::DatabaseUrl;
use ringback::store::{Changes, Loaded, MAX_BATCH, Person, Recorded, Saved, Store};
use ringback::twilio::twiml;

use super::database::Schema;
use super::load::{Outcome, Timing};
use super::script::{Line, Senders};

/// Runs batch after batch of `size` messages, each of another sender.
pub(crate) async fn run<T>(
    schema: &Schema,
    size: usize,
    senders: &Rc<Senders>,
    timing: Timing,
    observe: impl AsyncFn() -> anyhow::Result<T>,
) -> anyhow::Result<(Outcome, [T; 2])> {
    let url = DatabaseUrl::parse(&schema.url).context("the database's URL is none")?;
    let store = Store::new(&url)?;
    store.migrate().await?;
    let flows =
        Flows::built_in().map_err(|_| anyhow::anyhow!("the built-in flow does not load"))?;
    let flows = flows.flows;
    let mut writer = store.writer().await?;

    let mut outcome = Outcome::default();
    let began = Instant::now();
    let mut window: Option<(Instant, T)> = None;
    loop {
        let conversations: Vec<_> = (0..size.min(MAX_BATCH)).map(|_| senders.next()).collect();
        for turn in 0..conversations.first().map_or(0, |lines| lines.len()) {
            let lines: Vec<Line> =
                conversations.iter().filter_map(|lines| lines.get(turn).copied()).collect();
            let messages =
                lines.iter().map(|&line| message(line)).collect::<anyhow::Result<Vec<_>>>()?;
            let batch_began = Instant::now();
            let keys: BTreeSet<Sender> = messages.iter().map(|m| m.sender.clone()).collect();
            let Loaded { people, locked } = writer.load(&keys).await?;
            anyhow::ensure!(locked.is_empty(), "a stranger has locked some sessions");
            let changes = take_turns(&flows, people, messages);
            anyhow::ensure!(writer.save(&changes).await? == Saved::Done, "an id came twice");
            let took = batch_began.elapsed();

            outcome.check(&lines, &changes);
            if window.is_some() {
                outcome.latencies.push(took);
                outcome.messages += lines.len() as u64;
            }
        }
        match window.take() {
            None if began.elapsed() >= timing.warm_up => {
                let before = observe().await?;
                window = Some((Instant::now(), before));
            }
            Some((opened, before)) if opened.elapsed() >= timing.measure => {
                outcome.elapsed = opened.elapsed();
                let after = observe().await?;
                return Ok((outcome, [before, after]));
            }
            other => window = other,
        }
    }
}

impl Outcome {
    fn check(&mut self, lines: &[Line], changes: &Changes) {
        for (line, recorded) in lines.iter().zip(&changes.messages) {
            if recorded.reply == line.reply().as_bytes() {
                self.answered += 1;
            } else {
                self.wrong += 1;
            }
        }
    }
}

/// What the bot makes of a batch, opt-outs aside.
fn take_turns(
    flows: &Flows,
    mut people: HashMap<Sender, Person>,
    messages: Vec<Arc<Message>>,
) -> Changes {
    let now = Timestamp::now();
    let mut changes = Changes { now, ..Changes::default() };
    for message in messages {
        let person = people.entry(message.sender.clone()).or_default();
        let turn = conversation::step(flows, &person.session, Event::Message(&message), now);
        person.turns += 1;
        let ended = turn.ended.into_iter();
        changes.ended.extend(ended.map(|ended| (message.sender.clone(), message.channel, ended)));
        changes.messages.push(Recorded {
            turn: person.turns,
            received_at: now,
            state_before: person.session.state.as_str().to_owned(),
            state_after: turn.session.state.as_str().to_owned(),
            reply: twiml::write(&turn.replies).bytes,
            message,
        });
        person.session = turn.session;
    }
    changes.people = people.into_iter().collect();
    changes.people.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    changes
}

/// The message that a request would have been read as.
fn message(line: Line) -> anyhow::Result<Arc<Message>> {
    let from = line.number();
    Ok(Arc::new(Message {
        id: line.id(),
        sender: Sender::from_address(&from)?,
        names: None,
        from,
        to: "+14155238886".to_owned(),
        channel: Channel::Sms,
        body: line.text(),
        media: Vec::new(),
        location: None,
        button: None,
        button_text: None,
        profile_name: None,
        service: None,
        ambiguous_signature: None,
        consent: None,
        is_reaction: false,
        // The places, as in the form.
        parameters: [
            ("ToCountry", "US"),
            ("ToState", "CA"),
            ("ToCity", "SAN FRANCISCO"),
            ("ToZip", "94105"),
            ("FromCountry", "US"),
        ]
        .into_iter()
        .collect(),
    }))
}
