//! Printed pages on disk: each file gets its name when it is whole.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::OutcomeError;

/// Writes the files: one under the name itself, several with their number before the ending.
/// Returns their names.
///
/// # Errors
///
/// [`OutcomeError::Write`]; what was half written is removed.
pub(super) fn write(to: &Path, files: &[Vec<u8>]) -> Result<Vec<PathBuf>, OutcomeError> {
    let names = names(to, files.len());
    for (name, bytes) in names.iter().zip(files) {
        let part = part_of(name);
        let written = whole(&part, bytes).and_then(|()| fs::rename(&part, name));
        if let Err(source) = written {
            // The first error is the one to tell.
            drop(fs::remove_file(&part));
            return Err(OutcomeError::Write { to: format!("\"{}\"", name.display()), source });
        }
    }
    Ok(names)
}

fn whole(part: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(part)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// `strip.png`, or `strip-01.png` to `strip-12.png`.
fn names(to: &Path, count: usize) -> Vec<PathBuf> {
    if count == 1 {
        return vec![to.to_owned()];
    }
    let digits = count.to_string().len();
    let stem = to.file_stem().unwrap_or_default().to_string_lossy();
    let ending = to.extension().map(|it| format!(".{}", it.to_string_lossy())).unwrap_or_default();
    (1..=count).map(|page| to.with_file_name(format!("{stem}-{page:0digits$}{ending}"))).collect()
}

fn part_of(to: &Path) -> PathBuf {
    let mut name = to.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_numbered_so_that_they_sort() {
        assert_eq!(names(Path::new("a/strip.png"), 1), [Path::new("a/strip.png")]);
        let many = names(Path::new("a/strip.png"), 12);
        assert_eq!(
            (&*many[0], &*many[11]),
            (Path::new("a/strip-01.png"), Path::new("a/strip-12.png"))
        );
    }

    #[test]
    fn a_file_that_cannot_be_written_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let taken = folder.path().join("strip.pdf");
        fs::create_dir(&taken).unwrap();
        let refused = write(&taken, &[b"%PDF".to_vec()]).unwrap_err();
        assert!(refused.to_string().contains("strip.pdf"), "{refused}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
