//! The analysis of live strips, a process of its own.
//!
//! From blocks to an unbroken line of ticks ([`strip`]), and from what the engine says of it to
//! publications with ids that stay ([`ledger`]) and to conditions ([`conditions`]).

pub mod class;
pub mod conditions;
pub mod ledger;
pub mod strip;
