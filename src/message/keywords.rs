//! The words that providers and carriers take as a wish to stop or to come back.
//!
//! They are here because two independent modules need them: one reads messages
//! and acts on the words, the other checks flows and warns about them.

/// Words that stop an SMS, MMS or RCS sender. The provider blocks the sender
/// and answers by itself (Twilio docs, "Advanced Opt-Out"; REVOKE and OPTOUT
/// since 2025).
pub const SMS_STOP: &[&str] =
    &["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"];

/// Words with which such a sender comes back. The provider answers these, too.
pub const SMS_START: &[&str] = &["START", "UNSTOP", "YES"];

/// Words to which the provider replies over SMS with a text of its own. They
/// change nothing.
pub const SMS_HELP: &[&str] = &["HELP", "INFO"];

/// Words that stop a sender on every other channel, where only Ringback acts on
/// them, in the ten languages with the most speakers and in Urdu. The list has
/// only words that can hardly mean anything else: Spanish `baja` is also a low
/// priority, and French `arrêt` is also a bus stop. Such words can be added
/// with `OPT_OUT_WORDS`.
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
    // Hindi: `stop` and `unsubscribe` as they are written there.
    "स्टॉप",
    "अनसब्सक्राइब",
    // Spanish.
    "desuscribir",
    "desuscribirme",
    "desuscribirse",
    // Arabic: `cancel the subscription`, as buttons say it.
    "إلغاء الاشتراك",
    // French.
    "désabonner",
    "me désabonner",
    "se désabonner",
    "désabonnement",
    "désinscription",
    // Bengali: `stop` and `unsubscribe` as they are written there.
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
    // Urdu: `stop` and `unsubscribe` as they are written there.
    "سٹاپ",
    "اسٹاپ",
    "ان سبسکرائب",
];

/// Words with which a sender on every other channel comes back.
pub const OTHER_START: &[&str] = &["START", "UNSTOP"];
