//! No bytes stop the reader of tables. Give it a real table as a first input.

#![no_main]

use std::panic;

use archive::parquet::{Table, is_guarded};
use bytes::Bytes;
use libfuzzer_sys::fuzz_target;

/// The fuzzer aborts at every panic; one that ends as a refusal is no find.
fn overlook_guarded_panics() {
    let abort = panic::take_hook();
    panic::set_hook(Box::new(move |last| {
        if !is_guarded() {
            abort(last);
        }
    }));
}

fuzz_target!(init: overlook_guarded_panics(), |bytes: &[u8]| {
    let Ok(table) = Table::open(Bytes::copy_from_slice(bytes)) else { return };
    drop(table.names());
    for group in 0..table.groups().count() {
        if let Ok(rows) = table.rows(group) {
            rows.for_each(drop);
        }
    }
});
