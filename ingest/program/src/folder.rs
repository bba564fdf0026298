//! The files by which a program is known to others: its data folder's lock, its ready file.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::Path;

use anyhow::Context;
use credentials::Machine;

/// Takes a data folder for this process alone, for as long as what it gives is kept.
///
/// # Errors
///
/// Where another process has it, or it cannot be made.
pub fn lock(machine: Machine, data: &Path) -> anyhow::Result<File> {
    fs::create_dir_all(data)
        .with_context(|| format!("could not make the data folder '{}'", data.display()))?;
    let path = data.join("lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    let file = file.with_context(|| format!("could not open '{}'", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => anyhow::bail!(
            "another {} runs with the data folder '{}'; stop it, or give this one its own \"data\"",
            machine.word,
            data.display()
        ),
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("could not lock '{}'", path.display()))
        }
    }
}

/// Writes the file by which others know that a program runs: whole or not at all.
///
/// # Errors
///
/// Where it cannot be written.
pub fn write_ready_file(path: &Path, ready: &serde_json::Value) -> anyhow::Result<()> {
    let temporary = path.with_extension("tmp");
    fs::write(&temporary, format!("{ready}\n"))
        .and_then(|()| fs::rename(&temporary, path))
        .with_context(|| format!("could not write the ready file '{}'", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MACHINE: Machine =
        Machine { word: "analysis", program: "ubugoe-watch", alpn: b"", receive_window: 0 };

    #[test]
    fn a_folder_has_one_owner_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let first = lock(MACHINE, &data).unwrap();
        let refused = lock(MACHINE, &data).unwrap_err().to_string();
        assert!(refused.contains("another analysis runs") && refused.contains("data"), "{refused}");
        drop(first);
        assert!(lock(MACHINE, &data).is_ok());
    }

    #[test]
    fn a_ready_file_is_there_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ready.json");
        write_ready_file(&path, &serde_json::json!({ "pid": 7 })).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "{\"pid\":7}\n");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }
}
