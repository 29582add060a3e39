//! The flows from the files, loaded.

use std::path::Path;

use thiserror::Error;

use super::FlowFiles;
use crate::conversation::finding::Findings;
use crate::conversation::{Flows, Loaded, Version};
use crate::message::consent::OptOutWords;

/// Loaded flows and their files.
#[derive(Clone, Debug)]
pub struct LoadedFlows {
    /// The flows.
    pub flows: Flows,
    /// Their files.
    pub version: Version,
    /// The warnings about them.
    pub warnings: Findings,
}

/// The files were read, and contain mistakes.
#[derive(Debug, Error)]
#[error("the flows do not load\n\n{}", .0.render(false))]
pub struct Refused(pub Findings);

/// Reads the flow files at this path, or the built-in flow, and loads them to
/// be served together with these opt-out words. The error is [`Refused`] if the
/// files contain mistakes; any other error says why they cannot be read.
pub fn load(path: Option<&Path>, opt_out: &OptOutWords) -> anyhow::Result<LoadedFlows> {
    let files = FlowFiles::read(path)?;
    let Loaded { flows, warnings, .. } =
        Flows::load_beside(files.sources(), opt_out).map_err(Refused)?;
    Ok(LoadedFlows { flows, version: Version::of(files.sources()), warnings })
}
