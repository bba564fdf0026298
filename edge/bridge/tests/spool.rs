//! The spool file: whatever happens to the bytes, what is whole is kept and the rest is told.

#![expect(clippy::unwrap_used, reason = "a test may panic, and says where")]

use std::fs;
use std::path::{Path, PathBuf};

use bridge::spool_file::{Loss, Opened, SpoolFile};
use protocol::Block;
use uplink::{BlockName, Lookup, StoreRefusal};
use vitals::{
    Absence, Activity, Bpm, DeviceId, DeviceTick, EpisodeId, Quality, Reading, Second, WallTime,
};

const EPOCH: u64 = 1_700_000_000_000_000;
const QUOTA: u64 = 256 << 20;

fn device(number: u64) -> DeviceId {
    DeviceId::new(&format!("bed-{number}")).unwrap()
}

fn block(device_number: u64, epoch: u64, seq: u64) -> Block {
    let mut second = Second::absent(Absence::Blank);
    let value = Bpm::from_quarters(u16::try_from(400 + seq % 400).unwrap()).unwrap();
    second.fhr1 = [Reading::Measured { value, quality: Quality::Good }; 4];
    let value = Activity::from_halves(u8::try_from(seq % 256).unwrap());
    second.ua = [Reading::Measured { value, quality: Quality::Unrated }; 4];
    let at = WallTime(i64::try_from(epoch + seq * 1_000_000).unwrap());
    Block {
        device: device(device_number),
        epoch,
        seq,
        episode: EpisodeId::from_u128(7),
        tick: DeviceTick(4 * seq),
        at,
        built_at: at,
        second,
    }
}

fn name(block: &Block) -> BlockName {
    BlockName { device: block.device, epoch: block.epoch, seq: block.seq }
}

fn append(spool: &mut SpoolFile, block: &Block) -> Result<(), StoreRefusal> {
    spool.append(&name(block), block.at, &block.to_bytes())
}

fn fill(folder: &Path, count: u64) {
    let mut spool = SpoolFile::open(folder, QUOTA).unwrap().spool;
    (0..count).for_each(|seq| append(&mut spool, &block(1, EPOCH, seq)).unwrap());
    // Dropped without a sync, as a killed process is.
}

fn segments(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    paths
}

fn load(spool: &mut SpoolFile, from: u64, end: u64) -> Vec<Option<Vec<u8>>> {
    spool.load(&Lookup { device: device(1), epoch: EPOCH, from, end })
}

#[test]
fn what_was_appended_is_read_back_after_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path(), 300);
    let Opened { mut spool, past, losses } = SpoolFile::open(folder.path(), QUOTA).unwrap();
    assert_eq!(losses, []);
    assert_eq!((past.owed[0].from, past.owed[0].end), (0, 300));
    assert_eq!(past.last[0].at, block(1, EPOCH, 299).at);
    for from in (0..300).step_by(100) {
        let read = load(&mut spool, from, from + 100);
        for (seq, bytes) in (from..).zip(read) {
            assert_eq!(bytes, Some(block(1, EPOCH, seq).to_bytes()), "block {seq}");
        }
    }
}

#[test]
fn a_torn_last_record_is_dropped_and_the_rest_kept() {
    let origin = tempfile::tempdir().unwrap();
    fill(origin.path(), 5);
    let whole = fs::read(&segments(origin.path())[0]).unwrap();
    let record = (whole.len() - 8) / 5;
    for cut in 1..=record {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("0000000000000001.spool");
        fs::write(&path, &whole[..whole.len() - cut]).unwrap();
        let Opened { mut spool, past, losses } = SpoolFile::open(folder.path(), QUOTA).unwrap();
        assert_eq!(past.owed[0].end, 4, "cut by {cut}");
        assert!(load(&mut spool, 0, 4).iter().all(Option::is_some));
        let torn = record - cut;
        assert_eq!(losses.len(), usize::from(torn > 0));
        // What was cut off stays cut off, and new blocks stand behind it.
        append(&mut spool, &block(1, EPOCH + 1, 0)).unwrap();
        let again = SpoolFile::open(folder.path(), QUOTA).unwrap();
        assert_eq!(again.losses, []);
        assert_eq!(again.past.owed.len(), 2);
    }
}

#[test]
fn a_flipped_bit_costs_its_record_and_no_other() {
    let origin = tempfile::tempdir().unwrap();
    fill(origin.path(), 3);
    let whole = fs::read(&segments(origin.path())[0]).unwrap();
    let record = (whole.len() - 8) / 3;
    for at in 8 + record..8 + 2 * record {
        let folder = tempfile::tempdir().unwrap();
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        fs::write(folder.path().join("0000000000000001.spool"), bytes).unwrap();
        let Opened { mut spool, past, losses } = SpoolFile::open(folder.path(), QUOTA).unwrap();
        assert_eq!((past.owed[0].from, past.owed[0].end), (0, 3), "bit at {at}");
        let read: Vec<bool> = load(&mut spool, 0, 3).iter().map(Option::is_some).collect();
        assert_eq!(read, [true, false, true], "bit at {at}");
        assert!(
            matches!(&losses[..], [Loss::Damage { records: 1, bytes, .. }] if *bytes == record),
            "{losses:?}"
        );
    }
}

#[test]
fn a_damaged_first_record_is_still_owed_under_its_name() {
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path(), 3);
    let path = &segments(folder.path())[0];
    let mut bytes = fs::read(path).unwrap();
    bytes[20] ^= 1;
    fs::write(path, bytes).unwrap();
    let Opened { mut spool, past, .. } = SpoolFile::open(folder.path(), QUOTA).unwrap();
    assert_eq!((past.owed[0].from, past.owed[0].end), (0, 3));
    assert_eq!(load(&mut spool, 0, 1), [None]);
}

#[test]
fn a_damaged_header_costs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path(), 3);
    let path = &segments(folder.path())[0];
    let mut bytes = fs::read(path).unwrap();
    bytes[0] ^= 1;
    fs::write(path, bytes).unwrap();
    let Opened { mut spool, past, .. } = SpoolFile::open(folder.path(), QUOTA).unwrap();
    assert_eq!(past.owed[0].end, 3);
    assert!(load(&mut spool, 0, 3).iter().all(Option::is_some));
}

#[test]
fn rubbish_in_the_folder_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path(), 3);
    fs::write(folder.path().join("notes.txt"), "hello").unwrap();
    fs::write(folder.path().join("0000000000000009.spool"), b"").unwrap();
    fs::write(folder.path().join("0000000000000010.spool"), vec![0xff; 5000]).unwrap();
    let opened = SpoolFile::open(folder.path(), QUOTA).unwrap();
    assert_eq!(opened.past.owed[0].end, 3);
    assert!(folder.path().join("notes.txt").exists());
}

#[test]
fn segments_are_deleted_once_everything_in_them_is_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = SpoolFile::open(folder.path(), QUOTA).unwrap().spool;
    for seq in 0..20_000 {
        append(&mut spool, &block(1, EPOCH, seq)).unwrap();
        append(&mut spool, &block(2, EPOCH, seq)).unwrap();
    }
    let count = spool.segment_count();
    assert!(count >= 4, "{count} segments");
    let below = |device_number, seq| BlockName { device: device(device_number), epoch: EPOCH, seq };
    spool.forget(&below(1, 20_000));
    assert_eq!(spool.segment_count(), count, "the other monitor is still owed");
    spool.forget(&below(2, 10_000));
    assert!(spool.segment_count() < count);
    assert!(
        spool
            .load(&Lookup { device: device(2), epoch: EPOCH, from: 10_000, end: 10_010 })
            .iter()
            .all(Option::is_some)
    );
    spool.forget(&below(2, 20_000));
    assert_eq!(spool.segment_count(), 1);
    assert_eq!(segments(folder.path()).len(), 1);
    drop(spool);
    // A restart still knows where each monitor stood.
    let past = SpoolFile::open(folder.path(), QUOTA).unwrap().past;
    assert_eq!(past.last.len(), 2);
    assert_eq!(past.last[0].tick, DeviceTick(4 * 19_999));
}

#[test]
fn a_lookup_finds_its_blocks_among_eight_monitors_in_many_segments() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = SpoolFile::open(folder.path(), QUOTA).unwrap().spool;
    for seq in 0..3_000 {
        (1..=8).for_each(|number| append(&mut spool, &block(number, EPOCH, seq)).unwrap());
    }
    for number in [1, 8] {
        for from in (0..3_000).step_by(125) {
            let lookup = Lookup { device: device(number), epoch: EPOCH, from, end: from + 125 };
            for (seq, bytes) in (from..).zip(spool.load(&lookup)) {
                assert_eq!(bytes, Some(block(number, EPOCH, seq).to_bytes()), "{number} {seq}");
            }
        }
    }
    // Out of turn, too.
    assert!(load(&mut spool, 1_000, 1_100).iter().all(Option::is_some));
    assert_eq!(load(&mut spool, 2_999, 3_001), [Some(block(1, EPOCH, 2_999).to_bytes()), None]);
}

#[test]
fn a_full_spool_refuses_and_takes_again_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = SpoolFile::open(folder.path(), 1 << 20).unwrap().spool;
    let refused =
        (0..).find_map(|seq| append(&mut spool, &block(1, EPOCH, seq)).err().map(|why| (seq, why)));
    let (seq, why) = refused.unwrap();
    assert_eq!(why, StoreRefusal::Quota);
    assert!(seq > 8_000 && spool.bytes() <= 1 << 20, "{seq} blocks, {} bytes", spool.bytes());
    spool.forget(&BlockName { device: device(1), epoch: EPOCH, seq: seq / 2 });
    append(&mut spool, &block(1, EPOCH, seq)).unwrap();
    assert_eq!(load(&mut spool, seq, seq + 1), [Some(block(1, EPOCH, seq).to_bytes())]);
}

#[test]
fn a_full_disk_leaves_no_half_record_and_takes_again_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let mounted = std::process::Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"])
        .arg(folder.path())
        .output();
    if !mounted.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: a tmpfs cannot be mounted here");
        return;
    }
    let told = std::panic::catch_unwind(|| full_disk(folder.path()));
    let unmounted = std::process::Command::new("umount").arg("-l").arg(folder.path()).status();
    assert!(unmounted.unwrap().success());
    told.unwrap();
}

fn full_disk(disk: &Path) {
    let filler = disk.join("filler");
    fs::write(&filler, vec![0; 32 << 10]).unwrap();
    let folder = disk.join("spool");
    let mut spool = SpoolFile::open(&folder, QUOTA).unwrap().spool;
    let refused = (0..1_000)
        .find_map(|seq| append(&mut spool, &block(1, EPOCH, seq)).err().map(|why| (seq, why)));
    let (seq, why) = refused.unwrap();
    assert_eq!(why, StoreRefusal::DiskFull);
    assert!(seq > 50, "{seq} blocks went in");
    assert_eq!(append(&mut spool, &block(1, EPOCH, seq)), Err(StoreRefusal::DiskFull));
    fs::remove_file(filler).unwrap();
    append(&mut spool, &block(1, EPOCH, seq)).unwrap();
    drop(spool);
    let Opened { mut spool, past, losses } = SpoolFile::open(&folder, QUOTA).unwrap();
    assert_eq!((losses, past.owed[0].end), (vec![], seq + 1));
    assert!(load(&mut spool, 0, seq + 1).iter().all(Option::is_some));
}
