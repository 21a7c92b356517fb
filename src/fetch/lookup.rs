//! Lookups of names, by the system or by a server of names.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use hickory_proto::op::{Message, Query, ResponseCode};
use hickory_proto::rr::{Name, RecordType};

use super::answer::{FetchError, NameAnswer};
use super::limits::Networks;
use super::reach::{addresses, known};
use super::record_kind::RecordKind;

/// The records of a name: those that a server of names answers with, or without one the addresses that the system finds.
///
/// # Errors
///
/// Where there is no answer within `timeout`; where the system finds nothing, which may have any reason; and where the
/// server is in a network that may not be asked.
pub fn records(
    name: &str,
    kind: RecordKind,
    server: Option<SocketAddr>,
    timeout: Duration,
    networks: Networks,
) -> Result<NameAnswer, FetchError> {
    match server {
        Some(server) => of_server(name, kind, server, timeout, networks),
        None => of_system(name, kind, timeout),
    }
}

/// What the system finds. Nothing connects to it, so that it may be in any network.
fn of_system(name: &str, kind: RecordKind, timeout: Duration) -> Result<NameAnswer, FetchError> {
    let found = known(name, 0, timeout)?;
    let mut records: Vec<String> = found
        .iter()
        .filter(|it| it.is_ipv6() == (kind == RecordKind::Aaaa))
        .map(|it| it.ip().to_string())
        .collect();
    records.dedup();
    Ok(NameAnswer {
        code: "NOERROR".to_owned(),
        records,
    })
}

/// How often a question is sent over UDP, which loses some.
const SENT: u32 = 3;

/// The largest answer over UDP, in bytes.
const LARGEST: usize = 65_535;

fn of_server(
    name: &str,
    kind: RecordKind,
    server: SocketAddr,
    timeout: Duration,
    networks: Networks,
) -> Result<NameAnswer, FetchError> {
    let end = Instant::now() + timeout;
    addresses(&server.ip().to_string(), server.port(), timeout, networks)?;
    let mut asked_name = Name::from_utf8(name)
        .map_err(|_| FetchError::BadAddress("this is no name that can be looked up".to_owned()))?;
    asked_name.set_fqdn(true);
    let mut question = Message::query();
    question.metadata.recursion_desired = true;
    question.add_query(Query::query(asked_name, record_type(kind)));
    let bytes = question.to_vec().map_err(|_| not_understood())?;
    let mut answer = over_udp(&question, &bytes, server, end)?;
    if answer.metadata.truncation {
        answer = over_tcp(&question, &bytes, server, end)?;
    }
    Ok(NameAnswer {
        code: code(answer.metadata.response_code),
        records: texts(&answer, record_type(kind)),
    })
}

fn over_udp(
    question: &Message,
    bytes: &[u8],
    server: SocketAddr,
    end: Instant,
) -> Result<Message, FetchError> {
    let broken = |error: std::io::Error| FetchError::from_io(&error);
    let local: SocketAddr = match server {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let socket = UdpSocket::bind(local).map_err(broken)?;
    socket.connect(server).map_err(broken)?;
    let mut buffer = vec![0; LARGEST];
    for left in (1..=SENT).rev() {
        socket.send(bytes).map_err(broken)?;
        let until = Instant::now() + left_until(end)? / left;
        while let Ok(left) = left_until(until) {
            socket.set_read_timeout(Some(left)).map_err(broken)?;
            let length = match socket.recv(&mut buffer) {
                Ok(length) => length,
                Err(error) => match FetchError::from_io(&error) {
                    FetchError::TimedOut => break,
                    error => return Err(error),
                },
            };
            // What answers another question was sent by somebody else.
            let answer = Message::from_vec(&buffer[..length]).ok();
            if let Some(answer) = answer.filter(|it| is_answer(question, it)) {
                return Ok(answer);
            }
        }
    }
    Err(FetchError::TimedOut)
}

fn over_tcp(
    question: &Message,
    bytes: &[u8],
    server: SocketAddr,
    end: Instant,
) -> Result<Message, FetchError> {
    let broken = |error: std::io::Error| FetchError::from_io(&error);
    let mut stream = TcpStream::connect_timeout(&server, left_until(end)?).map_err(broken)?;
    let length = u16::try_from(bytes.len()).map_err(|_| not_understood())?;
    let sent = [&length.to_be_bytes(), bytes].concat();
    stream
        .set_write_timeout(Some(left_until(end)?))
        .map_err(broken)?;
    stream.write_all(&sent).map_err(broken)?;
    let mut length = [0; 2];
    read_exactly(&mut stream, &mut length, end)?;
    let mut buffer = vec![0; usize::from(u16::from_be_bytes(length))];
    read_exactly(&mut stream, &mut buffer, end)?;
    let answer = Message::from_vec(&buffer).map_err(|_| not_understood())?;
    match is_answer(question, &answer) {
        true => Ok(answer),
        false => Err(not_understood()),
    }
}

fn read_exactly(stream: &mut TcpStream, buffer: &mut [u8], end: Instant) -> Result<(), FetchError> {
    let broken = |error: std::io::Error| FetchError::from_io(&error);
    let mut filled = 0;
    while filled < buffer.len() {
        stream
            .set_read_timeout(Some(left_until(end)?))
            .map_err(broken)?;
        match stream.read(&mut buffer[filled..]).map_err(broken)? {
            0 => return Err(FetchError::Connection("it was ended".to_owned())),
            read => filled += read,
        }
    }
    Ok(())
}

fn left_until(end: Instant) -> Result<Duration, FetchError> {
    let left = end.saturating_duration_since(Instant::now());
    match left.is_zero() {
        true => Err(FetchError::TimedOut),
        false => Ok(left),
    }
}

/// Whether a message answers a question.
fn is_answer(question: &Message, answer: &Message) -> bool {
    use hickory_proto::op::MessageType;
    answer.metadata.message_type == MessageType::Response
        && answer.metadata.id == question.metadata.id
        && (answer.queries == question.queries || answer.queries.is_empty())
}

fn not_understood() -> FetchError {
    FetchError::Protocol("no answer of a server of names was understood".to_owned())
}

/// The records of a kind in an answer. Another name that leads to none is no record.
fn texts(answer: &Message, wanted: RecordType) -> Vec<String> {
    let records = answer.answers.iter();
    let of_kind = records.filter(|record| record.record_type() == wanted);
    of_kind.map(|record| record.data.to_string()).collect()
}

fn code(code: ResponseCode) -> String {
    match code {
        ResponseCode::NoError => "NOERROR".to_owned(),
        ResponseCode::NXDomain => "NXDOMAIN".to_owned(),
        ResponseCode::ServFail => "SERVFAIL".to_owned(),
        ResponseCode::Refused => "REFUSED".to_owned(),
        ResponseCode::FormErr => "FORMERR".to_owned(),
        ResponseCode::NotImp => "NOTIMP".to_owned(),
        code => format!("code {}", u16::from(code)),
    }
}

fn record_type(kind: RecordKind) -> RecordType {
    match kind {
        RecordKind::A => RecordType::A,
        RecordKind::Aaaa => RecordType::AAAA,
        RecordKind::Caa => RecordType::CAA,
        RecordKind::Cname => RecordType::CNAME,
        RecordKind::Mx => RecordType::MX,
        RecordKind::Ns => RecordType::NS,
        RecordKind::Ptr => RecordType::PTR,
        RecordKind::Soa => RecordType::SOA,
        RecordKind::Srv => RecordType::SRV,
        RecordKind::Txt => RecordType::TXT,
    }
}
