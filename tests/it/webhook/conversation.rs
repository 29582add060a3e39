//! The built-in conversation, word for word, on every database.

use std::path::Path;

use ringback::conversation::{Flows, Source};

use super::{Service, message};
use crate::support::database::{each_database, run_sql, select};

#[tokio::test]
async fn the_original_conversation_goes_word_for_word() {
    each_database(async |database| {
        let url = database.url();
        let service = Service::start(url).await;
        let from = "+14155552671";
        assert_eq!(service.say("SM1", from, "hello").await, ["What is your name?"]);
        assert_eq!(
            service.say("SM2", from, "John").await,
            ["Hello John, what is your favorite song?"]
        );
        assert_eq!(
            service.say("SM3", from, "Bohemian Rhapsody").await,
            ["Playing Bohemian Rhapsody"]
        );
        let rows = select(
            url,
            "SELECT CONCAT_WS('|', phone_number, user_name, favorite_song, conversation_state) \
             FROM user_sessions",
        )
        .await;
        assert_eq!(rows, ["+14155552671|John|Bohemian Rhapsody|COMPLETED"]);
        let results = select(url, "SELECT CONCAT_WS('|', flow, outcome) FROM conversations").await;
        assert_eq!(results, ["favorite-song|COMPLETED"]);
    })
    .await;
}

#[tokio::test]
async fn two_numbers_keep_two_conversations_apart() {
    each_database(async |database| {
        let url = database.url();
        let service = Service::start(url).await;
        service.say("SM1", "+14155552671", "hello").await;
        service.say("SM2", "+14155552672", "hello").await;
        assert_eq!(
            service.say("SM3", "+14155552671", "Ann").await,
            ["Hello Ann, what is your favorite song?"]
        );
        assert_eq!(
            service.say("SM4", "+14155552672", "Bob").await,
            ["Hello Bob, what is your favorite song?"]
        );
        assert_eq!(service.say("SM5", "+14155552671", "Creep").await, ["Playing Creep"]);
        assert_eq!(service.say("SM6", "+14155552672", "Yesterday").await, ["Playing Yesterday"]);
    })
    .await;
}

#[tokio::test]
async fn a_person_is_the_same_over_sms_and_whatsapp() {
    each_database(async |database| {
        let url = database.url();
        let service = Service::start(url).await;
        service.say("SM1", "+14155552671", "hello").await;
        assert_eq!(
            service.say("SM2", "whatsapp:+14155552671", "Ann").await,
            ["Hello Ann, what is your favorite song?"]
        );
    })
    .await;
}

#[tokio::test]
async fn another_process_goes_on_where_the_first_one_stood() {
    each_database(async |database| {
        let url = database.url();
        Service::start(url).await.say("SM1", "+14155552671", "hello").await;
        let second = Service::start(url).await;
        assert_eq!(
            second.say("SM2", "+14155552671", "Ann").await,
            ["Hello Ann, what is your favorite song?"]
        );
    })
    .await;
}

#[tokio::test]
async fn names_of_any_script_and_length_come_back_as_they_were() {
    each_database(async |database| {
        let url = database.url();
        let service = Service::start(url).await;
        let names = ["Zoë 👩‍👩‍👧‍👦", "שָׁלוֹם", "مرحبا", "<b>&amp;\"'", "a\nb", &"😀".repeat(100)];
        for (n, name) in names.iter().enumerate() {
            let from = format!("+1415555{n:04}");
            service.say(&format!("SM{n}a"), &from, "hello").await;
            assert_eq!(
                service.say(&format!("SM{n}b"), &from, name).await,
                [format!("Hello {name}, what is your favorite song?")]
            );
        }
        service.say("SMxa", "+14155559999", "hello").await;
        assert_eq!(
            service.say("SMxb", "+14155559999", &"n".repeat(101)).await,
            ["What is your name?"],
            "101 characters are one too many"
        );
    })
    .await;
}

#[tokio::test]
async fn people_of_the_original_go_on() {
    each_database(async |database| {
        let url = database.url();
        run_sql(
            url,
            "CREATE TABLE user_sessions (phone_number VARCHAR(20) PRIMARY KEY, \
             user_name VARCHAR(100), favorite_song VARCHAR(200), conversation_state VARCHAR(50), \
             last_interaction TIMESTAMP DEFAULT CURRENT_TIMESTAMP)",
        )
        .await;
        run_sql(
            url,
            "INSERT INTO user_sessions VALUES \
             ('+15550000001', NULL, NULL, 'initial', '2024-11-20 10:00:00'), \
             ('+15550000002', NULL, NULL, 'waiting_for_name', '2024-11-20 10:00:00'), \
             ('+15550000003', 'John', NULL, 'waiting_for_song', '2024-11-20 10:00:00'), \
             ('+15550000004', 'Zoe', 'Creep', 'completed', '2024-11-20 10:00:00')",
        )
        .await;
        let service = Service::start(url).await;
        let cases = [
            ("+15550000001", "hello", "What is your name?"),
            ("+15550000002", "Ann", "Hello Ann, what is your favorite song?"),
            ("+15550000003", "Creep", "Playing Creep"),
            ("+15550000004", "hello", "What is your name?"),
        ];
        for (from, says, reply) in cases {
            assert_eq!(service.say(&format!("SM{from}"), from, says).await, [reply], "{from}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_step_that_is_gone_begins_afresh() {
    each_database(async |database| {
        let url = database.url();
        let service = Service::start(url).await;
        service.say("SM1", "+14155552671", "hello").await;
        run_sql(url, "UPDATE user_sessions SET conversation_state = 'GONE'").await;
        let sorry = "Sorry, this conversation has changed in the meantime. Let us begin again.";
        let told = [format!("{sorry}\nWhat is your name?")];
        assert_eq!(service.say("SM2", "+14155552671", "hello").await, told);
        run_sql(url, "UPDATE user_sessions SET conversation_state = 'GONE', flow = 'gone'").await;
        let told = [format!("{sorry}\nSay hello to begin.")];
        assert_eq!(service.say("SM3", "+14155552671", "x").await, told);
    })
    .await;
}

#[tokio::test]
async fn senders_of_every_kind_are_answered() {
    each_database(async |database| {
        let url = database.url();
        let service = Service::start(url).await;
        let long = format!("whatsapp:US.{}", "A".repeat(128));
        for from in [
            "+1",
            "12345",
            "whatsapp:US.1234",
            &long,
            "rcs:+15551234567",
            "messenger:987",
            "ACME Corp",
        ] {
            let id = format!("SM{}", from.len());
            let answer = service.post(&message(&id, from, "hello")).await;
            assert_eq!(answer.status, 200, "{from}: {}", answer.body);
            assert!(answer.body.contains("What is your name?"), "{from}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_part_and_the_language_outlive_every_process() {
    each_database(async |database| {
        let url = database.url();
        let from = "+14155552671";
        let sources = ["order", "order.de", "address", "address.de"].map(|name| {
            let name = format!("flows/{name}.yaml");
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(&name);
            Source { text: std::fs::read_to_string(path).unwrap(), name }
        });
        let flows = Flows::load(&sources).unwrap().flows;
        let chat = [
            (
                "bestellen",
                "Welche Pizza darf es sein?\n1. Margherita\n2. Champignons\n3. Scharfe Salami",
            ),
            ("2", "Welche Größe?\n1. Klein\n2. Groß"),
            ("groß", "Sollen wir sie bringen?"),
            ("ja", "Welche Straße und Hausnummer?"),
            ("Neubaugasse 20", "Und die Postleitzahl?"),
            ("english", "And the postcode?"),
            ("1070", "Neubaugasse 20, 1070 Vienna. Is that right?"),
            (
                "yes",
                "Thank you, we have noted Neubaugasse 20.\n\
                     Mushrooms, large: we bring it to Neubaugasse 20 in 40 minutes.",
            ),
            ("thanks", "Write PIZZA to order once more."),
        ];
        for (number, (says, reply)) in chat.into_iter().enumerate() {
            // Another process each time, which knows only what the database does.
            let service = Service::with_flows(url, flows.clone()).await;
            assert_eq!(service.say(&format!("SM{number}"), from, says).await, [reply], "{says}");
        }
        let states = "SELECT CONCAT_WS(' -> ', state_before, state_after) FROM messages \
                      WHERE message_id IN ('SM3', 'SM7') ORDER BY id";
        assert_eq!(select(url, states).await, ["HOW -> STREET", "RIGHT -> ORDERED"]);
        let results = "SELECT CONCAT_WS('|', flow, outcome, answers) FROM conversations";
        let results = select(url, results).await;
        let [result] = results.as_slice() else { panic!("{results:?}") };
        assert!(result.starts_with("order|ORDERED|"), "{result}");
        // MySQL writes JSON with spaces.
        assert!(
            result.replace("\": ", "\":").contains("\"street\":\"Neubaugasse 20\""),
            "{result}"
        );
        let stack = "SELECT COALESCE(stack, language) FROM user_sessions";
        assert_eq!(select(url, stack).await, ["en"]);
    })
    .await;
}
