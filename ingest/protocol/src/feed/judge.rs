//! A person at a wall gives a level. The frame's bytes are in the table of the parent.

use vitals::{EpisodeId, WallTime};

use super::{KIND_JUDGE, TrackNumber};
use crate::analysis::{Fetus, human_level};
use crate::wire::{Reader, WireError, put_text, span};

/// A person at a wall gives a level to some minutes of a strip.
///
/// Who it is, the region knows from the session; whether that role may judge, it decides. The
/// judgement comes back to every wall as a record of [`crate::analysis`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judge {
    /// Whose strip.
    pub track: TrackNumber,
    /// The monitoring that was on the screen.
    pub episode: EpisodeId,
    /// Which fetus.
    pub fetus: Fetus,
    /// The level, 1 to 5.
    pub level: u8,
    /// Start of the minutes, by the bridge's clock.
    pub from: WallTime,
    /// Their end; not inside.
    pub to: WallTime,
    /// What the person wrote beside it; may be empty, at most 255 bytes.
    pub reason: String,
}

impl Judge {
    /// The frame.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![KIND_JUDGE];
        bytes.extend_from_slice(&self.track.0.to_le_bytes());
        bytes.extend_from_slice(&self.episode.to_u128().to_le_bytes());
        bytes.extend_from_slice(&[self.fetus.code(), self.level]);
        bytes.extend_from_slice(&self.from.0.to_le_bytes());
        bytes.extend_from_slice(&self.to.0.to_le_bytes());
        put_text(&mut bytes, &self.reason);
        bytes
    }

    /// Whether these bytes begin as this frame does.
    #[must_use]
    pub fn is_meant(bytes: &[u8]) -> bool {
        bytes.first() == Some(&KIND_JUDGE)
    }

    /// Reads a frame from a wall.
    ///
    /// # Errors
    ///
    /// [`WireError`] for anything that is not a whole judge frame.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new(bytes);
        let kind = reader.u8("kind")?;
        if kind != KIND_JUDGE {
            return Err(WireError::Kind { received: kind });
        }
        let track = TrackNumber(reader.u16("track")?);
        let episode = EpisodeId::from_u128(reader.u128("episode")?);
        let fetus = Fetus::read(&mut reader)?;
        let level = human_level(&mut reader)?;
        let (from, to) = span(&mut reader)?;
        let reason = reader.text("reason")?.to_owned();
        reader.finish()?;
        Ok(Self { track, episode, fetus, level, from, to, reason })
    }
}
