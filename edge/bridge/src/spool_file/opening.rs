//! Reading a whole spool at the start: what is owed, what came last, what is damaged.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::path::Path;

use protocol::Block;
use uplink::{BlockName, LastBlock, OwedRun, Past, is_silence};
use vitals::DeviceId;

use super::segment::{Found, HEADER, HEADER_BYTES, RECORD_HEADER_BYTES, Records};
use super::{Loss, Segment, SpoolError, failed};

/// Bytes of a record with a name of usual length, to guess how many a damage held.
const RECORD_BYTES_USUAL: usize = RECORD_HEADER_BYTES + 108;

/// What was read so far.
#[derive(Default)]
pub(super) struct Opening {
    last: BTreeMap<DeviceId, LastBlock>,
    owed: BTreeMap<(DeviceId, u64), OwedRun>,
    losses: Vec<Loss>,
}

impl Opening {
    /// Reads a segment and cuts off a torn end; hands each block to `each`.
    pub(super) fn read_segment(
        &mut self,
        path: &Path,
        mut each: impl FnMut(&Block),
    ) -> Result<Segment, SpoolError> {
        let bytes = fs::read(path).map_err(failed("read", path))?;
        let mut segment = Segment { bytes: bytes.len() as u64, ..Segment::default() };
        let mut records_lost = 0;
        let begin = if bytes.starts_with(&HEADER) { HEADER_BYTES } else { 0 };
        for found in Records::new(&bytes[begin..]) {
            match found {
                Found::Record { at, block } => match Block::decode(block) {
                    Ok(block) => {
                        segment.note(&name_of(&block));
                        self.note(&block, records_lost);
                        each(&block);
                    }
                    // Whole as a record and yet no block: another version wrote it.
                    Err(error) => {
                        tracing::error!(%error, path = %path.display(), at, "a spooled block cannot be read");
                        records_lost += 1;
                    }
                },
                Found::Damage { at, bytes } => {
                    let records = bytes.div_ceil(RECORD_BYTES_USUAL) as u64;
                    records_lost += records;
                    let (path, at) = (path.to_owned(), begin + at);
                    self.losses.push(Loss::Damage { path, at, bytes, records });
                }
                Found::Tail { at, bytes } => {
                    let file = OpenOptions::new().write(true).open(path);
                    let keep = (begin + at) as u64;
                    file.and_then(|file| file.set_len(keep)).map_err(failed("cut", path))?;
                    segment.bytes = keep;
                    self.losses.push(Loss::Tail { path: path.to_owned(), bytes });
                }
            }
        }
        Ok(segment)
    }

    pub(super) fn finish(self) -> (Past, Vec<Loss>) {
        let past = Past {
            last: self.last.into_values().collect(),
            owed: self.owed.into_values().collect(),
        };
        (past, self.losses)
    }

    fn note(&mut self, block: &Block, records_lost: u64) {
        let (device, episode, tick, at) = (block.device, block.episode, block.tick, block.at);
        let heard = self.last.get(&device).map(|last| last.heard);
        let heard = heard.filter(|_| is_silence(&block.second)).unwrap_or(at);
        self.last.insert(device, LastBlock { device, episode, tick, at, heard });

        // What was lost before the first block of a run may have been of this run. The region
        // knows what it has; what it lacks is then sent as lost, and not left out.
        let from = block.seq.saturating_sub(records_lost);
        let run = self.owed.entry((device, block.epoch)).or_insert(OwedRun {
            device,
            epoch: block.epoch,
            from,
            end: 0,
            episode,
            tick,
            at,
        });
        if block.seq >= run.end {
            (run.end, run.episode, run.tick, run.at) = (block.seq + 1, episode, tick, at);
        }
    }
}

/// The numbers of all segments in a folder, rising.
pub(super) fn segment_ids(folder: &Path) -> Result<Vec<u64>, SpoolError> {
    let mut ids = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed("list", folder))? {
        let name = entry.map_err(failed("list", folder))?.file_name();
        let number = name.to_str().and_then(|name| name.strip_suffix(".spool"));
        ids.extend(number.and_then(|number| number.parse::<u64>().ok()));
    }
    ids.sort_unstable();
    Ok(ids)
}

fn name_of(block: &Block) -> BlockName {
    BlockName { device: block.device, epoch: block.epoch, seq: block.seq }
}
