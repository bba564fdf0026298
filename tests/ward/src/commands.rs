//! The subcommands of `ubugoe-ward`, a file each.

pub mod demo;
pub mod load;
pub mod play;
pub mod scenarios;
mod stop;
pub mod synth;
