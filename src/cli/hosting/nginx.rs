//! The configuration of nginx.

use std::fmt::Write as _;

use allclear::output::media_type::UNKNOWN;
use allclear::output::serving::{CacheRule, POLICY, with_character_set};

use super::hosted::{Hosted, compressible, escaped, types};

/// The configuration for a site.
pub(super) fn configuration(site: &Hosted) -> String {
    let maps = maps(site);
    let (port, host) = (site.plain_port(), &site.host);
    let variable = variable(site);
    let mut text = format!(
        "# {address} for nginx, as `allclear hosting nginx` prints it: a file for /etc/nginx/conf.d/.
# nginx knows nothing of TLS here: add `listen 443 ssl;` and your certificates, or let certbot do so.

{maps}
server {{
    listen {port};
    listen [::]:{port};
    server_name {host};

    # An address without its last / leads to the page, whatever stands before this server.
    absolute_redirect off;
    index index.html;
    autoindex off;

    add_header Cache-Control $allclear_{variable}_cache always;
    add_header Content-Security-Policy \"{POLICY}; frame-ancestors $allclear_{variable}_frames\" always;
    add_header Access-Control-Allow-Origin $allclear_{variable}_shared always;
    add_header X-Content-Type-Options nosniff always;
    add_header Referrer-Policy same-origin always;

",
        address = site.address,
    );
    text.push_str(&compression(site));
    text.push_str(&media_types());
    text.push_str(&places(site));
    text.push_str("}\n");
    text
}

/// The part of the names of variables that no other site on the same server has.
fn variable(site: &Hosted) -> String {
    let address = format!("{}{}", site.host, site.path_without_end());
    let known = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    address.chars().map(known).collect()
}

fn maps(site: &Hosted) -> String {
    let variable = variable(site);
    let (forever, briefly) = (CacheRule::Forever, CacheRule::Briefly);
    format!(
        "map $uri $allclear_{variable}_cache {{
    \"~{kept}\" \"{forever}\";
    default \"{briefly}\";
}}

# What programs of other sites may read.
map $uri $allclear_{variable}_shared {{
    \"~{shared}\" \"*\";
    default \"\";
}}

# What other sites may show in a frame.
map $uri $allclear_{variable}_frames {{
    \"~{framed}\" \"*\";
    default \"'none'\";
}}
",
        kept = site.kept_for_ever(&site.path, ""),
        shared = site.shared(&site.path, ""),
        framed = site.framed(&site.path),
    )
}

fn compression(site: &Hosted) -> String {
    if site.has_copies {
        return "    # The build has compressed everything.
    gzip_static on;
    gzip_vary on;
    # With the module ngx_brotli (on Debian: libnginx-mod-http-brotli-static):
    # brotli_static on;

"
        .to_owned();
    }
    let types: Vec<String> = compressible()
        .filter(|media_type| *media_type != "text/html")
        .map(|media_type| format!("\"{}\"", with_character_set(media_type)))
        .collect();
    format!(
        "    gzip on;
    gzip_vary on;
    gzip_types \"{}\"
        {};

",
        with_character_set("text/html"),
        types.join("\n        ")
    )
}

/// The media types. The character set is a part of each, since nginx adds none to a compressed copy.
fn media_types() -> String {
    let mut text = "    charset off;\n    types {\n".to_owned();
    for (media_type, extensions) in types() {
        let media_type = with_character_set(media_type);
        // Writing to a text never fails.
        let _ = writeln!(text, "        \"{media_type}\" {};", extensions.join(" "));
    }
    let _ = write!(text, "    }}\n    default_type \"{UNKNOWN}\";\n\n");
    text
}

fn places(site: &Hosted) -> String {
    let (path, root) = (&site.path, &site.root);
    let is_below = path != "/";
    let regex = escaped(path);
    let mut text = String::new();
    if !is_below {
        let _ = writeln!(
            text,
            "    root \"{root}\";\n    error_page 404 /404.html;\n"
        );
    }
    let not_found = match is_below {
        true => format!(" error_page 404 {path}404.html;"),
        false => String::new(),
    };
    let _ = writeln!(
        text,
        "    # The build's own files.\n    location ~ \"^{regex}(.*/)?\\.allclear\" {{{not_found} return 404; }}\n"
    );
    for (name, media_type) in site.serving.odd_names() {
        let alias = match is_below {
            true => format!(" alias \"{root}/$1{name}\";{not_found}"),
            false => String::new(),
        };
        let _ = writeln!(
            text,
            "    location ~ \"^{regex}(.*/)?{}$\" {{{alias} types {{ }} default_type \"{media_type}\"; }}",
            escaped(name)
        );
    }
    for language in site.not_found() {
        if !is_below && language.is_empty() {
            continue;
        }
        let alias = match is_below {
            true => format!(" alias \"{root}/{language}\";"),
            false => String::new(),
        };
        let _ = writeln!(
            text,
            "    location \"{path}{language}\" {{{alias} error_page 404 {path}{language}404.html; }}"
        );
    }
    if is_below {
        let _ = writeln!(
            text,
            "    location = \"{}\" {{ return 301 {path}; }}",
            site.path_without_end()
        );
    }
    text
}
