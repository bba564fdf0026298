//! `ubugoe-server`: reads the command line and does what it says.

use std::process::ExitCode;

use clap::Parser;
use server::commands::Arguments;

fn main() -> ExitCode {
    match server::commands::run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ubugoe-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}
