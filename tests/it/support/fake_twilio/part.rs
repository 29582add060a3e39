//! What goes wrong with a request.

/// What the fake does with one request that is right. One that is wrong is
/// refused as the real one would.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    /// The text is sent and the answer is 201.
    Take,
    /// The same, but these statuses are reported before the answer.
    ReportFirst(Vec<&'static str>),
    /// The text is sent, but the answer is this one.
    Send(Answer),
    /// The text is not sent, and the answer is this one.
    Lose(Answer),
    /// The text is refused with this HTTP status and code.
    Refuse { status: u16, code: u32 },
    /// Too many requests at the same time: 429.
    Busy { retry_after: Option<u32> },
    /// The connection is reset before anything is read.
    CloseUnread,
}

/// An answer that tells nothing, or not all.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Answer {
    /// This HTTP status, from 500 on.
    Fault(u16),
    /// None: the connection is closed.
    Close,
    /// 201 with a page that is not JSON.
    Page,
    /// The first half of what it would be.
    Half,
    /// None, and the connection stays open.
    Never,
    /// What it would be, when the test releases it.
    Held,
}
