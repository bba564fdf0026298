//! `ubugoe-server analyst`: which analyses are admitted. Works while the server runs.

use access::Machine;
use anyhow::Context;
use clap::Subcommand;
use vitals::AnalystId;

use super::machine::{self, DataDirectory, Output};

/// Which analyses are admitted.
#[derive(Debug, Subcommand)]
pub enum AnalystCommand {
    /// Invite an analysis (`ubugoe-watch`): prints a token, good for one enrolment. It may read
    /// every strip and publish what it finds; it cannot send what a monitor measures.
    Invite {
        /// Its name: a-z, 0-9, '-', '_' and '.'.
        name: String,
        /// How long the token holds, in hours.
        #[arg(long, value_name = "HOURS", default_value_t = 24,
              value_parser = clap::value_parser!(u32).range(1..=24 * 365))]
        valid_hours: u32,
        /// Print one JSON array of objects with `analyst` and `token`.
        #[arg(long)]
        json: bool,
        /// Of which region.
        #[command(flatten)]
        data: DataDirectory,
    },
    /// List the analyses that are admitted.
    List {
        /// Print one JSON array.
        #[arg(long)]
        json: bool,
        /// Of which region.
        #[command(flatten)]
        data: DataDirectory,
    },
    /// Admit an analysis no longer; its connection ends within a quarter of a minute.
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
pub fn run(command: AnalystCommand) -> anyhow::Result<()> {
    match command {
        AnalystCommand::Invite { name, valid_hours, json, data } => {
            machine::invite(&[analyst(&name)?], valid_hours, Output::of_flag(json), &data)
        }
        AnalystCommand::List { json, data } => {
            let none =
                "no analysis is enrolled yet; `ubugoe-server analyst invite NAME` invites one";
            let (enrolment, _) = machine::records(&data)?;
            machine::list(&enrolment.analysts()?, Output::of_flag(json), none)
        }
        AnalystCommand::Revoke { name, data } => machine::revoke(analyst(&name)?, &data),
    }
}

fn analyst(name: &str) -> anyhow::Result<Machine> {
    let id = AnalystId::new(name);
    let id = id.with_context(|| format!("'{name}' cannot be the name of an analysis"))?;
    Ok(id.into())
}
