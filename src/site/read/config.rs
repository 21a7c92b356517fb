//! Reading `allclear.toml`, with every problem reported.

use std::sync::Arc;

use chrono_tz::Tz;

use self::agent::agent;
use self::channel::{channel, notify_settings};
use self::entry::{component, group, sources};
use self::field::each;
use self::probe::{no_file_of_a_signal, probe, probe_settings};
use self::publish::publish;
use self::reports::{region, reports};
use self::setting::{
    base_url, build, evidence, languages, maintenance_indicator, rules, theme, theme_options,
    time_zone, weights,
};
use self::signal::signal;
use super::logo_and_links::{link, logo};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, SourceFile};
use crate::locale::LocalizedText;
use crate::site::BaseUrl;
use crate::site::config::{Config, Settings};
use crate::syntax::{self, Reader, SyntaxFormat};

mod agent;
mod channel;
mod entry;
mod field;
mod probe;
mod publish;
mod reports;
mod setting;
mod signal;

/// Reads `allclear.toml`.
///
/// Reports what it cannot read and substitutes a harmless value, so that a problem here does not give
/// others elsewhere: a site with an error is never published. Returns `None`, with diagnostics, where
/// nothing else of the site can be understood without what is missing.
pub fn read(file: &Arc<SourceFile>, diagnostics: &mut Diagnostics) -> Option<Config> {
    let root = syntax::parse(file, 0..file.text.len(), SyntaxFormat::Toml, diagnostics)?;
    let reader = &mut Reader { file, diagnostics };
    let mut table = reader.table(&root, "the site")?;

    // In this order a hint lists the keys.
    let languages = languages(reader, &mut table);
    let time_zone = time_zone(reader, &mut table);
    let title = table
        .require(reader, "title")
        .and_then(|node| reader.localized_text(node, &languages));
    let base_url = base_url(reader, &mut table);
    let theme = theme(reader, &mut table);
    let theme_options = theme_options(reader, &mut table);
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
    let regions = each(
        reader,
        &mut table,
        "regions",
        "a region",
        |reader, table| region(reader, table, &languages),
    );
    let sources = sources(reader, &mut table, &languages, zone);
    let reports = reports(reader, &mut table, &languages, base_url.as_ref());
    let probes = each(reader, &mut table, "probes", "a probe", probe);
    no_file_of_a_signal(reader, &probes, &signals);
    let probe = probe_settings(reader, &mut table);
    let channels = each(
        reader,
        &mut table,
        "channels",
        "a channel",
        |reader, table| channel(reader, table, &languages),
    );
    let notify = notify_settings(reader, &mut table);
    let agent = agent(reader, &mut table);
    let publish_to = publish(reader, &mut table);
    let evidence = evidence(reader, &mut table);
    let weights = weights(reader, &mut table);
    let mut build = build(reader, &mut table);
    build.publishes_evidence = evidence.is_published;
    build.maintenance_indicator = maintenance_indicator(reader, &mut table);
    let rules = table
        .take("check")
        .map_or_else(Vec::new, |node| rules(reader, node));
    let known = table.known().to_vec();
    table.finish(reader);
    reader
        .diagnostics
        .better_hints(|found| hint_of_misplaced(found, &known));

    // What is missing has been reported. The rest of the site is read all the same, so that its
    // problems are reported too.
    Some(Config {
        settings: Settings {
            title: title.unwrap_or_else(|| LocalizedText::plain(String::new())),
            base_url: base_url.or_else(|| BaseUrl::parse("https://status.example.com/").ok())?,
            languages,
            time_zone: time_zone?,
            theme,
            theme_options,
            logo,
            weights,
            build,
            probe,
            notify,
            reports,
            agent,
            publish_to,
            rules,
        },
        groups,
        components,
        signals,
        regions,
        links,
        sources,
        probes,
        channels,
        quorum: evidence.quorum.unwrap_or(1),
    })
}

/// What to do about a key of the site in a table of something else, as TOML has it of every line below that table's head.
fn hint_of_misplaced(found: &Diagnostic, known: &[&str]) -> Option<String> {
    let key = found.location.place()?.text();
    // Other tables have a `name`, which people call a title.
    let is_of_site = found.code == Code::UnknownKey && key != "title" && known.contains(&key);
    let is_near_another = found.hint.as_ref()?.starts_with("did you mean");
    (is_of_site && !is_near_another).then(|| {
        format!("`{key}` is a key of the site: write it above the first line in square brackets")
    })
}
