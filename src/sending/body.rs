//! A request's body, which knows whether it was handed over.
//!
//! The provider cannot act on a form that it does not have. So a request whose
//! body was never handed to the connection was certainly not sent, whatever the
//! error of the HTTP client is; and for any other request nobody can tell. One
//! atomic state decides between the two, so that a body which is judged not to
//! have been handed over cannot be handed over afterwards.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};

/// Nobody asked for the body.
const WAITING: u8 = 0;
/// The connection has it.
const HANDED_OVER: u8 = 1;
/// It will not be handed over.
const REVOKED: u8 = 2;

/// A body that is handed over at most once.
pub(super) struct WitnessedBody {
    bytes: Bytes,
    state: Arc<AtomicU8>,
}

/// Knows whether a body was handed over.
#[derive(Debug)]
pub(super) struct Witness(Arc<AtomicU8>);

/// The body was revoked before the connection asked for it.
#[derive(Debug, thiserror::Error)]
#[error("the request was given up")]
pub(super) struct Revoked;

impl WitnessedBody {
    pub(super) fn new(bytes: &[u8]) -> (Self, Witness) {
        let state = Arc::new(AtomicU8::new(WAITING));
        (Self { bytes: Bytes::copy_from_slice(bytes), state: state.clone() }, Witness(state))
    }
}

impl Witness {
    /// Revokes the body, and returns whether that was in time: it was not handed
    /// over, and never will be.
    pub(super) fn revoke(&self) -> bool {
        let order = (Ordering::AcqRel, Ordering::Acquire);
        match self.0.compare_exchange(WAITING, REVOKED, order.0, order.1) {
            Ok(_) => true,
            Err(state) => state == REVOKED,
        }
    }
}

impl Body for WitnessedBody {
    type Data = Bytes;
    type Error = Revoked;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Revoked>>> {
        let body = self.get_mut();
        if body.bytes.is_empty() {
            return Poll::Ready(None);
        }
        let order = (Ordering::AcqRel, Ordering::Acquire);
        let handed = body.state.compare_exchange(WAITING, HANDED_OVER, order.0, order.1);
        Poll::Ready(Some(match handed {
            Ok(_) => Ok(Frame::data(std::mem::take(&mut body.bytes))),
            Err(_) => Err(Revoked),
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The exact length, so that the request says it.
    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn poll(body: &mut WitnessedBody) -> Option<Result<Bytes, Revoked>> {
        let mut context = Context::from_waker(std::task::Waker::noop());
        match Pin::new(body).poll_frame(&mut context) {
            Poll::Ready(frame) => frame.map(|frame| frame.map(|data| data.into_data().unwrap())),
            Poll::Pending => panic!("the body is there"),
        }
    }

    #[test]
    fn a_body_is_either_handed_over_or_revoked() {
        let (mut body, witness) = WitnessedBody::new(b"To=1");
        assert_eq!(body.size_hint().exact(), Some(4));
        assert_eq!(poll(&mut body).unwrap().unwrap(), "To=1");
        assert!(body.is_end_stream() && poll(&mut body).is_none());
        assert!(!witness.revoke(), "the connection has it");

        let (mut body, witness) = WitnessedBody::new(b"To=1");
        assert!(witness.revoke());
        assert!(witness.revoke(), "a second judgement is the same");
        assert!(poll(&mut body).unwrap().is_err(), "it is handed over although it was revoked");
    }
}
