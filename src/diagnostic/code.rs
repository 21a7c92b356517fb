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
}
