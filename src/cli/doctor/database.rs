//! Whether the database answers, is up to date, and gives the rights that are needed.

use jiff::Timestamp;

use super::clock::Seen;
use super::lines::Lines;
use crate::server::database;
use crate::store::url::{Backend, DatabaseUrl};
use crate::store::{Examined, HostState, Migrations};

const SUBJECT: &str = "database";

/// Looks at the database. Returns its clock, if it has one.
pub(super) async fn look(lines: &mut Lines, url: &DatabaseUrl) -> Option<Seen> {
    let clock = look_at_contents(lines, url).await;
    look_at_hosts(lines, url).await;
    clock
}

async fn look_at_contents(lines: &mut Lines, url: &DatabaseUrl) -> Option<Seen> {
    match database::examine(url).await {
        Ok(None) => {
            lines.ok(SUBJECT, &format!("{url} does not exist yet; the first start makes it"));
            None
        }
        Ok(Some(examined)) => {
            let here = Timestamp::now();
            lines.ok(SUBJECT, &format!("{url} answers: {}", examined.version));
            look_at_rights(lines, url, &examined);
            look_at_migrations(lines, &examined);
            let there = examined.clock?;
            Some(Seen { whose: "the database", here, there })
        }
        Err(error) => {
            lines.error(SUBJECT, &error);
            None
        }
    }
}

/// Says which of several hosts would be used, and which would be passed over.
async fn look_at_hosts(lines: &mut Lines, url: &DatabaseUrl) {
    const SUBJECT: &str = "host";
    for HostState { name, trouble, is_read_only } in database::examine_hosts(url).await {
        match trouble {
            None => lines.ok(SUBJECT, &format!("{name} can be written to")),
            Some(_) if is_read_only => {
                lines.ok(SUBJECT, &format!("{name} is read-only, and is used once it is not"));
            }
            Some(error) => lines.warning(
                SUBJECT,
                &format!("{name} is passed over: {}", error.reason()),
                database::hint_for_host(&error),
            ),
        }
    }
}

fn look_at_rights(lines: &mut Lines, url: &DatabaseUrl, examined: &Examined) {
    const SUBJECT: &str = "rights";
    let (missing, purpose) = (examined.missing.join(", "), purpose(examined));
    if missing.is_empty() {
        lines.ok(SUBJECT, &format!("there are those for {purpose}"));
    } else if url.backend() == Backend::Sqlite {
        lines.wrong(
            SUBJECT,
            "the file or its folder cannot be written to",
            "give both to the user who runs `ringback`",
        );
    } else {
        lines.wrong(
            SUBJECT,
            &format!("the user may not {missing}, which {purpose} needs"),
            "docs/operations.md has the `GRANT`s for migrating and for serving",
        );
    }
}

fn purpose(examined: &Examined) -> &'static str {
    if examined.migrations == Migrations::Done { "serving" } else { "migrating" }
}

fn look_at_migrations(lines: &mut Lines, examined: &Examined) {
    const SUBJECT: &str = "migrations";
    match examined.migrations {
        Migrations::Done => lines.ok(SUBJECT, "done"),
        Migrations::None => {
            lines.ok(SUBJECT, "none is done yet; the first start makes the tables");
        }
        Migrations::Pending(pending) => {
            let text = format!("{pending} to be done; the next start of this release does them");
            lines.warning(SUBJECT, &text, "run `ringback migrate`");
        }
        Migrations::Foreign(version) => lines.wrong(
            SUBJECT,
            &format!("migration {version} was applied in a different form"),
            "use the version of Ringback to which the database belongs, or another database",
        ),
    }
}
