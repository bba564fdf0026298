//! One sample's whole way, told as a test: from the cable to the wall and to the query.
//!
//! A real recording is played by a virtual monitor on a pseudo-terminal, as Series 50 frames.
//! The real bridge reads the port, the real server stores and feeds a wall. Every sample must
//! come out of SQL bit for bit and out of the wall's feed in order; then again while bridge
//! and server are killed at random moments.

use std::time::Duration;

use anyhow::Context;
use promises::{PASSWORD, Stage, USER, recordings, until};
use protocol::block::Block;
use protocol::feed::{FeedFrame, Watch};
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use vitals::{Absence, Reading, Second};
use ward::source::{AtEnd, ParquetRecordings, Source};
use ward::viewer::Login;

/// A record with losses and artefacts in it. Any other would do.
const RECORD: &str = "1001";
/// So many recorded seconds pass in one.
const SPEED: &str = "60";
/// Played so fast, a recording's times run ahead of the clock by its length; the bridge would
/// take more than this for a clock that was put back, and begin a new episode.
const AHEAD_MINUTES: i64 = 24 * 60;

/// What the strip shows of one tick: quarter bpm and half units, or nothing.
type Tick = (Option<u16>, Option<u16>);

#[test]
fn every_sample_comes_out_of_the_query_bit_for_bit_and_out_of_the_feed_in_order()
-> anyhow::Result<()> {
    let Some(folder) = recordings("ctu_uhb") else { return Ok(()) };
    let played = seconds_of(&folder)?;
    let stage = Stage::new()?;
    let bridge = stage.bridge("clinic", "bed-1")?;
    bridge.set("episode_gap_minutes", AHEAD_MINUTES)?;
    let feed = Feed::open(&stage)?;
    let folder = folder.display().to_string();
    let monitor = stage.monitor(
        "bed-1",
        "",
        &["--recordings", &folder, "--record", RECORD, "--speed", SPEED],
    )?;
    let bridge = bridge.start(&stage.binaries)?;

    stage.heard(played.len() as u64, Duration::from_secs(240))?;
    let expected: Vec<Tick> = played.iter().flat_map(ticks_of).collect();
    let stored = stored_ticks(&stage)?;
    assert_eq!(stored.len(), expected.len());
    assert_eq!(first_difference(&stored, &expected), None, "stored, played");

    let shown = feed.close()?;
    let in_order = shown.windows(2).all(|pair| pair[0].0 < pair[1].0);
    assert!(in_order, "the feed's blocks do not rise");
    let shown: Vec<Tick> =
        shown.iter().filter(|(_, s)| was_heard(s)).flat_map(|(_, s)| ticks_of(s)).collect();
    assert_eq!(shown.len(), expected.len(), "the wall's feed");
    assert_eq!(first_difference(&shown, &expected), None, "shown, played");

    bridge.stop()?;
    monitor.stop()
}

#[test]
fn killing_the_server_at_random_moments_loses_nothing_and_stores_nothing_twice()
-> anyhow::Result<()> {
    let Some(folder) = recordings("ctu_uhb") else { return Ok(()) };
    let played = seconds_of(&folder)?;
    let mut chance = seeded();
    let mut stage = Stage::new()?;
    let bridge = stage.bridge("clinic", "bed-1")?;
    bridge.set("episode_gap_minutes", AHEAD_MINUTES)?;
    let folder = folder.display().to_string();
    let monitor = stage.monitor(
        "bed-1",
        "",
        &["--recordings", &folder, "--record", RECORD, "--speed", SPEED],
    )?;
    let bridge = bridge.start(&stage.binaries)?;

    for _ in 0..8 {
        std::thread::sleep(Duration::from_millis(chance.random_range(200..4_000)));
        let server = stage.server.take().context("the server runs")?;
        let down = Duration::from_millis(chance.random_range(0..1_500));
        let again = kill_and_restart(&stage, server, down)?;
        stage.server = Some(again);
    }

    stage.heard(played.len() as u64, Duration::from_secs(240))?;
    let expected: Vec<Tick> = played.iter().flat_map(ticks_of).collect();
    let stored = stored_ticks(&stage)?;
    assert_eq!(stored.len(), expected.len(), "stored twice, or lost");
    assert_eq!(first_difference(&stored, &expected), None, "stored, played");
    nothing_is_stored_twice(&stage)?;
    bridge.stop()?;
    monitor.stop()
}

#[test]
fn killing_the_bridge_loses_only_what_was_said_while_it_was_down() -> anyhow::Result<()> {
    const KILLS: usize = 8;
    let Some(folder) = recordings("ctu_uhb") else { return Ok(()) };
    let played = seconds_of(&folder)?;
    let mut chance = seeded();
    let stage = Stage::new()?;
    let folder_of_bridge = stage.bridge("clinic", "bed-1")?;
    folder_of_bridge.set("episode_gap_minutes", AHEAD_MINUTES)?;
    let folder = folder.display().to_string();
    // At eight seconds a second, what one kill may cost is counted in tens.
    let speed = 8;
    let monitor = stage.monitor(
        "bed-1",
        "",
        &["--recordings", &folder, "--record", RECORD, "--speed", &speed.to_string()],
    )?;
    let mut bridge = folder_of_bridge.start(&stage.binaries)?;
    let mut down = Duration::ZERO;
    for _ in 0..KILLS {
        std::thread::sleep(Duration::from_millis(chance.random_range(1_000..4_000)));
        let killed = std::time::Instant::now();
        bridge.kill()?;
        bridge = folder_of_bridge.start(&stage.binaries)?;
        down += killed.elapsed();
    }
    std::thread::sleep(Duration::from_secs(3));
    monitor.stop()?;
    let last = until("the last block", Duration::from_secs(20), || {
        let before = stored_ticks(&stage)?;
        std::thread::sleep(Duration::from_millis(500));
        let after = stored_ticks(&stage)?;
        Ok((before.len() == after.len()).then_some(after))
    })?;

    nothing_is_stored_twice(&stage)?;
    let expected: Vec<Vec<Tick>> = played.iter().map(|s| ticks_of(s).collect()).collect();
    let stored: Vec<Vec<Tick>> = last.chunks(4).map(<[Tick]>::to_vec).collect();
    let reached = reached_in_order(&stored, &expected).context("a second that was never said")?;
    let missing = reached - stored.len();
    // Down, handshaking again, and the frame that was cut: three seconds a kill at most.
    let excused = (down.as_secs_f64() * f64::from(speed)) as usize + KILLS * 3 * speed as usize;
    assert!(missing <= excused, "{missing} of {reached} seconds are missing, {excused} excused");
    assert!(stored.len() > 40, "only {} seconds came through", stored.len());
    bridge.stop()
}

/// Kills a server, waits, and starts it on the same data and addresses.
fn kill_and_restart(
    stage: &Stage,
    server: ward::region::Server,
    down: Duration,
) -> anyhow::Result<ward::region::Server> {
    let address = server.address();
    server.process.kill()?;
    std::thread::sleep(down);
    address.start(&stage.binaries)
}

/// The place of the first tick that differs, and the two ticks there.
fn first_difference(one: &[Tick], other: &[Tick]) -> Option<(usize, Tick, Tick)> {
    let at = one.iter().zip(other).position(|(one, other)| one != other)?;
    Some((at, one[at], other[at]))
}

fn seeded() -> SmallRng {
    let seed = std::env::var("UBUGOE_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(4711);
    println!("seed {seed}; set UBUGOE_SEED to try another");
    SmallRng::seed_from_u64(seed)
}

fn seconds_of(folder: &std::path::Path) -> anyhow::Result<Vec<Second>> {
    let mut recording = ParquetRecordings::open(folder)?.read(RECORD, AtEnd::Stop)?;
    Ok(std::iter::from_fn(|| recording.next_second()).collect())
}

fn ticks_of(second: &Second) -> impl Iterator<Item = Tick> + use<> {
    let second = *second;
    (0..4).map(move |tick| {
        let rate = second.fhr1[tick].value().map(vitals::Bpm::quarters);
        (rate, second.ua[tick].value().map(|activity| u16::from(activity.halves())))
    })
}

/// Whether the device itself said this second; the others are the bridge's own absences.
fn was_heard(second: &Second) -> bool {
    !matches!(
        second.fhr1[0],
        Reading::Absent(
            Absence::DeviceSilent
                | Absence::PortLost
                | Absence::DamagedFrame
                | Absence::SpoolDamaged
        )
    )
}

fn stored_ticks(stage: &Stage) -> anyhow::Result<Vec<Tick>> {
    let rows = stage.sql(
        "SELECT CAST(fhr1_bpm * 4 AS INT) AS fhr1, CAST(ua * 2 AS INT) AS ua FROM samples \
         WHERE fhr1_absence IS NULL OR fhr1_absence IN ('blank', 'no transducer', 'inoperative') \
         ORDER BY at",
    )?;
    let number = |value: &serde_json::Value| value.as_u64().and_then(|n| u16::try_from(n).ok());
    Ok(rows.iter().map(|row| (number(&row["fhr1"]), number(&row["ua"]))).collect())
}

fn nothing_is_stored_twice(stage: &Stage) -> anyhow::Result<()> {
    let blocks = stage.number("SELECT count(*) FROM blocks")?;
    let different =
        stage.number("SELECT count(DISTINCT concat(device, '/', epoch, '/', seq)) FROM blocks")?;
    assert_eq!(blocks, different, "a block is stored twice");
    let samples = stage.number("SELECT count(*) FROM samples")?;
    assert_eq!(samples, blocks * 4);
    Ok(())
}

/// How far into `said` the seconds of `stored` reach, all found in their order.
fn reached_in_order(stored: &[Vec<Tick>], said: &[Vec<Tick>]) -> Option<usize> {
    stored.iter().try_fold(0, |from, second| {
        said[from..].iter().position(|candidate| candidate == second).map(|at| from + at + 1)
    })
}

/// A wall's feed, read by a thread of its own.
struct Feed {
    stop: tokio::sync::watch::Sender<bool>,
    reader: std::thread::JoinHandle<anyhow::Result<Shown>>,
}

/// Blocks by epoch and sequence, in the order in which they came.
type Shown = Vec<((u64, u64), Second)>;

impl Feed {
    fn open(stage: &Stage) -> anyhow::Result<Self> {
        let web = stage.running().web.clone();
        let (stop, mut stopped) = tokio::sync::watch::channel(false);
        let (ready, is_ready) = std::sync::mpsc::sync_channel(1);
        let reader = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let login = Login::at(&web, USER, PASSWORD).await?;
                let watch = Watch { history_seconds: 0, tracks: Vec::new() };
                let mut viewer = login.watch(&watch).await?;
                ready.send(()).context("the test waits for this")?;
                let mut shown = Vec::new();
                loop {
                    let frame = tokio::select! {
                        frame = viewer.next_frame() => frame?,
                        _ = stopped.wait_for(|stopped| *stopped) => return Ok(shown),
                    };
                    let frame = frame.context("the server closed the feed")?;
                    if let FeedFrame::Blocks { entries, .. } = FeedFrame::decode(&frame)? {
                        for entry in entries {
                            let block = Block::decode(entry.block)?;
                            shown.push(((block.epoch, block.seq), block.second));
                        }
                    }
                }
            })
        });
        is_ready.recv_timeout(Duration::from_secs(20)).context("opening the feed")?;
        Ok(Self { stop, reader })
    }

    fn close(self) -> anyhow::Result<Shown> {
        self.stop.send_replace(true);
        self.reader.join().map_err(|_| anyhow::anyhow!("the feed's reader panicked"))?
    }
}
