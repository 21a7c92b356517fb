//! Requests that no form sends.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use super::{Night, ask, request, rows, site};

/// The form that is right, and counts.
const GOOD: &str = "component=web&kind=login&region=jp&language=en";

/// A request by its head and its body, with nothing added.
fn raw(head: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    [head.as_bytes(), b"\r\n\r\n", body.as_ref()].concat()
}

/// The head of a form of some length, with headers more.
fn head(length: impl std::fmt::Display, more: &str) -> String {
    format!(
        "POST /problem/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Forwarded-For: 203.0.113.66\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}{more}"
    )
}

/// A form with a body, in any bytes.
fn form(body: impl AsRef<[u8]>) -> Vec<u8> {
    raw(&head(body.as_ref().len(), ""), body)
}

/// Requests of which none may be counted.
fn hostile() -> Vec<Vec<u8>> {
    let mut requests = Vec::new();
    // What no value of a field may be, in each field, as it is and encoded.
    let odd: Vec<String> = [
        "\r\nX-Evil: 1",
        "\n",
        "\0",
        "../../etc/passwd",
        "web.csv",
        "WEB",
        "web ",
        " web",
        "_any",
        "web,jp,login,9",
        "\"",
        "'",
        "<script>",
        "%",
        "%0",
        "%zz",
        "%00",
        "%0d%0aSet-Cookie: a=b",
        "%ff",
        "%c3%28",
        "%ed%a0%80",
        "=",
        "==",
        "é",
        "日本",
        "\u{202e}",
        "\u{feff}web",
        "${jndi:ldap://x}",
        "{{7*7}}",
        "1e999",
        "-1",
        "null",
        "web\u{0}",
        "https://evil.example/",
        "//evil.example",
        "en/../..",
        "javascript:alert(1)",
    ]
    .map(str::to_owned)
    .into_iter()
    .chain([10, 100, 1000, 1900].map(|n| "a".repeat(n)))
    .collect();
    for value in &odd {
        let encoded: String = value.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let plus = value.replace(' ', "+");
        for value in [value, &encoded, &plus] {
            requests.push(form(format!("component={value}&kind=login")));
            requests.push(form(format!("component=web&kind={value}")));
            requests.push(form(format!("component=web&kind=login&region={value}")));
            requests.push(form(format!("component=web&kind=login&{value}=1")));
            requests.push(form(format!("{value}={value}&component=web&kind=login")));
            // A header of these bytes, in front of a form that is wrong by itself.
            let header = format!("\r\nCF-IPCountry: {value}\r\nOrigin: {value}\r\nCookie: {value}");
            requests.push(raw(&head(14, &header), "component=web&"));
        }
    }
    // Fields twice, and fields that the form does not have.
    for field in ["component", "kind", "region", "language", "k%69nd"] {
        requests.push(form(format!("{GOOD}&{field}=login")));
        requests.push(form(format!("{field}=&{field}=&{GOOD}")));
        requests.push(form(format!("{GOOD}&{field}[]=login")));
        requests.push(form(format!("{GOOD}&{field}")));
    }
    for n in [2, 10, 100, 400] {
        requests.push(form("kind=a&".repeat(n)));
        requests.push(form("&".repeat(n)));
        requests.push(form("=".repeat(n)));
    }
    // Every byte at which a form might end or break.
    for byte in
        (0..=255_u8).filter(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_' && *byte != b'-')
    {
        requests.push(form(
            [b"component=web&kind=log".as_slice(), &[byte], b"in"].concat(),
        ));
        requests.push(form(
            [b"component=we".as_slice(), &[byte], b"b&kind=login"].concat(),
        ));
    }
    // Sizes: too large, of too much, of less than is said, and of no number.
    for size in [2049, 4096, 100_000, 1_000_000] {
        requests.push(form([GOOD.as_bytes(), &vec![b'a'; size]].concat()));
        let chunk = format!("{size:x}\r\n{}\r\n0\r\n\r\n", "a".repeat(size));
        requests.push(raw(&chunked(), chunk));
    }
    let lengths = [
        "-1",
        "+48",
        "0x30",
        "48, 48",
        "48 48",
        "99999999999999999999",
        "1e2",
        "",
        "18446744073709551615",
        "4",
        "0",
    ];
    for length in lengths {
        requests.push(raw(&head(length, ""), GOOD));
    }
    requests.push(raw(&head(10, "\r\nContent-Length: 46"), GOOD));
    requests.push(raw(
        &head(GOOD.len(), "\r\nTransfer-Encoding: chunked"),
        "zz\r\n",
    ));
    requests.push(raw(&head(GOOD.len(), "\r\nTransfer-Encoding: gzip"), GOOD));
    let chunks = [
        "zz\r\n",
        "-1\r\n",
        "ffffffffffffffff1\r\n",
        "5\r\nabc\r\n0\r\n\r\n",
        "0;\r\n\r\n",
        "0\r\nkind: login\r\n\r\n",
        "4\r\nkind\r\n0\r\n\r\n",
        "\r\n",
        "1\n",
    ];
    for chunk in chunks {
        requests.push(raw(&chunked(), chunk));
    }
    // Other media types and encodings of the body.
    for kind in [
        "",
        "text/plain",
        "application/json",
        "multipart/form-data; boundary=a",
        "application/x-www-form-urlencodedx",
        "application/x-www-form-urlencoded, text/plain",
        "*/*",
        "\u{0}",
    ] {
        let request = String::from_utf8(form(GOOD)).unwrap();
        let typed = format!("Content-Type: {kind}");
        requests.push(
            request
                .replace("Content-Type: application/x-www-form-urlencoded", &typed)
                .into(),
        );
    }
    requests.push(raw(&head(GOOD.len(), "\r\nContent-Encoding: gzip"), GOOD));
    requests.push(raw(&head(GOOD.len(), "\r\nContent-Type: text/plain"), GOOD));
    // Targets, methods and versions.
    for line in [
        "POST http://evil.example/other/ HTTP/1.1",
        "POST //problem/ HTTP/1.1",
        "POST /problem/../ HTTP/1.1",
        "POST /problem/%2e%2e/ HTTP/1.1",
        "POST /problem/%00 HTTP/1.1",
        "POST /PROBLEM/ HTTP/1.1",
        "POST problem/ HTTP/1.1",
        "POST * HTTP/1.1",
        "POST /problem/ HTTP/9.9",
        "POST /problem/",
        "CONNECT evil.example:80 HTTP/1.1",
        "POST /\u{e9} HTTP/1.1",
        "post /problem/ HTTP/1.1",
        "PRI * HTTP/2.0",
        "DELETE /problem/ HTTP/1.1",
        "POST  /problem/  HTTP/1.1",
        "POST /problem/\tHTTP/1.1",
        "TRACE / HTTP/1.1",
        "GET /.counts.json HTTP/1.1",
        "GET /evidence/reports/web.csv HTTP/1.1",
    ] {
        let request = String::from_utf8(form(GOOD)).unwrap();
        requests.push(request.replace("POST /problem/ HTTP/1.1", line).into());
    }
    // Heads that are too large, or no heads.
    requests.push(raw(
        &head(GOOD.len(), &format!("\r\nX: {}", "a".repeat(100_000))),
        GOOD,
    ));
    requests.push(raw(&head(GOOD.len(), &"\r\nX: a".repeat(5000)), GOOD));
    requests.push(raw(&head(GOOD.len(), "\r\nX Y: a"), GOOD));
    requests.push(raw(&head(GOOD.len(), "\r\n: a"), GOOD));
    requests.push(raw(&head(GOOD.len(), "\r\nX\0: a"), GOOD));
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01"[..],
        b"\r\n\r\n\r\n",
        b"\0\0\0\0\r\n\r\n",
        b"SSH-2.0-x\r\n",
        b"\xff\xfe\r\n\r\n",
        b"GET",
    ] {
        requests.push(bytes.to_vec());
    }
    requests
}

/// The head of a form in chunks.
fn chunked() -> String {
    let length = "Content-Length: 1";
    head(1, "").replace(length, "Transfer-Encoding: chunked")
}

/// Whatever comes in, the counts are what was rightly reported, and the collector goes on.
#[test]
fn a_thousand_hostile_requests_leave_the_counts_right() {
    let site = site();
    let night = Night::begin(&site, "19:00:00");
    let requests = hostile();
    assert!(requests.len() >= 1000, "only {}", requests.len());
    let mut good = 0;
    for (number, hostile) in requests.iter().enumerate() {
        let answer = send(&night, hostile);
        let shown = hostile[..hostile.len().min(400)].escape_ascii();
        let status = answer.split(' ').nth(1).unwrap_or_default();
        assert_ne!(status, "500", "{shown}");
        let is_thanked = answer.to_lowercase().contains("/reported/");
        assert!(!is_thanked, "{shown}\n{answer}");
        let head = answer.split("\r\n\r\n").next().unwrap_or_default();
        for header in ["x-evil", "set-cookie", "evil.example"] {
            assert!(!head.to_lowercase().contains(header), "{shown}\n{answer}");
        }
        if number % 10 == 0 {
            let reader = format!("198.51.{}.1", 100 + good);
            let status = night.report(&reader, "US", GOOD);
            assert_eq!(status, "HTTP/1.1 303 See Other", "after {shown}");
            good += 1;
        }
    }
    night.go_to("19:15:00");
    let row = format!("2022-12-28T19:15:00Z,us,login,{good},");
    assert_eq!(rows(&site, "web"), [row]);
    for component in ["api", "login", "_any"] {
        assert_eq!(rows(&site, component), ["2022-12-28T19:15:00Z,,,0,"]);
    }
    let files = crate::site_test::files_below(&site.path("evidence"));
    let expected = [
        ".allclear-agent",
        ".counts.json",
        "_any.csv",
        "api.csv",
        "login.csv",
        "web.csv",
    ];
    assert_eq!(files, expected.map(|name| format!("reports/{name}")));
    assert_eq!(night.told(), "");
}

/// Sends bytes, and reads what comes back; a request that waits for more is given up.
fn send(night: &Night, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(night.address()).unwrap();
    let _ = stream.write_all(bytes);
    let _ = stream.shutdown(std::net::Shutdown::Write);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// Values that headers may have, but that mean nothing, change no count but their own.
#[test]
fn odd_headers_of_a_right_form_change_nothing_else() {
    let site = site();
    let night = Night::begin(&site, "19:00:00");
    let odd = [
        "", "JP, US", "JPX", "jp\t", "\"JP\"", "%4aP", "T1", "../jp", "jp,,,", "\u{e9}",
    ];
    for (number, country) in odd.iter().enumerate() {
        let reader = format!("198.51.100.{number}");
        let status = night.report(&reader, country, "component=web&kind=login");
        assert_eq!(status, "HTTP/1.1 303 See Other", "{country}");
    }
    // Not a header twice, either.
    let twice = request(
        "198.51.101.1",
        "JP\r\nCF-IPCountry: US",
        "component=web&kind=login",
    );
    assert!(ask(night.address(), twice).starts_with("HTTP/1.1 303 "));
    // Garbage says nothing of an address: all of it is the proxy itself, and counts once.
    for reader in [
        "",
        "garbage",
        "198.51.100.1, garbage",
        "::1%lo",
        "1.2.3.4.5",
        "\u{e9}",
    ] {
        assert_eq!(
            night.report(reader, "US", "component=web&kind=login"),
            "HTTP/1.1 303 See Other"
        );
    }
    // `Host` and an absolute target are not asked for.
    let elsewhere = request("198.51.102.1", "US", GOOD)
        .replace(
            "POST /problem/",
            "POST http://evil.example/problem/?next=//evil.example",
        )
        .replace(
            "Host: reports.example.com",
            "Host: evil.example\r\nX-Forwarded-Host: evil.example",
        );
    let answer = ask(night.address(), elsewhere);
    assert!(
        answer.contains("location: https://status.example.com/reported/\r\n"),
        "{answer}"
    );
    night.go_to("19:15:00");
    assert_eq!(
        rows(&site, "web"),
        [
            // One of them is `jp` behind white space, which is no part of a value.
            "2022-12-28T19:15:00Z,,login,10,",
            "2022-12-28T19:15:00Z,jp,login,1,",
            "2022-12-28T19:15:00Z,us,login,2,"
        ]
    );
}

/// Requests one behind the other, in chunks, and in pieces are right as they are.
#[test]
fn requests_may_come_in_any_pieces() {
    let site = site();
    let night = Night::begin(&site, "19:00:00");
    let keep = |reader: &str| request(reader, "JP", GOOD).replace("Connection: close\r\n", "");
    let mut both = keep("198.51.100.1") + &keep("198.51.100.2");
    both += &request("198.51.100.3", "JP", GOOD);
    let answer = ask(night.address(), both);
    assert_eq!(answer.matches("HTTP/1.1 303 ").count(), 3, "{answer}");
    let (head, _) = request("198.51.100.4", "JP", "")
        .replace("Content-Length: 0", "Transfer-Encoding: chunked")
        .split_once("\r\n\r\n")
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .unwrap();
    let chunks: String = GOOD.chars().map(|c| format!("1\r\n{c}\r\n")).collect();
    let answer = ask(night.address(), format!("{head}\r\n\r\n{chunks}0\r\n\r\n"));
    assert!(answer.starts_with("HTTP/1.1 303 "), "{answer}");
    let mut stream = TcpStream::connect(night.address()).unwrap();
    stream.set_nodelay(true).unwrap();
    for byte in request("198.51.100.5", "JP", GOOD).bytes() {
        stream.write_all(&[byte]).unwrap();
    }
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 303 "), "{answer}");
    night.go_to("19:15:00");
    assert_eq!(rows(&site, "web"), ["2022-12-28T19:15:00Z,jp,login,5,"]);
}

/// More connections than there may be, all of which wait for ever, keep nobody else out.
#[test]
fn who_sends_nothing_keeps_nobody_out() {
    let site = site();
    let night = Night::begin(&site, "19:00:00");
    let begun = Instant::now();
    let mut slow = TcpStream::connect(night.address()).unwrap();
    slow.write_all(&raw(&head(GOOD.len(), ""), "component="))
        .unwrap();
    let hanging: Vec<TcpStream> = (0..900)
        .filter_map(|number| {
            let mut stream = TcpStream::connect(night.address()).ok()?;
            let begun = raw(&head(GOOD.len(), ""), "component=");
            let part = &begun[..begun.len() * (number % 10) / 10];
            let _ = stream.write_all(part);
            Some(stream)
        })
        .collect();
    assert!(hanging.len() > 800, "{}", hanging.len());
    for n in 0..20 {
        let reader = format!("198.51.{}.1", 100 + n);
        assert_eq!(night.report(&reader, "JP", GOOD), "HTTP/1.1 303 See Other");
    }
    // Who is not done after ten seconds is told so, or was closed to make room.
    let mut late = TcpStream::connect(night.address()).unwrap();
    late.write_all(&raw(&head(GOOD.len(), ""), "component="))
        .unwrap();
    let mut answer = String::new();
    late.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(begun.elapsed() < Duration::from_secs(120));
    drop(hanging);
    thread::sleep(Duration::from_millis(10));
    night.go_to("19:15:00");
    assert_eq!(rows(&site, "web"), ["2022-12-28T19:15:00Z,jp,login,20,"]);
}
