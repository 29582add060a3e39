//! A resolver that answers as a test wants it to, one answer after the other.

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use ringback::outbound::resolver::{Resolver, Resolving};

/// The answers of each name. The last one is repeated; an unknown name fails.
#[derive(Clone, Default)]
pub(crate) struct Names {
    answers: HashMap<String, Vec<Vec<IpAddr>>>,
    asked: Arc<Mutex<Vec<String>>>,
    is_silent: bool,
}

impl Names {
    /// A name with its addresses at the first question, the second, and so on.
    /// Addresses are separated by spaces.
    pub(crate) fn of(name: &str, answers: &[&str]) -> Self {
        Self::default().and(name, answers)
    }

    pub(crate) fn and(mut self, name: &str, answers: &[&str]) -> Self {
        let addresses = |answer: &&str| {
            answer.split_whitespace().map(|address| address.parse().unwrap()).collect()
        };
        self.answers.insert(name.to_owned(), answers.iter().map(addresses).collect());
        self
    }

    /// A resolver that never answers.
    pub(crate) fn silent() -> Self {
        Self { is_silent: true, ..Self::default() }
    }

    /// What was asked for so far.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Resolver for Names {
    fn resolve<'a>(&'a self, name: &'a str) -> Resolving<'a> {
        let mut asked = self.asked.lock().unwrap();
        let before = asked.iter().filter(|other| *other == name).count();
        asked.push(name.to_owned());
        let answer = self
            .answers
            .get(name)
            .and_then(|answers| answers.get(before).or(answers.last()).cloned());
        let is_silent = self.is_silent;
        Box::pin(async move {
            if is_silent {
                std::future::pending::<()>().await;
            }
            answer.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
        })
    }
}
