//! The one table: a row for each 4 Hz tick, the same while hot and when sealed.
//!
//! ```text
//! bridge, device          utf8          who sent it
//! episode                 16 bytes      the number's big-endian bytes, so that text order is number order
//! epoch, seq              u64           the block's name within its device
//! tick_in_block           u8            0 to 3
//! device_tick             u64           the device's own count, 250 ms each
//! at                      µs UTC        when this tick was, by the bridge's clock
//! built_at                µs UTC        when the bridge had the second complete, same clock
//! received_at             µs UTC        when the region had it, by the region's clock
//! fhr1_quarters           u16 or NULL   quarters of a bpm; likewise fhr2, mhr
//! fhr1_quality            u8 or NULL    codes of vitals::Quality
//! fhr1_absence            u8 or NULL    codes of vitals::Absence; set exactly where the value is NULL
//! ua_halves               u8 or NULL    half units; ua_quality, ua_absence as above
//! movement                u8            the device's two bits for this tick
//! flags                   u16           bits of vitals::Flags, for the whole second
//! fhr1_transducer …       u8            codes of vitals::HeartTransducer, ActivityTransducer
//! checksum                u32           CRC-32 the bridge computed over the block
//! ```
//!
//! A lost signal is NULL, never 0: averages stay true and it packs better. Four rows give the
//! block's bytes back exactly, and `checksum` proves it.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};

/// The version of the table, kept with every file.
pub const SCHEMA_VERSION: u8 = 1;
/// Rows of one block.
pub const ROWS_PER_BLOCK: usize = vitals::TICKS_PER_SECOND;
/// Key under which a file states [`SCHEMA_VERSION`].
pub const VERSION_KEY: &str = "ubugoe.schema";
/// The columns by which sealed files are sorted; together they name a row.
pub const SORT_COLUMNS: [&str; 5] = ["bridge", "device", "epoch", "seq", "tick_in_block"];
/// The value columns of a channel, with the prefix its quality and absence columns share.
pub const CHANNELS: [(&str, &str); 4] = [
    ("fhr1", "fhr1_quarters"),
    ("fhr2", "fhr2_quarters"),
    ("mhr", "mhr_quarters"),
    ("ua", "ua_halves"),
];

/// The table's columns, in order.
#[must_use]
pub fn schema() -> SchemaRef {
    let time = || DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    let mut fields = vec![
        Field::new("bridge", DataType::Utf8, false),
        Field::new("device", DataType::Utf8, false),
        Field::new("episode", DataType::FixedSizeBinary(16), false),
        Field::new("epoch", DataType::UInt64, false),
        Field::new("seq", DataType::UInt64, false),
        Field::new("tick_in_block", DataType::UInt8, false),
        Field::new("device_tick", DataType::UInt64, false),
        Field::new("at", time(), false),
        Field::new("built_at", time(), false),
        Field::new("received_at", time(), false),
    ];
    for (channel, value) in CHANNELS {
        let wide = if channel == "ua" { DataType::UInt8 } else { DataType::UInt16 };
        fields.push(Field::new(value, wide, true));
        fields.push(Field::new(format!("{channel}_quality"), DataType::UInt8, true));
        fields.push(Field::new(format!("{channel}_absence"), DataType::UInt8, true));
    }
    fields.push(Field::new("movement", DataType::UInt8, false));
    fields.push(Field::new("flags", DataType::UInt16, false));
    for (channel, _) in CHANNELS {
        fields.push(Field::new(format!("{channel}_transducer"), DataType::UInt8, false));
    }
    fields.push(Field::new("checksum", DataType::UInt32, false));
    Arc::new(Schema::new(fields))
}
