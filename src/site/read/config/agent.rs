//! The `[agent]` table of `allclear.toml`.

use super::field::section;
use crate::diagnostic::Code;
use crate::site::config::{AgentSettings, Follow};
use crate::syntax::{Reader, Spanned, TableReader, Value};

pub(super) fn agent(reader: &mut Reader<'_>, table: &mut TableReader<'_>) -> AgentSettings {
    let mut settings = AgentSettings::default();
    let Some(mut table) = section(reader, table, "agent", "`agent`") else {
        return settings;
    };
    if let Some(follow) = table.take("follow").and_then(|node| follow(reader, node)) {
        settings.follow = follow;
    }
    if let Some(every) = table.take("every").and_then(|node| reader.duration(node)) {
        settings.every = every;
    }
    table.finish(reader);
    settings
}

fn follow(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Option<Follow> {
    let text = match &node.value {
        Value::Boolean(false) => return Some(Follow::Nothing),
        Value::Text(text) => text,
        _ => {
            reader.wrong_type(node, "a branch, as `\"origin/main\"`, or `false`");
            return None;
        }
    };
    let branch = branch(text);
    if branch.is_none() {
        let message = format!("`{text}` is no branch of a remote repository");
        let hint = "name the remote and its branch, as `origin/main`; `false` follows none";
        reader.error(Code::OutOfRange, &node.span, message, hint.to_owned());
    }
    branch
}

/// The branch that a text names, by the rules of `git check-ref-format`.
fn branch(text: &str) -> Option<Follow> {
    let (remote, branch) = text.split_once('/')?;
    let is_plain = |byte: u8| byte > b' ' && byte != 0x7f && !b"~^:?*[\\".contains(&byte);
    let is_part = |part: &str| {
        !part.is_empty()
            && !part.starts_with(['.', '-'])
            && !part.ends_with(['.'])
            && !part.ends_with(".lock")
    };
    let is_name = text.bytes().all(is_plain) && !text.contains("..") && !text.contains("@{");
    let fits = is_name && text.split('/').all(is_part);
    fits.then(|| Follow::Branch {
        remote: remote.to_owned(),
        branch: branch.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::{Follow, branch};

    #[test]
    fn a_branch_is_a_remote_and_a_name_that_git_allows() {
        for (text, remote, name) in [
            ("origin/main", "origin", "main"),
            ("up-stream/feature/a.b", "up-stream", "feature/a.b"),
        ] {
            let expected = Follow::Branch {
                remote: remote.to_owned(),
                branch: name.to_owned(),
            };
            assert_eq!(branch(text), Some(expected), "{text}");
        }
        for text in [
            "main",
            "/main",
            "origin/",
            "-o/main",
            "origin/-f",
            "origin/a b",
            "origin/a:b",
            "origin/a..b",
            "origin/a//b",
            "origin/a.lock",
            "origin/a@{1}",
            "origin/a\\b",
            "",
        ] {
            assert_eq!(branch(text), None, "{text}");
        }
    }
}
