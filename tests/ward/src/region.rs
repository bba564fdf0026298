//! The real binaries as child processes: a server, its bridges, and how to stop or kill them.
//!
//! In: a folder. Out: running processes with known addresses, and their logs beside their
//! data. Never: a mock. What a test or the demo starts here is what a hospital starts.

use std::fs::{self, File};
use std::io::Write;
use std::net::SocketAddr;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};
use serde::Deserialize;

/// How long a process may take until it is ready, or until it has stopped when asked to.
const PATIENCE: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(20);

/// The programs of the house, as built beside this one.
#[derive(Clone, Debug)]
pub struct Binaries {
    /// `ubugoe-server`
    pub server: PathBuf,
    /// `ubugoe-bridge`
    pub bridge: PathBuf,
    /// `ubugoe-watch`
    pub watch: PathBuf,
    /// `ubugoe-outcome`
    pub outcome: PathBuf,
    /// `ubugoe-ward`
    pub ward: PathBuf,
    /// What server, bridges and analysis log, such as `debug`; their own default where it is `None`.
    pub log: Option<String>,
}

impl Binaries {
    /// Finds them in the folder of the running program, or of the test's build.
    ///
    /// # Errors
    ///
    /// Names the first that is missing and how to build it.
    pub fn beside_this_one() -> anyhow::Result<Self> {
        let exe = std::env::current_exe().context("the path of the running program")?;
        let folder = exe
            .ancestors()
            .skip(1)
            .find(|folder| !folder.ends_with("deps"))
            .context("the running program lies in no folder")?;
        let find = |name: &str| -> anyhow::Result<PathBuf> {
            let path = folder.join(name);
            ensure!(
                path.is_file(),
                "{} is missing; build it with `cargo build --workspace --bins`",
                path.display()
            );
            Ok(path)
        };
        Ok(Self {
            server: find("ubugoe-server")?,
            bridge: find("ubugoe-bridge")?,
            watch: find("ubugoe-watch")?,
            outcome: find("ubugoe-outcome")?,
            ward: find("ubugoe-ward")?,
            log: None,
        })
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        if let Some(log) = &self.log {
            command.env("RUST_LOG", log);
        }
        command
    }
}

/// A child process that is killed when it is dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    name: String,
    log: PathBuf,
}

impl Process {
    /// Starts a program; what it says on standard error is appended to `log`.
    ///
    /// # Errors
    ///
    /// Where it cannot be started.
    pub fn start(name: &str, command: &mut Command, log: &Path) -> anyhow::Result<Self> {
        let file = File::options()
            .create(true)
            .append(true)
            .open(log)
            .with_context(|| format!("opening the log {}", log.display()))?;
        // A group of its own: Ctrl-C reaches the program that started it, which stops it in order.
        let child = command
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .with_context(|| format!("starting {name}: {command:?}"))?;
        Ok(Self { child, name: name.to_owned(), log: log.to_owned() })
    }

    /// The process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has ended, and how.
    ///
    /// # Errors
    ///
    /// Where the system does not tell.
    pub fn ended(&mut self) -> anyhow::Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Asks it to stop and waits for it.
    ///
    /// # Errors
    ///
    /// Where it does not stop in half a minute, or stops with an error.
    pub fn stop(mut self) -> anyhow::Result<()> {
        self.signal(Signal::TERM)?;
        let status = self.wait()?;
        ensure!(status.success(), "{} ended with {status}; see {}", self.name, self.log.display());
        Ok(())
    }

    /// Kills it as a power cut would, without a word.
    ///
    /// # Errors
    ///
    /// Where the system refuses.
    pub fn kill(mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Sends a signal.
    ///
    /// # Errors
    ///
    /// Where the process is gone.
    pub fn signal(&self, signal: Signal) -> anyhow::Result<()> {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, signal).with_context(|| format!("signalling {}", self.name))
    }

    fn wait(&mut self) -> anyhow::Result<ExitStatus> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            ensure!(Instant::now() < deadline, "{} does not stop", self.name);
            std::thread::sleep(POLL);
        }
    }

    /// Waits until the process has written its ready file, and gives its text.
    fn ready(&mut self, file: &Path) -> anyhow::Result<String> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Ok(text) = fs::read_to_string(file)
                && !text.is_empty()
            {
                return Ok(text);
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("{} ended with {status}:\n{}", self.name, last_lines(&self.log));
            }
            ensure!(
                Instant::now() < deadline,
                "{} is not ready after {PATIENCE:?}:\n{}",
                self.name,
                last_lines(&self.log)
            );
            std::thread::sleep(POLL);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Already ended is as good as killed.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A running server.
#[derive(Debug)]
pub struct Server {
    /// The process.
    pub process: Process,
    /// Where bridges connect.
    pub bridges: SocketAddr,
    /// Where browsers connect, such as `http://127.0.0.1:8080`.
    pub web: String,
    data: PathBuf,
}

impl Server {
    /// Starts a server on a data folder. `bridges` and `web` may have port 0.
    ///
    /// # Errors
    ///
    /// Where it does not come up; the last lines of its log are in the message.
    pub fn start(
        binaries: &Binaries,
        data: &Path,
        bridges: &str,
        web: &str,
    ) -> anyhow::Result<Self> {
        Self::start_with(binaries, data, bridges, web, &[])
    }

    /// As [`Server::start`], with further arguments.
    ///
    /// # Errors
    ///
    /// As [`Server::start`].
    pub fn start_with(
        binaries: &Binaries,
        data: &Path,
        bridges: &str,
        web: &str,
        arguments: &[&str],
    ) -> anyhow::Result<Self> {
        fs::create_dir_all(data)?;
        let ready = data.join("ready.json");
        remove_if_there(&ready)?;
        let mut command = binaries.command(&binaries.server);
        command.arg("run").arg("--data").arg(data);
        command.args(["--listen-bridges", bridges, "--listen-web", web]);
        command.arg("--ready-file").arg(&ready).args(arguments);
        let mut process = Process::start("ubugoe-server", &mut command, &data.join("server.log"))?;
        let text = process.ready(&ready)?;
        let addresses: serde_json::Value =
            serde_json::from_str(&text).with_context(|| format!("reading {}", ready.display()))?;
        let field = |name: &str| {
            addresses[name].as_str().with_context(|| format!("{} lacks {name}", ready.display()))
        };
        Ok(Self {
            bridges: field("bridges")?.parse()?,
            web: field("web")?.to_owned(),
            process,
            data: data.to_owned(),
        })
    }

    /// Where it is, so that it can be started there again.
    #[must_use]
    pub fn address(&self) -> ServerAddress {
        let web = self.web.trim_start_matches("http://").trim_start_matches("https://");
        ServerAddress { data: self.data.clone(), bridges: self.bridges, web: web.to_owned() }
    }
}

/// Where a server was: its data and its ports.
#[derive(Clone, Debug)]
pub struct ServerAddress {
    data: PathBuf,
    bridges: SocketAddr,
    web: String,
}

impl ServerAddress {
    /// Starts a server there.
    ///
    /// # Errors
    ///
    /// As [`Server::start`].
    pub fn start(&self, binaries: &Binaries) -> anyhow::Result<Server> {
        Server::start(binaries, &self.data, &self.bridges.to_string(), &self.web)
    }
}

/// Adds an account that may watch.
///
/// # Errors
///
/// What the server's own command says.
pub fn add_user(
    binaries: &Binaries,
    data: &Path,
    name: &str,
    password: &str,
) -> anyhow::Result<()> {
    let mut command = Command::new(&binaries.server);
    command.args(["user", "add", name, "--role", "obstetrician", "--password-stdin"]);
    command.arg("--data").arg(data);
    output_of(&mut command, password.as_bytes()).map(drop)
}

/// A one-time token and for whom it is, as `ubugoe-server bridge invite --json` prints them.
#[derive(Deserialize)]
pub struct Invitation {
    /// The bridge's name.
    pub bridge: String,
    /// The token. It is a secret.
    pub token: String,
}

/// Asks the region for one-time tokens, one for each name.
///
/// # Errors
///
/// What the server's own command says.
pub fn invite(binaries: &Binaries, data: &Path, names: &[String]) -> anyhow::Result<Vec<String>> {
    let mut command = Command::new(&binaries.server);
    command.args(["bridge", "invite", "--json", "--data"]).arg(data).args(names);
    let invited: Vec<Invitation> = serde_json::from_str(&output_of(&mut command, b"")?)?;
    let tokens: Vec<_> = invited.into_iter().map(|invitation| invitation.token).collect();
    ensure!(tokens.len() == names.len(), "{} tokens for {} bridges", tokens.len(), names.len());
    Ok(tokens)
}

/// A one-time token for an analysis, as `ubugoe-server analyst invite --json` prints it.
#[derive(Deserialize)]
struct AnalystInvitation {
    token: String,
}

/// Asks the region for a one-time token for an analysis.
///
/// # Errors
///
/// What the server's own command says.
pub fn invite_analyst(binaries: &Binaries, data: &Path, name: &str) -> anyhow::Result<String> {
    let mut command = Command::new(&binaries.server);
    command.args(["analyst", "invite", name, "--json", "--data"]).arg(data);
    let invited: Vec<AnalystInvitation> = serde_json::from_str(&output_of(&mut command, b"")?)?;
    let [invitation] = <[AnalystInvitation; 1]>::try_from(invited)
        .map_err(|invited| anyhow::anyhow!("{} tokens for one analysis", invited.len()))?;
    Ok(invitation.token)
}

/// An analysis' folder: configuration and identity.
#[derive(Clone, Debug)]
pub struct WatchFolder {
    /// The folder.
    pub path: PathBuf,
    /// The configuration file in it.
    pub config: PathBuf,
}

impl WatchFolder {
    /// Writes the configuration of an analysis into `path`.
    ///
    /// # Errors
    ///
    /// Where the folder cannot be written.
    pub fn write(path: &Path, server: SocketAddr) -> anyhow::Result<Self> {
        fs::create_dir_all(path)?;
        let mut root = toml::Table::new();
        root.insert("data".into(), path.join("data").display().to_string().into());
        root.insert("server".into(), server.to_string().into());
        let config = path.join("watch.toml");
        fs::write(&config, toml::to_string(&root)?)?;
        Ok(Self { path: path.to_owned(), config })
    }

    /// Enrols the analysis, unless it is: with a one-time token that the region is asked for.
    ///
    /// # Errors
    ///
    /// What the commands of the server and of the analysis say.
    pub fn enroll(&self, binaries: &Binaries, server: &Server, name: &str) -> anyhow::Result<()> {
        if self.path.join("data").join("identity").is_dir() {
            return Ok(());
        }
        let token = invite_analyst(binaries, &server.data, name)?;
        let mut command = Command::new(&binaries.watch);
        command.args(["enroll", "--token", &token, "--config"]);
        output_of(command.arg(&self.config), b"")?;
        Ok(())
    }

    /// Starts the analysis.
    ///
    /// # Errors
    ///
    /// Where it does not come up; the last lines of its log are in the message.
    pub fn start(&self, binaries: &Binaries) -> anyhow::Result<Process> {
        let ready = self.path.join("ready.json");
        remove_if_there(&ready)?;
        let mut command = binaries.command(&binaries.watch);
        command.arg("run").arg("--config").arg(&self.config);
        command.arg("--ready-file").arg(&ready);
        let mut process =
            Process::start("ubugoe-watch", &mut command, &self.path.join("watch.log"))?;
        process.ready(&ready)?;
        Ok(process)
    }
}

/// A monitor of a bridge, as its configuration names it.
#[derive(Clone, Debug)]
pub struct MonitorPort {
    /// The device's name.
    pub device: String,
    /// What people call the bed.
    pub bed: String,
    /// The serial port.
    pub port: PathBuf,
}

/// A bridge's folder: configuration, identity, spool.
#[derive(Clone, Debug)]
pub struct BridgeFolder {
    /// The folder.
    pub path: PathBuf,
    /// The configuration file in it.
    pub config: PathBuf,
}

impl BridgeFolder {
    /// Writes the configuration of a bridge into `path`.
    ///
    /// # Errors
    ///
    /// Where the folder cannot be written.
    pub fn write(
        path: &Path,
        server: SocketAddr,
        facility: &str,
        site: &str,
        monitors: &[MonitorPort],
    ) -> anyhow::Result<Self> {
        fs::create_dir_all(path)?;
        let mut root = toml::Table::new();
        root.insert("data".into(), path.join("data").display().to_string().into());
        root.insert("server".into(), server.to_string().into());
        root.insert("facility".into(), facility.into());
        root.insert("site".into(), site.into());
        let monitors: Vec<toml::Value> = monitors
            .iter()
            .map(|monitor| {
                let mut table = toml::Table::new();
                table.insert("device".into(), monitor.device.clone().into());
                table.insert("bed".into(), monitor.bed.clone().into());
                table.insert("port".into(), monitor.port.display().to_string().into());
                table.into()
            })
            .collect();
        root.insert("monitor".into(), monitors.into());
        let config = path.join("bridge.toml");
        fs::write(&config, toml::to_string(&root)?)?;
        Ok(Self { path: path.to_owned(), config })
    }

    /// Sets one key of the configuration.
    ///
    /// # Errors
    ///
    /// Where the configuration cannot be read or written.
    pub fn set(&self, key: &str, value: impl Into<toml::Value>) -> anyhow::Result<()> {
        let mut root: toml::Table = fs::read_to_string(&self.config)?.parse()?;
        root.insert(key.to_owned(), value.into());
        Ok(fs::write(&self.config, toml::to_string(&root)?)?)
    }

    /// Whether the bridge has its certificate.
    #[must_use]
    pub fn is_enrolled(&self) -> bool {
        self.path.join("enrolled").is_file()
    }

    /// Enrols the bridge with a one-time token.
    ///
    /// # Errors
    ///
    /// What the bridge's own command says.
    pub fn enroll(
        &self,
        binaries: &Binaries,
        server: SocketAddr,
        token: &str,
    ) -> anyhow::Result<()> {
        let mut command = Command::new(&binaries.bridge);
        command.args(["enroll", "--server", &server.to_string(), "--token", token, "--config"]);
        output_of(command.arg(&self.config), b"")?;
        fs::write(self.path.join("enrolled"), "")?;
        Ok(())
    }

    /// Starts the bridge.
    ///
    /// # Errors
    ///
    /// Where it does not come up; the last lines of its log are in the message.
    pub fn start(&self, binaries: &Binaries) -> anyhow::Result<Process> {
        let ready = self.path.join("ready.json");
        remove_if_there(&ready)?;
        let mut command = binaries.command(&binaries.bridge);
        command.arg("run").arg("--config").arg(&self.config);
        command.arg("--ready-file").arg(&ready);
        let mut process =
            Process::start("ubugoe-bridge", &mut command, &self.path.join("bridge.log"))?;
        process.ready(&ready)?;
        Ok(process)
    }
}

/// Runs a command to its end, and gives what it printed.
///
/// # Errors
///
/// Where it fails; what it said is in the message.
pub fn output_of(command: &mut Command, input: &[u8]) -> anyhow::Result<String> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("starting {command:?}"))?;
    // A program that ends without reading closes the pipe; its exit code tells the rest.
    let written = child.stdin.take().context("standard input was piped")?.write_all(input);
    let output = child.wait_with_output()?;
    ensure!(
        output.status.success(),
        "{:?} ended with {}:\n{}{}",
        command.get_program(),
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    written?;
    Ok(String::from_utf8(output.stdout)?)
}

fn remove_if_there(path: &Path) -> anyhow::Result<()> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            Err(e).with_context(|| format!("removing {}", path.display()))
        }
        _ => Ok(()),
    }
}

fn last_lines(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}
