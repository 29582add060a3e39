//! What README's figures come from: the built service over loopback, under a
//! closed loop of signed webhooks, beside what a user would build instead and
//! beside its own limits. `scripts/bench` runs it; benches/README.md explains it.
//!
//! All subjects of a round are measured one after the other, and the rounds
//! repeat that, so that what disturbs the machine disturbs all of them: ratios
//! within a run are what counts.

#![expect(clippy::print_stdout, reason = "the table is what it is for")]
#![expect(clippy::disallowed_methods, reason = "it has threads and settings of its own")]
#![expect(clippy::cast_precision_loss, reason = "figures are shown with a few digits")]

mod args;
mod client;
mod database;
mod fill;
mod host;
mod load;
mod process;
mod report;
mod scene;
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
use self::load::{Outcome, Timing, Traffic};
use self::report::{Measurement, Snapshot};
use self::scene::{Around, Scene};
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
        let server = Server::new(database, args.server(database), folder.path()).await?;
        server.wear_in().await.with_context(|| format!("the redo log of {}", server.name))?;
        servers.push(server);
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
        bench
            .measure_all(server, |connections, block| {
                let table = report::table(&block);
                println!("\n{connections} connections on {}", server.name);
                // Costs per message say nothing where nobody writes.
                if connections > 0 {
                    println!("{table}");
                }
                if args.acting.is_some() {
                    println!("{}", report::acting(&block));
                }
                measurements.extend(block);
                // After each block, so that what was measured outlives a later failure.
                let Some(file) = &args.json else { return Ok(()) };
                report::write_json(file, args, &servers, &measurements)
                    .with_context(|| format!("{} cannot be written", file.display()))
            })
            .await?;
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

/// One line of a table.
#[derive(Clone, Debug)]
struct Case {
    subject: Subject,
    /// How many people and messages the tables hold before.
    filled: u64,
    /// What the service does by itself.
    scene: Option<Scene>,
}

impl Case {
    fn label(&self) -> String {
        if let Some(scene) = &self.scene {
            return scene.label();
        }
        let name = args::name(&self.subject);
        if self.filled == 0 { name } else { format!("{name} {}", self.filled) }
    }

    fn schema_name(&self) -> String {
        format!("{}_{}", args::name(&self.subject), self.filled)
    }
}

impl Bench<'_> {
    /// All that is measured on a server, for each number of connections.
    async fn measure_all(
        &self,
        server: &Server,
        mut each_block: impl FnMut(usize, Vec<Measurement>) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut filled = Vec::new();
        for &rows in &self.args.filled {
            let case = Case { subject: Subject::Ringback, filled: rows, scene: None };
            let schema = server.fresh(&case.schema_name(), false).await?;
            fill::fill(&schema, rows).await?;
            filled.push((case, Some(schema)));
        }
        let scenes = Scene::all(self.args);
        let cases = if !scenes.is_empty() {
            let case = |scene| Case { subject: Subject::Ringback, filled: 0, scene: Some(scene) };
            scenes.into_iter().map(|scene| (case(scene), None)).collect()
        } else if filled.is_empty() {
            let subjects = self.args.subjects().into_iter();
            let fitting = subjects.filter(|subject| !subject.is_peer() || !server.is_embedded());
            fitting.map(|subject| (Case { subject, filled: 0, scene: None }, None)).collect()
        } else {
            filled
        };
        for connections in self.args.connections() {
            let block = self.measure_block(server, &cases, connections).await?;
            each_block(connections, block)?;
        }
        for schema in cases.iter().filter_map(|(_, schema)| schema.as_ref()) {
            server.remove(schema).await?;
        }
        Ok(())
    }

    /// All cases by turns, as often as there are rounds; each on empty tables
    /// but those that were filled for it.
    async fn measure_block(
        &self,
        server: &Server,
        cases: &[(Case, Option<Schema>)],
        connections: usize,
    ) -> anyhow::Result<Vec<Measurement>> {
        let mut measurements = Vec::new();
        for round in 1..=self.args.rounds() {
            for (case, filled) in cases {
                let measured = if let Some(schema) = filled {
                    self.measure(server, schema, case, connections, round).await
                } else {
                    let schema = server.fresh(&case.schema_name(), case.subject.is_peer()).await?;
                    let measured = self.measure(server, &schema, case, connections, round).await;
                    server.remove(&schema).await?;
                    measured
                };
                let context = || format!("{} on {}", case.label(), server.name);
                measurements.push(measured.with_context(context)?);
            }
        }
        Ok(measurements)
    }

    async fn measure(
        &self,
        server: &Server,
        schema: &Schema,
        case: &Case,
        connections: usize,
        round: u32,
    ) -> anyhow::Result<Measurement> {
        server.reset_peak();
        let (outcome, kept, snapshots) = if case.subject == Subject::Store {
            let (outcome, snapshots) = self.measure_store(server, schema, connections).await?;
            (outcome, schema.messages().await?, snapshots)
        } else {
            self.measure_service(server, schema, case, connections).await?
        };
        if let Some(failure) = &outcome.first_failure {
            println!("{} at {connections} connections: {failure}", case.label());
        }
        let lost = outcome.answered.saturating_sub(kept);
        Ok(Measurement::new((server, case, connections, round), &outcome, lost, snapshots))
    }

    fn timing(&self) -> Timing {
        Timing { warm_up: self.args.warm_up(), measure: self.args.measure() }
    }

    async fn measure_store(
        &self,
        server: &Server,
        schema: &Schema,
        size: usize,
    ) -> anyhow::Result<(Outcome, [Snapshot; 2])> {
        let own = std::process::id();
        process::reset_peak(own);
        let observe = async || {
            let (service, counters) = (process::of(own), server.counters().await?);
            anyhow::Ok(Snapshot { service, counters, ..Snapshot::default() })
        };
        store::run(schema, size, &self.senders, self.timing(), observe).await
    }

    /// Also gives how many messages were kept of those that were answered.
    async fn measure_service(
        &self,
        server: &Server,
        schema: &Schema,
        case: &Case,
        connections: usize,
    ) -> anyhow::Result<(Outcome, u64, [Snapshot; 2])> {
        let (scene, mut around) = (case.scene.as_ref(), None);
        if let Some(scene) = scene {
            scene.fill(schema).await?;
            around = Some(Around::of(scene, self.folder).await?);
        }
        let place = (self.folder, around.as_ref());
        let running = Running::start(case.subject, schema, self.args, place).await?;
        let (address, pid) = (running.address, running.pid());
        let traffic = match case.subject {
            Subject::Http => Traffic::NoMessages,
            _ => Traffic::Conversations,
        };
        if traffic == Traffic::Conversations && connections > 0 {
            load::check_contract(address, &self.writer, &self.senders).await?;
        }
        let kept_before = schema.messages().await?;
        let observe = async || {
            let (service, generator) = (process::tree(pid), process::of(std::process::id()));
            let done = match &around {
                Some(around) => Some(around.done().await?),
                None => None,
            };
            anyhow::Ok(Snapshot { service, generator, counters: server.counters().await?, done })
        };
        let parts = (Rc::clone(&self.writer), Rc::clone(&self.senders));
        let connections = (connections, scene.map_or(0, Scene::callers));
        let (outcome, snapshots) =
            load::run(address, connections, parts, traffic, self.timing(), observe).await?;
        running.stop().await?;
        let kept = match traffic {
            Traffic::Conversations => schema.messages().await?.saturating_sub(kept_before),
            Traffic::NoMessages => outcome.answered,
        };
        Ok((outcome, kept, snapshots))
    }
}
