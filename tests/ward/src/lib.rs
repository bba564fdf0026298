//! A simulated ward: virtual monitors and what they play.
//!
//! In: a scenario and a seed, or recordings; a line speed; bytes from a bridge.
//! Out: pseudo-terminals that speak as Series 50 monitors do, second by second.
//! Never: anything a bridge could not meet on a real port.
//!
//! | module | what it is | touches the world |
//! |---|---|---|
//! | [`source`] | seconds to play: [`source::Synth`], [`source::ParquetRecordings`], [`source::WfdbFolder`] | reads recordings |
//! | [`monitor`] | the monitor: commands in, frames out, time as an argument | no |
//! | [`pace`] | a serial line's speed: which byte arrives when | no |
//! | [`pty`] | the port, and the thread that plays many monitors on many ports | yes |
//! | [`region`] | the real server and bridges as child processes | yes |
//! | [`viewer`] | a wall without a screen | yes |
//! | [`load`] | many bridges and viewers, and what they cost | yes |

pub mod load;
pub mod monitor;
pub mod pace;
pub mod pty;
pub mod region;
pub mod source;
pub mod viewer;
