//! The end of a certificate (RFC 5280, section 4.1).

use chrono::{DateTime, NaiveDateTime, Utc};

/// The instant at which a certificate in DER ends; `None` where that cannot be read.
///
/// Whether the certificate is one is not asked here: that was seen when it was verified.
pub(super) fn end(der: &[u8]) -> Option<DateTime<Utc>> {
    const SEQUENCE: u8 = 0x30;
    const VERSION: u8 = 0xa0;
    let content = |(tag, content, _): (u8, _, _)| (tag == SEQUENCE).then_some(content);
    let certificate = content(element(der)?)?;
    let mut rest = content(element(certificate)?)?;
    if element(rest)?.0 == VERSION {
        rest = element(rest)?.2;
    }
    // The serial number, the algorithm of the signature, and the issuer.
    for _ in 0..3 {
        rest = element(rest)?.2;
    }
    let validity = content(element(rest)?)?;
    let (tag, end, _) = element(element(validity)?.2)?;
    time(tag, str::from_utf8(end).ok()?)
}

/// The first element of some bytes: its tag, its content, and what stands behind it.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let [tag, first, rest @ ..] = bytes else {
        return None;
    };
    let (length, rest) = match first {
        0..=0x7f => (usize::from(*first), rest),
        // Of no fixed length, or longer than any certificate.
        0x80 | 0x85.. => return None,
        0x81..=0x84 => {
            let (length, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            let digits = length.iter();
            let length = digits.fold(0_usize, |length, byte| length << 8 | usize::from(*byte));
            (length, rest)
        }
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*tag, content, rest))
}

/// A `UTCTime`, whose years are those from 1950 on, or a `GeneralizedTime`.
fn time(tag: u8, text: &str) -> Option<DateTime<Utc>> {
    let text = match tag {
        0x17 if text.get(..2)? < "50" => format!("20{text}"),
        0x17 => format!("19{text}"),
        0x18 => text.to_owned(),
        _ => return None,
    };
    let time = NaiveDateTime::parse_from_str(&text, "%Y%m%d%H%M%SZ").ok()?;
    Some(time.and_utc())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    fn made(end_year: i32) -> Vec<u8> {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut params = rcgen::CertificateParams::new(["example.com".to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(1999, 1, 1);
        params.not_after = rcgen::date_time_ymd(end_year, 3, 4);
        params.self_signed(&key).unwrap().der().to_vec()
    }

    #[test]
    fn both_forms_of_times_are_read() {
        for year in [1999, 2026, 2049, 2050, 2120] {
            let wanted = format!("{year}-03-04T00:00:00Z").parse().ok();
            assert_eq!(end(&made(year)), wanted, "{year}");
        }
    }

    #[test]
    fn no_bytes_make_it_panic() {
        let whole = made(2030);
        for length in 0..whole.len() {
            assert_eq!(end(&whole[..length]), None, "{length}");
        }
        for place in 0..whole.len() {
            for byte in [0, 0x7f, 0x80, 0x84, 0xff] {
                let mut broken = whole.clone();
                broken[place] = byte;
                let _ = end(&broken);
            }
        }
    }
}
