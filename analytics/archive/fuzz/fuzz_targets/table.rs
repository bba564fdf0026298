//! No bytes stop the reader of tables. Give it a real table as a first input.

#![no_main]

use archive::parquet::Table;
use bytes::Bytes;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(table) = Table::open(Bytes::copy_from_slice(bytes)) else { return };
    drop(table.names());
    for group in 0..table.groups().count() {
        if let Ok(rows) = table.rows(group) {
            rows.for_each(drop);
        }
    }
});
