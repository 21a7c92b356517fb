//! What a store says of a request that it refuses, out of what the library makes of it.

use super::super::hindrance::Hindrance;
use super::super::store::Refused;

/// Where machines of clouds are asked for their own credentials.
const OF_MACHINES: [&str; 4] = [
    "/latest/api/token",
    "/latest/meta-data/",
    "/computeMetadata/",
    "/metadata/identity/",
];

/// What a store says of a request that it refuses.
#[derive(Debug)]
struct Said<'a> {
    /// The whole of it.
    text: &'a str,
    /// What was asked, as `GET https://…`.
    request: Option<&'a str>,
    /// The status of the answer; `None` where there was none.
    status: Option<u16>,
    /// The store's own name for it.
    code: Option<&'a str>,
}

/// The refusal of a request, by the words of the library.
pub(super) fn refused(text: &str) -> Refused {
    let said = Said::of(text);
    match (said.is_final(), said.hindrance()) {
        (true, Some(hindrance)) => Refused::Hindered(hindrance, said.words(hindrance)),
        (true, None) => Refused::Failed(said.plain()),
        (false, Some(hindrance)) => Refused::Unanswered(Some(hindrance), said.words(hindrance)),
        (false, None) => Refused::Unanswered(None, said.plain()),
    }
}

/// The refusal of a request to write what is new, by the words of the library: where that is missing, the bucket is.
pub(super) fn missing(text: &str) -> Refused {
    let said = Said::of(text);
    Refused::Hindered(Hindrance::NoBucket, said.words(Hindrance::NoBucket))
}

/// The refusal of a request to read, by the words of the library, where not only the file is missing.
pub(super) fn more_than_missing(text: &str) -> Option<Refused> {
    let said = Said::of(text);
    let hindrance = said.hindrance()?;
    Some(Refused::Hindered(hindrance, said.words(hindrance)))
}

impl<'a> Said<'a> {
    fn of(text: &'a str) -> Self {
        let request = between(text, "Error performing ", " in ");
        let status = text.split_once("status code: ");
        let status = status.and_then(|(_, it)| it.get(..3)?.parse().ok());
        Self {
            text,
            request,
            status,
            code: between(text, "<Code>", "</Code>"),
        }
    }

    fn hindrance(&self) -> Option<Hindrance> {
        let is_of_machine = |request: &str| OF_MACHINES.iter().any(|it| request.contains(it));
        if self.request.is_some_and(is_of_machine) {
            return Some(Hindrance::NoCredentials);
        }
        match self.code {
            Some("NoSuchBucket" | "ContainerNotFound") => return Some(Hindrance::NoBucket),
            Some("RequestTimeTooSkewed") => return Some(Hindrance::Clock),
            Some("AuthorizationHeaderMalformed" | "PermanentRedirect" | "TemporaryRedirect") => {
                return Some(Hindrance::Elsewhere);
            }
            Some(
                "InvalidAccessKeyId"
                | "SignatureDoesNotMatch"
                | "ExpiredToken"
                | "InvalidToken"
                | "TokenRefreshRequired"
                | "AuthenticationFailed"
                | "InvalidAuthenticationInfo",
            ) => return Some(Hindrance::BadCredentials),
            _ => {}
        }
        match self.status {
            Some(401) => Some(Hindrance::BadCredentials),
            Some(403) => Some(Hindrance::Denied),
            Some(_) => None,
            None if self.text.contains("redirect without LOCATION") => Some(Hindrance::Elsewhere),
            None if self.request.is_some() => Some(Hindrance::Unreachable),
            None => None,
        }
    }

    /// Whether it will be the same when it is asked again, and it has not taken place.
    fn is_final(&self) -> bool {
        match (self.status, self.hindrance()) {
            (Some(status), _) => status < 500 && !matches!(status, 408 | 429),
            (None, Some(Hindrance::Unreachable)) => false,
            (None, hindrance) => hindrance.is_some(),
        }
    }

    fn words(&self, hindrance: Hindrance) -> String {
        match hindrance {
            Hindrance::NoCredentials => {
                "no credentials were found, and this machine has none of its own".to_owned()
            }
            Hindrance::NoBucket => {
                let own = self.own().map(|own| format!("{own}; ")).unwrap_or_default();
                let asked = self.asked().unwrap_or_default();
                format!("there is no such bucket ({own}{asked})")
            }
            _ => self.plain(),
        }
    }

    /// The store's own words first.
    fn plain(&self) -> String {
        match (self.own(), self.asked()) {
            (Some(own), Some(asked)) => format!("{own} ({asked})"),
            (None, Some(asked)) => match (self.status, self.text.rsplit_once(" - ")) {
                (None, Some((_, why))) => format!("{why} ({asked})"),
                _ => format!("it refuses {asked}"),
            },
            _ => self.text.to_owned(),
        }
    }

    fn own(&self) -> Option<String> {
        let code = self.code?;
        let message = between(self.text, "<Message>", "</Message>").unwrap_or_default();
        // Some stores add the time and the number of the request, each on a line.
        let message = unescaped(message.lines().next().unwrap_or_default().trim());
        match message.is_empty() {
            true => Some(code.to_owned()),
            false => Some(format!("{code}: {message}")),
        }
    }

    fn asked(&self) -> Option<String> {
        let request = self.request?;
        Some(match self.status {
            Some(status) => format!("{request}: {status}"),
            None => request.to_owned(),
        })
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, text) = text.split_once(before)?;
    let (text, _) = text.split_once(after)?;
    Some(text)
}

/// A text of XML without the escapes that it may have (XML 1.0, section 4.6).
fn unescaped(text: &str) -> String {
    let escapes = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ];
    let text = text.to_owned();
    escapes
        .iter()
        .fold(text, |text, (escape, letter)| text.replace(escape, letter))
}
