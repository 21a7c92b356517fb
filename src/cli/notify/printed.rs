//! What was told, as it is printed.

use allclear::characters::escaped_json;
use allclear::fetch::{EnvText, Method, Request};
use allclear::locale::english::counted;
use allclear::notify::{Foreseen, Line, Report};
use allclear::site::channel::letter::Mailing;
use allclear::site::channel::sending::{Parcel, Secret};
use allclear::time::rfc3339;
use serde_json::{Value, json};

/// The words of ends, in the order in which they are counted.
const WORDS: [&str; 7] = [
    "told", "silent", "waits", "failed", "doubtful", "given up", "held",
];

/// A line for each piece of news, and a summary.
pub(super) fn for_people(report: &Report) -> String {
    let all = lines(report.lines.iter());
    format!("{all}{}{}", trouble(report), summary(report))
}

/// A line for each piece of news at which a person has to look; nothing where there is none.
pub(super) fn problems(report: &Report) -> String {
    let problems = report.lines.iter().filter(|line| line.end.is_problem());
    format!("{}{}", lines(problems), trouble(report))
}

fn trouble(report: &Report) -> String {
    let trouble = report.trouble.iter();
    trouble.map(|why| format!("! {why}\n")).collect()
}

fn lines<'a>(all: impl Iterator<Item = &'a Line> + Clone) -> String {
    let widest = all.clone().map(|line| line.channel.chars().count()).max();
    let widest = widest.unwrap_or(0);
    let lines = all.map(|line| {
        let Line {
            channel,
            title,
            end,
            ..
        } = line;
        let why = end
            .why()
            .map_or_else(String::new, |why| format!(" ({why})"));
        let mark = if end.is_problem() { "! " } else { "  " };
        format!("{mark}{channel:widest$}  {:<8}  {title}{why}\n", end.word())
    });
    lines.collect()
}

/// How many pieces of news came to which end.
pub(crate) fn summary(report: &Report) -> String {
    let counts = WORDS.iter().map(|word| (word, report.count(word)));
    let counts: Vec<String> = counts
        .filter(|(word, count)| *count > 0 || **word == "told")
        .map(|(word, count)| match *word {
            "told" => format!("{} told", counted(count, "message")),
            word => format!("{count} {word}"),
        })
        .collect();
    format!("{}\n", counts.join(", "))
}

/// The same as one JSON document.
pub(super) fn for_programs(report: &Report) -> String {
    document(&json!({
        "messages": report.lines.iter().map(line).collect::<Vec<_>>(),
        "trouble": report.trouble,
        "next": report.next.map(rfc3339),
    }))
}

fn line(line: &Line) -> Value {
    json!({
        "channel": line.channel,
        "news": line.key,
        "title": line.title,
        "end": line.end.word().replace(' ', "_"),
        "why": line.end.why(),
    })
}

fn document(value: &Value) -> String {
    // What is made of texts and lists always has a JSON form.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    escaped_json(text)
}

/// What would be told, with each message as it would be sent.
pub(super) fn foreseen(all: &[Foreseen]) -> String {
    let mut text = String::new();
    for it in all {
        text.push_str(&lines(std::iter::once(&it.line)));
        if let Some(parcel) = &it.parcel {
            for line in shown(parcel).lines() {
                text.push_str(&format!("      {line}\n"));
            }
        }
    }
    let sent = all.iter().filter(|it| it.parcel.is_some()).count();
    text.push_str(&format!("{} would be sent\n", counted(sent, "message")));
    text
}

/// The same as one JSON document.
pub(super) fn foreseen_for_programs(all: &[Foreseen]) -> String {
    let all = all.iter().map(|it| {
        let mut value = line(&it.line);
        if let (Some(parcel), Some(map)) = (&it.parcel, value.as_object_mut()) {
            map.insert("sent".to_owned(), sent(parcel));
        }
        value
    });
    document(&json!({ "dry_run": true, "messages": all.collect::<Vec<_>>() }))
}

/// What is sent, with secrets as they stand in the site's files.
fn sent(parcel: &Parcel) -> Value {
    match parcel {
        Parcel::Http {
            request, secret, ..
        } => requested(request, secret),
        Parcel::Mail(mailing) => mailed(mailing),
    }
}

fn mailed(mailing: &Mailing) -> Value {
    let Mailing {
        server,
        from,
        recipients,
        letter,
        ..
    } = mailing;
    let recipients = recipients.iter().map(EnvText::as_written);
    json!({
        "method": "MAIL",
        "address": server.as_written(),
        "headers": {
            "From": from.as_written(),
            "To": recipients.collect::<Vec<_>>().join(", "),
            "Subject": letter.subject,
        },
        "body": { "text": letter.plain, "html": letter.html },
    })
}

fn requested(request: &Request, secret: &Secret) -> Value {
    let headers = request.headers.iter();
    let headers: serde_json::Map<String, Value> = headers
        .map(|(name, value)| (name.clone(), value.as_written().into()))
        .chain(match secret {
            Secret::Signature { header, key, .. } => Some((
                (*header).to_owned(),
                format!("HMAC-SHA256, keyed with {key}").into(),
            )),
            Secret::None | Secret::Fields(_) => None,
        })
        .collect();
    let body = request.body.as_deref().unwrap_or_default();
    let mut body: Value = serde_json::from_slice(body)
        .unwrap_or_else(|_| String::from_utf8_lossy(body).into_owned().into());
    if let (Secret::Fields(fields), Some(body)) = (secret, body.as_object_mut()) {
        for (name, text) in fields {
            body.insert((*name).to_owned(), text.as_written().into());
        }
    }
    let method = match request.method {
        Method::Get => "GET",
        Method::Head => "HEAD",
        Method::Post => "POST",
        Method::Put => "PUT",
    };
    json!({ "method": method, "address": request.url.as_written(), "headers": headers, "body": body })
}

/// The same as people read it.
fn shown(parcel: &Parcel) -> String {
    let sent = sent(parcel);
    let text = |key: &str| sent[key].as_str().unwrap_or_default().to_owned();
    let mut shown = format!("{} {}\n", text("method"), text("address"));
    for (name, value) in sent["headers"].as_object().into_iter().flatten() {
        shown.push_str(&format!("{name}: {}\n", value.as_str().unwrap_or_default()));
    }
    if let Parcel::Mail(mailing) = parcel {
        shown.push_str(&mailing.letter.plain);
        return shown;
    }
    // A value always has a JSON form.
    shown.push_str(&serde_json::to_string_pretty(&sent["body"]).unwrap_or_default());
    shown
}
