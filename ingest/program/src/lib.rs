//! What every program that connects to a region does alike, from its command line to its end.
//!
//! In: a file, a command line, signals. Out: a configuration of real types or the key that is
//! wrong, an identity, a log, a folder of its own, an exit code.
//! Never: what the program is for. A bridge owes blocks and an analysis reads strips; an
//! operator sets both up with the same words, and two sets of words would come to differ.
//!
//! Start at [`run`].

pub mod configuration;
pub mod enrolment;
pub mod folder;
pub mod log;
mod run;

pub use run::{asked_to_stop, run};
