//! Values with their places.

use std::ops::Range;

/// A value with the bytes that it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Byte offsets into the whole file.
    pub span: Range<usize>,
}

impl<T> Spanned<T> {
    /// Another value that was read from the same bytes.
    pub fn with<U>(&self, value: U) -> Spanned<U> {
        Spanned {
            value,
            span: self.span.clone(),
        }
    }
}

/// A value of TOML or YAML.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// YAML's `null`, or nothing after a key.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// Text; a YAML date or time is text too.
    Text(String),
    /// A TOML date or time, as it was written.
    Time(String),
    /// A sequence.
    List(Vec<Spanned<Value>>),
    /// Keys and values, in the order of the file.
    Table(Vec<(Key, Spanned<Value>)>),
}

/// The name of a value in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The name.
    pub name: String,
    /// Byte offsets into the whole file.
    pub span: Range<usize>,
}

impl Value {
    /// Its kind in a user's words, for messages.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Boolean(_) => "true or false",
            Self::Integer(_) | Self::Float(_) => "a number",
            Self::Text(_) => "text",
            Self::Time(_) => "a time",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}

/// The format of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyntaxFormat {
    /// TOML 1.1.
    Toml,
    /// YAML 1.2.
    Yaml,
}

/// A text that is not of its format.
#[derive(Debug)]
pub(super) struct SyntaxError {
    pub(super) message: String,
    pub(super) span: Range<usize>,
    pub(super) hint: Option<String>,
}
