//! `theme.toml`: the manifest of a theme, with the options that it offers.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostics, SourceFile, code_list, nearest_hint};
use crate::locale::{Language, LocalizedText};
use crate::syntax::{self, Key, Reader, Spanned, SyntaxFormat, Value};

use super::built_in::BUILT_IN;
use super::color::{Color, LEAST_CONTRAST};

/// The contract between allclear and themes: which templates there are and what they see. It rises
/// when a template that was right for the last one may be wrong.
pub const CONTRACT: i64 = 2;

/// The name of the file, from the theme's folder.
pub const MANIFEST: &str = "theme.toml";

/// The manifest of a theme.
#[derive(Debug, Clone, Default)]
pub struct Manifest {
    /// Its name for people; themes without one go by the name of their folder.
    pub name: Option<String>,
    /// The built-in theme that it extends; the default one where it names none.
    pub extends: Option<String>,
    /// Its options.
    pub options: Vec<ThemeOption>,
}

/// An option of a theme: a value that a site may set.
#[derive(Debug, Clone)]
pub struct ThemeOption {
    /// Its name in `[theme_options]` and in templates.
    pub name: String,
    /// Its purpose, for people.
    pub about: String,
    /// Its type and the values that are allowed.
    pub kind: Kind,
    /// Its value where the site sets none.
    pub default: OptionValue,
}

/// The type of an option, with the values that are allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A colour, or one each for light and dark pages; the style sheet sees it as `var(--NAME)`.
    Color {
        /// The backgrounds on which it must be readable.
        on: Option<Colors>,
    },
    /// Text for readers: a string, or a table by language.
    Text,
    /// A whole number within bounds.
    Number {
        /// The smallest allowed value.
        min: i64,
        /// The largest allowed value.
        max: i64,
    },
    /// `true` or `false`.
    Boolean,
    /// One of these words.
    Choice(Vec<String>),
}

/// A colour for light pages and one for dark ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colors {
    /// The colour for light pages.
    pub light: Color,
    /// The colour for dark pages.
    pub dark: Color,
}

/// The value of an option.
#[derive(Debug, Clone)]
pub enum OptionValue {
    /// The value of a colour option.
    Color(Colors),
    /// The value of a text option.
    Text(LocalizedText),
    /// The value of a number option.
    Number(i64),
    /// The value of a boolean option.
    Boolean(bool),
    /// The value of a choice option.
    Choice(String),
}

/// Reads a theme's `theme.toml`, with every problem reported; `None` where it cannot be used.
pub fn read(file: &Arc<SourceFile>, diagnostics: &mut Diagnostics) -> Option<Manifest> {
    let root = syntax::parse(file, 0..file.text.len(), SyntaxFormat::Toml, diagnostics)?;
    let reader = &mut Reader { file, diagnostics };
    let mut table = reader.table(&root, "the theme")?;
    let name = table.text(reader, "name").map(|(name, _)| name.to_owned());
    if let Some(node) = table.require(reader, "contract")
        && node.value != Value::Integer(CONTRACT)
    {
        let found = &file.text[node.span.clone()];
        let message = format!(
            "this theme is made for contract {found}, but allclear {} speaks contract {CONTRACT}",
            env!("CARGO_PKG_VERSION")
        );
        let changes = match node.value {
            Value::Integer(found) if found < CONTRACT => {
                "the changes are in allclear's CHANGELOG.md, \"For theme authors\", and "
            }
            _ => "",
        };
        let hint = format!(
            "{changes}`allclear theme reference` says what templates see now; fix the theme, then write `contract = {CONTRACT}`"
        );
        reader.error(Code::ThemeContract, &node.span, message, hint);
        return None;
    }
    let extends = table.text(reader, "extends");
    let is_unknown = extends.filter(|(name, _)| !BUILT_IN.contains(name));
    if let Some((name, node)) = is_unknown {
        let message = format!("there is no built-in theme `{name}`");
        let hint = format!("a theme extends one of {}", code_list(&BUILT_IN));
        reader.error(Code::UnknownTheme, &node.span, message, hint);
    }
    let mut options = Vec::new();
    if let Some(node) = table.take("options") {
        match &node.value {
            Value::Table(entries) => {
                options.extend(
                    entries
                        .iter()
                        .filter_map(|(key, node)| option(reader, key, node)),
                );
            }
            _ => reader.wrong_type(node, "a table"),
        }
    }
    table.finish(reader);
    // What is below an unknown theme cannot be said, nor what it lacks.
    is_unknown.is_none().then(|| Manifest {
        name,
        extends: extends.map(|(name, _)| name.to_owned()),
        options,
    })
}

fn option(reader: &mut Reader<'_>, key: &Key, node: &Spanned<Value>) -> Option<ThemeOption> {
    const KINDS: [&str; 5] = ["color", "text", "number", "boolean", "choice"];
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if !key.name.bytes().all(fits) || !key.name.starts_with(|c: char| c.is_ascii_lowercase()) {
        let message = format!("`{}` cannot be the name of an option", key.name);
        let hint = "use small letters, digits and `_`, and start with a letter".to_owned();
        reader.error(Code::BadId, &key.span, message, hint);
        return None;
    }
    let mut table = reader.table(node, "an option")?;
    let about = table.text(reader, "about");
    let about = about.map_or_else(String::new, |(text, _)| text.to_owned());
    let (kind, kind_node) = table.require_text(reader, "type")?;
    let kind = match kind {
        "color" => Kind::Color {
            on: table.take("on").and_then(|node| colors(reader, node)),
        },
        "text" => Kind::Text,
        "number" => {
            let mut bound = |name| {
                let node = table.take(name)?;
                match node.value {
                    Value::Integer(value) => Some(value),
                    _ => {
                        reader.wrong_type(node, "a whole number");
                        None
                    }
                }
            };
            Kind::Number {
                min: bound("min").unwrap_or(0),
                max: bound("max").unwrap_or(i64::MAX),
            }
        }
        "boolean" => Kind::Boolean,
        "choice" => {
            let values = table.require(reader, "values")?;
            let values = reader.texts(values).into_iter();
            Kind::Choice(values.map(|(value, _)| value.to_owned()).collect())
        }
        other => {
            let message = format!("`{other}` is no type of an option");
            let hint = nearest_hint(other, KINDS)
                .unwrap_or_else(|| format!("the types are {}", code_list(&KINDS)));
            reader.error(Code::WrongType, &kind_node.span, message, hint);
            return None;
        }
    };
    // A theme does not know the languages of the site: its own texts are in English.
    let default = table.require(reader, "default");
    let default = default.and_then(|node| value(reader, &kind, node, &[Language::english()]));
    table.finish(reader);
    Some(ThemeOption {
        name: key.name.clone(),
        about,
        kind,
        default: default?,
    })
}

/// One colour for both, or a table of `light` and `dark`.
fn colors(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Option<Colors> {
    if let Value::Text(_) = node.value {
        let color = color(reader, node)?;
        return Some(Colors {
            light: color,
            dark: color,
        });
    }
    let mut table = reader.table(node, "a colour")?;
    let light = table.require(reader, "light");
    let light = light.and_then(|node| color(reader, node));
    let dark = table.require(reader, "dark");
    let dark = dark.and_then(|node| color(reader, node));
    table.finish(reader);
    Some(Colors {
        light: light?,
        dark: dark?,
    })
}

fn color(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Option<Color> {
    let text = reader.text(node)?;
    let color = Color::parse(text);
    if color.is_none() {
        let message = format!("`{text}` is no colour");
        let hint = "write `#rrggbb`, as `#1b4f9c`".to_owned();
        reader.error(Code::BadColor, &node.span, message, hint);
    }
    color
}

/// The value of an option of a kind.
fn value(
    reader: &mut Reader<'_>,
    kind: &Kind,
    node: &Spanned<Value>,
    languages: &[Language],
) -> Option<OptionValue> {
    match kind {
        Kind::Color { on } => {
            let mut colors = colors(reader, node)?;
            match (on, &node.value) {
                // One colour for all pages: where it cannot be read, its nearest shade that can.
                (Some(on), Value::Text(_)) => {
                    colors.light = colors.light.readable_on(on.light);
                    colors.dark = colors.dark.readable_on(on.dark);
                }
                (Some(on), _) => readable(reader, colors, *on, node),
                (None, _) => {}
            }
            Some(OptionValue::Color(colors))
        }
        Kind::Text => reader
            .localized_text(node, languages)
            .map(OptionValue::Text),
        Kind::Number { min, max } => match node.value {
            Value::Integer(value) if (*min..=*max).contains(&value) => {
                Some(OptionValue::Number(value))
            }
            Value::Integer(value) => {
                let message = format!("{value} is out of range");
                let hint = format!("it lies between {min} and {max}");
                reader.error(Code::OutOfRange, &node.span, message, hint);
                None
            }
            _ => {
                reader.wrong_type(node, "a whole number");
                None
            }
        },
        Kind::Boolean => reader.boolean(node).map(OptionValue::Boolean),
        Kind::Choice(values) => {
            let text = reader.text(node)?;
            if values.iter().any(|value| value == text) {
                return Some(OptionValue::Choice(text.to_owned()));
            }
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            let message = format!("`{text}` is not one of {}", code_list(&values));
            let hint = nearest_hint(text, values.iter().copied());
            reader.error(Code::OutOfRange, &node.span, message, hint);
            None
        }
    }
}

/// Reports colours that are hard to read on a theme's backgrounds.
fn readable(reader: &mut Reader<'_>, colors: Colors, on: Colors, node: &Spanned<Value>) {
    let pages = [
        ("light", colors.light, on.light),
        ("dark", colors.dark, on.dark),
    ];
    for (page, color, ground) in pages {
        let contrast = color.contrast(ground);
        if contrast < LEAST_CONTRAST {
            let message = format!(
                "`{color}` can hardly be read on {page} pages: its contrast with `{ground}` is {contrast:.2}, and text needs {LEAST_CONTRAST}"
            );
            let both = match page {
                "light" => [color.readable_on(ground), colors.dark],
                _ => [colors.light, color.readable_on(ground)],
            };
            let hint = format!(
                "`{{ light = \"{}\", dark = \"{}\" }}` would do there",
                both[0], both[1]
            );
            reader.error(Code::LowContrast, &node.span, message, hint);
        }
    }
}

/// The options that a site sets.
pub(super) struct OptionsSet<'a> {
    /// `allclear.toml`.
    pub(super) config: &'a Arc<SourceFile>,
    /// Its `[theme_options]`.
    pub(super) options: &'a [(Key, Spanned<Value>)],
}

/// The value of every option: what the site sets, else the default.
pub(super) fn values(
    options: &[ThemeOption],
    set: OptionsSet<'_>,
    languages: &[Language],
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, OptionValue> {
    let reader = &mut Reader {
        file: set.config,
        diagnostics,
    };
    let mut values: BTreeMap<String, OptionValue> = options
        .iter()
        .map(|option| (option.name.clone(), option.default.clone()))
        .collect();
    for (key, node) in set.options {
        match options.iter().find(|option| option.name == key.name) {
            Some(option) => {
                if let Some(value) = value(reader, &option.kind, node, languages) {
                    values.insert(option.name.clone(), value);
                }
            }
            None => {
                let names: Vec<&str> = options.iter().map(|option| option.name.as_str()).collect();
                let message = format!("the theme has no option `{}`", key.name);
                let hint = nearest_hint(&key.name, names.iter().copied()).unwrap_or_else(|| {
                    match names.as_slice() {
                        [] => "it has no options".to_owned(),
                        names => format!("its options are {}", code_list(names)),
                    }
                });
                reader.error(Code::UnknownKey, &key.span, message, hint);
            }
        }
    }
    values
}
