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
