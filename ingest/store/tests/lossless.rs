//! Rows give back the bytes that the bridge sent, hot and sealed.

#![allow(clippy::unwrap_used, reason = "a helper that fails shall fail its test")]

mod support;

use arrow::array::AsArray;
use arrow::datatypes::UInt16Type;
use store::{BadRows, Store, StoreOptions, blocks_from_rows, rows_from_blocks};
use support::{after, all, block, keyed, run, seal_all, small};
use vitals::{DeviceTick, WallTime};

#[test]
fn rows_give_back_the_bytes_that_were_sent() {
    let blocks: Vec<_> = (0..500).map(|seq| block("clinic-a", "bed-1", seq % 3, seq)).collect();
    let back = blocks_from_rows(&rows_from_blocks(&blocks)).unwrap();
    for (sent, back) in blocks.iter().zip(&back) {
        assert_eq!(sent.block.to_bytes(), back.block.to_bytes());
    }
    assert_eq!(blocks, back);
}

#[test]
fn numbers_at_the_ends_of_their_range_come_back() {
    let mut extreme = block("a", "b", u64::MAX, u64::from(u32::MAX)).block;
    extreme.tick = DeviceTick(u64::MAX);
    extreme.at = WallTime(i64::MAX);
    extreme.built_at = WallTime(i64::MIN);
    let blocks = [support::received("a", extreme, WallTime(i64::MAX))];
    assert_eq!(blocks_from_rows(&rows_from_blocks(&blocks)).unwrap(), blocks);
}

#[test]
fn a_lost_signal_is_null_and_never_zero() {
    let blocks = run("bed-1", 0, 200);
    let rows = rows_from_blocks(&blocks);
    let fhr1 = rows.column_by_name("fhr1_quarters").unwrap().as_primitive::<UInt16Type>();
    let absent: usize = blocks
        .iter()
        .flat_map(|stored| stored.block.second.fhr1)
        .filter(|reading| reading.value().is_none())
        .count();
    assert!(absent > 0);
    assert_eq!(fhr1.iter().filter(Option::is_none).count(), absent);
    assert!(fhr1.iter().flatten().all(|quarters| quarters > 0));
}

#[test]
fn a_changed_value_is_noticed() {
    let rows = rows_from_blocks(&run("bed-1", 0, 2));
    let other = rows_from_blocks(&run("bed-2", 0, 2));
    let index = rows.schema().index_of("mhr_quarters").unwrap();
    let mut columns = rows.columns().to_vec();
    columns[index..index + 3].clone_from_slice(&other.columns()[index..index + 3]);
    let mixed = arrow::array::RecordBatch::try_new(rows.schema(), columns).unwrap();
    assert!(matches!(blocks_from_rows(&mixed), Err(BadRows::Checksum { row: 0, .. })));
}

#[test]
fn hot_and_sealed_hold_the_same_blocks() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = Store::open(dir.path(), small()).unwrap();
    let mut blocks = Vec::new();
    for seq in 0..300 {
        let batch = [
            block("clinic-b", "bed-1", 7, seq),
            block("clinic-a", "bed-2", 1, seq),
            block("clinic-a", "bed-1", 1, seq),
        ];
        store.append(&batch).unwrap();
        blocks.extend(batch);
    }
    assert_eq!(all(dir.path()), keyed(&blocks), "hot");
    assert_eq!(seal_all(&mut store, after(301)), 1);
    assert_eq!(all(dir.path()), keyed(&blocks), "sealed");
    assert_eq!(store.hot_bytes(), 0);
    let last = [block("clinic-a", "bed-1", 1, 300)];
    store.append(&last).unwrap();
    blocks.extend(last);
    assert_eq!(all(dir.path()), keyed(&blocks), "both");
}

#[test]
fn a_sealed_file_is_sorted_and_small() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = Store::open(dir.path(), small()).unwrap();
    for seq in (0..600).rev() {
        store.append(&[block("b", "bed-2", 1, seq), block("b", "bed-1", 1, seq)]).unwrap();
    }
    seal_all(&mut store, after(6000));
    let snapshot = store::Snapshot::open(dir.path()).unwrap();
    let [file] = snapshot.sealed.as_slice() else { panic!("one file") };
    assert_eq!(file.rows, 2 * 600 * 4);
    file.verify().unwrap();
    let rows = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(
        std::fs::File::open(&file.path).unwrap(),
    );
    let blocks: Vec<_> = rows
        .unwrap()
        .build()
        .unwrap()
        .flat_map(|rows| blocks_from_rows(&rows.unwrap()).unwrap())
        .collect();
    assert!(blocks.is_sorted_by_key(support::key));
    // These blocks are noise; 130 bytes each is what the wire takes.
    assert!(file.bytes < 2 * 600 * 130, "{} bytes", file.bytes);
}

#[test]
fn a_segment_is_rotated_by_age_and_by_size() {
    let dir = tempfile::tempdir().unwrap();
    let options = StoreOptions { seal_bytes: 100_000, ..StoreOptions::default() };
    let (mut store, _) = Store::open(dir.path(), options).unwrap();
    store.append(&run("bed-1", 0, 10)).unwrap();
    assert!(store.seal_due(after(800)).is_none(), "neither old nor large");
    let job = store.seal_due(after(1_000)).expect("older than fifteen minutes");
    assert!(store.seal_due(after(5_000)).is_none(), "one job at a time");
    store.append(&run("bed-1", 10, 500)).unwrap();
    store.adopt(job.run().unwrap()).unwrap();
    let job = store.seal_due(after(501)).expect("larger than 100 kB");
    drop(job);
    assert!(store.seal_due(after(502)).is_none(), "a dropped job rests");
    let job = store.seal_due(after(540)).expect("and is offered again");
    store.adopt(job.run().unwrap()).unwrap();
    assert_eq!(all(dir.path()), keyed(&run("bed-1", 0, 500)));
}

#[test]
fn a_block_that_is_not_what_its_bridge_sent_is_refused_with_its_whole_batch() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = Store::open(dir.path(), StoreOptions::default()).unwrap();
    let mut batch = run("bed-1", 0, 3);
    batch[2].checksum ^= 1;
    let error = store.append(&batch).unwrap_err();
    assert!(matches!(error, store::StoreError::Checksum { index: 2, .. }), "{error}");
    assert!(all(dir.path()).is_empty());
}
