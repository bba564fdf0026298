//! The bridge: reads its configuration, and runs until told to stop.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use bridge::arguments::{Arguments, Command, EnrollArguments};
use bridge::config::{Config, ConfigError};
use bridge::quic::BRIDGE;
use bridge::{check, clock, telemetry};
use clap::Parser;
use credentials::check::Finding;
use credentials::enroll::{Existing, enroll};
use protocol::Token;
use protocol::token::InvalidToken;
use tokio::signal::unix::{SignalKind, signal};

fn main() -> ExitCode {
    // One thread serves a room's monitors: less memory and fewer wakings than a pool.
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(4).build();
    let result = runtime
        .context("the runtime could not be started")
        .and_then(|runtime| runtime.block_on(obey(Arguments::parse().command)));
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("ubugoe-bridge: {error:#}");
            let is_usage = error.is::<ConfigError>() || error.is::<InvalidToken>();
            ExitCode::from(if is_usage { 2 } else { 1 })
        }
    }
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
    telemetry::start(&config.log).map_err(anyhow::Error::msg)?;
    let mut terminate = signal(SignalKind::terminate()).context("SIGTERM cannot be heard")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("SIGINT cannot be heard")?;
    let shutdown = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    bridge::bridge::run(config, ready_file, shutdown).await?;
    Ok(ExitCode::SUCCESS)
}

async fn enrol(arguments: EnrollArguments) -> anyhow::Result<ExitCode> {
    let config = arguments.config.as_deref().map(Config::load).transpose()?;
    let token = Token::parse(&arguments.token)?;
    let server = arguments.server.or_else(|| config.as_ref().map(|c| c.server.clone()));
    let server = server.context("the command line requires a server or a configuration")?;
    let data = config.map_or(arguments.data, |config| config.data);
    let existing = if arguments.replace { Existing::Replace } else { Existing::Keep };
    let bridge = enroll(BRIDGE, clock::wall(), &server, &token, &data, existing).await?;
    println!("enrolled as \"{bridge}\"; the identity is in '{}'", data.join("identity").display());
    Ok(ExitCode::SUCCESS)
}
