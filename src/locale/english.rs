//! Numbers of things in English, for the terminal.

/// `1 page`, `2 pages`, `1,282 pages`.
pub fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(count))
}

/// `1282` as `1,282`.
pub fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(
            [0, 1, 999, 1000, 1_234_567].map(|count| counted(count, "page")),
            [
                "0 pages",
                "1 page",
                "999 pages",
                "1,000 pages",
                "1,234,567 pages"
            ]
        );
    }
}
