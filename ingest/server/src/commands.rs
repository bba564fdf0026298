//! The command line.

pub mod analyst;
pub mod bridge;
pub mod machine;
pub mod run;
pub mod user;

use clap::{Parser, Subcommand};

/// The regional server of Ubugoe: receives bridges, keeps recordings, serves the wall.
#[derive(Debug, Parser)]
#[command(name = "ubugoe-server", version)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server until it is told to stop (SIGTERM or Ctrl-C).
    Run(run::RunArguments),
    /// Which bridges are admitted. Works while the server runs, and before its first start.
    #[command(subcommand)]
    Bridge(bridge::BridgeCommand),
    /// Which analyses are admitted. Works while the server runs, and before its first start.
    #[command(subcommand)]
    Analyst(analyst::AnalystCommand),
    /// Who may sign in to the wall. Works while the server runs.
    #[command(subcommand)]
    User(user::UserCommand),
}

/// Does what the command line says.
///
/// # Errors
///
/// In words for whoever typed it.
pub fn run(arguments: Arguments) -> anyhow::Result<()> {
    match arguments.command {
        Command::Run(arguments) => run::run(arguments),
        Command::Bridge(command) => bridge::run(command),
        Command::Analyst(command) => analyst::run(command),
        Command::User(command) => user::run(command),
    }
}
