//! The links and images of a body.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Parser, Tag, TagEnd};

use super::dialect::SYNTAX;
use super::html::Plan;
use super::target::{self, TargetKind};

/// A link or an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Its bytes in the body.
    pub span: Range<usize>,
    /// Its target in the site, relative to its page; `None` for one that leads elsewhere, or to a heading of
    /// the body itself.
    pub inside: Option<String>,
    /// Whether it is an image without words for those who do not see it.
    pub is_wordless: bool,
}

/// All links and images of a body, in their order.
pub fn references(markdown: &str) -> Vec<Reference> {
    // Most updates have none.
    if !markdown.contains("](") && !markdown.contains("]:") {
        return Vec::new();
    }
    let mut found: Vec<Reference> = Vec::new();
    let mut image: Option<(usize, bool)> = None;
    let parser = Parser::new_ext(markdown, SYNTAX).into_offset_iter();
    let (events, spans): (Vec<Event<'_>>, Vec<Range<usize>>) = parser.unzip();
    for (event, span) in events.iter().zip(spans) {
        match event {
            // Its address is written without `mailto:`.
            Event::Start(Tag::Link {
                link_type: LinkType::Email,
                ..
            }) => {}
            Event::Start(Tag::Link { dest_url, .. }) => {
                found.push(reference(dest_url, span));
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                found.push(reference(dest_url, span));
                image = Some((found.len() - 1, false));
            }
            Event::Text(text) | Event::Code(text) if !text.trim().is_empty() => {
                if let Some((_, has_words)) = &mut image {
                    *has_words = true;
                }
            }
            Event::End(TagEnd::Image) => {
                if let Some((at, false)) = image.take() {
                    found[at].is_wordless = true;
                }
            }
            _ => {}
        }
    }
    if found.iter().any(|it| own_place(it).is_some()) {
        let headings = Plan::new(&events);
        for reference in &mut found {
            if own_place(reference).is_some_and(|place| headings.is_heading_id(place)) {
                reference.inside = None;
            }
        }
    }
    found
}

/// The place in its own page that a reference leads to.
fn own_place(reference: &Reference) -> Option<&str> {
    reference.inside.as_deref()?.strip_prefix('#')
}

fn reference(target: &str, span: Range<usize>) -> Reference {
    let inside = match target::read(target) {
        Some((target, TargetKind::Relative)) => Some(target.to_owned()),
        _ => None,
    };
    Reference {
        span,
        inside,
        is_wordless: false,
    }
}

#[cfg(test)]
mod tests {
    use super::references;

    #[test]
    fn an_address_of_mail_leads_out_of_the_site() {
        let markdown =
            "Write to <status@example.com>, [us](mailto:a@example.com) or [the others](../b/).";
        let inside = references(markdown).into_iter().map(|it| it.inside);
        assert_eq!(inside.collect::<Vec<_>>(), [None, Some("../b/".to_owned())]);
    }
}
