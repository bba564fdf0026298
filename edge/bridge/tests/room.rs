//! A room with one monitor on a pseudo-terminal and the real `ubugoe-bridge`, end to end.

#![expect(clippy::unwrap_used, reason = "a test may panic, and says where")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use protocol::Block;
use rustix::process::{Pid, Signal, kill_process};
use vitals::Absence;

use monitor::{Monitor, second_of};
use region::Region;

#[path = "room/monitor.rs"]
mod monitor;
#[path = "room/region.rs"]
mod region;

struct Room {
    folder: tempfile::TempDir,
    region: Region,
}

impl Room {
    fn new() -> Self {
        let room = Self { folder: tempfile::tempdir().unwrap(), region: Region::start() };
        room.configure(&room.region.address.to_string());
        room
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn configure(&self, server: &str) {
        let (data, port) = (self.path("data"), self.path("port"));
        let text = format!(
            "data = {data:?}\nserver = {server:?}\nfacility = \"試験\"\n\
             [[monitor]]\ndevice = \"bed-1\"\nbed = \"1\"\nport = {port:?}\n"
        );
        fs::write(self.path("bridge.toml"), text).unwrap();
    }

    fn command(&self, verb: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ubugoe-bridge"));
        command.arg(verb).arg("--config").arg(self.path("bridge.toml"));
        command
    }

    fn enroll(&self, token: &str, more: &[&str]) -> Output {
        self.command("enroll").args(["--token", token]).args(more).output().unwrap()
    }

    fn start(&self) -> Bridge {
        let ready = self.path("ready.json");
        fs::remove_file(&ready).unwrap_or_default();
        let log = fs::OpenOptions::new().create(true).append(true).open(self.path("log")).unwrap();
        let child = self.command("run").arg("--ready-file").arg(&ready).stderr(log).spawn();
        let mut bridge = Bridge { child: child.unwrap() };
        until("the bridge is ready", || {
            assert!(bridge.child.try_wait().unwrap().is_none(), "{}", self.log());
            ready.exists()
        });
        bridge
    }

    fn log(&self) -> String {
        fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    /// All blocks that the region has, run by run.
    fn blocks(&self) -> Vec<Block> {
        self.region.stored.lock().unwrap().values().flatten().copied().collect()
    }

    /// The counts that the monitor said and the region has, in the region's order.
    fn counts(&self) -> Vec<u64> {
        let rate = |block: &Block| block.second.fhr1[0].value();
        self.blocks().iter().filter_map(rate).map(|rate| u64::from(rate.quarters()) - 200).collect()
    }
}

struct Bridge {
    child: Child,
}

impl Bridge {
    fn stop(mut self) {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, Signal::TERM).unwrap();
        assert!(self.child.wait().unwrap().success());
    }

    /// Memory that is resident, in MiB.
    fn rss_mib(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        // After `stop` and `kill` there is nothing left to end, and that is well.
        self.child.kill().unwrap_or_default();
    }
}

fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(30), "not in 30 s: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.clone(), output.stderr.clone()].concat()).into_owned()
}

#[test]
fn a_token_gives_a_private_identity_and_a_second_needs_replace() {
    let room = Room::new();
    let run = room.command("run").output().unwrap();
    assert_eq!(run.status.code(), Some(1));
    assert!(said(&run).contains("ubugoe-bridge enroll"), "{}", said(&run));

    let output = room.enroll(&room.region.token(), &[]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("clinic-1"));
    let identity = room.path("data/identity");
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(identity.join("key.pem")), mode(identity.clone())), (0o600, 0o700));

    let key = fs::read(identity.join("key.pem")).unwrap();
    let output = room.enroll(&room.region.token(), &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("--replace"), "{}", said(&output));
    assert_eq!(fs::read(identity.join("key.pem")).unwrap(), key);
    let output = room.enroll(&room.region.token(), &["--replace"]);
    assert!(output.status.success(), "{}", said(&output));
    assert_ne!(fs::read(identity.join("key.pem")).unwrap(), key);
    assert_eq!(fs::read(room.path("data/identity.old/key.pem")).unwrap(), key);
}

#[test]
fn a_token_of_another_region_or_a_mistyped_one_leaves_no_identity() {
    let (room, other) = (Room::new(), Region::start());
    let output = room.enroll(&other.token(), &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("region"), "{}", said(&output));
    assert!(!room.path("data/identity").exists());

    let output = room.enroll(&room.region.token()[..40], &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("copy it again"), "{}", said(&output));
}

#[test]
fn every_second_arrives_through_kills_and_a_region_that_goes() {
    let mut room = Room::new();
    assert!(room.enroll(&room.region.token(), &[]).status.success());
    let monitor = Monitor::plug_in(&room.path("port"), 0);
    let bridge = room.start();
    until("the first seconds", || room.counts().len() >= 10);
    assert_eq!(room.blocks()[3].second, second_of(room.counts()[3]), "bit for bit");

    room.region.go();
    let gone_at = monitor.said();
    until("seconds without a region", || monitor.said() > gone_at + 20);
    bridge.kill();
    let bridge = room.start();
    let killed_at = monitor.said();
    until("seconds after the kill", || monitor.said() > killed_at + 60);
    room.region.come();
    let back_at = monitor.said();
    until("all of them", || room.counts().last().is_some_and(|last| *last >= back_at));
    let rss = bridge.rss_mib();
    assert!(rss < 30, "{rss} MiB resident, a small box has little more");
    bridge.stop();

    let counts = room.counts();
    assert!(counts.is_sorted_by(|a, b| a < b), "in order, none twice: {counts:?}");
    let missing = counts.last().unwrap() - counts[0] + 1 - counts.len() as u64;
    // The bridge was away for a moment, and asks who the monitor is before it says go.
    assert!(missing < 20, "{missing} are missing: {counts:?}\n{}", room.log());
    let runs = room.region.stored.lock().unwrap().len();
    assert_eq!(runs, 2, "one run for each start");
    let episodes: std::collections::BTreeSet<_> =
        room.blocks().iter().map(|block| block.episode).collect();
    assert_eq!(episodes.len(), 1, "a restart goes on with the episode");
}

#[test]
fn a_pulled_cable_is_said_and_the_strip_goes_on_when_it_is_back() {
    let room = Room::new();
    assert!(room.enroll(&room.region.token(), &[]).status.success());
    let monitor = Monitor::plug_in(&room.path("port"), 0);
    let bridge = room.start();
    until("the first seconds", || room.counts().len() >= 2);
    drop(monitor);
    let lost = |block: &Block| block.second.fhr1[0].absence() == Some(Absence::PortLost);
    until("seconds that name the port", || room.blocks().iter().filter(|b| lost(b)).count() >= 2);
    let before = room.counts().len();
    let monitor = Monitor::plug_in(&room.path("port"), 500);
    until("seconds after it is back", || room.counts().len() > before + 2);
    assert!(room.counts().last().unwrap() >= &500);
    bridge.stop();
    drop(monitor);
}

#[test]
fn an_expired_certificate_is_named_with_its_dates_and_what_to_do() {
    let room = Room::new();
    let key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::default();
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2021, 1, 1);
    let certificate = params.self_signed(&key).unwrap().der().to_vec();
    let pkcs8 = rustls::pki_types::PrivatePkcs8KeyDer::from(key.serialize_der());
    let data = room.path("data");
    let bridge = bridge::quic::BRIDGE;
    let store = credentials::Identity::store;
    store(bridge, &data, "clinic-1", &certificate, &certificate, &pkcs8).unwrap();

    let text = said(&room.command("check").output().unwrap());
    assert!(text.contains("2021-01-01") && text.contains("enroll --replace"), "{text}");
    let bridge = room.start();
    until("a word in the log", || room.log().contains("2021-01-01"));
    bridge.stop();
    // What has expired is of no use to anybody: no --replace is needed.
    let output = room.enroll(&room.region.token(), &[]);
    assert!(output.status.success(), "{}", said(&output));
}

#[test]
fn check_says_what_is_well_and_what_to_do() {
    let mut room = Room::new();
    let output = room.command("check").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = said(&output);
    assert!(text.contains("WRONG  identity") && text.contains("enroll"), "{text}");
    assert!(text.contains("WRONG  bed-1") && text.contains("plug the adapter in"), "{text}");

    assert!(room.enroll(&room.region.token(), &[]).status.success());
    let monitor = Monitor::plug_in(&room.path("port"), 0);
    let output = room.command("check").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));

    let bridge = room.start();
    until("the port is taken", || room.log().contains("port open"));
    let text = said(&room.command("check").output().unwrap());
    assert!(text.contains("in use by another program"), "{text}");
    let second = room.command("run").stdout(Stdio::null()).output().unwrap();
    assert_eq!(second.status.code(), Some(1));
    assert!(said(&second).contains("another bridge runs"), "{}", said(&second));
    bridge.stop();
    drop(monitor);

    let other = Region::start();
    room.configure(&other.address.to_string());
    let text = said(&room.command("check").output().unwrap());
    assert!(text.contains("not the region this bridge is enrolled with"), "{text}");
    room.configure("127.0.0.1:9");
    room.region.go();
    let text = said(&room.command("check").output().unwrap());
    assert!(text.contains("does not answer"), "{text}");
}
