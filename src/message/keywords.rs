//! The words that providers and carriers take as a wish to stop or to come back.
//!
//! Kept here because two modules need them that do not know each other: what
//! reads a message acts on them, what checks a flow warns about them.

/// Words that stop an SMS, MMS or RCS sender: the provider blocks and answers
/// them itself (Twilio docs, "Advanced Opt-Out"; REVOKE and OPTOUT since 2025).
pub const SMS_STOP: &[&str] =
    &["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"];

/// Words by which such a sender comes back; likewise answered by the provider.
pub const SMS_START: &[&str] = &["START", "UNSTOP", "YES"];

/// Words that the provider answers over SMS with a text of its own, and that
/// change nothing.
pub const SMS_HELP: &[&str] = &["HELP", "INFO"];

/// Words that stop a sender on every other channel, where nobody but we acts
/// on them, in the ten languages with the most speakers and in Urdu: only those
/// that can hardly mean anything else. Spanish `baja` is a low priority, too,
/// and French `arrêt` is a bus stop: whoever wants such a word has
/// `OPT_OUT_WORDS`.
pub const OTHER_STOP: &[&str] = &[
    "STOP",
    "STOPALL",
    "UNSUBSCRIBE",
    "OPTOUT",
    // Chinese.
    "退订",
    "退訂",
    "取消订阅",
    "取消訂閱",
    // Hindi: how `stop` and `unsubscribe` are written.
    "स्टॉप",
    "अनसब्सक्राइब",
    // Spanish.
    "desuscribir",
    "desuscribirme",
    "desuscribirse",
    // Arabic: `cancel the subscription`, which is what buttons say.
    "إلغاء الاشتراك",
    // French.
    "désabonner",
    "me désabonner",
    "se désabonner",
    "désabonnement",
    "désinscription",
    // Bengali: how `stop` and `unsubscribe` are written.
    "স্টপ",
    "আনসাবস্ক্রাইব",
    // Portuguese.
    "descadastrar",
    "desinscrever",
    "desinscrever-me",
    // Russian: `stop` and `unsubscribe`.
    "стоп",
    "отписаться",
    "отписка",
    // Indonesian.
    "unreg",
    "berhenti berlangganan",
    // Urdu: how `stop` and `unsubscribe` are written.
    "سٹاپ",
    "اسٹاپ",
    "ان سبسکرائب",
];

/// Words by which a sender on every other channel comes back.
pub const OTHER_START: &[&str] = &["START", "UNSTOP"];
