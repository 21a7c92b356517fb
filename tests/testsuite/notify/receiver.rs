//! Small services on this machine that are told something.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::Value;

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(super) struct Received {
    /// The method and the path.
    pub(super) line: String,
    headers: Vec<(String, String)>,
    /// The bytes of the body.
    pub(super) body: Vec<u8>,
}

impl Received {
    /// A header field, by its name in small letters.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut fields = self.headers.iter().filter(|(it, _)| it == name);
        fields.next().map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    #[track_caller]
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// A service that runs until the tests end.
pub(super) struct Receiver {
    port: u16,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Receiver {
    /// A service that answers each request by its number, from 0 on: with a status, header fields and a body.
    pub(super) fn new(
        answer: impl Fn(usize, &Received) -> (u16, &'static str, &'static str) + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let receiver = Self {
            port: listener.local_addr().unwrap().port(),
            received: Arc::default(),
        };
        let received = Arc::clone(&receiver.received);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let Some(request) = read(&mut BufReader::new(&stream)) else {
                    continue;
                };
                let number = received.lock().unwrap().len();
                let (status, header, body) = answer(number, &request);
                received.lock().unwrap().push(request);
                let length = body.len();
                let text = format!(
                    "HTTP/1.1 {status} x\r\n{header}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
                );
                // Whoever has asked may be gone.
                let _ = stream.write_all(text.as_bytes());
            }
        });
        receiver
    }

    /// A service that takes everything.
    pub(super) fn taking() -> Self {
        Self::new(|_, _| (200, "", "ok"))
    }

    /// An address of it.
    pub(super) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// What arrived so far.
    pub(super) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }
}

fn read(reader: &mut impl std::io::BufRead) -> Option<Received> {
    let mut lines = reader.lines();
    let line = lines.next()?.ok()?;
    let mut headers = Vec::new();
    loop {
        let field = lines.next()?.ok()?;
        let Some((name, value)) = field.split_once(':') else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.map_or(0, |(_, length)| length.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Received {
        line: line.trim_end_matches(" HTTP/1.1").to_owned(),
        headers,
        body,
    })
}
