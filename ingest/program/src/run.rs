//! From the start of a program to its exit code.

use std::future::Future;
use std::process::ExitCode;

use anyhow::Context;
use protocol::token::InvalidToken;
use tokio::signal::unix::{SignalKind, signal};

use crate::configuration::ConfigError;

/// Runs a program on one thread, and says on standard error why it failed: 1 for what is wrong
/// in the world, 2 for a command line or a configuration that cannot be used.
pub fn run(program: &str, obey: impl Future<Output = anyhow::Result<ExitCode>>) -> ExitCode {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(4).build();
    let result = runtime
        .context("the runtime could not be started")
        .and_then(|runtime| runtime.block_on(obey));
    result.unwrap_or_else(|error| {
        eprintln!("{program}: {error:#}");
        let is_usage = error.is::<ConfigError>() || error.is::<InvalidToken>();
        ExitCode::from(if is_usage { 2 } else { 1 })
    })
}

/// Listens for Ctrl-C and SIGTERM from the call on; what it gives is ready once one has come.
///
/// # Errors
///
/// Where the system lets nobody listen.
pub fn asked_to_stop() -> anyhow::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate()).context("SIGTERM cannot be heard")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("SIGINT cannot be heard")?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
