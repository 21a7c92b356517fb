//! Probes over TLS, against nginx with certificates of our own authority.

use std::fs;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use snapbox::str;

use super::server::{Server, closed_port};
use super::{probe, site};
use crate::site_test::{Outcome, SiteTest};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// An authority, which signs certificates.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        let issuer = Issuer::new(params, key);
        Self { issuer, pem }
    }

    /// A certificate for a name, and its key; it begins and ends so many days from now.
    fn signed(&self, name: &str, from: i64, to: i64) -> [String; 2] {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let days = |days: i64| {
            let now = std::time::SystemTime::now();
            let length = DAY * u32::try_from(days.unsigned_abs()).unwrap();
            let at = if days < 0 { now - length } else { now + length };
            // A minute more, so that the days are whole ones while the test runs.
            (at + Duration::from_secs(60)).into()
        };
        (params.not_before, params.not_after) = (days(from), days(to));
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        [certificate.pem(), key.serialize_pem()]
    }
}

/// An nginx that runs until it is dropped.
struct Nginx {
    child: Child,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts nginx with a port for each certificate; `None` where there is no nginx.
fn nginx(folder: &Path, certificates: &[[String; 2]]) -> Option<(Nginx, Vec<u16>)> {
    let ports: Vec<u16> = certificates.iter().map(|_| closed_port()).collect();
    let mut servers = String::new();
    for (number, ([certificate, key], port)) in certificates.iter().zip(&ports).enumerate() {
        fs::write(folder.join(format!("{number}.pem")), certificate).unwrap();
        fs::write(folder.join(format!("{number}.key")), key).unwrap();
        servers += &format!(
            "server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {number}.pem; ssl_certificate_key {number}.key; return 200 \"all ok\"; }}\n"
        );
    }
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|it| format!("{it}_temp_path tmp;\n"));
    let config = format!(
        "daemon off;\nmaster_process off;\npid nginx.pid;\nerror_log error.log;\nevents {{}}\nhttp {{\naccess_log off;\n{}{servers}}}\n",
        temporary.concat()
    );
    fs::write(folder.join("nginx.conf"), config).unwrap();
    let program = ["nginx", "/usr/sbin/nginx"]
        .into_iter()
        .find_map(|program| {
            Command::new(program)
                .args([
                    "-p",
                    folder.to_str().unwrap(),
                    "-c",
                    "nginx.conf",
                    "-e",
                    "error.log",
                ])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .ok()
        });
    let nginx = Nginx { child: program? };
    for port in &ports {
        for _ in 0..200 {
            if TcpStream::connect(("127.0.0.1", *port)).is_ok() {
                break;
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
    Some((nginx, ports))
}

/// What `probe --dry-run` prints where only one authority is trusted, and this is its exit code.
fn looked(site: &SiteTest, authorities: &Path, code: i32) -> Outcome {
    let command = site.command(&["probe", "--dry-run"]);
    let command = command
        .env("SSL_CERT_FILE", authorities)
        .env("SSL_CERT_DIR", "/no/such/folder");
    Outcome::of(command.assert().code(code))
}

#[test]
fn certificates_are_good_soon_over_or_bad() {
    let (ours, other) = (Authority::new("Ours"), Authority::new("Other"));
    let certificates = [
        ours.signed("localhost", -1, 90),
        ours.signed("localhost", -1, 13),
        ours.signed("localhost", -1, 1),
        ours.signed("localhost", -9, -2),
        ours.signed("localhost", 5, 90),
        ours.signed("elsewhere.example", -1, 90),
        other.signed("localhost", -1, 90),
    ];
    let folder = tempfile::tempdir().unwrap();
    let Some((_nginx, ports)) = nginx(folder.path(), &certificates) else {
        eprintln!("NOT RUN: certificates_are_good_soon_over_or_bad, for there is no nginx");
        return;
    };
    let authorities = folder.path().join("authorities.pem");
    fs::write(&authorities, ours.pem).unwrap();
    let names = [
        "good", "weeks", "tomorrow", "over", "early", "name", "unknown",
    ];
    let mut lines = String::new();
    for (name, port) in names.iter().zip(&ports) {
        let expect = if *name == "weeks" {
            "expect = { days = 14 }"
        } else {
            ""
        };
        let common = "retries = 0";
        lines += &probe(
            "web",
            &format!("tls = \"localhost:{port}\"\nsource = \"tls-{name}\"\n{common}\n{expect}"),
        );
        lines += &probe(
            "api",
            &format!("http = \"https://localhost:{port}/\"\nsource = \"http-{name}\"\n{common}"),
        );
    }
    let site = site(&lines);
    looked(&site, &authorities, 0).expect_stdout(str![[r#"
web  operational           [..] ms  tls-good: its certificate ends in 90 days
api  operational           [..] ms  http-good: the status code is 200
web  degraded_performance  [..] ms  tls-weeks: its certificate ends in 13 days
api  operational           [..] ms  http-weeks: the status code is 200
web  degraded_performance  [..] ms  tls-tomorrow: its certificate ends in 1 day
api  operational           [..] ms  http-tomorrow: the status code is 200
web  major_outage          [..] ms  tls-over: its certificate has expired
api  major_outage          [..] ms  http-over: no secure connection: its certificate has expired
web  major_outage          [..] ms  tls-early: its certificate is not valid yet
api  major_outage          [..] ms  http-early: no secure connection: its certificate is not valid yet
web  major_outage          [..] ms  tls-name: its certificate is for another name
api  major_outage          [..] ms  http-name: no secure connection: its certificate is for another name
web  major_outage          [..] ms  tls-unknown: its certificate is from an unknown authority
api  major_outage          [..] ms  http-unknown: no secure connection: its certificate is from an unknown authority

"#]]);
}

#[test]
fn a_port_without_tls_is_bad_and_without_authorities_nothing_is_said() {
    let plain = Server::new(|_, stream| super::say(stream, "HTTP/1.1 400 Bad Request\r\n\r\n"));
    let mute = Server::new(|_, _| thread::sleep(Duration::from_secs(3)));
    let lines = probe(
        "web",
        &format!(
            "tls = \"localhost:{}\"\nsource = \"plain\"\ntimeout = \"1s\"\nretries = 0",
            plain.port
        ),
    ) + &probe(
        "api",
        &format!(
            "http = \"https://localhost:{}/\"\nsource = \"mute\"\ntimeout = \"1s\"\nretries = 0",
            mute.port
        ),
    );
    let site = site(&lines);
    let folder = tempfile::tempdir().unwrap();
    let authorities = folder.path().join("authorities.pem");
    fs::write(&authorities, Authority::new("Ours").pem).unwrap();
    looked(&site, &authorities, 0).expect_stdout(str![[r#"
web  major_outage  [..] ms  plain: [..]
api  major_outage  [..] ms  mute: no answer in time

"#]]);
    looked(&site, Path::new("/no/such/file"), 2).expect_stdout(str![[r#"
web  silent  [..] ms  plain: this machine knows no authority of certificates; install them (`ca-certificates`)
api  silent  [..] ms  mute: this machine knows no authority of certificates; install them (`ca-certificates`)

"#]]);
}
