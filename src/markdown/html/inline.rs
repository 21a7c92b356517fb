//! Text, links, images and references.

use std::fmt::{self, Write as _};

use pulldown_cmark::{Event, LinkType, TagEnd};

use super::renderer::{OpenLink, Renderer};
use crate::markdown::autolink::{self, AddressKind};
use crate::markdown::escape::{push_text, push_url};
use crate::markdown::html_text::{self, Piece};
use crate::markdown::summary;
use crate::markdown::target::{self, TargetKind};

impl<'e> Renderer<'e, '_> {
    /// Takes raw HTML inside a paragraph as text.
    pub(super) fn raw(&mut self, html: &str) {
        html_text::pieces(html, |piece| match piece {
            Piece::Text(part) => self.text.push_str(part),
            Piece::Break => {
                self.flush();
                self.out.push_str("<br>\n");
            }
        });
    }

    /// Writes the pending text, with a link for every bare address outside of links.
    pub(super) fn flush(&mut self) {
        if self.text.is_empty() {
            return;
        }
        let mut text = std::mem::take(&mut self.text);
        let mut at = 0;
        if !self.is_in_link() {
            for (span, kind) in autolink::addresses(&text) {
                push_text(&mut self.out, &text[at..span.start]);
                at = span.end;
                self.address(&text[span], kind);
            }
        }
        push_text(&mut self.out, &text[at..]);
        text.clear();
        self.text = text;
    }

    fn address(&mut self, address: &str, kind: AddressKind) {
        let target = format!("{}{address}", kind.scheme(address));
        if target::read(&target).is_none() {
            return push_text(&mut self.out, address);
        }
        self.out.push_str("<a dir=\"ltr\" href=\"");
        push_url(&mut self.out, &target);
        self.out.push_str("\">");
        push_text(&mut self.out, address);
        self.out.push_str("</a>");
    }

    fn is_in_link(&self) -> bool {
        self.links.iter().any(|link| link.target.is_some())
    }

    /// Whether the text of the link that starts at `at` is its address: that is left-to-right in every language.
    pub(super) fn is_bare(&self, at: usize, target: &str) -> bool {
        let inside = self.events[at + 1..].iter();
        let inside = inside.take_while(|event| !matches!(event, Event::End(TagEnd::Link)));
        let mut text = String::new();
        for event in inside {
            match event {
                Event::Text(part) => text.push_str(part),
                _ => return false,
            }
        }
        let has_scheme = text == target;
        has_scheme || text.starts_with("www.") && target.strip_prefix("http://") == Some(&text)
    }

    /// Starts a link, unless it is refused or stands in another one.
    pub(super) fn link(&mut self, link_type: LinkType, target: &'e str, title: &str) {
        let is_email = link_type == LinkType::Email;
        let target = match target::read(target) {
            _ if self.is_in_link() => None,
            _ if is_email => Some(target),
            read => read.map(|(target, _)| target),
        };
        if let Some(target) = target {
            self.out.push_str(match link_type {
                LinkType::Autolink | LinkType::Email => "<a dir=\"ltr\" href=\"",
                _ => "<a href=\"",
            });
            if is_email {
                self.out.push_str("mailto:");
            }
            match target.strip_prefix('#') {
                // An address is no path, whatever it looks like.
                _ if is_email => push_url(&mut self.out, target),
                Some(fragment) if self.plan.is_heading_id(fragment) => {
                    self.own_fragment();
                    push_url(&mut self.out, self.options.id_prefix);
                    push_url(&mut self.out, fragment);
                    self.out.push_str(self.id_end(fragment));
                }
                _ => {
                    self.base(target);
                    push_url(&mut self.out, target);
                }
            }
            self.title(title);
            self.out.push_str("\">");
        }
        self.links.push(OpenLink {
            target,
            text_start: self.out.len(),
        });
    }

    /// Ends a link; one without text shows its address.
    pub(super) fn end_link(&mut self) {
        if let Some(OpenLink {
            target: Some(target),
            text_start,
        }) = self.links.pop()
        {
            if self.out.len() == text_start {
                push_text(&mut self.out, target);
            }
            self.out.push_str("</a>");
        }
    }

    /// Writes what a target starts from that does not say all of it: in a feed, a scheme, a host or a
    /// page; on a page, the path to the one that relative targets are meant for.
    fn base(&mut self, target: &str) {
        let (scheme, origin) = self.away().unwrap_or_default();
        let base = match target::read(target) {
            Some((_, TargetKind::Relative)) if target.starts_with('/') => origin,
            Some((_, TargetKind::Relative)) => self.options.base,
            Some((_, TargetKind::Web)) if target.starts_with('/') => scheme,
            _ => "",
        };
        let is_whole = matches!(
            target::read(target),
            Some((_, TargetKind::Web | TargetKind::Contact)) | None
        );
        self.stands_anywhere &= is_whole && !target.starts_with('/');
        push_text(&mut self.out, base);
    }

    /// The scheme with its colon, and the scheme with the host, of a body that is read away from its
    /// site; `None` on a page of the site.
    fn away(&self) -> Option<(&'e str, &'e str)> {
        let base = self.options.base;
        let colon = base.find("://")?;
        let host = colon + "://".len();
        let path = base[host..].find('/').map_or(base.len(), |at| host + at);
        Some((&base[..=colon], &base[..path]))
    }

    /// Starts a fragment that leads to a place in the body itself.
    pub(super) fn own_fragment(&mut self) {
        self.stands_anywhere = false;
        if self.away().is_some() {
            push_text(&mut self.out, self.options.base);
        }
        self.out.push('#');
    }

    /// Goes on from an attribute's value with a title, whose value is left open in turn.
    fn title(&mut self, title: &str) {
        if !title.is_empty() {
            self.out.push_str("\" title=\"");
            push_text(&mut self.out, title);
        }
    }

    /// Writes the image that starts at `at`, and returns its end.
    pub(super) fn image(&mut self, target: &'e str, title: &str, at: usize) -> usize {
        let mut description = String::new();
        let mut depth = 1;
        let mut end = at;
        while depth > 0 && end + 1 < self.events.len() {
            end += 1;
            match &self.events[end] {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                event => summary::push_inline(&mut description, event),
            }
        }
        match target::read(target) {
            Some((target, TargetKind::Relative)) => {
                self.out.push_str("<img src=\"");
                self.base(target);
                push_url(&mut self.out, target);
                self.out.push_str("\" alt=\"");
                push_text(&mut self.out, description.trim());
                self.title(title);
                self.out.push_str("\" loading=\"lazy\">");
            }
            Some((target, TargetKind::Web)) => {
                self.link(LinkType::Inline, target, title);
                let is_silent = description.trim().is_empty();
                push_text(&mut self.out, if is_silent { target } else { &description });
                self.end_link();
            }
            Some((_, TargetKind::Contact)) | None => self.text.push_str(&description),
        }
        end
    }

    /// Writes an event that is neither text nor part of a pair.
    pub(super) fn inline(&mut self, event: &'e Event<'_>) {
        match event {
            Event::Code(code) => {
                self.out.push_str("<code dir=\"ltr\">");
                push_text(&mut self.out, code);
                self.out.push_str("</code>");
            }
            Event::SoftBreak => self.out.push('\n'),
            Event::HardBreak => self.out.push_str("<br>\n"),
            Event::Rule => self.open("<hr>\n"),
            Event::TaskListMarker(is_done) => self.task(*is_done),
            Event::FootnoteReference(label) => self.reference(label),
            _ => {}
        }
    }

    fn task(&mut self, is_done: bool) {
        let labels = self.options.labels;
        let (checked, label) = match is_done {
            true => (" checked", &labels.task_done),
            false => ("", &labels.task_open),
        };
        self.out.push_str("<input type=\"checkbox\" disabled");
        self.out.push_str(checked);
        self.out.push_str(" aria-label=\"");
        push_text(&mut self.out, label);
        self.out.push_str("\"> ");
    }

    /// Writes the number of a footnote. The parser lets no link hold one.
    fn reference(&mut self, label: &str) {
        let Some((number, nth)) = self.plan.refer(label) else {
            return;
        };
        self.out.push_str("<sup class=\"footnote\" id=\"");
        self.push_reference_id(number, nth);
        self.out.push_str("\">");
        self.out.push_str("<a href=\"");
        self.own_fragment();
        self.push_id(format_args!("fn:{number}"));
        let _ = write!(self.out, "\">{number}</a></sup>");
    }

    /// Writes the id of the `nth` reference to a footnote.
    pub(super) fn push_reference_id(&mut self, number: usize, nth: usize) {
        match nth {
            1 => self.push_id(format_args!("fnref:{number}")),
            nth => self.push_id(format_args!("fnref:{number}:{nth}")),
        }
    }

    /// What ends the id of a heading where the page around the body has an id like it: a colon, which the ids of
    /// a page do not have.
    pub(super) fn id_end(&self, id: &str) -> &'static str {
        let is_of_page = id == "main" || id.starts_with("i-");
        match is_of_page && self.options.id_prefix.is_empty() {
            true => ":",
            false => "",
        }
    }

    /// Writes an id of ours. Its colon keeps it apart from the ids of headings, which have none.
    pub(super) fn push_id(&mut self, name: fmt::Arguments<'_>) {
        self.stands_anywhere = false;
        push_text(&mut self.out, self.options.id_prefix);
        let _ = self.out.write_fmt(name);
    }
}
