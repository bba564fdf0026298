//! A full disk: a clear message, what was stored stays readable, and it goes on by itself.

#![allow(clippy::unwrap_used, reason = "a helper that fails shall fail its test")]

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use store::{Store, StoreError, StoreOptions};
use support::{after, all, keyed, listed, run, seal_all, small};

/// A file system of so many kilobytes; unmounted when dropped.
struct SmallDisk {
    at: tempfile::TempDir,
}

impl SmallDisk {
    /// `None`, with a word, where this machine does not let us mount.
    fn of(kilobytes: u32) -> Option<Self> {
        let at = tempfile::tempdir().unwrap();
        let size = format!("size={kilobytes}k");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(at.path())
            .status()
            .is_ok_and(|status| status.success());
        if !mounted {
            eprintln!("skipped: mounting a tmpfs needs root");
        }
        mounted.then_some(Self { at })
    }

    fn path(&self) -> &Path {
        self.at.path()
    }

    /// Takes all space but so many kilobytes.
    fn fill(&self, leave_kilobytes: usize) {
        let ballast = self.path().join("ballast");
        let mut size = 0;
        let chunk = vec![7; 4096];
        let mut file = fs::File::create(&ballast).unwrap();
        while std::io::Write::write_all(&mut file, &chunk).is_ok() {
            size += chunk.len();
        }
        file.set_len((size - leave_kilobytes * 1024) as u64).unwrap();
    }

    fn free(&self) {
        fs::remove_file(self.path().join("ballast")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg(self.at.path()).status();
        assert!(unmounted.is_ok_and(|status| status.success()), "the tmpfs stays mounted");
    }
}

#[test]
fn appending_to_a_full_disk_fails_clearly_and_works_again_with_space() {
    let Some(disk) = SmallDisk::of(1024) else { return };
    let (mut store, _) = Store::open(disk.path(), StoreOptions::default()).unwrap();
    store.append(&run("bed-1", 0, 10)).unwrap();
    disk.fill(8);
    let mut stored = 10;
    let error = loop {
        match store.append(&run("bed-1", stored, stored + 10)) {
            Ok(()) => stored += 10,
            Err(error) => break error,
        }
    };
    assert!(error.is_full(), "{error:?}");
    assert!(error.to_string().contains("the disk is full"), "{error}");
    assert_eq!(all(disk.path()), keyed(&run("bed-1", 0, stored)), "what was stored is readable");
    assert!(store.append(&run("bed-1", stored, stored + 10)).unwrap_err().is_full());
    disk.free();
    store.append(&run("bed-1", stored, stored + 10)).unwrap();
    drop(store);
    let (_, found) = Store::open(disk.path(), StoreOptions::default()).unwrap();
    assert_eq!(found.dropped_bytes, 0, "the failed commit was cut back");
    assert_eq!(listed(&found.runs).len() as u64, stored + 10);
    assert_eq!(all(disk.path()), keyed(&run("bed-1", 0, stored + 10)));
}

#[test]
fn the_first_commit_on_a_full_disk_leaves_no_segment_behind() {
    let Some(disk) = SmallDisk::of(256) else { return };
    let (mut store, _) = Store::open(disk.path(), StoreOptions::default()).unwrap();
    disk.fill(0);
    for _ in 0..3 {
        assert!(store.append(&run("bed-1", 0, 10)).unwrap_err().is_full());
    }
    assert_eq!(fs::read_dir(disk.path().join("hot")).unwrap().count(), 0);
    disk.free();
    store.append(&run("bed-1", 0, 10)).unwrap();
    assert_eq!(all(disk.path()), keyed(&run("bed-1", 0, 10)));
}

#[test]
fn sealing_on_a_full_disk_leaves_the_segment_hot_until_there_is_space() {
    let Some(disk) = SmallDisk::of(2048) else { return };
    let (mut store, _) = Store::open(disk.path(), small()).unwrap();
    store.append(&run("bed-1", 0, 1_000)).unwrap();
    disk.fill(8);
    let error = store.seal_due(after(2_000)).unwrap().run().unwrap_err();
    assert!(matches!(error, StoreError::Full { .. }), "{error:?}");
    assert_eq!(fs::read_dir(disk.path().join("sealed")).unwrap().count(), 0, "no half file");
    assert_eq!(all(disk.path()), keyed(&run("bed-1", 0, 1_000)), "still readable");
    assert!(store.seal_due(after(2_010)).is_none(), "it rests");
    let error = store.seal_due(after(2_040)).unwrap().run().unwrap_err();
    assert!(error.is_full(), "{error:?}");
    disk.free();
    assert_eq!(seal_all(&mut store, after(2_100)), 1);
    assert_eq!(all(disk.path()), keyed(&run("bed-1", 0, 1_000)));
}
