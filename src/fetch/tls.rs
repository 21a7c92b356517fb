//! Connections that are secure, and the certificates by which they are.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant as Moment};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme,
};
use rustls_platform_verifier::Verifier;

use super::answer::{Certificate, FetchError};
use super::certificate;
use super::connect::connect;
use super::limits::Networks;

/// The authorities that the system trusts, which are read once, when they are needed first.
#[derive(Debug, Default)]
pub(super) struct Trust {
    known: OnceLock<Result<Known, FetchError>>,
}

#[derive(Debug, Clone)]
struct Known {
    provider: Arc<CryptoProvider>,
    verifier: Arc<dyn ServerCertVerifier>,
    config: Arc<ClientConfig>,
}

impl Trust {
    /// The configuration of a connection that believes nobody else.
    pub(super) fn config(&self) -> Result<Arc<ClientConfig>, FetchError> {
        Ok(Arc::clone(&self.known()?.config))
    }

    fn known(&self) -> Result<&Known, FetchError> {
        let known = self.known.get_or_init(|| {
            let provider = Arc::new(rustls::crypto::ring::default_provider());
            let verifier = Verifier::new(Arc::clone(&provider));
            let verifier: Arc<dyn ServerCertVerifier> =
                Arc::new(verifier.map_err(|_| FetchError::NoAuthorities)?);
            Ok(Known {
                config: config(&provider, &verifier)?,
                verifier,
                provider,
            })
        });
        known.as_ref().map_err(Clone::clone)
    }

    /// The certificate that a host shows, be it believed or not.
    ///
    /// # Errors
    ///
    /// Where it shows none within `timeout`.
    pub(super) fn certificate(
        &self,
        host: &str,
        port: u16,
        timeout: Duration,
        networks: Networks,
    ) -> Result<Certificate, FetchError> {
        let begin = Moment::now();
        let known = self.known()?;
        let name = name(host)?;
        let noting = Arc::new(Noting {
            verifier: Arc::clone(&known.verifier),
            noted: Mutex::new(None),
        });
        let verifier: Arc<dyn ServerCertVerifier> = Arc::clone(&noting) as _;
        let config = config(&known.provider, &verifier)?;
        let stream = connect(host, port, timeout, networks)?;
        let mut timed = Timed {
            stream,
            end: begin + timeout,
        };
        let connection = ClientConnection::new(config, name);
        let connection = connection.map_err(|error| FetchError::Tls(fault(&error)))?;
        let shaken = shake_hands(connection, &mut timed);
        let noted = noting.noted.lock().unwrap_or_else(PoisonError::into_inner);
        match (noted.clone(), shaken) {
            (
                Some(Noted {
                    end,
                    fault: Some(fault),
                }),
                _,
            ) => Ok(Certificate {
                end,
                fault: Some(fault),
            }),
            (Some(Noted { end, fault: None }), Ok(())) => Ok(Certificate { end, fault: None }),
            (None, Ok(())) => Err(FetchError::Tls("it shows no certificate".to_owned())),
            (_, Err(error)) => Err(broken(&error)),
        }
    }
}

fn shake_hands(mut connection: ClientConnection, stream: &mut Timed) -> io::Result<()> {
    while connection.is_handshaking() {
        connection.complete_io(stream)?;
    }
    Ok(())
}

/// The name by which a certificate has to call a host.
pub(super) fn name(host: &str) -> Result<ServerName<'static>, FetchError> {
    let host = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .to_owned();
    let bad = |_| FetchError::BadAddress("no certificate can be for this host".to_owned());
    ServerName::try_from(host).map_err(bad)
}

fn config(
    provider: &Arc<CryptoProvider>,
    verifier: &Arc<dyn ServerCertVerifier>,
) -> Result<Arc<ClientConfig>, FetchError> {
    let versions = ClientConfig::builder_with_provider(Arc::clone(provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| FetchError::Tls(fault(&error)))?;
    // The verifier is that of the system.
    let config = versions
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(verifier))
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// What broke a connection while it was made secure, or later.
pub fn broken(error: &io::Error) -> FetchError {
    let inner = error.get_ref();
    match inner.and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(error) => FetchError::Tls(fault(error)),
        None if error.kind() == ErrorKind::UnexpectedEof => {
            FetchError::Tls("it ended the connection".to_owned())
        }
        None => FetchError::from_io(error),
    }
}

/// What is wrong, in words that hold no name: it may have a secret in it.
fn fault(error: &rustls::Error) -> String {
    use rustls::Error;
    match error {
        Error::InvalidCertificate(error) => certificate_fault(error),
        Error::AlertReceived(_) => "it refuses the handshake",
        Error::PeerIncompatible(_) => "it speaks no version of TLS that is safe",
        Error::InvalidMessage(_) => "it does not speak TLS",
        _ => "the handshake failed",
    }
    .to_owned()
}

fn certificate_fault(error: &CertificateError) -> &'static str {
    use CertificateError as E;
    match error {
        E::Expired | E::ExpiredContext { .. } => "its certificate has expired",
        E::NotValidYet | E::NotValidYetContext { .. } => "its certificate is not valid yet",
        E::NotValidForName | E::NotValidForNameContext { .. } => {
            "its certificate is for another name"
        }
        E::UnknownIssuer => "its certificate is from an unknown authority",
        E::Revoked => "its certificate was revoked",
        _ => "its certificate is not valid",
    }
}

/// A verifier that notes what it has seen.
#[derive(Debug)]
struct Noting {
    verifier: Arc<dyn ServerCertVerifier>,
    noted: Mutex<Option<Noted>>,
}

#[derive(Debug, Clone)]
struct Noted {
    end: Option<crate::time::Instant>,
    fault: Option<String>,
}

impl ServerCertVerifier for Noting {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let verified = self.verifier.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        *noted = Some(Noted {
            end: certificate::end(end_entity),
            fault: verified.as_ref().err().map(fault),
        });
        verified
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier
            .verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier
            .verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}

/// A connection that ends at a moment, however slowly the other side sends.
struct Timed {
    stream: TcpStream,
    end: Moment,
}

impl Timed {
    fn left(&self) -> io::Result<Option<Duration>> {
        let left = self.end.saturating_duration_since(Moment::now());
        match left.is_zero() {
            true => Err(ErrorKind::TimedOut.into()),
            false => Ok(Some(left)),
        }
    }
}

impl Read for Timed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(self.left()?)?;
        self.stream.read(buffer)
    }
}

impl Write for Timed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(self.left()?)?;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}
