//! Single files of a folder, through publications and kills.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{assert_clear, assert_whole, place, published, way};
use crate::publish::folder::Folder;
use crate::publish::tests::{build, publication};
use crate::publish::{Condition, Content, Refused, Store as _};

#[test]
fn a_single_file_changes_only_where_nobody_changed_it_meanwhile() {
    let (_dir, path) = place();
    let folder = Folder::new(&path);
    let write = |text: &str, condition: Condition<'_>| {
        let bytes = bytes::Bytes::from(text.to_owned());
        let content = Content {
            bytes: &bytes,
            content_type: "application/json",
            cache: "no-cache",
            mark: "",
        };
        folder.write("notified.json", content, condition)
    };
    assert!(folder.read("notified.json").unwrap().is_none());
    let first = write("1", Condition::New).unwrap();
    assert!(matches!(write("2", Condition::New), Err(Refused::Changed)));
    let second = write("2", Condition::Unchanged(&first)).unwrap();
    assert_ne!(first, second);
    assert!(matches!(
        write("3", Condition::Unchanged(&first)),
        Err(Refused::Changed)
    ));
    assert_eq!(
        folder.version("notified.json").unwrap(),
        Some(second.clone())
    );
    // The first publication comes after it.
    published(&path, 1);
    assert_eq!(
        folder.read("notified.json").unwrap(),
        Some(("2".into(), second.clone()))
    );
    assert!(matches!(
        folder.delete("notified.json", &first),
        Err(Refused::Changed)
    ));
    folder.delete("notified.json", &second).unwrap();
    folder.delete("notified.json", &second).unwrap();
    assert_whole(&path, 1, &[]);
    assert_clear(&path);
    let up = folder.read("../up").unwrap_err();
    assert!(matches!(up, Refused::Failed(why) if why == "../up: the path climbs"));
}

/// Writes a number into a file where it was one less, as a ledger is changed; says whether it was.
fn count_up(folder: &Folder) -> Result<bool, Refused> {
    let found = folder.read("notified.json")?;
    let (number, version) = match found {
        None => (0, None),
        Some((bytes, version)) => {
            let number: u64 = str::from_utf8(&bytes).unwrap().parse().unwrap();
            (number, Some(version))
        }
    };
    let bytes = bytes::Bytes::from((number + 1).to_string());
    let content = Content {
        bytes: &bytes,
        content_type: "application/json",
        cache: "no-cache",
        mark: "",
    };
    let condition = version.as_ref();
    let condition = condition.map_or(Condition::New, Condition::Unchanged);
    match folder.write("notified.json", content, condition) {
        Err(Refused::Changed) => Ok(false),
        written => written.map(|_| true),
    }
}

#[test]
fn no_change_of_a_single_file_is_lost_through_publications() {
    let (_dir, path) = place();
    published(&path, 1);
    let counted = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let folder = way(&path, i64::MAX, &Arc::default());
                for _ in 0..60 {
                    let is_counted = count_up(&folder).unwrap();
                    counted.fetch_add(usize::from(is_counted), Ordering::Relaxed);
                }
            });
        }
        scope.spawn(|| {
            let folder = way(&path, i64::MAX, &Arc::default());
            for number in 2..40 {
                folder.publish(publication(&build(number))).unwrap();
            }
        });
    });
    let found = Folder::new(&path).read("notified.json").unwrap();
    let (bytes, _) = found.unwrap();
    assert_eq!(bytes, counted.into_inner().to_string());
    assert_whole(&path, 39, &["notified.json"]);
    assert_clear(&path);
}

#[test]
fn a_change_of_a_single_file_that_is_killed_leaves_the_old_one_or_the_new() {
    let (_dir, path) = place();
    published(&path, 1);
    assert!(count_up(&Folder::new(&path)).unwrap());
    for operations in 0..20 {
        let killed = count_up(&way(&path, operations, &Arc::default()));
        let text = fs::read_to_string(path.join("notified.json")).unwrap();
        assert!(["1", "2"].contains(&text.as_str()), "{text}");
        if killed.is_ok() {
            assert_eq!(text, "2");
            assert_clear(&path);
            return;
        }
        if text == "2" {
            // It was written, though whoever did it never heard of that.
            let found = Folder::new(&path).version("notified.json").unwrap();
            Folder::new(&path)
                .delete("notified.json", &found.unwrap())
                .unwrap();
            assert!(count_up(&Folder::new(&path)).unwrap());
        }
    }
    panic!("it was never written");
}
