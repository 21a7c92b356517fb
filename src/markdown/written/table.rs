//! Tables.

use super::document::Document;
use super::inline::Inline;

/// The side to which the cells of a column are aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Unsaid,
    Left,
    Center,
    Right,
}

impl Side {
    fn dashes(self) -> &'static str {
        match self {
            Self::Unsaid => "---",
            Self::Left => ":--",
            Self::Center => ":-:",
            Self::Right => "--:",
        }
    }
}

/// A table whose first row is its head; cells are the insides of lines.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) sides: Vec<Side>,
    pub(super) rows: Vec<Vec<String>>,
}

impl Document {
    /// Adds a table; each row has as many cells as the head.
    pub fn table(&mut self, head: &[Inline], rows: impl IntoIterator<Item = Vec<Inline>>) {
        let texts = |row: &[Inline]| row.iter().map(|cell| cell.as_str().to_owned()).collect();
        let rows = rows.into_iter().map(|row| texts(&row));
        let table = Table {
            sides: vec![Side::Unsaid; head.len()],
            rows: std::iter::once(texts(head)).chain(rows).collect(),
        };
        self.push_table(&table);
    }

    pub(super) fn push_table(&mut self, table: &Table) {
        for (number, row) in table.rows.iter().enumerate() {
            match number {
                0 => self.begin(),
                _ => self.indent(),
            }
            self.out.push('|');
            for cell in row {
                self.out.push(' ');
                self.out.push_str(&cell.replace('|', "\\|"));
                self.out.push_str(" |");
            }
            self.out.push('\n');
            if number == 0 {
                self.indent();
                self.out.push('|');
                for side in &table.sides {
                    self.out.push(' ');
                    self.out.push_str(side.dashes());
                    self.out.push_str(" |");
                }
                self.out.push('\n');
            }
        }
    }
}
