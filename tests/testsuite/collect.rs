//! `allclear collect`: the real collector, asked by real requests; the clock of most tests is one that they set.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use allclear::collect::{Collector, Outside, Settings};
use allclear::diagnostic::Diagnostics;
use allclear::generate;
use camino::Utf8Path;
use chrono::{DateTime, TimeDelta, Utc};

use crate::site_test::SiteTest;

mod counting;
mod disk;
mod hostile;
mod others;
// A debug build alone lets its clock be set.
#[cfg(debug_assertions)]
mod program;

/// The end of a site's settings that asks for reports behind a proxy on this machine.
const REPORTS: &str = r#"
[[regions]]
id = "jp"
name = "Japan"
codes = ["JP"]

[[regions]]
id = "us"
name = "the USA"
codes = ["US", "PR"]

[reports]
url = "https://reports.example.com/problem/"
region_header = "CF-IPCountry"
proxies = ["127.0.0.1", "10.9.0.0/16"]
"#;

/// How far a clock runs at once without anybody who would ask where the collector was.
const STEP: TimeDelta = TimeDelta::seconds(10);

/// A site that asks for reports.
fn site() -> SiteTest {
    let site = SiteTest::new();
    let config = site.read("allclear.toml") + REPORTS;
    site.file("allclear.toml", config)
}

/// What a collector has to know of a site.
fn settings(site: &SiteTest) -> Option<Settings> {
    let folder = folder(site);
    let mut found = Diagnostics::new();
    let site = generate::read_config(&folder, &mut found).unwrap();
    assert_eq!(found.errors(), 0);
    Settings::of(&site.unwrap(), None)
}

fn folder(site: &SiteTest) -> camino::Utf8PathBuf {
    Utf8Path::from_path(&site.path("")).unwrap().to_owned()
}

/// An instant of the night.
fn at(clock: &str) -> DateTime<Utc> {
    format!("2022-12-28T{clock}Z").parse().unwrap()
}

/// A collector in this process, whose clock stands still until it is set.
struct Night {
    clock: Arc<Mutex<DateTime<Utc>>>,
    told: Arc<Mutex<String>>,
    collector: Collector,
}

impl Night {
    /// Begins at an instant.
    fn begin(site: &SiteTest, clock: &str) -> Self {
        let clock = Arc::new(Mutex::new(at(clock)));
        let told = Arc::new(Mutex::new(String::new()));
        let (shown, log) = (Arc::clone(&clock), Arc::clone(&told));
        let outside = Outside {
            clock: Box::new(move || *shown.lock().unwrap()),
            tell: Box::new(move |line| *log.lock().unwrap() += &format!("{line}\n")),
        };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let collector = Collector::start(&listener, &folder(site), settings(site), outside);
        Self {
            clock,
            told,
            collector: collector.unwrap(),
        }
    }

    /// Sets the clock.
    fn set(&self, clock: &str) {
        *self.clock.lock().unwrap() = at(clock);
    }

    /// Lets the clock run up to an instant, and has what is due done on the way; one that is over is gone back to at once.
    fn go_to(&self, clock: &str) {
        let end = at(clock);
        loop {
            let now = *self.clock.lock().unwrap();
            let next = end.min(now + STEP);
            *self.clock.lock().unwrap() = next;
            self.collector.settle();
            if next == end {
                break;
            }
        }
    }

    fn address(&self) -> SocketAddr {
        self.collector.address()
    }

    /// Reports as the reader of an address, from a region as the proxy says.
    #[track_caller]
    fn report(&self, reader: &str, country: &str, form: &str) -> String {
        let answer = ask(self.address(), request(reader, country, form));
        answer.lines().next().unwrap_or_default().to_owned()
    }

    /// What was said so far.
    fn told(&self) -> String {
        self.told.lock().unwrap().clone()
    }
}

/// A request as the proxy on this machine passes it on.
fn request(reader: &str, country: &str, form: &str) -> String {
    format!(
        "POST /problem/ HTTP/1.1\r\nHost: reports.example.com\r\nX-Forwarded-For: {reader}\r\nCF-IPCountry: {country}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{form}",
        form.len()
    )
}

/// What a server answers to a request, as far as it does.
#[track_caller]
fn ask(address: SocketAddr, request: impl AsRef<[u8]>) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .unwrap();
    // The other end may have had enough before all is sent.
    let _ = stream.write_all(request.as_ref());
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// The rows of a component's counts, without the header; empty where there is no file.
fn rows(site: &SiteTest, component: &str) -> Vec<String> {
    let path = site.path(&format!("evidence/reports/{component}.csv"));
    let Ok(text) = std::fs::read_to_string(path) else {
        return Vec::new();
    };
    let mut lines = text.lines().map(str::to_owned);
    assert_eq!(
        lines.next().as_deref(),
        Some("time,region,kind,value,capped")
    );
    lines.collect()
}
