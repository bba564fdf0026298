//! The life of alarms, told in scripts: see [`script`] for how one is written.

mod acknowledging;
mod clock;
mod latching;
mod load;
mod order;
mod pausing;
mod restart;
mod rows;
mod script;
