//! The owners of signatures that can be read as more than one message.
//!
//! The first message with a signature owns it, whether that message is then
//! taken or not. The unique key decides if two processes meet. A claim is a
//! transaction of its own, so nothing that happens to the message undoes it.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

use super::ascii::Ascii;
use super::connect::Connected;
use super::ladder::{MAX_BATCH, padded, padding};
use super::sql::Statement;
use super::time::time_text;
use super::{StoreError, Writer, on_either};
use crate::message::{SIGNATURE, Sender};

/// The message that a signature belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureOwner {
    /// Its id.
    pub message_id: String,
    /// The sender of the message.
    pub sender: Sender,
}

/// Signatures, each with the message that brought it.
pub type SignatureClaims = BTreeMap<[u8; SIGNATURE], SignatureOwner>;

impl Writer {
    /// Claims signatures for their messages and commits. Returns their owners:
    /// the claimants, unless another message was first.
    ///
    /// The time of a signature that is owned already is renewed. Its message
    /// may have been refused before, and is then kept only from now on.
    pub async fn claim_signatures(
        &mut self,
        claims: &SignatureClaims,
        now: Timestamp,
    ) -> Result<HashMap<[u8; SIGNATURE], SignatureOwner>, StoreError> {
        let now = time_text(now);
        // In key order, as every process locks them.
        let claims: Vec<_> = claims.iter().collect();
        let mut owners = HashMap::with_capacity(claims.len());
        self.begin().await?;
        for piece in claims.chunks(MAX_BATCH) {
            let rows = padded(piece.len());
            let text = self.text(Statement::ClaimSignatures, rows);
            on_either!(Connected, &mut self.connection, connection => {
                let mut query = sqlx::query(text);
                for (signature, owner) in padding(piece, rows) {
                    query = query
                        .bind(&signature[..])
                        .bind(Ascii(owner.message_id.as_str()))
                        .bind(Ascii(owner.sender.as_str()))
                        .bind(Ascii(now.as_str()));
                }
                query.execute(connection).await?;
            });
        }
        let found: Vec<(Vec<u8>, String, String)> = self
            .fetch_by_keys(Statement::SignatureOwners, &claims, |(signature, _)| &signature[..])
            .await?;
        for (signature, message_id, sender) in found {
            let signature = signature.try_into().map_err(|_| {
                StoreError::Unexpected("`signatures.signature` is not 20 bytes".to_owned())
            })?;
            let sender = Sender::from_key(sender);
            owners.insert(signature, SignatureOwner { message_id, sender });
        }
        self.end("COMMIT").await?;
        self.has_committed = true;
        Ok(owners)
    }
}
