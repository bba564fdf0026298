//! The regional server: wiring of ingest, store and wall.
//!
//! In: bridges over QUIC, screens over HTTP, an operator's commands. Out: acknowledgements,
//! frames, files in one data directory. Never: decisions. Who is admitted is decided in
//! `access`, what is new and who sees it in `hub`, when a block is safe in `store`.
//!
//! In the order a block takes:
//!
//! * [`config`]: the one file, and what it becomes; [`telemetry`] and [`clock`] beside it.
//! * [`server`]: the wiring, the ready file, the end.
//! * [`pki`]: the region's authority and the certificates it issues.
//! * [`listener`]: the QUIC endpoint; [`link`] serves one bridge, [`analyst`] one analysis,
//!   [`enroll`] a new one of either; `admission` looks at their certificates.
//! * [`live`]: the hub behind a lock, which all of the above and below share.
//! * [`committer`]: writes blocks in groups, and only then lets them be acknowledged.
//! * [`web`]: the pages and the wall's requests; [`tls`] and [`assets`] belong to it.
//! * [`commands`]: the command line.

mod admission;
pub mod alarms;
pub mod analyst;
pub mod assets;
pub mod clock;
pub mod commands;
pub mod committer;
pub mod config;
pub mod enroll;
mod flag;
pub mod link;
pub mod listener;
pub mod live;
pub mod pki;
pub mod server;
pub mod telemetry;
pub mod tls;
pub mod web;
