//! The targets of steps, and of the words that are heard at every question.

/// The index of a step in [`Flow::steps`](super::Flow::steps).
pub type StepId = usize;

/// Words that have an effect at every question.
#[derive(Clone, Debug)]
pub struct Command {
    /// The words, normalised.
    pub words: Vec<String>,
    /// Their effect.
    pub target: CommandTarget,
}

/// The effect of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandTarget {
    /// Goes to a step.
    Step(StepId),
    /// Begins again at the first step, without answers.
    Restart,
    /// Asks the question again.
    Repeat,
    /// Ends the conversation with `CANCELLED`.
    Stop,
}

/// The target after a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// To another step.
    Step(StepId),
    /// The flow is over, with this outcome.
    End(String),
}
