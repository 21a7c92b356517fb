//! Kinds of records of names.

use strum::{EnumString, IntoStaticStr, VariantNames};

/// A kind of records that a server of names keeps (RFC 1035 and its successors).
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "UPPERCASE", ascii_case_insensitive)]
pub enum RecordKind {
    /// Addresses of version 4.
    A,
    /// Addresses of version 6.
    Aaaa,
    /// Who may issue certificates.
    Caa,
    /// Another name of the same.
    Cname,
    /// Where mail goes.
    Mx,
    /// Servers of names.
    Ns,
    /// The name of an address.
    Ptr,
    /// The start of a zone.
    Soa,
    /// Where a service is.
    Srv,
    /// Texts.
    Txt,
}

impl RecordKind {
    /// Its name, as `AAAA`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
