//! Start and stop: puts the parts together, serves, and shuts down in order.
//!
//! [`config`](crate::config) reads the command line, and each part does its own
//! work.

mod belief;
mod calling;
mod connections;
pub mod database;
mod file_watch;
mod flows;
mod hangup;
pub mod requirements;
pub mod retention;
mod sending;
mod signals;
mod stop;

use std::net::{Ipv4Addr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use jiff::Timestamp;
use secrecy::SecretString;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::bot::number_hash::{NumberHash, random_key};
use crate::bot::{Bot, Explanations, Parts, Served};
use crate::calls::Caller;
use crate::config::Settings;
use crate::conversation::short_hash;
use crate::hint::WithHint;
use crate::http::{self, Astray, Callbacks, Gate, Reports, Webhook};
use crate::simulator::{self, Account, FlowNews, Requests, Simulator};
use crate::store::Store;
use crate::telemetry;
use crate::twilio::public_url::PublicUrl;
use crate::twilio::signature::{AuthToken, Verifier};
use crate::web::Key;

use self::flows::FlowSettings;
use self::retention::Keeper;
use self::sending::Plan;
use self::stop::Stops;

pub use self::signals::Signals;

/// How long open connections may take to end after the service is asked to stop.
const GRACE: Duration = Duration::from_secs(5);

/// The most connections that may wait to be accepted; the system may allow fewer.
const BACKLOG: u32 = 4_096;

/// How long texts that are being sent may take after that.
const LAST_TEXTS: Duration = Duration::from_secs(6);

/// How long accepted messages may take after that.
const LAST_ANSWERS: Duration = Duration::from_secs(3);

/// Serves until SIGTERM or Ctrl-C, then finishes what it accepted.
pub async fn run(settings: Settings, mut signals: Signals) -> anyhow::Result<()> {
    let plan = Plan::of(&settings);
    let files = FlowSettings::of(&settings, plan.takes_texts());
    let starting = Started::start(&settings, &files);
    let Some(started) = signals.while_starting(Box::pin(starting)).await else { return Ok(()) };
    let Started { store, number_hash, listener, metrics_listener, address, flow_names, served } =
        started?;
    let signing = Signing::new(&settings, address)?;
    let (flows_version, flows_hash) = (served.id, short_hash(&served.hash).to_owned());
    let tasks = TaskTracker::new();
    let stopping = CancellationToken::new();
    let sending = plan.sending();
    let (calls, wanted) = mpsc::unbounded_channel();
    let shop = if settings.simulator { serve_shop(&stopping).await } else { None };
    let maker = calling::maker(&settings.calls, shop, number_hash.clone())?;
    let clock = Timestamp::now;
    let callback_base = Arc::from(signing.public_url.callback_base());
    let explanations = settings.simulator.then(Explanations::default);
    let parts = Parts {
        store: store.clone(),
        served,
        number_hash,
        clock,
        sending,
        callback_base,
        calls,
        explanations,
    };
    let (bot, worker) = Bot::new(parts);
    let key = settings.simulator.then(Key::random);
    let account = plan.account();
    let (flow_news, flows_read) = watch::channel(FlowNews::default());
    let page = key.clone().map(|key| (key, account, flows_read));
    let router = routes(&settings, signing, &store, &bot, address, page, &stopping);

    tracing::info!(
        %address,
        database = %settings.database_url,
        flows = flow_names,
        flows.version = flows_version,
        flows.hash = flows_hash,
        "serving"
    );
    announce(&settings, address, key.as_ref());
    plan.announce();
    if let Some(listener) = metrics_listener {
        serve_metrics(listener, &stopping)?;
    }
    if let Some(retention) = settings.retention {
        let keeper = Keeper::begin(store.clone(), retention, retention::clocks())
            .await
            .context("the times in the database cannot be read")?;
        tasks.spawn(keeper.keep(stopping.clone()));
    }
    let keeping = store.clone();
    let keeping = async move { keeping.keep_to_first_host().await };
    tasks.spawn(stopping.clone().run_until_cancelled_owned(keeping));
    let Signals { stops, hangups } = signals;
    let parts = (store.clone(), bot.clone());
    let reloading = flows::keep_reloading(hangups, files, parts, flow_news);
    tasks.spawn(stopping.clone().run_until_cancelled_owned(reloading));
    let dispatcher = plan.dispatcher(&settings, address, store.clone(), bot.clone())?;
    let dispatching = TaskTracker::new();
    dispatching.spawn(dispatcher.run(stopping.clone()));
    let served = CancellationToken::new();
    dispatching.spawn(Caller::new(bot.clone(), maker, wanted).run(served.clone()));
    let token = tasks.token();
    let worker = Box::pin(worker);
    let working = async {
        worker.await;
        drop(token);
        std::future::pending::<()>().await;
    };
    let serving = async {
        serve(listener, router, stops, &stopping).await?;
        served.cancel();
        // Requests that are under way bring their news before the bot closes.
        dispatching.close();
        if timeout(LAST_TEXTS, dispatching.wait()).await.is_err() {
            tracing::error!("what became of some texts could not be kept before the end");
        }
        bot.close();
        tasks.close();
        if timeout(LAST_ANSWERS, tasks.wait()).await.is_err() {
            tracing::error!("some messages could not be answered before the end");
        }
        anyhow::Ok(())
    };
    // This is not a separate task: the runtime ends its own tasks first, and
    // the database must not be kept waiting.
    tokio::select! {
        biased;
        () = working => {}
        served = serving => served?,
    }
    store.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// The parts that must exist before anybody is served.
struct Started {
    store: Store,
    number_hash: NumberHash,
    listener: TcpListener,
    metrics_listener: Option<TcpListener>,
    address: SocketAddr,
    flow_names: String,
    served: Served,
}

impl Started {
    async fn start(settings: &Settings, files: &FlowSettings) -> anyhow::Result<Self> {
        let loaded = flows::first(files).await?;
        let flow_names = flows::names(&loaded.flows);
        let (store, number_hash) = database::open(&settings.database_url).await?;
        let listener = listen("BIND", settings.bind)?;
        let metrics_listener =
            settings.metrics_bind.map(|bind| listen("METRICS_BIND", bind)).transpose()?;
        let address =
            listener.local_addr().context("the address on which the service listens is unknown")?;
        // Only a process that can serve a version registers it as the newest.
        let served = flows::register(&store, loaded)
            .await
            .context("the database does not take the version of the flows")?;
        Ok(Self { store, number_hash, listener, metrics_listener, address, flow_names, served })
    }
}

/// The tokens whose signatures count, and the address for which they count.
struct Signing {
    public_url: PublicUrl,
    /// Only the simulator knows this token; if it is off, nobody does.
    own_token: AuthToken,
    verifier: Verifier,
}

impl Signing {
    fn new(settings: &Settings, address: SocketAddr) -> anyhow::Result<Self> {
        let public_url = settings.twilio.public_url(address);
        let own_token = AuthToken::new(&SecretString::from(random_key()))?;
        let tokens = settings.twilio.auth_tokens.clone().unwrap_or_else(|| vec![own_token.clone()]);
        let verifier = Verifier::new(public_url.clone(), tokens)?;
        Ok(Self { public_url, own_token, verifier })
    }
}

fn routes(
    settings: &Settings,
    Signing { public_url, own_token, verifier }: Signing,
    store: &Store,
    bot: &Bot,
    address: SocketAddr,
    page: Option<(Key, Option<Account>, watch::Receiver<FlowNews>)>,
    stopping: &CancellationToken,
) -> Router {
    let account_sid = settings.twilio.account_sid.as_deref();
    let words = settings.opt_out_words.clone();
    let gate = Gate::new(verifier, account_sid);
    let reports = Reports { bot: bot.clone(), gate: gate.clone() };
    let webhook = Webhook::new(bot.clone(), gate, words);
    let astray = Astray::new(public_url.clone());
    let webhook = http::webhook_router(webhook, astray.clone());
    let health = http::health_router(store.clone(), bot.clone(), astray.clone());
    let status = http::status_router(reports, astray.clone());
    let callbacks = Callbacks { bot: bot.clone(), store: store.clone() };
    let callbacks = http::callback_router(callbacks, astray.clone());
    let router = webhook.clone().merge(status.clone()).merge(callbacks);
    let Some((key, account, flows_read)) = page else {
        return http::with_not_found(router.merge(health), astray);
    };
    let requests = Requests::new(&key, address, public_url.clone());
    let watched = |router| http::watched(router, Arc::new(requests.clone()));
    let router = router.merge(http::root_router(astray.clone()));
    let router = watched(http::with_not_found(router, astray));
    router.merge(health).merge(simulator::router(Simulator {
        webhook: watched(webhook.merge(status)),
        requests: requests.clone(),
        token: own_token,
        account,
        public_url,
        account_sid: settings.twilio.account_sid.clone(),
        feed: bot.feed().clone(),
        flows_read,
        start_words: {
            let bot = bot.clone();
            Arc::new(move || bot.start_words())
        },
        transcript: Arc::new(store.clone()),
        silence: Arc::new((bot.clone(), store.clone())),
        stage: Arc::new((bot.clone(), store.clone())),
        shutdown: stopping.clone(),
        address,
        key,
    }))
}

/// Serves metrics from now on.
#[expect(
    clippy::disallowed_methods,
    reason = "the service does not wait for readers of metrics at its end"
)]
fn serve_metrics(listener: TcpListener, stopping: &CancellationToken) -> anyhow::Result<()> {
    let router = http::metrics_router(telemetry::install()?);
    tracing::info!(metrics = %listener.local_addr()?, "figures are at `/metrics`");
    let stopping = stopping.clone();
    tokio::spawn(async move { connections::serve(listener, router, &stopping).await });
    Ok(())
}

/// Serves the shop of the phone page, for this machine alone, and returns its
/// address. Without a free port the flows of the page cannot call it.
#[expect(clippy::disallowed_methods, reason = "the service does not wait for the shop at its end")]
async fn serve_shop(stopping: &CancellationToken) -> Option<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.ok()?;
    let address = listener.local_addr().ok()?;
    let stopping = stopping.clone();
    let router = simulator::shop_router();
    tokio::spawn(async move { connections::serve(listener, router, &stopping).await });
    Some(address)
}

/// Returns a listener whose queue is long enough for everybody who connects at
/// once. Beyond it the system answers only after the other side has tried
/// again, a second later.
fn bound(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A restart need not wait until the system has forgotten old connections.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Listens on the address in this setting.
fn listen(setting: &str, bind: SocketAddr) -> anyhow::Result<TcpListener> {
    let bound = bound(bind);
    let hint = match bound.as_ref().err().map(std::io::Error::kind) {
        Some(std::io::ErrorKind::AddrInUse) => format!(
            "another program listens there (on macOS, AirPlay uses port 5000); try `{setting}={}`",
            SocketAddr::new(bind.ip(), bind.port().wrapping_add(1))
        ),
        Some(std::io::ErrorKind::PermissionDenied) => {
            "ports below 1024 need a privilege; use a higher port behind a proxy".to_owned()
        }
        _ => format!(
            "`{setting}` must be an address of this machine, such as `127.0.0.1:{}`",
            bind.port()
        ),
    };
    bound.with_context(|| format!("cannot listen on {bind}")).with_hint(hint)
}

/// Fails if nothing could listen on the address in this setting.
pub fn try_to_listen(setting: &str, bind: SocketAddr) -> anyhow::Result<()> {
    listen(setting, bind).map(drop)
}

/// Logs where to go from here.
fn announce(settings: &Settings, address: SocketAddr, key: Option<&Key>) {
    for warning in settings.warnings(address) {
        tracing::warn!("{warning}");
    }
    if let Some(key) = key {
        let link = key.link(address);
        tracing::info!(
            "the phone page is at {link} ; keep the link to yourself: anybody who has it can write as \
             anyone, until the next start"
        );
    }
    if let Some(retention) = settings.retention {
        tracing::info!(%retention, "older messages are deleted in the background");
    }
    if settings.twilio.auth_tokens.is_some() {
        tracing::info!(
            webhook = settings.twilio.public_url(address).console_url(),
            "paste this into the Twilio console, as the URL for messages and as the fallback URL"
        );
    }
}

/// Answers requests until it is asked to stop, and then until all requests in progress are answered.
async fn serve(
    listener: TcpListener,
    router: Router,
    mut stops: Stops,
    stopping: &CancellationToken,
) -> anyhow::Result<()> {
    let mut served = pin!(connections::serve(listener, router, stopping));
    tokio::select! {
        // It ends only after it is asked to.
        () = &mut served => return Ok(()),
        signal = stops.next() => tracing::info!(signal, "stopping: finishing what was accepted"),
    }
    stopping.cancel();
    tokio::select! {
        ended = timeout(GRACE, &mut served) => {
            if ended.is_err() {
                tracing::warn!("some connections did not end and are closed");
            }
            Ok(())
        }
        signal = stops.next() => {
            anyhow::bail!("stopped by a second {signal} before everything was finished")
        }
    }
}
