//! An agent at work, which ends with the test.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use chrono::{DateTime, Utc};

use super::wait_for;
use crate::site_test::SiteTest;

/// An agent of a site.
pub(crate) struct Running {
    child: Child,
    log: Arc<Mutex<String>>,
}

impl Running {
    /// Starts an agent in a site's folder.
    pub(crate) fn start(site: &SiteTest, arguments: &[&str]) -> Self {
        let mut command = Command::new(snapbox::cmd::cargo_bin!("allclear"));
        command.arg("agent").args(arguments);
        Self::spawn(site, command)
    }

    /// Starts a command that becomes an agent.
    pub(crate) fn spawn(site: &SiteTest, mut command: Command) -> Self {
        command
            .current_dir(site.path(""))
            .env_remove("SOURCE_DATE_EPOCH")
            .env_remove("ALLCLEAR_SITE")
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let (stderr, shared) = (child.stderr.take().unwrap(), Arc::clone(&log));
        thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                *shared.lock().unwrap() += &(line + "\n");
            }
        });
        Self { child, log }
    }

    /// What it has said so far.
    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Waits until it has said a text.
    #[track_caller]
    pub(crate) fn wait_for(&self, text: &str) {
        let is_said = || self.log().contains(text).then_some(text);
        wait_for(&format!("`{text}`"), is_said);
    }

    /// How many pages with an all-clear it has built for instants after one.
    pub(crate) fn all_clears_since(&self, instant: DateTime<Utc>) -> usize {
        // Lines name the second.
        let instant = instant.timestamp() + 1;
        let log = self.log();
        let lines = log
            .lines()
            .filter(|line| line.contains(" build  all_clear"));
        let times = lines.filter_map(|line| line.split(' ').next()?.parse::<DateTime<Utc>>().ok());
        times.filter(|at| at.timestamp() > instant).count()
    }

    /// What it answers at a path of its monitor: the status code and the text.
    #[track_caller]
    pub(crate) fn ask(&self, path: &str) -> (u16, String) {
        let address = wait_for("address of the monitor", || {
            let log = self.log();
            let line = log
                .lines()
                .find_map(|it| it.strip_prefix("listening at http://"))?;
            Some(line.trim_end_matches('/').to_owned())
        });
        let mut stream = TcpStream::connect(&address).unwrap();
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, text) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, text.to_owned())
    }

    /// Its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends it a signal, by its name.
    pub(crate) fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &pid]).status();
        assert!(sent.unwrap().success());
    }

    /// How it ended, as soon as it did.
    #[track_caller]
    pub(crate) fn wait(&mut self) -> ExitStatus {
        let child = &mut self.child;
        wait_for("end of the agent", || child.try_wait().unwrap())
    }

    /// Whether it has ended.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Ends it as a machine that breaks down does; returns the number of its process.
    pub(crate) fn kill(mut self) -> u32 {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.child.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            eprintln!("the agent said:\n{}", self.log());
        }
    }
}
