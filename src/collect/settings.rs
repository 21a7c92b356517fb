//! What a collector knows of the site whose reports it counts.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName};
use ipnet::IpNet;

use super::counts::Subject;
use super::form::{Form, FormError};
use super::origin;
use crate::output::Route;
use crate::site::region::Region;
use crate::site::{BaseUrl, Site};

/// What a collector knows of the site whose reports it counts; it is taken over anew where the site changes.
#[derive(Debug, Clone)]
pub struct Settings {
    components: BTreeSet<Arc<str>>,
    kinds: BTreeSet<Arc<str>>,
    regions: Vec<(Arc<str>, Region)>,
    region_header: Option<HeaderName>,
    address_header: HeaderName,
    proxies: Vec<IpNet>,
    /// The address to which the form is sent.
    url: BaseUrl,
    /// The address of the site's index.
    index: String,
    /// The origin of the site's pages, as browsers write it.
    origin: String,
    /// The address of the page that says thanks, by the tag of its language.
    thanks: Vec<(String, String)>,
}

impl Settings {
    /// What follows from a site that is published at its own address where no other one is given; `None` where it asks for no
    /// reports.
    pub fn of(site: &Site, base_url: Option<&BaseUrl>) -> Option<Self> {
        let reports = site.settings.reports.as_ref()?;
        let base_url = base_url.unwrap_or(&site.settings.base_url);
        let header = |name: &str| HeaderName::from_bytes(name.as_bytes()).ok();
        let components = site.components.iter().map(|it| it.id.as_str().into());
        let regions = site.regions.iter();
        let languages = site.settings.languages.iter().enumerate();
        let thanks = languages.map(|(number, language)| {
            let tag = language.as_str();
            let page = Route::reported((number > 0).then_some(tag));
            (tag.to_owned(), page.on(base_url))
        });
        Some(Self {
            // A reader may not know it.
            components: components.chain(["".into()]).collect(),
            kinds: reports
                .kinds
                .iter()
                .map(|it| it.id.as_str().into())
                .collect(),
            regions: regions
                .map(|it| (it.id.as_str().into(), it.clone()))
                .collect(),
            region_header: reports.region_header.as_deref().and_then(header),
            address_header: header(&reports.address_header)?,
            proxies: reports.proxies.clone(),
            url: reports.url.clone(),
            index: Route::index(None).on(base_url),
            origin: origin_of(base_url).to_owned(),
            thanks: thanks.collect(),
        })
    }

    /// The address to which the form is sent.
    pub fn url(&self) -> &BaseUrl {
        &self.url
    }

    /// What cannot work as it is set, and what to do; `None` where nothing is wrong.
    pub fn problem(&self) -> Option<String> {
        let header = self.region_header.as_ref()?;
        self.proxies.is_empty().then(|| {
            format!(
                "`region_header` is set, but no proxy is believed, so that {header} says nothing: name the proxy in `proxies` of `[reports]`"
            )
        })
    }

    /// The components that reports may be about, the empty one too.
    pub(super) fn components(&self) -> &BTreeSet<Arc<str>> {
        &self.components
    }

    /// The address of the site's index.
    pub(super) fn index(&self) -> &str {
        &self.index
    }

    /// Whether the path of a request is one at which reports are taken: that of the address, with or without the `/` in the
    /// end, and `/`, which is what a proxy leaves that strips the path.
    pub(super) fn is_at(&self, path: &str) -> bool {
        let own = self.url.path();
        path == "/" || path == own || own.strip_suffix('/') == Some(path)
    }

    /// Whether a connection is that of a believed proxy.
    pub(super) fn is_believed(&self, connection: IpAddr) -> bool {
        origin::is_believed(connection, &self.proxies)
    }

    /// Whether a form may have been sent from a page of the site.
    pub(super) fn is_own_form(&self, headers: &HeaderMap) -> bool {
        origin::is_own_form(headers, &self.origin)
    }

    /// The believed proxies among which a connection is, as the site names them.
    pub(super) fn proxy(&self, connection: IpAddr) -> Option<IpNet> {
        let address = origin::canonical(connection);
        let mut proxies = self.proxies.iter();
        proxies.find(|it| it.contains(&address)).copied()
    }

    /// The name of the header in which a proxy names the address of a reader.
    pub(super) fn address_header(&self) -> &HeaderName {
        &self.address_header
    }

    /// The address of the reader who sends a request; `None` where a believed proxy does not say it.
    pub(super) fn reader(&self, connection: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        origin::address(connection, headers, &self.address_header, &self.proxies)
    }

    /// Whether a request names the address of its reader in the header of proxies.
    pub(super) fn is_forwarded(&self, headers: &HeaderMap) -> bool {
        headers.contains_key(&self.address_header)
    }

    /// The address of the page that says thanks, in a language of the site; in the first one where it is none.
    pub(super) fn thanks(&self, language: &str) -> &str {
        let mut thanks = self.thanks.iter();
        let found = thanks.find(|(tag, _)| tag.eq_ignore_ascii_case(language));
        found
            .or(self.thanks.first())
            .map_or(&self.index, |(_, page)| page)
    }

    /// What a form is about, that came by a connection with these headers.
    pub(super) fn subject(
        &self,
        form: &Form,
        connection: IpAddr,
        headers: &HeaderMap,
    ) -> Result<Subject, FormError> {
        let component = self.components.get(form.component.as_str());
        let kind = self.kinds.get(form.kind.as_str());
        let region_of = |word: &str| {
            let mut regions = self.regions.iter();
            regions
                .find(|(_, region)| region.is_meant_by(word))
                .map(|(id, _)| Arc::clone(id))
        };
        let chosen = match form.region.as_str() {
            "" => None,
            word => Some(region_of(word).ok_or(FormError::UnknownRegion)?),
        };
        let header = self.region_header.as_ref();
        let header = header.filter(|_| self.is_believed(connection));
        let told = header.and_then(|name| region_of(origin::only(headers, name)?));
        Ok(Subject {
            component: component.cloned().ok_or(FormError::UnknownComponent)?,
            kind: kind.cloned().ok_or(FormError::UnknownKind)?,
            region: told.or(chosen).unwrap_or_else(|| "".into()),
        })
    }
}

/// The origin of an address as browsers write it: without a port that its scheme has anyway.
fn origin_of(url: &BaseUrl) -> &str {
    let origin = url.origin();
    let usual = match origin.starts_with("https:") {
        true => ":443",
        false => ":80",
    };
    origin.strip_suffix(usual).unwrap_or(origin)
}
