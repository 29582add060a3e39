//! `ringback doctor`: tries what the service needs, and says what is wrong.
//!
//! Each file here tries one thing. All of them only look.

mod addresses;
mod clock;
mod database;
mod flows;
mod lines;
mod settings;

use self::lines::Lines;
use super::args::DoctorArgs;
use super::output::Output;
use super::runtime::runtime;
use crate::config::dotenv::DotenvError;

/// Tries everything. Returns `false` if something is wrong.
pub(super) fn run(dotenv: Result<bool, DotenvError>, args: &DoctorArgs) -> anyhow::Result<bool> {
    let mut lines = Lines::new(Output::new());
    // Without the file the rest of the settings is not known.
    if settings::look_at_file(&mut lines, dotenv) {
        let settings = settings::look(&mut lines, args);
        let looking = async {
            let database = args.server.store.database_url().ok();
            let clock = match &database {
                Some(url) => database::look(&mut lines, url).await,
                None => None,
            };
            let loaded = flows::look(&mut lines, &args.server);
            let Some(settings) = settings else { return };
            if let Some(loaded) = loaded {
                flows::look_at_needs(&mut lines, &loaded, &settings).await;
            }
            let seen = addresses::look_at_public(&mut lines, &settings).await;
            addresses::look_at_bind(&mut lines, &settings).await;
            clock::look(&mut lines, clock, seen);
        };
        runtime()?.block_on(looking);
    }
    Ok(lines.conclude())
}
