//! A recording that could not be analysed, and why.

use std::fmt;
use std::path::{Path, PathBuf};

/// A file or a recording that could not be analysed.
///
/// Prints the name of the file, and what it is or does: `"a.csv" has no column fhr …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    file: PathBuf,
    reason: String,
}

impl Failure {
    pub(crate) fn of_file(file: &Path, reason: &(impl fmt::Display + ?Sized)) -> Self {
        Self { file: file.to_owned(), reason: reason.to_string() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\" {}", self.file.display(), self.reason)
    }
}
