//! A crash at any moment loses no acknowledged block and invents none.

#![allow(clippy::unwrap_used, reason = "a helper that fails shall fail its test")]

mod support;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use store::{ManifestOrigin, Snapshot, Store, StoreError, StoreOptions};
use support::{after, all, block, key, keyed, listed, run, seal_all, small};

#[test]
fn a_torn_tail_is_cut_at_any_byte_and_the_rest_kept() {
    let dir = tempfile::tempdir().unwrap();
    let segment = dir.path().join("hot/00000001.arrows");
    let (mut store, _) = Store::open(dir.path(), StoreOptions::default()).unwrap();
    store.append(&run("bed-1", 0, 2)).unwrap();
    let acknowledged = usize::try_from(store.hot_bytes()).unwrap();
    store.append(&run("bed-1", 2, 4)).unwrap();
    drop(store);
    let bytes = fs::read(&segment).unwrap();
    for length in (acknowledged..bytes.len()).step_by(61).chain([bytes.len() - 1]) {
        // Cut, or written over the end with zeros as file systems leave them.
        let cut = bytes[..length].to_vec();
        let mut zeros = cut.clone();
        zeros.resize(bytes.len() + 4096, 0);
        for torn in [cut, zeros] {
            fs::write(&segment, &torn).unwrap();
            let (mut store, found) = Store::open(dir.path(), StoreOptions::default()).unwrap();
            assert_eq!(found.recent, run("bed-1", 0, 2), "cut at {length}");
            assert_eq!(listed(&found.runs).len(), 2);
            assert!(found.dropped_bytes <= (length - acknowledged) as u64);
            assert_eq!(found.dropped_bytes > 0, length > acknowledged, "cut at {length}");
            store.append(&run("bed-1", 2, 4)).unwrap();
            drop(store);
            assert_eq!(all(dir.path()), keyed(&run("bed-1", 0, 4)));
            assert_eq!(fs::read(&segment).unwrap(), bytes, "it grows on in the same segment");
        }
    }
}

#[test]
fn garbage_is_never_taken_for_data_and_what_follows_it_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let segment = dir.path().join("hot/00000001.arrows");
    let (mut store, _) = Store::open(dir.path(), small()).unwrap();
    let mut ends = Vec::new();
    for seq in 0..3 {
        store.append(&run("bed-1", seq, seq + 1)).unwrap();
        ends.push(usize::try_from(store.hot_bytes()).unwrap());
    }
    drop(store);
    let bytes = fs::read(&segment).unwrap();
    let mut random = SmallRng::seed_from_u64(4711);
    for round in 0..300 {
        let mut damaged = bytes.clone();
        let at = random.random_range(ends[0]..ends[1]);
        match round % 3 {
            0 => damaged[at] ^= 1 << random.random_range(0..8),
            1 => random.fill(&mut damaged[at..ends[1]]),
            _ => damaged[at..ends[1]].fill(0),
        }
        if damaged == bytes {
            continue;
        }
        fs::write(&segment, &damaged).unwrap();
        let (store, found) = Store::open(dir.path(), small()).unwrap();
        let keys: Vec<_> = found.recent.iter().map(|stored| stored.block.seq).collect();
        assert_eq!(keys, [0, 2], "seed 4711, round {round}, byte {at}");
        assert_eq!(found.dropped_bytes, (ends[1] - ends[0]) as u64);
        drop(store);
    }
    let (mut store, _) = Store::open(dir.path(), small()).unwrap();
    store.append(&run("bed-1", 3, 4)).unwrap();
    assert_eq!(
        seal_all(&mut store, after(1_000)),
        2,
        "nothing more was written to the damaged one"
    );
    assert_eq!(all(dir.path()).into_values().map(|stored| stored.block.seq).sum::<u64>(), 5);
    assert!(dir.path().join("damaged/00000001.arrows").is_file(), "kept for an engineer");
}

/// The folder as a crash leaves it at one step of sealing.
fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn a_crash_at_each_step_of_sealing_keeps_each_block_once() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = Store::open(dir.path(), small()).unwrap();
    store.append(&run("bed-1", 0, 70)).unwrap();
    let job = store.seal_due(after(100)).unwrap();
    store.append(&run("bed-1", 70, 80)).unwrap();

    let crash = |name: &str| {
        let left = tempfile::tempdir().unwrap();
        copy(dir.path(), left.path());
        (name.to_owned(), left)
    };
    let mut left = vec![crash("rotated")];
    let half = crash("Parquet half written");
    fs::write(half.1.path().join("sealed/00000001.parquet.tmp"), b"PAR1 and then").unwrap();
    left.push(half);
    let sealed = job.run().unwrap();
    left.push(crash("Parquet renamed, manifest old"));
    let manifest = crash("manifest half written");
    fs::write(manifest.1.path().join("manifest.json.tmp"), b"{\"version\":1,").unwrap();
    left.push(manifest);
    let segment = fs::read(dir.path().join("hot/00000001.arrows")).unwrap();
    store.adopt(sealed).unwrap();
    left.push(crash("all done"));
    let undeleted = crash("manifest new, segment not deleted");
    fs::write(undeleted.1.path().join("hot/00000001.arrows"), segment).unwrap();
    left.push(undeleted);
    let no_manifest = crash("manifest lost");
    fs::remove_file(no_manifest.1.path().join("manifest.json")).unwrap();
    left.push(no_manifest);

    let expected = keyed(&run("bed-1", 0, 80));
    for (step, left) in &left {
        if step != "manifest lost" {
            assert_eq!(all(left.path()), expected, "a reader before the repair: {step}");
        }
        let (mut store, found) = Store::open(left.path(), small()).unwrap();
        assert_eq!(listed(&found.runs), expected.keys().cloned().collect::<Vec<_>>(), "{step}");
        assert_eq!(keyed(&found.recent), expected, "{step}");
        assert!(found.damaged.is_empty() && found.dropped_bytes == 0, "{step}: {found:?}");
        assert_eq!(found.manifest == ManifestOrigin::Rebuilt, step == "manifest lost");
        assert_eq!(all(left.path()), expected, "{step}");
        seal_all(&mut store, after(1_000));
        assert_eq!(all(left.path()), expected, "sealed after {step}");
        assert_eq!(fs::read_dir(left.path().join("hot")).unwrap().count(), 0, "{step}");
        drop(store);
        let (_, found) = Store::open(left.path(), small()).unwrap();
        assert_eq!(listed(&found.runs).len(), 80, "{step}");
    }
}

#[test]
fn a_second_writer_is_refused_while_the_first_lives() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = Store::open(dir.path(), small()).unwrap();
    let error = Store::open(dir.path(), small()).unwrap_err();
    assert!(matches!(error, StoreError::Locked { .. }), "{error}");
    drop(store);
    Store::open(dir.path(), small()).unwrap();
}

#[test]
fn damaged_sealed_files_are_named_and_the_others_kept() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = Store::open(dir.path(), small()).unwrap();
    for part in 0..4 {
        store.append(&run("bed-1", part * 10, part * 10 + 10)).unwrap();
        assert_eq!(seal_all(&mut store, after(1_000)), 1);
    }
    drop(store);
    let sealed = dir.path().join("sealed");
    fs::write(sealed.join("00000001.parquet"), "this is a letter").unwrap();
    let cut = fs::read(sealed.join("00000002.parquet")).unwrap();
    fs::write(sealed.join("00000002.parquet"), &cut[..cut.len() / 2]).unwrap();
    fs::remove_file(sealed.join("00000003.parquet")).unwrap();
    fs::write(sealed.join("notes.txt"), "mine").unwrap();

    let names = |damaged: &[store::Damaged]| {
        let mut names: Vec<_> = damaged
            .iter()
            .map(|file| file.path.file_name().unwrap().to_str().unwrap().to_owned())
            .collect();
        names.sort();
        names
    };
    let expected = ["00000001.parquet", "00000002.parquet", "00000003.parquet", "notes.txt"];
    assert_eq!(names(&Snapshot::open(dir.path()).unwrap().damaged), expected);
    assert_eq!(all(dir.path()), keyed(&run("bed-1", 30, 40)));
    let (_, found) = Store::open(dir.path(), small()).unwrap();
    assert_eq!(names(&found.damaged), expected);
    assert!(found.damaged[0].reason.contains("00000003.parquet"), "{:?}", found.damaged);
    assert_eq!(found.sealed_files, 1);
    assert_eq!(listed(&found.runs).len(), 40, "what was acknowledged is not asked for again");
}

#[test]
fn one_flipped_bit_in_a_sealed_file_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = Store::open(dir.path(), small()).unwrap();
    store.append(&run("bed-1", 0, 100)).unwrap();
    seal_all(&mut store, after(1_000));
    let file = Snapshot::open(dir.path()).unwrap().sealed.remove(0);
    file.verify().unwrap();
    let mut bytes = fs::read(&file.path).unwrap();
    let middle = bytes.len() / 3;
    bytes[middle] ^= 4;
    fs::write(&file.path, bytes).unwrap();
    assert!(file.verify().unwrap_err().to_string().contains("checksum"));
}

#[test]
fn a_damaged_manifest_stops_the_start_and_says_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    drop(Store::open(dir.path(), small()).unwrap());
    fs::write(dir.path().join("manifest.json"), "{\"version\": 1, \"gen").unwrap();
    let error = Store::open(dir.path(), small()).unwrap_err().to_string();
    assert!(error.contains("manifest.json") && error.contains("move it away"), "{error}");
    fs::write(dir.path().join("manifest.json"), "{\"version\": 9}").unwrap();
    let error = Store::open(dir.path(), small()).unwrap_err().to_string();
    assert!(error.contains("newer program"), "{error}");
}

#[test]
fn the_recent_past_is_bounded_and_spans_hot_and_sealed() {
    let dir = tempfile::tempdir().unwrap();
    let options = StoreOptions {
        recent: std::time::Duration::from_secs(100),
        recent_blocks_max: 1_000,
        ..small()
    };
    let (mut store, _) = Store::open(dir.path(), options.clone()).unwrap();
    store.append(&run("bed-1", 0, 200)).unwrap();
    seal_all(&mut store, after(1_000));
    store.append(&run("bed-1", 200, 220)).unwrap();
    drop(store);
    let (store, found) = Store::open(dir.path(), options.clone()).unwrap();
    assert_eq!(found.recent, run("bed-1", 119, 220));
    drop(store);
    let fewer = StoreOptions { recent_blocks_max: 30, ..options };
    let (_, found) = Store::open(dir.path(), fewer).unwrap();
    assert_eq!(found.recent, run("bed-1", 190, 220));
}

/// Not a test of its own: the writer that the next test kills.
#[test]
fn writer_to_be_killed() {
    let Ok(dir) = std::env::var("STORE_TEST_WRITER") else { return };
    let options = StoreOptions { seal_bytes: 60_000, ..small() };
    let (mut store, found) = Store::open(Path::new(&dir), options).unwrap();
    let mut next = listed(&found.runs).last().map_or(0, |key| key.3 + 1);
    let mut job = None;
    loop {
        store.append(&run("bed-1", next, next + 3)).unwrap();
        next += 3;
        println!("stored {next}");
        let running = job.get_or_insert_with(|| {
            store.seal_due(after(0)).map(|job| std::thread::spawn(|| job.run().unwrap()))
        });
        match running {
            Some(thread) if thread.is_finished() => {
                let sealed = job.take().flatten().unwrap().join().unwrap();
                store.adopt(sealed).unwrap();
            }
            Some(_) => {}
            None => job = None,
        }
    }
}

#[test]
fn a_writer_killed_at_random_moments_loses_nothing_it_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    let seed = 20_260_101;
    println!("seed {seed}");
    let mut random = SmallRng::seed_from_u64(seed);
    let mut acknowledged = 0;
    for round in 0..12 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "writer_to_be_killed", "--nocapture"])
            .env("STORE_TEST_WRITER", dir.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut left = random.random_range(1..120);
        while left > 0 {
            let line = lines.next().expect("the writer goes on until it is killed").unwrap();
            if let Some((_, next)) = line.split_once("stored ") {
                acknowledged = next.parse::<u64>().unwrap();
                left -= 1;
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        for line in lines.map_while(Result::ok) {
            if let Some(next) = line.strip_prefix("stored ").and_then(|text| text.parse().ok()) {
                acknowledged = next;
            }
        }
        let found = all(dir.path());
        let stored = found.len() as u64;
        assert!(stored >= acknowledged, "seed {seed}, round {round}: {stored} < {acknowledged}");
        assert_eq!(found, keyed(&run("bed-1", 0, stored)), "seed {seed}, round {round}");
    }
    assert!(!Snapshot::open(dir.path()).unwrap().sealed.is_empty(), "some of it was sealed");
}

#[test]
fn a_reader_sees_each_block_once_while_the_server_writes_and_seals() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = Store::open(dir.path(), small()).unwrap();
    let path = dir.path().to_owned();
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let (mut seen, mut rounds) = (0, 0);
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                let found = all(&path);
                assert!(found.len() >= seen, "{} after {seen}", found.len());
                assert_eq!(found.keys().last().map_or(0, |key| key.3 + 1), found.len() as u64);
                seen = found.len();
                rounds += 1;
            }
            rounds
        });
        for part in 0..60 {
            store.append(&run("bed-1", part * 5, part * 5 + 5)).unwrap();
            if part % 3 == 0 {
                seal_all(&mut store, after(100_000));
            }
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(reader.join().unwrap() > 0);
    });
    assert_eq!(all(dir.path()), keyed(&run("bed-1", 0, 300)));
    assert_eq!(key(&block("clinic-a", "bed-1", 1, 299)).3, 299);
}
