//! What is counted, and what a reader is told.

use snapbox::{assert_data_eq, str};

use super::{Night, REPORTS, ask, request, rows, settings, site};

/// From the form to the files that signals read.
#[test]
fn reports_are_counted_by_component_region_and_quarter_of_an_hour() {
    let site = site();
    let night = Night::begin(&site, "19:00:00");
    let thanks = "HTTP/1.1 303 See Other";
    for (reader, country, form) in [
        ("198.51.100.1", "JP", "component=web&kind=login&language=en"),
        ("198.51.100.2", "jp", "component=web&kind=login&language=en"),
        ("198.51.100.3", "PR", "component=web&kind=slow&language=en"),
        ("198.51.100.4", "XX", "component=web&kind=slow&language=en"),
        ("198.51.100.5", "", "component=&kind=other&region=jp"),
        // The proxy knows it better.
        ("198.51.100.6", "US", "component=api&kind=error&region=jp"),
        // Told a second time, and by somebody at the same address.
        ("198.51.100.1", "JP", "component=web&kind=login&language=en"),
        ("198.51.100.1:4711", "JP", "component=web&kind=slow"),
        (
            "203.0.113.7, 198.51.100.1, 10.9.1.1",
            "JP",
            "component=web&kind=slow",
        ),
    ] {
        assert_eq!(night.report(reader, country, form), thanks, "{form}");
    }
    assert_eq!(rows(&site, "web"), [""; 0]);
    night.go_to("19:15:00");
    assert_eq!(
        rows(&site, "web"),
        [
            "2022-12-28T19:15:00Z,,slow,1,",
            "2022-12-28T19:15:00Z,jp,login,2,",
            "2022-12-28T19:15:00Z,us,slow,1,"
        ]
    );
    assert_eq!(rows(&site, "api"), ["2022-12-28T19:15:00Z,us,error,1,"]);
    assert_eq!(rows(&site, "login"), ["2022-12-28T19:15:00Z,,,0,"]);
    assert_eq!(rows(&site, "_any"), ["2022-12-28T19:15:00Z,jp,other,1,"]);
    // Another quarter of the same hour, and the next hour.
    let again = ("198.51.100.1", "JP", "component=web&kind=login");
    assert_eq!(night.report(again.0, again.1, again.2), thanks);
    night.go_to("19:30:00");
    night.go_to("19:45:00");
    night.go_to("20:00:00");
    assert_eq!(night.report(again.0, again.1, again.2), thanks);
    night.go_to("20:15:00");
    assert_eq!(
        rows(&site, "web")[3..],
        [
            "2022-12-28T19:30:00Z,,,0,",
            "2022-12-28T19:45:00Z,,,0,",
            "2022-12-28T20:00:00Z,,,0,",
            "2022-12-28T20:15:00Z,jp,login,1,"
        ]
    );
    assert_eq!(night.told(), "");
}

/// A report that is the first of its quarter, before anybody has looked at the clock, hides nobody's nought.
#[test]
fn the_first_report_of_a_quarter_begins_it_for_all_components() {
    let site = site();
    let night = Night::begin(&site, "19:00:00");
    night.go_to("19:14:59");
    night.set("19:15:00");
    night.report("198.51.100.1", "JP", "component=web&kind=login");
    night.go_to("19:15:01");
    night.go_to("19:30:00");
    assert_eq!(
        rows(&site, "web"),
        [
            "2022-12-28T19:15:00Z,,,0,",
            "2022-12-28T19:30:00Z,jp,login,1,"
        ]
    );
    assert_eq!(
        rows(&site, "api"),
        ["2022-12-28T19:15:00Z,,,0,", "2022-12-28T19:30:00Z,,,0,"]
    );
}

#[test]
fn a_reader_is_thanked_in_the_language_of_the_page() {
    let site = site();
    let night = Night::begin(&site, "19:00:00");
    let answer = |form: &str| {
        let answer = ask(night.address(), request("198.51.100.1", "JP", form));
        let lines = answer.lines().filter(|line| !line.starts_with("date: "));
        lines.collect::<Vec<_>>().join("\n")
    };
    assert_data_eq!(
        answer("component=web&kind=slow&language=ar"),
        str![[r#"
HTTP/1.1 303 See Other
location: https://status.example.com/ar/reported/
cache-control: no-store
x-content-type-options: nosniff
connection: close
content-length: 0

"#]]
    );
    // It is the same for a second report, and for one that says no language of the site.
    for language in ["", "&language=en", "&language=de", "&language="] {
        let answer = answer(&format!("component=web&kind=slow{language}"));
        assert!(
            answer.contains("\nlocation: https://status.example.com/reported/\n"),
            "{answer}"
        );
    }
    assert_data_eq!(
        answer("component=web&kind=slw"),
        str![[r#"
HTTP/1.1 400 Bad Request
content-type: text/plain; charset=utf-8
cache-control: no-store
x-content-type-options: nosniff
connection: close
content-length: 60

The report was not taken: there is no such kind of failure.
"#]]
    );
}

#[test]
fn each_address_and_method_has_its_answer() {
    let site = site();
    let night = Night::begin(&site, "19:00:00");
    let status = |head: &str| {
        let request = format!("{head}\r\nHost: x\r\nConnection: close\r\n\r\n");
        let answer = ask(night.address(), request);
        let location = answer.lines().find_map(|it| it.strip_prefix("location: "));
        let status = answer.split(' ').nth(1).unwrap_or_default();
        format!("{status} {}", location.unwrap_or_default())
    };
    let index = "303 https://status.example.com/";
    for (head, expected) in [
        ("GET /problem/ HTTP/1.1", index),
        ("GET /problem HTTP/1.1", index),
        ("GET / HTTP/1.1", index),
        ("HEAD /problem/?a=b HTTP/1.1", index),
        ("GET http://evil.example/problem/ HTTP/1.1", index),
        ("GET /problem/x HTTP/1.1", "404 "),
        ("POST /problems HTTP/1.1", "404 "),
        ("GET //problem/ HTTP/1.1", "404 "),
        ("PUT /problem/ HTTP/1.1", "405 "),
        ("OPTIONS /problem/ HTTP/1.1", "405 "),
        ("POST /problem/ HTTP/1.1", "415 "),
        ("GET /healthz HTTP/1.1", "200 "),
    ] {
        assert_eq!(status(head), expected, "{head}");
    }
}

/// Only so many of a network count in an hour, and those that are left out are not hidden.
#[test]
fn a_flood_from_one_block_is_capped() {
    let site = site();
    let night = Night::begin(&site, "19:00:00");
    for host in 0..=255 {
        let reader = format!("198.51.100.{host}");
        night.report(&reader, "JP", "component=web&kind=login");
        let reader = format!("2001:db8:1:{host}::1");
        night.report(&reader, "US", "component=web&kind=slow");
    }
    night.report("203.0.113.9", "JP", "component=web&kind=slow");
    // Those of the block about something else are left out, too.
    night.report("198.51.100.7", "JP", "component=api&kind=slow");
    night.go_to("19:15:00");
    assert_eq!(
        rows(&site, "web"),
        [
            "2022-12-28T19:15:00Z,jp,login,200,yes",
            "2022-12-28T19:15:00Z,jp,slow,1,",
            "2022-12-28T19:15:00Z,us,slow,200,yes"
        ]
    );
    assert_eq!(rows(&site, "api"), ["2022-12-28T19:15:00Z,jp,slow,0,yes"]);
}

/// Nobody but a configured proxy is believed.
#[test]
fn without_a_proxy_headers_say_nothing() {
    let site = site();
    let config = site.read("allclear.toml");
    let config = config.replace("proxies = [\"127.0.0.1\", \"10.9.0.0/16\"]\n", "");
    site.write("allclear.toml", config);
    let night = Night::begin(&site, "19:00:00");
    for n in 0..9 {
        let reader = format!("198.51.100.{n}");
        night.report(&reader, "JP", "component=web&kind=login&region=us");
    }
    night.go_to("19:15:00");
    assert_eq!(rows(&site, "web"), ["2022-12-28T19:15:00Z,us,login,1,"]);
    assert_eq!(
        night.told(),
        "a proxy at 127.0.0.1 is not believed, so that all its readers count as one: name it in `proxies` of `[reports]`\n"
    );
    let problem = settings(&site).unwrap().problem();
    assert!(problem.unwrap().starts_with("`region_header` is set, but "));
}

/// A proxy that is believed and does not say for whom it asks makes one reader of all of them; that is said once.
#[test]
fn a_believed_proxy_that_names_no_reader_is_said_once() {
    let site = site();
    let night = Night::begin(&site, "19:00:00");
    let answer = |lines: &str| {
        let request = request("X", "JP", "component=web&kind=login");
        let request = request.replace("X-Forwarded-For: X\r\n", lines);
        let answer = ask(night.address(), request);
        assert!(answer.starts_with("HTTP/1.1 303 "), "{answer}");
    };
    // Whoever tries it on the proxy's own machine is named.
    answer("X-Forwarded-For: 127.0.0.1\r\n");
    answer("X-Forwarded-For: 198.51.100.1\r\n");
    assert_eq!(night.told(), "");
    answer("X-Real-IP: 198.51.100.2\r\n");
    answer("X-Real-IP: 198.51.100.3\r\n");
    answer("X-Forwarded-For: unknown\r\n");
    assert_eq!(
        night.told(),
        "the proxy at 127.0.0.1 is believed, but sends no x-forwarded-for that can be read, so that all its readers count as one: \
         let it set this header to the address of the reader, or name the header that it sets as `address_header` of `[reports]`\n"
    );
}

/// A site that changes is taken over; without `[reports]` it takes no more.
#[test]
fn what_the_site_asks_for_may_change() {
    let site = site();
    let night = Night::begin(&site, "19:00:00");
    let config = site.read("allclear.toml");
    let more = format!("{config}kinds = [\"slow\"]\n\n[[components]]\nid = \"mail\"\n");
    site.write("allclear.toml", more);
    let report = |form| night.report("198.51.100.1", "JP", form);
    assert_eq!(
        report("component=mail&kind=slow"),
        "HTTP/1.1 400 Bad Request"
    );
    night.collector.adopt(settings(&site));
    assert_eq!(report("component=mail&kind=slow"), "HTTP/1.1 303 See Other");
    assert_eq!(
        report("component=web&kind=login"),
        "HTTP/1.1 400 Bad Request"
    );
    site.write("allclear.toml", config.replace(REPORTS, ""));
    night.collector.adopt(settings(&site));
    assert_eq!(
        report("component=mail&kind=slow"),
        "HTTP/1.1 503 Service Unavailable"
    );
    night.go_to("19:15:00");
    assert_eq!(rows(&site, "mail"), ["2022-12-28T19:15:00Z,jp,slow,1,"]);
    // Who takes no reports does not know that there are none.
    assert_eq!(rows(&site, "web"), [""; 0]);
}
