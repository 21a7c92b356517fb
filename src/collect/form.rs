//! The form that a reader sends, by the rules of `application/x-www-form-urlencoded`, and nothing else.

use std::fmt;

/// What a reader says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Form {
    /// The id of the component; empty where the reader does not know it.
    pub(super) component: String,
    /// The id of the kind.
    pub(super) kind: String,
    /// The id of the region; empty where the reader does not say it.
    pub(super) region: String,
    /// The language of the page with the form.
    pub(super) language: String,
}

/// Why a form is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FormError {
    /// It is not encoded as forms are.
    Encoding,
    /// It has a field that the site's form does not have.
    UnknownField,
    /// It has a field twice.
    RepeatedField,
    /// It does not say what fails.
    NoKind,
    /// The site has no such component.
    UnknownComponent,
    /// The form has no such kind.
    UnknownKind,
    /// The site has no such region.
    UnknownRegion,
}

impl fmt::Display for FormError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Encoding => "the form is not encoded as forms are",
            Self::UnknownField => {
                "the form has a field that is none of component, kind, region and language"
            }
            Self::RepeatedField => "the form has a field twice",
            Self::NoKind => "the form does not say what fails",
            Self::UnknownComponent => "there is no such component",
            Self::UnknownKind => "there is no such kind of failure",
            Self::UnknownRegion => "there is no such region",
        })
    }
}

/// Reads the body of a request.
pub(super) fn read(body: &[u8]) -> Result<Form, FormError> {
    let mut form = Form::default();
    let mut seen = [false; 4];
    for pair in body.split(|byte| *byte == b'&') {
        if body.is_empty() {
            break;
        }
        let equals = pair.iter().position(|byte| *byte == b'=');
        let (name, value) = pair.split_at(equals.ok_or(FormError::Encoding)?);
        let (name, value) = (decoded(name)?, decoded(&value[1..])?);
        let (number, field) = match name.as_str() {
            "component" => (0, &mut form.component),
            "kind" => (1, &mut form.kind),
            "region" => (2, &mut form.region),
            "language" => (3, &mut form.language),
            _ => return Err(FormError::UnknownField),
        };
        if std::mem::replace(&mut seen[number], true) {
            return Err(FormError::RepeatedField);
        }
        *field = value;
    }
    match form.kind.as_str() {
        "" => Err(FormError::NoKind),
        _ => Ok(form),
    }
}

/// The text of a name or a value.
fn decoded(text: &[u8]) -> Result<String, FormError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter();
    while let Some(byte) = rest.next() {
        let mut digit = || {
            let byte = rest.next().copied().ok_or(FormError::Encoding)?;
            let digit = char::from(byte).to_digit(16).ok_or(FormError::Encoding)?;
            Ok(digit as u8)
        };
        bytes.push(match *byte {
            b'%' => digit()? * 16 + digit()?,
            b'+' => b' ',
            b'!'..=b'~' => *byte,
            _ => return Err(FormError::Encoding),
        });
    }
    String::from_utf8(bytes).map_err(|_| FormError::Encoding)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_form_is_read_as_browsers_send_it() {
        let form = read(b"component=web&kind=log+in&region=jp&language=pt%2DBR").unwrap();
        let expected = Form {
            component: "web".into(),
            kind: "log in".into(),
            region: "jp".into(),
            language: "pt-BR".into(),
        };
        assert_eq!(form, expected);
        let form = read(b"kind=slow").unwrap();
        assert_eq!(form.component, "");
    }

    #[test]
    fn everything_else_is_refused() {
        for (body, error) in [
            (&b""[..], FormError::NoKind),
            (b"component=web", FormError::NoKind),
            (b"component=web&kind=", FormError::NoKind),
            (b"kind", FormError::Encoding),
            (b"&kind=slow", FormError::Encoding),
            (b"kind=slow&", FormError::Encoding),
            (b"kind=slow&&region=jp", FormError::Encoding),
            (b"kind=%", FormError::Encoding),
            (b"kind=%4", FormError::Encoding),
            (b"kind=%zz", FormError::Encoding),
            (b"kind=%+4", FormError::Encoding),
            (b"kind=%ff", FormError::Encoding),
            (b"kind=slow\r\n", FormError::Encoding),
            (b"kind=slow\0", FormError::Encoding),
            (b"kind=s low", FormError::Encoding),
            ("kind=é".as_bytes(), FormError::Encoding),
            (b"{\"kind\":\"slow\"}", FormError::Encoding),
            (b"kind=slow&kind=slow", FormError::RepeatedField),
            (b"kind=slow&k%69nd=slow", FormError::RepeatedField),
            (b"kind=slow&Kind=slow", FormError::UnknownField),
            (b"kind=slow&=a", FormError::UnknownField),
            (b"kind=slow&kind%00=slow", FormError::UnknownField),
        ] {
            assert_eq!(read(body), Err(error), "{}", body.escape_ascii());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_value_comes_back(value in "\\PC{1,40}") {
            use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
            let body = format!("kind={}", utf8_percent_encode(&value, NON_ALPHANUMERIC));
            prop_assert_eq!(read(body.as_bytes()).unwrap().kind, value);
        }

        #[test]
        fn no_bytes_are_too_odd(body: Vec<u8>) {
            let _ = read(&body);
        }
    }
}
