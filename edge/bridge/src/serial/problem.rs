//! What is wrong with a port, and what to do, in plain words.

use std::fs;
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use tokio_serial::ErrorKind;

/// Why a port cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PortProblem {
    /// There is no such file.
    #[error("'{}' does not exist; plug the adapter in, `ls /dev/serial/by-id` lists what is there", path.display())]
    Missing {
        /// The port.
        path: PathBuf,
    },
    /// The file is something else.
    #[error("'{}' is not a serial port; correct \"port\"", path.display())]
    NotAPort {
        /// The port.
        path: PathBuf,
    },
    /// The user may not use it.
    #[error(
        "this user may not use '{}'; join its group with `sudo usermod -aG {group} $USER` and log in again",
        path.display()
    )]
    NotAllowed {
        /// The port.
        path: PathBuf,
        /// The group that may.
        group: String,
    },
    /// Another program has it.
    #[error("'{}' is in use by another program, perhaps another bridge; stop that one", path.display())]
    Busy {
        /// The port.
        path: PathBuf,
    },
    /// Anything else.
    #[error("'{}' cannot be opened: {reason}", path.display())]
    Other {
        /// The port.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
}

impl PortProblem {
    /// What a failed open means.
    #[must_use]
    pub fn of_open(path: &Path, error: &tokio_serial::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            ErrorKind::NoDevice => Self::Busy { path },
            ErrorKind::Io(io::ErrorKind::NotFound) => Self::Missing { path },
            ErrorKind::Io(io::ErrorKind::PermissionDenied) => {
                let group = group_of(&path);
                Self::NotAllowed { path, group }
            }
            _ => match fs::metadata(&path) {
                Err(missing) if missing.kind() == io::ErrorKind::NotFound => Self::Missing { path },
                Ok(file) if !file.file_type().is_char_device() => Self::NotAPort { path },
                _ => Self::Other { path, reason: error.to_string() },
            },
        }
    }
}

/// The name of the group a file belongs to; its number where the system has no name for it.
fn group_of(path: &Path) -> String {
    let Ok(file) = fs::metadata(path) else { return "dialout".to_owned() };
    let gid = file.gid();
    let groups = fs::read_to_string("/etc/group").unwrap_or_default();
    let name = groups.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (name, _, id) = (fields.next()?, fields.next()?, fields.next()?);
        (id.parse() == Ok(gid)).then(|| name.to_owned())
    });
    name.unwrap_or_else(|| gid.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(path: &Path) -> PortProblem {
        let error =
            tokio_serial::SerialStream::open(&tokio_serial::new(path.to_string_lossy(), 1200))
                .unwrap_err();
        PortProblem::of_open(path, &error)
    }

    #[test]
    fn a_port_that_is_not_there_is_told_from_a_file_that_is_no_port() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
        let _entered = runtime.enter();
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("ttyUSB9");
        assert_eq!(problem(&missing), PortProblem::Missing { path: missing });
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        assert_eq!(problem(&file), PortProblem::NotAPort { path: file });
    }
}
