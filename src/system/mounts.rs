//! Disks that are mounted in folders.

use std::path::{Path, PathBuf};

/// Where disks, or parts of them, are mounted at a folder or inside of it, as far as the system says so.
#[cfg(target_os = "linux")]
pub fn within(folder: &Path) -> Vec<PathBuf> {
    use std::fs;
    let (Ok(folder), Ok(mounts)) = (fs::canonicalize(folder), fs::read("/proc/self/mountinfo"))
    else {
        return Vec::new();
    };
    let points = mounts.split(|byte| *byte == b'\n').filter_map(|line| {
        let point = line.split(|byte| *byte == b' ').nth(4)?;
        Some(unescaped(point))
    });
    points.filter(|point| point.starts_with(&folder)).collect()
}

/// Where disks, or parts of them, are mounted at a folder or inside of it: nothing says so.
#[cfg(not(target_os = "linux"))]
pub fn within(_: &Path) -> Vec<PathBuf> {
    Vec::new()
}

/// A path of the system's list of mounts, in which blanks and backslashes stand as octal numbers.
#[cfg(target_os = "linux")]
fn unescaped(point: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStringExt as _;
    let mut bytes = Vec::with_capacity(point.len());
    let mut rest = point;
    while let [first, after @ ..] = rest {
        let escape = after.get(..3).filter(|_| *first == b'\\');
        let byte = escape
            .and_then(|it| std::str::from_utf8(it).ok())
            .and_then(|it| u8::from_str_radix(it, 8).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = match byte {
            Some(_) => &after[3..],
            None => after,
        };
    }
    std::ffi::OsString::from_vec(bytes).into()
}
