//! What a start finds, and what it repairs before the first new block.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;

use vitals::WallTime;

use crate::durable;
use crate::error::StoreError;
use crate::folders::{self, Folders, number_of};
use crate::manifest::Manifest;
use crate::ranges::StoredRun;
use crate::reader::Damaged;
use crate::rows::StoredBlock;
use crate::writer::{Active, Health, StoreOptions};
use crate::{sealed_file, segment};

/// What was found on disk at the start.
#[derive(Debug, Default)]
pub struct Recovered {
    /// Everything stored, hot and sealed: drop what arrives of it again.
    pub runs: Vec<StoredRun>,
    /// The newest blocks, oldest first, as far back as [`StoreOptions::recent`] says.
    pub recent: Vec<StoredBlock>,
    /// Bytes of hot segments that are no whole commit: cut off at the end, where a crash
    /// interrupted a commit nobody was told of, or passed over inside.
    pub dropped_bytes: u64,
    /// Hot segments that held blocks.
    pub hot_segments: usize,
    /// Blocks in them.
    pub hot_blocks: u64,
    /// Sealed files that are whole, as far as their ends and footers tell.
    pub sealed_files: usize,
    /// Files that are not what they should be; all others are used.
    pub damaged: Vec<Damaged>,
    /// How the manifest was come by.
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

/// What [`repair`] hands to the store.
pub(crate) struct Repaired {
    pub(crate) report: Recovered,
    pub(crate) manifest: Manifest,
    pub(crate) active: Option<Active>,
    pub(crate) waiting: BTreeMap<u64, u64>,
    pub(crate) next_segment: u64,
}

/// Brings the folder in order and reports; the caller holds the lock.
pub(crate) fn repair(folders: &Folders, options: &StoreOptions) -> Result<Repaired, StoreError> {
    remove_temporaries(folders)?;
    let mut report = Recovered::default();
    let manifest = manifest(folders, &mut report)?;
    let mut runs = manifest.runs.clone();
    let mut recent = Recent::new(options);
    let mut waiting = BTreeMap::new();
    let mut last = None;
    for id in folders.segments()? {
        if manifest.is_sealed(id) {
            durable::remove_if_there(&folders.segment(id))?;
            continue;
        }
        let mut began = None;
        let path = folders.segment(id);
        let contents = segment::read(&path, u64::MAX, |_, blocks| {
            report.hot_blocks += blocks.len() as u64;
            for stored in blocks {
                began.get_or_insert(stored.received_at);
                runs.insert_block(&stored);
                recent.push(stored);
            }
        })?;
        let bad_bytes = contents.bad_bytes_inside + contents.bad_bytes_behind;
        report.dropped_bytes += bad_bytes;
        let Some(began) = began else {
            retire(folders, id, bad_bytes);
            continue;
        };
        report.hot_segments += 1;
        let file = cut(&path, contents.good_bytes)?;
        waiting.insert(id, contents.good_bytes);
        let sound = contents.bad_bytes_inside == 0 && contents.good_bytes < options.seal_bytes;
        last = sound.then_some(Active {
            id,
            path,
            file,
            good_bytes: contents.good_bytes,
            began,
            health: Health::Sound,
        });
    }
    // The newest segment grows on where it ended, so that restarts make no small files.
    let active =
        last.filter(|active| waiting.last_key_value().is_some_and(|(&id, _)| id == active.id));
    if let Some(active) = &active {
        waiting.remove(&active.id);
    }
    look_at_sealed(folders, &manifest, &mut report, &mut recent)?;
    report.runs = runs.to_list();
    report.recent = recent.finish();
    let next_segment = next_segment(folders, &manifest)?;
    Ok(Repaired { report, manifest, active, waiting, next_segment })
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

fn manifest(folders: &Folders, report: &mut Recovered) -> Result<Manifest, StoreError> {
    let path = folders.manifest();
    if let Some(manifest) = Manifest::load(&path)? {
        report.manifest = ManifestOrigin::Read;
        return Ok(manifest);
    }
    let mut manifest = Manifest::default();
    for id in folders.sealed_files()? {
        report.manifest = ManifestOrigin::Rebuilt;
        let path = folders.sealed_file(id);
        match sealed_file::own_entry(&path, id) {
            Ok((entry, runs)) => manifest = manifest.with(entry, &runs),
            Err(error) => report.damaged.push(Damaged { path, reason: error.to_string() }),
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

fn look_at_sealed(
    folders: &Folders,
    manifest: &Manifest,
    report: &mut Recovered,
    recent: &mut Recent,
) -> Result<(), StoreError> {
    for entry in manifest.files.iter().rev() {
        let path = folders.sealed_file(entry.segment);
        let looked = sealed_file::glance(&path, entry.bytes).and_then(|()| {
            if recent.wants(entry.span.last_received()) {
                sealed_file::read(&path, |stored| recent.push(stored))?;
            }
            Ok(())
        });
        match looked {
            Ok(()) => report.sealed_files += 1,
            Err(error) => report.damaged.push(Damaged { path, reason: error.to_string() }),
        }
    }
    for name in folders::names(&folders.sealed)? {
        let id = number_of(&name, ".parquet");
        // Sealed but not adopted when the server ended: its segment is there and is sealed anew.
        let expected = id.is_some_and(|id| manifest.is_sealed(id) || folders.segment(id).is_file());
        let path = folders.sealed.join(&name);
        let known = report.damaged.iter().any(|damaged| damaged.path == path);
        if !expected && !known {
            report.damaged.push(Damaged::stranger(path));
        }
    }
    Ok(())
}

fn next_segment(folders: &Folders, manifest: &Manifest) -> Result<u64, StoreError> {
    let on_disk = folders.segments()?.into_iter().chain(folders.sealed_files()?);
    let sealed = manifest.files.iter().map(|file| file.segment);
    Ok(on_disk.chain(sealed).max().unwrap_or(0) + 1)
}

/// The newest blocks, within a span of time and a number.
struct Recent {
    micros: i64,
    blocks_max: usize,
    newest: WallTime,
    blocks: Vec<StoredBlock>,
}

impl Recent {
    fn new(options: &StoreOptions) -> Self {
        Self {
            micros: i64::try_from(options.recent.as_micros()).unwrap_or(i64::MAX),
            blocks_max: options.recent_blocks_max,
            newest: WallTime(i64::MIN),
            blocks: Vec::new(),
        }
    }

    fn wants(&self, received: WallTime) -> bool {
        received >= self.newest.plus_micros(-self.micros)
    }

    fn push(&mut self, stored: StoredBlock) {
        self.newest = self.newest.max(stored.received_at);
        if self.wants(stored.received_at) {
            self.blocks.push(stored);
        }
        // Thinned out when twice too long, so that the work stays in proportion.
        if self.blocks.len() > self.blocks_max.saturating_mul(2).max(1) {
            self.thin();
        }
    }

    fn thin(&mut self) {
        let oldest = self.newest.plus_micros(-self.micros);
        self.blocks.retain(|stored| stored.received_at >= oldest);
        self.blocks
            .sort_by_key(|stored| (stored.received_at, stored.block.epoch, stored.block.seq));
        let surplus = self.blocks.len().saturating_sub(self.blocks_max);
        self.blocks.drain(..surplus);
    }

    fn finish(mut self) -> Vec<StoredBlock> {
        self.thin();
        self.blocks
    }
}
