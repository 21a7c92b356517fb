//! Templates of a site's own for the texts of messages (`template` of a channel).

use std::fmt;
use std::sync::Arc;

use camino::Utf8Path;
use serde::Serialize;
use tera::{Context, ErrorKind, Tera};

use crate::diagnostic::{Code, Diagnostic, Place, Severity, SourceFile};
use crate::markdown;
use crate::site::channel::message::Message;
use crate::site::vocabulary::Word as _;
use crate::time::rfc3339;

/// A template of messages. One whose name ends with `.html` gives HTML, any other plain text.
pub struct Wording {
    file: Arc<SourceFile>,
    tera: Tera,
}

impl fmt::Debug for Wording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wording").finish_non_exhaustive()
    }
}

/// A message as a template sees it.
#[derive(Serialize)]
struct View<'a> {
    /// `incident`, `maintenance`, `notice`, `evidence` or `test`.
    kind: &'static str,
    title: &'a str,
    text: &'a str,
    html: &'a str,
    address: &'a str,
    link: &'a str,
    /// The title of the post, without a state.
    subject: &'a str,
    state: &'static str,
    state_text: &'a str,
    impact: &'static str,
    at: &'a str,
    at_iso: String,
    starts_iso: String,
    ends_iso: String,
    components: Vec<ComponentView<'a>>,
    page: PageView<'a>,
}

#[derive(Serialize)]
struct ComponentView<'a> {
    id: &'a str,
    name: &'a str,
    status: &'static str,
    status_text: &'a str,
}

#[derive(Serialize)]
struct PageView<'a> {
    title: &'a str,
    address: &'a str,
    language: &'a str,
}

impl<'a> View<'a> {
    fn of(message: &'a Message) -> Self {
        let post = message.post();
        let window = post.and_then(|post| post.window);
        let components = message.components.iter().map(|it| ComponentView {
            id: &it.id,
            name: &it.name,
            status: it.status.map_or("", |status| status.as_str()),
            status_text: &it.status_text,
        });
        Self {
            kind: message.kind(),
            title: &message.title,
            text: &message.text,
            html: &message.html,
            address: &message.address,
            link: &message.link,
            subject: post.map_or(message.title.as_str(), |post| &post.title),
            state: post.and_then(|it| it.state).map_or("", |it| it.as_str()),
            state_text: post.map_or("", |post| &post.state_text),
            impact: post.map_or("", |post| post.impact.as_str()),
            at: &message.at_text,
            at_iso: rfc3339(message.at),
            starts_iso: window.map_or_else(String::new, |it| rfc3339(it.starts())),
            ends_iso: window.map_or_else(String::new, |it| rfc3339(it.ends())),
            components: components.collect(),
            page: PageView {
                title: &message.page.title,
                address: &message.page.address,
                language: &message.page.language,
            },
        }
    }
}

impl Wording {
    /// The template in a file.
    ///
    /// # Errors
    ///
    /// Where it cannot be understood.
    pub fn read(file: Arc<SourceFile>) -> Result<Self, Box<Diagnostic>> {
        let mut tera = Tera::new();
        tera.autoescape_on(vec![".html"]);
        let added = tera.add_raw_template(file.path.as_str(), &file.text);
        match added {
            Ok(()) => Ok(Self { file, tera }),
            Err(error) => Err(fault(&file, &error)),
        }
    }

    /// The path of its file from the site's folder.
    pub fn path(&self) -> &Utf8Path {
        &self.file.path
    }

    /// A message with the text that the template gives it.
    ///
    /// # Errors
    ///
    /// Where the template asks for what there is not; a warning, for another message may have it.
    pub fn apply(&self, message: &Message) -> Result<Message, Box<Diagnostic>> {
        let rendered = Context::from_serialize(&View::of(message))
            .and_then(|context| self.tera.render(self.file.path.as_str(), &context));
        let rendered = rendered.map_err(|error| {
            let fault = fault(&self.file, &error);
            let hint = "the message is told in the words of the feeds until that is right";
            Box::new(Diagnostic {
                severity: Severity::Warning,
                ..fault.hint(hint.to_owned())
            })
        })?;
        let rendered = rendered.trim();
        let (text, html) = match self.file.path.extension() {
            Some("html") => (markdown::text_of_html(rendered), rendered.to_owned()),
            _ => (rendered.to_owned(), paragraphs(rendered)),
        };
        Ok(Message {
            text,
            html,
            ..message.clone()
        })
    }
}

/// Plain text as HTML, with its paragraphs and lines.
fn paragraphs(text: &str) -> String {
    let paragraphs = text.split("\n\n").filter(|it| !it.trim().is_empty());
    paragraphs
        .map(|it| {
            format!(
                "<p>{}</p>\n",
                markdown::escaped(it.trim()).replace('\n', "<br>\n")
            )
        })
        .collect()
}

/// What is wrong with a template, at its place.
fn fault(file: &Arc<SourceFile>, error: &tera::Error) -> Box<Diagnostic> {
    let (span, message) = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            (report.span().range.clone(), report.message().to_owned())
        }
        _ => (0..0, error.to_string()),
    };
    let end = span.end.min(file.text.len());
    let span = span.start.min(end)..end;
    let place = Place::new(file, span);
    Box::new(Diagnostic::error(Code::BadChannel, place, message))
}
