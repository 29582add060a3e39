//! A tiny shop for flows that call a service, so that they can be tried without
//! one. It keeps nothing, and only programs of this machine reach it.
//!
//! A flow names it `http://shop.test`: nobody can own a name below `.test`
//! (RFC 6761), so a flow that is served without the phone page reaches nobody
//! there.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::sleep;

/// Its name in the URLs of flows.
pub const SHOP: &str = "shop.test";

/// What a piece costs, in whole euros.
const PRICE: u64 = 3;

/// The most people that it bakes for.
const MOST: u64 = 1_000;

/// For more people than this, the shop takes its time.
const MANY: u64 = 20;

/// How long that is: longer than the reply to a message waits.
const SLOWLY: Duration = Duration::from_secs(8);

/// Returns the routes of the shop.
pub fn shop_router() -> Router {
    Router::new()
        .route("/prices", post(price))
        .route("/payments", post(pay))
        .with_state(Arc::new(AtomicU64::new(0)))
}

#[derive(Deserialize)]
struct Order {
    people: u64,
}

/// `POST /prices`: the price for some people.
async fn price(Json(Order { people }): Json<Order>) -> Result<Json<Value>, StatusCode> {
    if people > MANY {
        sleep(SLOWLY).await;
    }
    if (1..=MOST).contains(&people) {
        Ok(Json(json!({ "total": people * PRICE })))
    } else {
        Err(StatusCode::NOT_FOUND)
    }
}

/// `POST /payments`: where a person can pay. The page plays the person who
/// pays, and calls back.
async fn pay(State(payments): State<Arc<AtomicU64>>, _: Json<Value>) -> Json<Value> {
    let number = payments.fetch_add(1, Ordering::Relaxed) + 1;
    Json(json!({ "link": format!("https://pay.example/{number}") }))
}
