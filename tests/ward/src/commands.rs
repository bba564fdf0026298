//! The subcommands of `ubugoe-ward`, a file each.

pub mod play;
pub mod scenarios;
pub mod synth;
