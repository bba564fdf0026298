//! The log: to standard error, one line an event, no personal data.

use tracing_subscriber::EnvFilter;

/// Starts the log at `level`: `error`, `warn`, `info`, `debug` or `trace`. The variable
/// `RUST_LOG` overrides it, in the syntax of `tracing`'s filters.
///
/// # Errors
///
/// A sentence, where the level is none.
pub fn start(level: &str) -> Result<(), String> {
    let directives = std::env::var("RUST_LOG").unwrap_or_else(|_| level.to_owned());
    let filter = EnvFilter::try_new(&directives)
        .map_err(|error| format!("the log level \"{directives}\" cannot be used: {error}"))?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .try_init()
        .map_err(|error| format!("the log cannot be started: {error}"))
}
