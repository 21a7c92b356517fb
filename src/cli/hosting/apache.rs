//! The configuration of Apache.

use std::fmt::Write as _;

use allclear::output::media_type::UNKNOWN;
use allclear::output::serving::{CacheRule, POLICY, with_character_set};

use super::hosted::{Hosted, compressible, escaped, types};

/// A regular expression for what a compressed copy adds to the address of its file.
fn copy(site: &Hosted) -> &'static str {
    match site.has_copies {
        true => r"(\.br|\.gz)?",
        false => "",
    }
}

/// The configuration for a site.
pub(super) fn configuration(site: &Hosted) -> String {
    let port = site.plain_port();
    let listen = match site.port {
        Some(port) if ![80, 443].contains(&port) => format!("Listen {port}\n"),
        _ => String::new(),
    };
    let modules = match site.has_copies {
        true => "a2enmod headers rewrite",
        false => "a2enmod headers",
    };
    let mut text = format!(
        "# {address} for Apache, as `allclear hosting apache` prints it: a file for /etc/apache2/sites-available/.
# It needs the modules alias, dir, headers, mime{rewrite} (on Debian: {modules}).
# Apache knows nothing of TLS here: certbot makes a copy of it with your certificates.

{listen}<VirtualHost *:{port}>
    ServerName {host}
{place}
{directory}
{headers}
",
        address = site.address,
        rewrite = if site.has_copies { " and rewrite" } else { "" },
        host = site.host,
        place = place(site),
        directory = directory(site),
        headers = headers(site),
    );
    text.push_str(&compression(site));
    text.push_str("</VirtualHost>\n");
    text
}

/// Where the files lie, and what is shown where none does.
fn place(site: &Hosted) -> String {
    let (path, root) = (&site.path, &site.root);
    let mut text = match path.as_str() {
        "/" => format!("    DocumentRoot \"{root}\"\n"),
        _ => format!(
            "    Alias \"{path}\" \"{root}/\"\n    RedirectMatch 301 \"^{}$\" \"{path}\"\n",
            escaped(site.path_without_end())
        ),
    };
    let _ = write!(
        text,
        "    # The build's own files.\n    RedirectMatch 404 \"/\\.allclear\"\n"
    );
    // Of several that hold an address the last one counts.
    let languages: Vec<String> = site.not_found().collect();
    for language in languages.iter().rev() {
        let _ = write!(
            text,
            "    <Location \"{path}{language}\">\n        ErrorDocument 404 \"{path}{language}404.html\"\n    </Location>\n"
        );
    }
    text
}

/// The folder with the media types of its files; those of compressed copies are the same.
fn directory(site: &Hosted) -> String {
    let mut text = format!(
        "    <Directory \"{root}\">
        Require all granted
        AllowOverride None
        Options FollowSymLinks
        DirectoryIndex index.html
        RemoveLanguage .br
        AddDefaultCharset Off
        ForceType \"{UNKNOWN}\"
",
        root = site.root
    );
    let copy = copy(site);
    let mut force = |names: &str, media_type: &str| {
        let media_type = with_character_set(media_type);
        let _ = writeln!(
            text,
            "        <FilesMatch \"{names}{copy}$\">\n            ForceType \"{media_type}\"\n        </FilesMatch>"
        );
    };
    for (media_type, extensions) in types() {
        force(&format!(r"\.({})", extensions.join("|")), media_type);
    }
    for (name, media_type) in site.serving.odd_names() {
        force(&format!("^{}", escaped(name)), media_type);
    }
    text.push_str("    </Directory>\n");
    text
}

fn headers(site: &Hosted) -> String {
    let path = &site.path;
    let (forever, briefly) = (CacheRule::Forever, CacheRule::Briefly);
    format!(
        "    Header always set Cache-Control \"{briefly}\"
    Header always set Cache-Control \"{forever}\" \"expr=%{{REQUEST_URI}} =~ m#{kept}#\"
    # What other sites may show in a frame.
    Header always set Content-Security-Policy \"{POLICY}; frame-ancestors 'none'\"
    Header always set Content-Security-Policy \"{POLICY}; frame-ancestors *\" \"expr=%{{REQUEST_URI}} =~ m#{framed}#\"
    # What programs of other sites may read.
    Header always set Access-Control-Allow-Origin \"*\" \"expr=%{{REQUEST_URI}} =~ m#{shared}#\"
    Header always set X-Content-Type-Options nosniff
    Header always set Referrer-Policy same-origin
",
        kept = site.kept_for_ever(path, copy(site)),
        shared = site.shared(path, copy(site)),
        framed = site.framed(path),
    )
}

fn compression(site: &Hosted) -> String {
    if !site.has_copies {
        let types: Vec<&str> = compressible().collect();
        return format!(
            "    <IfModule mod_deflate.c>\n        AddOutputFilterByType DEFLATE {}\n    </IfModule>\n",
            types.join(" ")
        );
    }
    let (path, root) = (&site.path, &site.root);
    let mut text = "    # The build has compressed everything.\n    RewriteEngine On\n".to_owned();
    for (encoding, extension) in [("br", "br"), ("gzip", "gz")] {
        for (address, file) in [("(|.*/)", "$1index.html"), ("(.*[^/])", "$1")] {
            let _ = write!(
                text,
                "    RewriteCond \"%{{HTTP:Accept-Encoding}}\" \"\\b{encoding}\\b\"
    RewriteCond \"{root}/{file}.{extension}\" -f
    RewriteRule \"^{regex}{address}$\" \"{path}{file}.{extension}\" [PT,E=allclear_encoding:{encoding},E=no-gzip:1,E=no-brotli:1]
",
                regex = escaped(path)
            );
        }
    }
    text.push_str(
        "    Header always set Content-Encoding \"%{allclear_encoding}e\" env=allclear_encoding
    Header always merge Vary Accept-Encoding
",
    );
    text
}
