//! The frames that bring alarms to a wall, and what staff do about them back. Their bytes are in
//! the table of the parent.

use vitals::WallTime;

use super::{
    AnalysisFrame, KIND_ACKNOWLEDGE, KIND_ALERTS, KIND_INVALID, KIND_PAUSE, KIND_REFUSED,
    RecordEntry, SetMarks, TrackNumber,
};
use crate::alert::{AlarmAction, AlarmPriority, PAUSE_SECONDS_MAX, REASON_BYTES_MAX};
use crate::analysis::coded::coded;
use crate::wire::{Reader, WireError, label, put_label};

/// A frame of alarms and pauses under construction, as [`super::BlocksFrame`] is for blocks.
#[derive(Debug)]
pub struct AlertsFrame(AnalysisFrame);

impl AlertsFrame {
    /// An empty frame, made at `now` by the region's clock.
    #[must_use]
    pub fn new(now: WallTime) -> Self {
        Self(AnalysisFrame::of_kind(KIND_ALERTS, now))
    }

    /// Adds a record; `false` where it does not fit any more.
    #[must_use]
    pub fn push(&mut self, entry: &RecordEntry<'_>) -> bool {
        self.0.push(entry)
    }

    /// Whether nothing was pushed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The finished frame.
    #[must_use]
    pub fn into_bytes(self, marks: SetMarks) -> Vec<u8> {
        self.0.into_bytes(marks)
    }
}

// One frame always has room for a record of an alarm, and one is not longer than is believed.
const _: () = assert!(crate::alert::ALERT_BYTES_MAX <= crate::analysis::PUBLICATION_BYTES_MAX);

/// What somebody at a wall does about an alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attend {
    /// Has seen it.
    Acknowledge {
        /// The number of the alarm; not 0.
        alarm: u64,
        /// The priority that was on the screen. One that has risen since is refused: nobody has
        /// seen the graver one.
        seen: AlarmPriority,
        /// What is done about it.
        action: Option<AlarmAction>,
        /// The reason in words; may be empty, at most [`REASON_BYTES_MAX`] bytes.
        reason: String,
    },
    /// Says that it was an artefact.
    MarkInvalid {
        /// The number of the alarm; not 0.
        alarm: u64,
    },
    /// Asks for quiet at a bed.
    Pause {
        /// Of which track.
        track: TrackNumber,
        /// For how long, s: at most [`PAUSE_SECONDS_MAX`]; 0 ends it.
        seconds: u8,
    },
}

impl Attend {
    /// The frame.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![self.kind()];
        match self {
            Self::Acknowledge { alarm, seen, action, reason } => {
                bytes.extend_from_slice(&alarm.to_le_bytes());
                bytes.extend_from_slice(&[seen.code(), action.map_or(0, AlarmAction::code)]);
                put_label(&mut bytes, reason, REASON_BYTES_MAX);
            }
            Self::MarkInvalid { alarm } => bytes.extend_from_slice(&alarm.to_le_bytes()),
            Self::Pause { track, seconds } => {
                bytes.extend_from_slice(&track.0.to_le_bytes());
                bytes.push(*seconds);
            }
        }
        bytes
    }

    /// Whether these bytes begin as one of these frames does.
    #[must_use]
    pub fn is_meant(bytes: &[u8]) -> bool {
        matches!(bytes.first(), Some(&(KIND_ACKNOWLEDGE | KIND_INVALID | KIND_PAUSE)))
    }

    /// Reads a frame from a wall.
    ///
    /// # Errors
    ///
    /// [`WireError`] for anything that is not a whole frame of these.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new(bytes);
        let frame = match reader.u8("kind")? {
            KIND_ACKNOWLEDGE => Self::Acknowledge {
                alarm: number(&mut reader)?,
                seen: AlarmPriority::read(&mut reader)?,
                action: AlarmAction::read_optional(&mut reader)?,
                reason: label(&mut reader, "reason", REASON_BYTES_MAX)?,
            },
            KIND_INVALID => Self::MarkInvalid { alarm: number(&mut reader)? },
            KIND_PAUSE => {
                let track = TrackNumber(reader.u16("track")?);
                if track == TrackNumber::REGION {
                    return Err(WireError::Value { field: "track", value: track.0.into() });
                }
                let seconds = reader.u8("seconds")?;
                if seconds > PAUSE_SECONDS_MAX {
                    return Err(WireError::Value { field: "seconds", value: seconds.into() });
                }
                Self::Pause { track, seconds }
            }
            received => return Err(WireError::Kind { received }),
        };
        reader.finish()?;
        Ok(frame)
    }

    fn kind(&self) -> u8 {
        match self {
            Self::Acknowledge { .. } => KIND_ACKNOWLEDGE,
            Self::MarkInvalid { .. } => KIND_INVALID,
            Self::Pause { .. } => KIND_PAUSE,
        }
    }
}

/// The number of an alarm, which is not 0.
fn number(reader: &mut Reader<'_>) -> Result<u64, WireError> {
    match reader.u64("alarm")? {
        0 => Err(WireError::Value { field: "alarm", value: 0 }),
        number => Ok(number),
    }
}

coded! {
    /// Why something was not done.
    RefusedWhy, "why" {
        /// There is no such alarm or bed, or nobody knows it any more.
        Unknown = 1, "unknown";
        /// It is done already.
        Already = 2, "already";
        /// The alarm was over before.
        Resolved = 3, "resolved";
        /// This alarm asks for a reason in words.
        ReasonMissing = 4, "reason missing";
        /// The alarm is a graver one than was seen.
        Graver = 5, "graver";
        /// This person may not.
        NotAllowed = 6, "not allowed";
        /// The pause is longer than the rules allow.
        TooLong = 7, "too long";
        /// There is no room for it.
        NoRoom = 8, "no room";
    }
}

/// What was not done of what a wall asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// An alarm was not acknowledged.
    Acknowledge {
        /// Its number.
        alarm: u64,
        /// Why.
        why: RefusedWhy,
    },
    /// An alarm was not marked.
    MarkInvalid {
        /// Its number.
        alarm: u64,
        /// Why.
        why: RefusedWhy,
    },
    /// A bed was not paused.
    Pause {
        /// Of which track.
        track: TrackNumber,
        /// Why.
        why: RefusedWhy,
    },
}

impl Refused {
    /// What is refused, of the request that a wall made.
    #[must_use]
    pub const fn of(request: &Attend, why: RefusedWhy) -> Self {
        match *request {
            Attend::Acknowledge { alarm, .. } => Self::Acknowledge { alarm, why },
            Attend::MarkInvalid { alarm } => Self::MarkInvalid { alarm, why },
            Attend::Pause { track, .. } => Self::Pause { track, why },
        }
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, WireError> {
        let what = reader.u8("what")?;
        let number = reader.u64("number")?;
        let why = RefusedWhy::read(reader)?;
        match (what, u16::try_from(number)) {
            (KIND_ACKNOWLEDGE, _) if number != 0 => Ok(Self::Acknowledge { alarm: number, why }),
            (KIND_INVALID, _) if number != 0 => Ok(Self::MarkInvalid { alarm: number, why }),
            (KIND_PAUSE, Ok(track)) => Ok(Self::Pause { track: TrackNumber(track), why }),
            (KIND_ACKNOWLEDGE | KIND_INVALID | KIND_PAUSE, _) => {
                Err(WireError::Value { field: "number", value: number })
            }
            _ => Err(WireError::Value { field: "what", value: what.into() }),
        }
    }
}

/// Encodes that something was not done.
#[must_use]
pub fn encode_refused(now: WallTime, refused: Refused) -> Vec<u8> {
    let (what, number, why) = match refused {
        Refused::Acknowledge { alarm, why } => (KIND_ACKNOWLEDGE, alarm, why),
        Refused::MarkInvalid { alarm, why } => (KIND_INVALID, alarm, why),
        Refused::Pause { track, why } => (KIND_PAUSE, track.0.into(), why),
    };
    let mut bytes = Vec::with_capacity(19);
    bytes.push(KIND_REFUSED);
    bytes.extend_from_slice(&now.0.to_le_bytes());
    bytes.push(what);
    bytes.extend_from_slice(&number.to_le_bytes());
    bytes.push(why.code());
    bytes
}
