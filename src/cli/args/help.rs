//! The texts of `--help` that are longer than a sentence.

/// What the program is.
pub(super) const ABOUT: &str = "\
Holds conversations on a phone number.

A message arrives as a Twilio-style webhook. The bot looks up the sender's session, takes one step, \
and answers in the same HTTP response. Conversations are plain files: flows.

Without a command it serves. Without any setting it serves the built-in flow on a SQLite file, and http://127.0.0.1:5000/ is a phone; \
nothing from outside can reach it.

Every setting is an environment variable and a flag of the same name; the flag wins. \
Variables are also read from the file `.env` of the current folder, unless they are set already. \
A setting that is present but empty is an error.";

/// What people do with it, and what its exit codes mean.
pub(in crate::cli) const EXAMPLES: &str = "\
Examples:
  Try the built-in conversation in the browser:
      ringback
  Begin a project of your own:
      ringback init bot
  Serve your own flows on MySQL, for a real number:
      export DATABASE_URL=mysql://bot:password@localhost/ringback
      export TWILIO_AUTH_TOKEN=… PUBLIC_URL=https://bot.example.com
      ringback --flows flows/
  Find the mistakes in a flow, and run its chat files:
      ringback check flows/survey.yaml
  See before a deploy who would have to begin again:
      ringback check flows/ --against mysql://bot:password@localhost/ringback
  Read what a finding means, and how to fix it:
      ringback explain unknown-target
  Talk to a flow in the terminal:
      ringback chat flows/survey.yaml
  Draw a flow, for a page of Markdown:
      ringback diagram --markdown flows/survey.yaml
  Draw it as a picture:
      ringback diagram --svg flows/survey.yaml > survey.svg
  Find what is wrong with the settings, the database and the flows:
      ringback doctor
  Post a message to the service, signed as by Twilio:
      ringback post --body hello --from +14155552671
  See a sender's session:
      ringback show +14155552671
  See whether texts wait that answer no message:
      ringback outbox
  Delete messages that are older than three months:
      ringback prune --older-than 90d
  Ask whether the service can answer a message now:
      ringback health --ready

Exit codes:
  0  done
  1  failed; standard error says why, and what to do
  2  the command line is wrong
`ringback post` has further codes, which `ringback help post` lists.";

/// What the exit codes of `post` mean.
pub(super) const POST_EXIT_CODES: &str = "\
Exit codes:
  0  answered with TwiML, which may say nothing
  1  nothing was posted: a setting or the form is wrong
  2  the command line is wrong
  3  no whole answer: no connection, no TLS, broken off, or not within 15 s
  4  answered with another status than 2xx
  5  answered with 2xx, but not with TwiML of at most 1 MiB";

/// What the exit codes of `doctor` mean.
pub(super) const DOCTOR_EXIT_CODES: &str = "\
Exit codes:
  0  nothing is wrong; there may be warnings
  1  something is wrong
  2  the command line is wrong";
