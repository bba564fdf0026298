//! The analysis of live strips, a process of its own.
//!
//! In: the region's feed, as a wall gets it. Out: findings, levels, baselines and physiological
//! conditions, published back with ids that stay and revisions that rise, and a sign of life
//! each second. Never: what a strip means (`ctg` reads), what is done about it (alerts).
//!
//! ```text
//!  config ─► watch ── quic ─► worker, one a thread ─► analysis
//!                                                       └ device ── strip    blocks → ticks
//!                                                           └ stream ── ctg::Engine
//!                                                               ├ translate  engine → wire
//!                                                               ├ ledger     ids, revisions
//!                                                               └ conditions
//! ```
//!
//! From `analysis` down nothing knows of clocks, files or sockets. Start at [`watch::run`], or
//! at [`ledger`] for why a restart alarms nobody anew.

pub mod analysis;
pub mod arguments;
pub mod bench;
pub mod cases;
pub mod check;
pub mod class;
pub mod clock;
pub mod conditions;
pub mod config;
pub mod device;
pub mod ledger;
pub mod quic;
pub mod stream;
pub mod strip;
pub mod translate;
pub mod watch;
pub mod worker;
