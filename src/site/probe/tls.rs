//! `tls`: whether the certificate of a host is good, and for how long.
//!
//! | answer | it says |
//! | --- | --- |
//! | a certificate that is believed, and ends in `days` or later (by default 3) | operational |
//! | one that ends earlier | degraded performance |
//! | one that has expired, is for another name, or is from an unknown authority; none at all | bad, once asked again |
//! | the address may not be asked; this machine trusts no authority at all, has no route, or cannot look the name up | nothing |

use chrono::TimeDelta;

use super::address::{HostAndPort, expected, host_and_port, source};
use super::question::{Ask, Asked, Outcome, Question, Reading, Subject, Verdict, unanswered};
use crate::diagnostic::Code;
use crate::locale::english::counted;
use crate::site::vocabulary::Status;
use crate::syntax::{Reader, Spanned, TableReader, Value};

/// How many days a certificate should hold where nothing else is said. The shortest that authorities give hold for six,
/// and are renewed by half of them.
const DAYS: u32 = 3;

/// The port where none is said.
const PORT: u16 = 443;

/// A host, and how long its certificate should hold.
#[derive(Debug, Clone)]
pub struct Tls {
    address: HostAndPort,
    days: u32,
}

impl Tls {
    /// Reads the keys of this kind.
    pub(super) fn read(
        reader: &mut Reader<'_>,
        table: &mut TableReader<'_>,
        node: &Spanned<Value>,
    ) -> Option<Self> {
        let address = host_and_port(reader, node);
        let days = expected(reader, table, |reader, table| {
            let node = table.take("days")?;
            number_of_days(reader, node)
        });
        Some(Self {
            address: address?,
            days: days.unwrap_or(DAYS),
        })
    }
}

/// A number of days, of a year at most.
fn number_of_days(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Option<u32> {
    let Value::Integer(number) = node.value else {
        reader.wrong_type(node, "a number of days");
        return None;
    };
    let days = u32::try_from(number).ok().filter(|days| *days <= 366);
    if days.is_none() {
        let message = format!("{number} is not between 0 and 366");
        reader.error(Code::OutOfRange, &node.span, message, None);
    }
    days
}

impl Question for Tls {
    fn source(&self) -> String {
        match self.address.port {
            PORT => source("tls", &self.address.host),
            _ => source("tls", &self.address.to_string()),
        }
    }

    fn asks(&self) -> Vec<Ask> {
        vec![Ask::Tls(self.address.clone())]
    }

    fn read(&self, probe: Subject<'_>, asked: Asked<'_>, outcomes: &[Outcome]) -> Vec<Reading> {
        let [Outcome::Tls(certificate)] = outcomes else {
            return unanswered(probe, outcomes);
        };
        if let Some(fault) = &certificate.fault {
            return probe.of_all(Verdict::Failed, fault, None);
        }
        let Some(end) = certificate.end else {
            let why = "the end of its certificate cannot be read";
            return probe.of_all(Verdict::Failed, why, None);
        };
        let left = end - asked.at;
        if left <= TimeDelta::zero() {
            return probe.of_all(Verdict::Failed, "its certificate has expired", None);
        }
        let status = match left < TimeDelta::days(self.days.into()) {
            true => Status::DegradedPerformance,
            false => Status::Operational,
        };
        let days = usize::try_from(left.num_days()).unwrap_or_default();
        let why = match days {
            0 => "its certificate ends within a day".to_owned(),
            days => format!("its certificate ends in {}", counted(days, "day")),
        };
        probe.of_all(Verdict::Seen(status, asked.at), &why, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::{Certificate, FetchError};
    use crate::site::probe::fixtures::{ASKED_AT, said};

    fn ends_in(left: TimeDelta, probe: &str) -> (Verdict, String) {
        let certificate = Certificate {
            end: Some(ASKED_AT + left),
            fault: None,
        };
        let reading = said(probe, &[Outcome::Tls(certificate)]);
        assert_eq!(reading.latency, None);
        (reading.verdict, reading.why)
    }

    #[test]
    fn a_certificate_is_good_until_few_days_are_left() {
        let two_weeks = "tls = 'example.com:443'\nexpect = { days = 14 }";
        let good = Verdict::Seen(Status::Operational, ASKED_AT);
        let soon = Verdict::Seen(Status::DegradedPerformance, ASKED_AT);
        let ends_in = |left: TimeDelta| ends_in(left, two_weeks);
        let why = |days: &str| format!("its certificate ends {days}");
        assert_eq!(ends_in(TimeDelta::days(14)), (good, why("in 14 days")));
        assert_eq!(ends_in(TimeDelta::hours(335)), (soon, why("in 13 days")));
        assert_eq!(ends_in(TimeDelta::hours(30)), (soon, why("in 1 day")));
        assert_eq!(ends_in(TimeDelta::seconds(1)), (soon, why("within a day")));
        for over in [TimeDelta::zero(), TimeDelta::days(-1)] {
            let expired = "its certificate has expired".to_owned();
            assert_eq!(ends_in(over), (Verdict::Failed, expired));
        }
    }

    #[test]
    fn one_that_ends_tomorrow_is_told_of_where_nothing_is_said() {
        let plain = "tls = 'example.com:443'";
        let (tomorrow, _) = ends_in(TimeDelta::days(1), plain);
        assert_eq!(
            tomorrow,
            Verdict::Seen(Status::DegradedPerformance, ASKED_AT)
        );
        let (later, _) = ends_in(TimeDelta::days(3), plain);
        assert_eq!(later, Verdict::Seen(Status::Operational, ASKED_AT));
    }

    #[test]
    fn one_that_is_not_believed_has_failed_however_long_it_holds() {
        let certificate = Certificate {
            end: Some(ASKED_AT + TimeDelta::days(90)),
            fault: Some("its certificate is for another name".to_owned()),
        };
        let reading = said("tls = 'example.com:443'", &[Outcome::Tls(certificate)]);
        assert_eq!(reading.verdict, Verdict::Failed);
        assert_eq!(reading.why, "its certificate is for another name");
    }

    #[test]
    fn without_authorities_nothing_is_said() {
        let failed = [Outcome::Failed(FetchError::NoAuthorities)];
        assert_eq!(
            said("tls = 'example.com:443'", &failed).verdict,
            Verdict::Silent
        );
        let failed = [Outcome::Failed(FetchError::Tls(
            "it does not speak TLS".to_owned(),
        ))];
        assert_eq!(
            said("tls = 'example.com:443'", &failed).verdict,
            Verdict::Failed
        );
    }
}
