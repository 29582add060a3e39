//! A sender who writes faster than people do, and somebody who only pretends to
//! be that sender: neither is in anybody else's way.

use reqwest::Client;

use super::watched::{SECRET_NUMBERS, Watched};
use crate::support::database::{each_database, select};
use crate::support::twilio::{Answer, Form, client};

const SILENCE: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Response/>"#;

const TOLD: &str = "a sender writes faster than people do";

/// More than a sender may write at any speed, forged or not.
const MANY: usize = 300;

fn flooder() -> String {
    format!("{SECRET_NUMBERS}000000")
}

async fn post(form: &Form, client: &Client, service: &Watched) -> Answer {
    form.post(client, service.address()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_one_sender_meets_silence_and_is_told_once() {
    each_database(async |database| {
        let folder = tempfile::tempdir().unwrap();
        let service = Watched::start(folder.path(), database.url());
        let client = client();
        let kept = async || {
            let count = "SELECT CAST(COUNT(*) AS CHAR) FROM messages WHERE body <> 'hello'";
            select(database.url(), count).await[0].parse::<usize>().unwrap()
        };

        // Whoever knows no token writes in the flooder's name, and uses up nothing.
        for n in 0..MANY {
            let mut forged = Form::new(&format!("SMforged{n}"), &flooder(), "Quetzal");
            forged.body.push_str("&More=Quetzal");
            assert_eq!(post(&forged, &client, &service).await.status, 403);
        }
        assert_eq!(kept().await, 0, "a forged message is kept");

        let mut answered = 0;
        for n in 0..MANY {
            let form = Form::new(&format!("SMflood{n}"), &flooder(), "Xylophon");
            let answer = post(&form, &client, &service).await;
            assert_eq!(answer.status, 200, "{answer:?}");
            // The first sixty are answered at any speed: no forged message has
            // used up one of them. Later ones may be, one in five seconds.
            let is_silence = answer.body == SILENCE;
            assert!(n >= 60 || !is_silence, "silence after {n} messages");
            answered += usize::from(!is_silence);
            // Others, before the limit, at it, and beyond.
            if n % 50 == 0 {
                let other = format!("{SECRET_NUMBERS}{:06}", n + 1);
                let form = Form::new(&format!("SMother{n}"), &other, "hello");
                let answer = post(&form, &client, &service).await;
                assert!(answer.body.contains("What is your name?"), "{answer:?}");
            }
        }
        assert!(answered < MANY / 2, "{answered} of {MANY} are answered: no limit");
        assert_eq!(kept().await, answered, "silence leaves a trace");
        let log = service.stop();
        assert_eq!(log.count(TOLD), 1, "{:#?}", log.troubles());
    })
    .await;
}
