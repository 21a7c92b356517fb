//! `allclear theme`.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

use allclear::diagnostic::{Diagnostics, SourceFile, nearest_hint};
use allclear::error::Error;
use allclear::locale::{self, Language};
use allclear::output::pages::reference::reference;
use allclear::site::Site;
use allclear::site::read::Drafts;
use allclear::source::THEMES;
use allclear::theme::{BUILT_IN, CONTRACT, Kind, MANIFEST, Manifest, built_in, manifest};
use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, Subcommand};

use super::{Global, Outcome, answer, bad_argument, create_new};

/// Look at themes, start one, or copy a built-in file to change it
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allclear theme new mine
  allclear theme eject templates/headline.html")]
pub(crate) struct Theme {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
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
    /// Without FILE, list all of them.
    Eject {
        /// As `templates/headline.html`, `assets/style.css` or `messages/en.toml`
        file: Option<Utf8PathBuf>,
    },
    /// Print what templates see
    Reference,
}

impl Theme {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Error> {
        match self.command {
            Command::New { name, extends } => new(&name, &extends, global),
            Command::List => list(global),
            Command::Eject { file } => eject(file, global),
            Command::Reference => {
                answer(&reference());
                Ok(Outcome::Clean)
            }
        }
    }
}

fn new(name: &str, extends: &str, global: &Global) -> Result<Outcome, Error> {
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
        answer(&format!(
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
) -> Result<Option<Utf8PathBuf>, Error> {
    let folder = global.in_site(Utf8Path::new(THEMES).join(name));
    let path = folder.join(MANIFEST);
    if path.exists() {
        return Ok(None);
    }
    fs::create_dir_all(&folder).map_err(Error::io("make", &folder))?;
    let text = format!("name = \"{name}\"\ncontract = {CONTRACT}\nextends = \"{extends}\"\n");
    create_new(&path, &text)?;
    Ok(Some(path))
}

fn site(global: &Global) -> Result<Option<Site>, Error> {
    let (site, diagnostics) = allclear::generate::read(&global.site, Drafts::Included)?;
    if site.is_none() {
        super::tell_all(&diagnostics, global);
    }
    Ok(site)
}

/// What a theme says of itself, be it built in or the site's own.
fn manifest_of(name: &str, global: &Global) -> Option<Manifest> {
    let inside = Utf8Path::new(THEMES).join(name).join(MANIFEST);
    let own = fs::read(global.in_site(&inside)).ok();
    let bytes = own.or_else(|| built_in(name).remove(Utf8Path::new(MANIFEST)))?;
    let text = String::from_utf8(bytes).ok()?;
    let file = Arc::new(SourceFile { path: inside, text });
    manifest(&file, &mut Diagnostics::new())
}

/// A theme and the built-in ones below it, the nearest first.
fn chain(name: &str, global: &Global) -> Vec<(String, Manifest)> {
    let mut chain: Vec<(String, Manifest)> = Vec::new();
    let mut next = Some(name.to_owned());
    while let Some(name) = next.take() {
        let Some(manifest) = manifest_of(&name, global) else {
            break;
        };
        next = manifest
            .extends
            .clone()
            .or_else(|| (!BUILT_IN.contains(&name.as_str())).then(|| BUILT_IN[0].to_owned()));
        next = next.filter(|next| chain.iter().all(|(known, _)| known != next) && *next != name);
        chain.push((name, manifest));
    }
    chain
}

fn list(global: &Global) -> Result<Outcome, Error> {
    let Some(site) = site(global)? else {
        return Ok(Outcome::Findings);
    };
    let used = site.settings.theme.value.as_str();
    let mut names: BTreeSet<String> = BUILT_IN.map(str::to_owned).into();
    let folders = fs::read_dir(global.in_site(THEMES))
        .into_iter()
        .flatten()
        .flatten();
    names.extend(folders.filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        (entry.path().is_dir() && !name.starts_with('.')).then_some(name)
    }));
    let width = names.iter().map(String::len).max().unwrap_or(0);
    let mut text = String::new();
    for name in &names {
        let title = manifest_of(name, global).and_then(|manifest| manifest.name);
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
    let mut options: Vec<_> = Vec::new();
    for (_, manifest) in chain(used, global) {
        for option in manifest.options {
            if options
                .iter()
                .all(|known: &allclear::theme::ThemeOption| known.name != option.name)
            {
                options.push(option);
            }
        }
    }
    if !options.is_empty() {
        text.push_str(&format!(
            "\nOptions of `{used}`, to be set in `[theme_options]`:\n"
        ));
        let width = options
            .iter()
            .map(|option| option.name.len())
            .max()
            .unwrap_or(0);
        for option in options {
            let kind = match option.kind {
                Kind::Color { .. } => "a colour, or `{ light, dark }`".to_owned(),
                Kind::Text => "a text".to_owned(),
                Kind::Number { min, max } => format!("a number from {min} to {max}"),
                Kind::Boolean => "true or false".to_owned(),
                Kind::Choice(words) => format!("one of {}", words.join(", ")),
            };
            text.push_str(&format!(
                "  {:width$}  {} ({kind})\n",
                option.name, option.about
            ));
        }
    }
    answer(&text);
    Ok(Outcome::Clean)
}

fn eject(file: Option<Utf8PathBuf>, global: &Global) -> Result<Outcome, Error> {
    let Some(site) = site(global)? else {
        return Ok(Outcome::Findings);
    };
    let used = site.settings.theme.value.as_str();
    let mut files = std::collections::BTreeMap::new();
    for (name, _) in chain(used, global) {
        for (path, bytes) in built_in(&name) {
            files.entry(path).or_insert(bytes);
        }
    }
    files.remove(Utf8Path::new(MANIFEST));
    for tag in Language::supported() {
        if let Some(text) = locale::built_in_messages(tag) {
            files.insert(format!("messages/{tag}.toml").into(), text.into());
        }
    }
    let Some(file) = file else {
        let list = files
            .keys()
            .fold(String::new(), |list, path| format!("{list}{path}\n"));
        answer(&list);
        return Ok(Outcome::Clean);
    };
    let Some(bytes) = files.get(&file) else {
        return Err(bad_argument(
            format!("the theme has no file `{file}`"),
            nearest_hint(file.as_str(), files.keys().map(|path| path.as_str()))
                .unwrap_or_else(|| "`allclear theme eject` lists all of them".to_owned()),
        ));
    };
    let path = global.in_site(Utf8Path::new(THEMES).join(used).join(&file));
    if path.exists() {
        return Err(Error::Exists(path));
    }
    // A theme by a built-in one's name changes that one.
    let extends = if BUILT_IN.contains(&used) {
        used
    } else {
        BUILT_IN[0]
    };
    let manifest = write_manifest(used, extends, global)?;
    let folder = path.parent().unwrap_or(&path);
    fs::create_dir_all(folder).map_err(Error::io("make", folder))?;
    create_new(&path, &String::from_utf8_lossy(bytes))?;
    if !global.quiet {
        let wrote = manifest.map_or_else(String::new, |manifest| format!("Wrote {manifest}.\n"));
        answer(&format!("{wrote}Wrote {path}\n"));
    }
    Ok(Outcome::Clean)
}
