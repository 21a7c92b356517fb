//! Every kind of diagnostic, with what `allclear explain` says of it.

macro_rules! codes {
    ($($name:ident $code:literal $explanation:literal)+) => {
        /// The kind of a diagnostic. Its word is stable: scripts and people may rely on it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "the explanation is the documentation, and `explain` prints it")]
        pub enum Code { $($name,)+ }

        impl Code {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The word that a report prints.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// What it means, why it matters, and how to mend it; Markdown.
            pub fn explanation(self) -> &'static str {
                match self { $(Self::$name => $explanation,)+ }
            }
        }
    };
}

codes! {
    UnreadableFile "unreadable-file" "x"
    NotUtf8 "not-utf8" "x"
    FileTooLarge "file-too-large" "x"
    OutsideSite "outside-site" "x"
    BadSyntax "bad-syntax" "x"
    MissingFrontMatter "missing-front-matter" "x"
    UnclosedFrontMatter "unclosed-front-matter" "x"
    UnknownKey "unknown-key" "x"
    MissingKey "missing-key" "x"
    WrongType "wrong-type" "x"
    OutOfRange "out-of-range" "x"
    EmptyText "empty-text" "x"
    BadId "bad-id" "x"
    BadSlug "bad-slug" "x"
    BadUrl "bad-url" "x"
    BadDuration "bad-duration" "x"
    BadDate "bad-date" "x"
    BadTime "bad-time" "x"
    AmbiguousTime "ambiguous-time" "x"
    SkippedTime "skipped-time" "x"
    DuplicateId "duplicate-id" "x"
    DuplicateSlug "duplicate-slug" "x"
    UnknownComponent "unknown-component" "x"
    UnknownGroup "unknown-group" "x"
    UnknownSignal "unknown-signal" "x"
    UnknownLanguage "unknown-language" "x"
    UnknownTimeZone "unknown-time-zone" "x"
    UnknownTheme "unknown-theme" "x"
    UnknownStatus "unknown-status" "x"
    UnknownImpact "unknown-impact" "x"
    UnknownKind "unknown-kind" "x"
    BadUpdateHeading "bad-update-heading" "x"
    WrongState "wrong-state" "x"
    UnknownAttribute "unknown-attribute" "x"
    NoUpdates "no-updates" "x"
    EndsBeforeItStarts "ends-before-it-starts" "x"
    UpdateBeforeStart "update-before-start" "x"
    FutureUpdate "future-update" "x"
    NotInMaintenance "not-in-maintenance" "x"
    NotForKind "not-for-kind" "x"
    TranslationWithoutOriginal "translation-without-original" "x"
    TranslationMismatch "translation-mismatch" "x"
    MissingEvidenceFile "missing-evidence-file" "x"
    BadObservation "bad-observation" "x"
    BadSample "bad-sample" "x"
    OverrideIncomplete "override-incomplete" "x"
    BrokenTheme "broken-theme" "x"
    MissingMessage "missing-message" "x"
    BadDocument "bad-document"
        "An import reads JSON documents of the public API of a Statuspage: incident documents, `incidents.json`, `scheduled-maintenances.json`, `components.json` and `summary.json`. This one is something else, or a part of it is not what the API says. The other documents were imported all the same. Fetch the document again or mend it, then repeat the import: it leaves alone what is there already."
    InlineList "inline-list"
        "An import adds the components that the site lacks behind the text of `allclear.toml`, and changes nothing that stands there. TOML cannot extend a list that is written as one value, `components = [{ ... }]`. Write each entry as a table of its own under `[[components]]`, or `[[groups]]`, and repeat the import."
}
