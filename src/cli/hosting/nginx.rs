//! The configuration of nginx.

use std::fmt::Write as _;

use allclear::output::media_type::UNKNOWN;
use allclear::output::serving::{API, CacheRule, with_character_set};

use super::hosted::{Hosted, compressible, escaped, types};

/// The configuration for a site: a server of its own, or below a path of a host a part of the server that is there.
pub(super) fn configuration(site: &Hosted) -> String {
    match site.is_below() {
        true => part_of_a_server(site),
        false => server(site),
    }
}

/// A server. What it says by an address stands before it.
fn server(site: &Hosted) -> String {
    let (port, host, root) = (site.plain_port(), &site.host, &site.root);
    let mut text = format!(
        "# {address} for nginx, as `allclear hosting nginx` prints it: a file for /etc/nginx/conf.d/.
# nginx knows nothing of TLS here: add `listen 443 ssl;` and your certificates, or let certbot do so.

",
        address = site.address,
    );
    for choice in choices(site) {
        let Choice {
            title,
            variable,
            regex,
            value,
            default,
        } = choice;
        let _ = write!(
            text,
            "{title}map $uri ${variable} {{\n    \"~{regex}\" \"{value}\";\n    default \"{default}\";\n}}\n\n"
        );
    }
    let _ = write!(
        text,
        "server {{
    listen {port};
    listen [::]:{port};
    server_name {host};

    root \"{root}\";
{}{}}}
",
        settings(site),
        places(site)
    );
    text
}

/// A part of a server that is there: two servers of one name are none, for nginx leaves out the second one.
fn part_of_a_server(site: &Hosted) -> String {
    let Hosted {
        address,
        host,
        path,
        root,
        ..
    } = site;
    let mut text = format!(
        "# {address} for nginx, as `allclear hosting nginx` prints it: a part of the server of {host}.
# Save it as /etc/nginx/snippets/status.conf, and write `include snippets/status.conf;` into that server, which is
# `server {{ … }}` with `server_name {host};`. Headers that the server adds elsewhere it does not add here.

"
    );
    for choice in choices(site) {
        let Choice {
            title,
            variable,
            regex,
            value,
            default,
        } = choice;
        let _ = write!(
            text,
            "{title}set ${variable} \"{default}\";\nif ($uri ~ \"{regex}\") {{ set ${variable} \"{value}\"; }}\n\n"
        );
    }
    let _ = write!(
        text,
        "location = \"{without_end}\" {{ return 301 \"{target}\"; }}

location ^~ \"{path}\" {{
    alias \"{root}/\";
{}{}}}
",
        settings(site),
        places(site),
        without_end = site.path_without_end(),
        target = site.path_in_address,
    );
    text
}

/// A value that a header has by the address.
struct Choice {
    /// What it is about, as a comment in a line of its own; may be empty.
    title: &'static str,
    variable: String,
    /// The addresses that have the value.
    regex: String,
    value: &'static str,
    /// The value of all other addresses.
    default: &'static str,
}

fn choices(site: &Hosted) -> [Choice; 3] {
    [
        Choice {
            title: "",
            variable: variable(site, "cache"),
            regex: site.kept_for_ever(&site.path, ""),
            value: CacheRule::Forever.as_str(),
            default: CacheRule::Briefly.as_str(),
        },
        Choice {
            title: "# What programs of other sites may read.\n",
            variable: variable(site, "shared"),
            regex: site.shared(&site.path, ""),
            value: "*",
            default: "",
        },
        Choice {
            title: "# What other sites may show in a frame.\n",
            variable: variable(site, "frames"),
            regex: site.framed(&site.path),
            value: "*",
            default: "'none'",
        },
    ]
}

/// The name of a variable, which no other site on the same server has. nginx knows no capital letters in one.
fn variable(site: &Hosted, name: &str) -> String {
    let mut variable = "allclear_".to_owned();
    for c in format!("{}{}", site.host, site.path_without_end()).chars() {
        match c {
            'a'..='z' | '0'..='9' => variable.push(c),
            '.' => variable.push_str("__"),
            c => {
                let _ = write!(variable, "_{:x}_", u32::from(c));
            }
        }
    }
    variable + "_" + name
}

/// What holds of all addresses of the site.
fn settings(site: &Hosted) -> String {
    let [cache, shared, frames] = choices(site).map(|choice| choice.variable);
    let mut text = format!(
        "    index index.html;
    autoindex off;
    # An address without its last / leads to the page, whatever stands before this server.
    absolute_redirect off;
    error_page 404 \"{path}404.html\";

    add_header Cache-Control ${cache} always;
    add_header Content-Security-Policy \"{policy}; frame-ancestors ${frames}\" always;
    add_header Access-Control-Allow-Origin ${shared} always;
    add_header X-Content-Type-Options nosniff always;
    add_header Referrer-Policy {referrer} always;

",
        policy = site.policy,
        referrer = site.referrer_policy,
        path = site.path,
    );
    text.push_str(&compression(site));
    text.push_str(&media_types());
    text
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

/// The places of which something else holds.
fn places(site: &Hosted) -> String {
    let path = &site.path;
    let regex = escaped(path);
    let mut text = format!(
        "    # The build's own files.\n    location ~ \"^{regex}(.*/)?\\.allclear\" {{ return 404; }}\n\n"
    );
    for (name, media_type) in site.serving.odd_names() {
        // An incident may be called as a feed is.
        let _ = writeln!(
            text,
            "    location ~ \"^{regex}(?!{API}/)(.*/)?{}$\" {{ types {{ }} default_type \"{media_type}\"; }}",
            escaped(name)
        );
    }
    for language in &site.languages {
        let _ = writeln!(
            text,
            "    location \"{path}{language}/\" {{ error_page 404 \"{path}{language}/404.html\"; }}"
        );
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_sites_have_the_same_variables() {
        let addresses = [
            ("a-b.example", "/"),
            ("a.b.example", "/"),
            ("a.b.example", "/A/"),
            ("a.b.example", "/a/"),
            ("a.b.example", "/a-b/"),
            ("a.b.example", "/a_b/"),
            ("a.b.example", "/a/b/"),
            ("a.2d.b.example", "/"),
        ];
        let names = addresses.map(|(host, path)| variable(&Hosted::at(host, path), "cache"));
        assert_eq!(names[1], "allclear_a__b__example_cache");
        let names: BTreeSet<String> = names.into_iter().map(|name| name.to_lowercase()).collect();
        assert_eq!(names.len(), addresses.len(), "{names:?}");
    }
}
