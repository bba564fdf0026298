//! Agreement with the experts of FHRMA, on the real recordings.

use std::fs;
use std::path::{Path, PathBuf};

use agreement::fhrma::{self, METHODS};

/// The data set beside the checkout; `None`, and a word about it, where there is none.
fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/fhrma");
    let found = folder.exists().then_some(folder);
    if found.is_none() {
        eprintln!("skipped: ../shared/data/fhrma is not beside this checkout");
    }
    found
}

#[test]
fn every_row_of_the_readme_comes_out_to_the_last_digit() {
    let Some(folder) = folder() else { return };
    let readme = fs::read_to_string(folder.join("README.md")).unwrap();
    let recordings = fhrma::load(&folder).unwrap();
    assert_eq!(recordings.len(), 46);
    for method in METHODS {
        let row = agreement::events::of_source(&recordings, method).to_string();
        assert!(readme.lines().any(|line| line == row), "not in the README: {row}");
    }
}
