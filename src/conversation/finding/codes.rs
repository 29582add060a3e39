//! The code of each kind of finding: one cause, one cure, one severity.
//!
//! Codes are stable: people write them into `# allow:` comments, and programs
//! read them from `check --format json`. `docs/findings.md` explains each.

/// How severe a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The flow does not load.
    Error,
    /// The flow loads, but may not do what its author thinks.
    Warning,
}

impl Severity {
    /// The word that is printed before a finding.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// Defines [`Code`] and its table, so that no code is without an entry.
macro_rules! codes {
    ($($topic:literal { $($code:ident $name:literal $severity:ident $summary:literal)+ })+) => {
        /// What kind of finding it is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[doc = $summary] $code,)+)+
        }

        impl Code {
            /// All codes, by topic.
            pub const ALL: &'static [Self] = &[$($(Self::$code,)+)+];

            /// Its name, as it is printed and written.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $($(Self::$code => $name,)+)+ }
            }

            /// How severe its findings are.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $($(Self::$code => Severity::$severity,)+)+ }
            }

            /// What it means, in one line.
            #[must_use]
            pub fn summary(self) -> &'static str {
                match self { $($(Self::$code => $summary,)+)+ }
            }

            /// What it is about.
            #[must_use]
            pub fn topic(self) -> &'static str {
                match self { $($(Self::$code => $topic,)+)+ }
            }
        }
    };
}

codes! {
    "Files and YAML" {
        NoFlow "no-flow" Error "There is no flow: no file, or an empty one."
        Yaml "yaml" Error "The file is not valid YAML."
        NeedsQuotes "needs-quotes" Error "A text needs quotes, because YAML reads it as something else."
        Quotes "quotes" Error "A text in quotes does not end where it should, or has an unknown escape."
        Indentation "indentation" Error "A line is indented with a tab, or to the wrong level."
        Lookalike "lookalike" Error "A character looks like a space, a colon or nothing, but is another one."
        YamlFeature "yaml-feature" Error "Anchors, tags, merge keys and further documents are not part of flows."
        Duplicate "duplicate" Error "A key or a language is written twice."
        LimitExceeded "limit-exceeded" Error "There is more of something than a flow may have."
    }
    "Keys and values" {
        UnknownKey "unknown-key" Error "There is no such key in this place."
        NotSupported "not-supported" Error "This version of Ringback does not have this key yet."
        MissingKey "missing-key" Error "A key is missing that is needed here."
        MisplacedKey "misplaced-key" Error "A key does not go with the others of its step."
        TwoVerbs "two-verbs" Error "A step does two things."
        EmptyStep "empty-step" Error "A step does nothing, or says nothing."
        Shape "shape" Error "A value is a text, a list or a mapping, but the key takes another of the three."
        NoValue "no-value" Error "A key has no value, or an empty one."
        BadValue "bad-value" Error "A key does not take this value."
        OutOfRange "out-of-range" Error "A number or a duration is too small or too large."
        EmptyRange "empty-range" Error "The bounds of a question leave no answer."
        Pattern "pattern" Error "A pattern cannot be read, or no answer can match it."
    }
    "Names" {
        BadName "bad-name" Error "This cannot be the name of a flow, a step, a variable or an outcome."
        NameClash "name-clash" Error "One name is given to two things."
        UnknownTarget "unknown-target" Error "There is no step with this name."
        UnknownFlow "unknown-flow" Error "No flow with this name is loaded."
        UnknownOutcome "unknown-outcome" Error "The flow that is run never ends with this outcome."
        UnknownOption "unknown-option" Error "The question has no such option or answer."
        Renamed "renamed" Error "An entry of `renamed` leads to no question."
    }
    "Paths" {
        UnreachableStep "unreachable-step" Error "Nothing leads to a step."
        NoQuestion "no-question" Error "The flow never asks anything."
        SilentLoop "silent-loop" Error "Steps follow each other in a circle without a question."
        NoEnd "no-end" Error "A conversation can reach steps from which no path leads to an end."
        CircularRun "circular-run" Error "A flow runs itself, directly or through others."
        TurnSteps "turn-steps" Error "Too many steps follow each other without a question."
        UselessResume "useless-resume" Error "A step resumes a question, but no command leads to it."
        UnusedBranch "unused-branch" Warning "A jump never happens, because `when` has every answer."
        NeverComes "never-comes" Error "A nudge, a timeout or the end of a silence comes too late to happen."
        OnExpireWaits "on-expire-waits" Error "A path from `on_expire` asks a question, runs a flow, makes a call or waits for a callback."
        UnaskedTexts "unasked-texts" Error "More than three texts may be sent to a person who does not write."
        WhatsappWindow "whatsapp-window" Warning "A text may be sent more than a day after the person wrote."
        QuietAfterDiffers "quiet-after-differs" Error "One outcome has two lengths of `quiet_after`."
        UnusedQuietAfter "unused-quiet-after" Warning "`quiet_after` has no effect in a flow that only others run."
    }
    "Calls and callbacks" {
        CallUrl "call-url" Error "A call does not name a method and a URL that it can go to."
        Secret "secret" Error "A secret is not declared, or stands where it would be shown."
        PlainHttp "plain-http" Warning "A call is neither encrypted nor goes to a host of one's own network."
        SaidBeforeCall "said-before-call" Warning "A text before a call may come alone, and what follows later."
        Callback "callback" Error "A callback is shown and not waited for, or waited for and not shown."
        RepeatedPost "repeated-post" Warning "A request that changes something may be made several times."
    }
    "Variables and conditions" {
        UndefinedVariable "undefined-variable" Error "Nothing gives a variable a value."
        MaybeUndefinedVariable "maybe-undefined-variable" Error "A variable may have no value here."
        NoAnswersHere "no-answers-here" Error "A text reads an answer where there are no answers."
        Condition "condition" Error "A condition cannot be read."
        Template "template" Error "A text has braces that cannot be filled in."
        TypeMismatch "type-mismatch" Error "A number is compared with a text."
        FormMismatch "form-mismatch" Error "A date, a time or a number is compared with a text of another form."
        ColumnWidth "column-width" Error "A value may not fit into the column of the database that holds it."
        ValueCut "value-cut" Warning "A value may grow too long, and is then cut."
    }
    "Texts" {
        TextTooLong "text-too-long" Warning "A text may not fit into one message."
        TextDropped "text-dropped" Error "A turn may say more than all its messages hold."
        TextGrows "text-grows" Warning "A text grows without end."
        TurnTooLong "turn-too-long" Warning "The texts of one turn may not fit into one message."
        Ucs2 "ucs2" Warning "A few characters make an SMS need more segments."
        StrayBraces "stray-braces" Warning "Braces are sent as they are."
        LineBreak "line-break" Warning "`\\n` outside double quotes is sent as it is."
        CurlyQuotes "curly-quotes" Warning "Curly quotes around a text are sent with it."
    }
    "Words that people send" {
        StartConflict "start-conflict" Error "Two flows begin with the same message, or answer the same one."
        AmbiguousWord "ambiguous-word" Error "One word would mean two things."
        AmbiguousNumber "ambiguous-number" Warning "A label contains the number of another option."
        HiddenAnswer "hidden-answer" Warning "A command has the same word as an answer, and is heard first."
        CarrierKeyword "carrier-keyword" Warning "Twilio acts on a word before the flow does."
        OptOutWord "opt-out-word" Warning "A word is a wish to stop, and the flow never hears it."
    }
    "Languages" {
        StrayLanguageFile "stray-language-file" Error "A language file belongs to no flow, or to no language of its flow."
        MissingLanguageFile "missing-language-file" Warning "A language of a flow has no file."
        MissingTranslation "missing-translation" Warning "A language file lacks a text or words."
        UnknownText "unknown-text" Error "A language file has a text that its flow does not have."
        LanguageValue "language-value" Error "The language may be set to one that the flow does not have."
        SubflowLanguage "subflow-language" Warning "A flow that is run does not speak a language of this one."
    }
    "Chat files and deploys" {
        ChatFile "chat-file" Error "A chat file cannot be read."
        UnansweredQuestion "unanswered-question" Warning "No chat file answers a question."
        UnplayedSilence "unplayed-silence" Warning "No chat file waits for a nudge, a timeout or an `on_expire`."
        UnplayedCall "unplayed-call" Warning "No chat file goes by an answer to a call."
        UnplayedCallback "unplayed-callback" Warning "No chat file goes by an outcome of a callback."
        BeginAgain "begin-again" Warning "People would have to begin again with these flows."
    }
    "Allowances" {
        UnusedAllowance "unused-allowance" Warning "An `# allow:` comment silences nothing."
        UnknownAllowance "unknown-allowance" Warning "An `# allow:` comment names no code."
        AllowedError "allowed-error" Error "An `# allow:` comment names an error."
    }
}

impl Code {
    /// Whether its findings prevent a flow from loading.
    #[must_use]
    pub fn is_error(self) -> bool {
        self.severity() == Severity::Error
    }

    /// Whether it is found by playing chat files, not by loading flows.
    pub(in crate::conversation) fn is_of_chat_files(self) -> bool {
        matches!(
            self,
            Self::UnansweredQuestion
                | Self::UnplayedSilence
                | Self::UnplayedCall
                | Self::UnplayedCallback
        )
    }

    /// The code with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
