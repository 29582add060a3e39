//! Whole conversations by clocks that are wrong, or far ahead.

use jiff::Timestamp;
use ringback::conversation::{Flows, Source};

use super::Service;
use crate::support::database::each_database;

const FROM: &str = "+1415555";

/// What is said over two weeks, and what is answered.
const SAYS: [&str; 3] = ["hello", "tomorrow", "in 3 days"];

const DATES: &str = "\
flow: dates
start: [hello]
otherwise: Say hello.
expire: 365d
timezone: Pacific/Kiritimati
steps:
  DAY:
    ask: Which day? It is {{ now }}.
    type: date
  OTHER:
    ask: Which other day?
    type: date
    after: today
";

#[tokio::test]
async fn a_conversation_goes_on_whatever_the_clock_says() {
    let clocks: [fn() -> Timestamp; 6] = [
        || "1900-01-01T00:00:00Z".parse().unwrap(),
        || "1960-05-06T07:08:09Z".parse().unwrap(),
        || "2038-02-01T00:00:00Z".parse().unwrap(),
        || "2106-03-01T00:00:00Z".parse().unwrap(),
        || "9999-12-29T00:00:00Z".parse().unwrap(),
        || "9999-12-30T21:59:58Z".parse().unwrap(),
    ];
    each_database(async |database| {
        let source = Source { name: "dates.yaml".to_owned(), text: DATES.to_owned() };
        let first = Service::start(database.url()).await;
        for (index, clock) in clocks.into_iter().enumerate() {
            let built_in = Flows::built_in().unwrap().flows;
            let service = Service::by_clock(first.store.clone(), built_in, clock);
            let from = format!("{FROM}{index}");
            let mut says = ["hello", "John", "Creep"].into_iter().enumerate();
            let replies =
                ["What is your name?", "Hello John, what is your favorite song?", "Playing Creep"];
            for reply in replies {
                let (turn, text) = says.next().unwrap();
                assert_eq!(service.say(&format!("SM{index}{turn}"), &from, text).await, [reply]);
            }
            let service = Service::by_clock(
                first.store.clone(),
                Flows::load(std::slice::from_ref(&source)).unwrap().flows,
                clock,
            );
            let from = format!("{FROM}9{index}");
            for (turn, text) in SAYS.into_iter().enumerate() {
                service.say(&format!("SMd{index}{turn}"), &from, text).await;
            }
        }
    })
    .await;
}
