//! A run: what is news is noted in the ledger, and then told.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicUsize;
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::keep::{Change, Keeper};
use super::live::LivePage;
use super::news::{Fate, Piece, note, post};
use super::of_channel::{OfChannel, Turn};
use super::report::{End, Report};
use super::said::{end_of, line};
use super::telling::{MOST_NOTES, Telling, Tools};

/// Tells channels what is news to them, side by side: none waits for another.
pub fn tell(telling: Telling<'_>, tools: &Tools<'_>) -> Report {
    let mut report = Report::default();
    if telling.channels.is_empty() || telling.news.is_empty() {
        return report;
    }
    let keeper = Keeper::new(telling.store, telling.ledger);
    let fates = match noted(telling, &keeper, &mut report) {
        Ok(fates) => fates,
        Err(why) => {
            report.trouble.push(why);
            return report;
        }
    };
    let mut due: BTreeMap<&str, Vec<Turn<'_>>> = BTreeMap::new();
    for (number, (piece, fate)) in fates.iter().enumerate() {
        match fate {
            Fate::Due => due.entry(&piece.channel.name).or_default().push(Turn {
                piece: *piece,
                before: before(&fates[..number], *piece),
            }),
            Fate::Held => report.lines.push(line(*piece, End::Held)),
            Fate::Waits(waiting) => {
                report.wake(waiting.until());
                report.lines.push(line(*piece, End::Waits(waiting.words())));
            }
            Fate::Over | Fate::Note(_) => {}
        }
    }
    let claims = AtomicUsize::new(0);
    let told = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for turns in due.values() {
            let of_channel = OfChannel {
                telling,
                keeper: &keeper,
                tools,
                claims: &claims,
            };
            let told = &told;
            scope.spawn(move || {
                let part = of_channel.run(turns);
                let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
                told.push(part);
            });
        }
    });
    let told = told.into_inner().unwrap_or_else(PoisonError::into_inner);
    for part in told {
        report.lines.extend(part.lines);
        report.trouble.extend(part.trouble);
        report.wake(part.next);
    }
    let order: BTreeMap<(&str, &str), usize> = fates
        .iter()
        .enumerate()
        .map(|(at, (piece, _))| ((piece.channel.name.as_str(), piece.news.key.as_str()), at))
        .collect();
    report.lines.sort_by_key(|line| {
        order
            .get(&(line.channel.as_str(), line.key.as_str()))
            .copied()
    });
    report.trouble.sort();
    report.trouble.dedup();
    report
}

/// The keys of what stands before a piece of news in the same post and channel.
fn before<'a>(fates: &[(Piece<'a>, Fate)], piece: Piece<'a>) -> Vec<&'a str> {
    let same = fates.iter().filter(|(it, _)| {
        let is_same = it.channel.name == piece.channel.name && post(it.news) == post(piece.news);
        is_same && !post(piece.news).is_empty()
    });
    same.map(|(it, _)| it.news.key.as_str()).collect()
}

/// What is to become of all news, once the ledger says all that is to be said before.
fn noted<'a>(
    telling: Telling<'a>,
    keeper: &Keeper<'_>,
    report: &mut Report,
) -> Result<Vec<(Piece<'a>, Fate)>, String> {
    // Nothing is live yet, so that it is seen what depends on it.
    let mut live = LivePage::default();
    let mut is_read = false;
    for _ in 0..MOST_NOTES {
        let fates = keeper.change(|ledger| {
            let fates = telling.fates(&live, ledger);
            match note(ledger, &fates, telling.now, telling.aged()) {
                true => Change::Write(fates),
                false => Change::Keep(fates),
            }
        })?;
        let notes = fates.iter().filter_map(|(piece, fate)| match fate {
            Fate::Note(state) => Some(line(*piece, end_of(state)?)),
            _ => None,
        });
        report.lines.extend(notes);
        let is_noted = !fates.iter().any(|(_, fate)| matches!(fate, Fate::Note(_)));
        if is_noted && is_read {
            return Ok(fates);
        }
        if is_noted {
            live = telling.live(&fates, report);
            is_read = true;
        }
    }
    Err("the ledger is never as it should be: this is a fault of allclear".to_owned())
}
