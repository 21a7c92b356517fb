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

/// How long a letter to all recipients takes at most; the others are left for another attempt.
const WHOLE: Duration = Duration::from_secs(60);

/// How long the server has for each of its answers.
const ANSWER: Duration = Duration::from_secs(20);

/// How many faults are told of one attempt.
const TOLD: usize = 5;

/// What comes of a letter to some recipients.
pub(super) fn deliver(
    mailing: &Mailing,
    environment: &Environment<'_>,
    networks: Networks,
) -> Outcome {
    let delivered = Server::of(&mailing.server, environment).and_then(|server| {
        let from = sender(mailing, environment)?;
        let recipients = asked(mailing, server.key(), environment)?;
        Ok(Sending {
            mailing,
            server,
            from,
            networks,
            end: Moment::now() + WHOLE,
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
    /// Nothing: the connection broke, and it may have it or not.
    Broken(String),
}

impl Sending<'_> {
    fn deliver(&self, recipients: &[Recipient]) -> Delivery {
        let mut delivery = Delivery::default();
        let mut waiting: VecDeque<&Recipient> = recipients.iter().collect();
        while !waiting.is_empty() {
            let before = delivery.taken + delivery.refused;
            let connection = self.server.connect(self.networks, self.end);
            let goes_on = match connection {
                Ok(mut connection) => self.hand_over(&mut connection, &mut waiting, &mut delivery),
                Err(fault) => {
                    delivery.faults.push(fault.why);
                    delivery.is_for_people = fault.is_for_people;
                    false
                }
            };
            // A server may want a connection of its own for each hundred letters, but not for each one.
            if !goes_on || delivery.taken + delivery.refused == before {
                break;
            }
        }
        let left = waiting.into_iter().map(|it| it.name.clone());
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
                    delivery.left.push(recipient.name.clone());
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
                    delivery.left.push(recipient.name.clone());
                    delivery.faults.push(format!("{shown}: {why}"));
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
            Said::Taken => self.said(connection, |it| it.message(&bytes)),
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

    /// What the server says to something, within the time that is left.
    fn said<T>(
        &self,
        connection: &mut SmtpConnection,
        ask: impl FnOnce(&mut SmtpConnection) -> Result<T, lettre::transport::smtp::Error>,
    ) -> Said {
        let left = self.end.saturating_duration_since(Moment::now());
        let time = left.min(ANSWER);
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
