//! `allclear new`.

use allclear::diagnostic::{Diagnostics, SourceFile, nearest_hint};
use allclear::generate;
use allclear::site::edit::incident::quoted;
use allclear::site::edit::time::local;
use allclear::site::read::Drafts;
use allclear::site::{Site, Slug};
use allclear::source::{self, INCIDENTS, TEMPLATES};
use allclear::time::Instant;
use allclear::write::create;
use camino::{Utf8Path, Utf8PathBuf};
use chrono::TimeDelta;

pub(crate) use self::args::NewArgs;

use self::answers::{Answers, Fallback, Suggestion, WindowText, is_asked, title};
use self::args::NewPost;
use super::failure::{Failure, bad_argument};
use super::global::Global;
use super::outcome::Outcome;
use super::print::{print, report, report_all};

mod answers;
mod args;
mod compose;

/// How many posts of a day may have one title.
const MOST_NAMESAKES: usize = 999;

impl NewArgs {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Failure> {
        let post = self.post.shared();
        let time = post.now.resolve()?;
        let now = time.instant();
        let now = now - TimeDelta::seconds(now.timestamp().rem_euclid(60));
        let mut diagnostics = Diagnostics::new();
        let site = generate::read(&global.site, Drafts::Included, &mut diagnostics)?;
        let Some(site) = site else {
            report_all(&diagnostics, global);
            return Ok(Outcome::Findings);
        };
        let title = title(post)?;
        let text = match &post.template {
            Some(name) => from_template(name, &title, &site, now, global)?,
            None => text(&self.post, title.clone(), &site, now)?,
        };
        let name = post.template.as_ref().filter(|_| title.is_empty());
        let path = path(name.unwrap_or(&title), &site, now)?;
        let file = SourceFile {
            path: path.clone(),
            text: text.clone(),
        };
        let mut found = Diagnostics::new();
        let drafts = Drafts::Included;
        generate::read_with(file, &global.site, drafts, time.as_of(), &mut found)?;
        if found.errors() > diagnostics.errors() {
            report_all(&found, global);
            report("nothing was written\n");
            return Ok(Outcome::Findings);
        }
        let full = global.in_site(&path);
        create(&full, &text)?;
        print(&format!("{full}\n"));
        if diagnostics.errors() > 0 && !global.quiet {
            report(
                "but nothing is built before the errors in other files are fixed; `allclear check` lists them\n",
            );
        }
        Ok(Outcome::Clean)
    }
}

/// The text of a new file, of arguments and answers.
fn text(post: &NewPost, title: String, site: &Site, now: Instant) -> Result<String, Failure> {
    let answers = Answers::new(title, post, site)?;
    match post {
        NewPost::Incident { next, .. } => {
            Ok(compose::incident(&answers, next.as_deref(), site, now))
        }
        NewPost::Maintenance {
            post,
            window,
            repeat,
        } => {
            let in_a_week = Suggestion {
                start: now + TimeDelta::days(7),
                length: TimeDelta::hours(1),
            };
            let fallback = match is_asked(post) {
                true => Fallback::Ask,
                false => Fallback::Suggest,
            };
            let window = WindowText::new(window, fallback, &in_a_week, site)?;
            compose::maintenance(&answers, &window, repeat.as_deref(), site, now)
        }
        NewPost::Notice { window, .. } => {
            let for_a_week = Suggestion {
                start: now,
                length: TimeDelta::days(7),
            };
            let window = WindowText::new(window, Fallback::Suggest, &for_a_week, site)?;
            compose::notice(&answers, &window)
        }
    }
}

/// The text of an incident file from a template of the site.
fn from_template(
    name: &str,
    title: &str,
    site: &Site,
    now: Instant,
    global: &Global,
) -> Result<String, Failure> {
    let known = source::templates(&global.site)?;
    let path = Utf8Path::new(TEMPLATES).join(format!("{name}.md"));
    let text = match known.iter().any(|known| known == name) {
        true => source::read_text(&global.site, &path)?,
        false => None,
    };
    let Some(text) = text else {
        let hint = nearest_hint(name, known.iter().map(String::as_str));
        return Err(bad_argument(
            format!("there is no template `{name}`"),
            hint.unwrap_or_else(|| match known.as_slice() {
                [] => format!("write it as `{path}`"),
                known => format!("there are {}", known.join(", ")),
            }),
        ));
    };
    // In front matter a title in quotes is one text, whatever stands in it.
    let title = quoted(title);
    let title = &title[1..title.len() - 1];
    if text.contains("{{ title }}") && title.is_empty() {
        return Err(bad_argument(
            format!("the template `{name}` needs a title"),
            "say in a few words what readers notice",
        ));
    }
    Ok(text
        .replace("{{ title }}", title)
        .replace("{{ now }}", &local(now, site.settings.time_zone)))
}

/// `incidents/2022-12-28-log-in-fails.md`, with a number where that is taken.
fn path(title: &str, site: &Site, now: Instant) -> Result<Utf8PathBuf, Failure> {
    let day = now.with_timezone(&site.settings.time_zone).date_naive();
    let first = Slug::of_title(day, title, "incident");
    let is_free = |slug: &Slug| site.posts.iter().all(|post| post.slug != *slug);
    let mut slugs = first.clone().numbered().take(MOST_NAMESAKES);
    match slugs.find(is_free) {
        Some(slug) => Ok(Utf8PathBuf::from(format!("{INCIDENTS}/{slug}.md"))),
        None => Err(bad_argument(
            format!("there are too many incidents `{first}`"),
            "choose another title",
        )),
    }
}
