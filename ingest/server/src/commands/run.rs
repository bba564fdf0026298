//! `ubugoe-server run`: the server itself.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use tokio::runtime;
use tokio::signal::unix::{SignalKind, signal};

use crate::config::{Config, Overrides};
use crate::{server, telemetry};

/// What to run with; the command line goes before the file.
#[derive(Debug, Args)]
pub struct RunArguments {
    /// The configuration file; without one, everything has its default.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The data directory; made where it is missing.
    #[arg(long, env = "UBUGOE_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    /// Where to receive bridges (UDP); port 0 takes any free one.
    #[arg(long, value_name = "ADDRESS")]
    listen_bridges: Option<SocketAddr>,
    /// Where to serve the wall (TCP); port 0 takes any free one.
    #[arg(long, value_name = "ADDRESS")]
    listen_web: Option<SocketAddr>,
    /// Write the addresses there, as JSON, once both listen.
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
}

/// Runs until SIGTERM or SIGINT; a second one ends the process at once.
///
/// # Errors
///
/// Why the server could not start.
pub fn run(arguments: RunArguments) -> anyhow::Result<()> {
    let overrides = Overrides {
        data: arguments.data,
        listen_bridges: arguments.listen_bridges,
        listen_web: arguments.listen_web,
    };
    let config = Config::load(arguments.config.as_deref(), overrides)?;
    telemetry::start(&config.log)?;
    let runtime = runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("the system gave no threads")?;
    runtime.block_on(async {
        let (mut terminate, mut interrupt) =
            (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let asked_to_stop = async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            tracing::info!("stopping; once more ends the process at once");
            tokio::spawn(async move {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = interrupt.recv() => {}
                }
                std::process::exit(1);
            });
        };
        server::run(config, arguments.ready_file.as_deref(), asked_to_stop).await
    })
}
