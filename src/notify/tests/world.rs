//! What is outside of the hosts that tell: the store, the services, and the page.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use bytes::Bytes;

use crate::fetch::{Answer, FetchError};
use crate::locale::LanguageIndex;
use crate::notify::{Ledger, Most, Patience, Readable, Report, Sender, Telling, Tools, tell};
use crate::output::pages::{Announcement, Cause};
use crate::publish::{Condition, Content, Refused, Store, Version};
use crate::site::channel::fixtures::{channels, message};
use crate::site::channel::message::About;
use crate::site::channel::sending::{Outcome, Parcel};
use crate::site::channel::{Channel, Voice};
use crate::site::component::ComponentIndex;
use crate::site::update;
use crate::time::{Instant, rfc3339};

/// Numbers that look random, the same in each run of a test.
pub(super) struct Dice(AtomicU64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1))
    }

    /// A number below `end`.
    pub(super) fn below(&self, end: u64) -> u64 {
        let mut state = self.0.load(Ordering::Relaxed);
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        self.0.store(state, Ordering::Relaxed);
        (state >> 11) % end
    }
}

/// A store with one file, and the services: what is outside of every host.
#[derive(Default)]
pub(super) struct World {
    pub(super) file: Mutex<Option<(Bytes, u64)>>,
    pub(super) writes: AtomicU64,
    /// How often each message arrived: by channel and identity.
    pub(super) heard: Mutex<BTreeMap<(String, String), usize>>,
}

/// A host that is killed after so many steps: nothing that it does from then on reaches anything.
pub(super) struct Host<'a> {
    pub(super) world: &'a World,
    pub(super) left: AtomicI64,
    pub(super) dice: Dice,
    /// How many of ten requests fail, each in its way.
    pub(super) failures: u64,
}

impl<'a> Host<'a> {
    pub(super) fn new(world: &'a World, steps: i64, seed: u64, failures: u64) -> Self {
        Self {
            world,
            left: AtomicI64::new(steps),
            dice: Dice::new(seed),
            failures,
        }
    }

    pub(super) fn healthy(world: &'a World) -> Self {
        Self::new(world, i64::MAX, 1, 0)
    }

    pub(super) fn step(&self) -> Result<(), Refused> {
        std::thread::yield_now();
        match self.left.fetch_sub(1, Ordering::Relaxed) > 0 {
            true => Ok(()),
            false => Err(Refused::Failed("killed".to_owned())),
        }
    }

    pub(super) fn is_alive(&self) -> bool {
        self.left.load(Ordering::Relaxed) > 0
    }
}

pub(super) fn version(number: u64) -> Version {
    Version {
        e_tag: Some(number.to_string()),
        generation: None,
        mark: None,
    }
}

impl Store for Host<'_> {
    fn read(&self, _: &str) -> Result<Option<(Bytes, Version)>, Refused> {
        self.step()?;
        let file = self.world.file.lock().unwrap();
        Ok(file
            .as_ref()
            .map(|(bytes, number)| (bytes.clone(), version(*number))))
    }

    fn version(&self, _: &str) -> Result<Option<Version>, Refused> {
        self.step()?;
        let file = self.world.file.lock().unwrap();
        Ok(file.as_ref().map(|(_, number)| version(*number)))
    }

    fn write(
        &self,
        _: &str,
        content: Content<'_>,
        condition: Condition<'_>,
    ) -> Result<Version, Refused> {
        self.step()?;
        let mut file = self.world.file.lock().unwrap();
        let there = file.as_ref().map(|(_, number)| version(*number));
        let holds = match condition {
            Condition::New => there.is_none(),
            Condition::Unchanged(wanted) => there.as_ref() == Some(wanted),
        };
        if !holds {
            return Err(Refused::Changed);
        }
        let number = self.world.writes.fetch_add(1, Ordering::Relaxed);
        *file = Some((content.bytes.clone(), number));
        drop(file);
        // The answer may be lost.
        match self.dice.below(10) < self.failures {
            true => Err(Refused::Failed("no answer".to_owned())),
            false => self.step().map(|()| version(number)),
        }
    }

    fn delete(&self, _: &str, _: &Version) -> Result<(), Refused> {
        panic!("nobody deletes the ledger")
    }
}

impl Sender for Host<'_> {
    fn send(&self, parcel: &Parcel) -> Outcome {
        let Parcel::Http { request, .. } = parcel else {
            panic!("this is no mail");
        };
        let unheard = |error: &str| Outcome::Failed(FetchError::Connection(error.to_owned()));
        if !self.is_alive() {
            return unheard("connection refused");
        }
        let failure = match self.dice.below(10) < self.failures {
            true => self.dice.below(4),
            false => 4,
        };
        let answer = |status| {
            Outcome::Http(Answer {
                status,
                headers: Vec::new(),
                body: Vec::new(),
                took: std::time::Duration::ZERO,
            })
        };
        match failure {
            0 => return unheard("connection refused"),
            1 => return answer(429),
            _ => {}
        }
        let body: serde_json::Value =
            serde_json::from_slice(request.body.as_deref().unwrap()).unwrap();
        let channel = request.url.as_written().to_owned();
        // The title of each message is its identity.
        let title = match body.get("blocks") {
            Some(blocks) => blocks[0]["text"]["text"].clone(),
            None => body["data"]["status_report"]["title"].clone(),
        };
        let heard = (channel, title.as_str().unwrap().to_owned());
        *self.world.heard.lock().unwrap().entry(heard).or_default() += 1;
        if self.step().is_err() {
            return unheard("it was ended");
        }
        match failure {
            2 => answer(502),
            3 => Outcome::Failed(FetchError::TimedOut),
            _ => answer(200),
        }
    }
}

/// A page whose every file says everything.
pub(super) struct Whole(pub(super) Instant);

impl Readable for Whole {
    fn now(&self) -> Instant {
        self.0
    }

    fn file(&self, _: &str) -> Result<Option<Bytes>, String> {
        Ok(Some(Bytes::from_static(b"<h3 id=\"update-1\">")))
    }
}

/// A page that was never published.
pub(super) struct Nothing;

impl Readable for Nothing {
    fn now(&self) -> Instant {
        Instant::MIN_UTC
    }

    fn file(&self, _: &str) -> Result<Option<Bytes>, String> {
        Ok(None)
    }
}

/// An update of an incident by its number, which is its title, too.
pub(super) fn news(number: usize, at: Instant) -> Announcement {
    let mut message = message();
    message.title = format!("n{number}");
    message.at = at;
    message.id = format!("https://status.example/n{number}@{}", rfc3339(at));
    if let About::Post(post) = &mut message.about {
        post.title = format!("n{number}");
        post.slug = format!("n{number}");
        post.address = format!("https://status.example/incidents/n{number}/");
    }
    Announcement {
        voice: Voice {
            language: LanguageIndex::DEFAULT,
            template: None,
        },
        key: format!("n{number}@{}", rfc3339(at)),
        cause: Cause::Person,
        digest: format!("d{number}"),
        is_ahead: false,
        components: vec![ComponentIndex(0)],
        telling: update::Telling::Aloud,
        file: format!("incidents/n{number}/index.html"),
        anchor: Some("update-1".to_owned()),
        message,
    }
}

/// Two chats and a program.
pub(super) fn three() -> Vec<Channel> {
    channels(
        "[[channels]]\nname = 'one'\nslack = '${ONE}'\n[[channels]]\nname = 'two'\nslack = '${TWO}'\n[[channels]]\nwebhook = '${PROGRAM}'\n",
    )
}

pub(super) const PLACES: [&str; 3] = ["${ONE}", "${TWO}", "${PROGRAM}"];

/// A run of a host.
pub(super) fn run(
    host: &Host<'_>,
    channels: &[Channel],
    news: &[Announcement],
    now: Instant,
    most: Most,
) -> Report {
    run_with(host, channels, news, now, most, &Whole(now))
}

pub(super) fn run_with(
    host: &Host<'_>,
    channels: &[Channel],
    news: &[Announcement],
    now: Instant,
    most: Most,
    page: &dyn Readable,
) -> Report {
    let name = format!("run{}", host.dice.below(1 << 40));
    let telling = Telling {
        run: &name,
        ..telling(host, channels, news, now, most, page)
    };
    let tools = Tools {
        sender: host,
        elapsed: &|| std::time::Duration::ZERO,
        pause: &|_| {},
        dice: &|| 0.5,
    };
    tell(telling, &tools)
}

pub(super) fn telling<'a>(
    store: &'a dyn Store,
    channels: &'a [Channel],
    news: &'a [Announcement],
    now: Instant,
    most: Most,
    page: &'a dyn Readable,
) -> Telling<'a> {
    Telling {
        channels,
        news,
        page,
        store,
        ledger: "notified.json",
        now,
        zone: chrono_tz::UTC,
        patience: Patience::Waits,
        most,
        run: "run",
    }
}

pub(super) fn ledger(world: &World) -> Ledger {
    let file = world.file.lock().unwrap();
    file.as_ref()
        .map_or_else(Ledger::default, |(bytes, _)| Ledger::parse(bytes).unwrap())
}

pub(super) const ALL: Most = Most::OfSite(1_000);

pub(super) fn heard(world: &World, place: &str, title: &str) -> usize {
    let heard = world.heard.lock().unwrap();
    heard
        .get(&(place.to_owned(), title.to_owned()))
        .copied()
        .unwrap_or(0)
}

pub(super) fn words(report: &Report) -> Vec<String> {
    let words = report
        .lines
        .iter()
        .map(|line| format!("{} {} {}", line.channel, line.title, line.end.word()));
    words.collect()
}
