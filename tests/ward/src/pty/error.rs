//! Why a port cannot be made.

use std::io;
use std::path::PathBuf;

/// Why a port cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PtyError {
    /// The system gives no pseudo-terminal.
    #[error("cannot open a pseudo-terminal: {0}; is /dev/pts mounted and not full?")]
    NoTerminal(#[source] io::Error),
    /// Something that is not a link is in the place of the link.
    #[error(
        "\"{}\" is there already and is no symbolic link; choose another name or remove it",
        link.display()
    )]
    LinkTaken {
        /// The place.
        link: PathBuf,
    },
    /// The link cannot be made.
    #[error("cannot make the link \"{}\": {source}", link.display())]
    Link {
        /// The place.
        link: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The thread that plays cannot be started.
    #[error("cannot start the thread that plays the monitors: {0}")]
    NoThread(#[source] io::Error),
    /// The thread that plays has ended.
    #[error("the monitors are not played any more")]
    Stopped,
    /// A number that no monitor has.
    #[error("there is no monitor number {bed}; {beds} are played, counted from 0")]
    NoSuchBed {
        /// As asked.
        bed: usize,
        /// How many there are.
        beds: usize,
    },
}
