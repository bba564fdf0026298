//! A directory of small JSON records, each replaced as a whole.
//!
//! A record is written to a temporary name, synced, and moved to its own; then the directory
//! is synced. Whoever reads, in this process or another, sees the old record or the new one.
//! Names come from checked names and hashes only, never from outside as they are.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, fchown};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::AccessError;

const SUFFIX: &str = ".json";
/// Most bytes of a record that are read: ours have a few hundred.
const RECORD_BYTES_MAX: u64 = 16 * 1024;

/// Distinguishes temporary files of one process.
static TEMPORARY: AtomicU64 = AtomicU64::new(0);

/// One directory of records.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Opens the directory, made with mode 0700 where it is missing.
    pub(crate) fn open(path: PathBuf) -> Result<Self, AccessError> {
        if !path.is_dir() {
            create_private_dir(&path)
                .map_err(|source| AccessError::disk("create the directory", &path, source))?;
        }
        Ok(Self { path })
    }

    /// Reads a record; `None` where there is none.
    pub(crate) fn read<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, AccessError> {
        let path = self.file(name);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(AccessError::disk("open the record", path, source)),
        };
        let text = io::read_to_string(io::Read::take(file, RECORD_BYTES_MAX))
            .map_err(|source| AccessError::disk("read the record", &path, source))?;
        serde_json::from_str(&text)
            .map(Some)
            .map_err(|source| AccessError::Damaged { path, source })
    }

    /// Writes a record over whatever was there.
    pub(crate) fn write<T: Serialize>(&self, name: &str, record: &T) -> Result<(), AccessError> {
        let temporary = self.write_temporary(name, record)?;
        fs::rename(&temporary, self.file(name))
            .map_err(|source| AccessError::disk("replace the record", self.file(name), source))?;
        self.sync()
    }

    /// Writes a record that must not be there yet; `false` where it is.
    pub(crate) fn create<T: Serialize>(
        &self,
        name: &str,
        record: &T,
    ) -> Result<Created, AccessError> {
        let temporary = self.write_temporary(name, record)?;
        // A link, unlike a rename, fails where the name is taken, whoever took it.
        let linked = fs::hard_link(&temporary, self.file(name));
        fs::remove_file(&temporary)
            .map_err(|source| AccessError::disk("remove the file", &temporary, source))?;
        match linked {
            Ok(()) => self.sync().map(|()| Created::New),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(Created::Existed),
            Err(source) => Err(AccessError::disk("create the record", self.file(name), source)),
        }
    }

    /// Removes a record; tells whether it was there.
    pub(crate) fn remove(&self, name: &str) -> Result<Found, AccessError> {
        match fs::remove_file(self.file(name)) {
            Ok(()) => self.sync().map(|()| Found::Yes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Found::No),
            Err(source) => Err(AccessError::disk("remove the record", self.file(name), source)),
        }
    }

    /// Moves a record to another directory; of several that try, one finds it.
    pub(crate) fn move_to(&self, name: &str, other: &Self) -> Result<Found, AccessError> {
        match fs::rename(self.file(name), other.file(name)) {
            Ok(()) => {
                other.sync()?;
                self.sync().map(|()| Found::Yes)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Found::No),
            Err(source) => Err(AccessError::disk("move the record", self.file(name), source)),
        }
    }

    /// The names of all records, in order.
    pub(crate) fn names(&self) -> Result<Vec<String>, AccessError> {
        let list = |source| AccessError::disk("list the directory", &self.path, source);
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.path).map_err(list)? {
            let file_name = entry.map_err(list)?.file_name();
            let Some(name) = file_name.to_str().and_then(|name| name.strip_suffix(SUFFIX)) else {
                continue;
            };
            if !name.starts_with('.') {
                names.push(name.to_owned());
            }
        }
        names.sort();
        Ok(names)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.path.join(format!("{name}{SUFFIX}"))
    }

    fn write_temporary<T: Serialize>(
        &self,
        name: &str,
        record: &T,
    ) -> Result<PathBuf, AccessError> {
        let number = TEMPORARY.fetch_add(1, Ordering::Relaxed);
        let path = self.path.join(format!(".{name}.{}-{number}.tmp", std::process::id()));
        let text = serde_json::to_string_pretty(record).expect("records hold texts and numbers");
        let write = || -> io::Result<()> {
            let mut file =
                OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
            own_like(&file, &self.path)?;
            file.write_all(text.as_bytes())?;
            file.write_all(b"\n")?;
            file.sync_all()
        };
        write().map_err(|source| AccessError::disk("write the file", &path, source))?;
        Ok(path)
    }

    fn sync(&self) -> Result<(), AccessError> {
        File::open(&self.path)
            .and_then(|dir| dir.sync_all())
            .map_err(|source| AccessError::disk("sync the directory", &self.path, source))
    }
}

/// Whether a record was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Created {
    /// It was.
    New,
    /// There was one, and it was left as it is.
    Existed,
}

/// Whether a record was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// It was.
    Yes,
    /// It was not.
    No,
}

fn create_private_dir(path: &Path) -> io::Result<()> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    if let Some(parent) = parent
        && !parent.is_dir()
    {
        create_private_dir(parent)?;
    }
    match fs::DirBuilder::new().mode(0o700).create(path) {
        Ok(()) => {}
        // The server and the command line may both start here for the first time.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(()),
        Err(error) => return Err(error),
    }
    let parent = parent.unwrap_or(Path::new("."));
    own_like(&File::open(path)?, parent)?;
    File::open(parent)?.sync_all()
}

/// Gives a new file the owner of its directory: an administrator's `sudo … user add` must not
/// leave records that the server cannot read.
pub(crate) fn own_like(file: &File, dir: &Path) -> io::Result<()> {
    let (ours, theirs) = (file.metadata()?, fs::metadata(dir)?);
    // Only root can give files away; for everyone else the owner is right as it is.
    if ours.uid() == 0 && theirs.uid() != 0 {
        fchown(file, Some(theirs.uid()), Some(theirs.gid()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_record_is_private_and_replaced_as_a_whole() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::open(dir.path().join("a/b")).unwrap();
        folder.write("one", &vec![1, 2]).unwrap();
        folder.write("one", &vec![3]).unwrap();
        assert_eq!(folder.read::<Vec<i32>>("one").unwrap(), Some(vec![3]));
        assert_eq!(folder.read::<Vec<i32>>("two").unwrap(), None);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&dir.path().join("a/b/one.json")), 0o600);
        assert_eq!(mode(&dir.path().join("a/b")), 0o700);
        assert_eq!(folder.names().unwrap(), ["one"]);
    }

    #[test]
    fn of_two_that_create_one_wins() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::open(dir.path().to_owned()).unwrap();
        assert_eq!(folder.create("one", &1).unwrap(), Created::New);
        assert_eq!(folder.create("one", &2).unwrap(), Created::Existed);
        assert_eq!(folder.read::<i32>("one").unwrap(), Some(1));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "no temporary file is left");
    }

    #[test]
    fn a_damaged_record_says_which_file() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::open(dir.path().to_owned()).unwrap();
        fs::write(dir.path().join("one.json"), "{").unwrap();
        let error = folder.read::<i32>("one").unwrap_err();
        assert!(error.to_string().contains("one.json' is damaged"), "{error}");
    }
}
