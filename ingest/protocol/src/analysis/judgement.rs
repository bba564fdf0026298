//! A judgement: the level that a person gave. Its bytes are in the table of the parent.

use vitals::WallTime;

use super::LABEL_BYTES_MAX;
use super::coded::coded;
use crate::wire::{Reader, WireError, label, put_label, put_text, reserved, span};

coded! {
    /// Who may judge.
    JudgeRole, "role" {
        /// A doctor.
        Doctor = 1, "doctor";
        /// A midwife.
        Midwife = 2, "midwife";
        /// An obstetrician of the perinatal centre.
        Obstetrician = 3, "obstetrician";
    }
}

/// The level that a person gave to some minutes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The level, 1 to 5.
    pub level: u8,
    /// As what the person was signed in.
    pub role: JudgeRole,
    /// Start of the minutes.
    pub from: WallTime,
    /// Their end; not inside.
    pub to: WallTime,
    /// When it was said, by the region's clock.
    pub at: WallTime,
    /// The account, at most [`LABEL_BYTES_MAX`] bytes.
    pub account: String,
    /// What the person wrote beside it; may be empty, at most 255 bytes.
    pub reason: String,
}

impl Judgement {
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&[self.level, self.role.code(), 0, 0]);
        for time in [self.from, self.to, self.at] {
            out.extend_from_slice(&time.0.to_le_bytes());
        }
        put_label(out, &self.account, LABEL_BYTES_MAX);
        put_text(out, &self.reason);
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, WireError> {
        let level = human_level(reader)?;
        let role = JudgeRole::read(reader)?;
        reserved(reader, 2)?;
        let (from, to) = span(reader)?;
        Ok(Self {
            level,
            role,
            from,
            to,
            at: WallTime(reader.i64("at")?),
            account: label(reader, "account", LABEL_BYTES_MAX)?,
            reason: reader.text("reason")?.to_owned(),
        })
    }
}

/// A level that a person may give.
pub(crate) fn human_level(reader: &mut Reader<'_>) -> Result<u8, WireError> {
    match reader.u8("level")? {
        level @ 1..=5 => Ok(level),
        value => Err(WireError::Value { field: "level", value: value.into() }),
    }
}

// The fullest judgement, as the table of the parent says.
const _: () = assert!(60 + 1 + LABEL_BYTES_MAX + 256 <= super::PUBLICATION_BYTES_MAX);
