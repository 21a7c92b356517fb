//! The small site on which targets stand.

use std::sync::OnceLock;

use allclear::diagnostic::Diagnostics;
use allclear::locale::Locale;
use allclear::site::Site;
use allclear::site::read::names::Names;
use allclear::site::read::{AsOf, Drafts, Memos, read};
use allclear::source::Files;

use super::sound::file;

/// Its `allclear.toml`.
pub const CONFIG: &str = r#"title = "Ground"
base_url = "https://status.example.com/"
languages = ["en", "ar", "de", "ja"]
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
name = { en = "Log-in", ar = "تسجيل الدخول" }

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
            let files = Files {
                config: Some(file("allclear.toml", CONFIG)),
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

    /// The names that an incident file may use.
    pub fn names(&self) -> Names<'_> {
        Names {
            components: &self.site.components,
            signals: &self.site.signals,
            languages: &self.site.settings.languages,
            locales: &self.locales,
            zone: self.site.settings.time_zone,
        }
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
