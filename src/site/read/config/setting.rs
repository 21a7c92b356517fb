//! The settings of `allclear.toml`, each with what stands in for it where it is missing.

use camino::{Utf8Component, Utf8Path};
use chrono_tz::Tz;

use super::field::{between, quorum, section};
use crate::diagnostic::{Code, RuleLevel, nearest, nearest_hint};
use crate::locale::Language;
use crate::site::BaseUrl;
use crate::site::config::{Build, Weights};
use crate::site::vocabulary::{FormatName, Word as _};
use crate::syntax::{Key, Reader, Spanned, TableReader, Value};
use crate::time;

/// The languages; English where none is named or none can be read.
pub(super) fn languages(reader: &mut Reader<'_>, table: &mut TableReader<'_>) -> Vec<Language> {
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
pub(super) fn time_zone(reader: &mut Reader<'_>, table: &mut TableReader<'_>) -> Option<Tz> {
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

/// Where the site is published.
pub(super) fn base_url(reader: &mut Reader<'_>, table: &mut TableReader<'_>) -> Option<BaseUrl> {
    let (text, node) = table.require_text(reader, "base_url")?;
    match BaseUrl::parse(text) {
        Ok(base_url) => Some(base_url),
        Err(error) => {
            let message = format!("`{text}` is no address for a site: {error}");
            let hint = "write the whole address of the page, as `https://status.example.com/`";
            reader.error(Code::BadUrl, &node.span, message, hint.to_owned());
            None
        }
    }
}

/// The name of the theme; `default` where none is named.
pub(super) fn theme(reader: &mut Reader<'_>, table: &mut TableReader<'_>) -> Spanned<String> {
    const DEFAULT: &str = "default";
    let Some((name, node)) = table.text(reader, "theme") else {
        return Spanned {
            value: DEFAULT.to_owned(),
            span: 0..0,
        };
    };
    let mut parts = Utf8Path::new(name).components();
    let is_name = matches!(parts.next(), Some(Utf8Component::Normal(part)) if part == name)
        && !name.contains('\\');
    if is_name {
        return node.with(name.to_owned());
    }
    let message = format!("`{name}` is no name of a theme");
    let hint = "write the name of its folder in `themes/`, as `theme = \"mine\"`";
    reader.error(Code::OutsideSite, &node.span, message, hint.to_owned());
    node.with(DEFAULT.to_owned())
}

/// The options of the theme.
pub(super) fn theme_options(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
) -> Vec<(Key, Spanned<Value>)> {
    let Some(node) = table.take("theme_options") else {
        return Vec::new();
    };
    match &node.value {
        Value::Table(entries) => entries.clone(),
        _ => {
            reader.wrong_type(node, "a table");
            Vec::new()
        }
    }
}

pub(super) fn weights(reader: &mut Reader<'_>, table: &mut TableReader<'_>) -> Weights {
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

/// How the site is built; what other tables say of publishing is as it is by default.
pub(super) fn build(reader: &mut Reader<'_>, table: &mut TableReader<'_>) -> Build {
    let mut build = Build::default();
    let Some(mut table) = section(reader, table, "build", "`build`") else {
        return build;
    };
    build.expected_every = table
        .take("expected_every")
        .and_then(|node| reader.duration(node));
    truth(reader, &mut table, "index", &mut build.index);
    truth(reader, &mut table, "precompress", &mut build.precompress);
    if let Some(node) = table.take("formats") {
        build.formats = formats(reader, node);
    }
    table.finish(reader);
    build
}

/// Puts the truth that a key has, if it is there, in the place of what holds by default.
pub(super) fn truth(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    key: &'static str,
    value: &mut bool,
) {
    if let Some(said) = table.take(key).and_then(|node| reader.boolean(node)) {
        *value = said;
    }
}

/// The settings of the table `evidence`.
pub(super) struct EvidenceSettings {
    /// How many sources must agree, where that is said.
    pub(super) quorum: Option<usize>,
    /// Whether the component states are published.
    pub(super) is_published: bool,
}

/// How evidence is weighed, and whether it is published.
pub(super) fn evidence(reader: &mut Reader<'_>, table: &mut TableReader<'_>) -> EvidenceSettings {
    let mut settings = EvidenceSettings {
        quorum: None,
        is_published: true,
    };
    if let Some(mut evidence) = section(reader, table, "evidence", "`evidence`") {
        settings.quorum = quorum(reader, &mut evidence);
        truth(reader, &mut evidence, "publish", &mut settings.is_published);
        evidence.finish(reader);
    }
    settings
}

/// Whether the API may say `maintenance`.
pub(super) fn maintenance_indicator(reader: &mut Reader<'_>, table: &mut TableReader<'_>) -> bool {
    let mut is_said = false;
    if let Some(mut api) = section(reader, table, "api", "`api`") {
        truth(reader, &mut api, "maintenance_indicator", &mut is_said);
        api.finish(reader);
    }
    is_said
}

/// The formats of a list.
fn formats(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Vec<FormatName> {
    let mut formats = Vec::new();
    for (word, node) in reader.texts(node) {
        match FormatName::parse(word) {
            Some(format) if formats.contains(&format) => {
                let message = format!("the format `{word}` stands here twice");
                reader.error(Code::DuplicateId, &node.span, message, None);
            }
            Some(format) => formats.push(format),
            None => {
                let names: Vec<String> = FormatName::words().map(|it| format!("`{it}`")).collect();
                let hint = nearest_hint(word, FormatName::words())
                    .unwrap_or_else(|| format!("the formats are {}", names.join(", ")));
                let message = format!("`{word}` is no format that allclear publishes");
                reader.error(Code::UnknownFormat, &node.span, message, hint);
            }
        }
    }
    formats
}

/// The hint that names every rule: nobody can guess those that a shorter list leaves out.
fn all_rules() -> String {
    let rules = Code::ALL.iter().filter(|code| code.is_rule());
    let names: Vec<String> = rules.map(|code| format!("`{}`", code.as_str())).collect();
    format!("the rules are {}", names.join(", "))
}

/// The level of each rule that the site names.
pub(super) fn rules(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Vec<(Code, RuleLevel)> {
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
            let hint = nearest(&key.name, known().map(Code::as_str));
            let hint = hint.map_or_else(all_rules, |near| format!("did you mean `{near}`?"));
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
