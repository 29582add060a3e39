//! `ringback doctor`: what it finds in healthy and in broken settings. It only looks.

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use insta::assert_snapshot;
use tokio::task::spawn_blocking;
use url::Url;
use uuid::Uuid;

use super::{COLOUR, shown, write};
use crate::outbound::server::{Part, Server};
use crate::support::database::{on_mysql, run_sql, select};
use crate::support::ringback::{Outcome, run};
use crate::support::service::Service;
use crate::support::twilio::{TOKEN, post, settings};

/// Lets it look, with a free port if nothing else is said.
fn doctor(folder: &Path, settings: &[(&str, &str)]) -> Outcome {
    let outcome = run(folder, &[&[("BIND", "127.0.0.1:0")], settings].concat(), &["doctor"]);
    assert_eq!(outcome.stderr, "", "{outcome}");
    let is_wrong = outcome.stdout.lines().any(|line| line.starts_with("wrong "));
    assert_eq!(outcome.code, Some(i32::from(is_wrong)), "{outcome}");
    outcome
}

/// Its lines on one subject.
fn lines<'a>(outcome: &'a Outcome, subject: &str) -> Vec<&'a str> {
    let is_of = |line: &&str| line.get(9..).is_some_and(|rest| rest.starts_with(subject));
    outcome.stdout.lines().filter(is_of).collect()
}

/// Assures that one line says so.
fn assert_says(outcome: &Outcome, verdict: &str, subject: &str, what: &str) {
    let found = lines(outcome, &format!("{subject}: "));
    let is_it = |line: &&str| line.starts_with(verdict) && line.contains(what);
    assert!(found.iter().any(is_it), "{verdict} {subject} {what}: {outcome}");
    let is_cured = |line: &&str| line.starts_with("ok ") || line.contains(" -> ");
    assert!(found.iter().all(is_cured), "{outcome}");
}

/// The files of a folder, and what is in them.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.is_file())
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect()
}

#[test]
fn all_is_well_where_nothing_is_set() {
    let folder = tempfile::tempdir().unwrap();
    assert_snapshot!(shown(&doctor(folder.path(), &[])));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_service_that_runs_is_seen_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let database = settings("sqlite:ringback.db");
    let service = Service::start(folder.path(), &database);
    post(&service, "SM1", "+14155552671", "hello").await;
    let address = service.address().to_string();
    // The public address cannot be the service itself, so it leads to it plainly.
    let public = format!("http://{address}");
    let here = [
        ("TWILIO_AUTH_TOKEN", TOKEN),
        ("DATABASE_URL", "sqlite:ringback.db"),
        ("BIND", &address),
        ("PUBLIC_URL", &public),
    ];
    let files = |folder: &Path| contents(folder).into_keys().collect::<Vec<_>>();
    let before = files(folder.path());
    let outcome = doctor(folder.path(), &here);
    assert_says(&outcome, "ok", "BIND", "a Ringback serves");
    assert_says(&outcome, "ok", "PUBLIC_URL", "/healthz answers");
    assert_says(&outcome, "warning", "PUBLIC_URL", "it is not https");
    assert_says(&outcome, "warning", "settings", "which Twilio cannot reach");
    assert_says(&outcome, "ok", "database", "answers: SQLite 3.");
    assert_says(&outcome, "ok", "migrations", "done");
    assert_eq!(files(folder.path()), before);

    // It lives, and its database is not where it was.
    let (file, away) = (folder.path().join("ringback.db"), folder.path().join("away.db"));
    fs::rename(&file, &away).unwrap();
    let outcome = doctor(folder.path(), &here);
    assert_says(&outcome, "warning", "BIND", "cannot take a message now");
    fs::rename(&away, &file).unwrap();

    // At rest, too: no log appears beside the file.
    assert!(service.stop().0.success());
    let before = contents(folder.path());
    let outcome = doctor(folder.path(), &[("DATABASE_URL", "sqlite:ringback.db")]);
    assert_says(&outcome, "ok", "rights", "serving");
    assert!(contents(folder.path()) == before, "{outcome}");
}

#[tokio::test]
async fn a_file_that_is_behind_or_another_one_is_seen_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(folder.path(), &[], &["migrate"]).code, Some(0));
    let url = format!("sqlite:{}", folder.path().join("ringback.db").display());
    run_sql(&url, "DELETE FROM _sqlx_migrations WHERE version > 15").await;
    let before = contents(folder.path());
    let outcome = doctor(folder.path(), &[]);
    assert_says(&outcome, "warning", "migrations", "2 to be done");
    assert_says(&outcome, "warning", "migrations", "`ringback migrate`");
    assert!(contents(folder.path()) == before, "{outcome}");
    run_sql(&url, "UPDATE _sqlx_migrations SET checksum = x'00' WHERE version = 3").await;
    let outcome = doctor(folder.path(), &[]);
    assert_says(&outcome, "wrong", "migrations", "migration 3 was applied in a different form");

    write(folder.path(), "notes.db", "This is no database, but a text. ".repeat(50));
    let outcome = doctor(folder.path(), &[("DATABASE_URL", "sqlite:notes.db")]);
    assert_says(&outcome, "wrong", "database", "not a SQLite database");
    let outcome = doctor(folder.path(), &[("DATABASE_URL", "sqlite:nowhere/ringback.db")]);
    assert_says(&outcome, "wrong", "database", "make sure that the folder of the file exists");
}

#[tokio::test]
async fn a_server_is_asked_for_its_version_its_rights_and_its_clock() {
    on_mysql(async |database| {
        let folder = tempfile::tempdir().unwrap();
        let name = format!("d{}", &Uuid::new_v4().simple().to_string()[..12]);
        let schema = select(database.url(), "SELECT DATABASE()").await.remove(0);
        let sql = async |text: String| run_sql(database.url(), &text).await;
        sql(format!("CREATE USER {name}@'%' IDENTIFIED BY 's3cret'")).await;
        sql(format!("GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.* TO {name}@'%'")).await;
        let mut url = Url::parse(database.url()).unwrap();
        url.set_username(&name).unwrap();
        url.set_password(Some("s3cret")).unwrap();
        let look = |url: &str| {
            let outcome = doctor(folder.path(), &[("DATABASE_URL", url)]);
            assert!(!outcome.to_string().contains("s3cret"), "{outcome}");
            outcome
        };

        let outcome = look(url.as_str());
        assert_says(&outcome, "ok", "migrations", "none is done yet");
        assert_says(
            &outcome,
            "wrong",
            "rights",
            "may not CREATE, ALTER, DROP, INDEX, which migrating",
        );
        assert_says(&look(database.url()), "ok", "rights", "migrating");
        assert!(select(database.url(), "SHOW TABLES").await.is_empty(), "something was migrated");

        let migrated = run(folder.path(), &[("DATABASE_URL", database.url())], &["migrate"]);
        assert_eq!(migrated.code, Some(0), "{migrated}");
        let outcome = look(url.as_str());
        for (subject, what) in [
            ("database", "answers: M"),
            ("rights", "serving"),
            ("migrations", "done"),
            ("clock", "agrees with that of the database"),
        ] {
            assert_says(&outcome, "ok", subject, what);
        }
        for right in ["INSERT", "UPDATE", "DELETE"] {
            sql(format!("REVOKE {right} ON {schema}.* FROM {name}@'%'")).await;
            let outcome = look(url.as_str());
            assert_says(&outcome, "wrong", "rights", &format!("may not {right}, which serving"));
            sql(format!("GRANT {right} ON {schema}.* TO {name}@'%'")).await;
        }
        // Nobody has written anything.
        let rows = "SELECT CAST(COUNT(*) AS CHAR) FROM user_sessions";
        assert_eq!(select(database.url(), rows).await, ["0"]);
        url.set_password(Some("wrong-s3cret")).unwrap();
        assert_says(&look(url.as_str()), "wrong", "database", "refused the log-in");
        sql(format!("DROP USER {name}@'%'")).await;
    })
    .await;
}

#[test]
fn each_setting_that_is_wrong_has_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let broken = [
        ("BIND", "here"),
        ("RETENTION", "1d"),
        ("SEND_RATE", "0"),
        ("PUBLIC_URL", "bot.example.com"),
        ("RUST_LOG", ""),
        ("FLOWS", "absent"),
    ];
    let outcome = doctor(folder.path(), &broken);
    let one = [("BIND", "0.0.0.0:9464"), ("METRICS_BIND", "127.0.0.1:9464")];
    let outcome_of_one = doctor(folder.path(), &one);
    assert_says(&outcome_of_one, "wrong", "settings", "`METRICS_BIND` has the port");
    for (name, _) in &broken[..5] {
        assert_says(&outcome, "wrong", "settings", &format!("`{name}`"));
    }
    assert_says(&outcome, "wrong", "flows", "cannot read `absent`");
    // What can be tried nevertheless is tried.
    assert_says(&outcome, "ok", "database", "does not exist yet");
    assert_snapshot!(shown(&outcome));

    let odd = [("TWILIO_AUTH_TOKEN", "changeme"), ("SENDING", "paused")];
    let outcome = doctor(folder.path(), &odd);
    assert_says(&outcome, "warning", "settings", "looks like a placeholder");
    assert_says(&outcome, "warning", "settings", "`PUBLIC_URL` is not set");
    assert_says(&outcome, "warning", "texts that answer no message", "they wait");
}

#[test]
fn the_file_with_the_settings_is_read_and_kept_from_others() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(".env");
    let keep = |text: &str, mode: u32| {
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        let outcome = doctor(folder.path(), &[]);
        assert!(!outcome.to_string().contains("s3cret"), "{outcome}");
        outcome
    };
    let secrets = "SECRET_SHOP=s3cret\nSENDING=off\nTWILIO_AUTH_TOKEN=a-s3cret-token\n";
    let outcome = keep(secrets, 0o644);
    assert_says(&outcome, "warning", ".env", "can read SECRET_SHOP, TWILIO_AUTH_TOKEN");
    assert_says(&outcome, "warning", ".env", "`chmod 600 .env`");
    assert_says(&keep(secrets, 0o640), "ok", ".env", "read");
    assert_says(&keep("SENDING=off\n", 0o644), "ok", ".env", "read");
    let address = "DATABASE_URL=mysql://bot:s3cret@127.0.0.1:1/a\n";
    assert_says(&keep(address, 0o604), "warning", ".env", "can read DATABASE_URL");
    let outcome = keep("SENDING=off\nTWILIO_AUTH_TOKEN s3cret\n", 0o600);
    assert_says(&outcome, "wrong", ".env", "line 2, is not `NAME=value`");
    assert!(
        outcome.stdout.ends_with("quotes\n\n1 thing wrong\n"),
        "nothing else is known: {outcome}"
    );
}

#[test]
fn flows_are_loaded_and_have_what_they_need() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "colour.yaml", COLOUR);
    let look = |further: &[(&str, &str)]| {
        let flows = [("FLOWS", "colour.yaml"), ("SECRET_ONE", "s3cret")];
        let outcome = doctor(folder.path(), &[&flows, further].concat());
        assert!(!outcome.to_string().contains("s3cret"), "{outcome}");
        outcome
    };
    assert_says(&look(&[]), "ok", "flows", "they load: colour");
    assert_says(&look(&[]), "ok", "calls", "no flow makes any");
    write(folder.path(), "colour.yaml", COLOUR.replace("say: Cold", "sya: Cold"));
    assert_says(&look(&[]), "wrong", "flows", "1 error -> run `ringback check colour.yaml`");
    write(folder.path(), "colour.yaml", COLOUR.replace("otherwise: Say hello.", "start: [stop]"));
    assert_says(&look(&[]), "wrong", "flows", "they do not load");
    write(folder.path(), "colour.yaml", COLOUR.replace("[hello]", "[hello, stop]"));
    assert_says(&look(&[]), "warning", "flows", "they load with 1 warning: colour");

    let call = "flow: price\nstart: [price]\nsecrets: [ONE, TWO]\nsteps:\n  \
                PRICE: {call: 'GET https://127.0.0.1:9000/', headers: {A: '{{ ONE }}', \
                B: '{{ TWO }}'}, when: {failed: DONE}}\n  DONE: {say: Done.}\n";
    write(folder.path(), "colour.yaml", call);
    let outcome = look(&[("TWILIO_AUTH_TOKEN", TOKEN), ("PUBLIC_URL", PUBLIC_URL_HERE)]);
    assert_says(&outcome, "wrong", "flows", "the secret `TWO`, and `SECRET_TWO` is not set");
    assert_says(&outcome, "wrong", "flows", "nothing says which account sends them");
    assert_says(&outcome, "wrong", "calls", "https://127.0.0.1:9000");
    let outcome = look(&[("SECRET_TWO", "s3cret"), ("CALL_HOSTS", "127.0.0.1:9000")]);
    assert_says(&outcome, "ok", "flows", "the secrets that they send are set");
    assert_says(&outcome, "ok", "calls", "each host has an address");
    assert_says(&outcome, "ok", "texts that answer no message", "the phone page");
}

/// An address that nobody looks up.
const PUBLIC_URL_HERE: &str = "http://127.0.0.1:1";

#[test]
fn texts_are_sent_by_an_account_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let token = ("TWILIO_AUTH_TOKEN", TOKEN);
    let account = ("TWILIO_ACCOUNT_SID", "AC0123456789abcdef0123456789abcdef");
    for (settings, verdict, what) in [
        (&[token, account][..], "ok", "the account and its secret are set"),
        (&[token], "ok", "no account is set to send them"),
        (&[token, account, ("SENDING", "off")], "ok", "they are dropped"),
        (&[token, account, ("SENDING", "paused")], "warning", "they wait"),
    ] {
        let outcome = doctor(folder.path(), settings);
        assert_says(&outcome, verdict, "texts that answer no message", what);
    }
}

#[test]
fn a_port_of_another_program_is_in_the_way() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let outcome = doctor(folder.path(), &[("METRICS_BIND", &address)]);
    assert_says(&outcome, "wrong", "METRICS_BIND", "another program listens there");
    assert_says(&outcome, "ok", "BIND", "127.0.0.1:0 is free");
    // TEST-NET-1 of RFC 5737: nobody has it.
    let outcome = doctor(folder.path(), &[("METRICS_BIND", "192.0.2.1:9000")]);
    assert_says(&outcome, "wrong", "METRICS_BIND", "must be an address of this machine");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_public_address_is_asked_and_its_clock_compared() {
    let old = "HTTP/1.1 404 X\r\nDate: Mon, 05 Jan 2026 09:00:00 GMT\r\nContent-Length: 0";
    let server = Server::start(&[Part::headers(old, "")]).await;
    let public = server.url("");
    let looked = spawn_blocking(move || {
        let folder = tempfile::tempdir().unwrap();
        let settings = [("TWILIO_AUTH_TOKEN", TOKEN), ("PUBLIC_URL", public.as_str())];
        doctor(folder.path(), &settings)
    });
    let outcome = looked.await.unwrap();
    assert_says(&outcome, "warning", "PUBLIC_URL", "answers with 404, and not as Ringback does");
    assert_says(&outcome, "warning", "clock", "s ahead of that of the public address");
    assert!(server.requests()[0].starts_with("GET /healthz "), "{:?}", server.requests());

    let folder = tempfile::tempdir().unwrap();
    let nowhere = [("TWILIO_AUTH_TOKEN", TOKEN), ("PUBLIC_URL", "https://bot.invalid")];
    let outcome = doctor(folder.path(), &nowhere);
    assert_says(&outcome, "warning", "PUBLIC_URL", "the name of the host cannot be resolved");
}
