//! Ids of known forms, which tell where they end.

/// The length of Twilio's ids: `SM` or `MM`, then 32 hexadecimal digits.
const TWILIO: usize = 34;

/// The length of `SignalWire`'s ids.
const UUID: usize = 36;

/// Whether this is an id of a known form, all of it and nothing else.
pub(super) fn is_complete(id: &[u8]) -> bool {
    match id.len() {
        TWILIO => is_twilio(id),
        UUID => is_uuid(id),
        _ => false,
    }
}

/// Whether a complete id is followed by something.
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
