//! The configuration of Apache.

use std::fmt::Write as _;

use allclear::output::media_type::UNKNOWN;
use allclear::output::serving::{API, CacheRule, with_character_set};

use super::hosted::{Hosted, compressible, escaped, types};

/// A regular expression for what a compressed copy adds to the address of its file.
fn copy(site: &Hosted) -> &'static str {
    match site.has_copies {
        true => r"(\.br|\.gz)?",
        false => "",
    }
}

/// The configuration for a site: a host of its own, or below a path of one a part of the host that is there.
pub(super) fn configuration(site: &Hosted) -> String {
    match site.is_below() {
        true => part_of_a_host(site),
        false => host(site),
    }
}

/// The modules beside those that Debian always has, and what enables all of them there.
fn modules(site: &Hosted) -> (&'static str, &'static str) {
    match site.has_copies {
        true => (" and rewrite", "a2enmod headers rewrite"),
        false => ("", "a2enmod headers"),
    }
}

fn host(site: &Hosted) -> String {
    let port = site.plain_port();
    let listen = match site.port {
        Some(port) if ![80, 443].contains(&port) => format!("Listen {port}\n"),
        _ => String::new(),
    };
    let (rewrite, command) = modules(site);
    format!(
        "# {address} for Apache, as `allclear hosting apache` prints it: a file for /etc/apache2/sites-available/.
# It needs the modules alias, dir, headers, mime{rewrite} (on Debian: {command}).
# Apache knows nothing of TLS here: certbot makes a copy of it with your certificates.

{listen}<VirtualHost *:{port}>
    ServerName {host}
{}</VirtualHost>
",
        directives(site),
        address = site.address,
        host = site.host,
    )
}

/// A part of a host that is there: of two hosts of one name Apache takes the first one for everything.
fn part_of_a_host(site: &Hosted) -> String {
    let (rewrite, command) = modules(site);
    let Hosted { address, host, .. } = site;
    let part = directives(site);
    let lines = part
        .lines()
        .map(|line| line.strip_prefix("    ").unwrap_or(line));
    let lines: Vec<&str> = lines.collect();
    format!(
        "# {address} for Apache, as `allclear hosting apache` prints it: a part of the host {host}.
# Save it as /etc/apache2/status.conf, and write `Include /etc/apache2/status.conf` into that host, which is
# `<VirtualHost …>` with `ServerName {host}`, before rules of its own that lead elsewhere.
# It needs the modules alias, dir, headers, mime{rewrite} (on Debian: {command}).

{}
",
        lines.join("\n")
    )
}

/// What stands inside of a host.
fn directives(site: &Hosted) -> String {
    format!(
        "{}\n{}\n{}\n{}",
        place(site),
        directory(site),
        headers(site),
        compression(site)
    )
}

/// Where the files lie, and what is shown where none does.
fn place(site: &Hosted) -> String {
    let (path, root) = (&site.path, &site.root);
    let mut text = match site.is_below() {
        false => format!("    DocumentRoot \"{root}\"\n"),
        true => format!(
            "    Alias \"{path}\" \"{root}/\"\n    RedirectMatch 301 \"^{}$\" \"{path}\"\n",
            escaped(site.path_without_end())
        ),
    };
    let _ = write!(
        text,
        "    # The build's own files.\n    RedirectMatch 404 \"^{}(.*/)?\\.allclear\"\n",
        escaped(path)
    );
    // Of several that hold an address the last one counts.
    let languages: Vec<String> = site.not_found().collect();
    for language in languages.iter().rev() {
        let _ = write!(
            text,
            "    <Location \"{path}{language}\">\n        ErrorDocument 404 \"{}{language}404.html\"\n    </Location>\n",
            site.path_in_address
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
    let json = with_character_set("application/json");
    let _ = write!(
        text,
        "    </Directory>
    # An incident may be called as a feed is.
    <Directory \"{root}/{API}\">
        <FilesMatch \"\\.json{copy}$\">
            ForceType \"{json}\"
        </FilesMatch>
    </Directory>
",
        root = site.root
    );
    text
}

fn headers(site: &Hosted) -> String {
    let path = &site.path;
    let (forever, briefly) = (CacheRule::Forever, CacheRule::Briefly);
    let mut text = format!(
        "    <Location \"{path}\">
        Header always set Cache-Control \"{briefly}\"
        Header always set Cache-Control \"{forever}\" \"expr=%{{REQUEST_URI}} =~ m#{kept}#\"
        # What other sites may show in a frame.
        Header always set Content-Security-Policy \"{policy}; frame-ancestors 'none'\"
        Header always set Content-Security-Policy \"{policy}; frame-ancestors *\" \"expr=%{{REQUEST_URI}} =~ m#{framed}#\"
        # What programs of other sites may read.
        Header always set Access-Control-Allow-Origin \"*\" \"expr=%{{REQUEST_URI}} =~ m#{shared}#\"
        Header always set X-Content-Type-Options nosniff
        Header always set Referrer-Policy {referrer}
",
        policy = site.policy,
        referrer = site.referrer_policy,
        kept = site.kept_for_ever(path, copy(site)),
        shared = site.shared(path, copy(site)),
        framed = site.framed(path),
    );
    let types: Vec<&str> = compressible().collect();
    let _ = match site.has_copies {
        true => write!(
            text,
            "        Header always set Content-Encoding \"%{{allclear_encoding}}e\" env=allclear_encoding
        Header always merge Vary Accept-Encoding
    </Location>
"
        ),
        false => write!(
            text,
            "        <IfModule mod_deflate.c>
            AddOutputFilterByType DEFLATE {}
        </IfModule>
    </Location>
",
            types.join(" ")
        ),
    };
    text
}

/// The ways to the compressed copies; none where the server compresses by itself.
fn compression(site: &Hosted) -> String {
    if !site.has_copies {
        return String::new();
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
    text
}
