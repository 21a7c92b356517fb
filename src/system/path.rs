//! Paths: a site's are written with `/` on every system, in pages, messages and keys; those of the system are as it has them.

use std::io;
use std::path::{Path, PathBuf};

use camino::{Utf8Path, Utf8PathBuf};

/// A path of the site with `/` between its parts.
#[cfg(unix)]
pub fn slashed(path: Utf8PathBuf) -> Utf8PathBuf {
    path
}

/// A path of the site with `/` between its parts.
#[cfg(not(unix))]
pub fn slashed(path: Utf8PathBuf) -> Utf8PathBuf {
    match path.as_str().contains('\\') {
        true => path.as_str().replace('\\', "/").into(),
        false => path,
    }
}

/// The whole path of what is there, behind all links.
///
/// # Errors
///
/// Where nothing is there, or it cannot be looked at.
pub fn real(path: &Path) -> io::Result<PathBuf> {
    let real = path.canonicalize()?;
    #[cfg(not(unix))]
    if let Some(plain) = real.to_str().and_then(without_prefix) {
        return Ok(plain.into());
    }
    Ok(real)
}

/// The whole path of what is there, behind all links, where it is UTF-8.
///
/// # Errors
///
/// Where nothing is there, it cannot be looked at, or is not UTF-8.
pub fn real_utf8(path: &Utf8Path) -> io::Result<Utf8PathBuf> {
    let real = real(path.as_std_path())?;
    real.try_into()
        .map_err(|error: camino::FromPathBufError| error.into_io_error())
}

/// A path that Windows gives behind all links, as people and other programs write it: `C:\site` for `\\?\C:\site`, which
/// `git` does not know and in which `/` parts nothing. `None` where there is no other way to write it.
#[cfg(any(not(unix), test))]
fn without_prefix(path: &str) -> Option<String> {
    let rest = path.strip_prefix(r"\\?\")?;
    if let Some(share) = rest.strip_prefix(r"UNC\") {
        return Some(format!(r"\\{share}"));
    }
    let is_drive =
        matches!(rest.as_bytes(), [letter, b':', b'\\', ..] if letter.is_ascii_alphabetic());
    is_drive.then(|| rest.to_owned())
}

#[cfg(test)]
mod tests {
    use super::without_prefix;

    #[test]
    fn a_path_of_windows_is_written_as_people_do() {
        for (real, plain) in [
            (r"\\?\C:\site\a b", Some(r"C:\site\a b")),
            (r"\\?\UNC\server\share\site", Some(r"\\server\share\site")),
            (r"\\?\Volume{4e8c}\site", None),
            (r"C:\site", None),
        ] {
            assert_eq!(without_prefix(real).as_deref(), plain, "{real}");
        }
    }
}
