//! Variables that are called otherwise elsewhere: what is known here, and under
//! which name.

/// Names of other services and languages in small letters, and what is here.
const NAMES: [(&[&str], &str); 8] = [
    (
        &[
            "from",
            "phone",
            "phone_number",
            "number",
            "waid",
            "wa_id",
            "mobile",
            "user_id",
            "msisdn",
        ],
        "the person's number is `sender`: write `sender`",
    ),
    (
        &["today", "date", "day", "current_date"],
        "the day of the message is in `now`: write `now | date`",
    ),
    (
        &["time", "hour", "current_time", "time_of_day", "clock"],
        "the time of the message is in `now`: write `now | time`",
    ),
    (&["timestamp", "datetime", "date_time"], "the time of the message is `now`: write `now`"),
    (
        &["tomorrow", "yesterday", "weekday"],
        "only the present is known: `now | date` is today; to ask for a day, write a question with `type: date`",
    ),
    (
        &["body", "message", "text", "answer", "input", "reply", "response"],
        "what a person writes is in the variable of the question that it answers, which bears the step's name or that of its `save`",
    ),
    (
        &[
            "name",
            "profilename",
            "profile",
            "contact",
            "user",
            "username",
            "user_name",
            "first_name",
        ],
        "the name in a person's profile, where the channel has one: write `profile_name | default(\"friend\")`",
    ),
    (&["lang", "language", "locale"], "a flow with `languages: [en, de]` knows `language`"),
];

/// What to write for a name that something else bears here; `is_quoted`: inside
/// double quotes.
pub(super) fn advice(name: &str, is_quoted: bool) -> Option<String> {
    let small = name.to_lowercase();
    let (_, help) = NAMES.iter().find(|(names, _)| names.contains(&small.as_str()))?;
    Some(if is_quoted { help.replace('"', "'") } else { (*help).to_owned() })
}

/// The variable that is this one but for its capitals, or that has it as one
/// of its words: `CUSTOMER_NAME` of `name`.
pub(super) fn near<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let alike = |variable: &&&str| variable.eq_ignore_ascii_case(name);
    if let Some(same) = known.iter().find(alike) {
        return Some(same);
    }
    let has_word =
        |variable: &&&str| variable.split('_').any(|word| word.eq_ignore_ascii_case(name));
    let mut having = known.iter().filter(has_word);
    having.next().filter(|_| having.next().is_none()).copied()
}
