//! A web server for tests, at a port of this machine.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::Value;

/// What the server sends for a path.
#[derive(Clone)]
pub(crate) enum Reply {
    /// A status, header fields and a body.
    Whole(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// The same with 200, byte by byte.
    Slowly(Vec<u8>),
    /// Half of a body, and no more.
    Half(Vec<u8>),
    /// Nothing, for as long as anybody waits.
    Never,
}

impl Reply {
    pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::Whole(200, Vec::new(), body.into())
    }

    pub(crate) fn missing() -> Self {
        Self::Whole(404, Vec::new(), b"Not found".to_vec())
    }

    /// A file of a page, with the header fields that its manifest lists.
    pub(crate) fn of_page(files: &BTreeMap<String, Vec<u8>>, path: &str) -> Self {
        let path = path.trim_start_matches('/');
        let Some(bytes) = files.get(path) else {
            return Self::missing();
        };
        let manifest: Value = serde_json::from_slice(&files["build.json"]).unwrap();
        let text = |key: &str| {
            let text = manifest["files"][path][key].as_str();
            text.unwrap_or_default().to_owned()
        };
        let fields = vec![
            ("Content-Type", text("type")),
            ("Cache-Control", text("cache")),
        ];
        Self::Whole(200, fields, bytes.clone())
    }

    pub(crate) fn redirect(to: &str) -> Self {
        Self::Whole(302, vec![("Location", to.to_owned())], Vec::new())
    }
}

/// A server that runs until the tests end.
pub(crate) struct WebServer {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl WebServer {
    /// A server that answers a path, which begins with `/` and has no query, as `reply` says; it is told how often that path
    /// was asked for before.
    pub(crate) fn new(reply: impl Fn(&str, usize) -> Reply + Send + Sync + 'static) -> Self {
        Self::told(move |path, before, _| reply(path, before))
    }

    /// The same, which is told the header fields of the request, too, as `name: value` with small letters in the name.
    pub(crate) fn told(
        reply: impl Fn(&str, usize, &[String]) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (log, reply) = (Arc::clone(&asked), Arc::new(reply));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (log, reply) = (Arc::clone(&log), Arc::clone(&reply));
                std::thread::spawn(move || {
                    // Whoever asked may be gone.
                    let _ = answer(stream, &log, &*reply);
                });
            }
        });
        Self { url, asked }
    }

    /// A server of a page that answers 401 to whoever does not send a header field, which it repeats.
    pub(crate) fn of_private_page(files: BTreeMap<String, Vec<u8>>, key: &'static str) -> Self {
        Self::told(
            move |path, _, fields| match fields.iter().any(|it| it == key) {
                true => Reply::of_page(&files, path),
                false => Reply::Whole(401, Vec::new(), fields.join("\n").into_bytes()),
            },
        )
    }

    /// A server of files, by their paths.
    pub(crate) fn of(files: BTreeMap<String, Vec<u8>>) -> Self {
        Self::new(move |path, _| {
            let file = files.get(path.trim_start_matches('/'));
            file.map_or_else(Reply::missing, |bytes| Reply::ok(bytes.clone()))
        })
    }

    /// A server of a page, with the header fields that its manifest lists.
    pub(crate) fn of_page(files: BTreeMap<String, Vec<u8>>) -> Self {
        Self::new(move |path, _| Reply::of_page(&files, path))
    }

    /// Its address, with a `/` at the end.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The paths that were asked for.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn answer(
    mut stream: TcpStream,
    log: &Mutex<Vec<String>>,
    reply: &dyn Fn(&str, usize, &[String]) -> Reply,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut lines = reader.by_ref().lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    let (mut length, mut fields) = (0, Vec::new());
    while let Some(line) = lines.next().transpose()?
        && !line.is_empty()
    {
        if let Some((name, value)) = line.split_once(':') {
            let (name, value) = (name.to_ascii_lowercase(), value.trim());
            if name == "content-length" {
                length = value.parse().unwrap_or(0);
            }
            fields.push(format!("{name}: {value}"));
        }
    }
    std::io::copy(&mut reader.take(length), &mut std::io::sink())?;
    let target = first.split(' ').nth(1).unwrap_or_default();
    let path = target.split('?').next().unwrap_or_default().to_owned();
    let before = {
        let mut log = log.lock().unwrap();
        log.push(path.clone());
        log.iter().filter(|asked| **asked == path).count() - 1
    };
    let head = |status: u16, length: usize| {
        format!("HTTP/1.1 {status} Sample\r\nConnection: close\r\nContent-Length: {length}\r\n")
    };
    match reply(&path, before, &fields) {
        Reply::Whole(status, fields, body) => {
            let mut text = head(status, body.len());
            for (name, value) in fields {
                text.push_str(&format!("{name}: {value}\r\n"));
            }
            stream.write_all(format!("{text}\r\n").as_bytes())?;
            stream.write_all(&body)
        }
        Reply::Slowly(body) => {
            stream.write_all(format!("{}\r\n", head(200, body.len())).as_bytes())?;
            stream.set_nodelay(true)?;
            body.chunks(64).try_for_each(|part| stream.write_all(part))
        }
        Reply::Half(body) => {
            stream.write_all(format!("{}\r\n", head(200, body.len())).as_bytes())?;
            stream.write_all(&body[..body.len() / 2])
        }
        Reply::Never => {
            // Until the other side has had enough.
            let mut buffer = [0];
            std::io::Read::read(&mut stream, &mut buffer).map(drop)
        }
    }
}
