//! The stage on which the promises between the rooms are tried.
//!
//! A [`Stage`] is a folder with the real binaries in it: one server, bridges, virtual monitors
//! on pseudo-terminals. The promises themselves are the test files beside this one, each named
//! after what it holds; start with `sample_path.rs`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use ward::region::{self, Binaries, BridgeFolder, MonitorPort, Process, Server, output_of};

/// The account of every stage.
pub const USER: &str = "tester";
/// Its password.
pub const PASSWORD: &str = "a stage is not a hospital";

/// A server and what belongs to it, in a folder that goes when the test ends.
pub struct Stage {
    /// The programs.
    pub binaries: Binaries,
    /// The server, while it runs.
    pub server: Option<Server>,
    folder: tempfile::TempDir,
    server_data: PathBuf,
}

impl Stage {
    /// A stage with a running server and one account.
    ///
    /// # Errors
    ///
    /// Where a program is missing or does not come up.
    pub fn new() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let server_data = folder.path().join("server");
        Self::on(folder, server_data, None)
    }

    /// A stage whose programs log at a given level, such as `debug`.
    ///
    /// # Errors
    ///
    /// As [`Stage::new`].
    pub fn with_log_level(level: &str) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let server_data = folder.path().join("server");
        Self::on(folder, server_data, Some(level.to_owned()))
    }

    /// A stage whose server keeps its data in a given folder.
    ///
    /// # Errors
    ///
    /// As [`Stage::new`].
    pub fn with_server_data(server_data: &Path) -> anyhow::Result<Self> {
        Self::on(tempfile::tempdir()?, server_data.to_owned(), None)
    }

    fn on(
        folder: tempfile::TempDir,
        server_data: PathBuf,
        log: Option<String>,
    ) -> anyhow::Result<Self> {
        let binaries = Binaries { log, ..Binaries::beside_this_one()? };
        let server = Server::start(&binaries, &server_data, "127.0.0.1:0", "127.0.0.1:0")?;
        region::add_user(&binaries, &server_data, USER, PASSWORD)?;
        Ok(Self { binaries, server: Some(server), folder, server_data })
    }

    /// The stage's folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The server's data folder.
    #[must_use]
    pub fn server_data(&self) -> &Path {
        &self.server_data
    }

    /// The running server.
    ///
    /// # Panics
    ///
    /// Where the test has stopped it.
    #[must_use]
    pub fn running(&self) -> &Server {
        self.server.as_ref().expect("the test has stopped the server")
    }

    /// Where a monitor's port is, by the monitor's name.
    #[must_use]
    pub fn port(&self, name: &str) -> PathBuf {
        self.folder.path().join("ports").join(name)
    }

    /// Writes and enrols a bridge with one monitor on [`Stage::port`] of the same name.
    ///
    /// # Errors
    ///
    /// Where the region refuses it.
    pub fn bridge(&self, name: &str, device: &str) -> anyhow::Result<BridgeFolder> {
        let folder = self.bridge_folder(name, device)?;
        let tokens = region::invite(&self.binaries, &self.server_data, &[name.to_owned()])?;
        folder.enroll(&self.binaries, self.running().bridges, &tokens[0])?;
        Ok(folder)
    }

    /// Writes a bridge with one monitor, not enrolled.
    ///
    /// # Errors
    ///
    /// Where the folder cannot be written.
    pub fn bridge_folder(&self, name: &str, device: &str) -> anyhow::Result<BridgeFolder> {
        let monitor = MonitorPort {
            device: device.to_owned(),
            bed: format!("床 {device}"),
            port: self.port(device),
        };
        let path = self.folder.path().join("bridges").join(name);
        BridgeFolder::write(&path, self.running().bridges, "試験施設", "clinic", &[monitor])
    }

    /// Starts a virtual monitor; `arguments` are those of `ubugoe-ward play`.
    ///
    /// # Errors
    ///
    /// Where it does not make its port.
    pub fn monitor(
        &self,
        device: &str,
        scenario: &str,
        arguments: &[&str],
    ) -> anyhow::Result<Process> {
        let port = self.port(device);
        let ports = port.parent().context("a port lies in a folder")?;
        std::fs::create_dir_all(ports)?;
        let monitor = if scenario.is_empty() {
            port.display().to_string()
        } else {
            format!("{}={scenario}", port.display())
        };
        let mut command = Command::new(&self.binaries.ward);
        command.args(["play", "--monitor", &monitor]).args(arguments);
        let log = self.folder.path().join(format!("{device}.log"));
        let process = Process::start("ubugoe-ward play", &mut command, &log)?;
        until("the monitor's port", Duration::from_secs(10), || Ok(port.exists().then_some(())))?;
        Ok(process)
    }

    /// Asks the store, and gives one object a row.
    ///
    /// # Errors
    ///
    /// What `ubugoe-outcome` says.
    pub fn sql(&self, question: &str) -> anyhow::Result<Vec<serde_json::Value>> {
        let mut command = Command::new(&self.binaries.outcome);
        command.args(["sql", question, "--format", "json", "--data"]).arg(&self.server_data);
        let text = output_of(&mut command, b"")?;
        text.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
    }

    /// Asks the store for one number.
    ///
    /// # Errors
    ///
    /// What `ubugoe-outcome` says, or that the answer is not one number.
    pub fn number(&self, question: &str) -> anyhow::Result<u64> {
        let rows = self.sql(question)?;
        ensure!(rows.len() == 1, "{} rows for {question}", rows.len());
        let row = rows[0].as_object().context("a row is an object")?;
        let value = row.values().next().context("a row has a column")?;
        value.as_u64().with_context(|| format!("{value} is not a number"))
    }

    /// Waits until the store holds at least so many blocks with a heard heart rate.
    ///
    /// # Errors
    ///
    /// Where it does not, in the given time.
    pub fn heard(&self, blocks: u64, patience: Duration) -> anyhow::Result<()> {
        until(&format!("{blocks} blocks in the store"), patience, || {
            Ok((self.number(HEARD)? >= blocks).then_some(()))
        })
    }
}

/// Seconds in which the device itself was heard, whatever it said.
const HEARD: &str = "SELECT count(*) / 4 FROM samples WHERE fhr1_absence IS NULL \
    OR fhr1_absence IN ('blank', 'no transducer', 'inoperative')";

/// Looks again and again until something is there.
///
/// # Errors
///
/// Where it is not, in the given time.
pub fn until<T>(
    what: &str,
    patience: Duration,
    mut look: impl FnMut() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<T> {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(found) = look()? {
            return Ok(found);
        }
        ensure!(Instant::now() < deadline, "{what}: not in {patience:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A folder of the recordings beside the checkout, or `None` with a word about it.
#[must_use]
pub fn recordings(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data").join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: {} is not there", folder.display());
    None
}
