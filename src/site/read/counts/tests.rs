#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::locale::LocalizedText;
use crate::site::fixtures::at;

fn regions(ids: &[&str]) -> Vec<Region> {
    let region = |id: &&str| Region {
        id: (*id).to_owned(),
        name: LocalizedText::plain((*id).to_owned()),
        sources: Vec::new(),
        codes: vec![id.to_uppercase() + "X"],
    };
    ids.iter().map(region).collect()
}

/// The counts of a text at a path, and what is wrong with it.
fn read_at(path: &str, text: &str) -> (Counts, Vec<String>) {
    let file = Arc::new(SourceFile {
        path: path.into(),
        text: text.to_owned(),
    });
    let mut found = Diagnostics::new();
    let regions = regions(&["us", "jp"]);
    let counts = counts(&file, &Directory::new(&regions), Tz::UTC, &mut found);
    let found = found.iter();
    let found = found.map(|it| format!("{}: {}", it.code.as_str(), it.message));
    (counts, found.collect())
}

fn read(text: &str) -> Counts {
    let (counts, found) = read_at("evidence/reports/web.csv", text);
    assert_eq!(found, [""; 0]);
    counts
}

/// The values of a series with the times that are capped, as `10:15=3`, `10:30=7+`.
fn shown(series: &Series) -> String {
    let texts = series.samples.iter().map(|sample| {
        let mark = match series.capped.contains(&sample.at) {
            true => "+",
            false => "",
        };
        format!("{}={}{mark}", sample.at.format("%H:%M"), sample.value)
    });
    texts.collect::<Vec<_>>().join(" ")
}

const US: Option<RegionIndex> = Some(RegionIndex(0));
const JP: Option<RegionIndex> = Some(RegionIndex(1));

const DAY: &str = "# Counted by hand.
time,region,kind,value,capped
2022-12-28T10:15:00Z,us,login,2,
2022-12-28T10:15:00Z,jp,login,5,yes
2022-12-28T10:15:00Z,jp,slow,1,
2022-12-28T10:15:00Z,,slow,4,
2022-12-28T10:30:00Z,,,0,
2022-12-28T10:15:00Z,us,login,1,
";

#[test]
fn rows_of_a_time_add_up_in_each_region_and_in_all() {
    let counts = read(DAY);
    assert_eq!(shown(&counts.series(None, None)), "10:15=13+ 10:30=0");
    assert_eq!(shown(&counts.series(US, None)), "10:15=3 10:30=0");
    assert_eq!(shown(&counts.series(JP, None)), "10:15=6+ 10:30=0");
    let slow = counts.series(None, Some(&["slow"]));
    assert_eq!(shown(&slow), "10:15=5 10:30=0");
    let slow = counts.series(JP, Some(&["slow", "other"]));
    assert_eq!(shown(&slow), "10:15=1 10:30=0");
}

#[test]
fn columns_may_be_in_any_order_and_quoted_and_are_read_alike() {
    let rows =
        "\"value\", time ,\"region\"\n3,\"2022-12-28T10:15:00Z\",JPX\n4,2022-12-28 10:15,us\n";
    let counts = read(rows);
    assert_eq!(shown(&counts.series(None, None)), "10:15=7");
    assert_eq!(shown(&counts.series(JP, None)), "10:15=3");
    assert!(counts.has_regions && !counts.has_kinds);
    let slowly = read(&DAY.replace("time,region", "\"time\",region"));
    for (region, kinds) in [(None, None), (JP, None), (None, Some(&["login"][..]))] {
        let both = [read(DAY), slowly.clone()].map(|it| shown(&it.series(region, kinds)));
        assert_eq!(both[0], both[1]);
    }
}

#[test]
fn what_was_not_measured_is_not_known_in_its_region_and_in_all() {
    let text = "time,value,region\n2022-12-28T10:15:00Z,,us\n2022-12-28T10:15:00Z,2,jp\n";
    let counts = read(text);
    assert_eq!(shown(&counts.series(None, None)), "10:15=NaN");
    assert_eq!(shown(&counts.series(US, None)), "10:15=NaN");
    assert_eq!(shown(&counts.series(JP, None)), "10:15=2");
}

#[test]
fn a_region_that_the_site_lacks_is_an_error_but_in_what_was_collected() {
    let text = DAY.replace(",jp,", ",jq,");
    let (_, found) = read_at("evidence/by-hand.csv", &text);
    assert_eq!(found, ["unknown-region: there is no region `jq`"; 2]);
    let (counts, found) = read_at("evidence/reports/web.csv", &text);
    assert_eq!(
        found,
        ["unknown-region: there is no region `jq`: 2 rows of it count in the sum alone"]
    );
    assert_eq!(shown(&counts.series(None, None)), "10:15=13+ 10:30=0");
    assert_eq!(shown(&counts.series(JP, None)), "10:15=0 10:30=0");
}

#[test]
fn a_row_that_cannot_be_read_is_reported() {
    let text = "time,region,kind,value,capped\n2022-12-28T10:15:00Z,us,,many,\n2022-12-28T10:15:00Z,us,,1,no\n";
    let (_, found) = read_at("evidence/reports/web.csv", text);
    assert_eq!(
        found,
        [
            "bad-sample: `many` is not a number",
            "bad-sample: `no` does not say whether more was there than counted"
        ]
    );
}

/// Some rows, as texts.
fn rows() -> impl Strategy<Value = Vec<String>> {
    let region = select(vec!["us", "jp", ""]);
    let kind = select(vec!["login", "slow", ""]);
    let value = select(vec!["0", "1", "2.1", "0.7", "1e9", ""]);
    let capped = select(vec!["", "", "yes"]);
    let row = (0..4_u32, region, kind, value, capped);
    let row = row.prop_map(|(quarter, region, kind, value, capped)| {
        let minute = 15 * quarter;
        format!("2022-12-28T10:{minute:02}:00Z,{region},{kind},{value},{capped}\n")
    });
    proptest::collection::vec(row, 0..20)
}

fn text(rows: &[String]) -> String {
    KEYS.join(",") + "\n" + &rows.concat()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_rows_does_not_matter(rows in rows(), turned in 0..20_usize) {
        let mut others = rows.clone();
        others.reverse();
        others.rotate_left(turned.min(rows.len()));
        let both = [read(&text(&rows)), read(&text(&others))];
        for region in [None, US, JP] {
            let [first, second] = both.each_ref().map(|it| shown(&it.series(region, None)));
            prop_assert_eq!(first, second);
        }
    }

    #[test]
    fn where_all_rows_are_of_one_region_it_is_all_together(rows in rows()) {
        let rows: Vec<String> = (rows.iter())
            .map(|row| row.replace(",us,", ",jp,").replace("Z,,", "Z,jp,"))
            .collect();
        let counts = read(&text(&rows));
        let all = shown(&counts.series(None, None));
        prop_assert_eq!(shown(&counts.series(JP, None)), all.clone());
        // It is what it is where nothing is told apart.
        let plain = text(&rows).replace(",jp,", ",,");
        prop_assert_eq!(shown(&read(&plain).series(None, None)), all);
    }
}

#[test]
fn an_instant_is_capped_or_it_is_not() {
    let counts = read(DAY);
    assert_eq!(*counts.series(JP, None).capped, [at("10:15")]);
}
