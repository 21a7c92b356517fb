//! Every kind of diagnostic, with what `allclear explain` says of it.

/// A row is the name, the word, `rule` where a site may weigh it, and the explanation.
macro_rules! codes {
    (@is_rule) => { false };
    (@is_rule rule) => { true };
    ($($name:ident $code:literal $($rule:ident)? $explanation:literal)+) => {
        /// The kind of a diagnostic. Its word is stable: scripts and people may rely on it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "the explanation is the documentation, and `explain` prints it")]
        pub enum Code { $($name,)+ }

        impl Code {
            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The word that a report prints.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// Whether it reports that posts say one thing and evidence shows another. A page is built all the same,
            /// and shows both.
            pub fn is_contradiction(self) -> bool {
                matches!(self, Self::Contradiction | Self::UnannouncedOutage)
            }

            /// Whether it is a warning: what it finds keeps no page from being built, unless a site or an option makes it an
            /// error. Every other kind is an error.
            pub fn is_warning(self) -> bool {
                matches!(
                    self,
                    Self::BrokenLink
                        | Self::Contradiction
                        | Self::EmptyUpdate
                        | Self::ForbiddenCharacter
                        | Self::FutureEvidence
                        | Self::FutureUpdate
                        | Self::HinderedProbe
                        | Self::ImpossibleCourse
                        | Self::IncidentMayBeOver
                        | Self::LeftSource
                        | Self::MissingEvidence
                        | Self::MissingMessage
                        | Self::MissingThreshold
                        | Self::MovedIncident
                        | Self::NotCompared
                        | Self::OverdueMaintenance
                        | Self::ScaffoldValue
                        | Self::SilentIncident
                        | Self::SlowEvidence
                        | Self::SlowProbe
                        | Self::StaleTranslation
                        | Self::UnannouncedOutage
                        | Self::UnfinishedLine
                        | Self::UnreadReports
                        | Self::UnusedFile
                        | Self::UnusedKey
                        | Self::UnusedSource
                        | Self::UpdateBeforeStart
                        | Self::WordlessImage
                )
            }

            /// Whether a site may set it to `error`, `warning` or `off` in `[check]`.
            pub fn is_rule(self) -> bool {
                match self { $(Self::$name => codes!(@is_rule $($rule)?),)+ }
            }

            /// What it means, why it matters, and how to fix it; Markdown.
            pub fn explanation(self) -> &'static str {
                match self { $(Self::$name => $explanation,)+ }
            }
        }
    };
}

codes! {
    Fault "fault"
        "allclear itself failed while it worked on this file, and says in which words; nothing was written or deleted. No file of a site should ever lead to that: please report it, with these words and the file if you may show it. Until it is fixed, what is unusual about the file may be written in another way."
    UnreadableFile "unreadable-file"
        "The system did not let allclear read this file: it may lack the permission, its name may not be UTF-8, or a link may lead nowhere. Nothing is left out in silence, so the build stops until the file can be read or is gone."
    NotUtf8 "not-utf8"
        "Every file of a site is UTF-8, so that every script and language works. Save the file as UTF-8; editors offer that beside `Save as`."
    FileTooLarge "file-too-large"
        "Incident files are read up to 4 MB, files of evidence and attachments up to 256 MB, a line of evidence up to 1 MB: more is most likely a mistake. Split the file, or move what is old into another one."
    SpecialFile "special-file"
        "A FIFO, a socket, a device or a folder stands where a file is meant. A build would wait for whoever writes to it, or read it for ever, so it is left alone. Put a file in its place, or remove it."
    MissingFolder "missing-folder"
        "A folder of the site is not there, though something says that it should be: it is a link to nothing, a file, or a git submodule that was not fetched. Were it taken for empty, every incident in it would vanish from the page, so nothing is built. Mount what it leads to, fetch the submodule, or remove what stands in its place."
    OutsideSite "outside-site"
        "A symbolic link in the site's folder, or a path in `allclear.toml`, leads out of it, or into git's own folder. Such a file is not in the site's history, and might be one that nobody meant to publish. Copy it into the site instead, or mount its folder there: what is mounted lies in the site. A link to another place in the site is followed, and the site's folder itself may lie behind one."
    BadSyntax "bad-syntax"
        "The text is not of its format: TOML in `allclear.toml` and between `+++`, YAML between `---`. Common causes in YAML are a value with `: ` or ` #` in it that stands without quotes, a tab, and a key that stands twice."
    MissingFrontMatter "missing-front-matter"
        "An incident file, and a page in `pages/`, starts with `---` on its first line, then keys such as `title: ...`, then `---`. Files that are no incidents do not belong into `incidents/`; only `README.md` is left alone there."
    UnclosedFrontMatter "unclosed-front-matter"
        "The front matter starts, but never ends. Write the same fence, `---` or `+++`, on a line of its own after the last key."
    UnknownKey "unknown-key"
        "Nothing reads this key, so what it says would be lost. It is most likely misspelt; the hint names the nearest known one."
    MissingKey "missing-key"
        "Something cannot be understood without this key. Add it."
    WrongType "wrong-type"
        "The value is of another type than the key needs: a number where text is wanted, or a single value where a list is. In YAML and TOML, text that looks like a number or a boolean needs quotes."
    OutOfRange "out-of-range"
        "The number lies outside of what makes sense here: weights lie between 0 and 1, days between 1 and 366, and nothing may be infinite."
    EmptyText "empty-text"
        "A text that readers would see is empty. Write it, or leave the key out where it may be left out."
    ForbiddenCharacter "forbidden-character"
        "A text holds a control character or a noncharacter of Unicode, such as the colour of a terminal (`\\e[31m`) in the words of a script. Web pages, feeds and calendars must not hold one, or no program could read them; readers see U+FFFD in its place. Delete it."
    BadId "bad-id"
        "Ids stand in addresses, in the headings of updates and in other programs. They are made of small letters, digits, `-` and `_`, start with a letter or digit, and have at most 64 characters. `next` is taken: it promises the next update."
    BadSlug "bad-slug"
        "The name of an incident file, without `.md`, becomes a part of the address of its page. It may be in any script, but may hold no white space, no control characters, and none of the characters that file systems and addresses reserve. Rename the file, for example to `2022-12-28-login-failures.md`."
    BadFileName "bad-file-name"
        "A file that would be published has a name that some disk or server cannot hold: one with a control character such as a line break, a backslash or one of `: * ? \" < > |`, one that ends with a dot or a blank, one that Windows keeps for a device (`con`, `aux`, `com1`), one that begins with `.allclear`, which allclear needs itself, or one of more than 255 bytes, where the names of assets grow by a hash. It is refused on every system, so that a site that can be built can be built, copied and served everywhere. Rename the file."
    PathTaken "path-taken"
        "A page of `pages/`, a file of `static/`, a file beside an `index.md`, or an asset of a theme would be published where another file of the page is, or as a folder of that name, now or once an incident is published. Capital letters make no difference, nor does it matter how an accent is written (`é` as one character or as two), because some disks do not tell them apart. Nothing is overwritten in silence. Rename the file."
    BadUrl "bad-url"
        "`base_url` is the whole address under which the page is published, as `https://status.example.com/` or `https://example.com/status/`. Feeds and previews need it, because a relative address means nothing outside of the page. `url` of `[reports]` is the whole address at which readers' browsers reach `allclear collect`."
    BadAddress "bad-address"
        "A probe asks an address: a whole one as `https://example.com/health` for `http` and for monitors, a host with a port as `db.example.com:5432` for `tcp` and `tls`, a name for `dns`. A secret stands in it, and in `headers`, as `${NAME}`, and is taken from the environment."
    BadProbe "bad-probe"
        "An entry of `[[probes]]` asks one question: exactly one of the keys that name a kind (`http` and the like) says which, and `component` or `components` says about what. Two probes about one component have names of their own (`source`), for the newer word of a source ends the older one; without `source` the name is that of the kind and the host."
    HinderedProbe "hindered-probe"
        "A probe was to look and can never do so, until something is changed: a variable of the environment that its address or `headers` name is not set, its address lies in a private network and `[probe]` does not say `private = true`, or this machine has no list of authorities by which to judge a certificate. Such a probe says nothing, so that the page turns unconfirmed, or never gives an all-clear. `probe` says it even with `--quiet`, and ends with 2 where none of the probes could look; the agent says it once, and `/healthz` as long as it is so, except of components whose evidence is not required."
    BadChannel "bad-channel"
        "An entry of `[[channels]]` is of one kind: exactly one of the keys that name a kind (`slack` and the like) says which. Its name (`name`, else that of the kind) is its own, because what it was told is kept under it. Whatever lets somebody write into a channel is a secret: it stands there as `${NAME}`, and is taken from the environment. Its `template` can word every message: where it fails, that message is told in the words of the feeds."
    BadDuration "bad-duration"
        "A duration is one or more whole numbers, each with `s`, `m`, `h`, `d` or `w` behind it: `90s`, `15m`, `1h30m`, `2d`. It is never zero."
    BadDate "bad-date"
        "A day is written `YYYY-MM-DD`, as `2022-12-28`, and must exist."
    BadTime "bad-time"
        "An instant is RFC 3339, or `YYYY-MM-DD HH:MM[:SS]` followed by nothing (the site's zone), `Z`, `UTC`, an offset such as `+01:00`, or an IANA name such as `Europe/Paris`. It must exist, and a promised update must lie after the one that promises it."
    AmbiguousTime "ambiguous-time"
        "When clocks go back, an hour of local time happens twice, and this time lies in it. allclear does not guess which one is meant, because the difference is an hour of outage. Add the offset; the hint gives both."
    SkippedTime "skipped-time"
        "When clocks go forward, an hour of local time never happens, and this time lies in it. Look at the time again, or add the offset; the hint gives both readings."
    DuplicateId "duplicate-id"
        "Two components, groups, signals, regions or kinds of reports share an id, two regions share one of their `codes` or `sources`, or a language is named twice, so that nothing could say which one is meant. Give one of them another id, or leave it out of one of them."
    DuplicateSlug "duplicate-slug"
        "Two incident files lead to the same address, be it in different folders or with names that differ only in capital letters. Rename one of them."
    UnknownComponent "unknown-component"
        "A component is named that `allclear.toml` does not list. Were it ignored, an outage could be missing on the page. Fix the name, or add the component. Evidence that probes or `allclear pull` wrote is another matter: what it says of a component that was removed is left out with a warning."
    UnknownGroup "unknown-group"
        "A component says that it belongs to a group that `allclear.toml` does not list. Fix the name, or add a `[[groups]]` table."
    UnknownSignal "unknown-signal"
        "An incident wants to chart a signal that `allclear.toml` does not list. Fix the name, or add a `[[signals]]` table."
    UnknownRegion "unknown-region"
        "A region is named that `allclear.toml` does not list: in `regions` of an incident, behind the `@` of a component, as in `web@jp`, or in a count of reports. Fix the name, or add a `[[regions]]` table. In the counts that `allclear collect` wrote it is a warning: the reports of a region that was removed count in the sum alone."
    UnknownPage "unknown-page"
        "A link in `allclear.toml` leads to a page that is not in `pages/`. Fix the name, or write the page."
    UnknownLanguage "unknown-language"
        "The language is not one that allclear speaks, or is not among the site's `languages`. Add it there, fix the tag, or rename the file if its name only looks like one in another language."
    UnknownFormat "unknown-format"
        "A word in `formats` of `[build]` names nothing that allclear publishes beside the pages. Fix the word, or delete it."
    UnknownTimeZone "unknown-time-zone"
        "A zone is an IANA name, as `Europe/Paris`, `America/New_York` or `UTC`. Abbreviations such as `CST` or `IST` are left out on purpose: they mean different things in different places."
    UnknownTheme "unknown-theme"
        "`theme` names neither a built-in theme (`default`, `plain`) nor a folder in `themes/`, or a theme extends something else than a built-in one."
    ThemeContract "theme-contract"
        "Templates rely on what allclear shows them, and `contract` in a theme's `theme.toml` says which version of that it was made for. `allclear theme reference` prints the present one. A theme for another one would fail in the middle of a build, or worse, show less than it should."
    BadColor "bad-color"
        "A colour is written `#rrggbb` or `#rgb`, as `#1b4f9c`: red, green and blue as hexadecimal digits."
    LowContrast "low-contrast"
        "Text in this colour could hardly be read on the page: WCAG 2.2 asks for a contrast of at least 4.5 (success criterion 1.4.3), in the light and in the dark. The hint names the nearest shade that has it. A single colour, without `light` and `dark`, is turned into that shade where need be."
    BadMessage "bad-message"
        "A table of messages in a theme's `messages/` changes a message that is not there, gives it another shape, or names a value that it never gets. `allclear theme eject messages/en.toml` writes all of them."
    BadPicture "bad-picture"
        "The logo is a picture in the site's folder that every browser shows: SVG, PNG, WebP, AVIF, JPEG or GIF."
    UnknownStatus "unknown-status"
        "A component is `operational`, `degraded_performance`, `partial_outage`, `major_outage` or `under_maintenance`. `suspected` and `unknown` are derived from evidence; nobody can say them."
    UnknownImpact "unknown-impact"
        "The impact of an incident is `none`, `minor`, `major` or `critical`. Left out, it follows from the worst status of a component."
    UnknownKind "unknown-kind"
        "A file in `incidents/` is an `incident` (also where nothing is said), a `maintenance` or a `notice`. In `kinds` of `[reports]` stand words that each language has a text for (`unreachable`, `error`, `slow`, `login`, `other`), and tables with an `id` and a `name` for anything else that may fail."
    BadUpdateHeading "bad-update-heading"
        "An update starts with a level-2 heading that holds a status word, a separator (`·`, `-`, `–`, `—`, `|` or `@`) and a time: `## Investigating · 2022-12-28 19:45`. This line begins like one and cannot be read to its end, or reads like one and is none: it has another word than the status words (`Fixed`), another separator, a heading of another level, no blank behind `##`, bold text instead of a heading, or it stands in a list, in HTML, or in code or a comment without an end. Readers would not see it as an update. Write it as the hint says. A line that is no update must not begin with a status word, nor be a few words and a time."
    WrongState "wrong-state"
        "An incident is investigating, identified, monitoring, resolved or postmortem; a maintenance is scheduled, in progress, verifying, completed or cancelled; `update` fits both and a notice. Fix the word, or the `kind`."
    UnknownAttribute "unknown-attribute"
        "In the braces of an update's heading stand `component=status`, `next=30m` (or `next=TIME`) and `notify=no`, separated by blanks. This is neither."
    NoUpdates "no-updates"
        "Neither a key nor an update says when this began. Write `started` (for a notice `starts`), or a first update."
    EndsBeforeItStarts "ends-before-it-starts"
        "An end lies before its start. One of the two times is wrong, most often by a day, a year or a time zone. Such an entry would count as no outage at all, so it is refused."
    UpdateBeforeStart "update-before-start"
        "An update is older than the `started` of its incident. The trouble most likely began earlier than the file says."
    ImpossibleCourse "impossible-course" rule
        "Two places of a file contradict one another: an incident that is resolved before its first other state, or that `ended` later than the update that says so; a state after `resolved` that does not say what is affected again; an outage that is said after `ended`; a promise of a further update to what is over; a maintenance that is completed after it was cancelled, or before it began; two states of one instant; a team that knew only after it had told its readers. The page shows what follows from the rules, which may not be what was meant. Look at both places."
    FutureUpdate "future-update" rule
        "An update, or the `started`, `detected` or `ended` of an incident, lies in the future, so readers do not see it yet. Most often a year, a day or a time zone is wrong."
    FutureEvidence "future-evidence" rule
        "Evidence reaches more than a minute beyond the present, which nobody can have seen: the clock of what wrote it is ahead, or it writes its own zone with a `Z`. None of it is believed, so that it neither renews an all-clear nor hides that a monitor has stopped. Fix the clock or the zone. With `--now` files are history, and are cut at that instant instead."
    UnfinishedLine "unfinished-line" rule
        "The last line of a file of evidence has no line end and cannot be read: whatever wrote it was most likely stopped in the middle. It is left out; `record` writes over it, and other monitors should end each line as they write it. Any other line that cannot be read is an error."
    BadRepeat "bad-repeat"
        "A maintenance that takes place again and again has a rule of RFC 5545 (section 3.3.10) in `repeat`, such as `FREQ=WEEKLY`, `FREQ=MONTHLY;BYDAY=1SA` or `FREQ=DAILY;UNTIL=20230401`. The first window is that of `starts` and `ends`, which must be on a day of the rule; all others open at the same time of day on the clock of the site's zone, and are as long. `except` lists days on which it does not take place."
    NotInMaintenance "not-in-maintenance"
        "While a maintenance lasts, its components are `under_maintenance`, and that does not count as an outage. What is worse than announced is an incident: write a file for it, so that the maintenance hides nothing."
    NotForKind "not-for-kind"
        "The key belongs to another kind of file. An incident has `started`, `detected`, `ended`, `impact` and `signals`; a maintenance and a notice have `starts` and `ends`."
    TranslationWithoutOriginal "translation-without-original"
        "`NAME.ar.md` translates `NAME.md`, which is not there. Write the original, or fix the name."
    TranslationMismatch "translation-mismatch"
        "The updates of a translation are matched with those of the original by time and status. This one has no counterpart, so nothing says where it belongs. Take the heading's time and status from the original."
    MissingEvidenceFile "missing-evidence-file"
        "A signal names a file of samples that is not there. Without it nothing is known, and the page must not sound as if it were."
    BadObservation "bad-observation"
        "A line of component states cannot be read. In `.jsonl` each line is an object with `component`, `status` and `from`, and perhaps `to` and `source`; in `.csv` the first line names the columns."
    BadSample "bad-sample"
        "A sample of a signal cannot be read. In `.csv` the columns are `time,value`; in `.jsonl` each line is `{\"time\":...,\"value\":...}`; a `.json` file is the answer of Prometheus to `query_range`, with one series. Latency, in `evidence/latency/`, is `.csv` with the columns `time,component,milliseconds`."
    OverrideIncomplete "override-incomplete"
        "An observation of the source `operator` is an override of the evidence. It needs a `reason`, which readers see, and `until`, because nobody's word holds for ever. Other sources have neither."
    UnusedFile "unused-file" rule
        "Nothing reads this file or folder, so what it says is missing on the page. In `incidents/` it ends in something else than `.md`; in `evidence/` it is neither component states nor named as the `file` of a signal; in `pages/` it ends in something else than `.md`; a folder's name is nearly one that the site reads; a file of a theme is in the place of no built-in one, and nothing names it. Rename it, move it (what is published as it is lies in `static/`), or take it out of the site."
    UnusedKey "unused-key" rule
        "A translation holds a key that only the original can have. `NAME.ar.md` has a `title`, a summary and the texts of the updates; when something happened and what it affected is said once, in `NAME.md`. Where the two differ, readers see what the original says. In `[reports]`, `region_header` and `address_header` do nothing without `proxies`: nobody's word about a reader is believed but that of a proxy that is named there."
    UnusedSource "unused-source"
        "`[sources.NAME]` speaks of a source from which no evidence comes. It is most likely misspelt, and the source that was meant is still believed."
    BadDocument "bad-document"
        "An import reads the documents of its format, which `allclear import FORMAT --help` names. This one is something else, or a part of it is not what the format says. The other documents were imported all the same. Fetch the document again or fix it, then repeat the import: it leaves alone what is there already."
    InlineList "inline-list"
        "An import adds the components that the site lacks behind the text of `allclear.toml`, and changes nothing that stands there. TOML cannot extend a list that is written as one value, `components = [{ ... }]`. Write each entry as a table of its own under `[[components]]`, or `[[groups]]`, and repeat the import."
    Contradiction "contradiction"
        "A signal has been at or above its threshold for as long as `for` says, and neither does an open incident name one of its components, nor has a maintenance under way that component under maintenance: one that it has given back, `{web=operational}`, it covers no longer. Readers see that component as suspected. Open an incident, or fix the signal if it is wrong."
    UnannouncedOutage "unannounced-outage"
        "Fresh evidence shows that a component does not work as it should, and neither does an open incident name it, nor has a maintenance it under maintenance. The page tells the truth already, but says nothing else. Open an incident; silence the source in `allclear.toml` if it is wrong."
    IncidentMayBeOver "incident-may-be-over" rule
        "An open incident keeps a component down, though all fresh evidence has said for an hour that it is operational. Post an update that says how it is now, or resolve the incident."
    SilentIncident "silent-incident" rule
        "An incident is open, and its readers have heard nothing for longer than was promised, or for 24 hours where nothing was. They will think that they have been forgotten. Say how it is, even if nothing is new."
    EmptyUpdate "empty-update" rule
        "An update has a heading and no text, or a comment is all the text there is, which readers do not see. A state alone tells readers little; say what they will notice. An update that says that something is over may be empty, and so may `scheduled`, for the maintenance says what is planned and when."
    BrokenLink "broken-link" rule
        "A link or an image in an incident leads to a page, a file or a place in a page that the site does not have. Links are relative to the page of the incident (`incidents/SLUG/`); files beside an `index.md` are published beside its page."
    WordlessImage "wordless-image" rule
        "An image has no text that says what it shows. Readers who do not see it, and those whose network does not bring it, learn nothing from it."
    OverdueMaintenance "overdue-maintenance" rule
        "A maintenance is past its end, and its last update says that it goes on, so that the page still shows it under way. Post `completed`, or a new end."
    StaleTranslation "stale-translation" rule
        "A translation lacks an update that the original has. Its readers see the original text there, marked as such."
    MissingEvidence "missing-evidence" rule
        "A component says that it requires evidence, but no file in `evidence/` has ever mentioned it, so it will never be confirmed. Its id may be misspelt where states are recorded."
    SlowEvidence "slow-evidence" rule
        "Over the last two weeks the evidence of a component, of all its sources together, came so seldom that more than one gap in twenty between two looks was longer than `valid_for`. In each of those the page withdrew its all-clear, though nothing had happened. Either what brings the evidence is to come more often: clocks of CI hosts slip by hours, a process of your own does not. Or the evidence is to hold as long as it really takes, which makes the all-clear worth less and keeps it true: the finding says how long. Lines that were extended, as `record` does, do not show each look; between their two ends as few are counted as `valid_for` needs, so that every form of the same evidence gives the same answer. Fewer than five such gaps are no rhythm."
    SlowProbe "slow-probe" rule
        "A probe asks less often (`every`, by default `1m`) than what it sees holds (`valid_for` in the `states` of the component, by default `1h`), and nothing else tells of the component. Each time the page would withdraw its all-clear before the next answer is there. Ask more often, or let what is seen hold longer, which makes the all-clear worth less: twice `every` lets one look be missed."
    LeftSource "left-source" rule
        "A source of evidence has the name that a probe gets where none is said (the kind and the host), no probe has that name any more, and what it said last is trouble that still counts. Most likely its address was wrong, and somebody put it right: the probe has another source since, and the old one's word holds for `valid_for` longer, and stays in the history. Where it saw nothing real, say in `[sources.NAME] ignore` from when to when it is not believed, and why, for readers; where nothing of it is worth keeping, delete its file. What is published already may come back with `allclear pull`: `ignore` keeps it away. Where it did see an outage there is nothing to do: it ends by itself."
    UnreadReports "unread-reports" rule
        "`[reports]` asks readers what fails, and no `[[signals]]` entry names a file in `evidence/reports/`, or none names `_any.csv`, in which there are reports by readers who did not know the component. What they say is counted, and changes nothing on the page. Let a signal read each file; that of `_any.csv` has all `components` that it may be about. Where something else reads the counts, turn this off."
    MissingThreshold "missing-threshold" rule
        "The `threshold` of a signal with `by = \"region\"` is a table that leaves out a region, and `total`, too, so that whatever is counted in that region never contradicts the page. Add the region, or `total`, in which all regions count."
    ScaffoldValue "scaffold-value" rule
        "`allclear init` writes a title and a `base_url` that stand for yours, and they are still there. Readers would see the title; feeds, the calendar, the API and `sitemap.xml` lead to the address. Write your own into `allclear.toml`."
    RemovedIncident "removed-incident"
        "An incident, a maintenance or a notice that was published is gone, or has become a draft. A finding about a file that is no more stands at `allclear.toml`. What a team said stays readable; where it was wrong, an update or a correction says so."
    MovedIncident "moved-incident"
        "A file of something that was published has another name now, so that its page has another address. Links to it, in chats and mails and feeds, lead nowhere. Give the file its old name again."
    NotCompared "not-compared"
        "`check --since` could not read a file as it was then, and it is another one now. So nothing says whether what it had published still stands. Look at the change yourself: `git diff REV -- FILE`."
    RemovedUpdate "removed-update"
        "An update that was published is gone, or has another time or state. Readers saw it. Bring it back, or add an entry to `corrections` that says what was changed and why."
    MovedStart "moved-start"
        "An incident that was published begins later than it did, so that it reads as shorter. Take that back, or add an entry to `corrections` that says why."
    MovedEnd "moved-end"
        "An incident that was published as over ends earlier than it did, so that it reads as shorter. Take that back, or add an entry to `corrections` that says why."
    LoweredImpact "lowered-impact"
        "An incident that was published has a lower impact, or is no incident any more. Take that back, or add an entry to `corrections` that says why."
    LoweredStatus "lowered-status"
        "A component was worse in what was published, and uptime is computed from it. Take that back, or add an entry to `corrections` that says why."
    SoftenedMeasure "softened-measure"
        "A setting in `allclear.toml` by which the past is measured was changed so that what was published looks better: a weight of uptime, a component's `since`, `valid_for`, `required` or `quorum`, time in which a source is not believed, the limit of a signal, or a component that is gone with its history. Take that back, or tell readers of it in a new notice, which names the component or none at all."
    RemovedEvidence "removed-evidence"
        "Evidence of trouble that was published is gone, or is better than it was. Files of evidence only grow. Bring the lines back. A source that was wrong is silenced for all to see, with `[sources.NAME] ignore` and its reason, and a new notice tells readers of it."
    ChangedText "changed-text"
        "A title or a text that was published says something else, or is gone. White space does not count. Write an update, take the change back, or add an entry to `corrections` that says what was changed and why."
    BrokenTheme "broken-theme"
        "A template cannot be compiled, or asks for something that is not there: a variable, a message, an asset or another template. `allclear theme reference` prints what templates see, and `allclear theme eject` lists the built-in files."
    MissingMessage "missing-message" rule
        "The interface lacks a message in this language; the English one is shown instead."
}
