//! Names that change their addresses between two questions.

use ringback::outbound::judge::NotPublic::{LinkLocal, Private};
use ringback::outbound::outcome::Outcome::Failed;
use ringback::outbound::outcome::Reason::RefusedAddress;
use ringback::outbound::request::Request;
use ringback::outbound::target::Target;
use url::Url;

use super::names::Names;
use super::server::{Part, Server};
use super::{DEADLINE, answered, client_of, gate, request};

#[tokio::test]
async fn the_connection_goes_to_what_was_judged_and_no_name_is_resolved_twice() {
    let judged = Server::start(&[Part::status(200, "judged")]).await;
    let other = format!("127.0.0.2:{}", judged.port());
    let other = Server::start_at(&other, &[Part::status(200, "other")], None).await;
    let names = Names::of("shop.test", &["127.0.0.1", "127.0.0.2"]);
    let client = client_of(gate(&format!("shop.test:{}", judged.port()), names.clone()));
    let request = request(&format!("http://shop.test:{}/", judged.port()));
    assert_eq!(client.call(&request).await, answered(200, "judged"));
    assert_eq!((judged.connections(), other.connections()), (1, 0));
    assert_eq!(names.asked(), ["shop.test"]);
    assert_eq!(client.call(&request).await, answered(200, "other"));
    assert_eq!(names.asked().len(), 2);
}

#[tokio::test]
async fn each_question_is_judged_again() {
    let names = Names::of("shop.test", &["93.184.216.34", "10.0.0.1"]);
    let gate = gate("other.test", names);
    let target = Target::of(&Url::parse("https://shop.test/").unwrap()).unwrap();
    let first = gate.admit(&target, DEADLINE).await.unwrap();
    assert_eq!(first, ["93.184.216.34:443".parse().unwrap()]);
    assert_eq!(gate.admit(&target, DEADLINE).await, Err(RefusedAddress(Private)));
}

#[tokio::test]
async fn a_second_attempt_is_judged_as_the_first_one_was() {
    let server = Server::start(&[Part::status(503, "")]).await;
    let names = Names::of("shop.test", &["127.0.0.1", "169.254.169.254"]);
    let client = client_of(gate(&format!("shop.test:{}", server.port()), names));
    let url = format!("http://shop.test:{}/", server.port());
    let call = Request { attempts: 3, ..request(&url) };
    assert_eq!(client.call(&call).await, Failed(RefusedAddress(LinkLocal)));
    assert_eq!(server.connections(), 1);
}
