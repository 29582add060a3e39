//! The one connection that the worker writes through, made where there is none.

use crate::store::{Store, StoreError, Writer};

/// The connection that writes; a new one where there is none.
pub(super) async fn connected<'a>(
    writer: &'a mut Option<Writer>,
    store: &Store,
) -> Result<&'a mut Writer, StoreError> {
    match writer {
        Some(writer) => Ok(writer),
        none => Ok(none.insert(store.writer().await?)),
    }
}
