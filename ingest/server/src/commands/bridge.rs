//! `ubugoe-server bridge`: which bridges are admitted. Works while the server runs.

use std::io::{self, Write};
use std::path::PathBuf;

use access::{Audit, AuditEvent, Enrolment};
use anyhow::{Context, ensure};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use protocol::Token;
use serde::Serialize;
use vitals::{BridgeId, WallTime};

use super::user::access_directory;
use crate::clock;
use crate::pki::Authority;
use crate::server::{DataDir, pki_directory};

/// Most bridges that one command invites.
const INVITED_MAX: u32 = 10_000;

/// Which bridges are admitted.
#[derive(Debug, Subcommand)]
pub enum BridgeCommand {
    /// Invite bridges: prints a token for each, good for one enrolment.
    Invite {
        /// Their names: a-z, 0-9, '-', '_' and '.'.
        #[arg(value_name = "NAME", required_unless_present = "count")]
        names: Vec<String>,
        /// How long the tokens hold, in hours.
        #[arg(long, value_name = "HOURS", default_value_t = 24,
              value_parser = clap::value_parser!(u32).range(1..=24 * 365))]
        valid_hours: u32,
        /// Invite so many bridges, named by --prefix and a number from 1.
        #[arg(long, value_name = "N", requires = "prefix", conflicts_with = "names",
              value_parser = clap::value_parser!(u32).range(1..=i64::from(INVITED_MAX)))]
        count: Option<u32>,
        /// What the names begin with.
        #[arg(long, value_name = "PREFIX", requires = "count")]
        prefix: Option<String>,
        /// Print one JSON array of objects with `bridge` and `token`.
        #[arg(long)]
        json: bool,
        /// Of which region.
        #[command(flatten)]
        data: DataDirectory,
    },
    /// List the bridges that are admitted.
    List {
        /// Print one JSON array.
        #[arg(long)]
        json: bool,
        /// Of which region.
        #[command(flatten)]
        data: DataDirectory,
    },
    /// Admit a bridge no longer; its connection ends within a quarter of a minute.
    Revoke {
        /// Which.
        name: String,
        /// Of which region.
        #[command(flatten)]
        data: DataDirectory,
    },
}

/// The server's data directory.
#[derive(Debug, Args)]
pub struct DataDirectory {
    /// The server's data directory.
    #[arg(long, env = "UBUGOE_DATA", value_name = "DIR", default_value = "ubugoe-data")]
    data: PathBuf,
}

#[derive(Serialize)]
struct Invited<'a> {
    bridge: &'a str,
    token: String,
}

#[derive(Serialize)]
struct Listed {
    bridge: String,
    enrolled_at: String,
}

/// Does it.
///
/// # Errors
///
/// In words for whoever typed it.
pub fn run(command: BridgeCommand) -> anyhow::Result<()> {
    match command {
        BridgeCommand::Invite { names, valid_hours, count, prefix, json, data } => {
            let names = match (count, prefix) {
                (Some(count), Some(prefix)) => {
                    (1..=count).map(|n| format!("{prefix}{n}")).collect()
                }
                _ => names,
            };
            invite(&names, valid_hours, output(json), &data)
        }
        BridgeCommand::List { json, data } => list(output(json), &data),
        BridgeCommand::Revoke { name, data } => revoke(&name, &data),
    }
}

/// How to print.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Output {
    Json,
    Text,
}

fn output(json: bool) -> Output {
    if json { Output::Json } else { Output::Text }
}

fn invite(
    names: &[String],
    valid_hours: u32,
    output: Output,
    data: &DataDirectory,
) -> anyhow::Result<()> {
    let bridges = names.iter().map(|name| bridge_id(name)).collect::<anyhow::Result<Vec<_>>>()?;
    let mut distinct = bridges.clone();
    distinct.sort_unstable();
    distinct.dedup();
    ensure!(distinct.len() == bridges.len(), "a name was given twice");
    DataDir::open(&data.data)?;
    let now = clock::now();
    let authority = Authority::open(&pki_directory(&data.data), now)?;
    let (enrolment, audit) = records(data)?;
    let valid_micros = i64::from(valid_hours) * 3_600 * WallTime::MICROS_PER_SECOND;
    let mut invited = Vec::with_capacity(bridges.len());
    for bridge in &bridges {
        let secret = enrolment.invite(*bridge, now, valid_micros)?;
        audit.record(now, &AuditEvent::BridgeInvited { bridge: *bridge })?;
        let token = Token { secret, authority: authority.token_fingerprint() };
        invited.push(Invited { bridge: bridge.as_str(), token: token.to_text() });
    }
    match output {
        Output::Json => say(&serde_json::to_string(&invited)?),
        // A single token stands alone on its line, to be piped or copied.
        Output::Text => match invited.as_slice() {
            [one] => say(&one.token),
            several => several.iter().try_for_each(|i| say(&format!("{} {}", i.bridge, i.token))),
        },
    }
}

fn list(output: Output, data: &DataDirectory) -> anyhow::Result<()> {
    let (enrolment, _) = records(data)?;
    let listed: Vec<_> = enrolment
        .list()?
        .into_iter()
        .map(|enrolled| Listed {
            bridge: enrolled.bridge.to_string(),
            enrolled_at: Timestamp::from_microsecond(enrolled.enrolled_at.0)
                .unwrap_or(Timestamp::UNIX_EPOCH)
                .strftime("%Y-%m-%dT%H:%M:%SZ")
                .to_string(),
        })
        .collect();
    match output {
        Output::Json => say(&serde_json::to_string(&listed)?),
        Output::Text if listed.is_empty() => {
            say("no bridge is enrolled yet; `ubugoe-server bridge invite NAME` invites one")
        }
        Output::Text => listed
            .iter()
            .try_for_each(|l| say(&format!("{:<32} enrolled {}", l.bridge, l.enrolled_at))),
    }
}

fn revoke(name: &str, data: &DataDirectory) -> anyhow::Result<()> {
    let bridge = bridge_id(name)?;
    let (enrolment, audit) = records(data)?;
    enrolment.revoke(bridge)?;
    audit
        .record(clock::now(), &AuditEvent::BridgeRevoked { bridge })
        .context("it was done, but the audit log does not have it")?;
    say(&format!("'{bridge}' is no longer admitted"))
}

fn records(data: &DataDirectory) -> anyhow::Result<(Enrolment, Audit)> {
    let dir = access_directory(&data.data);
    Ok((Enrolment::open(&dir)?, Audit::open(&dir)?))
}

fn bridge_id(name: &str) -> anyhow::Result<BridgeId> {
    BridgeId::new(name).with_context(|| format!("'{name}' cannot be the name of a bridge"))
}

fn say(line: &str) -> anyhow::Result<()> {
    writeln!(io::stdout(), "{line}").context("could not write to standard output")
}
