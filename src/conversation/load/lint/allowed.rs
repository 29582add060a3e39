//! What is wrong with `# allow:` comments: codes that there are not, errors,
//! and warnings that do not arise.

use crate::conversation::allowances::Allowance;
use crate::conversation::finding::Code;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::suggest;

/// Reports codes that cannot be allowed.
pub(crate) fn check(report: &mut Report<'_>) {
    for (span, Allowance { written, code, .. }) in report.allowances() {
        match code {
            None if written.starts_with('#') => {
                report
                    .found(Code::UnknownAllowance, span, "this comment allows nothing")
                    .help("write the code of a warning after it, such as `# allow: ucs2`");
            }
            None => {
                let help = (!report.is_full()).then(|| meant(&written));
                report
                    .found(Code::UnknownAllowance, span, format!("`{written}` is not a code"))
                    .maybe_help(help);
            }
            Some(code) if code.is_error() => {
                report
                    .found(
                        Code::AllowedError,
                        span,
                        format!("`{code}` is an error, and only warnings can be allowed"),
                    )
                    .help(format!(
                        "remove it, and fix the error: `ringback explain {code}` says how"
                    ));
            }
            Some(_) => {}
        }
    }
}

/// What to write in place of a code that there is not.
fn meant(written: &str) -> String {
    let first = written.split_whitespace().next().unwrap_or_default();
    if let Some(code) = Code::named(first) {
        return format!("write `{code}` alone: a comment of its own can say why");
    }
    let warnings = Code::ALL.iter().filter(|code| !code.is_error()).map(|code| code.name());
    match suggest::nearest(written, warnings) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "write the code that is in brackets after `warning`".to_owned(),
    }
}

/// Warns of what is allowed and did not arise, once all else was looked for.
pub(crate) fn check_idle(report: &mut Report<'_>) {
    // Beyond the findings that are kept, not all that arises is looked for.
    if report.is_full() {
        return;
    }
    // An idle allowance is itself a warning that may be allowed.
    for is_last in [false, true] {
        for (span, allowance) in report.allowances() {
            let is_of_idle = allowance.code == Some(Code::UnusedAllowance);
            // Whether a question is answered, only the chat files say.
            let is_of_chats = allowance.code.is_some_and(Code::is_of_chat_files);
            if allowance.is_idle() && is_of_idle == is_last && !is_of_chats {
                let (message, help) = allowance.idle();
                report.found(Code::UnusedAllowance, span, message).help(help);
            }
        }
    }
}
