//! What a power cut leaves of an output folder: files without their end, and a manifest without its own.

use std::fs;

use super::{OLD, expected, files, folder, manifest, refusal, site};
use crate::write::write;

/// What the next build makes of [`OLD`]: a page is new, one has changed, and one is gone.
const NEW: &[(&str, &str)] = &[
    ("index.html", "new home"),
    ("assets/main.css", "css"),
    ("incidents/x/index.html", "x"),
    ("incidents/z/index.html", "z"),
];

#[test]
fn files_that_lost_their_content_are_written_again() {
    for (path, text) in OLD {
        for length in 0..text.len() {
            let (_dir, out) = folder();
            write(&out, &site(OLD)).unwrap();
            fs::write(out.join(path), &text[..length]).unwrap();
            assert_eq!(write(&out, &site(OLD)).unwrap().written, 1, "{path}");
            assert_eq!(files(&out), expected(OLD), "{path}");
            // As long as it was, with nothing in it.
            fs::write(out.join(path), "\0".repeat(text.len())).unwrap();
            write(&out, &site(OLD)).unwrap();
            assert_eq!(files(&out), expected(OLD), "{path}");
        }
    }
}

#[test]
fn a_torn_manifest_is_made_anew() {
    let (_dir, out) = folder();
    write(&out, &site(OLD)).unwrap();
    let whole = manifest(&out);
    for length in 0..whole.len() {
        for zeros in [0, whole.len() - length] {
            let (_dir, out) = folder();
            write(&out, &site(OLD)).unwrap();
            fs::write(out.join("CNAME"), "status.example.com").unwrap();
            // A name that only a torn line has is a stranger's.
            fs::write(out.join("incidents/y/i"), "mine").unwrap();
            let torn = format!("{}{}", &whole[..length], "\0".repeat(zeros));
            fs::write(out.join(".allclear-manifest"), &torn).unwrap();

            let written = write(&out, &site(NEW)).unwrap();
            assert!(written.was_manifest_torn, "{torn:?}");
            let mut kept = expected(NEW);
            kept.insert("CNAME".to_owned(), "status.example.com".to_owned());
            kept.insert("incidents/y/i".to_owned(), "mine".to_owned());
            // Whether an earlier build made it is known only where its line is whole.
            if !torn.contains("incidents/y/index.html\n") {
                kept.insert("incidents/y/index.html".to_owned(), "y".to_owned());
            }
            assert_eq!(files(&out), kept, "{torn:?}");
            let text = "allclear manifest 1\nassets/main.css\nincidents/x/index.html\nincidents/z/index.html\nindex.html\n/end\n";
            assert_eq!(manifest(&out), text, "{torn:?}");
            let again = write(&out, &site(NEW)).unwrap();
            assert_eq!((again.unchanged, again.was_manifest_torn), (4, false));
        }
    }
}

#[test]
fn a_torn_manifest_is_made_anew_where_nothing_else_is_to_do() {
    let (_dir, out) = folder();
    write(&out, &site(OLD)).unwrap();
    let whole = manifest(&out);
    fs::write(out.join(".allclear-manifest"), "").unwrap();
    let written = write(&out, &site(OLD)).unwrap();
    assert_eq!((written.unchanged, written.was_manifest_torn), (4, true));
    assert_eq!(manifest(&out), whole);
}

#[cfg(unix)]
#[test]
fn a_torn_manifest_gives_no_folder_and_no_link_away() {
    let (_dir, out) = folder();
    write(&out, &site(OLD)).unwrap();
    fs::write(out.join(".allclear-manifest"), "").unwrap();
    fs::remove_file(out.join("index.html")).unwrap();
    fs::create_dir(out.join("index.html")).unwrap();
    fs::write(out.join("index.html/mine"), "mine").unwrap();
    let told = "`OUT/index.html` is in the way, and allclear did not make it; nothing was written";
    assert_eq!(refusal(&out, &site(NEW)), told);
    assert_eq!(manifest(&out), "");

    fs::remove_dir_all(out.join("index.html")).unwrap();
    fs::write(out.join("mine"), "mine").unwrap();
    std::os::unix::fs::symlink("mine", out.join("index.html")).unwrap();
    assert_eq!(refusal(&out, &site(NEW)), told);
    assert_eq!(fs::read_to_string(out.join("mine")).unwrap(), "mine");
}
