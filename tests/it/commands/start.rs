//! What keeps the service from starting: one clear message each, what to do, and an exit code.
//!
//! Settings that are wrong by themselves are in [`settings`](crate::settings).

use std::net::TcpListener;
use std::path::Path;

use insta::assert_snapshot;
use url::Url;
use uuid::Uuid;

use super::{COLOUR, shown, write};
use crate::support::database::{TestDatabase, on_mysql, run_sql};
use crate::support::ringback::{Outcome, run};

/// How a start goes that fails.
fn start(folder: &Path, settings: &[(&str, &str)]) -> Outcome {
    let outcome = run(folder, &[&[("BIND", "127.0.0.1:0")], settings].concat(), &[]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), ""), "{outcome}");
    outcome
}

#[test]
fn a_port_that_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let outcome = start(folder.path(), &[("BIND", &address.to_string())]);
    let next = format!("`BIND=127.0.0.1:{}`", address.port().wrapping_add(1));
    assert!(outcome.stderr.contains(&next), "{outcome}");
    assert_snapshot!(shown(&outcome));
}

#[test]
fn a_port_for_figures_that_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let outcome = start(folder.path(), &[("METRICS_BIND", &address.to_string())]);
    let next = format!("`METRICS_BIND=127.0.0.1:{}`", address.port().wrapping_add(1));
    assert!(outcome.stderr.contains(&next), "{outcome}");
}

#[test]
fn an_address_of_another_machine() {
    let folder = tempfile::tempdir().unwrap();
    // TEST-NET-1 of RFC 5737: nobody has it.
    assert_snapshot!(shown(&start(folder.path(), &[("BIND", "192.0.2.1:5000")])));
}

#[test]
fn a_flow_that_makes_calls_and_nobody_sends_what_follows() {
    let folder = tempfile::tempdir().unwrap();
    let flow = "flow: price\nstart: [price]\nsteps:\n  \
                PRICE: {call: 'GET https://shop.example/', when: {failed: DONE}}\n  DONE: {say: Done.}\n";
    write(folder.path(), "price.yaml", flow);
    let settings = [("FLOWS", "price.yaml"), ("TWILIO_AUTH_TOKEN", "token")];
    let outcome = start(folder.path(), &settings);
    let why = "the flow `price` sends texts that answer no message";
    assert!(outcome.stderr.contains(why), "{outcome}");
    assert!(outcome.stderr.contains("`SENDING=paused`"), "{outcome}");
}

#[test]
fn a_flow_whose_secret_is_not_set() {
    let folder = tempfile::tempdir().unwrap();
    let flow = "flow: price\nstart: [price]\nsecrets: [ONE, TWO]\nsteps:\n  \
                PRICE: {call: 'GET https://shop.example/', headers: {A: '{{ ONE }}', \
                B: '{{ TWO }}'}, when: {failed: DONE}}\n  DONE: {say: Done.}\n";
    write(folder.path(), "price.yaml", flow);
    let settings = [("FLOWS", "price.yaml"), ("SECRET_ONE", "s3cret")];
    let outcome = start(folder.path(), &settings);
    let why = "the flow `price` sends the secret `TWO`, and `SECRET_TWO` is not set";
    assert!(outcome.stderr.contains(why), "{outcome}");
    assert!(!outcome.stderr.contains("s3cret"), "{outcome}");
    // An empty one has not arrived.
    let outcome = start(folder.path(), &[("FLOWS", "price.yaml"), ("SECRET_ONE", " ")]);
    assert!(outcome.stderr.contains("`SECRET_ONE` is set but empty"), "{outcome}");
}

#[test]
fn flows_with_mistakes() {
    let folder = tempfile::tempdir().unwrap();
    let flow = COLOUR.replace("say: Cold", "sya: Cold").replace("WARM}", "WARN}");
    write(folder.path(), "colour.yaml", flow);
    assert_snapshot!(shown(&start(folder.path(), &[("FLOWS", "colour.yaml")])));
    assert_snapshot!(shown(&start(folder.path(), &[("FLOWS", "nowhere")])));
}

#[test]
fn a_folder_that_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let outcome = start(folder.path(), &[("DATABASE_URL", "sqlite:nowhere/ringback.db")]);
    assert_snapshot!(shown(&outcome));
}

#[test]
fn a_database_that_is_away() {
    let folder = tempfile::tempdir().unwrap();
    // Taken, and free again: nobody listens there.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("mysql://bot:s3cret@127.0.0.1:{port}/ringback");
    let outcome = start(folder.path(), &[("DATABASE_URL", &url)]);
    assert!(!outcome.stderr.contains("s3cret"), "{outcome}");
    assert_snapshot!(shown(&outcome));
}

#[test]
fn a_host_that_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    // RFC 6761: `.invalid` is never resolved.
    let settings = [("DATABASE_URL", "mysql://bot:s3cret@db.invalid/ringback")];
    assert_snapshot!(shown(&start(folder.path(), &settings)));
}

#[tokio::test]
async fn a_database_that_does_not_exist() {
    on_mysql(async |database| {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("{}_gone", database.url());
        assert_snapshot!(shown(&start(folder.path(), &[("DATABASE_URL", &url)])));
    })
    .await;
}

/// A user of the server's, with this password; gone with the value.
struct User<'a> {
    server: &'a TestDatabase,
    name: String,
}

impl<'a> User<'a> {
    async fn create(server: &'a TestDatabase, password: &str) -> Self {
        let name = format!("u{}", &Uuid::new_v4().simple().to_string()[..16]);
        run_sql(server.url(), &format!("CREATE USER {name}@'%' IDENTIFIED BY '{password}'")).await;
        Self { server, name }
    }

    fn url(&self, password: &str) -> String {
        let mut url = Url::parse(self.server.url()).unwrap();
        url.set_username(&self.name).unwrap();
        url.set_password(Some(password)).unwrap();
        url.into()
    }

    async fn drop(self) {
        run_sql(self.server.url(), &format!("DROP USER {}@'%'", self.name)).await;
    }
}

#[tokio::test]
async fn a_password_or_a_right_that_is_wrong() {
    on_mysql(async |database| {
        let folder = tempfile::tempdir().unwrap();
        let user = User::create(database, "right s3cret").await;
        for (password, case) in [("wrong s3cret", "password"), ("right s3cret", "no_right")] {
            let outcome = start(folder.path(), &[("DATABASE_URL", &user.url(password))]);
            assert!(!outcome.stderr.contains("s3cret"), "{outcome}");
            assert_snapshot!(case, shown(&outcome));
        }
        let grant = format!("GRANT SELECT ON *.* TO {}@'%'", user.name);
        run_sql(database.url(), &grant).await;
        let outcome = start(folder.path(), &[("DATABASE_URL", &user.url("right s3cret"))]);
        assert_snapshot!("read_only", shown(&outcome));
        user.drop().await;
    })
    .await;
}
