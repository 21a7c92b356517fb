//! `allclear theme`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use allclear::diagnostic::{Diagnostics, SourceFile, code_list, nearest, nearest_hint};
use allclear::error::Error;
use allclear::generate;
use allclear::locale::{self, Language};
use allclear::output::pages::reference::reference;
use allclear::site::Site;
use allclear::site::read::Drafts;
use allclear::source::{self, THEMES};
use allclear::theme::{
    BUILT_IN, CONTRACT, Chain, Kind, MANIFEST, Manifest, ThemeOption, base_of, built_in,
    built_in_manifest, chain, manifest,
};
use allclear::write::create;
use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use clap::{Args, Subcommand};

use super::failure::{Failure, bad_argument};
use super::global::Global;
use super::outcome::Outcome;
use super::print::{print, print_document, report_all};

/// Look at themes, start one, or copy a built-in file to change it
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allclear theme new mine
  allclear theme eject templates/headline.html
  allclear theme eject messages/sv.toml")]
pub(crate) struct ThemeArgs {
    #[command(subcommand)]
    command: ThemeCommand,
}

#[derive(Debug, Subcommand)]
enum ThemeCommand {
    /// Start a theme in `themes/NAME`
    New {
        /// Its name
        name: String,
        /// The built-in theme that it changes
        #[arg(long, value_name = "THEME", default_value = BUILT_IN[0])]
        extends: String,
    },
    /// List the themes, and the options of the one in use
    List,
    /// Copy a file of the built-in theme into the site's own, to be changed there
    ///
    /// Without FILE, list all of them. The messages of a language that allclear does not speak are written to be translated.
    Eject {
        /// As `headline.html`, `assets/style.css` or `messages/en.toml`: any name that only one file has
        file: Option<Utf8PathBuf>,
    },
    /// Print what templates see
    Reference,
}

impl ThemeArgs {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Failure> {
        match self.command {
            ThemeCommand::New { name, extends } => new(&name, &extends, global),
            ThemeCommand::List => list(global),
            ThemeCommand::Eject { file } => eject(file, global),
            ThemeCommand::Reference => {
                print_document(&reference());
                Ok(Outcome::Clean)
            }
        }
    }
}

fn new(name: &str, extends: &str, global: &Global) -> Result<Outcome, Failure> {
    let fits =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    if name.is_empty() || !name.bytes().all(fits) || BUILT_IN.contains(&name) {
        return Err(bad_argument(
            format!("`{name}` cannot be the name of a new theme"),
            "use small letters, digits, `-` and `_`, and no built-in theme's name",
        ));
    }
    if !BUILT_IN.contains(&extends) {
        return Err(bad_argument(
            format!("there is no built-in theme `{extends}`"),
            nearest_hint(extends, BUILT_IN)
                .unwrap_or_else(|| format!("they are {}", BUILT_IN.join(", "))),
        ));
    }
    let path = write_manifest(name, extends, global)?.ok_or_else(|| {
        Error::Exists(global.in_site(Utf8Path::new(THEMES).join(name).join(MANIFEST)))
    })?;
    if !global.quiet {
        print(&format!(
            "Wrote {path}. Next:\n  \
             1. Write `theme = \"{name}\"` into `allclear.toml`.\n  \
             2. Run `allclear theme eject` to see which files there are, and eject what you want to change.\n  \
             3. `allclear theme reference` says what templates see.\n"
        ));
    }
    Ok(Outcome::Clean)
}

/// Writes the `theme.toml` of a theme where there is none.
fn write_manifest(
    name: &str,
    extends: &str,
    global: &Global,
) -> Result<Option<Utf8PathBuf>, Failure> {
    let path = Utf8Path::new(THEMES).join(name).join(MANIFEST);
    let target = global.to_write(&path)?;
    if target.exists() {
        return Ok(None);
    }
    let text = format!("name = \"{name}\"\ncontract = {CONTRACT}\nextends = \"{extends}\"\n");
    create(&target, &text)?;
    Ok(Some(global.in_site(path)))
}

/// The site, where enough of it can be read; else what is wrong with it is reported.
fn readable_site(global: &Global) -> Result<Option<Site>, Failure> {
    let mut diagnostics = Diagnostics::new();
    let site = generate::read(&global.site, Drafts::Included, &mut diagnostics)?;
    if site.is_none() {
        report_all(&diagnostics, global);
    }
    Ok(site)
}

/// The `theme.toml` that the site itself has of a theme.
fn own_file(name: &str, global: &Global) -> Result<Option<Arc<SourceFile>>, Failure> {
    let path = Utf8Path::new(THEMES).join(name).join(MANIFEST);
    let text = source::read_text(&global.site, &path)?;
    Ok(text.map(|text| Arc::new(SourceFile { path, text })))
}

/// The manifest of a theme, be it built in or the site's own.
fn manifest_of(
    name: &str,
    global: &Global,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Manifest>, Failure> {
    Ok(match own_file(name, global)? {
        Some(file) => manifest(&file, diagnostics),
        None => built_in_manifest(name, diagnostics),
    })
}

/// The chain of a theme; `None` where there is no such theme, or its manifest cannot be understood.
fn chain_of(
    name: &str,
    global: &Global,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Chain>, Failure> {
    let manifest = match own_file(name, global)? {
        Some(file) => manifest(&file, diagnostics),
        None => BUILT_IN.contains(&name).then(Manifest::default),
    };
    Ok(manifest.and_then(|manifest| chain(name, manifest, diagnostics)))
}

fn list(global: &Global) -> Result<Outcome, Failure> {
    let Some(site) = readable_site(global)? else {
        return Ok(Outcome::Findings);
    };
    let used = site.settings.theme.value.as_str();
    let mut names: BTreeSet<String> = BUILT_IN.map(str::to_owned).into();
    names.extend(source::themes(&global.site)?);
    let width = names.iter().map(String::len).max().unwrap_or(0);
    let mut text = String::new();
    let mut diagnostics = Diagnostics::new();
    for name in &names {
        let manifest = manifest_of(name, global, &mut diagnostics)?;
        let title = manifest.and_then(|manifest| manifest.name);
        let is_own = global.in_site(Utf8Path::new(THEMES).join(name)).is_dir();
        let place = match (BUILT_IN.contains(&name.as_str()), is_own) {
            (true, false) => "built in".to_owned(),
            (true, true) => format!("built in, changed by {THEMES}/{name}"),
            (false, _) => format!("{THEMES}/{name}"),
        };
        let mark = if name == used { "*" } else { " " };
        let title = title.map_or_else(String::new, |title| format!(": {title}"));
        text.push_str(&format!("{mark} {name:width$}  {place}{title}\n"));
    }
    let chain = chain_of(used, global, &mut diagnostics)?;
    let options = chain.map_or_else(Vec::new, |chain| chain.options);
    text.push_str(&options_text(used, &options));
    print(&text);
    Ok(findings(diagnostics, global))
}

/// Reports what is wrong with manifests, where anything is.
fn findings(mut diagnostics: Diagnostics, global: &Global) -> Outcome {
    if diagnostics.is_empty() {
        return Outcome::Clean;
    }
    // The manifest of the theme in use was read twice.
    diagnostics.sort();
    report_all(&diagnostics, global);
    Outcome::Findings
}

/// The options of a theme, each with its kind; nothing where there are none.
fn options_text(theme: &str, options: &[ThemeOption]) -> String {
    let Some(width) = options.iter().map(|option| option.name.len()).max() else {
        return String::new();
    };
    let mut text = format!("\nOptions of `{theme}`, to be set in `[theme_options]`:\n");
    for option in options {
        let kind = match &option.kind {
            Kind::Color { .. } => "a colour, or `{ light, dark }`".to_owned(),
            Kind::Text => "a text".to_owned(),
            Kind::Number { min, max } => format!("a number from {min} to {max}"),
            Kind::Boolean => "true or false".to_owned(),
            Kind::Choice(words) => format!("one of {}", words.join(", ")),
        };
        let ThemeOption { name, about, .. } = option;
        text.push_str(&format!("  {name:width$}  {about} ({kind})\n"));
    }
    text
}

fn eject(file: Option<Utf8PathBuf>, global: &Global) -> Result<Outcome, Failure> {
    let Some(site) = readable_site(global)? else {
        return Ok(Outcome::Findings);
    };
    let used = site.settings.theme.value.as_str();
    let mut files = BTreeMap::new();
    let mut diagnostics = Diagnostics::new();
    let chain = chain_of(used, global, &mut diagnostics)?;
    if !diagnostics.is_empty() {
        return Ok(findings(diagnostics, global));
    }
    let bases = chain.map_or_else(Vec::new, |chain| chain.bases);
    for base in &bases {
        for (path, bytes) in built_in(base) {
            files.entry(path).or_insert(bytes);
        }
    }
    files.remove(Utf8Path::new(MANIFEST));
    for tag in Language::supported() {
        if let Some(text) = locale::built_in_messages(tag) {
            files.insert(format!("messages/{tag}.toml").into(), text.into());
        }
    }
    // Any other language has a file to start from.
    let asked = file.as_deref().and_then(Utf8Path::file_stem);
    if let Some(language) = asked.and_then(|tag| Language::parse(tag).ok())
        && file
            .as_ref()
            .is_some_and(|file| file.extension() == Some("toml"))
    {
        let path = Utf8PathBuf::from(format!("messages/{language}.toml"));
        let start = || locale::table_to_start(&language).into();
        files.entry(path).or_insert_with(start);
    }
    let Some(file) = file else {
        let list = files
            .keys()
            .fold(String::new(), |list, path| format!("{list}{path}\n"));
        print(&list);
        return Ok(Outcome::Clean);
    };
    let file = meant(&file, used, &files)?;
    let bytes = &files[&file];
    let inside = Utf8Path::new(THEMES).join(used).join(&file);
    let (path, target) = (global.in_site(&inside), global.to_write(&inside)?);
    if target.exists() {
        return Err(Error::Exists(path).into());
    }
    let manifest = write_manifest(used, base_of(used), global)?;
    create(&target, &String::from_utf8_lossy(bytes))?;
    if !global.quiet {
        let wrote = manifest.map_or_else(String::new, |manifest| format!("Wrote {manifest}.\n"));
        print(&format!("{wrote}Wrote {path}\n"));
    }
    Ok(Outcome::Clean)
}

/// The file of a theme that a name says: its path in the theme or in the site, or an end of it, with its extension or
/// without.
fn meant(
    asked: &Utf8Path,
    theme: &str,
    files: &BTreeMap<Utf8PathBuf, Vec<u8>>,
) -> Result<Utf8PathBuf, Failure> {
    let asked: Utf8PathBuf = (asked.components())
        .filter(|part| *part != Utf8Component::CurDir)
        .collect();
    let folder = Utf8Path::new(THEMES).join(theme);
    let inside = asked.strip_prefix(folder).unwrap_or(&asked);
    if files.contains_key(inside) {
        return Ok(inside.to_owned());
    }
    let ends = files.keys().filter(|path| path.ends_with(inside));
    let mut found: Vec<&str> = ends.map(|path| path.as_str()).collect();
    if found.is_empty() {
        let stems = files
            .keys()
            .filter(|path| path.with_extension("").ends_with(inside));
        found = stems.map(|path| path.as_str()).collect();
    }
    match found.as_slice() {
        [only] => Ok(Utf8PathBuf::from(*only)),
        [] => {
            let name = inside.file_name().unwrap_or_default();
            let names = files.keys().filter_map(|path| path.file_name());
            let of_name = |near: &str| files.keys().find(|path| path.file_name() == Some(near));
            let near = nearest(inside.as_str(), files.keys().map(|path| path.as_str()))
                .or_else(|| Some(of_name(nearest(name, names)?)?.as_str()));
            Err(bad_argument(
                format!("the theme has no file `{asked}`"),
                near.map_or_else(
                    || "`allclear theme eject` lists all of them".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                ),
            ))
        }
        several => Err(bad_argument(
            format!("the theme has several files `{asked}`"),
            format!("they are {}", code_list(several)),
        )),
    }
}
