//! What the command line does with machines of any kind: invite, list, revoke.

use std::io::{self, Write};
use std::path::PathBuf;

use access::{Audit, AuditEvent, Enrolled, Enrolment, Machine};
use anyhow::{Context, ensure};
use clap::Args;
use jiff::Timestamp;
use protocol::Token;
use serde_json::json;
use vitals::WallTime;

use super::user::access_directory;
use crate::clock;
use crate::pki::Authority;
use crate::server::{DataDir, pki_directory};

/// The server's data directory.
#[derive(Debug, Args)]
pub struct DataDirectory {
    /// The server's data directory.
    #[arg(long, env = "UBUGOE_DATA", value_name = "DIR", default_value = "ubugoe-data")]
    data: PathBuf,
}

/// How to print.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Output {
    Json,
    Text,
}

impl Output {
    pub(super) fn of_flag(json: bool) -> Self {
        if json { Self::Json } else { Self::Text }
    }
}

/// What a kind of machine is called in JSON and on the command line.
fn kind(machine: Machine) -> &'static str {
    match machine {
        Machine::Bridge(_) => "bridge",
        Machine::Analyst(_) => "analyst",
    }
}

/// Prints a token for each machine, good for one enrolment within `valid_hours`.
pub(super) fn invite(
    machines: &[Machine],
    valid_hours: u32,
    output: Output,
    data: &DataDirectory,
) -> anyhow::Result<()> {
    let mut distinct = machines.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    ensure!(distinct.len() == machines.len(), "a name was given twice");
    DataDir::open(&data.data)?;
    let now = clock::now();
    let authority = Authority::open(&pki_directory(&data.data), now)?;
    let (enrolment, audit) = records(data)?;
    let valid_micros = i64::from(valid_hours) * 3_600 * WallTime::MICROS_PER_SECOND;
    let mut invited = Vec::with_capacity(machines.len());
    for &machine in machines {
        let secret = enrolment.invite(machine, now, valid_micros)?;
        audit.record(now, &AuditEvent::invited(machine))?;
        let token = Token { secret, authority: authority.token_fingerprint() };
        invited.push((machine, token.to_text()));
    }
    match output {
        Output::Json => {
            let object = |(machine, token): &(Machine, String)| json!({ kind(*machine): machine.name(), "token": token });
            say(&serde_json::to_string(&invited.iter().map(object).collect::<Vec<_>>())?)
        }
        // A single token stands alone on its line, to be piped or copied.
        Output::Text => match invited.as_slice() {
            [(_, token)] => say(token),
            several => several
                .iter()
                .try_for_each(|(machine, token)| say(&format!("{} {token}", machine.name()))),
        },
    }
}

/// Prints who is admitted; `none` where nobody is.
pub(super) fn list<N: Copy + Into<Machine>>(
    enrolled: &[Enrolled<N>],
    output: Output,
    none: &str,
) -> anyhow::Result<()> {
    let at = |enrolled: &Enrolled<N>| {
        Timestamp::from_microsecond(enrolled.enrolled_at.0)
            .unwrap_or(Timestamp::UNIX_EPOCH)
            .strftime("%Y-%m-%dT%H:%M:%SZ")
            .to_string()
    };
    match output {
        Output::Json => {
            let object = |enrolled: &Enrolled<N>| {
                let machine: Machine = enrolled.name.into();
                json!({ kind(machine): machine.name(), "enrolled_at": at(enrolled) })
            };
            say(&serde_json::to_string(&enrolled.iter().map(object).collect::<Vec<_>>())?)
        }
        Output::Text if enrolled.is_empty() => say(none),
        Output::Text => enrolled.iter().try_for_each(|enrolled| {
            let machine: Machine = enrolled.name.into();
            say(&format!("{:<32} enrolled {}", machine.name(), at(enrolled)))
        }),
    }
}

/// Admits a machine no longer.
pub(super) fn revoke(machine: Machine, data: &DataDirectory) -> anyhow::Result<()> {
    let (enrolment, audit) = records(data)?;
    enrolment.revoke(machine)?;
    audit
        .record(clock::now(), &AuditEvent::revoked(machine))
        .context("it was done, but the audit log does not have it")?;
    say(&format!("'{}' is no longer admitted", machine.name()))
}

/// The records of a region.
pub(super) fn records(data: &DataDirectory) -> anyhow::Result<(Enrolment, Audit)> {
    let dir = access_directory(&data.data);
    Ok((Enrolment::open(&dir)?, Audit::open(&dir)?))
}

fn say(line: &str) -> anyhow::Result<()> {
    writeln!(io::stdout(), "{line}").context("could not write to standard output")
}
