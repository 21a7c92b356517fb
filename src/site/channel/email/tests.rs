#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use super::*;
use crate::fetch::FetchError;
use crate::site::channel::Kind;
use crate::site::channel::fixtures::{errors, kind, message};
use crate::site::channel::letter::Delivery;

const LINES: &str = "email = ['ops@example.com', 'Boss <boss@example.com>', '${MORE}']
smtp = 'smtps://user:${PASSWORD}@smtp.example.com'
from = 'Example <status@example.com>'";

#[track_caller]
fn mailing(kind: &Kind, message: &Message) -> Mailing {
    match kind.step(message, &[]) {
        Step::Send(Parcel::Mail(mailing)) => *mailing,
        other => panic!("{other:?}"),
    }
}

fn letter_of(message: &Message) -> Letter {
    mailing(&kind(LINES), message).letter
}

#[test]
fn a_letter_says_all_in_two_forms() {
    let letter = letter_of(&message());
    assert_eq!(letter.subject, "Identified: Disks <full> & slow");
    assert_eq!(
        letter.plain,
        "Identified: Disks <full> & slow\n\n10:10 UTC\n\nThe disks are full.\n\nWe are making room.\n\n\
         https://status.example/incidents/disks/#identified-1010\n\n-- \nExample\nhttps://status.example/\n"
    );
    assert_eq!(
        letter.html,
        r##"<!DOCTYPE html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Identified: Disks &lt;full&gt; &amp; slow</title>
</head>
<body>
<div lang="en" dir="ltr" style="margin:0 auto;max-width:40em;padding:1em;font:16px/1.5 system-ui,sans-serif">
<h1 style="font-size:20px;line-height:1.3;margin:0 0 .5em">Identified: Disks &lt;full&gt; &amp; slow</h1>
<p style="opacity:.75;font-size:14px">10:10 UTC</p>
<p>The disks are full.</p>
<p>We are making room.</p>
<p><a href="https://status.example/incidents/disks/#identified-1010">More on the page</a></p>
<hr style="border:0;border-top:1px solid #888;margin:1.5em 0 1em">
<p style="opacity:.75;font-size:14px"><a href="https://status.example/">Example</a></p>
</div>
</body>
</html>
"##
    );
}

#[test]
fn a_letter_has_one_identity_for_each_recipient() {
    let (letter, again) = (letter_of(&message()), letter_of(&message()));
    let id = letter.id("a@example.com");
    assert_eq!(id, again.id("a@example.com"));
    assert_ne!(id, letter.id("b@example.com"));
    assert!(
        id.starts_with('<') && id.ends_with("@status.example>"),
        "{id}"
    );
    let mut other = message();
    other.id.push('x');
    assert_ne!(letter_of(&other).id("a@example.com"), id);
}

#[test]
fn later_letters_belong_to_the_first_one() {
    let kind = kind(LINES);
    let told = Outcome::Mail(Delivery {
        taken: 3,
        ..Delivery::default()
    });
    let first = message();
    let Step::Done(Verdict::Sent(Some(reference))) = kind.step(&first, std::slice::from_ref(&told))
    else {
        panic!("it was sent");
    };
    let first_letter = letter_of(&first);
    let mut second = message();
    second.id.push('2');
    second.reply_to = Some(reference.clone());
    let letter = letter_of(&second);
    let references = letter.references("a@example.com");
    assert_eq!(references[1], first_letter.id("a@example.com"));
    // They all hang on something that is not lost with the ledger.
    assert_eq!(references[0], first_letter.references("a@example.com")[0]);
    // The first stays the first.
    assert_eq!(
        kind.step(&second, &[told]),
        Step::Done(Verdict::Sent(Some(reference)))
    );
}

#[test]
fn a_subject_has_one_line_and_a_host_fits_into_an_identity() {
    let mut message = message();
    message.title = "A\r\nBcc: all@example.com\u{0}\tB".to_owned();
    message.page.title = "X\nY".to_owned();
    let letter = letter_of(&message);
    assert_eq!(letter.subject, "A Bcc: all@example.com B");
    assert_eq!(letter.list, "X Y");
    for (address, expected) in [
        ("https://Status.example:8443/a/", "status.example"),
        ("http://127.0.0.1:8000/", "127.0.0.1"),
    ] {
        assert_eq!(host(address), expected);
    }
    for address in ["https://[::1]:80/", "https://störung.example/", "https:///"] {
        assert!(host(address).ends_with(".invalid"), "{address}");
    }
}

#[test]
fn a_letter_is_written_from_right_to_left_where_the_page_is() {
    let mut message = message();
    message.page.direction = "rtl".to_owned();
    message.page.language = "ar".to_owned();
    let html = letter_of(&message).html;
    assert!(html.contains("<html lang=\"ar\" dir=\"rtl\">"));
    assert!(html.contains("<div lang=\"ar\" dir=\"rtl\""));
}

#[test]
fn who_is_left_is_tried_again_and_who_was_refused_is_not() {
    let kind = kind(LINES);
    let verdict = |delivery: Delivery| match kind.step(&message(), &[Outcome::Mail(delivery)]) {
        Step::Done(verdict) => verdict,
        Step::Send(_) => panic!("it sends again"),
    };
    let names = |names: &[&str]| names.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
    let why = "a; b".to_owned();
    let faults = names(&["a", "b"]);
    let partly = verdict(Delivery {
        taken: 1,
        refused: 1,
        doubtful: 0,
        left: names(&["3f"]),
        faults: faults.clone(),
        is_for_people: false,
    });
    let left = names(&["3f"]);
    assert_eq!(
        partly,
        Verdict::Partly {
            left,
            why: why.clone()
        }
    );
    let refused = verdict(Delivery {
        refused: 2,
        faults: faults.clone(),
        ..Delivery::default()
    });
    let left = Vec::new();
    assert_eq!(
        refused,
        Verdict::Partly {
            left,
            why: why.clone()
        }
    );
    let none = verdict(Delivery {
        left: names(&["1", "2"]),
        faults,
        ..Delivery::default()
    });
    assert_eq!(none, Verdict::TryAgain { why, after: None });
    let step = kind.step(&message(), &[Outcome::Failed(FetchError::UnknownHost)]);
    assert!(matches!(step, Step::Done(Verdict::TryAgain { .. })));
    // Only those who are left get it.
    let mut message = message();
    message.left = Some(names(&["3f"]));
    assert_eq!(mailing(&kind, &message).left, message.left);
}

#[test]
fn mistakes_are_answered() {
    let rest = "smtp = 'smtp://localhost'\nfrom = 'a@example.com'";
    for (lines, expected) in [
        (format!("email = []\n{rest}"), "mail to nobody reaches nobody"),
        (
            format!("email = ['a@example.com', 'a@example.com']\n{rest}"),
            "this recipient stands here twice",
        ),
        (format!("email = ['ops']\n{rest}"), "`ops` is no address of mail"),
        (
            format!("email = ['a@example.com, b@example.com']\n{rest}"),
            "`a@example.com, b@example.com` is no address of mail",
        ),
        (
            "email = ['a@example.com']\nfrom = 'a@example.com'\nsmtp = 'smtp.example.com'".to_owned(),
            "this is no address of a server of mail",
        ),
        (
            "email = ['a@example.com']\nfrom = 'a@example.com'\nsmtp = 'smtp://me:hunter2@smtp.example.com'".to_owned(),
            "this is a secret, and stands in a file that many can read",
        ),
        (
            format!("email = ['a@example.com']\n{rest}\nunsubscribe = 'ops@example.com'"),
            "nobody can ask `ops@example.com` for no more mail",
        ),
    ] {
        assert_eq!(errors(&lines), [expected], "{lines}");
    }
}
