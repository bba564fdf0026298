//! A store that the real writer wrote.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use protocol::Block;
use store::{Store, StoreOptions, StoredBlock};
use vitals::{
    Absence, Activity, ActivityTransducer, Bpm, BridgeId, DeviceId, DeviceTick, EpisodeId, Flags,
    HeartTransducer, Movement, Quality, Reading, Second, Transducers, WallTime,
};

/// 2026-01-01T00:00:00Z.
const START: i64 = 1_767_225_600_000_000;
/// The one episode.
pub const EPISODE: &str = "0123456789abcdef0123456789abcdef";

/// A store in a folder of its own.
pub struct Stored {
    folder: tempfile::TempDir,
    store: Store,
}

impl Stored {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options =
            StoreOptions { seal_after: Duration::from_secs(60), ..StoreOptions::default() };
        let store = Store::open(&folder.path().join("store"), options).unwrap().0;
        Self { folder, store }
    }

    /// The data directory.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Stores seconds of one run of a bridge, whose count begins with the first of them.
    pub fn append(&mut self, device: &str, epoch: u64, seconds: Range<u64>, twins: bool) {
        let first = match epoch {
            1 => 0,
            _ => seconds.start,
        };
        for second in seconds {
            self.store.append(&[block(device, epoch, second, first, twins)]).unwrap();
        }
    }

    /// Seals what is hot; the sealed file.
    pub fn seal(&mut self) -> PathBuf {
        let job = self.store.seal_due(WallTime(START).plus_micros(3_600_000_000)).unwrap();
        self.store.adopt(job.run().unwrap()).unwrap();
        let sealed = fs::read_dir(self.path().join("store/sealed")).unwrap();
        sealed.map(|entry| entry.unwrap().path()).next().unwrap()
    }
}

fn block(device: &str, epoch: u64, second: u64, first: u64, twins: bool) -> StoredBlock {
    let at = WallTime(START).plus_micros(i64::try_from(second).unwrap() * 1_000_000);
    let measured = |quarters| {
        let value = Bpm::from_quarters(quarters).unwrap();
        [Reading::Measured { value, quality: Quality::Good }; 4]
    };
    let activity = Activity::from_halves(20);
    let content = Second {
        fhr1: measured(560),
        fhr2: if twins { measured(600) } else { [Reading::Absent(Absence::NoTransducer); 4] },
        mhr: [Reading::Absent(Absence::NoTransducer); 4],
        ua: [Reading::Measured { value: activity, quality: Quality::Unrated }; 4],
        movement: [Movement::NONE; 4],
        transducers: Transducers {
            fhr1: HeartTransducer::Ultrasound,
            fhr2: if twins { HeartTransducer::Ultrasound } else { HeartTransducer::None },
            mhr: HeartTransducer::None,
            ua: ActivityTransducer::IntraUterine,
        },
        flags: Flags::NONE,
    };
    let block = Block {
        device: DeviceId::new(device).unwrap(),
        epoch,
        seq: second - first,
        episode: EpisodeId::from_u128(u128::from_str_radix(EPISODE, 16).unwrap()),
        tick: DeviceTick((second - first) * 4),
        at,
        built_at: at.plus_micros(1_100_000),
        second: content,
    };
    let checksum = Block::checksum_of(&block.to_bytes()).unwrap();
    let received_at = at.plus_micros(1_125_500);
    StoredBlock { bridge: BridgeId::new("clinic-a").unwrap(), received_at, block, checksum }
}
