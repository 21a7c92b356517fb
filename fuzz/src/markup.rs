//! A strict reader of markup: what it takes, every browser and every feed reader takes in the same way.

/// The kind of a document, which says what it may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Markup {
    /// A part of a page: what an author wrote, as HTML.
    Body,
    /// A whole page.
    Page,
    /// XML: a feed, a picture.
    Xml,
}

/// Elements without an end.
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr", "param",
];

/// Elements that never come from what an author wrote.
const NEVER_IN_BODIES: [&str; 18] = [
    "script", "style", "iframe", "object", "embed", "form", "link", "meta", "base", "svg", "math",
    "template", "video", "audio", "textarea", "title", "frame", "noscript",
];

/// Asserts that a document is well formed, and that nothing in it is executed or leads to what is.
pub fn assert_sound(text: &str, kind: Markup) {
    if let Err(fault) = check(text, kind) {
        panic!("{fault}\n{text}");
    }
}

fn check(text: &str, kind: Markup) -> Result<(), String> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        references(&rest[..at], kind)?;
        rest = &rest[at..];
        if kind != Markup::Body
            && let Some(after) = skipped(rest)
        {
            rest = after;
        } else if let Some(end) = rest.strip_prefix("</") {
            let (name, after) = end.split_once('>').ok_or("an end without `>`")?;
            let expected = open.pop();
            if expected != Some(name) {
                return Err(format!("`</{name}>` where {expected:?} is open"));
            }
            rest = after;
        } else {
            let tag = Tag::read(&rest[1..], kind)?;
            rest = tag.after;
            if kind != Markup::Xml && ["script", "style"].contains(&tag.name) {
                let (_, after) = rest
                    .split_once(&format!("</{}>", tag.name))
                    .ok_or("raw text without an end")?;
                rest = after;
            } else if !tag.is_closed && (kind == Markup::Xml || !VOID.contains(&tag.name)) {
                open.push(tag.name);
            }
        }
    }
    references(rest, kind)?;
    match open.is_empty() {
        true => Ok(()),
        false => Err(format!("still open: {open:?}")),
    }
}

/// What follows a comment, a document type or an instruction.
fn skipped(rest: &str) -> Option<&str> {
    let end = match rest {
        _ if rest.starts_with("<!--") => "-->",
        _ if rest.starts_with("<![CDATA[") => "]]>",
        _ if rest.starts_with("<?") => "?>",
        _ if rest.starts_with("<!") => ">",
        _ => return None,
    };
    rest.split_once(end).map(|(_, after)| after)
}

/// The start of an element.
struct Tag<'a> {
    name: &'a str,
    is_closed: bool,
    after: &'a str,
}

impl<'a> Tag<'a> {
    /// Reads a tag after its `<`.
    fn read(text: &'a str, kind: Markup) -> Result<Self, String> {
        let (name, mut rest) = text.split_at(name_length(text));
        if name.is_empty() {
            let shown: String = text.chars().take(40).collect();
            return Err(format!("a `<` that begins nothing: {shown}"));
        }
        if kind == Markup::Body && NEVER_IN_BODIES.contains(&name.to_ascii_lowercase().as_str()) {
            return Err(format!("<{name}> in a body"));
        }
        loop {
            let trimmed = rest.trim_ascii_start();
            if let Some(after) = trimmed.strip_prefix('>') {
                return Ok(Self {
                    name,
                    is_closed: false,
                    after,
                });
            }
            if let Some(after) = trimmed.strip_prefix("/>") {
                return Ok(Self {
                    name,
                    is_closed: true,
                    after,
                });
            }
            if trimmed.len() == rest.len() {
                return Err(format!("<{name} is not followed by white space or `>`"));
            }
            let (attribute, after) = trimmed.split_at(name_length(trimmed));
            let (value, after) = match after.strip_prefix("=\"") {
                Some(quoted) => quoted.split_once('"').ok_or("a value without an end")?,
                None if kind == Markup::Xml => {
                    return Err(format!("`{attribute}` without a value"));
                }
                None => ("", after),
            };
            if attribute.is_empty() {
                return Err(format!("<{name} has an attribute without a name"));
            }
            is_harmless(attribute, value, kind)?;
            rest = after;
        }
    }
}

/// How many bytes of a text are a name.
fn name_length(text: &str) -> usize {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_:.".contains(byte);
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic());
    if starts {
        text.bytes().take_while(is_name).count()
    } else {
        0
    }
}

fn is_harmless(attribute: &str, value: &str, kind: Markup) -> Result<(), String> {
    references(value, kind)?;
    let name = attribute.to_ascii_lowercase();
    if kind == Markup::Body
        && (name.starts_with("on") || ["style", "srcdoc"].contains(&name.as_str()))
        || kind != Markup::Body && name.starts_with("on")
    {
        return Err(format!("the attribute `{attribute}`"));
    }
    let is_address = [
        "href",
        "src",
        "action",
        "formaction",
        "xlink:href",
        "poster",
        "data",
    ];
    if is_address.contains(&name.as_str()) && !is_safe_address(value) {
        return Err(format!("`{attribute}` leads to {value:?}"));
    }
    Ok(())
}

/// Whether no browser takes an address for code. Browsers drop tabs, line ends and the controls at the start.
fn is_safe_address(value: &str) -> bool {
    let plain = value
        .replace("&amp;", "&")
        .replace("&#x3a;", ":")
        .replace("&#58;", ":")
        .replace("&colon;", ":");
    let seen: String = plain
        .chars()
        .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
        .collect();
    let seen = seen.trim_start_matches(|c| c <= ' ').to_lowercase();
    let scheme: String = seen
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "+-.".contains(*c))
        .collect();
    let is_scheme = seen[scheme.len()..].starts_with(':');
    !is_scheme
        || ["http", "https", "mailto", "tel", "webcal"].contains(&scheme.as_str())
        || seen.starts_with("data:image/")
}

/// Whether each `&` begins a reference to a character.
fn references(text: &str, kind: Markup) -> Result<(), String> {
    if text.contains('\0') {
        return Err("a NUL".to_owned());
    }
    for (at, _) in text.match_indices('&') {
        let name = text[at + 1..].split(';').next().unwrap_or_default();
        let digits = name.strip_prefix('#').unwrap_or(name);
        let is_reference = text[at + 1 + name.len()..].starts_with(';')
            && !digits.is_empty()
            && digits.len() <= 31
            && digits.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !is_reference {
            let shown: String = text[at..].chars().take(40).collect();
            return Err(format!("`&` begins nothing in {kind:?}: {shown}"));
        }
    }
    Ok(())
}
