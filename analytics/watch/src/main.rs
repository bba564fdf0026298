//! The analysis: reads its configuration, and runs until told to stop.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use ::watch::arguments::{Arguments, BenchArguments, Command, EnrollArguments};
use ::watch::config::{Config, ConfigError};
use ::watch::quic::ANALYSIS;
use ::watch::{bench, check, clock, telemetry, watch};
use anyhow::Context;
use clap::Parser;
use credentials::check::Finding;
use credentials::enroll::{Existing, enroll};
use protocol::Token;
use protocol::token::InvalidToken;
use tokio::signal::unix::{SignalKind, signal};

fn main() -> ExitCode {
    // One thread serves the connection; strips are read on threads of their own.
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(4).build();
    let result = runtime
        .context("the runtime could not be started")
        .and_then(|runtime| runtime.block_on(obey(Arguments::parse().command)));
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("ubugoe-watch: {error:#}");
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
            let findings = check::check(&Config::load(&config)?).await;
            findings.iter().try_for_each(|finding| say(&finding.to_string()))?;
            let is_well = findings.iter().all(Finding::is_well);
            Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Command::Bench(arguments) => measure(arguments),
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
    watch::run(config, ready_file, shutdown).await?;
    Ok(ExitCode::SUCCESS)
}

async fn enrol(arguments: EnrollArguments) -> anyhow::Result<ExitCode> {
    let config = arguments.config.as_deref().map(Config::load).transpose()?;
    let token = Token::parse(&arguments.token)?;
    let server = arguments.server.or_else(|| config.as_ref().map(|c| c.server.clone()));
    let server = server.context("the command line requires a server or a configuration")?;
    let data = config.map_or(arguments.data, |config| config.data);
    let existing = if arguments.replace { Existing::Replace } else { Existing::Keep };
    let name = enroll(ANALYSIS, clock::wall(), &server, &token, &data, existing).await?;
    say(&format!(
        "enrolled as \"{name}\"; the identity is in '{}'",
        data.join("identity").display()
    ))?;
    Ok(ExitCode::SUCCESS)
}

fn measure(arguments: BenchArguments) -> anyhow::Result<ExitCode> {
    let figures = bench::run(arguments.streams, arguments.seconds);
    say(&if arguments.json { figures.json().to_string() } else { figures.to_string() })?;
    Ok(ExitCode::SUCCESS)
}

fn say(line: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{line}").context("could not write to standard output")
}
