//! The key under which a person with several names is kept.
//!
//! WhatsApp sends ids with numbers, and one day ids alone. The key is the
//! number once it is known, since a plain SMS shows nothing else and needs no
//! look-up. Until then the key is the first id. `sender_ids` leads from each id
//! to the key.
//!
//! A process that takes a message of such a person holds the rows of its ids
//! until the commit. A process that moves a person to another key locks them
//! first. So nobody writes under a key that another process is just giving up.

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::Timestamp;

use super::ascii::Ascii;
use super::callbacks::CallbackRow;
use super::changes::Changes;
use super::connect::Connected;
use super::form::{AsRead, Form};
use super::ladder::{MAX_BATCH, padded, padding};
use super::person::Person;
use super::sql::Statement;
use super::{Loaded, Store, StoreError, Writer, on_either};
use crate::conversation::Ended;
use crate::message::{Channel, Message, Names, Sender};

/// The keys to which ids lead.
#[derive(Debug, Default)]
pub struct SenderKeys {
    keys: HashMap<Sender, Sender>,
    /// The ids under which a session is kept.
    with_session: HashSet<Sender>,
}

/// The result of linking names.
#[derive(Debug, Default)]
pub struct Linked {
    /// The people who are kept under another key now: the former key, and the new one.
    pub moved: Vec<(Sender, Sender)>,
    /// The conversations that were broken off, since another one of the same person continues.
    pub ended: Vec<Ended>,
}

impl SenderKeys {
    /// Returns the key under which a person of these names is kept already.
    #[must_use]
    pub fn of(&self, names: &Names) -> Option<&Sender> {
        names.ids.iter().find_map(|id| self.keys.get(id))
    }

    /// Returns whether all names lead to one key, which is the number if there
    /// is one among them, and nothing is left under another key.
    #[must_use]
    pub fn are_settled(&self, names: &Names) -> bool {
        let Some(key) = self.of(names) else { return false };
        let is_settled = |id: &Sender| {
            self.keys.get(id) == Some(key) && (id == key || !self.with_session.contains(id))
        };
        (names.from == *key || !names.from.is_number()) && names.ids.iter().all(is_settled)
    }

    /// Returns the key under which a person of these names is to be kept.
    fn target(&self, names: &Names) -> Sender {
        let known = || names.ids.iter().filter_map(|id| self.keys.get(id));
        let number = std::iter::once(&names.from).chain(known()).find(|key| key.is_number());
        number.or_else(|| known().next()).unwrap_or(&names.from).clone()
    }

    /// Returns the other keys under which a person of these names may be kept.
    fn others(&self, names: &Names, target: &Sender) -> BTreeSet<Sender> {
        let keys = names.ids.iter().filter_map(|id| self.keys.get(id));
        names.ids.iter().chain(keys).filter(|key| *key != target).cloned().collect()
    }
}

impl Store {
    /// Returns the keys to which some ids lead, in the state of the last commit.
    pub async fn sender_keys(&self, ids: &BTreeSet<&Sender>) -> Result<SenderKeys, StoreError> {
        let ids: Vec<&Sender> = ids.iter().copied().collect();
        let (keys, with_session): (Vec<(String, String)>, Vec<(String,)>) = tokio::try_join!(
            self.fetch_by_keys(Statement::SenderKeys, &ids, |id| id.as_str()),
            self.fetch_by_keys(Statement::VisibleSessions, &ids, |id| id.as_str())
        )?;
        Ok(SenderKeys {
            keys: to_keys(keys),
            with_session: with_session.into_iter().map(|(id,)| Sender::from_key(id)).collect(),
        })
    }

    /// Returns the key under which a person is kept, whichever of their names this is.
    pub async fn key_of(&self, name: &Sender) -> Result<Sender, StoreError> {
        let mut keys = self.sender_keys(&[name].into()).await?.keys;
        Ok(keys.remove(name).unwrap_or_else(|| name.clone()))
    }

    /// Returns the ids that lead to a key, sorted.
    pub async fn ids_of(&self, key: &Sender) -> Result<Vec<Sender>, StoreError> {
        let found: Vec<(String,)> =
            self.fetch_by_keys(Statement::SenderIds, &[key], |key| key.as_str()).await?;
        let mut ids: Vec<Sender> = found.into_iter().map(|(id,)| Sender::from_key(id)).collect();
        ids.sort_unstable();
        Ok(ids)
    }
}

impl Writer {
    /// Returns the keys to which some ids lead; they do not change until the
    /// end of the batch.
    pub async fn hold_sender_keys(
        &mut self,
        ids: &BTreeSet<&Sender>,
    ) -> Result<SenderKeys, StoreError> {
        let ids: Vec<&Sender> = ids.iter().copied().collect();
        let keys: Vec<(String, String)> =
            self.fetch_by_keys(Statement::HoldSenderKeys, &ids, |id| Ascii(id.as_str())).await?;
        Ok(SenderKeys { keys: to_keys(keys), with_session: HashSet::new() })
    }

    /// Makes all names of each of these messages' senders lead to one key,
    /// moves there what is kept under another, and commits. A message that was
    /// taken before changes nothing: it may be older than what is known by now,
    /// and a recording by a stranger may be cut into other names.
    ///
    /// Roll back after an error.
    pub async fn link(
        &mut self,
        messages: &[&Message],
        now: Timestamp,
    ) -> Result<Linked, StoreError> {
        let ids: Vec<&str> = messages.iter().map(|message| message.id.as_str()).collect();
        let recorded = self.recorded(&ids).await?;
        let new = messages.iter().filter(|message| !recorded.contains_key(&message.id));
        let names: Vec<&Names> = new.filter_map(|message| message.names.as_ref()).collect();
        if names.is_empty() {
            return Ok(Linked::default());
        }
        self.begin().await?;
        self.claim_ids(&names).await?;
        let ids: BTreeSet<&Sender> = names.iter().flat_map(|names| &names.ids).collect();
        let mut keys = self.hold_sender_keys(&ids).await?;
        let mut people = self.load_under(&names, &keys).await?;
        let (mut linked, mut touched) = (Linked::default(), BTreeSet::new());
        let mut changes = Changes { now, ..Changes::default() };
        for names in names {
            let target = keys.target(names);
            for old in keys.others(names, &target) {
                if keys.keys.values().any(|key| *key == old) {
                    self.move_rows(Statement::MoveSenderIds, &old, &target, None).await?;
                    let former = keys.keys.values_mut().filter(|key| **key == old);
                    former.for_each(|key| key.clone_from(&target));
                }
                let Some(other) = people.people.remove(&old) else { continue };
                let person = people.people.entry(target.clone()).or_default();
                let turns = Some(person.turns);
                self.move_rows(Statement::MoveMessages, &old, &target, turns).await?;
                self.move_rows(Statement::MoveConversations, &old, &target, None).await?;
                self.move_rows(Statement::MoveTexts, &old, &target, None).await?;
                let callback =
                    |person: &Person| Some(person.session.callback.as_ref()?.name.clone());
                let callbacks = [callback(person), callback(&other)];
                let stays = Person {
                    opt_outs: other.opt_outs.clone(),
                    as_read: AsRead(Form::Whole),
                    ..Person::default()
                };
                if let Some(ended) = person.absorb(other, now) {
                    linked.ended.push(ended.clone());
                    changes.ended.push((target.clone(), Channel::Whatsapp, ended));
                }
                // Only one of the two conversations goes on.
                let goes_on = callback(person);
                let lost = callbacks.into_iter().filter(|name| *name != goes_on).flatten();
                changes
                    .callbacks
                    .extend(lost.map(|name| CallbackRow::over(name, target.clone(), now)));
                touched.insert(target.clone());
                // A number is a name of its own, under which the provider keeps
                // opt-outs, too.
                if old.is_number() && stays != Person::default() {
                    people.people.insert(old.clone(), stays);
                    touched.insert(old.clone());
                } else {
                    self.delete_session(&old).await?;
                    touched.remove(&old);
                }
                linked.moved.push((old, target.clone()));
            }
        }
        let written = touched.into_iter().filter_map(|key| people.people.remove_entry(&key));
        changes.people = written.collect();
        self.save(&changes).await?;
        Ok(linked)
    }

    /// Stores the ids that are new, and locks all of them, in key order.
    async fn claim_ids(&mut self, names: &[&Names]) -> Result<(), StoreError> {
        let mut claims: Vec<(&Sender, &Sender)> =
            names.iter().flat_map(|names| names.ids.iter().map(|id| (id, &names.from))).collect();
        // If an id arrives with several numbers, the first one is first.
        claims.sort_by_key(|(id, _)| *id);
        claims.dedup_by_key(|(id, _)| *id);
        for piece in claims.chunks(MAX_BATCH) {
            let rows = padded(piece.len());
            let text = self.text(Statement::ClaimSenderIds, rows);
            on_either!(Connected, &mut self.connection, connection => {
                let mut query = sqlx::query(text);
                for (id, key) in padding(piece, rows) {
                    query = query.bind(Ascii(id.as_str())).bind(Ascii(key.as_str()));
                }
                query.execute(connection).await?;
            });
        }
        Ok(())
    }

    /// Returns everybody who is kept under one of these names, with their rows
    /// locked, and with their turns counted if anybody may move.
    async fn load_under(
        &mut self,
        names: &[&Names],
        keys: &SenderKeys,
    ) -> Result<Loaded, StoreError> {
        let targets: BTreeSet<Sender> = names.iter().map(|names| keys.target(names)).collect();
        let ids = names.iter().flat_map(|names| &names.ids);
        let all: BTreeSet<&Sender> = ids.chain(keys.keys.values()).chain(&targets).collect();
        let all: Vec<&Sender> = all.into_iter().collect();
        let mut loaded = Loaded::default();
        self.load_rows(&all, Statement::LoadSessions, &mut loaded).await?;
        if loaded.people.keys().any(|key| !targets.contains(key)) {
            for target in &targets {
                loaded.people.entry(target.clone()).or_default();
            }
            self.recount(&mut loaded).await?;
        }
        Ok(loaded)
    }

    /// Moves rows from one key to another; `turns` is bound for messages only.
    async fn move_rows(
        &mut self,
        statement: Statement,
        from: &Sender,
        to: &Sender,
        turns: Option<i64>,
    ) -> Result<(), StoreError> {
        let text = self.text(statement, 1);
        on_either!(Connected, &mut self.connection, connection => {
            let mut query = sqlx::query(text).bind(Ascii(to.as_str()));
            if let Some(turns) = turns {
                query = query.bind(turns);
            }
            query.bind(Ascii(from.as_str())).execute(connection).await?;
        });
        Ok(())
    }

    async fn delete_session(&mut self, key: &Sender) -> Result<(), StoreError> {
        let text = self.text(Statement::DeleteSession, 1);
        on_either!(Connected, &mut self.connection, connection => {
            sqlx::query(text).bind(Ascii(key.as_str())).execute(connection).await?;
        });
        Ok(())
    }
}

fn to_keys(rows: Vec<(String, String)>) -> HashMap<Sender, Sender> {
    rows.into_iter().map(|(id, key)| (Sender::from_key(id), Sender::from_key(key))).collect()
}
