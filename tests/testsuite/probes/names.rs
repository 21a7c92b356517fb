//! Probes of names, against a small server of names.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::thread;

use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::rdata::{A, CNAME, TXT};
use hickory_proto::rr::{Name, RData, Record, RecordType};
use snapbox::str;

use super::{probe, site};

/// The answer to a question.
fn reply(question: &Message) -> Option<Message> {
    let query = question.queries[0].clone();
    let mut reply = Message::response(question.metadata.id, question.metadata.op_code);
    reply.add_query(query.clone());
    let mut add = |data: RData| {
        reply.add_answer(Record::from_rdata(query.name.clone(), 60, data));
    };
    let name = query.name.to_ascii();
    match (
        name.split('.').next().unwrap_or_default(),
        query.query_type(),
    ) {
        ("www", RecordType::A) => add(RData::A(A(Ipv4Addr::new(192, 0, 2, 7)))),
        ("www", RecordType::TXT) => add(RData::TXT(TXT::new(vec!["v=spf1 -all".to_owned()]))),
        ("closed", _) => reply.metadata.response_code = ResponseCode::Refused,
        ("alias", RecordType::A | RecordType::CNAME) => add(RData::CNAME(CNAME(
            Name::from_ascii("www.example.net.").unwrap(),
        ))),
        ("long", RecordType::TXT) => {
            (0..200).for_each(|number| add(RData::TXT(TXT::new(vec![format!("text {number}")]))))
        }
        ("gone", _) => reply.metadata.response_code = ResponseCode::NXDomain,
        ("broken", _) => reply.metadata.response_code = ResponseCode::ServFail,
        ("mute", _) => return None,
        _ => {}
    }
    Some(reply)
}

/// A server of names over UDP and TCP; its port.
fn server() -> u16 {
    let (udp, tcp) = loop {
        let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
        // Another may have the port of the same number.
        if let Ok(tcp) = TcpListener::bind(udp.local_addr().unwrap()) {
            break (udp, tcp);
        }
    };
    let port = udp.local_addr().unwrap().port();
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok((length, from)) = udp.recv_from(&mut buffer) {
            let question = Message::from_vec(&buffer[..length]).unwrap();
            let Some(mut reply) = reply(&question) else {
                continue;
            };
            if reply.answers.len() > 10 {
                reply = reply.truncate();
            }
            // An answer to another question, which somebody else may send, counts for nothing.
            let mut forged = reply.clone();
            forged.metadata.id = !question.metadata.id;
            forged.metadata.response_code = ResponseCode::Refused;
            for message in [forged, reply] {
                udp.send_to(&message.to_vec().unwrap(), from).unwrap();
            }
        }
    });
    thread::spawn(move || {
        for stream in tcp.incoming() {
            let mut stream = stream.unwrap();
            let mut length = [0; 2];
            stream.read_exact(&mut length).unwrap();
            let mut question = vec![0; usize::from(u16::from_be_bytes(length))];
            stream.read_exact(&mut question).unwrap();
            let reply = reply(&Message::from_vec(&question).unwrap()).unwrap();
            let bytes = reply.to_vec().unwrap();
            let length = u16::try_from(bytes.len()).unwrap();
            stream.write_all(&length.to_be_bytes()).unwrap();
            stream.write_all(&bytes).unwrap();
        }
    });
    port
}

#[test]
fn a_name_is_asked_for_at_a_server() {
    let port = server();
    let asked: String = [
        ("www", "record = \"A\"\nexpect = { contains = \"192.0.2.7\" }"),
        ("www", "record = \"A\"\nexpect = { contains = \"192.0.2.8\" }"),
        ("www", "record = \"TXT\""),
        ("www", "record = \"AAAA\""),
        ("alias", ""),
        ("long", "record = \"TXT\"\nexpect = { contains = \"text 199\" }"),
        ("gone", ""),
        ("broken", ""),
        ("mute", ""),
        ("closed", ""),
        ("alias", "record = \"CNAME\""),
    ]
    .iter()
    .enumerate()
    .map(|(number, (name, lines))| {
        probe("web", &format!("dns = \"{name}.example.com\"\nserver = \"127.0.0.1:{port}\"\nsource = \"s{number}\"\ntimeout = \"1s\"\nretries = 0\n{lines}"))
    })
    .collect();
    site(&asked)
        .run(&["probe", "--dry-run"])
        .expect_stdout(str![[r#"
web  operational   [..] ms  s0: 192.0.2.7
web  major_outage  [..] ms  s1: no A record contains `192.0.2.8`
web  operational   [..] ms  s2: v=spf1 -all
web  major_outage  [..] ms  s3: the answer has no AAAA record
web  major_outage  [..] ms  s4: the answer has no A record
web  operational   [..] ms  s5: text 0 and 199 more
web  major_outage  [..] ms  s6: the answer is NXDOMAIN
web  major_outage  [..] ms  s7: the answer is SERVFAIL
web  major_outage  [..] ms  s8: no answer in time
web  silent        [..] ms  s9: the server does not take the question: REFUSED
web  operational   [..] ms  s10: www.example.net.

"#]]);
}

#[test]
fn without_a_server_the_system_looks_a_name_up() {
    let lines = probe("web", "dns = \"localhost\"\nsource = \"s\"")
        + &probe(
            "api",
            "dns = \"no-such-name.invalid\"\nsource = \"s\"\ntimeout = \"2s\"\nretries = 0",
        );
    site(&lines)
        .run(&["probe", "--dry-run"])
        .expect_stdout(str![[r#"
web  operational   [..] ms  s: 127.0.0.1
api  major_outage  [..] ms  s: [..]

"#]]);
}
