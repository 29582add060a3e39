//! What README's figures come from: the built service over loopback, under a
//! closed loop of signed webhooks, beside what a user would build instead and
//! beside its own limits. `scripts/bench` runs it; benches/README.md explains it.
//!
//! All subjects of a round are measured one after the other, and the rounds
//! repeat that, so that what disturbs the machine disturbs all of them: ratios
//! within a run are what counts.

#![expect(clippy::print_stdout, reason = "the table is what it is for")]
#![expect(clippy::cast_precision_loss, reason = "figures are shown with a few digits")]

mod args;
mod client;
mod database;
mod load;
mod process;
mod report;
mod script;
mod store;
mod subject;

use std::path::Path;
use std::process::ExitCode;
use std::rc::Rc;

use anyhow::Context;
use clap::Parser;

use self::args::{Args, Subject};
use self::database::{Schema, Server};
use self::load::{Timing, Traffic};
use self::report::{Measurement, Snapshot};
use self::script::{Senders, Writer};
use self::subject::Running;

fn main() -> anyhow::Result<ExitCode> {
    let args = Args::parse();
    // One thread: the generator shall leave the machine to what it measures.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let measurements = runtime.block_on(run(&args))?;
    let is_right = measurements.iter().all(Measurement::is_right);
    if !is_right {
        println!("\nNot every message was answered as it should be: these figures do not count.");
    }
    Ok(if is_right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn run(args: &Args) -> anyhow::Result<Vec<Measurement>> {
    let folder = tempfile::tempdir()?;
    println!(
        "{}\nlog level {}; medians of {} rounds of {:?} after {:?}",
        report::machine(),
        args.log,
        args.rounds(),
        args.measure(),
        args.warm_up()
    );
    let mut servers = Vec::new();
    for database in args.databases() {
        servers.push(Server::new(database, args.server(database), folder.path()).await?);
    }
    let bench = Bench {
        args,
        folder: folder.path(),
        writer: Rc::new(Writer::new()?),
        senders: Rc::default(),
    };
    let mut measurements = Vec::new();
    for server in &servers {
        println!("\n{}: {}", server.name, server.about);
        for connections in args.connections() {
            let of_block = bench.measure_all(server, connections).await?;
            println!(
                "\n{connections} connections on {}\n{}",
                server.name,
                report::table(&of_block)
            );
            measurements.extend(of_block);
            // After each block: what was measured is not lost if something fails later.
            if let Some(file) = &args.json {
                report::write_json(file, args, &servers, &measurements)
                    .with_context(|| format!("{} cannot be written", file.display()))?;
            }
        }
    }
    Ok(measurements)
}

struct Bench<'a> {
    args: &'a Args,
    /// For files of the databases, and where what is measured runs.
    folder: &'a Path,
    writer: Rc<Writer>,
    senders: Rc<Senders>,
}

impl Bench<'_> {
    /// All subjects by turns, as often as there are rounds.
    async fn measure_all(
        &self,
        server: &Server,
        connections: usize,
    ) -> anyhow::Result<Vec<Measurement>> {
        let subjects = self.args.subjects().into_iter();
        let subjects: Vec<_> =
            subjects.filter(|subject| !subject.is_peer() || !server.is_embedded()).collect();
        let mut measurements = Vec::new();
        for round in 1..=self.args.rounds() {
            for &subject in &subjects {
                let name = args::name(&subject);
                let schema = server
                    .fresh(&format!("{name}_{connections}_{round}"), subject.is_peer())
                    .await?;
                let measured = self.measure(server, &schema, subject, connections, round).await;
                server.remove(&schema).await?;
                measurements.push(measured.with_context(|| format!("{name} on {}", server.name))?);
            }
        }
        Ok(measurements)
    }

    async fn measure(
        &self,
        server: &Server,
        schema: &Schema,
        subject: Subject,
        connections: usize,
        round: u32,
    ) -> anyhow::Result<Measurement> {
        let timing = Timing { warm_up: self.args.warm_up(), measure: self.args.measure() };
        server.reset_peak();
        let (outcome, snapshots, answered_before) = if subject == Subject::Store {
            let own = std::process::id();
            process::reset_peak(own);
            let observe = async || {
                let service = process::of(own);
                anyhow::Ok(Snapshot {
                    service,
                    counters: server.counters().await?,
                    ..Snapshot::default()
                })
            };
            let (outcome, seen) =
                store::run(schema, connections, &self.senders, timing, observe).await?;
            (outcome, seen, 0)
        } else {
            let running = Running::start(subject, schema, self.args, self.folder).await?;
            let (address, pid) = (running.address, running.pid());
            let (traffic, checked) = if subject == Subject::Http {
                (Traffic::NoMessages, 0)
            } else {
                let checked = load::check_contract(address, &self.writer, &self.senders).await?;
                (Traffic::Conversations, checked)
            };
            let observe = async || {
                let (service, generator) = (process::tree(pid), process::of(std::process::id()));
                anyhow::Ok(Snapshot { service, generator, counters: server.counters().await? })
            };
            let parts = (Rc::clone(&self.writer), Rc::clone(&self.senders));
            let (outcome, seen) =
                load::run(address, connections, parts, traffic, timing, observe).await?;
            running.stop().await?;
            (outcome, seen, checked)
        };
        if let Some(failure) = &outcome.first_failure {
            println!("{} at {connections} connections: {failure}", args::name(&subject));
        }
        let kept =
            if subject == Subject::Http { outcome.answered } else { schema.messages().await? };
        let lost = (outcome.answered + answered_before).saturating_sub(kept);
        Ok(Measurement::new((server, subject, connections, round), &outcome, lost, snapshots))
    }
}
