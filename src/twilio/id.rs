//! Ids of known forms, whose end is known.

/// The length of Twilio's ids: `SM` or `MM`, then 32 hexadecimal digits.
const TWILIO: usize = 34;

/// The length of `SignalWire`'s ids.
const UUID: usize = 36;

/// Returns whether the whole text is one id of a known form.
pub(super) fn is_complete(id: &[u8]) -> bool {
    match id.len() {
        TWILIO => is_twilio(id),
        UUID => is_uuid(id),
        _ => false,
    }
}

/// Returns whether a complete id is followed by further characters.
pub(super) fn goes_on(id: &[u8]) -> bool {
    [TWILIO, UUID].into_iter().any(|length| {
        id.split_at_checked(length)
            .is_some_and(|(front, tail)| is_complete(front) && !tail.is_empty())
    })
}

fn is_twilio(id: &[u8]) -> bool {
    let (kind, digits) = id.split_at(2);
    kind.iter().all(u8::is_ascii_uppercase) && digits.iter().all(u8::is_ascii_hexdigit)
}

fn is_uuid(id: &[u8]) -> bool {
    id.iter().enumerate().all(|(index, byte)| match index {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    })
}
