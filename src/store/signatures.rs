//! Whose a signature is that can be read as more than one message.
//!
//! Whichever message comes first owns it, whether it is taken then or not, and
//! the unique key decides where two processes meet. This is a transaction of
//! its own: what becomes of the message undoes nothing here.

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
    /// Who wrote it.
    pub sender: Sender,
}

/// Signatures, and the message that each came with.
pub type SignatureClaims = BTreeMap<[u8; SIGNATURE], SignatureOwner>;

impl Writer {
    /// Claims signatures for their messages and commits; who owns them now,
    /// which are the claimants but where another message came first.
    ///
    /// One that is owned is kept as long as if it were new: what came of its
    /// message before may have been a refusal, so that the message itself is
    /// only kept from now on.
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
        Ok(owners)
    }
}
