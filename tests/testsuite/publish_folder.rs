//! `publish` into a folder that a web server reads.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::since::{commit_as_published, git};
use crate::site_test::{SiteTest, files_below};

/// How many builds two publishers bring, killed again and again; `ALLCLEAR_TEST_ROUNDS` says another number.
fn rounds() -> usize {
    let rounds = std::env::var("ALLCLEAR_TEST_ROUNDS");
    rounds.map_or(40, |rounds| rounds.parse().unwrap())
}

/// The instant of a build: a second after that of the one before.
fn instant(number: usize) -> String {
    let (hours, minutes, seconds) = (number / 3600, number / 60 % 60, number % 60);
    format!("2022-12-29T{hours:02}:{minutes:02}:{seconds:02}Z")
}

fn site() -> SiteTest {
    SiteTest::new().file(
        "incidents/log-in.md",
        "---\ntitle: Log-in fails\ncomponents: {web: major_outage}\nstarted: 2022-12-28 19:00\n---\n\n## Resolved · 2022-12-28 20:00\n",
    )
}

fn manifest(folder: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(folder.join("build.json")).unwrap()).unwrap()
}

/// Checks that a folder holds every file that a build makes, as it makes it, and nothing that nobody knows of.
fn assert_live(site: &SiteTest, folder: &str, now: &str) {
    site.run(&["build", "--now", now, "--output", "expected"]);
    let live = manifest(&site.path(folder));
    let former = live["former"].as_array().cloned().unwrap_or_default();
    let former: BTreeSet<&str> = former.iter().filter_map(Value::as_str).collect();
    let shown = files_below(&site.path(folder));
    for file in files_below(&site.path("expected")) {
        if file == "build.json" || file.starts_with(".allclear") {
            continue;
        }
        let (is, should) = (
            site.path(folder).join(&file),
            site.path("expected").join(&file),
        );
        assert_eq!(fs::read(is).unwrap(), fs::read(should).unwrap(), "{file}");
    }
    for file in shown {
        let is_known = site.path("expected").join(&file).exists() || former.contains(file.as_str());
        assert!(is_known, "{file}");
    }
    fs::remove_dir_all(site.path("expected")).unwrap();
}

#[test]
fn a_folder_gets_the_page_and_never_an_older_one() {
    let site = site();
    let publish = |now: &str| {
        let arguments = ["publish", "--to", "live/status", "--now", now];
        site.run(&arguments).stdout().to_owned()
    };
    let said = publish(&instant(10));
    let begin = "live/status: ";
    assert!(
        said.starts_with(begin) && said.contains(" sent ("),
        "{said}"
    );
    assert_live(&site, "live/status", &instant(10));
    assert!(publish(&instant(10)).starts_with("live/status: 0 files sent (0 bytes), "));
    let refused = site.run_fails(3, &["publish", "--to", "live/status", "--now", &instant(9)]);
    assert!(
        refused.stderr().contains("later than"),
        "{}",
        refused.stderr()
    );
    let arguments = [
        "publish",
        "--to",
        "live/status",
        "--dry-run",
        "--now",
        &instant(11),
    ];
    let shown = site.run(&arguments).stdout().to_owned();
    assert!(shown.contains("  send   index.html\n"), "{shown}");
    assert_live(&site, "live/status", &instant(10));
    // Nothing stays beside it but the file of its lock.
    let names: Vec<_> = fs::read_dir(site.path("live")).unwrap().collect();
    assert_eq!(names.len(), 2);
}

/// Files are as old as their commit, whenever they are built: a clone that was not pulled has not the newest incident.
#[test]
fn a_clone_that_was_not_pulled_does_not_replace_a_page_of_later_files() {
    let site = SiteTest::new();
    site.write(".gitignore", "/live\n/.live.*\n/clone\n/shallow\n/public\n");
    commit_as_published(&site);
    git(&site, &["clone", "--quiet", ".", "clone"]);
    git(&site, &["config", "uploadpack.allowAnySHA1InWant", "true"]);
    let from = format!("file://{}", site.path(".").display());
    let publish = |folder: &str, number: usize, code: i32, more: &[&str]| {
        let now = instant(number);
        let mut arguments = vec!["publish", "--site", folder, "--to", "live", "--now", &now];
        arguments.extend(more);
        let outcome = match code {
            0 => site.run(&arguments),
            code => site.run_fails(code, &arguments),
        };
        outcome.stderr().to_owned()
    };
    publish(".", 1, 0, &[]);
    publish("clone", 2, 0, &[]);
    let incident = "---\ntitle: Log-in fails\ncomponents: {web: major_outage}\nstarted: 2022-12-28 19:00\n---\n\n## Investigating · 2022-12-28 20:00\n\nWe look.\n";
    site.write("incidents/log-in.md", incident);
    git(&site, &["add", "."]);
    git(&site, &["commit", "--quiet", "-m", "Post"]);
    publish(".", 3, 0, &[]);
    let live = manifest(&site.path("live"));
    // That commit is not known in the clone, then it is, then it is what is checked out.
    for more in [&[][..], &["--dry-run"]] {
        let refused = publish("clone", 4, 3, more);
        let commit = &live["commit"].as_str().unwrap()[..12];
        assert!(
            refused.contains(&format!("the live page is of commit {commit}, and these"))
                && refused.contains("git pull"),
            "{refused}"
        );
    }
    git(&site, &["-C", "clone", "fetch", "--quiet"]);
    publish("clone", 4, 3, &[]);
    assert_eq!(manifest(&site.path("live")), live);
    // A guard looks at the same; a pipeline whose history is cut off cannot tell.
    git(
        &site,
        &["clone", "--quiet", "--depth", "1", &from, "shallow"],
    );
    git(&site, &["-C", "clone", "pull", "--quiet"]);
    publish("clone", 4, 0, &[]);
    site.write("more.md", "");
    git(&site, &["add", "."]);
    git(&site, &["commit", "--quiet", "-m", "More"]);
    publish(".", 5, 0, &[]);
    publish("shallow", 6, 0, &[]);
    // What was given up is replaced on purpose.
    publish(".", 7, 0, &[]);
    publish("clone", 8, 3, &[]);
    publish("clone", 8, 0, &["--force"]);
    // Another branch is neither before nor after: it is somebody's will.
    git(&site, &["checkout", "--quiet", "-b", "other", "HEAD~1"]);
    git(
        &site,
        &["commit", "--quiet", "--allow-empty", "-m", "Other"],
    );
    publish(".", 9, 0, &[]);
}

#[test]
fn what_somebody_else_put_there_is_not_replaced() {
    let site = site().file("live/thesis.txt", "years of work");
    let refused = site.run_fails(2, &["publish", "--to", "live", "--now", &instant(1)]);
    assert!(
        refused.stderr().contains("not published by allclear"),
        "{}",
        refused.stderr()
    );
    assert_eq!(files_below(&site.path("live")), ["thesis.txt"]);
    site.run(&["build", "--now", &instant(1)]);
    let refused = site.run_fails(2, &["publish", "--to", "public", "--now", &instant(2)]);
    assert!(
        refused.stderr().contains("this is where `build` writes"),
        "{}",
        refused.stderr()
    );
}

#[test]
fn a_folder_that_is_typed_is_named_from_where_one_is_and_one_of_the_site_from_there() {
    let site = SiteTest::new();
    let config = site.read("allclear.toml");
    let config = format!("{config}\n[publish]\nto = \"../own\"\n");
    for file in files_below(&site.path("")) {
        let text = fs::read(site.path(&file)).unwrap();
        let copy = site.path("a/site").join(&file);
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        fs::write(copy, text).unwrap();
    }
    site.write("a/site/allclear.toml", &config);
    let now = instant(1);
    let root = site.path("").canonicalize().unwrap();
    let typed = ["publish", "--site", "a/site", "--to", "www", "--now", &now];
    let said = site.run(&typed).stdout().to_owned();
    let begin = format!("{}: ", root.join("www").display());
    assert!(said.starts_with(&begin), "{said}");
    assert_eq!(manifest(&site.path("www"))["now"], now.as_str());
    let said = site.run(&["publish", "--site", "a/site", "--now", &now]);
    let begin = format!("{}: ", root.join("a/own").display());
    assert!(said.stdout().starts_with(&begin), "{}", said.stdout());
    assert_eq!(manifest(&site.path("a/own"))["now"], now.as_str());
}

/// Runs a script of the shell that may mount disks, which nobody else sees; `None` where this machine does not let it do
/// what it needs.
fn with_mounts(site: &SiteTest, needed: &str, script: &str) -> Option<std::process::Output> {
    // Root needs no rights of its own making, and may mount more without them.
    for rights in [&["--mount"][..], &["--mount", "--map-root-user"]] {
        let shell = |script: &str| {
            Command::new("unshare")
                .args(rights)
                .args(["sh", "-c", script])
                .env("ALLCLEAR", snapbox::cmd::cargo_bin!("allclear"))
                .env_remove("ALLCLEAR_SITE")
                .current_dir(site.path(""))
                .output()
        };
        if shell(needed).is_ok_and(|it| it.status.success()) {
            return Some(shell(&format!("{needed} && {script}")).unwrap());
        }
    }
    eprintln!("not run: {needed} is not allowed here");
    None
}

#[test]
fn a_file_system_that_cannot_swap_is_told_and_nothing_is_left_there() {
    let site = site();
    site.run(&["publish", "--to", "lower/status", "--now", &instant(1)]);
    let needed = "mkdir -p upper work merged && \
         mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work,redirect_dir=off merged";
    let script = format!(
        "\"$ALLCLEAR\" publish --to merged/status --now {}; echo $?; ls -A merged",
        instant(2)
    );
    let Some(refused) = with_mounts(&site, needed, &script) else {
        return;
    };
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(
        said.contains("merged/status`: it is mounted there, or part of a container's image"),
        "{said}"
    );
    let rest = String::from_utf8(refused.stdout).unwrap();
    assert_eq!(rest, "2\n.status.allclear-lock\nstatus\n");
    assert_eq!(
        manifest(&site.path("lower/status"))["now"],
        instant(1).as_str()
    );
}

#[test]
fn what_is_mounted_inside_of_the_folder_is_not_emptied() {
    let site = site().file("precious/data.txt", "years of work");
    site.run(&["publish", "--to", "live/status", "--now", &instant(1)]);
    let mounted = "mkdir -p 'live/status/my files' && mount --bind precious 'live/status/my files'";
    let publish = format!(
        "\"$ALLCLEAR\" publish --to live/status --now {}",
        instant(2)
    );
    let Some(refused) = with_mounts(&site, mounted, &publish) else {
        return;
    };
    assert_eq!(site.read("precious/data.txt"), "years of work");
    let text = String::from_utf8(refused.stderr).unwrap();
    assert!(
        text.contains("live/status/my files`: a disk is mounted there, which cannot move along"),
        "{text}"
    );
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(
        manifest(&site.path("live/status"))["now"],
        instant(1).as_str()
    );
    // Without it, all is well again.
    site.run(&["publish", "--to", "live/status", "--now", &instant(2)]);
    assert!(site.path("live/status/my files").exists());
}

/// The program as somebody who may do less than root; `None` where that cannot be.
fn as_nobody(site: &SiteTest, arguments: &[&str]) -> Option<std::process::Output> {
    use std::os::unix::process::CommandExt as _;
    let run = Command::new(snapbox::cmd::cargo_bin!("allclear"))
        .args(arguments)
        .current_dir(site.path(""))
        .env("HOME", site.path(""))
        .env_remove("ALLCLEAR_SITE")
        .env("NO_COLOR", "1")
        .uid(65534)
        .gid(65534)
        .output();
    if run.is_err() {
        eprintln!("not run: nobody else can be impersonated here");
    }
    run.ok()
}

#[test]
fn a_folder_of_somebody_else_keeps_no_page_from_being_published() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
    let site = site();
    fs::create_dir(site.path("live")).unwrap();
    let given = chown(site.path("live"), Some(65534), Some(65534));
    if given.is_err() {
        eprintln!("not run: only root can give a folder to somebody else");
        return;
    }
    fs::set_permissions(site.path(""), fs::Permissions::from_mode(0o755)).unwrap();
    let publish = |number| {
        let now = instant(number);
        as_nobody(&site, &["publish", "--to", "live/status", "--now", &now])
    };
    let Some(first) = publish(1) else {
        return;
    };
    assert!(first.status.success(), "{first:?}");
    // As a program of root does that asks for certificates.
    let token = "live/status/.well-known/acme-challenge/token";
    site.write(token, "token");
    let well_known = site.path("live/status/.well-known");
    fs::set_permissions(&well_known, fs::Permissions::from_mode(0o755)).unwrap();
    let second = publish(2).unwrap();
    assert_eq!(second.status.code(), Some(0), "{second:?}");
    assert_eq!(
        manifest(&site.path("live/status"))["now"],
        instant(2).as_str()
    );
    assert_eq!(site.read(token), "token");
    let said = String::from_utf8(second.stderr).unwrap();
    assert!(
        said.contains("live/.status.allclear-kept-1` has files of others"),
        "{said}"
    );
    let kept = "live/.status.allclear-kept-1/.well-known/acme-challenge/token";
    assert_eq!(site.read(kept), "token");
    assert_eq!(fs::metadata(site.path(kept)).unwrap().uid(), 0);
    let third = publish(3).unwrap();
    assert_eq!(third.status.code(), Some(0), "{third:?}");
    assert!(!site.path("live/.status.allclear-kept-2").exists());
}

#[test]
fn everybody_may_read_the_page_whatever_is_masked() {
    use std::os::unix::fs::PermissionsExt as _;
    let site = site();
    let publish = format!(
        "umask 077; \"$ALLCLEAR\" publish --quiet --to live/status --now {}",
        instant(1)
    );
    let done = Command::new("sh")
        .args(["-c", &publish])
        .env("ALLCLEAR", snapbox::cmd::cargo_bin!("allclear"))
        .env_remove("ALLCLEAR_SITE")
        .current_dir(site.path(""))
        .status();
    assert!(done.unwrap().success());
    let mode = |path: &str| {
        let metadata = fs::metadata(site.path("live/status").join(path)).unwrap();
        metadata.permissions().mode() & 0o777
    };
    let files = files_below(&site.path("live/status"));
    assert!(files.len() > 20, "{files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o644, "{file}");
        let folders = Path::new(&file).ancestors().skip(1);
        for folder in folders.map(|it| it.to_str().unwrap()) {
            assert_eq!(mode(folder), 0o755, "{folder}");
        }
    }
}

/// nginx, with the configuration that `hosting` prints; it ends with the value.
struct Nginx(std::process::Child);

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Nginx {
    /// `None` where there is none on this machine.
    fn start(site: &SiteTest, port: u16) -> Option<Self> {
        let found = Command::new("nginx")
            .arg("-v")
            .stderr(Stdio::null())
            .status();
        if found.is_err() {
            eprintln!("not run: there is no nginx");
            return None;
        }
        let root = site.path("live/status");
        let arguments = ["hosting", "nginx", "--root", root.to_str().unwrap()];
        site.write("nginx/page.conf", site.run(&arguments).stdout());
        let folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
        let folders = folders.map(|it| format!("{it}_temp_path {it};"));
        // A master whose workers are somebody else could not look into a folder for tests.
        let text = format!(
            "user root; daemon off; master_process off; pid pid; error_log error.log;\nevents {{}}\nhttp {{ access_log off; {} include page.conf; }}\n",
            folders.join(" ")
        );
        site.write("nginx/nginx.conf", text);
        let child = Command::new("nginx")
            .args(["-e", "error.log", "-c", "nginx.conf", "-p"])
            .arg(site.path("nginx"))
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let nginx = Self(child);
        for _ in 0..200 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Some(nginx);
            }
            thread::sleep(Duration::from_millis(20));
        }
        panic!("{}", site.read("nginx/error.log"));
    }
}

#[test]
fn nginx_sends_the_page_of_a_folder_whole_through_publications() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let site = site();
    let config = site.read("allclear.toml");
    let url = format!("http://localhost:{port}/");
    site.write(
        "allclear.toml",
        config.replace("https://status.example.com/", &url),
    );
    site.run(&["publish", "--to", "live/status", "--now", &instant(1)]);
    let Some(_nginx) = Nginx::start(&site, port) else {
        return;
    };
    for number in 1..4 {
        let now = instant(number);
        site.run(&["publish", "--to", "live/status", "--now", &now]);
        // The same bytes, media types and cache rules as the manifest has.
        let text = site.run(&["verify", "--now", &now]).stdout().to_owned();
        assert!(
            text.contains("\nwhole: ") && !text.contains("warning: "),
            "{text}"
        );
        assert!(
            text.ends_with("Publishing this site now would change nothing.\n"),
            "{text}"
        );
    }
    fs::remove_file(site.path("live/status/robots.txt")).unwrap();
    let text = site
        .run_exits(1, &["verify", "--now", &instant(3)])
        .stdout()
        .to_owned();
    assert!(text.contains("  robots.txt: missing\n"), "{text}");
}

/// Numbers that look random, the same in each run.
fn dice(seed: &mut u64) -> u64 {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    *seed
}

#[test]
fn publishers_that_are_killed_leave_a_whole_page() {
    let site = site();
    site.run(&["publish", "--to", "live/status", "--now", &instant(0)]);
    let folder = site.path("live/status");
    let (next, killed, is_over) = (
        AtomicUsize::new(1),
        AtomicUsize::new(0),
        AtomicBool::new(false),
    );
    let reads = thread::scope(|scope| {
        let publishers = [7, 11].map(|mut seed| {
            let (site, next, killed) = (&site, &next, &killed);
            scope.spawn(move || {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number > rounds() {
                        return;
                    }
                    let mut child = Command::new(snapbox::cmd::cargo_bin!("allclear"))
                        .args(["publish", "--to", "live/status", "--now", &instant(number)])
                        .current_dir(site.path(""))
                        .stdout(Stdio::null())
                        .stderr(Stdio::null())
                        .spawn()
                        .unwrap();
                    if !dice(&mut seed).is_multiple_of(3) {
                        thread::sleep(Duration::from_millis(dice(&mut seed) % 200));
                        child.kill().unwrap();
                    }
                    match child.wait().unwrap().code() {
                        None => drop(killed.fetch_add(1, Ordering::Relaxed)),
                        // The other one has brought a newer build.
                        code => assert!(matches!(code, Some(0 | 3)), "{code:?}"),
                    }
                }
            })
        });
        let reader = scope.spawn(|| read_on(&folder, &is_over));
        let joined = publishers.map(thread::ScopedJoinHandle::join);
        is_over.store(true, Ordering::Relaxed);
        joined.into_iter().for_each(|it| it.unwrap());
        reader.join().unwrap()
    });
    let killed = killed.into_inner();
    eprintln!("{} rounds, {killed} killed, {reads} reads", rounds());
    assert!(killed > 0 && reads > 0, "{killed} killed, {reads} reads");
    let last = instant(rounds() + 1);
    site.run(&["publish", "--to", "live/status", "--now", &last]);
    assert_live(&site, "live/status", &last);
    let names: Vec<_> = fs::read_dir(site.path("live")).unwrap().collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

/// Reads the index and what it needs until it is over; returns how often.
fn read_on(folder: &Path, is_over: &AtomicBool) -> usize {
    let index = || fs::read_to_string(folder.join("index.html")).unwrap();
    let (mut newest, mut reads) = (String::new(), 0);
    while !is_over.load(Ordering::Relaxed) {
        let now = manifest(folder)["now"].as_str().unwrap().to_owned();
        assert!(now >= newest, "{newest} went back to {now}");
        newest = now;
        let text = index();
        let links = ["href=\"", "src=\""];
        let links = links.iter().flat_map(|it| text.split(it).skip(1));
        let links = links.filter_map(|it| it.split(['"', '#', '?']).next());
        let inside = links.filter(|it| !it.is_empty() && !it.contains(':'));
        for link in inside.map(|it| it.trim_start_matches("./")) {
            let path = folder.join(link);
            // An older page may need what is gone; this one not.
            let is_there = || path.join("index.html").exists() || path.is_file();
            assert!(is_there() || index() != text, "{link}");
        }
        reads += 1;
    }
    reads
}
