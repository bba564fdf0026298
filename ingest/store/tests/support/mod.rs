//! Blocks to store, and ways to look at what is stored.
#![allow(dead_code, reason = "each test file uses its part")]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use protocol::Block;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use store::{Snapshot, Store, StoreOptions, StoredBlock, StoredRun, blocks_from_rows};
use vitals::{
    Absence, Activity, ActivityTransducer, Bpm, BridgeId, DeviceId, DeviceTick, EpisodeId, Flags,
    HeartTransducer, Movement, Quality, Reading, Second, Transducers, WallTime,
};

/// 2026-01-01T00:00:00Z.
pub const START: WallTime = WallTime(1_767_225_600_000_000);

/// The moment so many seconds after [`START`].
pub fn after(seconds: i64) -> WallTime {
    START.plus_micros(seconds * WallTime::MICROS_PER_SECOND)
}

/// Any block that the wire can carry, the same for the same key.
pub fn block(bridge: &str, device: &str, epoch: u64, seq: u64) -> StoredBlock {
    let name = device.bytes().fold(7_u64, |sum, byte| sum.wrapping_mul(31) + u64::from(byte));
    let seed = seq ^ epoch << 40 ^ name << 20;
    let mut random = SmallRng::seed_from_u64(seed);
    let at = after(i64::try_from(seq).unwrap());
    let second = Second {
        fhr1: [(); 4].map(|()| rate(&mut random)),
        fhr2: [(); 4].map(|()| rate(&mut random)),
        mhr: [(); 4].map(|()| rate(&mut random)),
        ua: [(); 4].map(|()| activity(&mut random)),
        movement: [(); 4].map(|()| Movement::from_bits(random.random())),
        transducers: Transducers {
            fhr1: HeartTransducer::Ultrasound,
            fhr2: HeartTransducer::from_code(random.random_range(0..=4)).unwrap(),
            mhr: HeartTransducer::Unknown,
            ua: ActivityTransducer::from_code(random.random_range(0..=2)).unwrap(),
        },
        flags: Flags::from_bits(random.random_range(0..=Flags::KNOWN.bits())).unwrap(),
    };
    let block = Block {
        device: DeviceId::new(device).unwrap(),
        epoch,
        seq,
        episode: EpisodeId::from_u128(
            0xfeed_0000_0000_0000_0000_0000_0000_0000 + u128::from(epoch),
        ),
        tick: DeviceTick(seq * 4 + 3),
        at,
        built_at: at.plus_micros(1_100_000),
        second,
    };
    received(bridge, block, at.plus_micros(1_200_000))
}

/// A block as the region would store it.
pub fn received(bridge: &str, block: Block, received_at: WallTime) -> StoredBlock {
    let checksum = Block::checksum_of(&block.to_bytes()).unwrap();
    StoredBlock { bridge: BridgeId::new(bridge).unwrap(), received_at, block, checksum }
}

fn rate(random: &mut SmallRng) -> Reading<Bpm> {
    match absence(random) {
        Some(why) => Reading::Absent(why),
        None => Reading::Measured {
            value: Bpm::from_quarters(random.random_range(1..=Bpm::QUARTERS_MAX)).unwrap(),
            quality: Quality::from_code(random.random_range(0..=3)).unwrap(),
        },
    }
}

fn activity(random: &mut SmallRng) -> Reading<Activity> {
    match absence(random) {
        Some(why) => Reading::Absent(why),
        None => Reading::Measured {
            value: Activity::from_halves(random.random()),
            quality: Quality::from_code(random.random_range(0..=3)).unwrap(),
        },
    }
}

fn absence(random: &mut SmallRng) -> Option<Absence> {
    if random.random_bool(0.7) { None } else { Absence::from_code(random.random_range(1..=7)) }
}

/// Blocks `from..next` of one device.
pub fn run(device: &str, from: u64, next: u64) -> Vec<StoredBlock> {
    (from..next).map(|seq| block("clinic-a", device, 1, seq)).collect()
}

/// Seals at once what is asked to.
pub fn small() -> StoreOptions {
    StoreOptions { seal_after: Duration::from_secs(60), ..StoreOptions::default() }
}

/// Seals and adopts all that is due; how many segments it were.
pub fn seal_all(store: &mut Store, now: WallTime) -> usize {
    let mut sealed = 0;
    while let Some(job) = store.seal_due(now) {
        store.adopt(job.run().unwrap()).unwrap();
        sealed += 1;
    }
    sealed
}

/// Name of a block.
pub type Key = (String, String, u64, u64);

/// The name of this block.
pub fn key(stored: &StoredBlock) -> Key {
    let block = &stored.block;
    (stored.bridge.to_string(), block.device.to_string(), block.epoch, block.seq)
}

/// Every block that a reader sees; panics where it sees one twice.
pub fn all(dir: &Path) -> BTreeMap<Key, StoredBlock> {
    let snapshot = Snapshot::open(dir).unwrap();
    let mut batches = snapshot.hot;
    for file in &snapshot.sealed {
        let file = std::fs::File::open(&file.path).unwrap();
        let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file);
        batches.extend(reader.unwrap().with_batch_size(4096).build().unwrap().map(Result::unwrap));
    }
    let mut found = BTreeMap::new();
    for stored in batches.iter().flat_map(|rows| blocks_from_rows(rows).unwrap()) {
        assert_eq!(found.insert(key(&stored), stored), None, "a block was found twice");
    }
    found
}

/// The blocks by name.
pub fn keyed(blocks: &[StoredBlock]) -> BTreeMap<Key, StoredBlock> {
    blocks.iter().map(|stored| (key(stored), *stored)).collect()
}

/// The names that the ranges of a start hold.
pub fn listed(runs: &[StoredRun]) -> Vec<Key> {
    let mut keys = Vec::new();
    for run in runs {
        for &(from, next) in &run.ranges {
            let name = |seq| (run.bridge.to_string(), run.device.to_string(), run.epoch, seq);
            keys.extend((from..next).map(name));
        }
    }
    keys.sort();
    keys
}
