//! Whether the settings can be used, and whether others can read them.

use super::lines::Lines;
use crate::cli::args::DoctorArgs;
use crate::config::Settings;
use crate::config::dotenv::{DotenvError, exposed_secrets};

const FILE: &str = ".env";
const SUBJECT: &str = "settings";

/// Looks at `.env`. Returns `false` if it cannot be read.
pub(super) fn look_at_file(lines: &mut Lines, read: Result<bool, DotenvError>) -> bool {
    match read {
        Err(error) => {
            lines.error(FILE, &error.into());
            return false;
        }
        Ok(false) => lines.ok(FILE, "there is none in this folder; the environment counts alone"),
        Ok(true) => {
            let secrets = exposed_secrets();
            if secrets.is_empty() {
                lines.ok(FILE, "read");
            } else {
                lines.warning(
                    FILE,
                    &format!("every user of this machine can read {}", secrets.join(", ")),
                    "run `chmod 600 .env`",
                );
            }
        }
    }
    true
}

/// Looks at the settings, and returns them if they can be used.
pub(super) fn look(lines: &mut Lines, args: &DoctorArgs) -> Option<Settings> {
    let errors = args.server.errors();
    let log = args.log.settings().err();
    for error in errors.iter().chain(&log) {
        lines.wrong(SUBJECT, &error.to_string(), error.hint());
    }
    let settings = args.server.settings().ok()?;
    let warnings = settings.warnings(settings.bind);
    if warnings.is_empty() && log.is_none() {
        lines.ok(SUBJECT, "each can be used");
    }
    for warning in warnings {
        let (what, cure) = warning.split_once(": ").unwrap_or((&warning, "see `ringback --help`"));
        lines.warning(SUBJECT, what, cure);
    }
    Some(settings)
}
