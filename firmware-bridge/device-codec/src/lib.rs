//! Bytes to readings and back, one module for each device language.
//!
//! In: bytes from a device's line, in any chunking. Out: events, each a decoded message or
//! the reason why there is none; and the other way, messages written as frames.
//! Never: heap, clock, I/O, panics, and any opinion on what a value means for mother or
//! child. A special value of the device becomes an absence with its reason, never a number.
//!
//! Read [`series50`] first: the Philips/HP Series 50 digital interface, which GE Corometrics
//! monitors speak too in their "HP" mode.

#![no_std]
#![cfg_attr(
    not(test),
    deny(
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unreachable,
        clippy::unwrap_used,
        reason = "bytes of a line never stop a bridge, so nothing here may panic"
    )
)]

pub mod series50;
