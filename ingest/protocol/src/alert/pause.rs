//! Quiet at one bed. Its bytes are in the table of the parent.

use vitals::WallTime;

use crate::analysis::LABEL_BYTES_MAX;
use crate::analysis::coded::coded;
use crate::wire::{Reader, WireError, label, put_label, reserved};

coded! {
    /// Why a pause is over.
    PauseOver, "pause" {
        /// Its time is over.
        Elapsed = 1, "elapsed";
        /// Somebody ended it.
        ByHand = 2, "by hand";
        /// An alarm of the bed was raised high, or became so.
        HighAlarm = 3, "high alarm";
        /// Another monitoring began at the bed, or this one ended.
        OtherEpisode = 4, "other episode";
    }
}

/// A pause of the sound of one bed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    /// Why it is over; `None` while it runs.
    pub over: Option<PauseOver>,
    /// When it began.
    pub at: WallTime,
    /// When it ends by itself, or ended.
    pub until: WallTime,
    /// The account that began it, at most [`LABEL_BYTES_MAX`] bytes.
    pub account: String,
    /// The screen on which it did, at most [`LABEL_BYTES_MAX`] bytes.
    pub screen: String,
}

/// Bytes of a pause before its texts.
const HEAD_BYTES: usize = 24;
const _: () = assert!(HEAD_BYTES + 2 * (1 + LABEL_BYTES_MAX) == 154);
const _: () = assert!(154 <= super::ALERT_BYTES_MAX);

impl Pause {
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        out.push(self.over.map_or(0, PauseOver::code));
        out.extend_from_slice(&[0; 5]);
        out.extend_from_slice(&self.at.0.to_le_bytes());
        out.extend_from_slice(&self.until.0.to_le_bytes());
        put_label(out, &self.account, LABEL_BYTES_MAX);
        put_label(out, &self.screen, LABEL_BYTES_MAX);
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, WireError> {
        let over = PauseOver::read_optional(reader)?;
        reserved(reader, 5)?;
        Ok(Self {
            over,
            at: WallTime(reader.i64("at")?),
            until: WallTime(reader.i64("until")?),
            account: label(reader, "account", LABEL_BYTES_MAX)?,
            screen: label(reader, "screen", LABEL_BYTES_MAX)?,
        })
    }
}
