//! Blocks to rows and back, without loss.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, FixedSizeBinaryArray, PrimitiveArray,
    RecordBatch, StringArray,
};
use arrow::datatypes::{
    SchemaRef, TimestampMicrosecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use protocol::Block;
use vitals::{
    Absence, Activity, ActivityTransducer, Bpm, BridgeId, DeviceId, DeviceTick, EpisodeId, Flags,
    HeartTransducer, Movement, Quality, Reading, Second, TICKS_PER_SECOND, Transducers, WallTime,
};

use crate::error::StoreError;
use crate::ranges::Runs;
use crate::schema::{CHANNELS, ROWS_PER_BLOCK, SCHEMA_VERSION, SORT_COLUMNS, schema};
use crate::table::{Table, TableName};

/// A block as the region received it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredBlock {
    /// Who sent it.
    pub bridge: BridgeId,
    /// When the region had it, by the region's clock.
    pub received_at: WallTime,
    /// What was sent.
    pub block: Block,
    /// The CRC-32 at the end of the bytes as received ([`Block::checksum_of`]).
    pub checksum: u32,
}

/// Why rows are not blocks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadRows {
    /// A column of the table is missing or of another type.
    #[error("column \"{name}\" is missing or of another type")]
    Column {
        /// Which.
        name: String,
    },
    /// The number of rows is not a number of blocks.
    #[error("{rows} rows are no whole number of blocks")]
    Count {
        /// How many there are.
        rows: usize,
    },
    /// A field holds what its type does not have.
    #[error("row {row}: \"{column}\" has an impossible value")]
    Value {
        /// Which row, from 0.
        row: usize,
        /// Which column.
        column: &'static str,
    },
    /// A record cannot be read, or says something else than the columns beside it.
    #[error("row {row}: the record does not agree with its columns")]
    Record {
        /// Which row, from 0.
        row: usize,
    },
    /// The rows make up a block with another checksum than the bridge computed.
    #[error("row {row}: the block has checksum {computed:08x}, its bridge computed {stored:08x}")]
    Checksum {
        /// Its first row, from 0.
        row: usize,
        /// What the rows give.
        computed: u32,
        /// What is stored with them.
        stored: u32,
    },
}

/// The table of samples.
#[derive(Debug)]
pub(crate) struct Samples;

impl Table for Samples {
    type Item = StoredBlock;
    type Order = (BridgeId, DeviceId, u64, u64);
    type Key = ();

    const NAME: TableName = TableName::Samples;
    const VERSION: u8 = SCHEMA_VERSION;
    const ROWS_PER_ITEM: usize = ROWS_PER_BLOCK;
    const SORT_COLUMNS: &'static [&'static str] = &SORT_COLUMNS;
    const SEARCH_COLUMNS: &'static [&'static str] = &["at", "episode"];

    fn schema() -> SchemaRef {
        schema()
    }

    fn rows(blocks: &[StoredBlock]) -> RecordBatch {
        rows_from_blocks(blocks)
    }

    fn items(rows: &RecordBatch) -> Result<Vec<StoredBlock>, BadRows> {
        blocks_from_rows(rows)
    }

    fn check(index: usize, stored: &StoredBlock) -> Result<(), StoreError> {
        let (computed, given) = (checksum(&stored.block), stored.checksum);
        if computed == given {
            Ok(())
        } else {
            Err(StoreError::Checksum { index, given, computed })
        }
    }

    fn order(stored: &StoredBlock) -> Self::Order {
        (stored.bridge, stored.block.device, stored.block.epoch, stored.block.seq)
    }

    fn times(stored: &StoredBlock) -> (WallTime, WallTime) {
        (stored.block.at, stored.received_at)
    }

    fn note(stored: &StoredBlock, runs: &mut Runs) {
        runs.insert_block(stored);
    }

    fn key(_: &StoredBlock) -> Option<()> {
        None
    }
}

/// The checksum that a block's bytes end with.
fn checksum(block: &Block) -> u32 {
    Block::checksum_of(&block.to_bytes()).expect("an encoded block ends with its checksum")
}

/// The rows of some blocks, four each, in their order.
#[must_use]
pub fn rows_from_blocks(blocks: &[StoredBlock]) -> RecordBatch {
    let at = |block: &Block, tick: usize| block.at.plus_micros(DeviceTick::MICROS * tick as i64).0;
    let mut columns: Vec<ArrayRef> = vec![
        texts(blocks, |stored| stored.bridge.as_str()),
        texts(blocks, |stored| stored.block.device.as_str()),
        episodes(blocks),
        ticks::<UInt64Type>(blocks, |stored, _| stored.block.epoch),
        ticks::<UInt64Type>(blocks, |stored, _| stored.block.seq),
        ticks::<UInt8Type>(blocks, |_, tick| tick as u8),
        ticks::<UInt64Type>(blocks, |stored, tick| stored.block.tick.0.saturating_add(tick as u64)),
        times(blocks, |stored, tick| at(&stored.block, tick)),
        times(blocks, |stored, _| stored.block.built_at.0),
        times(blocks, |stored, _| stored.received_at.0),
    ];
    channel::<UInt16Type, _>(&mut columns, blocks, |second| &second.fhr1, Bpm::quarters);
    channel::<UInt16Type, _>(&mut columns, blocks, |second| &second.fhr2, Bpm::quarters);
    channel::<UInt16Type, _>(&mut columns, blocks, |second| &second.mhr, Bpm::quarters);
    channel::<UInt8Type, _>(&mut columns, blocks, |second| &second.ua, Activity::halves);
    let transducers = |stored: &StoredBlock| stored.block.second.transducers;
    columns.extend([
        ticks::<UInt8Type>(blocks, |stored, tick| stored.block.second.movement[tick].bits()),
        ticks::<UInt16Type>(blocks, |stored, _| stored.block.second.flags.bits()),
        ticks::<UInt8Type>(blocks, |stored, _| transducers(stored).fhr1.code()),
        ticks::<UInt8Type>(blocks, |stored, _| transducers(stored).fhr2.code()),
        ticks::<UInt8Type>(blocks, |stored, _| transducers(stored).mhr.code()),
        ticks::<UInt8Type>(blocks, |stored, _| transducers(stored).ua.code()),
        ticks::<UInt32Type>(blocks, |stored, _| stored.checksum),
    ]);
    RecordBatch::try_new(schema(), columns).expect("columns are built in the schema's order")
}

fn texts(blocks: &[StoredBlock], text: impl Fn(&StoredBlock) -> &str) -> ArrayRef {
    let values = blocks.iter().flat_map(|stored| [text(stored); ROWS_PER_BLOCK]);
    Arc::new(StringArray::from_iter_values(values))
}

fn episodes(blocks: &[StoredBlock]) -> ArrayRef {
    let mut bytes = Vec::with_capacity(blocks.len() * ROWS_PER_BLOCK * 16);
    for stored in blocks {
        for _ in 0..ROWS_PER_BLOCK {
            bytes.extend_from_slice(&stored.block.episode.to_u128().to_be_bytes());
        }
    }
    Arc::new(FixedSizeBinaryArray::new(16, bytes.into(), None))
}

fn ticks<T: ArrowPrimitiveType>(
    blocks: &[StoredBlock],
    value: impl Fn(&StoredBlock, usize) -> T::Native,
) -> ArrayRef {
    let value = &value;
    let values =
        blocks.iter().flat_map(|stored| (0..ROWS_PER_BLOCK).map(move |i| value(stored, i)));
    Arc::new(PrimitiveArray::<T>::from_iter_values(values))
}

fn times(blocks: &[StoredBlock], value: impl Fn(&StoredBlock, usize) -> i64) -> ArrayRef {
    let array = ticks::<TimestampMicrosecondType>(blocks, value);
    Arc::new(array.as_primitive::<TimestampMicrosecondType>().clone().with_timezone("UTC"))
}

/// Adds value, quality and absence of one channel.
fn channel<T, V>(
    columns: &mut Vec<ArrayRef>,
    blocks: &[StoredBlock],
    readings: impl Fn(&Second) -> &[Reading<V>; TICKS_PER_SECOND],
    count: impl Fn(V) -> T::Native,
) where
    T: ArrowPrimitiveType,
    V: Copy,
{
    let all = || blocks.iter().flat_map(|stored| readings(&stored.block.second).iter());
    let values = all().map(|reading| reading.value().map(&count));
    columns.push(Arc::new(values.collect::<PrimitiveArray<T>>()));
    let qualities = all().map(|reading| reading.quality().map(Quality::code));
    columns.push(Arc::new(qualities.collect::<PrimitiveArray<UInt8Type>>()));
    let absences = all().map(|reading| reading.absence().map(Absence::code));
    columns.push(Arc::new(absences.collect::<PrimitiveArray<UInt8Type>>()));
}

/// The blocks of some rows, each proven by its checksum.
///
/// # Errors
///
/// [`BadRows`] at the first four rows that are not what [`rows_from_blocks`] writes.
pub fn blocks_from_rows(batch: &RecordBatch) -> Result<Vec<StoredBlock>, BadRows> {
    if !batch.num_rows().is_multiple_of(ROWS_PER_BLOCK) {
        return Err(BadRows::Count { rows: batch.num_rows() });
    }
    let columns = Columns::of(batch)?;
    (0..batch.num_rows()).step_by(ROWS_PER_BLOCK).map(|row| columns.block(row)).collect()
}

/// The columns of a batch with their types.
struct Columns<'a> {
    bridge: &'a StringArray,
    device: &'a StringArray,
    episode: &'a FixedSizeBinaryArray,
    epoch: &'a PrimitiveArray<UInt64Type>,
    seq: &'a PrimitiveArray<UInt64Type>,
    tick_in_block: &'a PrimitiveArray<UInt8Type>,
    device_tick: &'a PrimitiveArray<UInt64Type>,
    at: &'a PrimitiveArray<TimestampMicrosecondType>,
    built_at: &'a PrimitiveArray<TimestampMicrosecondType>,
    received_at: &'a PrimitiveArray<TimestampMicrosecondType>,
    fhr1: ChannelColumns<'a, UInt16Type>,
    fhr2: ChannelColumns<'a, UInt16Type>,
    mhr: ChannelColumns<'a, UInt16Type>,
    ua: ChannelColumns<'a, UInt8Type>,
    movement: &'a PrimitiveArray<UInt8Type>,
    flags: &'a PrimitiveArray<UInt16Type>,
    transducers: [&'a PrimitiveArray<UInt8Type>; CHANNELS.len()],
    checksum: &'a PrimitiveArray<UInt32Type>,
}

struct ChannelColumns<'a, T: ArrowPrimitiveType> {
    name: &'static str,
    value: &'a PrimitiveArray<T>,
    quality: &'a PrimitiveArray<UInt8Type>,
    absence: &'a PrimitiveArray<UInt8Type>,
}

fn named<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a ArrayRef, BadRows> {
    batch.column_by_name(name).ok_or_else(|| BadRows::Column { name: name.to_owned() })
}

fn numbers<'a, T: ArrowPrimitiveType>(
    batch: &'a RecordBatch,
    name: &str,
) -> Result<&'a PrimitiveArray<T>, BadRows> {
    named(batch, name)?
        .as_primitive_opt::<T>()
        .ok_or_else(|| BadRows::Column { name: name.to_owned() })
}

impl<'a, T: ArrowPrimitiveType> ChannelColumns<'a, T> {
    fn of(batch: &'a RecordBatch, (name, value): (&'static str, &str)) -> Result<Self, BadRows> {
        Ok(Self {
            name,
            value: numbers(batch, value)?,
            quality: numbers(batch, &format!("{name}_quality"))?,
            absence: numbers(batch, &format!("{name}_absence"))?,
        })
    }

    fn readings<V: Copy>(
        &self,
        row: usize,
        value: impl Fn(T::Native) -> Option<V>,
    ) -> Result<[Reading<V>; TICKS_PER_SECOND], BadRows> {
        let mut readings = [Reading::Absent(Absence::Blank); TICKS_PER_SECOND];
        for (tick, reading) in readings.iter_mut().enumerate() {
            let row = row + tick;
            *reading =
                self.reading(row, &value).ok_or(BadRows::Value { row, column: self.name })?;
        }
        Ok(readings)
    }

    fn reading<V>(&self, row: usize, value: impl Fn(T::Native) -> Option<V>) -> Option<Reading<V>> {
        let (has_value, has_quality, has_absence) =
            (self.value.is_valid(row), self.quality.is_valid(row), self.absence.is_valid(row));
        match (has_value, has_quality, has_absence) {
            (true, true, false) => Some(Reading::Measured {
                value: value(self.value.value(row))?,
                quality: Quality::from_code(self.quality.value(row))?,
            }),
            (false, false, true) => {
                Absence::from_code(self.absence.value(row)).map(Reading::Absent)
            }
            _ => None,
        }
    }
}

impl<'a> Columns<'a> {
    fn of(batch: &'a RecordBatch) -> Result<Self, BadRows> {
        let text = |name: &str| -> Result<&'a StringArray, BadRows> {
            named(batch, name)?
                .as_string_opt::<i32>()
                .ok_or_else(|| BadRows::Column { name: name.to_owned() })
        };
        let transducer = |i: usize| numbers(batch, &format!("{}_transducer", CHANNELS[i].0));
        Ok(Self {
            bridge: text("bridge")?,
            device: text("device")?,
            episode: named(batch, "episode")?
                .as_fixed_size_binary_opt()
                .filter(|array| array.value_length() == 16)
                .ok_or_else(|| BadRows::Column { name: "episode".to_owned() })?,
            epoch: numbers(batch, "epoch")?,
            seq: numbers(batch, "seq")?,
            tick_in_block: numbers(batch, "tick_in_block")?,
            device_tick: numbers(batch, "device_tick")?,
            at: numbers(batch, "at")?,
            built_at: numbers(batch, "built_at")?,
            received_at: numbers(batch, "received_at")?,
            fhr1: ChannelColumns::of(batch, CHANNELS[0])?,
            fhr2: ChannelColumns::of(batch, CHANNELS[1])?,
            mhr: ChannelColumns::of(batch, CHANNELS[2])?,
            ua: ChannelColumns::of(batch, CHANNELS[3])?,
            movement: numbers(batch, "movement")?,
            flags: numbers(batch, "flags")?,
            transducers: [transducer(0)?, transducer(1)?, transducer(2)?, transducer(3)?],
            checksum: numbers(batch, "checksum")?,
        })
    }

    /// The block whose four rows begin at `row`.
    fn block(&self, row: usize) -> Result<StoredBlock, BadRows> {
        self.one_block(row)?;
        let wrong = |column| BadRows::Value { row, column };
        let name = |array: &'a StringArray, column| {
            if array.is_null(row) { Err(wrong(column)) } else { Ok(array.value(row)) }
        };
        let bridge = BridgeId::new(name(self.bridge, "bridge")?).map_err(|_| wrong("bridge"))?;
        let device = DeviceId::new(name(self.device, "device")?).map_err(|_| wrong("device"))?;
        let episode = self.episode.value(row).try_into().map_err(|_| wrong("episode"))?;
        let block = Block {
            device,
            epoch: self.epoch.value(row),
            seq: self.seq.value(row),
            episode: EpisodeId::from_u128(u128::from_be_bytes(episode)),
            tick: DeviceTick(self.device_tick.value(row)),
            at: WallTime(self.at.value(row)),
            built_at: WallTime(self.built_at.value(row)),
            second: self.second(row)?,
        };
        let (computed, stored) = (checksum(&block), self.checksum.value(row));
        if computed != stored {
            return Err(BadRows::Checksum { row, computed, stored });
        }
        let received_at = WallTime(self.received_at.value(row));
        Ok(StoredBlock { bridge, received_at, block, checksum: stored })
    }

    /// Checks that four rows are the ticks of one block.
    fn one_block(&self, first: usize) -> Result<(), BadRows> {
        for tick in 0..ROWS_PER_BLOCK {
            let row = first + tick;
            let same = usize::from(self.tick_in_block.value(row)) == tick
                && self.seq.value(row) == self.seq.value(first)
                && self.epoch.value(row) == self.epoch.value(first)
                && self.bridge.value(row) == self.bridge.value(first)
                && self.device.value(row) == self.device.value(first)
                && self.checksum.value(row) == self.checksum.value(first);
            if !same {
                return Err(BadRows::Value { row, column: "tick_in_block" });
            }
        }
        Ok(())
    }

    fn second(&self, row: usize) -> Result<Second, BadRows> {
        let wrong = |column| BadRows::Value { row, column };
        let rate = |quarters| Bpm::from_quarters(quarters).ok();
        let heart = |i: usize| {
            HeartTransducer::from_code(self.transducers[i].value(row)).ok_or(wrong("transducer"))
        };
        let mut movement = [Movement::NONE; TICKS_PER_SECOND];
        for (tick, mark) in movement.iter_mut().enumerate() {
            *mark = Movement::from_bits(self.movement.value(row + tick));
        }
        Ok(Second {
            fhr1: self.fhr1.readings(row, rate)?,
            fhr2: self.fhr2.readings(row, rate)?,
            mhr: self.mhr.readings(row, rate)?,
            ua: self.ua.readings(row, |halves| Some(Activity::from_halves(halves)))?,
            movement,
            transducers: Transducers {
                fhr1: heart(0)?,
                fhr2: heart(1)?,
                mhr: heart(2)?,
                ua: ActivityTransducer::from_code(self.transducers[3].value(row))
                    .ok_or(wrong("transducer"))?,
            },
            flags: Flags::from_bits(self.flags.value(row)).ok_or(wrong("flags"))?,
        })
    }
}
