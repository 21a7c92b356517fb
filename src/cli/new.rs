//! `allclear new`.

use allclear::diagnostic::{Diagnostics, SourceFile, nearest_hint};
use allclear::generate;
use allclear::site::edit::incident::quoted;
use allclear::site::edit::time::local;
use allclear::site::read::Drafts;
use allclear::site::{Site, Slug};
use allclear::source::{self, INCIDENTS, TEMPLATES};
use allclear::time::calendar;
use allclear::write::create;
use camino::{Utf8Path, Utf8PathBuf};

pub(crate) use self::args::NewArgs;

use self::answers::{Answers, IncidentTexts, WindowTexts, rule, title};
use self::args::{NewPost, PostArgs};
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

impl NewArgs {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Failure> {
        let post = self.post.shared();
        let time = post.now.resolve(global)?;
        let now = time.instant();
        let mut diagnostics = Diagnostics::new();
        let site = generate::read(&global.site, Drafts::Included, &mut diagnostics)?;
        let Some(site) = site else {
            report_all(&diagnostics, global);
            return Ok(Outcome::Findings);
        };
        let zone = site.settings.time_zone;
        let view = Viewpoint { now, zone }.to_the_minute();
        let title = title(post)?;
        let new = match &post.template {
            Some(name) => NewText {
                text: from_template(name, &title, view, global)?,
                assumed: Vec::new(),
            },
            None => text(&self.post, title.clone(), &site, view)?,
        };
        let name = post.template.as_ref().filter(|_| title.is_empty());
        let path = path(name.unwrap_or(&title), &site, view)?;
        let file = SourceFile {
            path: path.clone(),
            text: new.text.clone(),
        };
        let mut found = Diagnostics::new();
        let drafts = Drafts::Included;
        let after = generate::read_with(file, &global.site, drafts, time.as_of(), &mut found)?;
        if found.errors() > diagnostics.errors() {
            if let Some(refused) = bad_text(&source_of_text(post), &found, &path) {
                return Err(refused);
            }
            report_all(&found, global);
            report("nothing was written\n");
            return Ok(Outcome::Findings);
        }
        let full = global.in_site(&path);
        create(&global.to_write(&path)?, &new.text)?;
        if global.quiet {
            print(&format!("{full}\n"));
            return Ok(Outcome::Clean);
        }
        for assumed in &new.assumed {
            report(&format!("{assumed}\n"));
        }
        match after.filter(|_| found.errors() == 0) {
            Some(after) => print(&news(&full, &after, now)),
            None => {
                print(&format!("Wrote {full}.\n"));
                report(
                    "but nothing is built before the errors in other files are fixed; `allclear check` lists them\n",
                );
            }
        }
        Ok(Outcome::Clean)
    }
}

/// The text of a new file, with what is assumed in it.
struct NewText {
    text: String,
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
    let text = match post {
        NewPost::Incident { times, .. } => {
            let times = IncidentTexts::new(times, view)?;
            compose::incident(&answers, &times, site, view)
        }
        NewPost::Maintenance {
            post,
            window,
            repeat,
        } => {
            let window = WindowTexts::of_maintenance(window, post, view, &mut answers.assumed)?;
            let rule = repeat.as_deref().map(|typed| rule(typed, &window, view));
            let rule = rule.transpose()?;
            compose::maintenance(&answers, &window, rule.as_deref(), site, view)?
        }
        NewPost::Notice { window, .. } => {
            let window = WindowTexts::of_notice(window, view)?;
            compose::notice(&answers, &window)?
        }
    };
    Ok(NewText {
        text,
        assumed: answers.assumed,
    })
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

/// `incidents/2022-12-28-log-in-fails.md`, with a number where that is taken.
fn path(title: &str, site: &Site, view: Viewpoint) -> Result<Utf8PathBuf, Failure> {
    let day = calendar::date(view.now, view.zone);
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
