//! Which recordings of a collection are played.

use std::path::Path;

use super::RecordingError;
use super::error::some_of;

/// The place of a record in the list of ids.
pub(super) fn place(ids: &[String], id: &str, path: &Path) -> Result<usize, RecordingError> {
    ids.iter().position(|known| known == id).ok_or_else(|| RecordingError::NoSuchRecord {
        path: path.to_owned(),
        id: id.to_owned(),
        known: some_of(ids),
    })
}
