//! A service that answers over HTTP as it is told to.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// How a service answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// As it should.
    Well,
    /// With an error.
    Failing,
    /// Not at all, though it takes every connection.
    Hanging,
}

/// A service on this machine.
pub(super) struct Service {
    address: SocketAddr,
    mode: Arc<AtomicU8>,
    count: Arc<AtomicUsize>,
}

impl Service {
    pub(super) fn start(mode: Mode) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let mode = Arc::new(AtomicU8::new(mode as u8));
        let (shared, count) = (Arc::clone(&mode), Arc::new(AtomicUsize::new(0)));
        let counting = Arc::clone(&count);
        // It ends with the test.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                counting.fetch_add(1, Ordering::SeqCst);
                thread::spawn(move || answer(stream, &shared));
            }
        });
        Self {
            address,
            mode,
            count,
        }
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// How often it was asked.
    pub(super) fn count(&self) -> usize {
        self.count.load(Ordering::SeqCst)
    }

    pub(super) fn set(&self, mode: Mode) {
        self.mode.store(mode as u8, Ordering::SeqCst);
    }
}

fn answer(mut stream: TcpStream, mode: &AtomicU8) {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(30)));
    let (mut request, mut bytes) = (Vec::new(), [0; 1024]);
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut bytes) {
            Ok(read @ 1..) => request.extend_from_slice(&bytes[..read]),
            _ => return,
        }
    }
    let status = match mode.load(Ordering::SeqCst) {
        mode if mode == Mode::Well as u8 => "200 OK",
        mode if mode == Mode::Failing as u8 => "500 Internal Server Error",
        _ => {
            // Whoever asked goes away some time.
            let _ = stream.set_read_timeout(None);
            let _ = stream.read(&mut bytes);
            return;
        }
    };
    let text = format!("HTTP/1.1 {status}\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
    let _ = stream.write_all(text.as_bytes());
}
