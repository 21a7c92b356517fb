//! `install.sh` of a release, in the shells of this machine, from a server on it: what it takes, and what it refuses.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::release::{Release, SUMS, VERSION, archive, here};
use crate::site_test::{SiteTest, files_below};
use crate::web_server::{Reply, WebServer};

/// The shells that are here, each as the words that start it.
fn shells() -> Vec<&'static [&'static str]> {
    let known: [&[&str]; 4] = [&["sh"], &["dash"], &["bash", "--posix"], &["busybox", "sh"]];
    let is_here = |words: &&[&str]| {
        let ran = Command::new(words[0])
            .args(&words[1..])
            .args(["-c", ":"])
            .output();
        let is_here = ran.is_ok_and(|it| it.status.success());
        if !is_here {
            eprintln!("not run: there is no {}", words[0]);
        }
        is_here
    };
    known.into_iter().filter(is_here).collect()
}

/// A folder in which things are installed.
struct Machine {
    folder: SiteTest,
    shell: &'static [&'static str],
    /// What stands before all else in `PATH`, and whether anything else is in it.
    own: &'static str,
    is_alone: bool,
}

impl Machine {
    fn new() -> Self {
        Self {
            folder: SiteTest::empty(),
            shell: &["sh"],
            own: "bin",
            is_alone: false,
        }
    }

    /// A machine with a program that is a script of its own.
    fn with(self, name: &str, script: &str) -> Self {
        let path = format!("bin/{name}");
        self.folder.write(&path, format!("#!/bin/sh\n{script}\n"));
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(self.folder.path(&path), mode).unwrap();
        self
    }

    /// A machine that has no curl, but maybe the wget of another file.
    fn without_curl(mut self, wget: Option<&Path>) -> Self {
        let tools = "cat chmod cp cut gzip mkdir mktemp mv rm rmdir sh sha256sum tar tr uname";
        std::fs::create_dir_all(self.folder.path("bin")).unwrap();
        let search = std::env::var_os("PATH").unwrap();
        for tool in tools.split(' ') {
            let found = std::env::split_paths(&search).map(|folder| folder.join(tool));
            let found = found.into_iter().find(|file| file.is_file()).unwrap();
            let link = self.folder.path(&format!("bin/{tool}"));
            std::os::unix::fs::symlink(found, link).unwrap();
        }
        if let Some(wget) = wget {
            std::os::unix::fs::symlink(wget, self.folder.path("bin/wget")).unwrap();
        }
        self.is_alone = true;
        self
    }

    /// Whether it is installed, with all that was said.
    fn install(&self, arguments: &[&str], variables: &[(&str, &str)]) -> (bool, String) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/install.sh");
        let search = std::env::var("PATH").unwrap();
        let own = self.folder.path(self.own);
        let path = match self.is_alone {
            true => own.display().to_string(),
            false => format!("{}:{search}", own.display()),
        };
        let shell = std::env::split_paths(&search).map(|it| it.join(self.shell[0]));
        let shell = shell.into_iter().find(|it| it.is_file()).unwrap();
        let output = Command::new(shell)
            .args(&self.shell[1..])
            .arg(script)
            .args(arguments)
            .current_dir(self.folder.path(""))
            .env("PATH", path)
            .env("HOME", self.folder.path("home"))
            .env_remove("ALLCLEAR_RELEASES")
            .env_remove("ALLCLEAR_SHA256")
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(said).unwrap())
    }

    /// Asserts that it is installed, into `to`.
    #[track_caller]
    fn installs(&self, address: &str, arguments: &[&str], variables: &[(&str, &str)]) -> String {
        let words = [&["--from", address, "--to", "to"], arguments].concat();
        let (is_installed, said) = self.install(&words, variables);
        assert!(is_installed, "{:?}: {said}", self.shell);
        assert_eq!(files_below(&self.folder.path("to")), ["allclear"]);
        std::fs::remove_dir_all(self.folder.path("to")).unwrap();
        said
    }

    /// Asserts that nothing is installed into `to`, or left behind, and what is said last.
    #[track_caller]
    fn refuses(
        &self,
        address: &str,
        arguments: &[&str],
        variables: &[(&str, &str)],
        expected: &str,
    ) {
        let words = [&["--from", address, "--to", "to"], arguments].concat();
        let (is_installed, said) = self.install(&words, variables);
        let is_told = said.ends_with(&format!("install.sh: {expected}\n"));
        assert!(!is_installed && is_told, "{address} {arguments:?}: {said}");
        assert!(!self.folder.path("to").exists(), "{said}");
    }
}

const NO_SECRETS: &str = "takes an address of releases without a user, a password or a query, such as https://git.example.com/allclear/releases/download";

/// Only this machine itself is asked without a certificate, however its address is written.
#[test]
fn an_address_is_one_with_https_or_of_this_machine() {
    let machine = Machine::new().with("curl", "echo asked >>asked; exit 22");
    for address in [
        "http://git.acme.example",
        "http://127.0.0.1.acme.example/",
        "http://127.0.0.1:80.acme.example/",
        "http://localhost.acme.example:80/",
        "http://127.0.0.1:80:x/",
        "ftp://127.0.0.1/",
        "127.0.0.1",
        "HTTP://127.0.0.1/",
        "https:///releases",
    ] {
        let why =
            format!("takes releases from an address with https:// only, not from '{address}'");
        machine.refuses(address, &[], &[], &why);
    }
    for address in [
        "http://127.0.0.1:x@acme.example/",
        "http://127.0.0.1:80@acme.example/",
        "http://localhost@acme.example/",
        "http://127.0.0.1#@acme.example/",
        "http://127.0.0.1?@acme.example/",
        "http://127.0.0.1\\@acme.example/",
        "https://name:word@git.acme.example/",
        "https://git.acme.example/{a,b}",
        "https://git.acme.example/a b",
    ] {
        machine.refuses(address, &[], &[], NO_SECRETS);
    }
    assert!(!machine.folder.path("asked").exists());
    for address in [
        "http://127.0.0.1",
        "http://127.0.0.1:81/releases/",
        "http://localhost:81",
        "https://git.acme.example/allclear/releases/download",
    ] {
        machine.install(&["--from", address, "--to", "to"], &[]);
    }
    assert_eq!(machine.folder.read("asked").lines().count(), 4);
}

/// curl is told what it may do, and for how long.
#[test]
fn curl_has_limits() {
    let machine = Machine::new().with("curl", "echo \" $* \" >>asked; exit 22");
    for (address, only) in [
        ("https://git.acme.example", " --proto =https "),
        ("http://127.0.0.1", " --noproxy * --proto =http "),
    ] {
        machine.install(&["--from", address, "--to", "to"], &[]);
        let asked = machine.folder.read("asked");
        let limits = [
            only,
            " --proto-redir =https ",
            " --connect-timeout 20 ",
            " --max-time 300 ",
            " --retry 3 ",
        ];
        for limit in limits {
            assert!(asked.contains(limit), "{limit}: {asked}");
        }
        std::fs::remove_file(machine.folder.path("asked")).unwrap();
    }
}

/// Whoever is sent on is not sent where there is no certificate.
#[test]
fn nobody_is_sent_on_to_http() {
    let release = Release::of_the_program();
    let to = release.address();
    let server = WebServer::new(move |path, _| Reply::redirect(&format!("{to}{path}")));
    let address = server.url().trim_end_matches('/');
    let why = format!(
        "{address}/v{VERSION}/{SUMS} could not be fetched: look at the version, and at ALLCLEAR_RELEASES or --from"
    );
    Machine::new().refuses(address, &[], &[], &why);
    assert_eq!(release.asked(), [""; 0]);
}

/// A wget may take any certificate, so that only a sum from elsewhere says what it brings.
#[test]
fn wget_is_taken_for_what_has_a_known_sum() {
    let release = Release::of_the_program();
    let sum = release.sum(&here());
    let mut tried = 0;
    for wget in ["/usr/bin/wget", "/usr/bin/busybox", "/bin/busybox"] {
        if !Path::new(wget).exists() {
            eprintln!("not run: there is no {wget}");
            continue;
        }
        let machine = Machine::new().without_curl(Some(Path::new(wget)));
        let why = "needs curl, for wget may believe any server: install curl, or set ALLCLEAR_SHA256 to the sum of the archive, from a place that you trust";
        machine.refuses(&release.address(), &[], &[], why);
        machine.installs(&release.address(), &[], &[("ALLCLEAR_SHA256", &sum)]);
        tried += 1;
    }
    assert_eq!(
        release.asked(),
        vec![format!("/v{VERSION}/{}", archive(&here())); tried]
    );
    let why = "needs curl: install it and run this again";
    Machine::new().without_curl(None).refuses(
        &release.address(),
        &[],
        &[("ALLCLEAR_SHA256", &sum)],
        why,
    );
}

/// What a sum is compared with comes from the caller, or from the release: then that alone is asked for.
#[test]
fn a_sum_that_is_given_is_the_only_one_that_counts() {
    let release = Release::changed("true", |files| {
        files.retain(|path, _| !path.ends_with(SUMS));
    });
    let machine = Machine::new();
    let gnu = here().replace("musl", "gnu");
    for target in [&here(), &gnu] {
        let sum = release.sum(target).to_uppercase();
        // The script is no program of this version, which is found out once its sum is right.
        let why = format!(
            "the program of allclear-{target}-v{VERSION}.tgz says that it is '', not 'allclear {VERSION}'"
        );
        machine.refuses(&release.address(), &[], &[("ALLCLEAR_SHA256", &sum)], &why);
    }
    assert!(release.asked().iter().all(|path| path.ends_with(".tgz")));
    let other = "0".repeat(64);
    let (is_installed, said) = machine.install(
        &["--from", &release.address(), "--to", "to"],
        &[("ALLCLEAR_SHA256", &other)],
    );
    let is_told = said.contains(
        ".tgz is not what ALLCLEAR_SHA256 says, and nothing was installed\n  expected SHA-256 000",
    );
    assert!(!is_installed && is_told, "{said}");
    let why = "ALLCLEAR_SHA256 is no SHA-256 sum: 64 digits, as SHA256SUMS of the release has them";
    machine.refuses(&release.address(), &[], &[("ALLCLEAR_SHA256", "abc")], why);
}

/// Lists that other programs have written: capital letters, lines of Windows, no end of the last line.
#[test]
fn lists_of_sums_are_read_however_they_are_written() {
    type Change = fn(&str) -> String;
    let ways: [(&str, Change); 4] = [
        ("as they are", |list| list.to_owned()),
        ("capitals", |list| {
            let lines = list.lines().map(|line| {
                let (sum, name) = line.split_once(' ').unwrap();
                format!("{} {name}\n", sum.to_uppercase())
            });
            lines.collect()
        }),
        ("CRLF", |list| list.replace('\n', "\r\n")),
        ("without an end", |list| {
            let here = format!("  {}", archive(&here()));
            let line = list.lines().find(|line| line.ends_with(&here));
            line.unwrap().replace("  ", " *")
        }),
    ];
    for (what, way) in ways {
        let release = Release::of_the_program_listed(way);
        for shell in shells() {
            let machine = Machine {
                shell,
                ..Machine::new()
            };
            let said = machine.installs(&release.address(), &[], &[]);
            let sum = format!(
                "\nThe SHA-256 sum of its archive is {}\n",
                release.sum(&here())
            );
            assert!(said.contains(&sum), "{what}: {said}");
        }
    }
    // What is no sum is none.
    let release = Release::of_the_program_listed(|list| list.replace("  ", "0  "));
    let (is_installed, said) =
        Machine::new().install(&["--from", &release.address(), "--to", "to"], &[]);
    let is_told = said.contains("lists no archive for this machine");
    assert!(!is_installed && is_told, "{said}");
}

/// An archive that is kept is not fetched again, and one that is spoiled is.
#[test]
fn an_archive_may_be_kept() {
    let release = Release::of_the_program();
    let [list, file] = [SUMS, &archive(&here())].map(|file| format!("/v{VERSION}/{file}"));
    let machine = Machine::new();
    let install = |variables: &[(&str, &str)]| {
        machine.installs(&release.address(), &["--keep", "kept"], variables);
    };
    install(&[]);
    install(&[]);
    assert_eq!(release.asked(), [&*list, &*file, &*list]);
    let kept = files_below(&machine.folder.path("kept"));
    assert_eq!(kept, [archive(&here())]);
    machine
        .folder
        .write(&format!("kept/{}", kept[0]), "anything");
    install(&[]);
    assert_eq!(release.asked().len(), 5);
    install(&[("ALLCLEAR_SHA256", &release.sum(&here()))]);
    assert_eq!(release.asked().len(), 5);
}

/// A program is put where it was meant to be, or nowhere.
#[test]
fn a_folder_is_no_place_for_a_program() {
    let release = Release::of_the_program();
    let machine = Machine::new();
    std::fs::create_dir_all(machine.folder.path("there/allclear")).unwrap();
    let (is_installed, said) =
        machine.install(&["--from", &release.address(), "--to", "there"], &[]);
    let folder = machine.folder.path("there").canonicalize().unwrap();
    let why = format!(
        "install.sh: {}/allclear is a folder: choose another folder by --to DIR\n",
        folder.display()
    );
    assert!(!is_installed && said == why, "{said}");
    assert_eq!(files_below(&folder), [""; 0]);

    // A folder may be named from where one is, and is told so that it can be used from elsewhere. Programs need not run in the
    // folder for temporary files.
    let temporary = ("TMPDIR", "/nonexistent");
    let said = machine.installs(&release.address(), &[], &[temporary]);
    let folder = machine.folder.path("").canonicalize().unwrap().join("to");
    let folder = folder.display();
    assert!(
        said.starts_with(&format!("allclear {VERSION} is {folder}/allclear\n")),
        "{said}"
    );
    let hint = format!("\nTo find it by its name: export PATH=\"{folder}:$PATH\"\n");
    assert!(said.ends_with(&hint), "{said}");
}

#[test]
fn a_version_has_three_numbers() {
    let release = Release::of_the_program();
    let machine = Machine::new();
    for version in [
        "..", ".", "../1", "latest", "1", "0.1", "0..1.2", "1.2.3.", "0.1.0/x", "-1.0.0",
    ] {
        let why = format!("'{version}' is no version; one looks like {VERSION}");
        machine.refuses(&release.address(), &["--version", version], &[], &why);
    }
    assert_eq!(release.asked(), [""; 0]);
    machine.installs(
        &release.address(),
        &["--version", &format!("v{VERSION}")],
        &[],
    );
    let address = release.address();
    let why = format!(
        "{address}/v1.2.3-rc.1/{SUMS} could not be fetched: look at the version, and at ALLCLEAR_RELEASES or --from"
    );
    machine.refuses(&address, &["--version", "1.2.3-rc.1"], &[], &why);
}

/// The shell of Windows is for the processor that most have, and says for which one the system is.
#[test]
fn windows_on_arm_gets_its_own_program() {
    let release = Release::of_the_program();
    for (system, target) in [
        ("MINGW64_NT-10.0-26100", "x86_64-pc-windows-msvc"),
        ("MINGW64_NT-10.0-26100-ARM64", "aarch64-pc-windows-msvc"),
        ("MSYS_NT-10.0-26100-ARM64", "aarch64-pc-windows-msvc"),
    ] {
        let uname = format!("case $1 in -s) echo {system} ;; -m) echo x86_64 ;; esac");
        let machine = Machine::new().with("uname", &uname);
        let (is_installed, said) =
            machine.install(&["--from", &release.address(), "--to", "to"], &[]);
        assert!(is_installed, "{said}");
        let asked = release.asked();
        assert_eq!(
            *asked.last().unwrap(),
            format!("/v{VERSION}/{}", archive(target))
        );
    }
}
