//! What a report promises, read back from the bytes of its pages.

#![expect(clippy::unwrap_used, reason = "a helper of tests that finds nothing has failed the test")]

mod absence;
mod bounds;
mod period;
mod pixels;
mod reading;
mod scale;
mod writing;
