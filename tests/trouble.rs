//! Trouble at every joint: what was good is kept, and somebody is told what to do.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, ensure};
use promises::{Stage, until};
use rustix::process::Signal;
use ward::region::{self, output_of};

const SOON: Duration = Duration::from_secs(20);

#[test]
fn a_pulled_cable_is_named_and_the_strip_goes_on_when_it_is_back() -> anyhow::Result<()> {
    let stage = Stage::new()?;
    let bridge = stage.bridge("clinic", "bed-1")?;
    let monitor = stage.monitor("bed-1", "reassuring", &[])?;
    let bridge = bridge.start(&stage.binaries)?;
    stage.heard(2, SOON)?;

    monitor.stop()?;
    until("absent seconds that name the port", SOON, || absent(&stage, "port lost", 2))?;
    let monitor = stage.monitor("bed-1", "reassuring", &[])?;
    let before = stage.number(HEARD_SECONDS)?;
    until("heard seconds after the cable is back", SOON, || {
        Ok((stage.number(HEARD_SECONDS)? >= before + 2).then_some(()))
    })?;
    assert_eq!(stage.number("SELECT count(DISTINCT episode) FROM episodes")?, 1);
    bridge.stop()?;
    monitor.stop()
}

#[test]
fn a_silent_monitor_is_told_from_a_pulled_cable() -> anyhow::Result<()> {
    let stage = Stage::new()?;
    let bridge = stage.bridge("clinic", "bed-1")?;
    let monitor = stage.monitor("bed-1", "reassuring", &[])?;
    let bridge = bridge.start(&stage.binaries)?;
    stage.heard(2, SOON)?;
    monitor.signal(Signal::STOP)?;
    until("absent seconds that name the device", SOON, || absent(&stage, "device silent", 2))?;
    assert_eq!(stage.number(&absent_seconds("port lost"))?, 0);
    monitor.signal(Signal::CONT)?;
    bridge.stop()?;
    monitor.stop()
}

#[test]
fn damaged_frames_cost_their_second_and_no_other() -> anyhow::Result<()> {
    let stage = Stage::new()?;
    let bridge = stage.bridge("clinic", "bed-1")?;
    let monitor = stage.monitor("bed-1", "reassuring", &["--damage-every", "3"])?;
    let bridge = bridge.start(&stage.binaries)?;
    stage.heard(16, Duration::from_secs(60))?;
    // A frame whose very start was hit is noise to the bridge: its second is missing, not damaged.
    let damaged = stage.number(&absent_seconds("damaged frame"))?;
    let missing = stage.number(&absent_seconds("device silent"))?;
    let heard = stage.number(HEARD_SECONDS)?;
    assert!(damaged > missing, "{damaged} damaged, {missing} missing");
    // One frame in three is damaged: one absent second for every two that were heard.
    let absent = damaged + missing;
    assert!(absent.abs_diff(heard / 2) <= 1, "{absent} absent among {heard} heard");
    bridge.stop()?;
    monitor.stop()
}

#[test]
fn ten_minutes_without_a_server_arrive_afterwards() -> anyhow::Result<()> {
    let mut stage = Stage::new()?;
    let bridge = stage.bridge("clinic", "bed-1")?;
    let server = stage.server.take().context("the server runs")?;
    let address = server.address();
    server.process.stop()?;
    let monitor = stage.monitor("bed-1", "late-decelerations", &["--speed", "60"])?;
    let bridge = bridge.start(&stage.binaries)?;
    // Ten minutes of recording pass in ten seconds.
    std::thread::sleep(Duration::from_secs(11));
    stage.server = Some(address.start(&stage.binaries)?);
    stage.heard(600, Duration::from_secs(60))?;
    nothing_is_missing(&stage)?;
    bridge.stop()?;
    monitor.stop()
}

#[test]
fn a_full_disk_at_the_region_stops_acknowledgements_and_loses_nothing() -> anyhow::Result<()> {
    let Some(disk) = SmallDisk::mount(8 << 20)? else { return Ok(()) };
    let stage = Stage::with_server_data(&disk.path().join("server"))?;
    let bridge = stage.bridge("clinic", "bed-1")?;
    let monitor = stage.monitor("bed-1", "reassuring", &["--speed", "20"])?;
    let bridge = bridge.start(&stage.binaries)?;
    stage.heard(20, SOON)?;

    let filler = disk.fill()?;
    let log = stage.server_data().join("server.log");
    until("a word about the full disk", SOON, || {
        let text = fs::read_to_string(&log)?;
        Ok((text.contains("full") || text.contains("No space left")).then_some(()))
    })?;
    std::thread::sleep(Duration::from_secs(2));
    fs::remove_file(filler)?;
    let stored = stage.number(HEARD_SECONDS)?;
    stage.heard(stored + 60, Duration::from_secs(60))?;
    nothing_is_missing(&stage)?;
    bridge.stop()?;
    monitor.stop()
}

#[test]
fn a_full_disk_at_the_bridge_is_said_and_the_strip_goes_on_live() -> anyhow::Result<()> {
    let Some(disk) = SmallDisk::mount(1 << 20)? else { return Ok(()) };
    let stage = Stage::new()?;
    let folder = stage.bridge("clinic", "bed-1")?;
    // The same bridge, with its data on the small disk.
    let small = disk.path().join("data");
    output_of(Command::new("cp").arg("-a").arg(folder.path.join("data")).arg(&small), b"")?;
    let config = fs::read_to_string(&folder.config)?;
    let old = folder.path.join("data").display().to_string();
    fs::write(&folder.config, config.replace(&old, &small.display().to_string()))?;
    let filler = disk.fill()?;

    let monitor = stage.monitor("bed-1", "reassuring", &["--speed", "10"])?;
    let bridge = folder.start(&stage.binaries)?;
    stage.heard(40, SOON)?;
    let log = fs::read_to_string(folder.path.join("bridge.log"))?;
    assert!(log.contains("full") || log.contains("No space left"), "the log is silent:\n{log}");
    fs::remove_file(filler)?;
    stage.heard(100, SOON)?;
    nothing_is_missing(&stage)?;
    bridge.stop()?;
    monitor.stop()
}

#[test]
fn a_bridge_that_is_not_enrolled_is_told_how() -> anyhow::Result<()> {
    let stage = Stage::new()?;
    let folder = stage.bridge_folder("stranger", "bed-1")?;
    let said = refusal_of(
        Command::new(&stage.binaries.bridge).args(["run", "--config"]).arg(&folder.config),
    )?;
    assert!(said.contains("enroll"), "{said}");
    Ok(())
}

#[test]
fn a_token_works_once() -> anyhow::Result<()> {
    let stage = Stage::new()?;
    let tokens = region::invite(&stage.binaries, stage.server_data(), &["one".to_owned()])?;
    let first = stage.bridge_folder("one", "bed-1")?;
    first.enroll(&stage.binaries, stage.running().bridges, &tokens[0])?;
    let second = stage.bridge_folder("two", "bed-1")?;
    let refused = second.enroll(&stage.binaries, stage.running().bridges, &tokens[0]);
    let said = format!("{:#}", refused.err().context("the token worked twice")?);
    assert!(said.contains("token"), "{said}");
    Ok(())
}

#[test]
fn another_regions_bridge_is_refused_and_says_so() -> anyhow::Result<()> {
    let one = Stage::new()?;
    let other = Stage::new()?;
    let folder = one.bridge("clinic", "bed-1")?;
    let config = fs::read_to_string(&folder.config)?;
    let wrong = other.running().bridges.to_string();
    fs::write(&folder.config, config.replace(&one.running().bridges.to_string(), &wrong))?;
    let mut check = Command::new(&one.binaries.bridge);
    let output = check.args(["check", "--config"]).arg(&folder.config).output()?;
    assert!(!output.status.success(), "the check is content with another region");
    let said = String::from_utf8_lossy(&output.stdout).to_lowercase();
    assert!(said.contains("region") || said.contains("certificate"), "{said}");
    Ok(())
}

#[test]
fn an_unknown_key_is_named_with_its_file() -> anyhow::Result<()> {
    let stage = Stage::new()?;
    let folder = stage.bridge("clinic", "bed-1")?;
    let config = fs::read_to_string(&folder.config)?;
    fs::write(&folder.config, format!("colour = \"blue\"\n{config}"))?;
    let mut command = Command::new(&stage.binaries.bridge);
    let said = refusal_of(command.args(["run", "--config"]).arg(&folder.config))?;
    assert!(said.contains("colour") && said.contains("bridge.toml"), "{said}");
    Ok(())
}

#[test]
fn a_recording_that_is_not_one_is_named() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("signals.parquet"), "not columns at all")?;
    let binaries = region::Binaries::beside_this_one()?;
    let mut command = Command::new(&binaries.ward);
    command.args(["play", "--recordings"]).arg(folder.path());
    let port = folder.path().join("port").display().to_string();
    let said = refusal_of(command.args(["--monitor", &port]))?;
    assert!(said.contains("signals.parquet") && said.contains("Parquet"), "{said}");
    Ok(())
}

const HEARD_SECONDS: &str = "SELECT count(*) / 4 FROM samples WHERE fhr1_absence IS NULL \
    OR fhr1_absence IN ('blank', 'no transducer', 'inoperative')";

fn absent_seconds(reason: &str) -> String {
    format!("SELECT count(*) / 4 FROM samples WHERE fhr1_absence = '{reason}'")
}

fn absent(stage: &Stage, reason: &str, seconds: u64) -> anyhow::Result<Option<()>> {
    Ok((stage.number(&absent_seconds(reason))? >= seconds).then_some(()))
}

/// Every device's blocks count up without a hole and without a repetition.
fn nothing_is_missing(stage: &Stage) -> anyhow::Result<()> {
    let rows = stage.sql(
        "SELECT device, epoch, count(*) AS blocks, count(DISTINCT seq) AS names, \
         max(seq) + 1 AS next FROM blocks GROUP BY device, epoch",
    )?;
    ensure!(!rows.is_empty(), "the store is empty");
    for row in rows {
        ensure!(row["blocks"] == row["names"] && row["blocks"] == row["next"], "{row}");
    }
    Ok(())
}

/// Runs a command that must fail, and gives all it said.
fn refusal_of(command: &mut Command) -> anyhow::Result<String> {
    let output = command.output().with_context(|| format!("{command:?}"))?;
    ensure!(!output.status.success(), "{command:?} succeeded");
    let said = [output.stdout, output.stderr].concat();
    Ok(String::from_utf8_lossy(&said).into_owned())
}

/// A file system in memory that is soon full.
struct SmallDisk {
    folder: tempfile::TempDir,
}

impl SmallDisk {
    fn mount(bytes: usize) -> anyhow::Result<Option<Self>> {
        let folder = tempfile::tempdir()?;
        let size = format!("size={bytes}");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(folder.path())
            .output();
        match mounted {
            Ok(output) if output.status.success() => Ok(Some(Self { folder })),
            _ => {
                eprintln!("skipped: a tmpfs cannot be mounted here");
                Ok(None)
            }
        }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Fills it to the last byte; removing the file makes room again.
    fn fill(&self) -> anyhow::Result<PathBuf> {
        let path = self.path().join("filler");
        let mut chunk = 64 << 10;
        let mut file = fs::File::create(&path)?;
        while chunk > 0 {
            if std::io::Write::write_all(&mut file, &vec![0; chunk]).is_err() {
                chunk /= 2;
            }
        }
        Ok(path)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg("-l").arg(self.folder.path()).status();
        if !unmounted.is_ok_and(|status| status.success()) {
            eprintln!("{} stays mounted", self.folder.path().display());
        }
    }
}
