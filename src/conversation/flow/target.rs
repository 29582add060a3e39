//! Where a flow goes from a step, and by the words that are heard at every question.

/// A step's place in [`Flow::steps`](super::Flow::steps).
pub type StepId = usize;

/// Words that do something at every question.
#[derive(Clone, Debug)]
pub struct Command {
    /// The words, normalised.
    pub words: Vec<String>,
    /// What they do.
    pub target: CommandTarget,
}

/// What a command does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandTarget {
    /// Goes to a step.
    Step(StepId),
    /// Begins again at the first step, answers forgotten.
    Restart,
    /// Asks the question again.
    Repeat,
    /// Ends the conversation with `CANCELLED`.
    Stop,
}

/// Where to go from a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// To another step.
    Step(StepId),
    /// The flow is over, with this outcome.
    End(String),
}
