//! Media types by the ends of names (RFC 6838, and the registry of IANA).

/// The ends of names with the media types of such files, without a character set.
pub const KNOWN: &[(&str, &str)] = &[
    ("html", "text/html"),
    ("css", "text/css"),
    ("js", "text/javascript"),
    ("json", "application/json"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("avif", "image/avif"),
    ("pdf", "application/pdf"),
    // Nobody has registered one; this is what people use.
    ("jsonl", "application/jsonl"),
    // What people put into `static/`.
    ("ico", "image/x-icon"),
    ("webmanifest", "application/manifest+json"),
    ("xml", "application/xml"),
    ("md", "text/markdown"),
    ("mjs", "text/javascript"),
    ("woff2", "font/woff2"),
    ("woff", "font/woff"),
    ("mp4", "video/mp4"),
    ("webm", "video/webm"),
    ("txt", "text/plain"),
    ("log", "text/plain"),
    ("csv", "text/csv"),
    // A calendar or a feed that somebody put beside an incident file.
    ("ics", "text/calendar"),
    ("atom", "application/atom+xml"),
    ("rss", "application/rss+xml"),
];

/// The media type of what is not known: mere bytes.
pub const UNKNOWN: &str = "application/octet-stream";

/// The media type of files whose names end so, without a character set.
pub(super) fn of_extension(extension: &str) -> &'static str {
    let known = KNOWN.iter().find(|(end, _)| *end == extension);
    known.map_or(UNKNOWN, |(_, media_type)| media_type)
}

/// Whether files of a media type are texts that programs read by a character set which somebody must name: those of
/// JSON and XML say it themselves.
pub fn is_text(media_type: &str) -> bool {
    media_type.starts_with("text/")
}

/// Whether files of a media type become smaller when they are compressed: pictures, films and fonts are already.
pub fn is_compressible(media_type: &str) -> bool {
    let is_structured = media_type.ends_with("json")
        || media_type.ends_with("jsonl")
        || media_type.ends_with("xml");
    is_text(media_type) || is_structured
}
