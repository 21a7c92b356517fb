//! Addresses as whole ones.

use std::borrow::Cow;

/// A link of a page, `href`, as a whole address; `page` is that of the page, and ends with `/`.
pub(super) fn absolute<'a>(page: &str, href: &'a str) -> Cow<'a, str> {
    let stop = href.find([':', '/', '?', '#']);
    if stop.is_some_and(|stop| href[stop..].starts_with(':')) {
        return Cow::Borrowed(href);
    }
    let scheme = page.find("://").map_or(0, |colon| colon + 1);
    let host = (scheme + "//".len()).min(page.len());
    let root = page[host..]
        .find('/')
        .map_or(page.len(), |at| host + at + 1);
    if href.starts_with("//") {
        return Cow::Owned(format!("{}{href}", &page[..scheme]));
    }
    if let Some(path) = href.strip_prefix('/') {
        return Cow::Owned(format!("{}{path}", &page[..root]));
    }
    let (mut folder, mut path) = (page, href);
    loop {
        if let Some(rest) = path.strip_prefix("./") {
            path = rest;
        } else if let Some(rest) = path.strip_prefix("../") {
            path = rest;
            let parent = folder[..folder.len() - 1].rfind('/').map(|at| at + 1);
            folder = &folder[..parent.unwrap_or(root).max(root)];
        } else {
            return Cow::Owned(format!("{folder}{path}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::absolute;

    #[test]
    fn every_kind_of_link() {
        let page = "https://status.example.com/x/incidents/a/";
        for (href, expected) in [
            ("https://a.example/b", "https://a.example/b"),
            ("mailto:ops@example.com", "mailto:ops@example.com"),
            ("//a.example/b", "https://a.example/b"),
            ("/b?c", "https://status.example.com/b?c"),
            ("", "https://status.example.com/x/incidents/a/"),
            ("#u1-b", "https://status.example.com/x/incidents/a/#u1-b"),
            ("b.png", "https://status.example.com/x/incidents/a/b.png"),
            ("./b", "https://status.example.com/x/incidents/a/b"),
            ("../b/", "https://status.example.com/x/incidents/b/"),
            ("../../../../../b", "https://status.example.com/b"),
            ("?a:b", "https://status.example.com/x/incidents/a/?a:b"),
        ] {
            assert_eq!(absolute(page, href), expected, "{href}");
        }
    }
}
