//! `ubugoe-server bridge`: which bridges are admitted. Works while the server runs.

use access::Machine;
use anyhow::Context;
use clap::Subcommand;
use vitals::BridgeId;

use super::machine::{self, DataDirectory, Output};

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
            let bridges = names.iter().map(|name| bridge(name)).collect::<anyhow::Result<Vec<_>>>();
            machine::invite(&bridges?, valid_hours, Output::of_flag(json), &data)
        }
        BridgeCommand::List { json, data } => {
            let none = "no bridge is enrolled yet; `ubugoe-server bridge invite NAME` invites one";
            let (enrolment, _) = machine::records(&data)?;
            machine::list(&enrolment.bridges()?, Output::of_flag(json), none)
        }
        BridgeCommand::Revoke { name, data } => machine::revoke(bridge(&name)?, &data),
    }
}

fn bridge(name: &str) -> anyhow::Result<Machine> {
    let id = BridgeId::new(name);
    let id = id.with_context(|| format!("'{name}' cannot be the name of a bridge"))?;
    Ok(id.into())
}
