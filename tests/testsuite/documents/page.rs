//! A page and its fenced blocks.

use std::fs;
use std::ops::Range;

use super::root;

/// A document in Markdown.
pub(super) struct Page {
    /// Its path from the folder of the repository.
    pub(super) path: String,
    /// The example that it runs in.
    pub(super) example: Option<String>,
    pub(super) blocks: Vec<Block>,
    lines: Vec<String>,
}

/// A fenced block.
pub(super) struct Block {
    pub(super) language: String,
    /// The file that the line before it names.
    pub(super) file: Option<String>,
    pub(super) text: String,
    /// The number of its first line between the fences, from 0.
    pub(super) line: usize,
    /// The blanks before its fences, as in a list.
    pub(super) indent: usize,
}

/// A command, and what the page shows of its output.
pub(super) struct Shown {
    pub(super) command: String,
    pub(super) output: String,
    /// The lines of the output on the page.
    pub(super) lines: Range<usize>,
    pub(super) indent: usize,
}

impl Page {
    pub(super) fn read(path: &str) -> Self {
        Self::of(path, &fs::read_to_string(root().join(path)).unwrap())
    }

    /// A page with a text, as if it stood at a path.
    pub(super) fn of(path: &str, text: &str) -> Self {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let example = lines.iter().find_map(|line| {
            let line = line.strip_prefix("<!-- runs in ")?;
            Some(line.strip_suffix(" -->")?.to_owned())
        });
        Self {
            path: path.to_owned(),
            example,
            blocks: blocks(path, &lines),
            lines,
        }
    }

    /// Whether `allclear docs` writes it.
    pub(super) fn is_generated(&self) -> bool {
        let first = self.lines.first().map(String::as_str);
        first == Some("<!-- Written by `allclear docs`. -->")
    }

    /// A line of the page as an editor names it, from a number that begins at 0.
    pub(super) fn place(&self, line: usize) -> String {
        format!("{}:{}", self.path, line + 1)
    }

    /// The text of the page with other outputs of commands.
    pub(super) fn with(&self, rewritten: &[(Range<usize>, Vec<String>)]) -> String {
        let mut lines = self.lines.clone();
        for (place, new) in rewritten.iter().rev() {
            lines.splice(place.clone(), new.iter().cloned());
        }
        lines.join("\n") + "\n"
    }
}

fn blocks(path: &str, lines: &[String]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let fence = lines[at].trim_start();
        if let Some(language) = fence.strip_prefix("```") {
            let indent = lines[at].len() - fence.len();
            let end = (at + 1..lines.len()).find(|end| lines[*end].trim() == "```");
            let end = end.unwrap_or_else(|| panic!("{path}:{}: this block never ends", at + 1));
            let before = at.checked_sub(1).map_or("", |before| lines[before].trim());
            let named = before
                .strip_prefix('`')
                .and_then(|line| line.strip_suffix('`'))
                .filter(|name| !name.contains(['`', ' ']));
            let text = lines[at + 1..end].iter().map(|line| {
                let blanks = line.len() - line.trim_start().len();
                format!("{}\n", &line[indent.min(blanks)..])
            });
            blocks.push(Block {
                language: language.to_owned(),
                file: named.map(str::to_owned),
                text: text.collect(),
                line: at + 1,
                indent,
            });
            at = end;
        }
        at += 1;
    }
    blocks
}

impl Block {
    /// The commands of a block `console`. One that ends with a backslash goes on in the next line.
    pub(super) fn commands(&self) -> Vec<Shown> {
        let mut commands: Vec<Shown> = Vec::new();
        let mut goes_on = false;
        for (at, line) in self.text.lines().enumerate() {
            let place = self.line + at;
            if let Some(command) = line.strip_prefix("$ ").filter(|_| !goes_on) {
                commands.push(Shown {
                    command: command.to_owned(),
                    output: String::new(),
                    lines: place + 1..place + 1,
                    indent: self.indent,
                });
            } else if let Some(last) = commands.last_mut() {
                if goes_on {
                    last.command += "\n";
                    last.command += line;
                    last.lines = place + 1..place + 1;
                } else {
                    last.output += line;
                    last.output.push('\n');
                    last.lines.end = place + 1;
                }
            }
            goes_on = (goes_on || line.starts_with("$ ")) && line.ends_with('\\');
        }
        commands
    }
}
