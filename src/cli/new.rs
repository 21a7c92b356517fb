//! `allclear new`.

use std::collections::HashSet;

use allclear::diagnostic::{Diagnostics, SourceFile, nearest_hint};
use allclear::error::Error;
use allclear::generate;
use allclear::site::edit::incident::quoted;
use allclear::site::edit::time::local;
use allclear::site::read::{AsOf, Drafts};
use allclear::site::{Site, Slug};
use allclear::source::{self, INCIDENTS, TEMPLATES};
use allclear::time::{Instant, calendar};
use allclear::write::{create, turn};
use camino::{Utf8Path, Utf8PathBuf};

pub(crate) use self::args::NewArgs;

use self::answers::{Answers, IncidentTexts, WindowTexts, rule, title};
use self::args::{NewPost, PostArgs};
use super::ask::{or_give_back, unposted};
use super::failure::{Failure, bad_argument, bad_option, bad_text};
use super::global::Global;
use super::news::news;
use super::outcome::Outcome;
use super::print::{print, report, report_all};
use super::typed_time::Viewpoint;

mod answers;
mod args;
mod compose;

/// How many posts of a day may have one title.
const MOST_NAMESAKES: usize = 999;

/// How often a name is chosen again that somebody else takes in the same moment.
const ATTEMPTS: usize = 100;

impl NewArgs {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Failure> {
        let post = self.post.shared();
        let time = post.now.resolve(global)?;
        let mut diagnostics = Diagnostics::new();
        let site = generate::read(&global.site, Drafts::Included, &mut diagnostics)?;
        let Some(site) = site else {
            report_all(&diagnostics, global);
            return Ok(Outcome::Findings);
        };
        let (now, zone) = (time.instant(), site.settings.time_zone);
        let view = Viewpoint { now, zone }.to_the_minute();
        let title = title(post)?;
        let new = match &post.template {
            Some(name) => NewText {
                text: from_template(name, &title, view, global)?,
                message: String::new(),
                assumed: Vec::new(),
            },
            None => text(&self.post, title.clone(), &site, view)?,
        };
        let name = post.template.as_ref().filter(|_| title.is_empty());
        let namesake = Slug::of_title(
            calendar::date(view.now, zone),
            name.unwrap_or(&title),
            "incident",
        );
        let source = source_of_text(post);
        let written = write(&new.text, &source, &namesake, time.as_of(), global);
        let give_back = or_give_back(post.message.as_deref(), &new.message);
        let Some(written) = written.map_err(give_back)? else {
            unposted(post.message.as_deref(), &new.message);
            return Ok(Outcome::Findings);
        };
        tell(&written, &new, now, global);
        Ok(Outcome::Clean)
    }
}

/// A file that was written.
struct Written {
    path: Utf8PathBuf,
    /// The site with it, where nothing is wrong with that.
    site: Option<Site>,
}

/// Writes a new file under the first name that is free by then; `None` where it would be wrong, which is reported.
fn write(
    text: &str,
    source_of_text: &str,
    namesake: &Slug,
    as_of: AsOf,
    global: &Global,
) -> Result<Option<Written>, Failure> {
    // Of several who start one with the same title, one after the other takes a name.
    let _turn = turn(&global.site)?;
    for _ in 0..ATTEMPTS {
        let (mut before, mut found) = (Diagnostics::new(), Diagnostics::new());
        let site = generate::read(&global.site, Drafts::Included, &mut before)?;
        let Some(site) = site else {
            report_all(&before, global);
            return Ok(None);
        };
        let path = path(namesake, &site, global)?;
        let file = SourceFile {
            path: path.clone(),
            text: text.to_owned(),
        };
        let after = generate::read_with(file, &global.site, Drafts::Included, as_of, &mut found)?;
        if found.errors() > before.errors() {
            if let Some(refused) = bad_text(source_of_text, &found, &path) {
                return Err(refused);
            }
            report_all(&found, global);
            report("nothing was written\n");
            return Ok(None);
        }
        let target = global.to_write(&path)?;
        let path = global.in_site(&path);
        match create(&target, text) {
            // By one who does not wait for a turn.
            Err(Error::Exists(_)) => continue,
            created => created?,
        }
        let site = after.filter(|_| found.errors() == 0);
        return Ok(Some(Written { path, site }));
    }
    Err(too_many(namesake))
}

/// Prints what the page will say, with what was assumed.
fn tell(written: &Written, new: &NewText, now: Instant, global: &Global) {
    let path = &written.path;
    if global.quiet {
        return print(&format!("{path}\n"));
    }
    for assumed in &new.assumed {
        report(&format!("{assumed}\n"));
    }
    match &written.site {
        Some(site) => print(&news(path, site, now)),
        None => {
            print(&format!("Wrote {path}.\n"));
            report(
                "but nothing is built before the errors in other files are fixed; `allclear check` lists them\n",
            );
        }
    }
}

/// The text of a new file, with what is assumed in it.
struct NewText {
    text: String,
    /// The text for readers in it, where somebody has said one.
    message: String,
    /// A sentence for each thing that was not said, for who runs the command.
    assumed: Vec<String>,
}

/// The argument that what is wrong with a new file comes from: all others were looked at before.
fn source_of_text(post: &PostArgs) -> String {
    match &post.template {
        Some(name) => format!("`--template {name}`"),
        None => "the text for readers (`-m`)".to_owned(),
    }
}

/// The text of a new file, of arguments and answers.
fn text(post: &NewPost, title: String, site: &Site, view: Viewpoint) -> Result<NewText, Failure> {
    let mut answers = Answers::new(title, post, site)?;
    let message = answers.message.clone().unwrap_or_default();
    let text = composed(post, &mut answers, site, view);
    Ok(NewText {
        text: text.map_err(or_give_back(post.shared().message.as_deref(), &message))?,
        message,
        assumed: answers.assumed,
    })
}

/// The text of a new file, of what is known of any, and of what only its kind asks for.
fn composed(
    post: &NewPost,
    answers: &mut Answers,
    site: &Site,
    view: Viewpoint,
) -> Result<String, Failure> {
    match post {
        NewPost::Incident { times, .. } => {
            let times = IncidentTexts::new(times, view)?;
            Ok(compose::incident(answers, &times, site, view))
        }
        NewPost::Maintenance {
            post,
            window,
            repeat,
        } => {
            let window = WindowTexts::of_maintenance(window, post, view, &mut answers.assumed)?;
            let rule = repeat.as_deref().map(|typed| rule(typed, &window, view));
            let rule = rule.transpose()?;
            compose::maintenance(answers, &window, rule.as_deref(), site, view)
        }
        NewPost::Notice { window, .. } => {
            let window = WindowTexts::of_notice(window, view)?;
            compose::notice(answers, &window)
        }
    }
}

/// The text of an incident file from a template of the site.
fn from_template(
    name: &str,
    title: &str,
    view: Viewpoint,
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
        return Err(bad_option(
            "--template",
            name,
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
        return Err(bad_option(
            "--template",
            name,
            "this template needs a title",
            "say in a few words what readers notice",
        ));
    }
    Ok(text
        .replace("{{ title }}", title)
        .replace("{{ now }}", &local(view.now, view.zone)))
}

/// `incidents/2022-12-28-log-in-fails.md`, with a number where that is taken: by a post, or by any other file.
fn path(namesake: &Slug, site: &Site, global: &Global) -> Result<Utf8PathBuf, Failure> {
    let taken: HashSet<String> = site.posts.iter().map(|it| it.slug.folded()).collect();
    let slugs = namesake.clone().numbered().take(MOST_NAMESAKES);
    let mut paths = slugs
        .filter(|slug| !taken.contains(&slug.folded()))
        .map(|slug| Utf8PathBuf::from(format!("{INCIDENTS}/{slug}.md")))
        .filter(|path| {
            let path = global.in_site(path);
            !path.exists() && !path.is_symlink()
        });
    paths.next().ok_or_else(|| too_many(namesake))
}

fn too_many(namesake: &Slug) -> Failure {
    bad_argument(
        format!("there are too many incidents `{namesake}`"),
        "choose another title",
    )
}
