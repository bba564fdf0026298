//! No header with no signal file stops the reader of WFDB: the two are parted by the first 0.

#![no_main]

use archive::wfdb::Record;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    let (header, samples) = bytes.split_at(end);
    let Ok(record) = Record::parse(&String::from_utf8_lossy(header)) else { return };
    let contents = vec![samples; record.files().count()];
    drop(record.read("fuzzed", &contents));
});
