//! The bridge: reads its configuration, and runs until told to stop.

use std::path::PathBuf;
use std::process::ExitCode;

use bridge::arguments::{Arguments, Command};
use bridge::config::Config;
use bridge::quic::BRIDGE;
use bridge::{check, clock};
use clap::Parser;
use credentials::check::Finding;
use program::enrolment::{Configured, EnrollArguments};

fn main() -> ExitCode {
    // One thread serves a room's monitors: less memory and fewer wakings than a pool.
    program::run(BRIDGE.program, obey(Arguments::parse().command))
}

async fn obey(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Run { config, ready_file } => run(Config::load(&config)?, ready_file).await,
        Command::Enroll(arguments) => enrol(arguments).await,
        Command::Check { config } => {
            let config = Config::load(&config)?;
            let findings = check::check(&config).await;
            findings.iter().for_each(|finding| println!("{finding}"));
            let is_well = findings.iter().all(Finding::is_well);
            Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
    }
}

async fn run(config: Config, ready_file: Option<PathBuf>) -> anyhow::Result<ExitCode> {
    program::log::start(&config.log).map_err(anyhow::Error::msg)?;
    let shutdown = program::asked_to_stop()?;
    bridge::bridge::run(config, ready_file, shutdown).await?;
    Ok(ExitCode::SUCCESS)
}

async fn enrol(arguments: EnrollArguments) -> anyhow::Result<ExitCode> {
    let config = arguments.config.as_deref().map(Config::load).transpose()?;
    let configured = config.map(|Config { server, data, .. }| Configured { server, data });
    println!("{}", arguments.enroll(BRIDGE, clock::wall(), configured).await?);
    Ok(ExitCode::SUCCESS)
}
