use super::{AddressKind, addresses, with_links};

/// The addresses of a text.
fn found(text: &str) -> Vec<&str> {
    let all = addresses(text).into_iter();
    all.map(|(span, _)| &text[span]).collect()
}

#[test]
fn an_address_ends_before_the_punctuation_of_its_sentence() {
    for (text, address) in [
        ("See https://a.example/b.", "https://a.example/b"),
        ("(https://a.example/b_(c))", "https://a.example/b_(c)"),
        ("https://a.example/b(c))+d", "https://a.example/b(c))+d"),
        ("https://a.example/b))))", "https://a.example/b"),
        (
            "https://a.example/?b=c&amp;d=e",
            "https://a.example/?b=c&amp;d=e",
        ),
        ("https://a.example/?b=c&copy;", "https://a.example/?b=c"),
        ("https://a.example/b;", "https://a.example/b"),
        ("https://a.example/b<c", "https://a.example/b"),
        ("'https://a.example/b',", "https://a.example/b"),
        ("[https://a.example/b]", "https://a.example/b"),
        ("https://a.example/b[c]", "https://a.example/b[c]"),
        ("詳しくはhttps://a.example/b。次", "https://a.example/b"),
        ("HTTPS://A.example/_b_c", "HTTPS://A.example/_b_c"),
        ("https://bücher.example/ä", "https://bücher.example/ä"),
        ("http://localhost:8080/a", "http://localhost:8080/a"),
        ("at www.a.example/b?c_d!", "www.a.example/b?c_d"),
        ("*www.a.example*", "www.a.example"),
        ("_see http://a.example_ here", "http://a.example"),
        ("ops@a.example.", "ops@a.example"),
        ("mailto:o.p_s+x@a-b.example!", "mailto:o.p_s+x@a-b.example"),
    ] {
        assert_eq!(found(text), [address], "{text}");
    }
}

#[test]
fn not_everything_with_dots_is_an_address() {
    for text in [
        "https://",
        "https:// a",
        "https://.a",
        "https://a_b.example",
        "https://a.b_c.example/d",
        "xhttps://a.example",
        "gopher://a.example",
        "www.",
        "www. a",
        "awww.a.example",
        "-www.a.example",
        "WWW.a.example",
        "www.a_b.example",
        "http://a.b_/c",
        "a@b",
        "@a.example",
        "a@b.c1",
        "a@b.c-",
        "a@b@c.d_",
    ] {
        assert!(found(text).is_empty(), "{text}");
    }
}

#[test]
fn several_addresses_are_found_in_their_order() {
    let text = "a@b.example, https://c.example/, d@e.example www.f.example (https://g.example/h@i.example)";
    let kinds: Vec<AddressKind> = addresses(text).into_iter().map(|(_, kind)| kind).collect();
    assert_eq!(
        found(text),
        [
            "a@b.example",
            "https://c.example/",
            "d@e.example",
            "www.f.example",
            "https://g.example/h@i.example"
        ]
    );
    use AddressKind::{Mail, Url, Www};
    assert_eq!(kinds, [Mail, Url, Mail, Www, Url]);
}

#[test]
fn only_text_gets_links() {
    for text in [
        "`https://a.example/_b_`",
        "    https://a.example/_b_\n",
        "```\nhttps://a.example/_b_\n```\n",
        "<https://a.example/_b_>",
        "[https://a.example/_b_](c)",
        "![https://a.example/_b_](c.png)",
        "[a](https://a.example/_b_)",
        "[a]: https://a.example/_b_\n",
        "<a href=\"https://a.example/_b_\">",
        "ftp and www",
    ] {
        assert_eq!(with_links(text), text);
    }
    assert_eq!(
        with_links("- x https://a.b/_c_\n\n|a|\n|-|\n|www.b.c/\\|d|e\n"),
        "- x [https\\:\\/\\/a\\.b\\/\\_c](<https\\:\\/\\/a\\.b\\/\\_c>)\u{fdd0}_\n\n|a|\n|-|\n|[www\\.b\\.c\\/\\|d](<http://www\\.b\\.c\\/\\|d>)|e\n"
    );
}
