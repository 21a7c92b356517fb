//! Readers' reports: how they are asked for, and what is believed of a request that brings one.

use std::ops::Range;

use camino::Utf8Path;
use ipnet::IpNet;

use super::base_url::BaseUrl;
use crate::locale::LocalizedText;

/// The folder of the files in which reports are counted, one a component.
pub const REPORTS_FOLDER: &str = "evidence/reports";

/// The name, without `.csv`, of the file in which reports of no component in particular are counted.
pub const OF_ANY: &str = "_any";

/// Whether a file lies where reports are counted.
pub fn is_reports(path: &Utf8Path) -> bool {
    path.starts_with(REPORTS_FOLDER)
}

/// The `[reports]` table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportSettings {
    /// Where the form is sent to, as readers reach it: the address of an `allclear collect`.
    pub url: BaseUrl,
    /// What may fail, as the form offers it.
    pub kinds: Vec<ReportKind>,
    /// The header in which the proxy says from which region a request comes, as `CF-IPCountry`.
    pub region_header: Option<String>,
    /// The header in which a proxy says from which address a request comes; `X-Forwarded-For` where nothing is said.
    pub address_header: String,
    /// The networks of the proxies that are believed; where there are none, only the address of the connection is.
    pub proxies: Vec<IpNet>,
    /// The table's head, as bytes of `allclear.toml`.
    pub span: Range<usize>,
}

/// Something that may fail, as the form offers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportKind {
    /// Its id, which stands in the counts.
    pub id: String,
    /// What readers see; `None` for one of [`KNOWN_KINDS`], which each language has a text for.
    pub name: Option<LocalizedText>,
}

/// The kinds that each language has a text for; all of them, in this order, where a site sets none.
pub const KNOWN_KINDS: [&str; 5] = ["unreachable", "error", "slow", "login", "other"];
