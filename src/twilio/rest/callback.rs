//! Reads a later report about a text from the parameters of an authentic form.
//!
//! Parameters other than the five that are read here come and go without
//! notice. Which text is meant is known from the URL too, where the sender
//! wrote its own id.

use crate::message::MAX_MESSAGE_ID;
use crate::twilio::form::{FormError, Pairs};
use crate::twilio::id;

use super::status::Status;

/// A report about a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callback {
    /// The provider's id of the text.
    pub sid: String,
    /// The person's address, if it is named once.
    pub to: Option<String>,
    /// The status that is reported.
    pub status: Status,
    /// Why it was not delivered, if that is said.
    pub code: Option<u32>,
}

/// Why an authentic form is not such a report. Values are never quoted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallbackError {
    /// Not text.
    #[error(transparent)]
    Form(#[from] FormError),
    /// One of those that each report has is missing.
    #[error("parameter `{0}` is missing; every status callback has it")]
    Missing(&'static str),
    /// One of the four occurs more than once.
    #[error("parameter `{0}` occurs more than once; send it once")]
    Repeated(&'static str),
    /// The id is not a valid id, or not one alone.
    #[error(
        "parameter `MessageSid` is not an id of 1 to {MAX_MESSAGE_ID} visible ASCII characters"
    )]
    MessageId,
    /// A report of another account.
    #[error(
        "parameter `AccountSid` is not the account in TWILIO_ACCOUNT_SID; correct or unset that \
         setting if this account is yours"
    )]
    OtherAccount,
}

/// Reads a report. If `account` is given, it must be the report's `AccountSid`.
pub fn read(pairs: &Pairs, account: Option<&str>) -> Result<Callback, CallbackError> {
    let texts = pairs.texts()?;
    let find = |name: &'static str| {
        let mut found = texts.iter().filter(|(known, _)| *known == name);
        let value = found.next().map(|(_, value)| *value);
        if found.next().is_some() { Err(CallbackError::Repeated(name)) } else { Ok(value) }
    };
    let need = |name| find(name)?.ok_or(CallbackError::Missing(name));
    let account_sid = need("AccountSid")?;
    if account.is_some_and(|account| account != account_sid) {
        return Err(CallbackError::OtherAccount);
    }
    let sid = need("MessageSid")?;
    let is_id = (1..=MAX_MESSAGE_ID).contains(&sid.len())
        && sid.bytes().all(|byte| byte.is_ascii_graphic())
        && !id::goes_on(sid.as_bytes());
    if !is_id {
        return Err(CallbackError::MessageId);
    }
    Ok(Callback {
        sid: sid.to_owned(),
        to: find("To").ok().flatten().map(str::to_owned),
        status: Status::of_name(need("MessageStatus")?),
        // Empty or 0 where nothing went wrong.
        code: find("ErrorCode")?.and_then(|code| code.parse().ok()).filter(|code| *code > 0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SID: &str = "SM0123456789abcdef0123456789abcdef";

    fn read_form(body: &str, account: Option<&str>) -> Result<Callback, CallbackError> {
        read(&Pairs::decode(body.as_bytes()).unwrap(), account)
    }

    #[test]
    fn reports_are_read() {
        let rest = format!("MessageSid={SID}&AccountSid=AC1&SmsStatus=x&To=%2B1&Unheard=of");
        for (form, status, code) in [
            ("MessageStatus=delivered", "delivered", None),
            ("MessageStatus=failed&ErrorCode=21610", "failed", Some(21610)),
            ("MessageStatus=sent&ErrorCode=", "sent", None),
            ("MessageStatus=sent&ErrorCode=0", "sent", None),
            ("MessageStatus=failed&ErrorCode=none", "failed", None),
            ("MessageStatus=read&EventType=READ", "read", None),
            ("MessageStatus=partially_delivered", "partially_delivered", None),
            ("MessageStatus=%2B15005550006", "unreadable", None),
        ] {
            let read = read_form(&format!("{form}&{rest}"), Some("AC1")).unwrap();
            assert_eq!((read.sid.as_str(), read.status.name(), read.code), (SID, status, code));
        }
    }

    #[test]
    fn what_is_no_report_is_refused() {
        use CallbackError::{Form, MessageId, Missing, OtherAccount, Repeated};
        let not_utf8 = Form(FormError::ValueNotUtf8("To".to_owned()));
        for (form, expected) in [
            ("", Missing("AccountSid")),
            ("AccountSid=AC1", Missing("MessageSid")),
            ("AccountSid=AC1&MessageSid=SM1", Missing("MessageStatus")),
            ("AccountSid=AC2&MessageSid=SM1&MessageStatus=sent", OtherAccount),
            ("AccountSid=AC1&AccountSid=AC1", Repeated("AccountSid")),
            ("AccountSid=AC1&MessageSid=SM1&MessageSid=SM1", Repeated("MessageSid")),
            (
                "AccountSid=AC1&MessageSid=SM1&MessageStatus=sent&MessageStatus=sent",
                Repeated("MessageStatus"),
            ),
            (
                "AccountSid=AC1&MessageSid=SM1&MessageStatus=sent&ErrorCode=&ErrorCode=1",
                Repeated("ErrorCode"),
            ),
            ("AccountSid=AC1&MessageSid=&MessageStatus=sent", MessageId),
            ("AccountSid=AC1&MessageSid=a+b&MessageStatus=sent", MessageId),
            (&format!("AccountSid=AC1&MessageSid={SID}x&MessageStatus=sent"), MessageId),
            (&format!("AccountSid=AC1&MessageSid={}", "x".repeat(65)), MessageId),
            ("AccountSid=AC1&To=%FE", not_utf8),
        ] {
            assert_eq!(read_form(form, Some("AC1")), Err(expected), "{form}");
        }
        read_form("AccountSid=AC2&MessageSid=SM1&MessageStatus=sent", None).unwrap();
    }
}
