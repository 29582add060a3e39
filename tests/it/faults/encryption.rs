//! TLS to the database, and what is said where it does not come about.

use std::path::Path;
use std::process::Command;

use super::server::Server;
use crate::support::database::run_sql;
use crate::support::leave_to;
use crate::support::ringback::run;

/// An authority, and a certificate for `localhost` that it issued.
fn certificates(folder: &Path) -> bool {
    let script = "set -e
        openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ca.key -out ca.pem
        openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr
        printf 'subjectAltName=DNS:localhost' > names
        openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
            -extfile names -out server.pem
        chmod 644 server.key";
    let made = Command::new("sh").args(["-c", script]).current_dir(folder).output();
    made.is_ok_and(|made| made.status.success())
}

/// How a start goes with this address.
fn migrate(folder: &Path, url: &str) -> String {
    run(folder, &[("DATABASE_URL", url), ("RUST_LOG", "warn")], &["migrate"]).to_string()
}

const WELL: &str = "exit code: 0\n--- stdout\n--- stderr\n";

#[tokio::test]
async fn is_verified_as_far_as_is_asked_for_and_a_failure_says_what_to_write() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    if !certificates(folder.path()) {
        return leave_to("the part without TLS", "there is no `openssl` to make certificates");
    }
    let options = ["ssl-cert", "ssl-key", "ssl-ca"]
        .into_iter()
        .zip(["server.pem", "server.key", "ca.pem"])
        .map(|(option, file)| format!("--{option}={}", at(file)));
    let Some(server) = Server::start_told(options.collect()).await else { return };
    let by_number = server.url();
    let by_name = by_number.replace("127.0.0.1", "localhost");
    let ca = at("ca.pem");
    let cases = [
        (by_number.clone(), None),
        (format!("{by_number}?ssl-mode=REQUIRED"), None),
        (format!("{by_number}?ssl-mode=VERIFY_CA&ssl-ca={ca}"), None),
        (format!("{by_name}?ssl-mode=VERIFY_IDENTITY&ssl-ca={ca}"), None),
        (format!("{by_number}?ssl-mode=VERIFY_IDENTITY&ssl-ca={ca}"), Some("is for another name")),
        (format!("{by_number}?ssl-mode=VERIFY_CA"), Some("certificate does not verify")),
        (format!("{by_name}?ssl-mode=VERIFY_IDENTITY"), Some("certificate does not verify")),
        (format!("{by_number}?ssl-mode=VERIFY_CA&ssl-ca={ca}.not"), Some("cannot be read")),
        (format!("{by_number}?ssl-mode=DISABLED"), None),
    ];
    for (url, words) in &cases {
        let outcome = migrate(folder.path(), url);
        match words {
            None => assert_eq!(outcome, WELL, "{url}"),
            Some(words) => assert!(outcome.contains(words), "{url}: {outcome}"),
        }
    }
}

#[tokio::test]
async fn is_not_had_of_a_server_that_offers_none() {
    let Some(server) = Server::start().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let outcome = migrate(folder.path(), &format!("{}?ssl-mode=REQUIRED", server.url()));
    assert!(outcome.contains("offers no TLS, which `ssl-mode`"), "{outcome}");
    assert_eq!(migrate(folder.path(), &server.url()), WELL);
}

/// MySQL's own kind of password; MariaDB 10.11 has it not.
#[tokio::test]
async fn is_asked_for_where_a_password_must_not_go_in_the_open() {
    crate::support::database::on_mysql(async |database| {
        let version = crate::support::database::select(database.url(), "SELECT VERSION()").await;
        if version[0].contains("MariaDB") {
            return leave_to("a run on MySQL", "MariaDB has no `caching_sha2_password`");
        }
        let name = format!("u{}", &uuid::Uuid::new_v4().simple().to_string()[..16]);
        let create = format!(
            "CREATE USER {name}@'%' IDENTIFIED WITH caching_sha2_password BY 's3cret'; \
             GRANT ALL ON *.* TO {name}@'%'"
        );
        run_sql(database.url(), &create).await;
        let mut url = url::Url::parse(database.url()).unwrap();
        url.set_username(&name).unwrap();
        url.set_password(Some("s3cret")).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let outcome = migrate(folder.path(), &format!("{url}?ssl-mode=DISABLED"));
        assert!(outcome.contains("only over TLS (`caching_sha2_password`)"), "{outcome}");
        assert!(outcome.contains("?ssl-mode=REQUIRED"), "{outcome}");
        assert_eq!(migrate(folder.path(), &format!("{url}?ssl-mode=REQUIRED")), WELL);
        run_sql(database.url(), &format!("DROP USER {name}@'%'")).await;
    })
    .await;
}
