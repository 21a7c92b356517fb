//! A small server on this machine that answers as it is told.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A server, which ends with the tests.
pub(super) struct Server {
    /// `http://127.0.0.1:PORT`.
    pub(super) address: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// A status code and a body for each path with its query.
    answers: BTreeMap<String, (u16, Vec<u8>)>,
    /// The heads of the requests, in small letters.
    asked: Vec<String>,
}

impl Server {
    /// A server that has nothing yet.
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that goes away in between is no matter.
                let _ = serve(stream, &shared);
            }
        });
        Self { address, state }
    }

    /// From now on, a path has this answer.
    pub(super) fn answers(&self, path: &str, status: u16, body: impl Into<Vec<u8>>) {
        let mut state = self.state.lock().unwrap();
        state.answers.insert(path.to_owned(), (status, body.into()));
    }

    /// The heads of the requests so far.
    pub(super) fn asked(&self) -> Vec<String> {
        self.state.lock().unwrap().asked.clone()
    }
}

fn serve(stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while reader.read_line(&mut head)? > 0 && !head.ends_with("\r\n\r\n") {}
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let length = head.to_ascii_lowercase();
    let length = length
        .lines()
        .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok())
        .unwrap_or(0);
    reader.by_ref().take(length).read_to_end(&mut Vec::new())?;
    let (status, body) = {
        let mut state = state.lock().unwrap();
        state.asked.push(head.to_ascii_lowercase());
        let found = state.answers.get(&path).cloned();
        found.unwrap_or((404, b"nothing here".to_vec()))
    };
    let mut stream = reader.into_inner();
    let location = if (300..400).contains(&status) {
        "Location: /elsewhere\r\n"
    } else {
        ""
    };
    write!(
        stream,
        "HTTP/1.1 {status} Said\r\n{location}Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    stream.write_all(&body)
}
