//! Measurements as a table and as JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use super::Case;
use super::args::Args;
use super::database::{Counters, Server};
use super::load::Outcome;
use super::process::Usage;
use super::scene::Done;

/// What was seen at one end of the measured time.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Snapshot {
    /// Of what is measured.
    pub(crate) service: Usage,
    /// Of the process that makes the load; zero where that is the service itself.
    pub(crate) generator: Usage,
    /// Of the database server.
    pub(crate) counters: Option<Counters>,
    /// What the service did by itself, where it does something.
    pub(crate) done: Option<Done>,
}

/// One subject, measured once. Costs are per message; what cannot be told is null.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Measurement {
    pub(crate) database: String,
    pub(crate) subject: String,
    /// How many people and messages were there before.
    pub(crate) filled: u64,
    pub(crate) connections: usize,
    pub(crate) round: u32,
    pub(crate) messages: u64,
    pub(crate) seconds: f64,
    pub(crate) messages_per_second: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p95_ms: f64,
    pub(crate) p99_ms: f64,
    pub(crate) max_ms: f64,
    pub(crate) wrong: u64,
    pub(crate) failed: u64,
    /// Answered, but not in the database afterwards.
    pub(crate) lost: u64,
    pub(crate) service_cpu_ms_per_1000: f64,
    pub(crate) database_cpu_ms_per_1000: Option<f64>,
    pub(crate) generator_cpu_ms_per_1000: f64,
    pub(crate) service_peak_mb: f64,
    pub(crate) database_peak_mb: Option<f64>,
    pub(crate) statements_per_message: Option<f64>,
    pub(crate) executes_per_message: Option<f64>,
    pub(crate) commits_per_message: Option<f64>,
    pub(crate) engine_commits_per_message: Option<f64>,
    /// Of one processor, in hundredths.
    pub(crate) service_cpu_percent: f64,
    pub(crate) database_cpu_percent: Option<f64>,
    /// What the service did by itself.
    pub(crate) woken_per_second: Option<f64>,
    pub(crate) texts_per_second: Option<f64>,
    pub(crate) calls_per_second: Option<f64>,
    /// How many people it had woken at the end.
    pub(crate) woken: Option<u64>,
}

impl Measurement {
    pub(crate) fn new(
        (server, case, connections, round): (&Server, &Case, usize, u32),
        outcome: &Outcome,
        lost: u64,
        [before, after]: [Snapshot; 2],
    ) -> Self {
        let mut latencies = outcome.latencies.clone();
        latencies.sort_unstable();
        let each = |value: f64| value / (outcome.messages.max(1) as f64);
        let cpu =
            |from: Usage, to: Usage| each(milliseconds(to.cpu.saturating_sub(from.cpu)) * 1e3);
        let counters = before.counters.zip(after.counters);
        let counted = |count: fn(Counters) -> u64| {
            counters.map(|(from, to)| each(count(to).saturating_sub(count(from)) as f64))
        };
        let seen = counters.filter(|_| server.is_seen());
        let seconds = outcome.elapsed.as_secs_f64();
        let share = |from: Usage, to: Usage| {
            100.0 * to.cpu.saturating_sub(from.cpu).as_secs_f64() / seconds
        };
        let done = before.done.zip(after.done);
        let rate = |count: fn(Done) -> u64| {
            done.map(|(from, to)| count(to).saturating_sub(count(from)) as f64 / seconds)
        };
        Self {
            database: server.name.clone(),
            subject: case.label(),
            filled: case.filled,
            connections,
            round,
            messages: outcome.messages,
            seconds: outcome.elapsed.as_secs_f64(),
            messages_per_second: outcome.messages as f64 / outcome.elapsed.as_secs_f64(),
            p50_ms: percentile(&latencies, 50),
            p95_ms: percentile(&latencies, 95),
            p99_ms: percentile(&latencies, 99),
            max_ms: percentile(&latencies, 100),
            wrong: outcome.wrong,
            failed: outcome.failed,
            lost,
            service_cpu_ms_per_1000: cpu(before.service, after.service),
            database_cpu_ms_per_1000: seen.map(|(from, to)| cpu(from.usage, to.usage)),
            generator_cpu_ms_per_1000: cpu(before.generator, after.generator),
            service_peak_mb: megabytes(after.service.peak),
            database_peak_mb: seen.map(|(_, to)| megabytes(to.usage.peak)),
            statements_per_message: counted(|counters| counters.statements),
            executes_per_message: counted(|counters| counters.executes),
            commits_per_message: counted(|counters| counters.commits),
            engine_commits_per_message: counted(|counters| counters.engine_commits),
            service_cpu_percent: share(before.service, after.service),
            database_cpu_percent: seen.map(|(from, to)| share(from.usage, to.usage)),
            woken_per_second: rate(|done| done.woken),
            texts_per_second: rate(|done| done.texts),
            calls_per_second: rate(|done| done.calls),
            woken: after.done.map(|done| done.woken),
        }
    }

    /// Whether every message got the reply that it should, and is kept.
    pub(crate) fn is_right(&self) -> bool {
        (self.messages > 0 || self.connections == 0) && self.wrong + self.failed + self.lost == 0
    }
}

/// The smallest value that so many of a hundred do not exceed.
fn percentile(sorted: &[Duration], percent: usize) -> f64 {
    let rank = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(rank).copied().map_or(0.0, milliseconds)
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    let half = values.len() / 2;
    match values.len() {
        0 => None,
        odd if odd % 2 == 1 => values.get(half).copied(),
        _ => Some(f64::midpoint(*values.get(half - 1)?, *values.get(half)?)),
    }
}

/// The table of one database and number of connections: medians of the
/// rounds, the sum of what went wrong, and how many times each one's rate that
/// of the first is, as the median of the ratios within each round.
pub(crate) fn table(measurements: &[Measurement]) -> String {
    let mut rounds: BTreeMap<usize, Vec<&Measurement>> = BTreeMap::new();
    let mut order = Vec::new();
    for measurement in measurements {
        let known = order.iter().position(|subject| *subject == &measurement.subject);
        let place = known.unwrap_or_else(|| {
            order.push(&measurement.subject);
            order.len() - 1
        });
        rounds.entry(place).or_default().push(measurement);
    }
    let mut table = format!(
        "{:>17}{:>9}{:>8}{:>8}{:>8}{:>9}{:>7}{:>7}{:>6}{:>9}{:>9}{:>9}{:>8}{:>8}{:>8}{:>8}{:>8}\n",
        "",
        "msg/s",
        "p50 ms",
        "p95",
        "p99",
        "max",
        "wrong",
        "failed",
        "lost",
        "cpu/1000",
        "db cpu",
        "gen cpu",
        "MB",
        "db MB",
        "stmts",
        "commits",
        "ratio"
    );
    for of_one in rounds.values() {
        table.push_str(&row(of_one, measurements));
    }
    table
}

fn row(of_one: &[&Measurement], all: &[Measurement]) -> String {
    let figure = |value: fn(&Measurement) -> Option<f64>, digits: usize| {
        let found = median(of_one.iter().filter_map(|measurement| value(measurement)));
        found.map_or_else(|| "-".to_owned(), |found| format!("{found:.digits$}"))
    };
    let sum = |value: fn(&Measurement) -> u64| of_one.iter().map(|m| value(m)).sum::<u64>();
    let ratios = of_one.iter().filter_map(|measurement| {
        let first = all.iter().find(|m| m.round == measurement.round)?;
        Some(first.messages_per_second / measurement.messages_per_second)
    });
    let subject = of_one.first().map_or("", |measurement| measurement.subject.as_str());
    let mut row = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(
        row,
        "{subject:>17}{:>9}{:>8}{:>8}{:>8}{:>9}{:>7}{:>7}{:>6}{:>9}{:>9}{:>9}{:>8}{:>8}{:>8}{:>8}{:>8}",
        figure(|m| Some(m.messages_per_second), 0),
        figure(|m| Some(m.p50_ms), 2),
        figure(|m| Some(m.p95_ms), 2),
        figure(|m| Some(m.p99_ms), 2),
        figure(|m| Some(m.max_ms), 1),
        sum(|m| m.wrong),
        sum(|m| m.failed),
        sum(|m| m.lost),
        figure(|m| Some(m.service_cpu_ms_per_1000), 1),
        figure(|m| m.database_cpu_ms_per_1000, 1),
        figure(|m| Some(m.generator_cpu_ms_per_1000), 1),
        figure(|m| Some(m.service_peak_mb), 1),
        figure(|m| m.database_peak_mb, 0),
        figure(|m| m.statements_per_message, 3),
        figure(|m| m.commits_per_message, 3),
        median(ratios).map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}")),
    );
    row
}

/// The table of what the service did by itself, and which share of a processor
/// all of it took.
pub(crate) fn acting(measurements: &[Measurement]) -> String {
    let mut table = format!(
        "{:>17}{:>8}{:>8}{:>9}{:>9}{:>9}{:>9}\n",
        "", "cpu %", "db cpu", "woken/s", "texts/s", "calls/s", "woken"
    );
    for one in measurements {
        let or_none = |value: Option<f64>, digits: usize| {
            value.map_or_else(|| "-".to_owned(), |value| format!("{value:.digits$}"))
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            table,
            "{:>17}{:>8.2}{:>8}{:>9}{:>9}{:>9}{:>9}",
            one.subject,
            one.service_cpu_percent,
            or_none(one.database_cpu_percent, 2),
            or_none(one.woken_per_second, 0),
            or_none(one.texts_per_second, 0),
            or_none(one.calls_per_second, 0),
            one.woken.unwrap_or(0),
        );
    }
    table
}

/// Writes everything to a file.
pub(crate) fn write_json(
    file: &Path,
    args: &Args,
    servers: &[Server],
    measurements: &[Measurement],
) -> anyhow::Result<()> {
    let databases: BTreeMap<_, _> =
        servers.iter().map(|server| (&server.name, &server.about)).collect();
    let report = json!({
        "machine": machine(),
        "databases": databases,
        "settings": {
            "log": args.log,
            "rounds": args.rounds(),
            "warm_up_seconds": args.warm_up().as_secs_f64(),
            "measure_seconds": args.measure().as_secs_f64(),
        },
        "measurements": measurements,
    });
    fs::write(file, serde_json::to_string_pretty(&report)? + "\n")?;
    Ok(())
}

/// The machine, in a line.
pub(crate) fn machine() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let value = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name));
        line.and_then(|line| Some(line.split_once(':')?.1.trim().to_owned())).unwrap_or_default()
    };
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    format!(
        "{} × {cores}, {} memory, Linux {}",
        value(&read("/proc/cpuinfo"), "model name"),
        value(&read("/proc/meminfo"), "MemTotal"),
        read("/proc/sys/kernel/osrelease").trim()
    )
}
