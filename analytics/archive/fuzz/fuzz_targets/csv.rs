//! No bytes stop the reader of CSV.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    drop(archive::csv::read("fuzzed", bytes));
});
