#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;

use super::*;
use crate::fetch::EnvText;
use crate::site::channel::letter::Letter;
use crate::site::channel::sending::Verdict;
use crate::site::fixtures::at;

/// A server of mail on this machine that answers each line of a client by a function of the connection and the line, and takes
/// letters; `None` ends the connection.
struct Post {
    port: u16,
    /// What clients have said, without the texts of letters.
    said: Arc<Mutex<Vec<String>>>,
    /// The letters.
    letters: Arc<Mutex<Vec<String>>>,
}

impl Post {
    fn new(answer: impl Fn(usize, &str) -> Option<&'static str> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let post = Self {
            port: listener.local_addr().unwrap().port(),
            said: Arc::default(),
            letters: Arc::default(),
        };
        let (all_said, letters) = (Arc::clone(&post.said), Arc::clone(&post.letters));
        thread::spawn(move || {
            for (number, stream) in listener.incoming().enumerate() {
                let mut stream = stream.unwrap();
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                let mut say = |text: &str| write!(stream, "{text}\r\n").is_ok();
                say("220 here");
                while let Some(Ok(line)) = lines.next() {
                    all_said.lock().unwrap().push(line.clone());
                    let Some(text) = answer(number, &line) else {
                        break;
                    };
                    say(text);
                    if text.starts_with("354") {
                        let letter = lines.by_ref().map_while(Result::ok);
                        let letter: Vec<String> = letter.take_while(|line| line != ".").collect();
                        let end = answer(number, ".");
                        letters.lock().unwrap().push(letter.join("\n"));
                        match end {
                            Some(text) => say(text),
                            None => break,
                        };
                    }
                }
            }
        });
        post
    }

    /// One that takes what it can.
    fn usual(_: usize, line: &str) -> &'static str {
        match line.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => "250-here\r\n250 AUTH PLAIN",
            "DATA" => "354 go on",
            "AUTH" => "235 welcome",
            "QUIT" => "221 bye",
            _ => "250 fine",
        }
    }

    fn said(&self) -> Vec<String> {
        self.said.lock().unwrap().clone()
    }

    fn letters(&self) -> Vec<String> {
        self.letters.lock().unwrap().clone()
    }
}

fn mailing(port: u16, recipients: &[&str]) -> Mailing {
    Mailing {
        server: EnvText::new(format!("smtp://me:${{PASSWORD}}@127.0.0.1:{port}")),
        from: EnvText::new("Übersicht <status@example.com>"),
        recipients: recipients.iter().map(|it| EnvText::new(*it)).collect(),
        left: None,
        letter: Letter {
            subject: "Störung: Disks".to_owned(),
            plain: ".begin\nFull — all of them.\n".to_owned(),
            html: format!("<p>{}</p>\n", "long ".repeat(400)),
            language: "de".to_owned(),
            date: at("10:10"),
            host: "status.example".to_owned(),
            list: "Example".to_owned(),
            unsubscribe: Some("mailto:ops@example.com".to_owned()),
            token: "t1".to_owned(),
            thread: Some("thread".to_owned()),
            first: Some("t0".to_owned()),
        },
    }
}

fn environment(name: &str) -> Option<String> {
    match name {
        "PASSWORD" => Some("p@ss/w".to_owned()),
        "MORE" => Some("c@example.com, d@example.com\n".to_owned()),
        _ => None,
    }
}

#[track_caller]
fn delivered_within(mailing: &Mailing, patience: Patience) -> Delivery {
    match deliver_within(mailing, &environment, Networks::All, patience) {
        Outcome::Mail(delivery) => delivery,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn delivered(mailing: &Mailing) -> Delivery {
    match deliver(mailing, &environment, Networks::All) {
        Outcome::Mail(delivery) => delivery,
        other => panic!("{other:?}"),
    }
}

#[test]
fn all_recipients_get_a_letter_of_their_own_over_one_connection() {
    let post = Post::new(|number, line| Some(Post::usual(number, line)));
    let mut mailing = mailing(
        post.port,
        &["a@example.com", "B <b@example.com>", "${MORE}"],
    );
    let delivery = delivered(&mailing);
    let all = Delivery {
        taken: 4,
        ..Delivery::default()
    };
    assert_eq!(delivery, all);
    let mut expected = vec![
        "EHLO [127.0.0.1]".to_owned(),
        "AUTH PLAIN AG1lAHBAc3Mvdw==".to_owned(),
    ];
    for name in ["a", "b", "c", "d"] {
        expected.push("MAIL FROM:<status@example.com>".to_owned());
        expected.push(format!("RCPT TO:<{name}@example.com>"));
        expected.push("DATA".to_owned());
    }
    expected.push("QUIT".to_owned());
    assert_eq!(post.said(), expected);
    let letters = post.letters();
    for (letter, to) in letters.iter().zip(["a@", "B <b@", "c@", "d@"]) {
        let to: Vec<&str> = letter
            .lines()
            .filter(|it| it.starts_with("To: ") && it.contains(to))
            .collect();
        assert_eq!(to.len(), 1, "{letter}");
        assert_eq!(letter.matches("@example.com").count(), 3, "{letter}");
        assert!(
            letter.is_ascii() && letter.lines().all(|it| it.len() <= 78),
            "{letter}"
        );
    }
    let id = |letter: &str| {
        let mut ids = letter.lines().filter(|it| it.starts_with("Message-ID: "));
        ids.next().unwrap().to_owned()
    };
    let mut ids: Vec<String> = letters.iter().map(|it| id(it)).collect();
    // Another attempt sends the same bytes.
    mailing.recipients.truncate(1);
    delivered(&mailing);
    assert_eq!(post.letters()[4], letters[0]);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 4);
}

#[test]
fn who_was_told_is_not_told_again_and_who_is_refused_is_no_more() {
    let post = Post::new(|number, line| {
        Some(match line {
            "RCPT TO:<b@example.com>" => "451 later",
            "RCPT TO:<c@example.com>" => "550 no such user c@example.com here",
            _ => Post::usual(number, line),
        })
    });
    let recipients = [
        "a@example.com",
        "b@example.com",
        "c@example.com",
        "d@example.com",
    ];
    let mut mailing = mailing(post.port, &recipients);
    let delivery = delivered(&mailing);
    assert_eq!(
        (delivery.taken, delivery.refused, delivery.left.len()),
        (2, 1, 1)
    );
    assert_eq!(
        delivery.faults,
        [
            "recipient 2 (`b…`): it answered 451",
            "recipient 3 (`c…`) is refused for good: it answered 550"
        ]
    );
    assert!(!format!("{delivery:?}").contains("example.com"));
    mailing.left = Some(delivery.left);
    let before = post.said().len();
    let again = delivered(&mailing);
    assert_eq!((again.taken, again.refused, again.left.len()), (0, 0, 1));
    let said = post.said().split_off(before);
    let recipients: Vec<&String> = said.iter().filter(|it| it.starts_with("RCPT")).collect();
    assert_eq!(recipients, ["RCPT TO:<b@example.com>"]);
    // With another password nobody knows who was left, and all are told.
    mailing.left = Some(vec!["0123456789".to_owned()]);
    assert_eq!(delivered(&mailing).taken, 2);
}

#[test]
fn a_connection_that_breaks_leaves_who_may_not_have_it() {
    // The first connection ends behind the second letter, before it is taken.
    let post = Post::new(|number, line| {
        static LETTERS: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        let is_second =
            line == "." && LETTERS.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 1;
        (!is_second).then(|| Post::usual(number, line))
    });
    let mailing = mailing(
        post.port,
        &["a@example.com", "b@example.com", "c@example.com"],
    );
    let delivery = delivered(&mailing);
    assert_eq!((delivery.taken, delivery.left.len()), (2, 1));
    assert_eq!(
        delivery.faults,
        [
            "recipient 2 (`b…`): no word on the letter, which may have arrived, and is sent once more: \
             it ended the connection, or does not speak SMTP"
        ]
    );
}

/// How often each of some recipients was handed a letter.
fn handed(post: &Post, recipients: &[&str]) -> Vec<usize> {
    let letters = post.letters();
    let count = |to: &&str| {
        let line = format!("To: {to}");
        let of_them = letters
            .iter()
            .filter(|it| it.lines().any(|it| it.trim_end() == line));
        of_them.count()
    };
    recipients.iter().map(count).collect()
}

#[test]
fn who_is_slow_to_take_a_letter_gets_it_once_and_so_do_the_next() {
    let post = Post::new(|number, line| {
        if line == "." {
            thread::sleep(Duration::from_millis(300));
        }
        Some(Post::usual(number, line))
    });
    let recipients = ["a@example.com", "b@example.com"];
    let patience = Patience {
        answer: Duration::from_millis(100),
        ..PATIENCE
    };
    let delivery = delivered_within(&mailing(post.port, &recipients), patience);
    let all = Delivery {
        taken: 2,
        ..Delivery::default()
    };
    assert_eq!(delivery, all);
    assert_eq!(handed(&post, &recipients), [1, 1]);
}

#[test]
fn who_never_says_whether_it_took_a_letter_gets_it_twice_at_most_and_the_next_get_theirs() {
    // The first recipient's letter is never answered, whatever the connection.
    let post = Post::new(|number, line| {
        static FIRST: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);
        let first = &FIRST;
        if line.starts_with("RCPT") {
            first.store(line.contains("<a@"), std::sync::atomic::Ordering::SeqCst);
        }
        let is_lost = line == "." && first.load(std::sync::atomic::Ordering::SeqCst);
        (!is_lost).then(|| Post::usual(number, line))
    });
    let recipients = ["a@example.com", "b@example.com", "c@example.com"];
    let mut mailing = mailing(post.port, &recipients);
    let delivery = delivered(&mailing);
    assert_eq!(
        (delivery.taken, delivery.doubtful, delivery.left.len()),
        (2, 1, 1)
    );
    let outcome = Outcome::Mail(delivery.clone()).verdict();
    assert!(
        matches!(&outcome, Verdict::Partly { left, .. } if *left == delivery.left),
        "{outcome:?}"
    );
    assert_eq!(handed(&post, &recipients), [1, 1, 1]);
    mailing.left = Some(delivery.left);
    let again = delivered(&mailing);
    assert_eq!(
        (again.taken, again.doubtful, again.left),
        (0, 1, Vec::new())
    );
    assert_eq!(handed(&post, &recipients), [2, 1, 1]);
}

#[test]
fn one_who_may_have_it_comes_behind_the_others_and_is_no_reason_to_send_all_again() {
    // No letter is ever answered.
    let post = Post::new(|number, line| (line != ".").then(|| Post::usual(number, line)));
    let recipients = [
        "a@example.com",
        "b@example.com",
        "c@example.com",
        "d@example.com",
    ];
    let mut mailing = mailing(post.port, &recipients);
    let delivery = delivered(&mailing);
    assert_eq!((delivery.doubtful, delivery.left.len()), (3, 4));
    // It is not the same as before: who may have it must not get it at once again.
    let outcome = Outcome::Mail(delivery.clone()).verdict();
    assert!(matches!(outcome, Verdict::Partly { .. }), "{outcome:?}");
    mailing.left = Some(delivery.left);
    delivered(&mailing);
    assert_eq!(handed(&post, &recipients), [2, 2, 1, 1]);
}

#[test]
fn a_server_that_is_not_there_or_refuses_leaves_all() {
    let closed = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = closed.local_addr().unwrap().port();
    drop(closed);
    let recipients = ["a@example.com", "b@example.com"];
    let none = delivered(&mailing(port, &recipients));
    assert_eq!(
        (none.taken, none.left.len(), none.is_for_people),
        (0, 2, false)
    );
    assert_eq!(none.faults, ["no connection: connection refused"]);
    let post = Post::new(|number, line| {
        Some(match line.starts_with("AUTH") {
            true => "535 no",
            false => Post::usual(number, line),
        })
    });
    let none = delivered(&mailing(post.port, &recipients));
    assert_eq!(
        (none.taken, none.left.len(), none.is_for_people),
        (0, 2, true)
    );
    assert_eq!(
        none.faults,
        ["it refuses the user or the password: it answered 535"]
    );
    let post = Post::new(|number, line| {
        Some(match line.starts_with("MAIL") {
            true => "550 no",
            false => Post::usual(number, line),
        })
    });
    let none = delivered(&mailing(post.port, &recipients));
    assert_eq!(
        (none.taken, none.left.len(), none.is_for_people),
        (0, 2, true)
    );
    assert_eq!(none.faults, ["it refuses the sender: it answered 550"]);
}

#[test]
fn who_is_left_is_a_place_where_no_password_hides_them() {
    let post = Post::new(|number, line| {
        Some(match line {
            "RCPT TO:<b@example.com>" => "451 later",
            _ => Post::usual(number, line),
        })
    });
    let recipients = ["a@example.com", "b@example.com"];
    let mut mailing = mailing(post.port, &recipients);
    mailing.server = EnvText::new(format!("smtp://127.0.0.1:{}", post.port));
    let delivery = delivered(&mailing);
    assert_eq!(delivery.left, ["2/2"]);
    mailing.left = Some(delivery.left);
    let again = delivered(&mailing);
    assert_eq!((again.taken, again.left), (0, vec!["2/2".to_owned()]));
    assert_eq!(handed(&post, &recipients), [1, 0]);
}

#[test]
fn what_is_missing_is_named_before_anything_is_sent() {
    let mut mailing = mailing(9, &["${NOWHERE}"]);
    let missing = Outcome::Failed(FetchError::MissingVariable("NOWHERE".to_owned()));
    assert_eq!(deliver(&mailing, &environment, Networks::All), missing);
    mailing.recipients = vec![EnvText::new("a@example.com")];
    match deliver(&mailing, &environment, Networks::Public) {
        Outcome::Mail(delivery) => {
            assert!(delivery.is_for_people);
            assert_eq!(
                delivery.faults,
                ["127.0.0.1 is in a private network, which is not asked"]
            );
        }
        other => panic!("{other:?}"),
    }
}
