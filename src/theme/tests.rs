#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::built_in::DEFAULT;
use super::*;

#[test]
fn the_built_in_themes_have_no_fault() {
    for name in BUILT_IN {
        let mut diagnostics = Diagnostics::new();
        let files = built_in(name);
        let text = String::from_utf8(files[Utf8Path::new(MANIFEST)].clone()).unwrap();
        let path = Utf8Path::new(THEMES).join(name).join(MANIFEST);
        let manifest = manifest(&Arc::new(SourceFile { path, text }), &mut diagnostics).unwrap();
        assert!(diagnostics.is_empty(), "{name}");
        assert_eq!(manifest.extends.is_none(), name == DEFAULT, "{name}");
        assert!(
            manifest
                .options
                .iter()
                .all(|option| !option.about.is_empty()),
            "{name}"
        );
    }
}

#[test]
fn an_asset_is_named_after_its_content() {
    let asset = Asset::new(Utf8Path::new("fonts/a.b.woff2"), b"x".to_vec());
    assert_eq!(asset.path, "assets/fonts/a.b.2d711642b7.woff2");
    assert_eq!(
        Asset::new(Utf8Path::new("x"), Vec::new()).path,
        "assets/x.e3b0c44298"
    );
}
