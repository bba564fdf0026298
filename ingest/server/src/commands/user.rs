//! `ubugoe-server user`: who may sign in to the wall. Works while the server runs.

use std::fs::File;
use std::io::{self, BufRead, IsTerminal, Write};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use access::{AccountName, Accounts, Audit, AuditEvent, Role};
use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use vitals::WallTime;

/// Who may sign in to the wall.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Add a person; asks twice for her password.
    Add {
        /// Her name: a-z, 0-9, '.', '-', '_' and '@'.
        name: AccountName,
        /// What she is here for: midwife, doctor, obstetrician or administrator.
        #[arg(long)]
        role: Role,
        /// Where the password comes from.
        #[command(flatten)]
        password: PasswordFrom,
        /// The server's data directory.
        #[command(flatten)]
        data: DataDirectory,
    },
    /// Set another password; the screens opened with the old one close within seconds.
    Password {
        /// Whose.
        name: AccountName,
        /// Where the password comes from.
        #[command(flatten)]
        password: PasswordFrom,
        /// The server's data directory.
        #[command(flatten)]
        data: DataDirectory,
    },
    /// Remove a person; her screens close within seconds.
    Remove {
        /// Whom.
        name: AccountName,
        /// The server's data directory.
        #[command(flatten)]
        data: DataDirectory,
    },
    /// List everybody.
    List {
        /// The server's data directory.
        #[command(flatten)]
        data: DataDirectory,
    },
}

/// Where the password comes from.
#[derive(Debug, Args)]
pub struct PasswordFrom {
    /// Read the password as one line from standard input instead of asking for it.
    #[arg(long)]
    password_stdin: bool,
}

/// The server's data directory.
#[derive(Debug, Args)]
pub struct DataDirectory {
    /// The server's data directory.
    #[arg(long, env = "UBUGOE_DATA", value_name = "DIR", default_value = "ubugoe-data")]
    data: PathBuf,
}

impl DataDirectory {
    fn access(&self) -> PathBuf {
        access_directory(&self.data)
    }
}

/// Where accounts, enrolments and the audit log stand in a data directory.
#[must_use]
pub fn access_directory(data: &Path) -> PathBuf {
    data.join("access")
}

/// Does it.
///
/// # Errors
///
/// Whatever [`access`] refuses, in its words.
pub fn run(command: UserCommand) -> anyhow::Result<()> {
    match command {
        UserCommand::Add { name, role, password, data } => {
            let accounts = Accounts::open(&data.access())?;
            let password = password.read(&name)?;
            accounts.add(&name, &password, role)?;
            log(&data, &AuditEvent::AccountAdded { name: name.clone(), role })?;
            say(&format!("'{}' may sign in as {role}", name.as_str()))
        }
        UserCommand::Password { name, password, data } => {
            let accounts = Accounts::open(&data.access())?;
            let password = password.read(&name)?;
            accounts.set_password(&name, &password)?;
            log(&data, &AuditEvent::PasswordSet { name: name.clone() })?;
            say(&format!("'{}' has a new password", name.as_str()))
        }
        UserCommand::Remove { name, data } => {
            Accounts::open(&data.access())?.remove(&name)?;
            log(&data, &AuditEvent::AccountRemoved { name: name.clone() })?;
            say(&format!("'{}' may not sign in any more", name.as_str()))
        }
        UserCommand::List { data } => {
            let accounts = Accounts::open(&data.access())?.list()?;
            if accounts.is_empty() {
                return say("nobody may sign in yet; `ubugoe-server user add` adds a person");
            }
            for account in accounts {
                say(&format!("{:<14} {}", account.role, account.name.as_str()))?;
            }
            Ok(())
        }
    }
}

fn log(data: &DataDirectory, event: &AuditEvent) -> anyhow::Result<()> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = WallTime(i64::try_from(since.as_micros()).unwrap_or(i64::MAX));
    Audit::open(&data.access())?
        .record(now, event)
        .context("it was done, but the audit log does not have it")
}

fn say(line: &str) -> anyhow::Result<()> {
    writeln!(io::stdout(), "{line}").context("could not write to standard output")
}

impl PasswordFrom {
    fn read(&self, name: &AccountName) -> anyhow::Result<String> {
        if self.password_stdin {
            return one_line(&mut io::stdin().lock());
        }
        if !io::stdin().is_terminal() {
            bail!(
                "standard input is no terminal to ask on; add --password-stdin to read the password from it"
            );
        }
        let first = ask(&format!("Password for '{}': ", name.as_str()))?;
        let second = ask("The same once more: ")?;
        if first != second {
            bail!("the two passwords differ; nothing was changed");
        }
        Ok(first)
    }
}

fn ask(question: &str) -> anyhow::Result<String> {
    let mut terminal = io::stderr();
    terminal.write_all(question.as_bytes()).and_then(|()| terminal.flush())?;
    let silence = Silence::begin()?;
    let answer = one_line(&mut io::stdin().lock());
    drop(silence);
    writeln!(terminal)?;
    answer
}

fn one_line(input: &mut impl BufRead) -> anyhow::Result<String> {
    let mut line = String::new();
    let bytes_max = u64::try_from(access::password::BYTES_MAX + 2).expect("a small number");
    io::Read::take(input, bytes_max)
        .read_line(&mut line)
        .context("could not read the password; it must be text in UTF-8")?;
    if line.is_empty() {
        bail!("no password was given; nothing was changed");
    }
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// The terminal does not show what is typed while this lives.
struct Silence {
    terminal: File,
    before: Termios,
}

impl Silence {
    fn begin() -> anyhow::Result<Self> {
        let terminal = File::from(io::stdin().as_fd().try_clone_to_owned()?);
        let before = tcgetattr(&terminal)?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        tcsetattr(&terminal, OptionalActions::Flush, &silent)?;
        Ok(Self { terminal, before })
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        if let Err(error) = tcsetattr(&self.terminal, OptionalActions::Now, &self.before) {
            eprintln!("the terminal still hides what is typed ({error}); `stty echo` shows it");
        }
    }
}
