//! The favorite-song conversation as a user of axum and sqlx would write it.
//!
//! A handler, a pool, one transaction per message: the session is locked, the
//! message id kept, the session written. The signature is HMAC-SHA1 by hand,
//! since there is no official SDK for Rust.

use std::env;
use std::error::Error;
use std::str::FromStr;
use std::sync::Arc;

use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::serve::ListenerExt;
use axum::{Router, routing::post};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use sqlx::mysql::{MySqlConnectOptions, MySqlPool, MySqlPoolOptions};
use sqlx::{MySqlConnection, MySqlTransaction};

#[derive(Clone)]
struct App {
    pool: MySqlPool,
    token: Arc<str>,
    url: Arc<str>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = MySqlConnectOptions::from_str(&env::var("DATABASE_URL")?)?;
    let pool = MySqlPoolOptions::new()
        .max_connections(env::var("POOL")?.parse()?)
        .after_connect(|connection, _| {
            Box::pin(async move {
                // Locking reads of rows that are not there yet must not block each other.
                let statement = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";
                sqlx::raw_sql(statement).execute(connection).await?;
                Ok(())
            })
        })
        .connect_with(options)
        .await?;
    let app = App {
        pool,
        token: env::var("TWILIO_AUTH_TOKEN")?.into(),
        url: format!("{}/webhooks/twilio", env::var("PUBLIC_URL")?).into(),
    };
    let router = Router::new().route("/webhooks/twilio", post(webhook)).with_state(app);
    let address = format!("127.0.0.1:{}", env::var("PORT")?);
    let listener = tokio::net::TcpListener::bind(address).await?.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, router).await?;
    Ok(())
}

async fn webhook(
    State(app): State<App>,
    headers: HeaderMap,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    if !is_authentic(&app, &headers, &form) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let field = |name| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let (Some(id), Some(number), Some(body)) = (field("MessageSid"), field("From"), field("Body"))
    else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    match answer(&app.pool, id, number, body.trim()).await {
        Ok(reply) => ([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], twiml(&reply)).into_response(),
        Err(error) => {
            eprintln!("{error}");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn is_authentic(app: &App, headers: &HeaderMap, form: &[(String, String)]) -> bool {
    let Some(signature) = headers.get("x-twilio-signature") else { return false };
    let Ok(tag) = BASE64.decode(signature) else { return false };
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(app.token.as_bytes()) else { return false };
    mac.update(app.url.as_bytes());
    let mut sorted: Vec<_> = form.iter().collect();
    sorted.sort_unstable();
    for (name, value) in sorted {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    mac.verify_slice(&tag).is_ok()
}

async fn answer(pool: &MySqlPool, id: &str, number: &str, text: &str) -> sqlx::Result<String> {
    let mut transaction = pool.begin().await?;
    match take_turn(&mut transaction, id, number, text).await {
        Ok(reply) => {
            transaction.commit().await?;
            Ok(reply)
        }
        Err(error) if error.as_database_error().is_some_and(|error| error.is_unique_violation()) => {
            transaction.rollback().await?;
            // Taken before: the reply it got then. Otherwise another's first message won.
            sqlx::query_scalar("SELECT reply FROM messages WHERE message_id = ?")
                .bind(id)
                .fetch_optional(pool)
                .await?
                .ok_or(error)
        }
        Err(error) => Err(error),
    }
}

async fn take_turn(
    transaction: &mut MySqlTransaction<'_>,
    id: &str,
    number: &str,
    text: &str,
) -> sqlx::Result<String> {
    let connection: &mut MySqlConnection = transaction;
    let session: Option<(String, Option<String>)> = sqlx::query_as(
        "SELECT conversation_state, user_name FROM user_sessions WHERE phone_number = ? FOR UPDATE",
    )
    .bind(number)
    .fetch_optional(&mut *connection)
    .await?;
    let is_new = session.is_none();
    let (state, name) = session.unwrap_or_else(|| ("INITIAL".to_owned(), None));
    let next = step(&state, name, text);
    sqlx::query("INSERT INTO messages (message_id, phone_number, body, reply) VALUES (?, ?, ?, ?)")
        .bind(id)
        .bind(number)
        .bind(text)
        .bind(&next.reply)
        .execute(&mut *connection)
        .await?;
    let statement = if is_new {
        "INSERT INTO user_sessions (conversation_state, user_name, favorite_song, phone_number) VALUES (?, ?, ?, ?)"
    } else {
        "UPDATE user_sessions SET conversation_state = ?, user_name = ?, favorite_song = ? WHERE phone_number = ?"
    };
    sqlx::query(statement)
        .bind(next.state)
        .bind(next.name)
        .bind(next.song)
        .bind(number)
        .execute(connection)
        .await?;
    Ok(next.reply)
}

struct Next {
    state: String,
    name: Option<String>,
    song: Option<String>,
    reply: String,
}

fn step(state: &str, name: Option<String>, text: &str) -> Next {
    let (state, name, song, reply) = match state {
        "WAITING_FOR_NAME" => (
            "WAITING_FOR_SONG",
            Some(text.to_owned()),
            None,
            format!("Hello {text}, what is your favorite song?"),
        ),
        "WAITING_FOR_SONG" => {
            ("COMPLETED", name, Some(text.to_owned()), format!("Playing {text}"))
        }
        _ if text.eq_ignore_ascii_case("hello") => {
            ("WAITING_FOR_NAME", None, None, "What is your name?".to_owned())
        }
        _ => (state, name, None, "Say hello to begin.".to_owned()),
    };
    Next { state: state.to_owned(), name, song, reply }
}

fn twiml(reply: &str) -> String {
    let text = quick_xml::escape::partial_escape(reply);
    format!(r#"<?xml version="1.0" encoding="UTF-8"?><Response><Message>{text}</Message></Response>"#)
}
