//! The names that a template's text mentions, found without the engine, which keeps them to itself.

use std::ops::Range;

/// A part of a tag (`{{ ... }}` or `{% ... %}`).
#[derive(Debug, Clone, PartialEq, Eq)]
struct Token<'t> {
    kind: TokenKind,
    /// What stands there; of a text, without its quotes.
    text: &'t str,
    /// The bytes of it in the template; of a text, with its quotes.
    span: Range<usize>,
}

/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TokenKind {
    /// `{{` or `{%`.
    Open,
    /// A name or a number.
    Word,
    /// A text between quotes.
    Text,
    /// Any other character.
    Sign,
}

/// The keys of messages that a template asks for by their names, with where they stand: in `t(key="...")`, and in
/// the component `sentence`.
pub(super) fn keys(template: &str) -> Vec<(&str, Range<usize>)> {
    let is_asking = |before: Option<&Token<'_>>, name: &Token<'_>, after: Option<&Token<'_>>| {
        is_call("t", before, name, after) || name.text == "sentence" && is(before, "<")
    };
    arguments(template, "key", is_asking)
}

/// The names of assets that a template asks for by `asset(name="...")`, with where they stand.
pub(super) fn assets(template: &str) -> Vec<(&str, Range<usize>)> {
    let is_asking = |before: Option<&Token<'_>>, name: &Token<'_>, after: Option<&Token<'_>>| {
        is_call("asset", before, name, after)
    };
    arguments(template, "name", is_asking)
}

/// Whether a word calls a function.
fn is_call(
    function: &str,
    before: Option<&Token<'_>>,
    name: &Token<'_>,
    after: Option<&Token<'_>>,
) -> bool {
    name.text == function && is(after, "(") && !is(before, ".") && !is(before, "|")
}

/// The texts that stand whole as the argument of a name in each call that `is_wanted` says, by the word that calls, the
/// token before it and the one after it.
fn arguments<'t>(
    template: &'t str,
    argument: &str,
    is_wanted: impl Fn(Option<&Token<'_>>, &Token<'_>, Option<&Token<'_>>) -> bool,
) -> Vec<(&'t str, Range<usize>)> {
    let tokens = tokens(template);
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| tokens.get(at));
        let is_word = token.kind == TokenKind::Word;
        if !is_word || !is_wanted(before, token, tokens.get(at + 1)) {
            continue;
        }
        let rest = tokens[at + 1..].iter();
        let rest: Vec<&Token<'_>> = rest
            .take_while(|token| token.kind != TokenKind::Open)
            .collect();
        let text = rest.windows(4).find_map(|window| match window {
            [name, equals, text, after]
                if name.text == argument
                    && is(Some(equals), "=")
                    && text.kind == TokenKind::Text
                    && !["~", "+", "|"].contains(&after.text) =>
            {
                Some((text.text, text.span.clone()))
            }
            _ => None,
        });
        found.extend(text);
    }
    found
}

/// The names that a template gives to blocks or components: what follows the word `keyword` at the start of a tag.
pub(super) fn named<'t>(template: &'t str, keyword: &str) -> Vec<(&'t str, Range<usize>)> {
    let tokens = tokens(template);
    let mut names = Vec::new();
    let starts = tokens.iter().enumerate();
    for (at, _) in starts.filter(|(_, token)| token.kind == TokenKind::Open) {
        let mut rest = tokens[at + 1..].iter().filter(|token| token.text != "-");
        if let (Some(word), Some(name)) = (rest.next(), rest.next())
            && word.text == keyword
        {
            names.push((name.text, name.span.clone()));
        }
    }
    names
}

/// The place where a template mentions one of these names between quotes.
pub(super) fn mentioned(template: &str, names: &[&str]) -> Option<Range<usize>> {
    let mut tokens = tokens(template).into_iter();
    let found = tokens.find(|token| token.kind == TokenKind::Text && names.contains(&token.text));
    found.map(|token| token.span)
}

fn is(token: Option<&Token<'_>>, sign: &str) -> bool {
    token.is_some_and(|token| token.kind == TokenKind::Sign && token.text == sign)
}

/// The parts of all tags; comments and what stands between `raw` and `endraw` have none.
fn tokens(template: &str) -> Vec<Token<'_>> {
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(start) = next_of(template, at, &["{{", "{%", "{#"]) {
        if template[start..].starts_with("{#") {
            at = next_of(template, start, &["#}"]).unwrap_or(template.len());
            continue;
        }
        let first = all.len();
        at = tag(template, start, &mut all);
        let mut words = all[first + 1..].iter().filter(|token| token.text != "-");
        if words.next().is_some_and(|token| token.text == "raw") {
            at = next_of(template, at, &["endraw"]).unwrap_or(template.len());
        }
    }
    all
}

/// The place of the next one of these texts; nothing behind it is looked at, which there is much of.
fn next_of(template: &str, from: usize, wanted: &[&str]) -> Option<usize> {
    let rest = template.get(from..)?.as_bytes();
    let is_there = |at: &usize| (wanted.iter()).any(|it| rest[*at..].starts_with(it.as_bytes()));
    (0..rest.len()).find(is_there).map(|at| from + at)
}

/// Adds the parts of the tag that begins at `start`, and says where it ends.
fn tag<'t>(template: &'t str, start: usize, all: &mut Vec<Token<'t>>) -> usize {
    let mut push = |kind, span: Range<usize>, text| all.push(Token { kind, text, span });
    push(
        TokenKind::Open,
        start..start + 2,
        &template[start..start + 2],
    );
    let mut at = start + 2;
    while let Some(first) = template[at..].chars().next() {
        let rest = &template[at..];
        if rest.starts_with("}}") || rest.starts_with("%}") {
            return at + 2;
        }
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let length = if is_word(first) {
            let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            push(TokenKind::Word, at..at + length, &rest[..length]);
            length
        } else if "\"'`".contains(first) {
            let inside = rest[1..].find(first).unwrap_or(rest.len() - 1);
            let length = (inside + 2).min(rest.len());
            push(TokenKind::Text, at..at + length, &rest[1..=inside]);
            length
        } else {
            if !first.is_whitespace() {
                push(
                    TokenKind::Sign,
                    at..at + first.len_utf8(),
                    &rest[..first.len_utf8()],
                );
            }
            first.len_utf8()
        };
        at += length;
    }
    template.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts<'t>(found: &[(&'t str, Range<usize>)]) -> Vec<&'t str> {
        found.iter().map(|(name, _)| *name).collect()
    }

    #[test]
    fn keys_are_found_where_they_are_whole() {
        let template = "{#- t(key=\"comment\") -#} t(key=\"prose\") {{ t(key=\"one\", n=f(x)) }}\n\
            {%- if t(n=1, key='two') == \"x\" -%}{{ <sentence at={index.built} key=\"three\" /> }}{% endif %}\n\
            {{ t(key=\"four-\" ~ word) }}{{ x.t(key=\"five\") }}{{ t(key=word) }}{{ <other key=\"six\" /> }}\n\
            {% raw %}{{ t(key=\"seven\") }}{% endraw %}{{ \"}} t(key='eight')\" }}{{ t(key=\"nine\") }}";
        let found = keys(template);
        assert_eq!(texts(&found), ["one", "two", "three", "nine"]);
        let last = found[3].1.clone();
        assert_eq!(&template[last], "\"nine\"");
    }

    #[test]
    fn names_of_blocks_and_components() {
        let template = "{% extends \"base.html\" %}{%- block head -%}{% endblock head %}\n\
            {% component one(a: map) -%}{%- endcomponent one %}{% include 'b.html' %}";
        assert_eq!(texts(&named(template, "block")), ["head"]);
        assert_eq!(texts(&named(template, "component")), ["one"]);
        let place = mentioned(template, &["b.html", "c.html"]);
        assert_eq!(place.map(|span| &template[span]), Some("'b.html'"));
        assert_eq!(mentioned(template, &["head"]), None);
    }

    #[test]
    fn a_broken_template_is_read_to_its_end() {
        for template in [
            "{{",
            "{%",
            "{{ \"",
            "{{ 'é",
            "{#",
            "{% raw %}",
            "{{ t(key=\"x\"",
            "{{ t(",
            "é{{é",
        ] {
            keys(template);
            named(template, "block");
        }
    }
}
