//! The heart of the region: admits, orders, marks gaps, keeps the recent strip and feeds each
//! reader at its pace.
//!
//! In: what bridges say ([`Hub::connect`], [`Hub::receive`]), what the store says
//! ([`Hub::stored`], [`Hub::store_failed`]), what walls ask ([`Hub::watch`]), what the analysis
//! publishes ([`Hub::publish`]), and the time.
//! Out: blocks for the store, acks for the bridges, frames for the walls.
//! Never: sockets, files, threads, clocks; never a measured value. The hub reads headers,
//! ages and cursors, and hands the bytes of a block or a record on as they came.
//!
//! In reading order:
//!
//! * [`hub`]: the order of calls and the promises; [`options`] and [`answer`] are its words.
//! * [`publisher`]: one connected bridge, and what it is still to be told.
//! * [`ledger`]: which blocks of which run were heard, shown and stored; [`ranges`] below it.
//! * [`track`]: one device of one bridge: its place in the roster and its recent strip.
//! * [`log`]: the newest arrivals of all tracks, which every reader walks by itself.
//! * [`subscriber`]: one reader: roster, beats, live blocks, history, and what it missed.
//! * [`analysis`]: what the analysis has published, as a set with versions; [`set_reader`]
//!   is a reader's place in it, [`analyst`] says whether the analysis lives.
//! * [`alarms`]: what walls are told of alarms, a set of the same kind.
//! * [`condition`]: what the hub knows to be wrong without looking at a value.

pub mod alarms;
pub mod analysis;
pub mod analyst;
pub mod answer;
pub mod condition;
pub mod hub;
pub mod ledger;
pub mod log;
pub mod options;
pub mod publisher;
pub mod ranges;
pub mod set_reader;
pub mod subscriber;
pub mod track;

pub use alarms::{AlarmKey, Standing};
pub use analyst::Analysis;
pub use answer::{AnalystConnected, BlockRefused, Connected, Published, Received, RecordRefused};
pub use condition::Condition;
pub use hub::Hub;
pub use ledger::BlockKey;
pub use options::HubOptions;
pub use publisher::PublisherId;
pub use subscriber::ViewerId;
