//! A physiological condition: what the strip shows now. Its bytes are in the table of the parent.

use vitals::WallTime;

use super::coded::coded;
use crate::wire::{Reader, WireError, reserved};

coded! {
    /// The physiological conditions.
    ConditionKind, "condition" {
        /// The baseline is low.
        Bradycardia = 1, "bradycardia";
        /// The baseline is high.
        Tachycardia = 2, "tachycardia";
        /// Too many contractions.
        Tachysystole = 3, "tachysystole";
        /// The fetal channel shows the maternal rate.
        MaternalCoincidence = 4, "maternal coincidence";
        /// The fetal channel shows twice the maternal rate.
        MaternalDoubled = 5, "maternal doubled";
        /// Too much of the signal is lost to read it.
        SignalPoor = 6, "signal poor";
        /// The shown level is 3.
        Level3 = 7, "level 3";
        /// The shown level is 4.
        Level4 = 8, "level 4";
        /// The shown level is 5.
        Level5 = 9, "level 5";
        /// The sinusoidal pattern.
        Sinusoidal = 10, "sinusoidal";
        /// A deceleration of 2 min or more goes on.
        ProlongedDeceleration = 11, "prolonged deceleration";
        /// There is no level.
        NotClassifiable = 12, "not classifiable";
        /// Both fetal channels show the same rate.
        TwinsCoincide = 13, "twins coincide";
        /// The rate has been very low for minutes.
        SevereBradycardia = 14, "severe bradycardia";
        /// There has been no rate for some time, where there was one.
        SignalLost = 15, "signal lost";
    }
}

/// Something that holds now, or is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Condition {
    /// What.
    pub kind: ConditionKind,
    /// Whether it holds.
    pub is_active: bool,
    /// When this state began.
    pub since: WallTime,
    /// A number in the unit of the condition: bpm, percent, tenths of a contraction, s; 0
    /// where there is none.
    pub value: i32,
}

impl Condition {
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&[self.kind.code(), u8::from(self.is_active), 0, 0]);
        out.extend_from_slice(&self.since.0.to_le_bytes());
        out.extend_from_slice(&self.value.to_le_bytes());
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, WireError> {
        let kind = ConditionKind::read(reader)?;
        let is_active = match reader.u8("active")? {
            0 => false,
            1 => true,
            value => return Err(WireError::Value { field: "active", value: value.into() }),
        };
        reserved(reader, 2)?;
        let since = WallTime(reader.i64("since")?);
        Ok(Self { kind, is_active, since, value: reader.i32("value")? })
    }
}
