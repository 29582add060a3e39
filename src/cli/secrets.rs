//! Keeps secrets out of what is printed about the command line and the settings.
//!
//! People put secrets in the wrong place: a database's address where a file is
//! expected, a token as a command. Errors quote what they do not know, so every
//! error passes through here: each part of an argument or a setting that may be
//! a secret appears as `***`.

use std::cmp::Reverse;
use std::env;
use std::sync::LazyLock;

use clap::CommandFactory;

use super::args::Cli;
use crate::store::url;

/// The replacement of a secret.
const HIDDEN: &str = "***";

/// Shorter secrets are part of many words, and are hidden only where they are quoted.
const SHORT: usize = 4;

/// The arguments and settings of this process.
static SECRETS: LazyLock<Secrets> = LazyLock::new(|| {
    let arguments = env::args_os().skip(1).map(|text| text.to_string_lossy().into_owned());
    Secrets::of(&arguments.collect::<Vec<_>>(), &settings())
});

/// Returns a text without the secrets of this process.
pub(super) fn hidden(text: &str) -> String {
    SECRETS.hide(text)
}

/// Says what to do if a secret is in the wrong place, if this is one.
pub(super) fn place_for(value: &str) -> Option<&'static str> {
    if url::is_address(value) {
        return Some(
            "a database is named by `DATABASE_URL` or `--database-url`, and for `check` by \
             `--against`",
        );
    }
    is_token(value).then_some("the auth token is given as `TWILIO_AUTH_TOKEN`")
}

/// Returns the variables to which the command line falls back, including those
/// of the commands.
pub(super) fn variables(command: &clap::Command) -> Vec<String> {
    let own = command.get_arguments().filter_map(clap::Arg::get_env);
    let own = own.map(|name| name.to_string_lossy().into_owned());
    own.chain(command.get_subcommands().flat_map(variables)).collect()
}

/// Returns the names and values of the settings in the environment.
#[expect(
    clippy::disallowed_methods,
    reason = "values are looked for in what is printed, whether they are settings or not"
)]
fn settings() -> Vec<(String, String)> {
    let own = env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    // Those that flows name are secrets in any case.
    let own = own.filter(|name| name.starts_with("SECRET_"));
    variables(&Cli::command())
        .into_iter()
        .chain(own)
        .filter_map(|name| {
            let value = env::var_os(&name)?.to_string_lossy().into_owned();
            Some((name, value))
        })
        .collect()
}

/// Texts that may be secret, each with its replacement.
#[derive(Debug, Default)]
struct Secrets(Vec<(String, String)>);

impl Secrets {
    /// Returns the secrets in these arguments, and in these names and values.
    fn of(arguments: &[String], settings: &[(String, String)]) -> Self {
        let mut secrets = Self::default();
        for (name, value) in settings {
            secrets.take(value, names_secret(name));
        }
        // An argument after a flag whose value is a secret is probably part of it.
        let mut follows = false;
        for argument in arguments {
            if let Some((name, value)) = argument.split_once('=') {
                secrets.take(value, names_secret(name));
            }
            if argument.starts_with('-') {
                follows = names_secret(argument.split('=').next().unwrap_or_default());
            } else {
                secrets.take(argument, follows);
            }
        }
        // A text that contains another is hidden first.
        secrets.0.sort_by_key(|(text, _)| Reverse(text.len()));
        secrets
    }

    fn hide(&self, text: &str) -> String {
        let hide = |text: String, (secret, shown): &(String, String)| text.replace(secret, shown);
        self.0.iter().fold(text.to_owned(), hide)
    }

    /// Takes the secret part of a value: all of it, or what would be secret anywhere.
    fn take(&mut self, value: &str, is_secret: bool) {
        if is_secret {
            self.hide_all(value.trim());
        }
        for part in value.split(',').map(str::trim) {
            if is_secret || is_token(part) {
                self.hide_all(part);
            }
        }
        self.take_address(value);
    }

    /// Takes the user and the password, and everything after a `?` or `#`, from
    /// a possible address.
    fn take_address(&mut self, value: &str) {
        let (authority, is_url) = match value.split_once("//") {
            Some((_, rest)) => (rest, true),
            None => (value.strip_prefix("mysql:").unwrap_or(value), false),
        };
        // Up to the last `@`: a password may contain an unencoded one.
        let rest = match authority.rsplit_once('@') {
            Some((user, rest)) => {
                self.0.push((format!("{user}@"), format!("{HIDDEN}@")));
                rest
            }
            None => authority,
        };
        if !is_url {
            return;
        }
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        // `user:password` where the `@` and the host are missing. A list has a port
        // for each host.
        let is_host = |part: &str| match part.rsplit_once(':') {
            Some((_, port)) => part.ends_with(']') || port.bytes().all(|b| b.is_ascii_digit()),
            None => true,
        };
        if let Some((_, password)) = host.split_once(':')
            && !host.split(',').all(is_host)
        {
            self.hide_all(password);
        }
        if let Some((_, parameters)) = rest.split_once(['?', '#']) {
            self.hide_all(parameters);
        }
    }

    fn hide_all(&mut self, secret: &str) {
        if secret.len() >= SHORT {
            self.0.push((secret.to_owned(), HIDDEN.to_owned()));
        } else if !secret.is_empty() {
            for quote in ['\'', '`'] {
                let quoted = |text: &str| format!("{quote}{text}{quote}");
                self.0.push((quoted(secret), quoted(HIDDEN)));
            }
        }
    }
}

/// Returns whether the value of a flag or variable is a secret according to its
/// name, even if that is misspelled.
fn names_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    ["tok", "auth", "secret", "pass", "pwd"].iter().any(|part| name.contains(part))
}

/// Returns whether this looks like an auth token of Twilio.
fn is_token(value: &str) -> bool {
    value.len() == 32 && value.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "0123456789abcdef0123456789ABCDEF";

    #[test]
    fn what_may_be_a_secret_is_hidden_wherever_it_was_put() {
        for (arguments, shown) in [
            (["mysql://bot:s3cret@db/a"].as_slice(), "mysql://***@db/a"),
            (&["mysql://bot:s3/c#r?e@t@db:3306/a"], "mysql://***@db:3306/a"),
            (&["mysql://x@db/a"], "mysql://***@db/a"),
            (&["mysql:bot:s3cret@db/a"], "mysql:***@db/a"),
            (&["bot:s3cret@db/a"], "***@db/a"),
            (&["mysql://bot:s3cret"], "mysql://bot:***"),
            (&["mysql://db:3306/a?password=s3cret"], "mysql://db:3306/a?***"),
            (&["https://bot:s3cret@example.com/"], "https://***@example.com/"),
            (&["http://[::1]:5000/a"], "http://[::1]:5000/a"),
            (&["mysql://a:3306,b/x"], "mysql://a:3306,b/x"),
            (&["mysql://a,[::1]:3307,c:1/x"], "mysql://a,[::1]:3307,c:1/x"),
            (&["mysql://bot:s3c,ret"], "mysql://bot:***"),
            (&["--flows=mysql://bot:s3cret@db/a"], "--flows=mysql://***@db/a"),
            (&["DATABASE_URL=mysql://bot:s3cret@db/a"], "DATABASE_URL=mysql://***@db/a"),
            (&[TOKEN], "***"),
            (&["TWILIO_AUTH_TOKEN=s3cret"], "TWILIO_AUTH_TOKEN=***"),
            (&["--twilio-auth-tokn=s3cret"], "--twilio-auth-tokn=***"),
            (&["--twilio-auth-token", "s3cret", "s3cret2"], "--twilio-auth-token *** ***"),
            (
                &["--twilio-auth-token=", "s3cret", "--bind", "on"],
                "--twilio-auth-token= *** --bind on",
            ),
            (&["check", "flows/order.yaml", "--strict"], "check flows/order.yaml --strict"),
            (&["--flows", "sqlite:ringback.db"], "--flows sqlite:ringback.db"),
        ] {
            let given: Vec<String> = arguments.iter().map(|text| (*text).to_owned()).collect();
            let hidden = Secrets::of(&given, &[]).hide(&given.join(" "));
            assert_eq!(hidden, shown, "{arguments:?}");
        }
    }

    #[test]
    fn settings_are_hidden_by_their_names_and_short_ones_where_they_are_quoted() {
        let setting = |name: &str, value: &str| [(name.to_owned(), value.to_owned())];
        let token = Secrets::of(&[], &setting("TWILIO_AUTH_TOKEN", "s3cret, a"));
        assert_eq!(token.hide("s3cret, a: 's3cret' `a` a"), "***: '***' `***` a");
        let bind = Secrets::of(&[], &setting("BIND", "nowhere"));
        assert_eq!(bind.hide("`nowhere`"), "`nowhere`");
    }

    #[test]
    fn a_secret_in_the_wrong_place_has_a_right_one() {
        for (value, place) in [
            ("mysql://bot:s3cret@db/a", Some("DATABASE_URL")),
            ("sqlite:ringback.db", Some("DATABASE_URL")),
            ("postgres://db/a", Some("DATABASE_URL")),
            (TOKEN, Some("TWILIO_AUTH_TOKEN")),
            ("flows/order.yaml", None),
            ("+14155552671", None),
            ("messenger:1234", None),
        ] {
            let found = place_for(value);
            assert_eq!(found.is_some(), place.is_some(), "{value}: {found:?}");
            assert!(found.is_none_or(|found| found.contains(place.unwrap())), "{value}: {found:?}");
        }
    }
}
