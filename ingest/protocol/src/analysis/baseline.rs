//! A stretch of the baseline, for the line on the strip. Its bytes are in the table of the parent.

use vitals::WallTime;

use super::PUBLICATION_BYTES_MAX;
use crate::wire::{Reader, WireError};

/// Most values of one stretch: ten minutes at 2.5 s.
pub const BASELINE_VALUES_MAX: usize = 240;

/// A stretch of the baseline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Baseline {
    /// When the first value holds.
    pub from: WallTime,
    /// Time between two values, ms; not 0.
    pub step_ms: u32,
    /// Quarters of a bpm, `None` where there is no baseline; never 0, at most
    /// [`BASELINE_VALUES_MAX`].
    pub values: Vec<Option<u16>>,
}

impl Baseline {
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.from.0.to_le_bytes());
        out.extend_from_slice(&self.step_ms.to_le_bytes());
        let values = &self.values[..self.values.len().min(BASELINE_VALUES_MAX)];
        out.extend_from_slice(&u16::try_from(values.len()).expect("cut above").to_le_bytes());
        for value in values {
            out.extend_from_slice(&value.unwrap_or(0).to_le_bytes());
        }
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, WireError> {
        let from = WallTime(reader.i64("from")?);
        let step_ms = reader.u32("step")?;
        if step_ms == 0 {
            return Err(WireError::Value { field: "step", value: 0 });
        }
        let count = usize::from(reader.u16("value count")?);
        if count > BASELINE_VALUES_MAX {
            return Err(WireError::Value { field: "value count", value: count as u64 });
        }
        let mut values = Vec::with_capacity(count);
        for _ in 0..count {
            values.push(Some(reader.u16("baseline")?).filter(|quarters| *quarters != 0));
        }
        Ok(Self { from, step_ms, values })
    }
}

const _: () = assert!(46 + 2 * BASELINE_VALUES_MAX <= PUBLICATION_BYTES_MAX);
