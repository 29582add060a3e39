//! The phones that a page asks for: `?phone=…&after=…&phone=…`, where `after` is
//! the last turn that the page has of the phone that is named just before.

use axum::extract::{FromRequestParts, Query};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use crate::message::Sender;
use crate::simulator::phone::Phone;

/// The most phones of one page.
const MOST: usize = 32;

/// The phones of a page, at least one.
pub(in crate::simulator) struct Phones(pub(super) Vec<Followed>);

/// A phone that a page asks for.
pub(in crate::simulator) struct Followed {
    pub(super) phone: Phone,
    pub(super) sender: Sender,
    /// The last turn that the page has; 0 if it has none.
    pub(super) after: i64,
}

/// Why a page does not get its feed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum Fault {
    #[error("name a phone: `phone=%2B14155552671`")]
    NoPhone,
    #[error("{0}")]
    BadPhone(String),
    #[error("`after` is the number of the last turn that the page has of the phone before it")]
    BadTurn,
    #[error("a page has at most {MOST} phones")]
    TooMany,
}

impl Followed {
    fn of(text: String) -> Result<Self, Fault> {
        let bad = |error| Fault::BadPhone(format!("{error}"));
        let phone = Phone::try_from(text).map_err(bad)?;
        let sender = phone.sender().map_err(bad)?;
        Ok(Self { phone, sender, after: 0 })
    }
}

impl Phones {
    fn of(pairs: Vec<(String, String)>) -> Result<Self, Fault> {
        let mut phones: Vec<Followed> = Vec::new();
        for (name, value) in pairs {
            match name.as_str() {
                "phone" => phones.push(Followed::of(value)?),
                "after" => {
                    let followed = phones.last_mut().ok_or(Fault::NoPhone)?;
                    let turn: i64 = value.parse().map_err(|_| Fault::BadTurn)?;
                    followed.after = turn.max(0);
                }
                _ => {}
            }
        }
        match phones.len() {
            0 => Err(Fault::NoPhone),
            1..=MOST => Ok(Self(phones)),
            _ => Err(Fault::TooMany),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Phones {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let Query(pairs) =
            Query::from_request_parts(parts, state).await.map_err(IntoResponse::into_response)?;
        let refuse = |fault: Fault| (StatusCode::BAD_REQUEST, format!("{fault}\n")).into_response();
        Self::of(pairs).map_err(refuse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Result<Vec<(String, i64)>, Fault> {
        let pairs = serde_urlencoded::from_str(query).unwrap();
        let Phones(phones) = Phones::of(pairs)?;
        Ok(phones.iter().map(|phone| (phone.sender.to_string(), phone.after)).collect())
    }

    #[test]
    fn each_phone_has_the_turn_behind_it() {
        let ann = || "+14155552671".to_owned();
        let bert = || "+4930123456".to_owned();
        for (query, expected) in [
            ("phone=%2B14155552671", Ok(vec![(ann(), 0)])),
            ("phone=%2B14155552671&after=7", Ok(vec![(ann(), 7)])),
            (
                "phone=%2B14155552671&after=7&phone=%2B4930123456&x=y",
                Ok(vec![(ann(), 7), (bert(), 0)]),
            ),
            ("phone=%2B14155552671&after=-1", Ok(vec![(ann(), 0)])),
            ("", Err(Fault::NoPhone)),
            ("after=7", Err(Fault::NoPhone)),
            ("phone=%2B14155552671&after=x", Err(Fault::BadTurn)),
        ] {
            assert_eq!(asked(query), expected, "{query}");
        }
        assert!(matches!(asked("phone=14155552671"), Err(Fault::BadPhone(_))));
        let phones = |count| vec!["phone=%2B14155552671"; count].join("&");
        assert!(asked(&phones(MOST)).is_ok());
        assert_eq!(asked(&phones(MOST + 1)), Err(Fault::TooMany));
    }
}
