//! The `[[channels]]` and the `[notify]` table of `allclear.toml`.

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use chrono::NaiveTime;

use super::field::{section, whole};
use super::publish::place;
use super::setting::truth;
use crate::diagnostic::{Code, nearest_hint};
use crate::fetch::Networks;
use crate::locale::{Language, LanguageIndex};
use crate::site::channel::{Audience, Channel, Kind, NotifySettings, Quiet};
use crate::site::config::ChannelConfig;
use crate::site::vocabulary::{Impact, PostKind, Word as _};
use crate::syntax::{Reader, Spanned, TableReader, Value};

/// How many messages a run may send over a channel at most.
const MOST: u32 = 10_000;

pub(super) fn channel(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    languages: &[Language],
) -> Option<ChannelConfig> {
    let name = name(reader, table);
    let kind = kind(reader, table);
    let components = table.take("components").map(|node| {
        let texts = reader.texts(node).into_iter();
        texts
            .map(|(text, node)| node.with(text.to_owned()))
            .collect()
    });
    let kinds = table.take("kinds").map(|node| kinds(reader, node));
    let impact = table
        .take("impact")
        .and_then(|node| word::<Impact>(reader, node, "impact"));
    let language = table
        .take("language")
        .and_then(|node| language(reader, node, languages));
    let quiet = table.take("quiet").and_then(|node| quiet(reader, node));
    let template = table
        .take("template")
        .and_then(|node| template(reader, node));
    let mut is_for_operators = false;
    truth(reader, table, "operators", &mut is_for_operators);
    let (key, kind) = kind?;
    Some(ChannelConfig {
        components,
        channel: Channel {
            name: name.unwrap_or_else(|| key.to_owned()),
            kind,
            components: None,
            kinds: kinds.unwrap_or_else(all_kinds),
            impact: impact.unwrap_or(Impact::None),
            language: language.unwrap_or(LanguageIndex(0)),
            quiet,
            template,
            audience: match is_for_operators {
                true => Audience::Operators,
                false => Audience::Subscribers,
            },
            place: reader.place(&table.span),
        },
    })
}

/// All kinds of posts.
fn all_kinds() -> Vec<PostKind> {
    PostKind::words().filter_map(PostKind::parse).collect()
}

/// The name: it stands in arguments and in the ledger.
fn name(reader: &mut Reader<'_>, table: &mut TableReader<'_>) -> Option<String> {
    let (text, node) = table.text(reader, "name")?;
    let name = text.trim();
    if name.is_empty() || name.chars().any(char::is_control) || name.starts_with('-') {
        let message = format!("`{name}` cannot be the name of a channel");
        let hint = "name whom it reaches, as `customers`".to_owned();
        reader.error(Code::BadChannel, &node.span, message, hint);
        return None;
    }
    Some(name.to_owned())
}

/// The kind, by the one key that names it.
fn kind(reader: &mut Reader<'_>, table: &mut TableReader<'_>) -> Option<(&'static str, Kind)> {
    let (mut found, mut names) = (Vec::new(), Vec::new());
    for (key, read) in Kind::KEYS {
        if let Some(node) = table.take(key) {
            found.push((node, read));
            names.push(*key);
        }
    }
    if let ([(node, read)], [key]) = (&found[..], &names[..]) {
        return read(reader, table, node).map(|kind| (*key, kind));
    }
    let what_to_do = match names.is_empty() {
        true => "write one of",
        false => "keep one of",
    };
    if names.is_empty() {
        names.extend(Kind::KEYS.iter().map(|(key, _)| *key));
    }
    let keys: Vec<String> = names.iter().map(|key| format!("`{key}`")).collect();
    let message = "a channel is of exactly one kind";
    let hint = format!("{what_to_do} {}", keys.join(", "));
    let span = found.get(1).map_or(&table.span, |(node, _)| &node.span);
    reader.error(Code::BadChannel, span, message, hint);
    None
}

/// The kinds of posts of a list.
fn kinds(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Vec<PostKind> {
    let before = reader.diagnostics.errors();
    let mut kinds = Vec::new();
    for (text, node) in reader.texts(node) {
        match known::<PostKind>(reader, text, node, "kind") {
            Some(kind) if kinds.contains(&kind) => {
                let message = format!("the kind `{text}` stands here twice");
                reader.error(Code::DuplicateId, &node.span, message, None);
            }
            kind => kinds.extend(kind),
        }
    }
    if kinds.is_empty() && reader.diagnostics.errors() == before {
        let message = "a channel for no kind is told nothing";
        let hint = "name a kind, or leave the key out: then it is told all".to_owned();
        reader.error(Code::BadChannel, &node.span, message, hint);
    }
    kinds
}

/// The word of a closed vocabulary.
fn word<W>(reader: &mut Reader<'_>, node: &Spanned<Value>, what: &str) -> Option<W>
where
    W: crate::site::vocabulary::Word + std::str::FromStr + strum::VariantArray,
{
    let text = reader.text(node)?;
    known(reader, text, node, what)
}

fn known<W>(reader: &mut Reader<'_>, text: &str, node: &Spanned<Value>, what: &str) -> Option<W>
where
    W: crate::site::vocabulary::Word + std::str::FromStr + strum::VariantArray,
{
    let word = W::parse(text);
    if word.is_none() {
        let words: Vec<String> = W::words().map(|it| format!("`{it}`")).collect();
        let hint = nearest_hint(text, W::words())
            .unwrap_or_else(|| format!("write one of {}", words.join(", ")));
        let message = format!("`{text}` is no {what}");
        reader.error(Code::BadChannel, &node.span, message, hint);
    }
    word
}

/// One of the site's languages.
fn language(
    reader: &mut Reader<'_>,
    node: &Spanned<Value>,
    languages: &[Language],
) -> Option<LanguageIndex> {
    let tag = reader.text(node)?;
    let index = Language::parse(tag)
        .ok()
        .and_then(|wanted| languages.iter().position(|it| *it == wanted));
    if index.is_none() {
        let tags: Vec<String> = languages.iter().map(|it| format!("`{it}`")).collect();
        let message = format!("`{tag}` is no language of this site");
        let hint = format!("its `languages` are {}", tags.join(", "));
        reader.error(Code::UnknownLanguage, &node.span, message, hint);
    }
    index.map(LanguageIndex)
}

/// The hours in which news of maintenance wait.
fn quiet(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Option<Quiet> {
    let mut table = reader.table(node, "`quiet`")?;
    let from = clock(reader, &mut table, "from");
    let to = clock(reader, &mut table, "to");
    table.finish(reader);
    let (from, to) = (from?, to?);
    if from == to {
        let message = "these hours never begin, or never end";
        let hint = "write when they begin and end, as `{ from = \"22:00\", to = \"07:00\" }`";
        reader.error(Code::BadChannel, &node.span, message, hint.to_owned());
        return None;
    }
    Some(Quiet { from, to })
}

/// A time of the day, as `22:00`.
fn clock(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    key: &'static str,
) -> Option<NaiveTime> {
    let (text, node) = table.require_text(reader, key)?;
    let time = NaiveTime::parse_from_str(text.trim(), "%H:%M").ok();
    if time.is_none() {
        let message = format!("`{text}` is no time of the day");
        let hint = "write hours and minutes, as `22:00`".to_owned();
        reader.error(Code::BadTime, &node.span, message, hint);
    }
    time
}

/// The path of a template inside of the site.
fn template(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Option<Spanned<Utf8PathBuf>> {
    let text = reader.text(node)?;
    let path = Utf8Path::new(text);
    let is_inside = path
        .components()
        .all(|part| matches!(part, Utf8Component::Normal(_)));
    if text.is_empty() || !is_inside || text.contains('\\') {
        let message = format!("`{text}` is no path of a file of this site");
        let hint = "write its path from the site's folder, as `notify/customers.txt`".to_owned();
        reader.error(Code::OutsideSite, &node.span, message, hint);
        return None;
    }
    Some(node.with(path.to_owned()))
}

/// The `[notify]` table.
pub(super) fn notify_settings(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
) -> NotifySettings {
    let mut settings = NotifySettings::default();
    let Some(mut table) = section(reader, table, "notify", "`notify`") else {
        return settings;
    };
    settings.ledger = table.take("ledger").and_then(|node| place(reader, node));
    if let Some(most) = table
        .take("most")
        .and_then(|node| whole(reader, node, 1, MOST))
    {
        settings.most = most as usize;
    }
    let mut is_private = false;
    truth(reader, &mut table, "private", &mut is_private);
    if is_private {
        settings.networks = Networks::All;
    }
    table.finish(reader);
    settings
}
