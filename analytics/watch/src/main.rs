//! The analysis: reads its configuration, and runs until told to stop.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use ::watch::arguments::{Arguments, BenchArguments, Command};
use ::watch::config::Config;
use ::watch::quic::ANALYSIS;
use ::watch::{bench, check, clock, watch};
use anyhow::Context;
use clap::Parser;
use credentials::check::Finding;
use program::enrolment::{Configured, EnrollArguments};

fn main() -> ExitCode {
    // One thread serves the connection; strips are read on threads of their own.
    program::run(ANALYSIS.program, obey(Arguments::parse().command))
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
    program::log::start(&config.log).map_err(anyhow::Error::msg)?;
    let shutdown = program::asked_to_stop()?;
    watch::run(config, ready_file, shutdown).await?;
    Ok(ExitCode::SUCCESS)
}

async fn enrol(arguments: EnrollArguments) -> anyhow::Result<ExitCode> {
    let config = arguments.config.as_deref().map(Config::load).transpose()?;
    let configured = config.map(|Config { server, data, .. }| Configured { server, data });
    say(&arguments.enroll(ANALYSIS, clock::wall(), configured).await?)?;
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
