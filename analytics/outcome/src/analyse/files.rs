//! What was given on the command line: files, folders of files, stores.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::failure::Failure;

/// Something that holds recordings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Input {
    pub(crate) path: Arc<Path>,
    pub(crate) kind: Kind,
    /// How it came here.
    pub(crate) origin: Origin,
}

/// What it looks like from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A table: one row a record, or one row a tick as our store seals it.
    Parquet,
    /// Text, one line a sample.
    Csv,
    /// The header of a WFDB record.
    Wfdb,
    /// A store of this house, or a data directory with one.
    Store,
}

/// How a file came to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// By its name: it is meant, and must be a recording.
    Given,
    /// It lies in a folder that was given; tables of something else lie there as well.
    Found,
}

/// Everything to be read for one argument.
///
/// # Errors
///
/// [`Failure`] where there is no such file, or nothing in a folder looks like a recording.
pub(crate) fn inputs(argument: &Path) -> Result<Vec<Input>, Failure> {
    if !argument.is_dir() {
        let input = |kind| Input { path: Arc::from(argument), kind, origin: Origin::Given };
        return kind_of(argument).map(|kind| vec![input(kind)]);
    }
    let mut inputs = Vec::new();
    if [argument.to_owned(), argument.join("store")].iter().any(|it| is_store(it)) {
        let path = Arc::from(argument);
        inputs.push(Input { path, kind: Kind::Store, origin: Origin::Given });
    }
    for path in listed(argument)? {
        if let Some(kind) = kind_by_name(&path) {
            inputs.push(Input { path: Arc::from(path), kind, origin: Origin::Found });
        }
    }
    if inputs.is_empty() {
        let reason = "holds no recording: no .parquet, .csv or .hea file and no store; \
                      give the folder in which they lie";
        return Err(Failure::of_file(argument, reason));
    }
    Ok(inputs)
}

fn is_store(folder: &Path) -> bool {
    folder.join("manifest.json").is_file()
}

/// The files of a folder, by name.
fn listed(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let unreadable =
        |error: std::io::Error| Failure::of_file(folder, &format!("cannot be listed: {error}"));
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    files.sort_unstable();
    Ok(files)
}

fn kind_by_name(path: &Path) -> Option<Kind> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    match extension.as_str() {
        "parquet" => Some(Kind::Parquet),
        "csv" | "tsv" => Some(Kind::Csv),
        "hea" => Some(Kind::Wfdb),
        _ => None,
    }
}

/// The kind of a file that was given by name: by its name, else by its first bytes.
fn kind_of(path: &Path) -> Result<Kind, Failure> {
    if let Some(kind) = kind_by_name(path) {
        return Ok(kind);
    }
    let header = path.with_extension("hea");
    if path.extension().is_some_and(|it| it == "dat") && header.is_file() {
        let reason = format!("is a signal file; give its header \"{}\"", header.display());
        return Err(Failure::of_file(path, &reason));
    }
    let begin = first_bytes(path)
        .map_err(|error| Failure::of_file(path, &format!("cannot be read: {error}")))?;
    if begin.starts_with(b"PAR1") {
        return Ok(Kind::Parquet);
    }
    if begin.contains(&0) {
        let reason = "is no kind of recording that is read here; give Parquet, CSV, \
                      a WFDB header (.hea), or the folder of a store";
        return Err(Failure::of_file(path, reason));
    }
    Ok(Kind::Csv)
}

fn first_bytes(path: &Path) -> std::io::Result<Vec<u8>> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(512).read_to_end(&mut bytes)?;
    Ok(bytes)
}
