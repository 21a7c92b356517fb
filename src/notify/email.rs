//! Mail: a letter to each of some recipients, over one connection of SMTP.
//!
//! Each recipient is a mail of their own to the server: what it says of one is not said of another, and nobody sees who else
//! gets it.

use std::collections::VecDeque;
use std::time::{Duration, Instant as Moment};

use lettre::message::Mailbox;
use lettre::transport::smtp::client::SmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{Extension, MailParameter};

use self::recipient::{Recipient, asked};
use self::server::{Server, words};
use self::written::written;
use crate::fetch::{Environment, FetchError, Networks};
use crate::site::channel::letter::{Delivery, Mailing};
use crate::site::channel::sending::Outcome;

mod recipient;
mod server;
mod written;

/// How long servers have.
///
/// RFC 5321, section 4.5.3.2.6, wants ten minutes for the answer to the end of a letter, since a server that looks through it
/// for so long has taken it, and would take it again. Here it is as long as the claim of a message in the ledger allows: a
/// letter that is begun at the end of the whole time of the last retry is over before another host may take the message.
const PATIENCE: Patience = Patience {
    whole: Duration::from_secs(100),
    answer: Duration::from_secs(20),
    taking: Duration::from_secs(150),
};

/// How many letters in a row may end without a word before no further one is begun.
const SILENT: usize = 3;

/// How many faults are told of one attempt.
const TOLD: usize = 5;

/// How long a server has.
#[derive(Clone, Copy)]
struct Patience {
    /// How long letters are begun; who has none then is left for another attempt.
    whole: Duration,
    /// For each of its answers but one.
    answer: Duration,
    /// For the answer to the end of a letter.
    taking: Duration,
}

/// What comes of a letter to some recipients.
pub(super) fn deliver(
    mailing: &Mailing,
    environment: &Environment<'_>,
    networks: Networks,
) -> Outcome {
    deliver_within(mailing, environment, networks, PATIENCE)
}

fn deliver_within(
    mailing: &Mailing,
    environment: &Environment<'_>,
    networks: Networks,
    patience: Patience,
) -> Outcome {
    let delivered = Server::of(&mailing.server, environment).and_then(|server| {
        let from = sender(mailing, environment)?;
        let recipients = asked(mailing, server.key(), environment)?;
        Ok(Sending {
            mailing,
            server,
            from,
            networks,
            patience,
            end: Moment::now() + patience.whole,
        }
        .deliver(&recipients))
    });
    delivered.map_or_else(Outcome::Failed, Outcome::Mail)
}

fn sender(mailing: &Mailing, environment: &Environment<'_>) -> Result<Mailbox, FetchError> {
    let from = mailing.from.fill(environment);
    let from = from.map_err(|missing| FetchError::MissingVariable(missing.name))?;
    let bad = |_| FetchError::BadAddress("`from` is no address of mail".to_owned());
    from.trim().parse().map_err(bad)
}

/// The sending of a letter.
struct Sending<'a> {
    mailing: &'a Mailing,
    server: Server,
    from: Mailbox,
    networks: Networks,
    patience: Patience,
    end: Moment,
}

/// What the server says of a letter to a recipient.
enum Said {
    /// It has it.
    Taken,
    /// Perhaps later.
    Later(String),
    /// Never.
    Refused(String),
    /// Never, whoever it is for.
    Sender(String),
    /// Nothing: the connection broke before it had the whole letter.
    Broken(String),
    /// Nothing once it had the letter: it may have taken it or not.
    Silent(String),
}

impl Sending<'_> {
    fn deliver(&self, recipients: &[Recipient]) -> Delivery {
        let mut delivery = Delivery::default();
        // Who may have it already comes behind those who have not.
        let (doubtful, others): (Vec<&Recipient>, Vec<_>) =
            recipients.iter().partition(|it| it.is_doubtful);
        let mut waiting: VecDeque<&Recipient> = others.into_iter().chain(doubtful).collect();
        let mut silent = 0;
        while !waiting.is_empty() {
            let before = (delivery.taken + delivery.refused, delivery.doubtful);
            let connection = self.server.connect(self.networks, self.end);
            let goes_on = match connection {
                Ok(mut connection) => self.hand_over(&mut connection, &mut waiting, &mut delivery),
                Err(fault) => {
                    delivery.faults.push(fault.why);
                    delivery.is_for_people = fault.is_for_people;
                    false
                }
            };
            let has_word = delivery.taken + delivery.refused > before.0;
            silent = match has_word {
                true => 0,
                false => silent + 1,
            };
            // A server may want a connection of its own for each hundred letters, but not for each one; and where it says
            // nothing of one letter, the next ones need not end like that.
            let is_new = has_word || delivery.doubtful > before.1;
            if !goes_on || !is_new || silent == SILENT {
                break;
            }
        }
        let left = waiting.into_iter().map(Recipient::left);
        delivery.left.extend(left);
        let others = delivery.faults.len().saturating_sub(TOLD);
        if others > 0 {
            delivery.faults.truncate(TOLD);
            delivery.faults.push(format!("and {others} more"));
        }
        delivery
    }

    /// Hands letters over until there are no more, or the connection breaks; whether another connection could help.
    fn hand_over(
        &self,
        connection: &mut SmtpConnection,
        waiting: &mut VecDeque<&Recipient>,
        delivery: &mut Delivery,
    ) -> bool {
        while let Some(recipient) = waiting.pop_front() {
            let shown = &recipient.shown;
            match self.hand_over_one(connection, recipient) {
                Said::Taken => delivery.taken += 1,
                Said::Refused(why) => {
                    delivery.refused += 1;
                    let fault = format!("{shown} is refused for good: {why}");
                    delivery.faults.push(fault);
                }
                Said::Later(why) => {
                    delivery.left.push(recipient.left());
                    delivery.faults.push(format!("{shown}: {why}"));
                }
                Said::Sender(why) => {
                    delivery.is_for_people = true;
                    delivery
                        .faults
                        .push(format!("it refuses the sender: {why}"));
                    waiting.push_front(recipient);
                    return false;
                }
                Said::Broken(why) => {
                    delivery.left.push(recipient.left());
                    delivery.faults.push(format!("{shown}: {why}"));
                    return true;
                }
                Said::Silent(why) => {
                    delivery.doubtful += 1;
                    let fate = match recipient.left_in_doubt() {
                        Some(name) => {
                            delivery.left.push(name);
                            "which may have arrived, and is sent once more"
                        }
                        None => "which may have arrived, and is sent no more",
                    };
                    let fault = format!("{shown}: no word on the letter, {fate}: {why}");
                    delivery.faults.push(fault);
                    return true;
                }
            }
        }
        // What it says to that changes nothing.
        let _ = connection.quit();
        false
    }

    fn hand_over_one(&self, connection: &mut SmtpConnection, recipient: &Recipient) -> Said {
        let Some(mailbox) = &recipient.mailbox else {
            return Said::Refused("it is no address of mail".to_owned());
        };
        let bytes = match written(&self.mailing.letter, &self.from, mailbox) {
            Ok(bytes) => bytes,
            Err(why) => return Said::Refused(why),
        };
        let mut parameters = Vec::new();
        if !mailbox.email.to_string().is_ascii() {
            if !connection
                .server_info()
                .supports_feature(Extension::SmtpUtfEight)
            {
                return Said::Refused("the server takes no address with such letters".to_owned());
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        let sender = Mail::new(Some(self.from.email.clone()), parameters);
        match self.said(connection, |it| it.command(sender)) {
            Said::Taken => {}
            Said::Refused(why) => return Said::Sender(why),
            said => return said,
        }
        let to = Rcpt::new(mailbox.email.clone(), Vec::new());
        let said = self
            .said(connection, |it| it.command(to))
            .and_then(|| self.said(connection, |it| it.command(Data)));
        match said {
            Said::Taken => self.taken(connection, &bytes),
            Said::Later(why) => self.afresh(connection, Said::Later(why)),
            Said::Refused(why) => self.afresh(connection, Said::Refused(why)),
            said => said,
        }
    }

    /// What was said, once the server has forgotten the letter that it did not take.
    fn afresh(&self, connection: &mut SmtpConnection, said: Said) -> Said {
        // Where that fails, what comes next does.
        let _ = self.said(connection, |it| it.command(Rset));
        said
    }

    /// What the server says to a letter. It has all of it as soon as nothing was in the way of its last line.
    fn taken(&self, connection: &mut SmtpConnection, letter: &[u8]) -> Said {
        match said_within(self.patience.taking, connection, |it| it.message(letter)) {
            Said::Broken(why) => Said::Silent(why),
            said => said,
        }
    }

    /// What the server says to something, within the time that is left.
    fn said<T>(
        &self,
        connection: &mut SmtpConnection,
        ask: impl FnOnce(&mut SmtpConnection) -> Result<T, lettre::transport::smtp::Error>,
    ) -> Said {
        let left = self.end.saturating_duration_since(Moment::now());
        said_within(left.min(self.patience.answer), connection, ask)
    }
}

/// What the server says to something, within a time.
fn said_within<T>(
    time: Duration,
    connection: &mut SmtpConnection,
    ask: impl FnOnce(&mut SmtpConnection) -> Result<T, lettre::transport::smtp::Error>,
) -> Said {
    if time.is_zero() || connection.set_timeout(Some(time)).is_err() {
        return Said::Broken(FetchError::TimedOut.to_string());
    }
    match ask(connection) {
        Ok(_) => Said::Taken,
        Err(error) => {
            let why = words(&error);
            match error.status().map(u16::from) {
                // It is about to leave.
                Some(421) | None => Said::Broken(why),
                Some(..500) => Said::Later(why),
                Some(_) => Said::Refused(why),
            }
        }
    }
}

impl Said {
    /// What comes next where it goes on.
    fn and_then(self, next: impl FnOnce() -> Self) -> Self {
        match self {
            Self::Taken => next(),
            said => said,
        }
    }
}

#[cfg(test)]
mod tests;
