//! What the service does by itself while it is measured: it reminds people, and
//! calls another host (`--acting`).

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;

use super::args::{Acting, Args};
use super::client::Connection;
use super::database::Schema;
use super::fill;
use super::host::Host;

/// Whose messages those of the load are.
const ACCOUNT: &str = "AC00000000000000000000000000000000";

/// How long a call takes.
const CALL: Duration = Duration::from_secs(2);

/// The built-in flow, but that it reminds.
const NUDGES: &str = "\
flow: favorite-song
start: [hello]
otherwise: Say hello to begin.
expire: 24h
steps:
  WAITING_FOR_NAME:
    ask: What is your name?
    save: user_name
    max: 100
    nudges: {1h: Are you still there?}
  WAITING_FOR_SONG:
    ask: Hello {{ user_name }}, what is your favorite song?
    save: favorite_song
    max: 200
    nudges: {1h: Are you still there?}
  PLAYING:
    say: Playing {{ favorite_song }}
";

/// A flow that calls.
const PRICE: &str = "\
flow: price
start: [price]
expire: 24h
steps:
  PRICE:
    call: GET http://HOST/price
    timeout: 10s
    keep: {total: /total}
    when: {failed: SORRY}
  SAID: {say: \"It is {{ total }}.\", end: TOLD}
  SORRY: {say: Sorry., end: FAILED}
";

/// What is special about the service, and about those who use it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scene {
    /// Another build of it, with the built-in flow.
    Against(PathBuf),
    /// The build at hand, with the built-in flow.
    Plain,
    /// The built-in flow, but that it reminds.
    Nudges,
    /// So many people, who will be reminded in an hour. Nobody writes.
    Waiting(u64),
    /// The same, and people write.
    Later(u64),
    /// So many people, who are to be reminded at once; people write.
    Due(u64),
    /// So many calls at a time, beside people who write.
    Calls(usize),
}

impl Scene {
    /// The lines of a table.
    pub(crate) fn all(args: &Args) -> Vec<Self> {
        let Some(acting) = args.acting else { return Vec::new() };
        let people = args.people.unwrap_or(match (acting, args.quick) {
            (Acting::Speed, _) => 0,
            (Acting::Waiting, false) => 1_000_000,
            (Acting::Due, false) => 100_000,
            (Acting::Waiting | Acting::Due, true) => 1_000,
            (Acting::Calls, false) => 256,
            (Acting::Calls, true) => 16,
        });
        match acting {
            Acting::Speed => {
                let before = args.against.iter().cloned().map(Self::Against);
                before.chain([Self::Plain, Self::Nudges]).collect()
            }
            Acting::Waiting => vec![Self::Waiting(0), Self::Waiting(people)],
            Acting::Due => vec![Self::Later(people), Self::Due(people)],
            Acting::Calls => {
                vec![Self::Calls(0), Self::Calls(usize::try_from(people).unwrap_or(usize::MAX))]
            }
        }
    }

    pub(crate) fn label(&self) -> String {
        match self {
            Self::Against(_) => "before".to_owned(),
            Self::Plain => "ringback".to_owned(),
            Self::Nudges => "nudges".to_owned(),
            Self::Waiting(people) => format!("waiting {people}"),
            Self::Later(people) => format!("later {people}"),
            Self::Due(people) => format!("due {people}"),
            Self::Calls(calls) => format!("calls {calls}"),
        }
    }

    /// How many connections ask for something that needs a call.
    pub(crate) fn callers(&self) -> usize {
        if let Self::Calls(calls) = self { *calls } else { 0 }
    }

    /// Fills the tables of the service, just before it starts.
    pub(crate) async fn fill(&self, schema: &Schema) -> anyhow::Result<()> {
        match *self {
            Self::Waiting(people) | Self::Later(people) => {
                fill::wait(schema, people, Duration::ZERO).await
            }
            // A nudge is worth nothing an hour later.
            Self::Due(people) => fill::wait(schema, people, Duration::from_mins(61)).await,
            _ => Ok(()),
        }
    }
}

/// What is around one service.
#[derive(Debug)]
pub(crate) struct Around {
    texts: Host,
    calls: Host,
    flows: Option<PathBuf>,
    binary: Option<PathBuf>,
    metrics: SocketAddr,
}

/// What the service has done by itself so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Done {
    /// Turns after silence.
    pub(crate) woken: u64,
    pub(crate) texts: u64,
    pub(crate) calls: u64,
}

impl Around {
    pub(crate) async fn of(scene: &Scene, folder: &Path) -> anyhow::Result<Self> {
        let (texts, calls) = (Host::of_texts().await?, Host::of_calls(CALL).await?);
        let flows = folder.join("flows");
        fs::create_dir_all(&flows)?;
        fs::write(flows.join("nudges.yaml"), NUDGES)?;
        let price = flows.join("price.yaml");
        if matches!(scene, Scene::Calls(_)) {
            fs::write(price, PRICE.replace("HOST", &calls.address.to_string()))?;
        } else {
            // There is none where nobody called yet.
            drop(fs::remove_file(price));
        }
        let is_built_in = matches!(scene, Scene::Against(_) | Scene::Plain);
        let flows = (!is_built_in).then_some(flows);
        let binary = if let Scene::Against(binary) = scene { Some(binary.clone()) } else { None };
        // It is free now, and most likely still is when the service takes it.
        let metrics = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        Ok(Self { texts, calls, flows, binary, metrics })
    }

    /// The program, if it is not the build at hand.
    pub(crate) fn binary(&self) -> Option<&Path> {
        self.binary.as_deref()
    }

    /// The settings of the service beside the usual ones.
    pub(crate) fn settings(&self) -> Vec<(&'static str, String)> {
        let Some(flows) = &self.flows else { return Vec::new() };
        vec![
            ("FLOWS", flows.display().to_string()),
            ("TWILIO_ACCOUNT_SID", ACCOUNT.to_owned()),
            ("TWILIO_API_URL", format!("http://{}", self.texts.address)),
            ("SEND_RATE", "10000".to_owned()),
            ("CALL_HOSTS", self.calls.address.to_string()),
            ("METRICS_BIND", self.metrics.to_string()),
        ]
    }

    /// What the service has done by itself so far.
    pub(crate) async fn done(&self) -> anyhow::Result<Done> {
        let (texts, calls) = (self.texts.requests(), self.calls.requests());
        if self.flows.is_none() {
            return Ok(Done::default());
        }
        let mut connection = Connection::new(self.metrics);
        let request = b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
        let response = connection.send(request).await.context("there are no figures")?;
        let figures = String::from_utf8_lossy(response.body);
        let mut lines = figures.lines();
        let woken = lines.find_map(|line| line.strip_prefix("ringback_turns_after_silence_total "));
        let woken = woken.and_then(|count| count.trim().parse().ok()).unwrap_or(0);
        Ok(Done { woken, texts, calls })
    }
}
