//! A store with seconds as a test wants them.

use std::fs;
use std::path::Path;
use std::time::Duration;

use protocol::Block;
use store::{Store, StoreOptions, StoredBlock};
use vitals::{
    Absence, Activity, ActivityTransducer, Bpm, BridgeId, DeviceId, DeviceTick, EpisodeId, Flags,
    HeartTransducer, Movement, Quality, Reading, Second, Transducers, WallTime,
};

/// 2026-11-25 23:50:20 in Tokyo.
pub const START: i64 = 1_795_618_220_000_000;
/// The episode, and another that ends in the same digits.
pub const EPISODE: &str = "0123456789abcdef0123456789abcdef";
pub const OTHER: &str = "00000000000000000000000000aacdef";
pub const NO_SIGNAL: Reading<Bpm> = Reading::Absent(Absence::Blank);

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

    /// Stores one second of a run, with the time it took to come.
    pub fn second(&mut self, of: &Of, second: u64, content: Second, took_ms: i64) {
        self.store.append(&[of.block(second, content, took_ms)]).unwrap();
    }

    /// Seals what is hot.
    pub fn seal(&mut self) {
        let job = self.store.seal_due(WallTime(START).plus_micros(7_200_000_000)).unwrap();
        self.store.adopt(job.run().unwrap()).unwrap();
    }

    /// How many sealed files there are.
    pub fn sealed(&self) -> usize {
        fs::read_dir(self.path().join("store/sealed")).unwrap().count()
    }
}

/// Whose seconds.
pub struct Of {
    pub device: &'static str,
    pub episode: &'static str,
}

/// The usual one.
pub const BED: Of = Of { device: "bed-1", episode: EPISODE };

impl Of {
    fn block(&self, second: u64, content: Second, took_ms: i64) -> StoredBlock {
        let at = WallTime(START).plus_micros(i64::try_from(second).unwrap() * 1_000_000);
        let block = Block {
            device: DeviceId::new(self.device).unwrap(),
            epoch: 1,
            seq: second,
            episode: EpisodeId::from_u128(u128::from_str_radix(self.episode, 16).unwrap()),
            tick: DeviceTick(second * 4),
            at,
            built_at: at.plus_micros(1_100_000),
            second: content,
        };
        let checksum = Block::checksum_of(&block.to_bytes()).unwrap();
        let received_at = block.built_at.plus_micros(took_ms * 1_000);
        StoredBlock { bridge: BridgeId::new("clinic-a").unwrap(), received_at, block, checksum }
    }
}

/// A rate in bpm, of good quality.
pub fn rate(bpm: f64) -> Reading<Bpm> {
    rated(bpm, Quality::Good)
}

pub fn rated(bpm: f64, quality: Quality) -> Reading<Bpm> {
    Reading::Measured { value: Bpm::from_quarters((4.0 * bpm).round() as u16).unwrap(), quality }
}

/// A second of one fetus, with toco.
pub fn single(fhr: Reading<Bpm>, ua: f64) -> Second {
    let value = Activity::from_halves((2.0 * ua).round() as u8);
    Second {
        fhr1: [fhr; 4],
        fhr2: [Reading::Absent(Absence::NoTransducer); 4],
        mhr: [Reading::Absent(Absence::NoTransducer); 4],
        ua: [Reading::Measured { value, quality: Quality::Unrated }; 4],
        movement: [Movement::NONE; 4],
        transducers: Transducers {
            fhr1: HeartTransducer::Ultrasound,
            fhr2: HeartTransducer::None,
            mhr: HeartTransducer::None,
            ua: ActivityTransducer::External,
        },
        flags: Flags::MOVEMENT_PROFILE,
    }
}

/// A second of twins and their mother, with toco.
pub fn twins(fhr: [[Reading<Bpm>; 4]; 2], mhr: f64, ua: f64) -> Second {
    let single = single(NO_SIGNAL, ua);
    Second {
        fhr1: fhr[0],
        fhr2: fhr[1],
        mhr: [rate(mhr); 4],
        transducers: Transducers {
            fhr2: HeartTransducer::Ultrasound,
            mhr: HeartTransducer::MaternalEcg,
            ..single.transducers
        },
        ..single
    }
}
