//! What the region promises when its disk is full: everything acknowledged is kept, bridges
//! are told in words, and when there is space again it goes on by itself.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use protocol::link::{Frame, Progress, RefusalCode};

use store::{Store, StoreOptions};

use crate::analyses::{Analyst, close_code, enrolled, finding};
use crate::region::{self, Bridge, Region, block, device};

/// A small disk in memory; only root may make one.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let path = tempfile::tempdir().unwrap().keep();
        let mount = ["-t", "tmpfs", "-o", "size=4m", "tmpfs"];
        let mounted = Command::new("mount").args(mount).arg(&path).status();
        if mounted.is_ok_and(|status| status.success()) {
            return Some(Self(path));
        }
        eprintln!("not run: a small disk can be mounted by root only");
        fs::remove_dir(path).unwrap();
        None
    }

    fn fill(&self) -> PathBuf {
        let path = self.0.join("filler");
        let mut file = File::create(&path).unwrap();
        while file.write_all(&[0; 4096]).is_ok() {}
        path
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg("-l").arg(&self.0).status();
        assert!(unmounted.unwrap().success());
        fs::remove_dir(&self.0).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_loses_nothing_and_heals_by_itself() {
    let Some(disk) = SmallDisk::mount() else { return };
    let region = Region::start_in(tempfile::tempdir_in(&disk.0).unwrap()).await;
    let mut bridge = region.enrolled_bridge("clinic-a").await;
    bridge.hello(&[]).await;
    for seq in 0..5 {
        bridge.send(&block(1, seq)).await;
    }
    bridge.acked(1, 5).await;

    let filler = disk.fill();
    for seq in 5..205 {
        bridge.send(&block(1, seq)).await;
    }
    let mut acked = 5;
    let refusal = loop {
        match bridge.next().await {
            Frame::Ack(ack) => acked = ack.stored[0].next,
            Frame::Refusal(refusal) => break refusal,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(refusal.code, RefusalCode::Unavailable);
    assert!(acked < 205, "200 blocks were acknowledged on a full disk");
    assert_refused(&region, &bridge, acked).await;
    assert_eq!(stored(region.data()), acked);

    fs::remove_file(filler).unwrap();
    let mut again = welcomed(&region, &bridge, acked).await;
    for seq in acked..205 {
        again.send(&block(1, seq)).await;
    }
    again.acked(1, 205).await;
    let data = region.stop().await;
    assert_eq!(stored(data.path()), 205);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_walls_saw_of_an_analysis_is_on_the_disk_when_it_works_again() {
    let Some(disk) = SmallDisk::mount() else { return };
    let region = Region::start_in(tempfile::tempdir_in(&disk.0).unwrap()).await;
    let mut bridge = region.enrolled_bridge("clinic-a").await;
    bridge.hello(&[]).await;
    let identity = enrolled(&region, "watch-1");
    let mut analyst = Analyst::connect(&region, &identity).await;
    analyst.until(|known| known.sets == 1 && known.tracks.len() == 1).await;
    let track = analyst.known.tracks["bed-1"];

    let filler = disk.fill();
    let mut id = 0;
    while id < 10_000 && analyst.try_publish(track, &finding(id % 200 + 1, id as u32)).await {
        id += 1;
    }
    assert_eq!(close_code(&analyst.line.closed().await), RefusalCode::Unavailable as u64);
    fs::remove_file(filler).unwrap();
    welcomed(&region, &bridge, 0).await;
    let mut again = Analyst::connect(&region, &identity).await;
    again.until(|known| known.sets == 1).await;
    let shown = again.known.revisions();
    assert!(!shown.is_empty(), "some were taken before the disk failed");
    let data = region.stop().await;
    let (_, found) = Store::open(&data.path().join("store"), StoreOptions::default()).unwrap();
    let mut kept: Vec<_> = found
        .records
        .iter()
        .map(|record| (record.publication.id, record.publication.revision))
        .collect();
    kept.sort_unstable();
    assert_eq!(kept, shown);
}

fn stored(data: &Path) -> u64 {
    region::count_blocks(data)
}

async fn assert_refused(region: &Region, bridge: &Bridge, next: u64) {
    let mut later = Bridge::connect(region, Some(&bridge.identity)).await;
    let Frame::Refusal(refusal) = later.hello(&[owed(next)]).await else { panic!("let in") };
    assert_eq!(refusal.code, RefusalCode::Unavailable);
    assert!(refusal.text.contains("cannot write to its disk"), "{}", refusal.text);
}

/// A bridge comes back until it is welcome, as its back-off makes it.
async fn welcomed(region: &Region, bridge: &Bridge, next: u64) -> Bridge {
    for _ in 0..100 {
        let mut later = Bridge::connect(region, Some(&bridge.identity)).await;
        if let Frame::Welcome(welcome) = later.hello(&[owed(next)]).await {
            assert!(welcome.stored[0].next >= next);
            return later;
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    panic!("the region did not heal");
}

fn owed(next: u64) -> Progress {
    Progress { device: device(), epoch: 1, next }
}
