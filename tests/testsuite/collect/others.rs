//! Forms on the pages of others, whose readers would report without a wish to.

use super::{Night, ask, request, rows, site};

/// What is answered to a form that a browser sends from a page of an origin.
fn from(night: &Night, origin: &str, number: usize) -> String {
    let request = request(
        &format!("198.51.100.{number}"),
        "JP",
        "component=web&kind=login",
    );
    let request = request.replace("\r\n\r\n", &format!("\r\nOrigin: {origin}\r\n\r\n"));
    ask(night.address(), request)
}

#[test]
fn a_form_on_another_site_counts_nothing() {
    let site = site();
    let night = Night::begin(&site, "19:00:00");
    let others = [
        "https://evil.example",
        "null",
        "",
        "http://status.example.com",
        "https://status.example.com:8443",
        "https://status.example.com.evil.example",
        "https://evil.example/https://status.example.com",
        "https://status.example.com/",
        "https://reports.example.com",
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example",
        "http://127.0.0.1@evil.example",
        "http://[::2]",
        "http://localhost:8000:1",
        "ftp://localhost",
        "localhost",
        "https://status.example.com, https://status.example.com",
        "https://status.example.com\r\nOrigin: https://status.example.com",
    ];
    for (number, origin) in others.iter().enumerate() {
        let answer = from(&night, origin, number);
        assert!(answer.starts_with("HTTP/1.1 403 "), "{origin}: {answer}");
        assert!(answer.contains("\r\ncontent-type: text/plain; charset=utf-8\r\n"));
        assert!(
            answer.ends_with(
                "\r\n\r\nThe report was not taken: its form stands on another site, or the browser does not say where. \
                 Report on the status page itself: https://status.example.com/\n"
            ),
            "{origin}: {answer}"
        );
    }
    // The page itself, and one that somebody tries on their own machine.
    let own = [
        "https://status.example.com",
        "http://127.0.0.1",
        "http://127.0.0.1:4040",
        "http://localhost:8000",
        "https://localhost",
        "http://[::1]:3000",
    ];
    for (number, origin) in own.iter().enumerate() {
        let answer = from(&night, origin, 100 + number);
        assert!(answer.starts_with("HTTP/1.1 303 "), "{origin}: {answer}");
    }
    // Browsers of text, and programs, name none.
    night.report("198.51.100.200", "JP", "component=web&kind=login");
    night.go_to("19:15:00");
    assert_eq!(rows(&site, "web"), ["2022-12-28T19:15:00Z,jp,login,7,"]);
    assert_eq!(night.told(), "");
}

/// The port that a scheme has anyway stands in no origin.
#[test]
fn an_address_with_its_usual_port_has_the_origin_without() {
    let site = site();
    let config = site.read("allclear.toml");
    site.write(
        "allclear.toml",
        config.replace("status.example.com", "status.example.com:443"),
    );
    let night = Night::begin(&site, "19:00:00");
    let answer = from(&night, "https://status.example.com", 1);
    assert!(answer.starts_with("HTTP/1.1 303 "), "{answer}");
}
