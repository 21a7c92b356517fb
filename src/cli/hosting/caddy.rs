//! The configuration of Caddy.

use std::fmt::Write as _;

use allclear::output::media_type::UNKNOWN;
use allclear::output::serving::{API, CacheRule, with_character_set};

use super::hosted::{Hosted, types};

/// The configuration for a site: one of its own, or below a path of a host a part of the one that is there.
pub(super) fn configuration(site: &Hosted) -> String {
    let Hosted { address, host, .. } = site;
    if site.is_below() {
        let part = redirect(site) + &directives(site);
        let lines = part
            .lines()
            .map(|line| line.strip_prefix('\t').unwrap_or(line));
        let lines: Vec<&str> = lines.collect();
        return format!(
            "# {address} for Caddy, as `allclear hosting caddy` prints it: a part of the site {host}.
# Save it as /etc/caddy/status.caddy, and write `import /etc/caddy/status.caddy` into that site, which is
# `{host} {{ … }}`.

{}
",
            lines.join("\n")
        );
    }
    let port = site
        .port
        .map_or_else(String::new, |port| format!(":{port}"));
    let scheme = if site.is_secure { "" } else { "http://" };
    format!(
        "# {address} for Caddy, as `allclear hosting caddy` prints it.
# Caddy fetches a certificate for a host that it can be reached at; with `http://` before its name it does not.

{scheme}{host}{port} {{
{}}}
",
        directives(site)
    )
}

/// What leads to the site who leaves out the last /.
fn redirect(site: &Hosted) -> String {
    let (from, to) = (site.path_without_end(), &site.path_in_address);
    format!("\tredir \"{from}\" \"{to}\" 301\n")
}

/// What is done with a request for the site.
fn directives(site: &Hosted) -> String {
    let handle = match site.is_below() {
        true => format!("handle_path \"{}*\"", site.path),
        false => "handle".to_owned(),
    };
    let route = route(site);
    format!(
        "\t{handle} {{\n\t\troute {{\n{route}\t\t}}\n\t}}\n{}",
        errors(site)
    )
}

/// The way of a request, whose path begins at the site's root; a later line overrides an earlier one.
fn route(site: &Hosted) -> String {
    let (forever, briefly) = (CacheRule::Forever, CacheRule::Briefly);
    let mut text = format!(
        "\t\t\troot * \"{root}\"
\t\t\theader Content-Type \"{UNKNOWN}\"
\t\t\theader Cache-Control \"{briefly}\"
\t\t\theader Content-Security-Policy \"{policy}; frame-ancestors 'none'\"
\t\t\theader X-Content-Type-Options nosniff
\t\t\theader Referrer-Policy {referrer}

\t\t\t@forever path_regexp \"{kept}\"
\t\t\theader @forever Cache-Control \"{forever}\"
\t\t\t# What programs of other sites may read.
\t\t\t@shared path_regexp \"{shared}\"
\t\t\theader @shared Access-Control-Allow-Origin \"*\"
\t\t\t# What other sites may show in a frame.
\t\t\t@framed path_regexp \"{framed}\"
\t\t\theader @framed Content-Security-Policy \"{policy}; frame-ancestors *\"

\t\t\t@folder path */
\t\t\theader @folder Content-Type \"{html}\"
",
        policy = site.policy,
        referrer = site.referrer_policy,
        root = site.root,
        kept = site.kept_for_ever("/", ""),
        shared = site.shared("/", ""),
        framed = site.framed("/"),
        html = with_character_set("text/html"),
    );
    for (number, (media_type, extensions)) in types().into_iter().enumerate() {
        let ends: Vec<String> = extensions.iter().map(|it| format!("*.{it}")).collect();
        // Writing to a text never fails.
        let _ = write!(
            text,
            "\t\t\t@type{number} path {}\n\t\t\theader @type{number} Content-Type \"{}\"\n",
            ends.join(" "),
            with_character_set(media_type)
        );
    }
    // An incident may be called as a feed is.
    for (number, (name, media_type)) in site.serving.odd_names().enumerate() {
        let _ = write!(
            text,
            "\t\t\t@name{number} {{\n\t\t\t\tpath */{name}\n\t\t\t\tnot path /{API}/*\n\t\t\t}}\n\t\t\theader @name{number} Content-Type \"{}\"\n",
            with_character_set(media_type)
        );
    }
    let copies = match site.has_copies {
        true => "\t\t\t\tprecompressed br gzip\n",
        false => {
            text.push_str("\n\t\t\tencode gzip\n");
            ""
        }
    };
    let _ = write!(
        text,
        "\n\t\t\tfile_server {{\n\t\t\t\t# The build's own files.\n\t\t\t\thide .allclear*\n{copies}\t\t\t}}\n"
    );
    text
}

/// The pages for addresses that are not there.
fn errors(site: &Hosted) -> String {
    let (path, root) = (&site.path, &site.root);
    let mut text = format!(
        "\thandle_errors {{
\t\t@missing {{
\t\t\texpression {{http.error.status_code}} == 404
\t\t\tpath \"{path}*\"
\t\t}}
\t\thandle @missing {{
\t\t\theader Content-Type \"{}\"
\t\t\theader Cache-Control \"{}\"
",
        with_character_set("text/html"),
        CacheRule::Briefly,
    );
    for language in site.not_found() {
        let _ = write!(
            text,
            "\t\t\thandle \"{path}{language}*\" {{\n\t\t\t\trewrite * \"/{language}404.html\"\n\t\t\t\troot * \"{root}\"\n\t\t\t\tfile_server\n\t\t\t}}\n"
        );
    }
    text.push_str("\t\t}\n\t}\n");
    text
}
