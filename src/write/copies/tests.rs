#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::*;
use crate::write::write;

fn page(text: &str) -> Output {
    Output::new("a/index.html", format!("<p>{text}</p>\n").repeat(200))
}

fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = Utf8PathBuf::from_path_buf(folder.path().to_owned()).unwrap();
    (folder, path)
}

fn paths(outputs: &[Output]) -> Vec<&str> {
    outputs.iter().map(|it| it.path.as_str()).collect()
}

#[test]
fn copies_lie_beside_what_is_worth_it() {
    let (_folder, folder) = folder();
    let outputs = vec![
        page("well"),
        Output::new("short.html", "<p>short</p>"),
        Output::new("picture.png", vec![0; 5000]),
    ];
    let all = with_copies(&folder, outputs, &mut Copies::default());
    let expected = [
        "a/index.html",
        "short.html",
        "picture.png",
        "a/index.html.gz",
        "a/index.html.br",
    ];
    assert_eq!(paths(&all), expected);
}

#[test]
fn a_file_of_the_site_stays_in_the_place_of_a_copy() {
    let (_folder, folder) = folder();
    let own =
        Output::new("A/index.html.gz", "mine").because_of(Utf8Path::new("static/A/index.html.gz"));
    let all = with_copies(&folder, vec![page("well"), own], &mut Copies::default());
    assert_eq!(
        paths(&all),
        ["a/index.html", "A/index.html.gz", "a/index.html.br"]
    );
}

/// A copy of the last build is known by what it unpacks to: one that another program made better stays.
#[test]
fn only_what_changed_is_compressed_again() {
    let (_folder, folder) = folder();
    let build = |text: &str| {
        write(
            &folder,
            &with_copies(&folder, vec![page(text)], &mut Copies::default()),
        )
        .unwrap()
    };
    assert_eq!(build("well").written, 3);
    assert_eq!(build("well").written, 0);

    let fast = |text: &str| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
        std::io::Write::write_all(&mut encoder, &page(text).bytes).unwrap();
        encoder.finish().unwrap()
    };
    let gz = folder.join("a/index.html.gz");
    fs::write(&gz, fast("well")).unwrap();
    assert_eq!(build("well").written, 0);
    assert_eq!(fs::read(&gz).unwrap(), fast("well"));

    // One of another text, a torn one and none are made anew.
    for other in [fast("ill"), fast("well")[..40].to_vec(), vec![0; 60]] {
        fs::write(&gz, other).unwrap();
        assert_eq!(build("well").written, 1);
    }
    assert_eq!(build("ill").written, 3);
}

#[test]
fn memory_is_of_the_last_build_only() {
    let (_folder, folder) = folder();
    let memory = &mut Copies::default();
    let first = with_copies(&folder, vec![page("well")], memory);
    let again = with_copies(&folder, vec![page("well")], memory);
    // The very bytes, which nobody has made again.
    let places =
        |all: &[Output]| -> Vec<_> { all[1..].iter().map(|it| it.bytes.as_ptr()).collect() };
    assert_eq!(places(&again), places(&first));
    let changed = with_copies(&folder, vec![page("ill")], memory);
    assert_ne!(changed[1].bytes, first[1].bytes);
    with_copies(&folder, Vec::new(), memory);
    assert!(memory.of.is_empty());
}
