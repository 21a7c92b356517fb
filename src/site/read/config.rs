//! Reading `allclear.toml`, with every problem reported.

use std::sync::Arc;

use camino::Utf8PathBuf;
use chrono_tz::Tz;

use super::logo_and_links::{link, logo};
use crate::diagnostic::{Code, Diagnostics, RuleLevel, SourceFile, nearest_hint};
use crate::locale::{Language, LocalizedText};
use crate::site::BaseUrl;
use crate::site::config::{
    ComponentConfig, Config, DEFAULT_VALID_FOR, GroupConfig, Limit, SignalConfig, Silence,
    SourceConfig, Weights,
};
use crate::syntax::{self, Format, Reader, Spanned, TableReader, Value};
use crate::time;

/// Reads `allclear.toml`.
///
/// What cannot be read is told, and something that does no harm stands in for it, so that a problem
/// here does not give others elsewhere: a site with an error is never published. Returns `None`, with
/// diagnostics, where nothing else of the site can be understood without what is missing.
pub fn read(file: &Arc<SourceFile>, diagnostics: &mut Diagnostics) -> Option<Config> {
    let root = syntax::parse(file, 0..file.text.len(), Format::Toml, diagnostics)?;
    let reader = &mut Reader { file, diagnostics };
    let mut table = reader.table(&root, "the site")?;

    let languages = languages(reader, &mut table);
    let time_zone = time_zone(reader, &mut table);
    let title = table
        .require(reader, "title")
        .and_then(|node| reader.localized_text(node, &languages));
    let base_url = table
        .require_text(reader, "base_url")
        .and_then(|(text, node)| {
            let parsed = BaseUrl::parse(text);
            if let Err(error) = &parsed {
                let hint = "write the whole address of the page, as `https://status.example.com/`"
                    .to_owned();
                reader.error(
                    Code::BadUrl,
                    &node.span,
                    format!("`{text}` is no address for a site: {error}"),
                    hint,
                );
            }
            parsed.ok()
        });
    let theme = match table.text(reader, "theme") {
        Some((name, node)) => node.with(name.to_owned()),
        None => Spanned {
            value: "default".to_owned(),
            span: 0..0,
        },
    };
    let theme_options = match table.take("theme_options") {
        Some(node) => match &node.value {
            Value::Table(entries) => entries.clone(),
            _ => {
                reader.wrong_type(node, "a table");
                Vec::new()
            }
        },
        None => Vec::new(),
    };
    let logo = table.take("logo").and_then(|node| logo(reader, node));
    let links = each(reader, &mut table, "links", "a link", |reader, table| {
        link(reader, table, &languages)
    });
    let zone = time_zone.unwrap_or(Tz::UTC);
    let groups = each(reader, &mut table, "groups", "a group", |reader, table| {
        group(reader, table, &languages)
    });
    let components = each(
        reader,
        &mut table,
        "components",
        "a component",
        |reader, table| component(reader, table, &languages),
    );
    let signals = each(
        reader,
        &mut table,
        "signals",
        "a signal",
        |reader, table| signal(reader, table, &languages),
    );
    let sources = sources(reader, &mut table, &languages, zone);
    let quorum = section(reader, &mut table, "evidence", "`evidence`").and_then(|mut evidence| {
        let quorum = quorum(reader, &mut evidence);
        evidence.finish(reader);
        quorum
    });
    let weights = weights(reader, &mut table);
    let expected_every = section(reader, &mut table, "build", "`build`").and_then(|mut build| {
        let every = build
            .take("expected_every")
            .and_then(|node| reader.duration(node));
        build.finish(reader);
        every
    });
    let rules = table
        .take("check")
        .map_or_else(Vec::new, |node| rules(reader, node));
    table.finish(reader);

    // What is missing has been told. The rest of the site is read all the same, so that its
    // problems are told too.
    Some(Config {
        title: title.unwrap_or_else(|| LocalizedText::plain(String::new())),
        base_url: base_url.or_else(|| BaseUrl::parse("https://status.example.com/").ok())?,
        languages,
        time_zone: time_zone?,
        theme,
        theme_options,
        logo,
        links,
        groups,
        components,
        signals,
        sources,
        quorum: quorum.unwrap_or(1),
        weights,
        expected_every,
        rules,
    })
}

/// The languages; English where none is named or none can be read.
fn languages(reader: &mut Reader<'_>, table: &mut TableReader<'_>) -> Vec<Language> {
    let mut languages: Vec<Language> = Vec::new();
    if let Some(node) = table.take("languages") {
        for (tag, node) in reader.texts(node) {
            match Language::parse(tag) {
                Ok(language) if languages.contains(&language) => {
                    let message = format!("the language `{tag}` stands here twice");
                    reader.error(Code::DuplicateId, &node.span, message, None);
                }
                Ok(language) => languages.push(language),
                Err(_) => {
                    let hint = nearest_hint(tag, Language::supported());
                    reader.error(
                        Code::UnknownLanguage,
                        &node.span,
                        format!("`{tag}` is no language that allclear speaks"),
                        hint,
                    );
                }
            }
        }
    }
    if languages.is_empty() {
        languages.extend(Language::parse("en"));
    }
    languages
}

/// The zone: UTC where none is named, `None` where it cannot be read.
fn time_zone(reader: &mut Reader<'_>, table: &mut TableReader<'_>) -> Option<Tz> {
    let Some(node) = table.take("time_zone") else {
        return Some(Tz::UTC);
    };
    let name = reader.text(node)?;
    let zone = time::parse_zone(name);
    if zone.is_none() {
        let message = format!("`{name}` is no time zone");
        let hint = time::zone_hint(name);
        reader.error(Code::UnknownTimeZone, &node.span, message, hint);
    }
    zone
}

/// Reads each table of a list.
fn each<T>(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    key: &'static str,
    what: &'static str,
    mut read: impl FnMut(&mut Reader<'_>, &mut TableReader<'_>) -> Option<T>,
) -> Vec<T> {
    let items = match table.take(key) {
        // One table, written with single brackets.
        Some(node) if matches!(node.value, Value::Table(_)) => {
            let message = format!("this is a table, but `{key}` is a list of tables");
            let hint = format!("write `[[{key}]]`, with two brackets, before each");
            reader.error(Code::WrongType, &node.span, message, hint);
            std::slice::from_ref(node)
        }
        node => node.and_then(|node| reader.list(node)).unwrap_or_default(),
    };
    items
        .iter()
        .filter_map(|item| {
            let mut table = reader.table(item, what)?;
            let value = read(reader, &mut table);
            table.finish(reader);
            value
        })
        .collect()
}

/// The table of a key.
fn section<'n>(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'n>,
    key: &'static str,
    what: &'static str,
) -> Option<TableReader<'n>> {
    let node = table.take(key)?;
    reader.table(node, what)
}

/// An id: small letters, digits, `-` and `_`, so that it reads the same in addresses, in headings'
/// attributes and in other programs.
fn id(reader: &mut Reader<'_>, table: &mut TableReader<'_>) -> Option<Spanned<String>> {
    let (text, node) = table.require_text(reader, "id")?;
    let fits = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_'
    };
    let starts = text
        .as_bytes()
        .first()
        .is_some_and(u8::is_ascii_alphanumeric);
    if !starts || !text.bytes().all(fits) || text.len() > 64 || RESERVED.contains(&text) {
        let message = match text {
            "" => "this id is empty".to_owned(),
            text => format!("`{text}` cannot be an id"),
        };
        let hint = if RESERVED.contains(&text) {
            format!(
                "`{text}` means something else in the heading of an update; choose another word"
            )
        } else {
            "use small letters, digits, `-` and `_`, at most 64, and start with a letter or digit"
                .to_owned()
        };
        reader.error(Code::BadId, &node.span, message, hint);
    }
    Some(node.with(text.to_owned()))
}

/// Attributes of an update's heading that are no component.
const RESERVED: [&str; 1] = ["next"];

/// The name of something, or its id where it has none.
fn name(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    id: Option<&Spanned<String>>,
    languages: &[Language],
) -> Option<LocalizedText> {
    match table.take("name") {
        Some(node) => reader.localized_text(node, languages),
        None => None,
    }
    .or_else(|| id.map(|id| LocalizedText::plain(id.value.clone())))
}

fn group(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    languages: &[Language],
) -> Option<GroupConfig> {
    let id = id(reader, table);
    let name = name(reader, table, id.as_ref(), languages);
    Some(GroupConfig {
        id: id?,
        name: name?,
    })
}

fn component(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    languages: &[Language],
) -> Option<ComponentConfig> {
    let id = id(reader, table);
    let name = name(reader, table, id.as_ref(), languages);
    let description = table
        .take("description")
        .and_then(|node| reader.localized_text(node, languages));
    let group = table
        .text(reader, "group")
        .map(|(text, node)| node.with(text.to_owned()));
    let since = table.take("since").and_then(|node| reader.date(node));
    let mut required = None;
    let mut valid_for = None;
    let mut sources = None;
    if let Some(mut states) = section(reader, table, "states", "`states`") {
        required = states
            .take("required")
            .and_then(|node| reader.boolean(node));
        valid_for = states
            .take("valid_for")
            .and_then(|node| reader.duration(node));
        sources = quorum(reader, &mut states);
        states.finish(reader);
    }
    Some(ComponentConfig {
        id: id?,
        name: name?,
        description,
        group,
        since,
        required,
        valid_for: valid_for.unwrap_or(DEFAULT_VALID_FOR),
        quorum: sources,
    })
}

/// How much the site makes of each rule that it names.
fn rules(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Vec<(Code, RuleLevel)> {
    let Value::Table(entries) = &node.value else {
        reader.wrong_type(node, "a table");
        return Vec::new();
    };
    let known = || Code::ALL.iter().copied().filter(|code| code.is_rule());
    let mut rules = Vec::new();
    for (key, node) in entries {
        let Some(code) = known().find(|code| code.as_str() == key.name) else {
            let message = match Code::ALL.iter().any(|code| code.as_str() == key.name) {
                true => format!("`{}` cannot be set: it is always as it is", key.name),
                false => format!("there is no rule `{}`", key.name),
            };
            let hint = nearest_hint(&key.name, known().map(Code::as_str));
            reader.error(Code::UnknownKey, &key.span, message, hint);
            continue;
        };
        let Some(word) = reader.text(node) else {
            continue;
        };
        match word.parse() {
            Ok(level) => rules.push((code, level)),
            Err(_) => {
                let message = format!("`{word}` is no weight of a rule");
                let hint = "write `error`, `warning` or `off`".to_owned();
                reader.error(Code::OutOfRange, &node.span, message, hint);
            }
        }
    }
    rules
}

/// How many sources must agree.
fn quorum(reader: &mut Reader<'_>, table: &mut TableReader<'_>) -> Option<usize> {
    let node = table.take("quorum")?;
    whole(reader, node, 1, 1000).map(|sources| sources as usize)
}

fn signal(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    languages: &[Language],
) -> Option<SignalConfig> {
    let id = id(reader, table);
    let name = name(reader, table, id.as_ref(), languages);
    let components = table
        .require(reader, "components")
        .map_or_else(Vec::new, |node| reader.texts(node))
        .into_iter()
        .map(|(text, node)| node.with(text.to_owned()))
        .collect();
    let file = table
        .require_text(reader, "file")
        .map(|(text, node)| node.with(Utf8PathBuf::from(text)));
    let unit = table
        .take("unit")
        .and_then(|node| reader.localized_text(node, languages));
    let limit = limit(reader, table);
    let sustained = table.take("for").and_then(|node| reader.duration(node));
    let valid_for = table
        .take("valid_for")
        .and_then(|node| reader.duration(node));
    Some(SignalConfig {
        id: id?,
        name: name?,
        components,
        file,
        unit,
        limit: limit.unwrap_or(Limit::Threshold(f64::INFINITY)),
        sustained: sustained.unwrap_or_default(),
        valid_for: valid_for.unwrap_or(DEFAULT_VALID_FOR),
    })
}

fn limit(reader: &mut Reader<'_>, table: &mut TableReader<'_>) -> Option<Limit> {
    match (table.take("threshold"), table.take("baseline")) {
        (Some(threshold), None) => reader.number(threshold).map(Limit::Threshold),
        (None, Some(baseline)) => {
            let mut table = reader.table(baseline, "`baseline`")?;
            let days = table
                .require(reader, "days")
                .and_then(|node| whole(reader, node, 1, 366));
            let factor = table
                .require(reader, "factor")
                .and_then(|node| between(reader, node, 0.0, 1e9));
            let floor = table
                .require(reader, "floor")
                .and_then(|node| reader.number(node));
            table.finish(reader);
            Some(Limit::Baseline {
                days: days?,
                factor: factor?,
                floor: floor?,
            })
        }
        (found, _) => {
            let message = "a signal needs either `threshold` or `baseline`";
            let (span, hint) = match found {
                Some(node) => (&node.span, "keep one of them"),
                None => (
                    &table.span,
                    "write from where on a value is too high, as `threshold = 500`",
                ),
            };
            reader.error(Code::MissingKey, span, message, hint.to_owned());
            None
        }
    }
}

fn whole(reader: &mut Reader<'_>, node: &Spanned<Value>, least: u32, most: u32) -> Option<u32> {
    let number = between(reader, node, f64::from(least), f64::from(most))?;
    if number.fract() != 0.0 {
        reader.error(
            Code::OutOfRange,
            &node.span,
            format!("{number} is not a whole number"),
            None,
        );
        return None;
    }
    // In range and whole, as was just seen.
    Some(number as u32)
}

fn between(reader: &mut Reader<'_>, node: &Spanned<Value>, least: f64, most: f64) -> Option<f64> {
    let number = reader.number(node)?;
    if (least..=most).contains(&number) {
        return Some(number);
    }
    let message = format!("{number} is not between {least} and {most}");
    reader.error(Code::OutOfRange, &node.span, message, None);
    None
}

fn sources(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    languages: &[Language],
    zone: Tz,
) -> Vec<SourceConfig> {
    let Some(sources) = section(reader, table, "sources", "`sources`") else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for (key, node) in sources.entries() {
        let Some(mut source) = reader.table(node, "a source") else {
            continue;
        };
        let ignore = each(
            reader,
            &mut source,
            "ignore",
            "`ignore`",
            |reader, table| {
                let from = table
                    .require(reader, "from")
                    .and_then(|node| reader.instant(node, zone));
                let until = table
                    .require(reader, "until")
                    .map(|node| (node, reader.instant(node, zone)));
                let reason = table
                    .require(reader, "reason")
                    .and_then(|node| reader.localized_text(node, languages));
                let (node, until) = until?;
                let (from, until) = (from?, until?);
                if until <= from {
                    let message = "this ends before it starts";
                    reader.error(
                        Code::EndsBeforeItStarts,
                        &node.span,
                        message,
                        "`until` must be later than `from`".to_owned(),
                    );
                    return None;
                }
                Some(Silence {
                    from,
                    until,
                    reason: reason?,
                })
            },
        );
        source.finish(reader);
        all.push(SourceConfig {
            name: Spanned {
                value: key.name.clone(),
                span: key.span.clone(),
            },
            ignore,
        });
    }
    all
}

fn weights(reader: &mut Reader<'_>, table: &mut TableReader<'_>) -> Weights {
    let mut weights = Weights::default();
    if let Some(mut uptime) = section(reader, table, "uptime", "`uptime`") {
        if let Some(mut table) = section(reader, &mut uptime, "weights", "`weights`") {
            for (key, weight) in [
                ("major_outage", &mut weights.major_outage),
                ("partial_outage", &mut weights.partial_outage),
                ("degraded_performance", &mut weights.degraded_performance),
            ] {
                if let Some(number) = table
                    .take(key)
                    .and_then(|node| between(reader, node, 0.0, 1.0))
                {
                    *weight = number;
                }
            }
            table.finish(reader);
        }
        uptime.finish(reader);
    }
    weights
}
