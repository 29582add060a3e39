//! Whether signed bytes can be read as more than one message.
//!
//! Nothing in the signed string marks where a name or a value ends, so whoever
//! has recorded a request can cut the same bytes into other parameters, and the
//! signature stays right. A person can write a text for just that. Most forms
//! are plain: however they are cut, no other message comes out. For the rest
//! somebody has to remember whose the signature is.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::id;

/// The name of the parameter with a message's id; others end with it.
const ID: &[u8] = b"MessageSid";

/// The name of the parameter with the sender.
const FROM: &[u8] = b"From";

/// All names of Twilio's that begin so.
const FROMS: [&[u8]; 5] = [FROM, b"FromCity", b"FromCountry", b"FromState", b"FromZip"];

static FIND_ID: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(ID));
static FIND_FROM: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(FROM));

/// Whether no other cut of the signed bytes is a message with another id, or
/// from somebody else. `signed` is what may be cut: the query of the URL, if it
/// has one, and the parameters as they are signed; `pairs` are these parameters,
/// sorted, each once.
///
/// *Another id.* Another cut has the name `MessageSid` somewhere, too. In a
/// plain form that is the end of a name whose whole value is the id, so that the
/// other id begins with the same byte. A longer one goes on after a complete id,
/// and is refused for it. A shorter one leaves the rest of the id to the next
/// name. Names are sorted, and `To` is still to come, so that this name stands
/// between `MessageSid` and `To`. It begins with a digit, a hyphen or a letter up
/// to `F`, which is too early, or with a small letter, which is too late; or the
/// other id is the first letter alone, and is refused for it.
///
/// *Somebody else.* Another cut has the name `From` somewhere, too. In a plain
/// form that is the beginning of one of Twilio's names. Of `FromCity` remains
/// `City…`, which is nobody's address, and likewise of the others. A longer value
/// than that of `From` itself goes on with the next name, and is nobody's either.
/// A shorter one leaves the rest of the address to a name between `From` and
/// `MessageSid`, which begins with a letter from `F` to `M`.
pub(super) fn is_plain(signed: &[u8], pairs: &[(&[u8], &[u8])]) -> bool {
    let value = |of: &[u8]| {
        let at = pairs.binary_search_by(|(name, _)| (*name).cmp(of)).ok()?;
        pairs.get(at).map(|(_, value)| *value)
    };
    let (Some(id), Some(from)) = (value(ID), value(FROM)) else { return false };
    let ids = pairs.iter().filter(|(name, value)| name.ends_with(ID) && *value == id);
    let froms = pairs.iter().filter(|(name, _)| name.starts_with(FROM) && FROMS.contains(name));
    id::is_complete(id)
        && !from.iter().skip(1).any(|byte| (b'F'..=b'M').contains(byte))
        && FIND_ID.find_iter(signed).count() == ids.count()
        && FIND_FROM.find_iter(signed).count() == froms.count()
}
