//! Whether signed bytes can be read as more than one message.
//!
//! Nothing in the signed string marks where a name or a value ends. An attacker
//! who has recorded a request can therefore cut the same bytes into other
//! parameters, and the signature stays right. A person can also write a text
//! for this purpose. Most forms are plain: however they are cut, no other
//! message results. For the others, the store must remember which message the
//! signature belongs to.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::id;

/// The name of the parameter with a message's id; other names end with it, too.
const ID: &[u8] = b"MessageSid";

/// The name of the parameter with the sender.
const FROM: &[u8] = b"From";

/// All of Twilio's names that begin with it.
const FROMS: [&[u8]; 5] = [FROM, b"FromCity", b"FromCountry", b"FromState", b"FromZip"];

static FIND_ID: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(ID));
static FIND_FROM: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(FROM));

/// Returns whether no other cut of the signed bytes is a message with another
/// id or from another sender. `signed` is what may be cut: the query of the
/// URL, if there is one, and the parameters in their signed form. `pairs` are
/// these parameters, sorted, each once.
///
/// *Another id.* Another cut has the name `MessageSid` somewhere, too. In a
/// plain form that can only be the end of a name whose whole value is the id,
/// so the other id begins with the same byte. A longer id continues after a
/// complete id, and is refused for that. A shorter id leaves its rest to the
/// next name. Names are sorted, and `To` must still follow, so this next name
/// is between `MessageSid` and `To`. It begins with a digit, a hyphen or a
/// letter up to `F`, which is too early, or with a small letter, which is too
/// late. Otherwise the other id is the first letter alone, and is refused for
/// that.
///
/// *Another sender.* Another cut has the name `From` somewhere, too. In a plain
/// form that can only be the beginning of one of Twilio's names. From
/// `FromCity` there remains `City…`, which is not a sender's address; the same
/// holds for the other names. A value longer than that of `From` itself
/// continues with the next name, and is not an address either. A shorter value
/// leaves the rest of the address to a name between `From` and `MessageSid`,
/// which begins with a letter from `F` to `M`.
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
