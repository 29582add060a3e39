//! The webhook as Twilio meets it: form in, `TwiML` out, nothing twice.

mod clocks;
mod conversation;
mod duplicates;
mod flood;
mod ignored;
mod mishaps;
mod names;
mod opt_out;
mod quiet;
mod recut;
mod refusals;
mod rejections;
mod trouble;
mod versions;
mod waking;
mod watched;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use jiff::Timestamp;
use ringback::bot::number_hash::NumberHash;
use ringback::bot::{Bot, Clock, Parts, Sending, Served};
use ringback::conversation::{Flows, Source, Version};
use ringback::http::{self, Astray, Gate, Webhook};
use ringback::message::consent::OptOutWords;
use ringback::store::Store;
use ringback::store::url::DatabaseUrl;
use ringback::twilio::form::Pairs;
use ringback::twilio::signature::{AuthToken, Verifier, sign};
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

const TOKEN: &str = "12345";
const PUBLIC_URL: &str = "https://bot.example.com";
const PATH: &str = "/webhooks/twilio";
const ACCOUNT: &str = "AC00000000000000000000000000000000";

/// One process on a database.
#[derive(Clone)]
struct Service {
    router: Router,
    bot: Bot,
    store: Store,
    tasks: TaskTracker,
}

/// What a service here has in `OPT_OUT_WORDS`.
fn opt_out_words() -> OptOutWords {
    let mut words = OptOutWords::default();
    words.add("baja").unwrap();
    words
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Answer {
    status: StatusCode,
    content_type: String,
    retry_after: Option<String>,
    body: String,
}

impl Service {
    /// Migrates the database and serves the built-in flow.
    async fn start(url: &str) -> Self {
        Self::with_flows(url, Flows::built_in().unwrap().flows).await
    }

    /// The same, with flows that no version is kept of.
    async fn with_flows(url: &str, flows: Flows) -> Self {
        let store = Store::new(&DatabaseUrl::parse(url).unwrap()).unwrap();
        store.migrate().await.unwrap();
        Self::on(store, flows)
    }

    fn on(store: Store, flows: Flows) -> Self {
        Self::by_clock(store, flows, Timestamp::now)
    }

    fn by_clock(store: Store, flows: Flows, clock: Clock) -> Self {
        let served = Served { flows: Arc::new(flows), hash: String::new(), id: 0 };
        Self::serving(store, served, clock)
    }

    /// A process that serves these files, as one that has just started.
    async fn with_version(url: &str, sources: &[Source]) -> Self {
        let store = Store::new(&DatabaseUrl::parse(url).unwrap()).unwrap();
        store.migrate().await.unwrap();
        let served = served(&store, sources).await;
        Self::serving(store, served, Timestamp::now)
    }

    fn serving(store: Store, served: Served, clock: Clock) -> Self {
        let sending = Sending::default();
        let parts = Parts {
            calls: tokio::sync::mpsc::unbounded_channel().0,
            store: store.clone(),
            served,
            number_hash: NumberHash::new("key".into()),
            clock,
            sending,
            callback_base: format!("{PUBLIC_URL}/callbacks/").into(),
            explanations: None,
        };
        let tasks = TaskTracker::new();
        let (bot, worker) = Bot::new(parts);
        tasks.spawn(worker);
        let token = AuthToken::new(&TOKEN.into()).unwrap();
        let verifier = Verifier::new(PUBLIC_URL.parse().unwrap(), vec![token]).unwrap();
        let webhook =
            Webhook::new(bot.clone(), Gate::new(verifier, Some(ACCOUNT)), opt_out_words());
        let astray = Astray::new(PUBLIC_URL.parse().unwrap());
        let router = http::webhook_router(webhook, astray.clone()).merge(http::health_router(
            store.clone(),
            bot.clone(),
            astray.clone(),
        ));
        let router = http::with_not_found(router, astray);
        Self { router, bot, store, tasks }
    }

    /// Posts a signed message.
    async fn post(&self, form: &[(&str, &str)]) -> Answer {
        self.send(signed(form)).await
    }

    /// What `from` is answered when writing `body`: the texts of the reply.
    async fn say(&self, id: &str, from: &str, body: &str) -> Vec<String> {
        let answer = self.post(&message(id, from, body)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        assert_eq!(answer.content_type, "text/xml; charset=utf-8");
        ringback::twilio::twiml::read(answer.body.as_bytes())
            .unwrap()
            .into_iter()
            .map(|reply| reply.text)
            .collect()
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let text = |name| parts.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        let body = to_bytes(body, 1 << 20).await.unwrap();
        Answer {
            status: parts.status,
            content_type: text(header::CONTENT_TYPE).unwrap_or_default(),
            retry_after: text(header::RETRY_AFTER),
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }
}

/// Files that are served from now on.
async fn served(store: &Store, sources: &[Source]) -> Served {
    let version = Version::of(sources);
    let id = store.serve_version(&version, Timestamp::now()).await.unwrap();
    let flows = Flows::load(sources).unwrap_or_else(|findings| panic!("{findings}")).flows;
    Served { flows: Arc::new(flows), hash: version.hash, id }
}

/// The parameters that a message must have.
fn message<'a>(id: &'a str, from: &'a str, body: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("MessageSid", id),
        ("AccountSid", ACCOUNT),
        ("From", from),
        ("To", "+15005550006"),
        ("Body", body),
        ("FromCity", ""),
    ]
}

fn signed(form: &[(&str, &str)]) -> Request<Body> {
    let body = serde_urlencoded::to_string(form).unwrap();
    signed_body(PATH, &body)
}

/// A request whose signature is right, whatever its body is.
fn signed_body(target: &str, body: &str) -> Request<Body> {
    let pairs = Pairs::decode(body.as_bytes()).unwrap();
    let signature =
        sign(&format!("{PUBLIC_URL}{target}"), &pairs, &AuthToken::new(&TOKEN.into()).unwrap());
    request("POST", target, &signature, "application/x-www-form-urlencoded", body)
}

fn request(
    method: &str,
    target: &str,
    signature: &str,
    content_type: &str,
    body: &str,
) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(target)
        .header("X-Twilio-Signature", signature)
        .header(header::CONTENT_TYPE, content_type)
        .body(Body::from(body.to_owned()))
        .unwrap()
}
