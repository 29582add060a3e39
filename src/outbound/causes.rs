//! What is inside an error of the HTTP client.

use std::error::Error;
use std::io;
use std::iter;

/// Returns an error and what caused it.
pub fn causes<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    iter::successors(Some(error), |error| match (**error).downcast_ref::<io::Error>() {
        // What is inside an error of I/O is not among its sources.
        Some(error) => error.get_ref().map(|inside| -> &(dyn Error + 'static) { inside }),
        None => (**error).source(),
    })
}
