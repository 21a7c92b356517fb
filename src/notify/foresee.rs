//! What a run would do.

use super::keep::Keeper;
use super::live::LivePage;
use super::news::{Fate, note, post};
use super::report::{End, Line, Report};
use super::said::{end_of, line};
use super::telling::{MOST_NOTES, Telling};
use crate::site::channel::message::Message;
use crate::site::channel::sending::{Parcel, Step, Verdict};

/// What a run would do with a piece of news.
#[derive(Debug)]
pub struct Foreseen {
    /// What would become of it.
    pub line: Line,
    /// What would be sent first, where it would be told.
    pub parcel: Option<Parcel>,
}

/// What [`super::tell`] would do: nothing is sent, and the ledger stays as it is.
///
/// # Errors
///
/// Where the ledger cannot be read, in words.
pub fn foresee(telling: Telling<'_>) -> Result<(Vec<Foreseen>, Vec<String>), String> {
    let mut ledger = Keeper::new(telling.store, telling.ledger).read()?;
    let mut report = Report::default();
    let (mut live, mut is_read) = (LivePage::default(), false);
    let mut noted = Vec::new();
    let fates = loop {
        let fates = telling.fates(&live, &ledger);
        let notes = fates.iter().filter_map(|(piece, fate)| match fate {
            Fate::Note(state) => Some((*piece, end_of(state)?)),
            _ => None,
        });
        noted.extend(notes);
        if note(&mut ledger, &fates, telling.now, telling.aged())
            && noted.len() <= MOST_NOTES * fates.len()
        {
            continue;
        }
        if is_read {
            break fates;
        }
        live = telling.live(&fates, &mut report);
        is_read = true;
    };
    let seen = |line, parcel| Foreseen { line, parcel };
    let mut foreseen: Vec<Foreseen> = noted
        .into_iter()
        .map(|(piece, end)| seen(line(piece, end), None))
        .collect();
    for (piece, fate) in fates {
        let end = match fate {
            Fate::Due => End::Told,
            Fate::Held => End::Held,
            Fate::Waits(waiting) => End::Waits(waiting.words()),
            Fate::Over | Fate::Note(_) => continue,
        };
        let reply_to = ledger.reference(post(piece.news), &piece.channel.name);
        let message = Message {
            reply_to,
            ..piece.news.message.clone()
        };
        let first = match end {
            End::Told => piece.channel.kind.foreseen(&message),
            _ => Step::Done(Verdict::Sent(None)),
        };
        let parcel = match first {
            Step::Send(parcel) => Some(parcel),
            Step::Done(_) => None,
        };
        foreseen.push(seen(line(piece, end), parcel));
    }
    Ok((foreseen, report.trouble))
}
