#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use crate::diagnostic::{Code, Diagnostics, SourceFile};
use crate::locale::{Language, Locale};
use crate::site::channel;
use crate::site::lookup::Directory;
use crate::site::probe::Kind;
use crate::site::read::names::Names;
use crate::site::read::{config, evidence, post};

/// A key that no table has, and that is near to none.
const STRANGE: &str = "qqqqqqqqqqqq";

/// The keys of each kind of table in a schema; those of the whole file by an empty name.
fn tables(schema: &str) -> BTreeMap<String, BTreeSet<String>> {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let keys = |table: &Value| -> Option<BTreeSet<String>> {
        Some(table["properties"].as_object()?.keys().cloned().collect())
    };
    let definitions = schema["definitions"].as_object().unwrap();
    let mut tables: BTreeMap<String, BTreeSet<String>> = definitions
        .iter()
        .filter_map(|(name, table)| Some((name.clone(), keys(table)?)))
        .collect();
    tables.insert(String::new(), keys(&schema).unwrap());
    tables
}

/// The hint of the diagnostic that refuses a key; `None` where nothing does.
fn refusal(diagnostics: &Diagnostics, key: &str) -> Option<String> {
    let quoted = format!("`{key}`");
    let mut refusals = diagnostics
        .iter()
        .filter(|it| it.code == Code::UnknownKey && it.message.contains(&quoted));
    refusals
        .next()
        .map(|it| it.hint.clone().unwrap_or_default())
}

/// Checks that a reader knows these keys and no others. `read` reads a table with one key more.
fn assert_known(table: &str, keys: &BTreeSet<String>, read: impl Fn(&str) -> Diagnostics) {
    assert_eq!(&known(table, keys, read), keys, "{table}");
}

/// Those of these keys that a reader knows, which knows no others. `read` reads a table with one key more.
fn known(
    table: &str,
    keys: &BTreeSet<String>,
    read: impl Fn(&str) -> Diagnostics,
) -> BTreeSet<String> {
    let is_known = |key: &&String| refusal(&read(key), key).is_none();
    let keys: BTreeSet<String> = keys.iter().filter(is_known).cloned().collect();
    // The hint lists the first keys that the reader knows, and says how many more there are.
    let hint = refusal(&read(STRANGE), STRANGE);
    let hint = hint.unwrap_or_else(|| panic!("`{STRANGE}` is a key of {table}"));
    let listed: BTreeSet<String> = hint
        .split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect();
    let more = hint.rsplit_once(" and ").map_or(0, |(_, more)| {
        more.trim_end_matches(" more").parse::<usize>().unwrap()
    });
    assert!(listed.is_subset(&keys), "{table}: {hint}");
    assert_eq!(listed.len() + more, keys.len(), "{table}: {hint}");
    keys
}

/// The file of a text.
fn file(path: &str, text: String) -> Arc<SourceFile> {
    let path = path.into();
    Arc::new(SourceFile { path, text })
}

#[test]
fn the_reader_of_the_site_knows_the_keys_of_its_schema() {
    let cases = [
        ("", ""),
        ("LogoPair", "[logo]"),
        ("Link", "[[links]]"),
        ("Group", "[[groups]]"),
        ("Component", "[[components]]"),
        ("States", "[[components]]\n[components.states]"),
        ("Signal", "[[signals]]"),
        ("Baseline", "[[signals]]\n[signals.baseline]"),
        ("Region", "[[regions]]"),
        ("Reports", "[reports]"),
        ("OwnKind", "[[reports.kinds]]"),
        ("Source", "[sources.x]"),
        ("Silence", "[[sources.x.ignore]]"),
        ("ProbeSettings", "[probe]"),
        ("Quiet", "[[channels]]\n[channels.quiet]"),
        ("Notify", "[notify]"),
        ("Publish", "[publish]"),
        ("Agent", "[agent]"),
        ("Evidence", "[evidence]"),
        ("Uptime", "[uptime]"),
        ("Weights", "[uptime.weights]"),
        ("Api", "[api]"),
        ("Build", "[build]"),
    ];
    let tables = tables(&super::site());
    let mut covered: BTreeSet<&str> = cases.iter().map(|(name, _)| *name).collect();
    covered.extend(OF_PROBES);
    covered.insert("Channel");
    assert_eq!(covered, tables.keys().map(String::as_str).collect());
    for (name, header) in cases {
        assert_known(name, &tables[name], |key| read_site(header, key));
    }
}

/// The tables of which each kind of probe has keys of its own.
const OF_PROBES: [&str; 2] = ["Probe", "Expect"];

/// The diagnostics of a site with a key behind a header.
fn read_site(header: &str, key: &str) -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    let text = format!("{header}\n{key} = 'x'\n");
    config::read(&file("allclear.toml", text), &mut diagnostics);
    diagnostics
}

#[test]
fn the_kinds_of_probes_know_the_keys_of_its_schema() {
    let tables = tables(&super::site());
    let mut of_probe = BTreeSet::new();
    let mut of_expect = BTreeSet::new();
    for (kind, _) in Kind::KEYS {
        let header = format!("[[probes]]\n{kind} = 'x'");
        let keys = known(kind, &tables["Probe"], |key| read_site(&header, key));
        if keys.contains("expect") {
            let header = format!("{header}\n[probes.expect]");
            let keys = known(kind, &tables["Expect"], |key| read_site(&header, key));
            of_expect.extend(keys);
        }
        of_probe.extend(keys);
    }
    assert_eq!(of_probe, tables["Probe"]);
    assert_eq!(of_expect, tables["Expect"]);
}

#[test]
fn the_kinds_of_channels_know_the_keys_of_its_schema() {
    let tables = tables(&super::site());
    let mut of_channel = BTreeSet::new();
    for (kind, _) in channel::Kind::KEYS {
        let header = format!("[[channels]]\n{kind} = '${{X}}'");
        of_channel.extend(known(kind, &tables["Channel"], |key| {
            read_site(&header, key)
        }));
    }
    assert_eq!(of_channel, tables["Channel"]);
}

#[test]
fn the_reader_of_front_matter_knows_the_keys_of_its_schema() {
    let languages = ["en", "ar"].map(|tag| Language::parse(tag).unwrap());
    let locales = languages.each_ref().map(Locale::new);
    let names = Names {
        components: &Directory::new(&[]),
        regions: &Directory::new(&[]),
        signals: &Directory::new(&[]),
        languages: &languages,
        locales: &locales,
        zone: chrono_tz::UTC,
    };
    let cases = [
        ("", "a.md", "@"),
        ("", "a.md", "kind: maintenance\n@"),
        ("", "a.md", "kind: notice\n@"),
        ("", "a.ar.md", "@"),
        ("Correction", "a.md", "corrections: [{ @ }]"),
    ];
    let tables = tables(&super::incident());
    let covered: BTreeSet<&str> = cases.iter().map(|(name, ..)| *name).collect();
    assert_eq!(covered, tables.keys().map(String::as_str).collect());
    for (name, path, head) in cases {
        assert_known(head, &tables[name], |key| {
            let head = head.replace('@', &format!("{key}: x"));
            let text = format!("---\n{head}\n---\n");
            let mut diagnostics = Diagnostics::new();
            post::read(&file(path, text), &names, &mut diagnostics);
            diagnostics
        });
    }
}

#[test]
fn the_readers_of_evidence_know_the_keys_of_its_schema() {
    let tables = tables(&super::evidence());
    let keys = &tables[""];
    for (path, text) in [("a.jsonl", r#"{"@":"x"}"#), ("a.csv", "@\nx\n")] {
        assert_known(path, keys, |key| {
            let file = file(path, text.replace('@', key));
            let mut diagnostics = Diagnostics::new();
            evidence::states(
                &file,
                &Directory::new(&[]),
                chrono_tz::UTC,
                &mut diagnostics,
            );
            diagnostics
        });
    }
}
