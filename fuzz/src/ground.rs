//! The small site on which targets stand.

use std::sync::OnceLock;

use allclear::diagnostic::Diagnostics;
use allclear::locale::Locale;
use allclear::site::Site;
use allclear::site::lookup::Directory;
use allclear::site::read::names::Names;
use allclear::site::read::{AsOf, Drafts, Memos, read};
use allclear::source::Files;

use super::sound::file;

/// The languages of its `allclear.toml`; [`CONFIG`] has the first alone, for the words of each take time to read.
const LANGUAGES: &str = "languages = [\"en\", \"ar\", \"de\", \"ja\"]";

/// The `allclear.toml` of a small site.
pub const CONFIG: &str = r#"title = "Ground"
base_url = "https://status.example.com/"
languages = ["en"]
time_zone = "Europe/Berlin"

[[groups]]
id = "core"
name = "Core"

[[components]]
id = "web"
name = "Web"
group = "core"

[[components]]
id = "login"
name = "Log-in"

[[signals]]
id = "reports"
name = "Reports"
components = ["web"]
file = "evidence/reports.csv"
threshold = 5
"#;

/// The site, with the words of its languages.
pub struct Ground {
    /// The site.
    pub site: Site,
    /// The words of its languages.
    pub locales: Vec<Locale>,
}

impl Ground {
    /// The site, which is made once.
    pub fn get() -> &'static Self {
        static GROUND: OnceLock<Ground> = OnceLock::new();
        GROUND.get_or_init(|| {
            let config = CONFIG.replace("languages = [\"en\"]", LANGUAGES);
            let files = Files {
                config: Some(file("allclear.toml", config)),
                evidence: vec![file("evidence/reports.csv", "time,value\n")],
                ..Files::default()
            };
            let (site, diagnostics) = site(&files);
            assert_eq!(diagnostics.errors(), 0, "the ground is sound");
            let site = site.expect("a site");
            Self {
                locales: site.settings.languages.iter().map(Locale::new).collect(),
                site,
            }
        })
    }

    /// Hands on the names that an incident file may use. They are made anew: they keep what was guessed at.
    pub fn with_names<T>(&self, read: impl FnOnce(&Names<'_>) -> T) -> T {
        read(&Names {
            components: &Directory::new(&self.site.components),
            regions: &Directory::new(&self.site.regions),
            signals: &Directory::new(&self.site.signals),
            languages: &self.site.settings.languages,
            locales: &self.locales,
            zone: self.site.settings.time_zone,
        })
    }
}

/// The site of files, with what is wrong with it.
pub fn site(files: &Files) -> (Option<Site>, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    let site = read(
        files,
        Drafts::Included,
        AsOf::History,
        &mut Memos::default(),
        &mut diagnostics,
    );
    (site, diagnostics)
}
