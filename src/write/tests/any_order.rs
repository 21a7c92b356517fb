//! A property test that writes any site over any other.

use std::collections::BTreeMap;
use std::fs;

use proptest::prelude::*;

use super::{files, folder, folders};
use crate::error::Error;
use crate::output::Output;
use crate::write::{path, write};

/// A site: paths of up to three parts, none of which clash.
fn any_site() -> impl Strategy<Value = BTreeMap<String, String>> {
    let part = prop::sample::select(vec!["a", "b", "c", "A", "index.html"]);
    let path = prop::collection::vec(part, 1..=3).prop_map(|parts| parts.join("/"));
    let text = prop::sample::select(vec!["", "one", "two", "three"]).prop_map(str::to_owned);
    prop::collection::vec((path, text), 0..8).prop_map(|pairs| {
        let mut site: BTreeMap<String, String> = BTreeMap::new();
        for (path, text) in pairs {
            if !site.keys().any(|other| path::clash(other, &path)) {
                site.insert(path, text);
            }
        }
        site
    })
}

fn outputs(site: &BTreeMap<String, String>) -> Vec<Output> {
    site.iter()
        .map(|(path, text)| Output::new(path.clone(), text.clone()))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(120) })]

    #[test]
    fn the_folder_is_the_new_site_and_what_the_user_put_there(
        sites in prop::collection::vec(any_site(), 1..5),
        mine in prop::sample::select(vec!["mine", "a/mine", "a/b/mine", ".git/config"]),
    ) {
        let (_dir, out) = folder();
        write(&out, &[]).unwrap();
        fs::create_dir_all(out.join(mine).parent().unwrap()).unwrap();
        fs::write(out.join(mine), "my own").unwrap();
        let mut current = BTreeMap::new();
        for site in &sites {
            let in_the_way = site.keys().any(|path| mine.starts_with(&format!("{path}/")));
            match write(&out, &outputs(site)) {
                Ok(written) => {
                    prop_assert!(!in_the_way);
                    prop_assert_eq!(written.written + written.unchanged, site.len());
                    current = site.clone();
                }
                Err(error) => {
                    prop_assert!(in_the_way && matches!(error, Error::ForeignFile(_)), "{}", error);
                }
            }
            let mut expected = current.clone();
            expected.insert(mine.to_owned(), "my own".to_owned());
            prop_assert_eq!(files(&out), expected.clone());
            let above = expected.keys().flat_map(|path| path::folders_above(path).map(str::to_owned));
            prop_assert_eq!(folders(&out), above.collect());
        }
    }
}
