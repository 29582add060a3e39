//! The signatures that a batch claims before its messages are handled.
//!
//! A signature whose bytes can be cut into another message belongs to the first
//! message that arrived with it, even if that message is a repeat, meets
//! silence, or is refused in the end. Most messages have no such signature, and
//! cost nothing here.

use std::collections::HashMap;

use jiff::Timestamp;
use tokio::time::{Instant, timeout_at};

use super::connection::connected;
use super::queue::Job;
use super::refusal::Refusal;
use crate::message::SIGNATURE;
use crate::store::{SignatureClaims, SignatureOwner, Store, StoreError, Writer};
use crate::telemetry;

/// How often a claim is retried if another transaction is in the way.
const RETRIES: u32 = 4;

/// Jobs whose claims were tried.
#[derive(Debug, Default)]
pub(super) struct Settled {
    /// The jobs that may continue, in their order.
    pub(super) own: Vec<Job>,
    /// The error that prevented claims, if any, and the jobs that need these claims.
    pub(super) failed: Option<(StoreError, Vec<Job>)>,
}

/// Claims the signatures of these jobs, which are in the order of arrival, and
/// refuses jobs whose signature belongs to another message.
pub(super) async fn settle(
    writer: &mut Option<Writer>,
    store: &Store,
    jobs: Vec<Job>,
    now: Timestamp,
    deadline: Instant,
) -> Settled {
    let claims = claims(&jobs);
    if claims.is_empty() {
        return Settled { own: jobs, failed: None };
    }
    let claiming = timeout_at(deadline, claim(writer, store, &claims, now)).await;
    match claiming.unwrap_or_else(|_| Err(StoreError::late())) {
        Ok(owners) => {
            let is_own = |job: &Job| needed(job).is_none_or(|tag| is_of(owners.get(tag), job));
            let (mut own, others) = jobs.into_iter().partition::<Vec<_>, _>(is_own);
            for job in &mut own {
                job.owns_its_signature = true;
            }
            for job in others {
                job.answer(Err(Refusal::Recut));
            }
            Settled { own, failed: None }
        }
        Err(error) => {
            let (others, own) = jobs.into_iter().partition(|job| needed(job).is_some());
            Settled { own, failed: Some((error, others)) }
        }
    }
}

/// Returns the signature that a job still has to claim.
fn needed(job: &Job) -> Option<&[u8; SIGNATURE]> {
    job.message.ambiguous_signature.as_ref().filter(|_| !job.owns_its_signature)
}

fn is_of(owner: Option<&SignatureOwner>, job: &Job) -> bool {
    let Job { message, .. } = job;
    owner.is_some_and(|owner| {
        owner.message_id == message.id && owner.sender == *message.written_by()
    })
}

/// Returns each signature with the first job that has it.
fn claims(jobs: &[Job]) -> SignatureClaims {
    let mut claims = SignatureClaims::new();
    for job in jobs {
        if let Some(signature) = needed(job) {
            claims.entry(*signature).or_insert_with(|| SignatureOwner {
                message_id: job.message.id.clone(),
                sender: job.message.written_by().clone(),
            });
        }
    }
    claims
}

async fn claim(
    writer: &mut Option<Writer>,
    store: &Store,
    claims: &SignatureClaims,
    now: Timestamp,
) -> Result<HashMap<[u8; SIGNATURE], SignatureOwner>, StoreError> {
    let mut tries = 0;
    loop {
        // A connection that was idle may be dead unnoticed.
        let was_connected = writer.is_some();
        let error = match connected(writer, store).await?.claim_signatures(claims, now).await {
            Ok(owners) => return Ok(owners),
            Err(error) => error,
        };
        match &error {
            StoreError::Conflict(_) if tries < RETRIES => {
                connected(writer, store).await?.roll_back().await?;
            }
            StoreError::Unavailable(_) if was_connected && tries < RETRIES => *writer = None,
            _ => return Err(error),
        }
        tries += 1;
        telemetry::batch_retried();
    }
}
