//! The shape of a lint: the codes of its findings, and the checks that find them.
//!
//! The parameters of a check are what it needs, so that no check can run before
//! that is known.

use crate::conversation::finding::Code;
use crate::conversation::load::analysis::facts::{Facts, Paths};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::Draft;

/// One lint.
pub(crate) struct Rule {
    /// The codes of its findings. No other rule has them.
    #[cfg_attr(not(test), expect(dead_code, reason = "only tests compare codes and rules"))]
    pub(crate) codes: &'static [Code],
    /// What it looks at, each at its own time.
    pub(crate) checks: &'static [Check],
}

/// When a check runs. The variants are in the order of time.
#[derive(Clone, Copy)]
pub(crate) enum Check {
    /// Once a flow was read in one of its languages, before the next language is read.
    Tree(fn(&mut Report<'_>, &Draft)),
    /// Once all flows were read.
    Folder(fn(&mut [(Report<'_>, Draft)])),
    /// However much of a flow could be read.
    Flow(fn(&mut Report<'_>, &Facts<'_>)),
    /// Where every step and every jump could be read. An error means that the
    /// paths are not sound.
    Paths(fn(&mut Report<'_>, &Facts<'_>, &Paths<'_>)),
    /// Under the same condition, whether the paths are sound or not.
    AlongPaths(fn(&mut Report<'_>, &Facts<'_>, &Paths<'_>)),
    /// Where the paths are sound and the flow has a name.
    SoundPaths(fn(&mut Report<'_>, &Facts<'_>, &Paths<'_>)),
    /// Where, in addition, the flow has no error so far.
    NoErrors(fn(&mut Report<'_>, &Facts<'_>, &Paths<'_>)),
}
