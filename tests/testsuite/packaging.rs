//! What the scripts of `packaging` and `Cargo.toml` say of a release: the same names, the same version, and all that compiling needs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::site_test::files_below;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// `Cargo.toml`, as a value.
fn manifest() -> toml::Table {
    read("Cargo.toml").parse().unwrap()
}

/// The scripts of `packaging`, with the shell that reads them.
fn shell_scripts() -> Vec<(PathBuf, &'static str)> {
    let folder = root().join("packaging");
    let scripts: Vec<_> = files_below(&folder)
        .into_iter()
        .filter_map(|file| {
            let path = folder.join(file.as_str());
            let text = fs::read(&path).unwrap();
            let first = text.split(|byte| *byte == b'\n').next().unwrap();
            match first {
                b"#!/bin/sh" => Some((path, "sh")),
                b"#!/usr/bin/env bash" => Some((path, "bash")),
                _ => None,
            }
        })
        .collect();
    assert!(scripts.len() >= 3, "only {scripts:?} were found");
    scripts
}

#[test]
fn shells_read_the_scripts() {
    for (script, shell) in shell_scripts() {
        let read = Command::new(shell).arg("-n").arg(&script).output().unwrap();
        let said = String::from_utf8_lossy(&read.stderr);
        assert!(read.status.success(), "{}: {said}", script.display());
    }
}

#[test]
fn shellcheck_finds_nothing_in_the_scripts() {
    if Command::new("shellcheck")
        .arg("--version")
        .output()
        .is_err()
    {
        eprintln!("not run: there is no shellcheck");
        return;
    }
    for (script, _) in shell_scripts() {
        let found = Command::new("shellcheck").arg(&script).output().unwrap();
        let said = String::from_utf8_lossy(&found.stdout);
        assert!(found.status.success(), "{said}");
    }
}

#[test]
fn python_reads_the_scripts() {
    for script in ["differences", "licences", "pack", "test"] {
        let text = read(&format!("packaging/{script}"));
        assert!(text.starts_with("#!/usr/bin/env python3\n"), "{script}");
        let program = "import ast, sys; ast.parse(open(sys.argv[1], encoding='utf-8').read())";
        let path = root().join("packaging").join(script);
        let Ok(read) = Command::new("python3")
            .args(["-c", program])
            .arg(path)
            .output()
        else {
            eprintln!("not run: there is no python3");
            return;
        };
        let said = String::from_utf8_lossy(&read.stderr);
        assert!(read.status.success(), "{script}: {said}");
    }
}

#[test]
fn the_version_is_the_same_everywhere() {
    let version = env!("CARGO_PKG_VERSION");
    let script = read("packaging/install.sh");
    assert!(
        script.contains(&format!("\nVERSION={version}\n")),
        "packaging/install.sh has another version than Cargo.toml, which has {version}"
    );
    assert!(
        read("packaging/wheel/pyproject.toml").contains("dynamic = [\"version\"]"),
        "the wheel takes its version from Cargo.toml"
    );
}

#[test]
fn a_release_has_the_names_that_installers_look_for() {
    let manifest = manifest();
    let binstall = &manifest["package"]["metadata"]["binstall"];
    assert_eq!(
        binstall["pkg-url"].as_str().unwrap(),
        "{ repo }/releases/download/v{ version }/allclear-{ target }-v{ version }.tgz"
    );
    let folder = "allclear-{ target }-v{ version }/{ bin }{ binary-ext }";
    assert_eq!(binstall["bin-dir"].as_str().unwrap(), folder);
    let build = read("packaging/build");
    let install = read("packaging/install.sh");
    for (file, text, line) in [
        ("build", &build, "name=allclear-$target-v$version\n"),
        ("build", &build, "\"$out/$name.tgz\"\n"),
        ("install.sh", &install, "name=allclear-$target-v$version\n"),
        ("install.sh", &install, "release=${from%/}/v$version\n"),
        ("install.sh", &install, "\"$way\" \"$name.tgz\""),
        ("install.sh", &install, "\"$release/$1\""),
        ("install.sh", &install, "\"$release/SHA256SUMS\""),
        ("install.sh", &install, "new=$work/$name/$program\n"),
    ] {
        assert!(text.contains(line), "packaging/{file} has no `{line}`");
    }
    let packages = [
        "allclear_$version-1_$deb_cpu.deb",
        "allclear-$version-1.${target%%-*}.rpm",
    ];
    for name in packages {
        assert!(build.contains(name), "packaging/build has no {name}");
    }
}

/// The address of the repository stands in one place: where it is not set, nothing pretends to have it.
#[test]
fn the_address_of_releases_comes_from_the_repository() {
    assert!(read("packaging/install.sh").contains("\nRELEASES=\n"));
    assert!(read("packaging/build").contains("/releases/download"));
}

#[test]
fn packages_of_distributions_take_files_that_are_made() {
    let manifest = manifest();
    let metadata = &manifest["package"]["metadata"];
    let deb = metadata["deb"]["assets"].as_array().unwrap();
    let rpm = metadata["generate-rpm"]["assets"].as_array().unwrap();
    let sources: Vec<&str> = deb
        .iter()
        .map(|asset| asset[0].as_str().unwrap())
        .chain(rpm.iter().map(|asset| asset["source"].as_str().unwrap()))
        .chain([metadata["deb"]["license-file"][0].as_str().unwrap()])
        .collect();
    assert!(sources.len() > 15, "{sources:?}");
    let build = read("packaging/build");
    for source in sources {
        if let Some(made) = source.strip_prefix("target/dist-build/stage/") {
            let place = made.split('*').next().unwrap();
            let line = format!("\"$stage/{place}");
            let is_made = build.contains(&line) || build.contains(&format!("\"$stage\"/{place}"));
            assert!(is_made, "packaging/build does not make {source}");
        } else if source != "target/release/allclear" {
            assert!(root().join(source).is_file(), "there is no {source}");
        }
    }
}

/// The files that `src` reads when it is compiled: `include_str!`, and the folders of `RustEmbed`.
fn embedded() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for file in files_below(&root().join("src")) {
        if !file.ends_with(".rs") {
            continue;
        }
        let path = root().join("src").join(file.as_str());
        let text = fs::read_to_string(&path).unwrap();
        for call in ["include_str!(\"", "include_bytes!(\"", "#[folder = \""] {
            for after in text.split(call).skip(1) {
                let named = after.split('"').next().unwrap();
                let base = match call {
                    "#[folder = \"" => root(),
                    _ => path.parent().unwrap(),
                };
                found.push(base.join(named).canonicalize().unwrap());
            }
        }
    }
    assert!(found.len() > 30, "only {} files were found", found.len());
    found
}

#[test]
fn the_package_for_cargo_has_what_is_compiled_in() {
    let manifest = manifest();
    let include = manifest["package"]["include"].as_array().unwrap();
    let included: Vec<PathBuf> = include
        .iter()
        .map(|path| root().join(path.as_str().unwrap().trim_start_matches('/')))
        .collect();
    for path in &included {
        assert!(path.exists(), "`include` names {}", path.display());
    }
    for path in embedded() {
        assert!(
            included.iter().any(|included| path.starts_with(included)),
            "Cargo.toml's `include` leaves out {}, which is compiled in",
            path.display()
        );
    }
    let others = [
        "tests",
        "fuzz",
        "benches",
        "docs",
        "evidence",
        "incidents",
        "packaging/build",
        "packaging/npm",
    ];
    for other in others {
        let other = root().join(other);
        assert!(!included.iter().any(|included| included.starts_with(&other)));
    }
}

/// A tool that somebody replaces on PyPI is not run by a release: pip compares each file with its sum.
#[test]
fn tools_from_pypi_are_held_to_their_sums() {
    let text = read("packaging/requirements.txt").replace("\\\n", " ");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let lines: Vec<&str> = lines.collect();
    assert!(lines.len() >= 3, "{lines:?}");
    for line in lines {
        assert!(
            line.contains("==") && line.contains("--hash=sha256:"),
            "packaging/requirements.txt: {line}"
        );
    }
    assert!(
        read("packaging/build")
            .contains("pip install --quiet --disable-pip-version-check --require-hashes")
    );
}

#[test]
fn workflows_name_the_compiler_with_its_patch() {
    let manifest = manifest();
    let least = manifest["package"]["rust-version"].as_str().unwrap();
    for file in ["ci", "release"] {
        let text = read(&format!(".github/workflows/{file}.yml"));
        let after = text.split("\n  RUST: \"").nth(1).unwrap();
        let version = after.split('"').next().unwrap();
        let patch = version
            .strip_prefix(least)
            .and_then(|it| it.strip_prefix('.'));
        assert!(
            patch.is_some_and(|it| it.parse::<u32>().is_ok()),
            "{file}.yml compiles by Rust {version}, and Cargo.toml wants {least} at least"
        );
    }
}

#[test]
fn a_release_has_all_parts_and_what_is_of_no_system_once() {
    let build = read("packaging/build");
    let after = build.split("\nall=(").nth(1).unwrap();
    let parts: Vec<&str> = after.split(')').next().unwrap().split(' ').collect();
    assert!(parts.len() > 6, "{parts:?}");
    let workflow = read(".github/workflows/release.yml");
    let jobs: Vec<Vec<&str>> = workflow
        .lines()
        .filter_map(|line| {
            line.trim()
                .strip_prefix("- { target: ")?
                .split_once("parts: ")
        })
        .map(|(_, parts)| parts.trim_end_matches(" }").split(' ').collect())
        .collect();
    assert_eq!(jobs.len(), 6, "{jobs:?}");
    for part in &parts {
        let count = jobs.iter().filter(|job| job.contains(part)).count();
        match *part {
            "npm-launcher" => assert_eq!(count, 1, "{part}"),
            "archive" | "sbom" => assert_eq!(count, jobs.len(), "{part}"),
            _ => assert!(count > 0, "{part}"),
        }
    }
    for part in jobs.iter().flatten() {
        assert!(parts.contains(part), "packaging/build makes no {part}");
    }
}

/// Runs `packaging/pack` with these words; `None`, and said so, where there is no Python.
fn pack(words: &[&str]) -> Option<()> {
    let run = Command::new("python3")
        .arg(root().join("packaging/pack"))
        .args(words)
        .env("SOURCE_DATE_EPOCH", "1700000000")
        .envs([
            ("DESCRIPTION", "A page"),
            ("LICENSES", "MIT"),
            ("REVISION", "1"),
        ])
        .output();
    let Ok(run) = run else {
        eprintln!("not run: there is no python3");
        return None;
    };
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{said}");
    Some(())
}

/// A volume that is new takes its owner from the image.
#[test]
fn the_user_of_the_image_may_write_into_the_site() {
    let folder = tempfile::tempdir().unwrap();
    let image = folder.path().join("root");
    for below in ["usr/bin", "site", "tmp"] {
        fs::create_dir_all(image.join(below)).unwrap();
    }
    fs::write(image.join("usr/bin/allclear"), "program").unwrap();
    let file = folder.path().join("image.tar");
    let words = [
        "image",
        image.to_str().unwrap(),
        file.to_str().unwrap(),
        "allclear",
        "1.0.0",
        "amd64",
    ];
    let Some(()) = pack(&words) else { return };
    let program = "
import gzip, io, json, sys, tarfile
image = tarfile.open(sys.argv[1])
blob = lambda digest: image.extractfile('blobs/sha256/' + digest.removeprefix('sha256:')).read()
index = json.load(image.extractfile('index.json'))
manifest = json.loads(blob(index['manifests'][0]['digest']))
layer = tarfile.open(fileobj=io.BytesIO(gzip.decompress(blob(manifest['layers'][0]['digest']))))
print(json.loads(blob(manifest['config']['digest']))['config']['User'])
for member in layer: print(member.name, oct(member.mode), member.uid, member.gid)
";
    let read = Command::new("python3")
        .args(["-c", program])
        .arg(&file)
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8_lossy(&read.stdout),
        "65532:65532\n\
         site 0o755 65532 65532\n\
         tmp 0o1777 0 0\n\
         usr 0o755 0 0\n\
         usr/bin 0o755 0 0\n\
         usr/bin/allclear 0o755 0 0\n",
        "{}",
        String::from_utf8_lossy(&read.stderr)
    );
}

#[test]
fn the_list_of_sums_has_all_files_and_is_read_by_sha256sum() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("b"), "").unwrap();
    fs::write(folder.path().join("a.tgz"), "a").unwrap();
    fs::write(folder.path().join("SHA256SUMS"), "old").unwrap();
    let Some(()) = pack(&["sums", folder.path().to_str().unwrap()]) else {
        return;
    };
    assert_eq!(
        fs::read_to_string(folder.path().join("SHA256SUMS")).unwrap(),
        "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb  a.tgz\n\
         e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  b\n"
    );
}
