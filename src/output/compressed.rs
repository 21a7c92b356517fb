//! Compressed copies of files, which a web server sends in the place of these to whoever can unpack them.

#[cfg(feature = "precompress")]
use std::io::{Cursor, Read, Write as _};

use bytes::Bytes;

use super::file::Output;
use super::media_type::is_compressible;
use super::serving::Serving;

/// The length above which a file has compressed copies, in bytes: a shorter one fits into a packet as it is.
const LEAST: usize = 1024;

/// A way to compress a file. A program without the feature `precompress` has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// RFC 1952, which everybody can unpack.
    #[cfg(feature = "precompress")]
    Gzip,
    /// RFC 7932, which browsers can unpack, and which is smaller.
    #[cfg(feature = "precompress")]
    Brotli,
}

impl Encoding {
    /// All that this program can write.
    pub const ALL: &[Self] = &[
        #[cfg(feature = "precompress")]
        Self::Gzip,
        #[cfg(feature = "precompress")]
        Self::Brotli,
    ];

    /// The ending that a copy adds to the name of its file.
    pub fn extension(self) -> &'static str {
        match self {
            #[cfg(feature = "precompress")]
            Self::Gzip => "gz",
            #[cfg(feature = "precompress")]
            Self::Brotli => "br",
        }
    }

    /// The compressed form of bytes: always the same. `None` where there is no memory for it.
    #[cfg_attr(
        not(feature = "precompress"),
        expect(unused_variables, reason = "there is nothing to compress with")
    )]
    pub fn pack(self, bytes: &[u8]) -> Option<Bytes> {
        match self {
            #[cfg(feature = "precompress")]
            Self::Gzip => gzip(bytes),
            #[cfg(feature = "precompress")]
            Self::Brotli => brotli(bytes),
        }
    }

    /// The way that HTTP calls so (RFC 9110, section 8.4.1), where this program knows it.
    #[cfg_attr(
        not(feature = "precompress"),
        expect(unused_variables, reason = "there is nothing to unpack with")
    )]
    pub fn named(name: &str) -> Option<Self> {
        #[cfg(feature = "precompress")]
        match name.trim().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => return Some(Self::Gzip),
            "br" => return Some(Self::Brotli),
            _ => {}
        }
        None
    }

    /// What a compressed form unpacks to, of so many bytes at most; `None` where it is none, or of more.
    #[cfg_attr(
        not(feature = "precompress"),
        expect(unused_variables, reason = "there is nothing to unpack with")
    )]
    pub fn unpack(self, packed: &[u8], most: u64) -> Option<Vec<u8>> {
        match self {
            #[cfg(feature = "precompress")]
            Self::Gzip => unpacked(flate2::read::GzDecoder::new(packed), most),
            #[cfg(feature = "precompress")]
            Self::Brotli => unpacked(brotli::Decompressor::new(packed, 4096), most),
        }
    }

    /// Whether `packed` is a compressed form of bytes, whoever made it.
    #[cfg_attr(
        not(feature = "precompress"),
        expect(unused_variables, reason = "there is nothing to unpack with")
    )]
    pub fn unpacks_to(self, packed: &[u8], bytes: &[u8]) -> bool {
        match self {
            #[cfg(feature = "precompress")]
            Self::Gzip => reads(flate2::read::GzDecoder::new(packed), bytes),
            #[cfg(feature = "precompress")]
            Self::Brotli => reads(brotli::Decompressor::new(packed, 4096), bytes),
        }
    }
}

#[cfg(feature = "precompress")]
fn gzip(bytes: &[u8]) -> Option<Bytes> {
    let packed = Vec::with_capacity(bytes.len() / 3);
    let mut encoder = flate2::write::GzEncoder::new(packed, flate2::Compression::best());
    encoder.write_all(bytes).ok()?;
    let mut packed = encoder.finish().ok()?;
    packed.shrink_to_fit();
    Some(packed.into())
}

#[cfg(feature = "precompress")]
fn brotli(bytes: &[u8]) -> Option<Bytes> {
    let mut packed = Vec::with_capacity(bytes.len() / 3);
    let parameters = brotli_parameters(bytes.len());
    brotli::BrotliCompress(&mut Cursor::new(bytes), &mut packed, &parameters).ok()?;
    packed.shrink_to_fit();
    Some(packed.into())
}

/// The best that takes no longer than a person waits: the two levels above it take ten times as long for a few
/// percent.
#[cfg(feature = "precompress")]
const QUALITY: i32 = 9;

#[cfg(feature = "precompress")]
fn brotli_parameters(length: usize) -> brotli::enc::BrotliEncoderParams {
    // A window is as large as its file, within the limits of the format.
    let window = length.max(1).ilog2() + 1;
    brotli::enc::BrotliEncoderParams {
        quality: QUALITY,
        lgwin: i32::try_from(window).unwrap_or(22).clamp(16, 22),
        size_hint: length,
        ..Default::default()
    }
}

/// All that a reader gives, where it is no more than so many bytes.
#[cfg(feature = "precompress")]
fn unpacked(reader: impl Read, most: u64) -> Option<Vec<u8>> {
    let mut unpacked = Vec::new();
    reader.take(most + 1).read_to_end(&mut unpacked).ok()?;
    (unpacked.len() as u64 <= most).then_some(unpacked)
}

/// Whether a reader gives exactly these bytes.
#[cfg(feature = "precompress")]
fn reads(reader: impl Read, bytes: &[u8]) -> bool {
    let mut unpacked = Vec::with_capacity(bytes.len() + 1);
    // One more than there should be shows that there is more.
    let read = reader
        .take(bytes.len() as u64 + 1)
        .read_to_end(&mut unpacked);
    read.is_ok() && unpacked == bytes
}

/// Whether a file is worth compressed copies.
pub fn is_worth_packing(output: &Output, serving: &Serving) -> bool {
    output.bytes.len() > LEAST && is_compressible(serving.media_type(&output.path))
}

#[cfg(all(test, feature = "precompress"))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    #[test]
    fn what_is_packed_unpacks_to_the_same() {
        let texts: [&[u8]; 3] = [
            b"",
            b"a",
            &b"<p>All systems operational</p>\n".repeat(100_000),
        ];
        for encoding in Encoding::ALL {
            for text in texts {
                let packed = encoding.pack(text).unwrap();
                assert!(encoding.unpacks_to(&packed, text));
                assert_eq!(encoding.pack(text).unwrap(), packed, "always the same");
                assert!(!encoding.unpacks_to(&packed, b"another"));
                assert!(!encoding.unpacks_to(&packed[..packed.len() - 1], text));
                if !text.is_empty() {
                    assert!(!encoding.unpacks_to(&packed, &text[1..]));
                    assert!(packed.len() < 100 + text.len() / 100);
                }
            }
            assert!(!encoding.unpacks_to(b"", b"a"));
            assert!(!encoding.unpacks_to(b"no archive", b"a"));
        }
    }

    #[test]
    fn short_files_and_pictures_stay_alone() {
        let long = "x".repeat(1025);
        for (path, text, is_worth) in [
            ("index.html", &*long, true),
            ("index.html", &long[..1024], false),
            ("a/picture.svg", &long, true),
            ("picture.png", &long, false),
            ("evidence/states.jsonl", &long, true),
            ("history.atom", &long, true),
            ("site.webmanifest", &long, true),
            ("font.woff2", &long, false),
            ("papers/sla.pdf", &long, false),
            ("unknown", &long, false),
        ] {
            let output = Output::new(path, text.to_owned());
            assert_eq!(
                is_worth_packing(&output, &Serving::default()),
                is_worth,
                "{path}"
            );
        }
    }
}
