//! What a start finds, and what it repairs before the first new block.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::Path;
use std::time::Duration;

use vitals::WallTime;

use crate::durable;
use crate::error::StoreError;
use crate::folders::{self, Folders, number_of};
use crate::manifest::Manifest;
use crate::ranges::{Runs, StoredRun};
use crate::reader::Damaged;
use crate::records::StoredRecord;
use crate::rows::StoredBlock;
use crate::shelf::{Active, Health};
use crate::table::Table;
use crate::{sealed_file, segment};

/// What was found on disk at the start.
#[derive(Debug, Default)]
pub struct Recovered {
    /// Everything stored, hot and sealed: drop what arrives of it again.
    pub runs: Vec<StoredRun>,
    /// The newest blocks, oldest first, as far back as
    /// [`StoreOptions::recent`](crate::StoreOptions::recent) says.
    pub recent: Vec<StoredBlock>,
    /// The newest records of each table, oldest first within it and of each the last revision,
    /// as far back as [`StoreOptions::recent_records`](crate::StoreOptions::recent_records) and
    /// [`StoreOptions::recent_states`](crate::StoreOptions::recent_states) say.
    pub records: Vec<StoredRecord>,
    /// Bytes of hot segments that are no whole commit: cut off at the end, where a crash
    /// interrupted a commit nobody was told of, or passed over inside.
    pub dropped_bytes: u64,
    /// Hot segments that held blocks; of samples, as the two counts below.
    pub hot_segments: usize,
    /// Blocks in them.
    pub hot_blocks: u64,
    /// Sealed files that are whole, as far as their ends and footers tell.
    pub sealed_files: usize,
    /// Files that are not what they should be; all others are used.
    pub damaged: Vec<Damaged>,
    /// How the manifest of samples was come by.
    pub manifest: ManifestOrigin,
}

/// How the manifest was come by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ManifestOrigin {
    /// The folder was new.
    #[default]
    New,
    /// It was there.
    Read,
    /// It was missing and was written anew from the sealed files.
    Rebuilt,
}

/// What was found of one table.
#[derive(Debug)]
pub(crate) struct Found<T: Table> {
    pub(crate) runs: Runs,
    pub(crate) recent: Vec<T::Item>,
    pub(crate) dropped_bytes: u64,
    pub(crate) hot_segments: usize,
    pub(crate) hot_items: u64,
    pub(crate) sealed_files: usize,
    pub(crate) damaged: Vec<Damaged>,
    pub(crate) manifest: ManifestOrigin,
}

impl<T: Table> Default for Found<T> {
    fn default() -> Self {
        Self {
            runs: Runs::default(),
            recent: Vec::new(),
            dropped_bytes: 0,
            hot_segments: 0,
            hot_items: 0,
            sealed_files: 0,
            damaged: Vec::new(),
            manifest: ManifestOrigin::default(),
        }
    }
}

/// What [`repair`] hands to the store.
pub(crate) struct Repaired<T: Table> {
    pub(crate) found: Found<T>,
    pub(crate) manifest: Manifest,
    pub(crate) active: Option<Active>,
    pub(crate) waiting: BTreeMap<u64, u64>,
    pub(crate) next_segment: u64,
}

/// Brings the folder of one table in order and reports; the caller holds the lock.
pub(crate) fn repair<T: Table>(
    folders: &Folders,
    seal_bytes: u64,
    limits: RecentLimits,
) -> Result<Repaired<T>, StoreError> {
    remove_temporaries(folders)?;
    let mut found = Found::<T>::default();
    let manifest = manifest(folders, &mut found)?;
    found.runs = manifest.runs.clone();
    let mut recent = Recent::<T>::new(limits);
    let mut waiting = BTreeMap::new();
    let mut last = None;
    for id in folders.segments()? {
        if manifest.is_sealed(id) {
            durable::remove_if_there(&folders.segment(id))?;
            continue;
        }
        let mut began = None;
        let path = folders.segment(id);
        let contents = segment::read::<T>(&path, u64::MAX, |_, items| {
            found.hot_items += items.len() as u64;
            for item in items {
                began.get_or_insert(T::times(&item).1);
                T::note(&item, &mut found.runs);
                recent.push(item);
            }
        })?;
        let bad_bytes = contents.bad_bytes_inside + contents.bad_bytes_behind;
        found.dropped_bytes += bad_bytes;
        let Some(began) = began else {
            retire(folders, id, bad_bytes);
            continue;
        };
        found.hot_segments += 1;
        let file = cut(&path, contents.good_bytes)?;
        waiting.insert(id, contents.good_bytes);
        let sound = contents.bad_bytes_inside == 0 && contents.good_bytes < seal_bytes;
        let (good_bytes, health) = (contents.good_bytes, Health::Sound);
        last = sound.then_some(Active { id, path, file, good_bytes, began, health });
    }
    // The newest segment grows on where it ended, so that restarts make no small files.
    let active =
        last.filter(|active| waiting.last_key_value().is_some_and(|(&id, _)| id == active.id));
    if let Some(active) = &active {
        waiting.remove(&active.id);
    }
    look_at_sealed(folders, &manifest, &mut found, &mut recent)?;
    found.recent = recent.finish();
    let next_segment = next_segment(folders, &manifest)?;
    Ok(Repaired { found, manifest, active, waiting, next_segment })
}

/// Deletes a segment that counts no longer; one with damage is kept aside for an engineer.
pub(crate) fn retire(folders: &Folders, id: u64, bad_bytes: u64) {
    let path = folders.segment(id);
    let done = if bad_bytes > 0 {
        let aside = folders.damaged.join(format!("{id:08}.arrows"));
        fs::rename(&path, &aside).map_err(|e| StoreError::io("move aside", &path, e))
    } else {
        durable::remove_if_there(&path)
    };
    // Readers and the next start go by the manifest: what is left takes space, no more.
    if let Err(error) = done {
        tracing::warn!(%error, "a segment that counts no longer could not be removed");
    }
}

fn remove_temporaries(folders: &Folders) -> Result<(), StoreError> {
    for folder in [&folders.root, &folders.sealed] {
        for name in folders::names(folder)?.iter().filter(|name| name.ends_with(".tmp")) {
            durable::remove_if_there(&folder.join(name))?;
        }
    }
    Ok(())
}

fn manifest<T: Table>(folders: &Folders, found: &mut Found<T>) -> Result<Manifest, StoreError> {
    let path = folders.manifest();
    if let Some(manifest) = Manifest::load(&path)? {
        found.manifest = ManifestOrigin::Read;
        return Ok(manifest);
    }
    let mut manifest = Manifest::default();
    for id in folders.sealed_files()? {
        found.manifest = ManifestOrigin::Rebuilt;
        let path = folders.sealed_file(id);
        match sealed_file::own_entry::<T>(&path, id) {
            Ok((entry, runs)) => manifest = manifest.with(entry, &runs),
            Err(error) => found.damaged.push(Damaged { path, reason: error.to_string() }),
        }
    }
    manifest.save(&path)?;
    Ok(manifest)
}

/// Cuts a segment to its good bytes.
fn cut(path: &Path, good_bytes: u64) -> Result<File, StoreError> {
    let cut = |e| StoreError::io("cut back", path, e);
    let file = File::options().read(true).write(true).open(path).map_err(cut)?;
    if file.metadata().map_err(cut)?.len() != good_bytes {
        file.set_len(good_bytes).map_err(cut)?;
    }
    // Also where nothing was cut: what is read here will be acknowledged by its range, so it
    // must not be in the page cache alone.
    file.sync_all().map_err(cut)?;
    Ok(file)
}

fn look_at_sealed<T: Table>(
    folders: &Folders,
    manifest: &Manifest,
    found: &mut Found<T>,
    recent: &mut Recent<T>,
) -> Result<(), StoreError> {
    for entry in manifest.files.iter().rev() {
        let path = folders.sealed_file(entry.segment);
        let looked = sealed_file::glance::<T>(&path, entry.bytes).and_then(|()| {
            if recent.wants(entry.span.last_received()) {
                sealed_file::read::<T>(&path, |item| recent.push(item))?;
            }
            Ok(())
        });
        match looked {
            Ok(()) => found.sealed_files += 1,
            Err(error) => found.damaged.push(Damaged { path, reason: error.to_string() }),
        }
    }
    for name in folders::names(&folders.sealed)? {
        let id = number_of(&name, ".parquet");
        // Sealed but not adopted when the server ended: its segment is there and is sealed anew.
        let expected = id.is_some_and(|id| manifest.is_sealed(id) || folders.segment(id).is_file());
        let path = folders.sealed.join(&name);
        let known = found.damaged.iter().any(|damaged| damaged.path == path);
        if !expected && !known {
            found.damaged.push(Damaged::stranger(path));
        }
    }
    Ok(())
}

fn next_segment(folders: &Folders, manifest: &Manifest) -> Result<u64, StoreError> {
    let on_disk = folders.segments()?.into_iter().chain(folders.sealed_files()?);
    let sealed = manifest.files.iter().map(|file| file.segment);
    Ok(on_disk.chain(sealed).max().unwrap_or(0) + 1)
}

/// How much of the newest a start hands out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RecentLimits {
    micros: i64,
    items_max: usize,
}

impl RecentLimits {
    pub(crate) fn new(span: Duration, items_max: usize) -> Self {
        Self { micros: i64::try_from(span.as_micros()).unwrap_or(i64::MAX), items_max }
    }
}

/// The newest items, within a span of time and a number.
struct Recent<T: Table> {
    limits: RecentLimits,
    newest: WallTime,
    items: Vec<T::Item>,
}

impl<T: Table> Recent<T> {
    fn new(limits: RecentLimits) -> Self {
        Self { limits, newest: WallTime(i64::MIN), items: Vec::new() }
    }

    fn wants(&self, received: WallTime) -> bool {
        received >= self.newest.plus_micros(-self.limits.micros)
    }

    fn push(&mut self, item: T::Item) {
        let (_, received_at) = T::times(&item);
        self.newest = self.newest.max(received_at);
        if self.wants(received_at) {
            self.items.push(item);
        }
        // Thinned out when twice too long, so that the work stays in proportion.
        if self.items.len() > self.limits.items_max.saturating_mul(2).max(1) {
            self.thin();
        }
    }

    fn thin(&mut self) {
        let oldest = self.newest.plus_micros(-self.limits.micros);
        self.items.retain(|item| T::times(item).1 >= oldest);
        self.items.sort_by_cached_key(|item| (T::times(item).1, T::order(item)));
        let mut named = BTreeSet::new();
        // From the newest back, so that of each name the last revision stays.
        let is_last = |item: &T::Item| T::key(item).is_none_or(|key| named.insert(key));
        let mut last: Vec<bool> = self.items.iter().rev().map(is_last).collect();
        self.items.retain(|_| last.pop().unwrap_or(true));
        let surplus = self.items.len().saturating_sub(self.limits.items_max);
        self.items.drain(..surplus);
    }

    fn finish(mut self) -> Vec<T::Item> {
        self.thin();
        self.items
    }
}
