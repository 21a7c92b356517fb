//! HTTPS for ureq, over the authorities that the system trusts.
//!
//! What ureq has of its own reads these authorities again for each request whose limits differ from those of its agent.

use std::fmt;
use std::io::{Read as _, Write as _};
use std::sync::Arc;

use rustls::{ClientConnection, StreamOwned};
use ureq::Error;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport,
    TransportAdapter,
};

use super::answer::FetchError;
use super::tls::{self, Trust};

/// What makes a connection secure where the address asks for that.
#[derive(Debug)]
pub(super) struct Https {
    pub(super) trust: Arc<Trust>,
}

impl<In: Transport> Connector<In> for Https {
    type Out = Either<In, Secure>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        let Some(transport) = chained else {
            return Ok(None);
        };
        if !details.needs_tls() {
            return Ok(Some(Either::A(transport)));
        }
        let failed = |error: FetchError| Error::Other(Box::new(error));
        let host = details.uri.host().unwrap_or_default();
        let name = tls::name(host).map_err(failed)?;
        let config = self.trust.config().map_err(failed)?;
        let mut connection = ClientConnection::new(config, name).map_err(std::io::Error::other)?;
        let clock = Arc::clone(&details.current_time);
        let mut sock = TransportAdapter::new(transport.boxed(), clock);
        sock.set_timeout(details.timeout);
        while connection.is_handshaking() {
            connection.complete_io(&mut sock)?;
        }
        let config = details.config;
        Ok(Some(Either::B(Secure {
            buffers: LazyBuffers::new(config.input_buffer_size(), config.output_buffer_size()),
            stream: StreamOwned::new(connection, sock),
        })))
    }
}

/// A secure connection.
pub(super) struct Secure {
    buffers: LazyBuffers,
    stream: StreamOwned<ClientConnection, TransportAdapter>,
}

impl Transport for Secure {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.stream.get_mut().set_timeout(timeout);
        let output = &self.buffers.output()[..amount];
        self.stream.write_all(output)?;
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.stream.get_mut().set_timeout(timeout);
        let input = self.buffers.input_append_buf();
        let amount = self.stream.read(input)?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        // Each request has a connection of its own.
        false
    }

    fn is_tls(&self) -> bool {
        true
    }
}

impl fmt::Debug for Secure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secure")
    }
}
