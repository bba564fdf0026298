//! `ubugoe-ward`: virtual monitors, for a demonstration, a test or a bench.

mod commands;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use commands::{demo, load, play, scenarios, synth};

/// A ward without patients: virtual fetal monitors on pseudo-terminals.
#[derive(Parser)]
#[command(name = "ubugoe-ward", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Demo(demo::DemoArguments),
    Load(load::LoadArguments),
    Play(play::Arguments),
    Scenarios(scenarios::Arguments),
    Synth(synth::Arguments),
}

#[tokio::main]
async fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Demo(arguments) => demo::run(arguments).await,
        Command::Load(arguments) => load::run(arguments).await,
        Command::Play(arguments) => play::run(arguments).await,
        Command::Scenarios(arguments) => scenarios::run(&arguments),
        Command::Synth(arguments) => synth::run(&arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ubugoe-ward: {error:#}");
            ExitCode::FAILURE
        }
    }
}
