//! FIGO 2015, NICHD 2008 and the non-stress test by their definitions, on windows built by hand,
//! and what holds of every assessment.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod differences;
mod figo;
mod hand;
mod nichd;
mod nst;
mod properties;
mod quantities;
