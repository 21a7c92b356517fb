//! The logo of a site, and its links to other places.

use camino::{Utf8Component, Utf8PathBuf};

use crate::diagnostic::{Code, code_list};
use crate::locale::Language;
use crate::site::config::{Link, Logo, PICTURES};
use crate::syntax::{Reader, Spanned, TableReader, Value};

/// A logo: one path, or one each for light and dark pages.
pub(super) fn logo(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Option<Logo> {
    if let Value::Text(_) = node.value {
        let light = picture(reader, node)?;
        return Some(Logo { light, dark: None });
    }
    let mut table = reader.table(node, "the logo")?;
    let light = table.require(reader, "light");
    let light = light.and_then(|node| picture(reader, node));
    let dark = table.take("dark").and_then(|node| picture(reader, node));
    table.finish(reader);
    Some(Logo {
        light: light?,
        dark,
    })
}

/// The path of a picture inside of the site's folder.
fn picture(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Option<Spanned<Utf8PathBuf>> {
    let path = Utf8PathBuf::from(reader.text(node)?);
    let is_inside = (path.components()).all(|part| matches!(part, Utf8Component::Normal(_)));
    if !is_inside {
        let message = format!("`{path}` is no path inside of the site's folder");
        let hint = "write the path from the folder of `allclear.toml`, as `logo.svg`".to_owned();
        reader.error(Code::OutsideSite, &node.span, message, hint);
        return None;
    }
    let extension = path.extension().map(str::to_ascii_lowercase);
    if !extension.is_some_and(|it| PICTURES.contains(&it.as_str())) {
        let message = format!("`{path}` is no picture that browsers show");
        let hint = format!("its name ends in one of {}", code_list(&PICTURES));
        reader.error(Code::BadPicture, &node.span, message, hint);
        return None;
    }
    Some(node.with(path))
}

pub(super) fn link(
    reader: &mut Reader<'_>,
    table: &mut TableReader<'_>,
    languages: &[Language],
) -> Option<Link> {
    let name = table
        .require(reader, "name")
        .and_then(|node| reader.localized_text(node, languages));
    let node = table.require(reader, "url");
    let url = node.and_then(|node| {
        let url = reader.localized_text(node, languages)?;
        let allowed = |text: &str| {
            ["https://", "http://", "mailto:", "tel:"]
                .iter()
                .any(|start| {
                    text.strip_prefix(start)
                        .is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
                })
        };
        if let Some(wrong) = url.all().find(|text| !allowed(text)) {
            let message = format!("`{wrong}` is no address that a link can lead to");
            let hint =
                "write the whole address: `https://...`, `mailto:...` or `tel:...`".to_owned();
            reader.error(Code::BadUrl, &node.span, message, hint);
            return None;
        }
        Some(url)
    });
    Some(Link {
        name: name?,
        url: url?,
    })
}
