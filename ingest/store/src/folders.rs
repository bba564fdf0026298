//! Where things lie inside the store's folder.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::StoreError;
use crate::table::TableName;

/// The places of one store.
#[derive(Clone, Debug)]
pub(crate) struct Folders {
    pub(crate) root: PathBuf,
    pub(crate) hot: PathBuf,
    pub(crate) sealed: PathBuf,
    pub(crate) damaged: PathBuf,
}

impl Folders {
    pub(crate) fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            hot: root.join("hot"),
            sealed: root.join("sealed"),
            damaged: root.join("damaged"),
        }
    }

    /// The places of one of its tables.
    pub(crate) fn of_table(&self, table: TableName) -> Self {
        match table {
            TableName::Samples => self.clone(),
            of_records => Self::new(&self.root.join(of_records.as_str())),
        }
    }

    /// The store in `dir` itself or in its folder `store`, as a server lays it.
    pub(crate) fn find(dir: &Path) -> Result<Self, StoreError> {
        [dir.to_owned(), dir.join("store")]
            .iter()
            .map(|root| Self::new(root))
            .find(|folders| folders.manifest().is_file())
            .ok_or_else(|| StoreError::NoStore { dir: dir.to_owned() })
    }

    pub(crate) fn create(&self) -> Result<(), StoreError> {
        for folder in [&self.hot, &self.sealed, &self.damaged] {
            fs::create_dir_all(folder).map_err(|e| StoreError::io("create", folder, e))?;
        }
        Ok(())
    }

    pub(crate) fn lock(&self) -> PathBuf {
        self.root.join("lock")
    }

    pub(crate) fn manifest(&self) -> PathBuf {
        self.root.join("manifest.json")
    }

    pub(crate) fn segment(&self, id: u64) -> PathBuf {
        self.hot.join(format!("{id:08}.arrows"))
    }

    pub(crate) fn sealed_file(&self, id: u64) -> PathBuf {
        self.sealed.join(sealed_name(id))
    }

    /// The hot segments on disk, oldest first.
    pub(crate) fn segments(&self) -> Result<Vec<u64>, StoreError> {
        numbered(&self.hot, ".arrows")
    }

    /// The sealed files on disk, oldest first, whether the manifest names them or not.
    pub(crate) fn sealed_files(&self) -> Result<Vec<u64>, StoreError> {
        numbered(&self.sealed, ".parquet")
    }
}

pub(crate) fn sealed_name(id: u64) -> String {
    format!("{id:08}.parquet")
}

/// The number in a file's name, where the whole name is a number and `suffix`.
pub(crate) fn number_of(name: &str, suffix: &str) -> Option<u64> {
    let digits = name.strip_suffix(suffix)?;
    let all_digits = digits.len() >= 8 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if all_digits { digits.parse().ok() } else { None }
}

/// The names of the files in a folder, sorted; names that are not text are passed over.
pub(crate) fn names(folder: &Path) -> Result<Vec<String>, StoreError> {
    let list = |e| StoreError::io("list", folder, e);
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(list)? {
        names.extend(entry.map_err(list)?.file_name().into_string());
    }
    names.sort();
    Ok(names)
}

fn numbered(folder: &Path, suffix: &str) -> Result<Vec<u64>, StoreError> {
    let mut ids: Vec<_> =
        names(folder)?.iter().filter_map(|name| number_of(name, suffix)).collect();
    ids.sort_unstable();
    Ok(ids)
}
