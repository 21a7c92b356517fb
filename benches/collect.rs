//! What a collector takes in a second, and whether it counts all of it.
//!
//! `cargo bench --bench collect` starts a collector in this process and sends it reports from as many addresses, as a proxy on
//! this machine passes them on: first by connections that stay open, then at a given rate, and then each by a connection of
//! its own. It prints how many were answered in a second, how long the threads of the collector were on a processor for each,
//! and compares what was sent with what stands in the files in the end; the number should be the same. What sends the reports has
//! a part of the same processors.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark makes its site itself, prints what it found, and may fail loudly"
)]

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use allclear::collect::{Collector, Outside, Settings};
use allclear::diagnostic::Diagnostics;
use allclear::generate;
use camino::Utf8Path;
use chrono::DateTime;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const CONFIG: &str = r#"
title = "T"
base_url = "https://status.example.com/"

[[components]]
id = "web"

[[components]]
id = "api"

[[regions]]
id = "jp"
codes = ["JP"]

[[regions]]
id = "us"
codes = ["US"]

[reports]
url = "https://reports.example.com/"
region_header = "CF-IPCountry"
proxies = ["127.0.0.0/8"]
"#;

/// How many threads send.
const SENDERS: u32 = 2;

/// How many connections each of them keeps open.
const CONNECTIONS: usize = 32;

/// The reports of a run as fast as it goes.
const REPORTS: u32 = 300_000;

/// The reports in a second of the run at a rate, and its seconds.
const RATE: u32 = 10_000;
const SECONDS: u32 = 30;

/// The reports of the run of new connections.
const ALONE: u32 = 60_000;

/// How readers' reports come.
#[derive(Debug, Clone, Copy)]
enum Manner {
    /// By connections that stay open, as fast as they are answered.
    Kept,
    /// By connections that stay open, so many in a second.
    AtRate(u32),
    /// Each by a connection of its own.
    Alone,
}

fn main() {
    println!(
        "{} processors, {SENDERS} threads that send",
        std::thread::available_parallelism().map_or(1, usize::from)
    );
    run("kept connections", Manner::Kept, REPORTS);
    run(
        "kept connections, 10,000 a second",
        Manner::AtRate(RATE),
        RATE * SECONDS,
    );
    run("a connection each", Manner::Alone, ALONE);
}

/// Sends reports in a manner, and prints what came of it.
fn run(what: &str, manner: Manner, reports: u32) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = Utf8Path::from_path(folder.path()).expect("a path in UTF-8");
    std::fs::write(folder.join("allclear.toml"), CONFIG).expect("a file");
    let site = generate::read_config(folder, &mut Diagnostics::new()).expect("a site");
    let settings = site.and_then(|site| Settings::of(&site, None));
    assert!(settings.is_some(), "the site asks for reports");
    // A quarter of an hour in which the whole run has room, and the next one in the end.
    let (begun, later) = (Instant::now(), Arc::new(AtomicI64::new(0)));
    let (shown, told) = (Arc::clone(&later), Arc::new(Mutex::new(String::new())));
    let log = Arc::clone(&told);
    let outside = Outside {
        clock: Box::new(move || {
            let seconds = 1_672_254_000 + shown.load(Ordering::Relaxed);
            let now = DateTime::from_timestamp(seconds, 0).unwrap_or_default();
            now + begun.elapsed()
        }),
        tell: Box::new(move |line| log.lock().expect("a lock").push_str(line)),
    };
    let listener = TcpListener::bind("0.0.0.0:0").expect("a listener");
    let collector = Collector::start(&listener, folder, settings, outside).expect("a collector");
    let port = collector.address().port();

    let before = processor_time();
    let began = Instant::now();
    let next = AtomicU32::new(0);
    let longest: Vec<Duration> = std::thread::scope(|scope| {
        let senders = (0..SENDERS).map(|_| {
            scope.spawn(|| match manner {
                Manner::Kept => send_kept(port, &next, reports, None),
                Manner::AtRate(rate) => send_kept(port, &next, reports, Some((began, rate))),
                Manner::Alone => send_alone(port, &next, reports),
            })
        });
        let senders: Vec<_> = senders.collect();
        let longest = senders.into_iter().map(|it| it.join().expect("a sender"));
        longest.collect()
    });
    let took = began.elapsed();
    let spent = processor_time() - before;
    later.store(15 * 60, Ordering::Relaxed);
    collector.settle();
    let counted: u64 = ["web", "api", "_any"]
        .iter()
        .map(|it| counted(&folder.join(format!("evidence/reports/{it}.csv"))))
        .sum();
    println!(
        "{what}: {reports} sent in {:.2} s, {:.0} a second; answers took at most {:.1} ms; the collector {:.1} µs of a processor each; {counted} counted, {} lost; memory {} MB",
        took.as_secs_f64(),
        f64::from(reports) / took.as_secs_f64(),
        longest
            .iter()
            .max()
            .map_or(0.0, |it| it.as_secs_f64() * 1e3),
        spent.as_secs_f64() * 1e6 / f64::from(reports),
        i64::from(reports) - i64::try_from(counted).unwrap_or(i64::MAX),
        memory() / 1000
    );
    let told = told.lock().expect("a lock").clone();
    assert!(told.is_empty(), "{told}");
    let _ = collector.stop();
}

/// The request of a reader: one of each address, and no more than 200 of a block of addresses.
fn request(number: u32, connection: &str) -> String {
    let (block, host) = (number / 200, number % 200 + 1);
    let reader = Ipv4Addr::from((10 << 24) + (block << 8) + host);
    let component = ["web", "api", ""][number as usize % 3];
    let country = ["JP", "US", "XX"][(number / 3) as usize % 3];
    let body = format!("component={component}&kind=login&region=&language=en");
    format!(
        "POST / HTTP/1.1\r\nHost: reports.example.com\r\nX-Forwarded-For: {reader}\r\nCF-IPCountry: {country}\r\n{connection}\
         User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\nAccept: text/html\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Sends by connections that stay open, at a rate since an instant where there is one; the longest time that answers took
/// after the last of as many reports as there are connections.
fn send_kept(port: u16, next: &AtomicU32, reports: u32, rate: Option<(Instant, u32)>) -> Duration {
    let connect = |_| {
        let stream = TcpStream::connect(SocketAddr::from(([127, 0, 0, 1], port)));
        let stream = stream.expect("a connection");
        stream.set_nodelay(true).expect("a connection");
        stream
    };
    let mut streams: Vec<TcpStream> = (0..CONNECTIONS).map(connect).collect();
    let mut longest = Duration::ZERO;
    loop {
        let mut open = 0;
        for stream in &mut streams {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= reports {
                break;
            }
            if let Some((began, rate)) = rate {
                let due = Duration::from_secs_f64(f64::from(number) / f64::from(rate));
                std::thread::sleep(due.saturating_sub(began.elapsed()));
            }
            let request = request(number, "");
            stream.write_all(request.as_bytes()).expect("a request");
            open += 1;
        }
        let sent = Instant::now();
        for stream in &mut streams[..open] {
            let answer = read_answer(stream);
            assert!(answer.starts_with("HTTP/1.1 303 "), "{answer}");
        }
        longest = longest.max(sent.elapsed());
        if open < CONNECTIONS {
            return longest;
        }
    }
}

/// Sends each by a connection of its own; the longest time that an answer took.
fn send_alone(port: u16, next: &AtomicU32, reports: u32) -> Duration {
    let mut longest = Duration::ZERO;
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= reports {
            return longest;
        }
        let began = Instant::now();
        // A port of this end rests for a minute: each address of the other end has all of them.
        let there = Ipv4Addr::from((127 << 24) + number % 250 + 1);
        let mut stream = TcpStream::connect((there, port)).expect("a connection");
        let request = request(number, "Connection: close\r\n");
        stream.write_all(request.as_bytes()).expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 303 "), "{answer}");
        longest = longest.max(began.elapsed());
    }
}

/// The head of an answer, which is all of it.
fn read_answer(stream: &mut TcpStream) -> String {
    let mut answer = Vec::with_capacity(512);
    let mut bytes = [0; 1024];
    while !answer.ends_with(b"\r\n\r\n") {
        let read = stream.read(&mut bytes).expect("an answer");
        assert!(read > 0, "the connection was closed");
        answer.extend_from_slice(&bytes[..read]);
    }
    String::from_utf8_lossy(&answer).into_owned()
}

/// The sum of the values in a file of reports.
fn counted(path: &Utf8Path) -> u64 {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let rows = text.lines().skip(1);
    let values = rows.filter_map(|row| row.split(',').nth(3)?.parse::<u64>().ok());
    values.sum()
}

/// The memory of this process, in KB.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    number.unwrap_or_default() * 1024 / 1000
}

/// The time that the threads of collectors have had on a processor.
fn processor_time() -> Duration {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten();
    let times = tasks.flatten().filter_map(|task| {
        let name = std::fs::read_to_string(task.path().join("comm")).ok()?;
        let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        let is_collector = ["reports", "collect"].contains(&name.trim());
        text.split(' ')
            .next()?
            .parse::<u64>()
            .ok()
            .filter(|_| is_collector)
    });
    Duration::from_nanos(times.sum())
}
