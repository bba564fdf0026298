//! Damaged bytes are refused or read, and never stop the reader.

#![expect(clippy::unwrap_used, reason = "helpers of tests may unwrap, as tests do")]

use std::sync::Arc;

use archive::parquet::Table;
use archive::{csv, wfdb};
use arrow::array::{ArrayRef, ListArray, RecordBatch, StringArray};
use arrow::datatypes::{UInt8Type, UInt16Type};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::WriterProperties;
use proptest::prelude::*;

const HEADER: &str = "a 2 4 60\na.dat 16 100(0)/bpm 12 0\na.dat 16 100/nd 12 0\n";
const NAMED: &str = "a 2 4 60\na.dat 212 10(0)/bpm 12 0 1 0 0 FHR\nb.dat 80 2/nd 8 0 1 0 0 UC\n";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_damaged_table_never_stops_the_reader(damage in damage()) {
        for original in [table(true), table(false)] {
            let mut bytes = original;
            damage.apply(&mut bytes);
            read_all(bytes);
        }
    }

    #[test]
    fn damaged_csv_never_stops_the_reader(damage in damage()) {
        let text = "t_ms,fhr,fhr2,mhr,uc\n0,140,0,80,1\n250,141,0,81,2\n750,NaN,,82,3.5\n";
        let mut bytes = text.as_bytes().to_vec();
        damage.apply(&mut bytes);
        for recording in csv::read("x", &bytes).into_iter().flatten() {
            prop_assert!(recording.samples() <= 7 * 24 * 3600 * 4 + 4);
        }
    }

    #[test]
    fn a_damaged_wfdb_record_never_stops_the_reader(damage in damage(), in_header: bool) {
        for header in [HEADER, NAMED] {
            let mut text = header.as_bytes().to_vec();
            let mut samples: Vec<u8> = (0..=255).collect();
            damage.apply(if in_header { &mut text } else { &mut samples });
            let Ok(record) = wfdb::Record::parse(&String::from_utf8_lossy(&text)) else { continue };
            let contents = vec![samples; record.files().count()];
            drop(record.read("a", &contents));
        }
    }

    #[test]
    fn bytes_of_anything_never_stop_a_reader(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        drop(csv::read("x", &bytes));
        drop(wfdb::Record::parse(&String::from_utf8_lossy(&bytes)));
        prop_assert!(Table::open(Bytes::from(bytes)).is_err());
    }
}

/// What happens to a file on its way.
#[derive(Clone, Debug)]
enum Damage {
    Cut(prop::sample::Index),
    Flip(Vec<(prop::sample::Index, u8)>),
    Insert(prop::sample::Index, Vec<u8>),
}

impl Damage {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Cut(at) => bytes.truncate(at.index(bytes.len())),
            Self::Flip(places) => {
                for (at, mask) in places {
                    let at = at.index(bytes.len());
                    bytes[at] ^= mask;
                }
            }
            Self::Insert(at, more) => {
                let at = at.index(bytes.len());
                bytes.splice(at..at, more.iter().copied());
            }
        }
    }
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        1 => at().prop_map(Damage::Cut),
        6 => prop::collection::vec((at(), 1..=255_u8), 1..6).prop_map(Damage::Flip),
        1 => (at(), prop::collection::vec(any::<u8>(), 1..9))
            .prop_map(|(at, more)| Damage::Insert(at, more)),
    ]
}

fn read_all(bytes: Vec<u8>) {
    let Ok(table) = Table::open(Bytes::from(bytes)) else { return };
    drop(table.names());
    for group in 0..table.groups().count() {
        if let Ok(rows) = table.rows(group) {
            rows.for_each(drop);
        }
    }
}

/// Two row groups, packed as the shared recordings are, or as a plain writer would.
fn table(is_packed: bool) -> Vec<u8> {
    let rates = |shift: u16| {
        let one = (0..40).map(move |k| Some(560 + shift + k)).collect::<Vec<_>>();
        Some(one)
    };
    let rates = ListArray::from_iter_primitive::<UInt16Type, _, _>((0..3).map(rates));
    let activities = (0..3).map(|_| Some((0..40).map(Some).collect::<Vec<_>>()));
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("record_id", Arc::new(StringArray::from(vec!["1", "2", "3"]))),
        ("fhr_q", Arc::new(rates)),
        ("uc_h", Arc::new(ListArray::from_iter_primitive::<UInt8Type, _, _>(activities))),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut properties = WriterProperties::builder().set_max_row_group_row_count(Some(2));
    if is_packed {
        properties = properties
            .set_dictionary_enabled(false)
            .set_encoding(Encoding::DELTA_BINARY_PACKED)
            .set_column_encoding("record_id".into(), Encoding::PLAIN)
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(3).unwrap()));
    }
    let mut bytes = Vec::new();
    let mut writer =
        ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties.build())).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}
