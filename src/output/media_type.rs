//! Media types by the ends of names (RFC 6838, and the registry of IANA).

/// The media type of files whose names end so, without a character set; what is not known is mere bytes.
pub(super) fn of_extension(extension: &str) -> &'static str {
    match extension {
        "html" => "text/html",
        "css" => "text/css",
        "js" => "text/javascript",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "pdf" => "application/pdf",
        // What people put into `static/`.
        "ico" => "image/x-icon",
        "webmanifest" => "application/manifest+json",
        "xml" => "application/xml",
        "md" => "text/markdown",
        "mjs" => "text/javascript",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "txt" | "log" | "csv" => "text/plain",
        // A calendar or a feed that somebody put beside an incident file.
        "ics" => "text/calendar",
        "atom" => "application/atom+xml",
        _ => "application/octet-stream",
    }
}
