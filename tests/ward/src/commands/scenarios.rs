//! `ubugoe-ward scenarios`: what the synthesiser can play.

use std::io::Write;

use ward::source::Scenario;

/// List the scenarios, each with a sentence.
#[derive(clap::Args)]
pub struct Arguments {}

/// Prints the list.
pub fn run(_: &Arguments) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for scenario in Scenario::ALL {
        writeln!(out, "{scenario:<24}{}", scenario.sentence())?;
    }
    Ok(())
}
