//! What a wall is told of alarms and pauses, one record each.
//!
//! All numbers are little-endian; a text stands behind its length in one byte. Times are µs since
//! 1970 UTC by the region's clock. A record does not name its track; the frame that carries it
//! does (`crate::feed`).
//!
//! ```text
//! offset size  field of every record
//!      0    1  version, 1
//!      1    1  kind: 1 alarm, 2 pause
//!
//! 1 alarm, at most 458 bytes
//!      2    1  stage: 1 active, 2 latched, 3 acknowledged, 4 resolved
//!      3    1  what: 1 level 5, 2 severe bradycardia, 3 level 4, 4 level 3, 5 bradycardia,
//!              6 tachycardia, 7 tachysystole, 8 maternal coincidence, 9 maternal doubled,
//!              10 twins coincide, 11 signal lost, 12 signal poor, 13 link lost, 14 silent,
//!              15 device fault, 16 analysis absent
//!      4    1  priority: 1 low, 2 medium, 3 high
//!      5    1  fetus, 1 or 2; 0 of the bed or the region
//!      6    1  role that is called: 1 midwife, 2 doctor of the facility, 3 obstetrician of the
//!              centre
//!      7    1  flags: bit 0 marked as an artefact, 1 its priority rose, 2 to be read as a digest,
//!              3 acknowledged with a reason only, 4 resolved because another monitoring began,
//!              5 nobody has reviewed the rules
//!      8    8  id u64, not 0
//!     16    4  revision u32: rises with each change of the same alarm
//!     20    4  returns u32: how often the condition came back before somebody saw it
//!     24   16  episode; 0 of the bed whoever lies in it
//!     40    8  since i64: when the condition began
//!     48    8  raised_at i64
//!     56    8  ended_at i64: when the condition was over; -2^63 while it holds
//!     64       detail, text of at most 48 bytes: value and limit, to show
//!              acknowledged u8: 0 no, 1 yes; then
//!              at i64; after u32, ms from the alarm until then, at most 2^32 - 1;
//!              action u8: 0 none, 1 A, 2 B, 3 C, 4 D;
//!              account, text of at most 64 bytes; screen, text of at most 64 bytes;
//!              reason, text of at most 200 bytes
//!
//! 2 pause, at most 154 bytes
//!      2    1  why it is over: 0 it runs, 1 its time is over, 2 by hand, 3 a high alarm,
//!              4 another monitoring began
//!      3    5  reserved, 0
//!      8    8  at i64: when it began
//!     16    8  until i64: when it ends by itself, or ended
//!     24       account, text of at most 64 bytes; screen, text of at most 64 bytes
//! ```
//!
//! An alarm with a higher revision replaces what was known under its id; a pause replaces what
//! was known of its track. The stage follows from the rest and is written for readers that only
//! show it; a record in which it does not is refused.

use vitals::{EpisodeId, WallTime};

use crate::analysis::coded::coded;
use crate::analysis::{Fetus, LABEL_BYTES_MAX};
use crate::wire::{Reader, WireError, label, put_label};

mod pause;

pub use pause::{Pause, PauseOver};

/// The version this build writes and reads.
pub const ALERT_VERSION: u8 = 1;
/// Most bytes of one record.
pub const ALERT_BYTES_MAX: usize = 458;
/// Most bytes of value and limit.
pub const DETAIL_BYTES_MAX: usize = 48;
/// Most bytes of what somebody writes beside an acknowledgement.
pub const REASON_BYTES_MAX: usize = 200;
/// Longest pause that can be asked for, s.
pub const PAUSE_SECONDS_MAX: u8 = 120;

/// What `ended_at` holds while the condition does.
const NOT_ENDED: i64 = i64::MIN;
/// Bytes of an alarm before its texts.
const ALARM_HEAD_BYTES: usize = 64;
// The fullest alarm: head, detail, acknowledgement with its texts.
const _: () = assert!(
    ALARM_HEAD_BYTES
        + (1 + DETAIL_BYTES_MAX)
        + (1 + 8 + 4 + 1)
        + 2 * (1 + LABEL_BYTES_MAX)
        + (1 + REASON_BYTES_MAX)
        == ALERT_BYTES_MAX
);

coded! {
    /// Where an alarm is in its life.
    AlarmStage, "stage" {
        /// The condition holds and nobody has acknowledged it.
        Active = 1, "active";
        /// The condition is over and nobody has acknowledged it.
        Latched = 2, "latched";
        /// Somebody has seen it, and the condition holds.
        Acknowledged = 3, "acknowledged";
        /// It is over.
        Resolved = 4, "resolved";
    }
}

coded! {
    /// What is wrong.
    AlarmKind, "alarm kind" {
        /// The shown level is 5.
        Level5 = 1, "level-5";
        /// The baseline has been below 80 bpm for minutes.
        SevereBradycardia = 2, "severe-bradycardia";
        /// The shown level is 4.
        Level4 = 3, "level-4";
        /// The shown level is 3.
        Level3 = 4, "level-3";
        /// The rate is low.
        Bradycardia = 5, "bradycardia";
        /// The rate is high.
        Tachycardia = 6, "tachycardia";
        /// Too many contractions.
        Tachysystole = 7, "tachysystole";
        /// The fetal channel shows the mother's rate.
        MaternalCoincidence = 8, "maternal-coincidence";
        /// The fetal channel shows twice the mother's rate.
        MaternalDoubled = 9, "maternal-doubled";
        /// Both fetal channels show the same rate.
        TwinsCoincide = 10, "twins-coincide";
        /// The channel of a fetus has no signal.
        SignalLost = 11, "signal-lost";
        /// Too much of the signal is lost to read it well.
        SignalPoor = 12, "signal-poor";
        /// The bridge is not connected.
        LinkLost = 13, "link-lost";
        /// The bridge sends nothing of this device.
        Silent = 14, "silent";
        /// The device reports a fault of its own.
        DeviceFault = 15, "device-fault";
        /// Nobody reads the strips.
        AnalysisAbsent = 16, "analysis-absent";
    }
}

coded! {
    /// How soon somebody has to respond.
    AlarmPriority, "priority" {
        /// To be aware of.
        Low = 1, "low";
        /// Soon.
        Medium = 2, "medium";
        /// At once.
        High = 3, "high";
    }
}

coded! {
    /// Who is called.
    AlarmRole, "role" {
        /// The midwife in charge.
        Midwife = 1, "midwife";
        /// The doctor of the facility.
        FacilityDoctor = 2, "facility-doctor";
        /// The obstetrician of the perinatal centre.
        CentreObstetrician = 3, "centre-obstetrician";
    }
}

coded! {
    /// What is done about an alarm, as the Japanese guideline codes it.
    AlarmAction, "action" {
        /// Routine observation.
        A = 1, "A";
        /// Closer observation.
        B = 2, "B";
        /// Preparing an expedited delivery.
        C = 3, "C";
        /// An expedited delivery.
        D = 4, "D";
    }
}

/// What else is to be known of an alarm. Bits of the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AlarmFlags(u8);

impl AlarmFlags {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Staff marked it as an artefact.
    pub const INVALID: Self = Self(1 << 0);
    /// Its priority rose.
    pub const PROMOTED: Self = Self(1 << 1);
    /// It is news for a digest, and not for a sound of its own.
    pub const DIGEST: Self = Self(1 << 2);
    /// It is acknowledged with a reason only.
    pub const REASON: Self = Self(1 << 3);
    /// It is resolved because another monitoring began at its bed.
    pub const OTHER_EPISODE: Self = Self(1 << 4);
    /// Nobody has reviewed the rules that made it.
    pub const UNREVIEWED: Self = Self(1 << 5);
    const KNOWN: u8 = 0b11_1111;

    /// The bits.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// These and those.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether every bit of `other` is set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// Somebody has seen an alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledged {
    /// When.
    pub at: WallTime,
    /// How long after the alarm, ms.
    pub after_millis: u32,
    /// What is done about it.
    pub action: Option<AlarmAction>,
    /// The account, at most [`LABEL_BYTES_MAX`] bytes.
    pub account: String,
    /// The screen, at most [`LABEL_BYTES_MAX`] bytes.
    pub screen: String,
    /// The reason in words; may be empty, at most [`REASON_BYTES_MAX`] bytes.
    pub reason: String,
}

/// An alarm as a wall shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// Its number; not 0.
    pub id: u64,
    /// Rises with each change.
    pub revision: u32,
    /// What is wrong.
    pub kind: AlarmKind,
    /// How soon somebody has to respond.
    pub priority: AlarmPriority,
    /// Of which fetus; `None` of the bed or the region.
    pub fetus: Option<Fetus>,
    /// Who is called.
    pub role: AlarmRole,
    /// What else is to be known.
    pub flags: AlarmFlags,
    /// Whether it is history.
    pub is_resolved: bool,
    /// How often the condition came back before somebody saw it.
    pub returns: u32,
    /// Whose monitoring it is of; `None` of the bed whoever lies in it.
    pub episode: Option<EpisodeId>,
    /// When the condition began.
    pub since: WallTime,
    /// When it was raised.
    pub raised_at: WallTime,
    /// When the condition was over; `None` while it holds.
    pub ended_at: Option<WallTime>,
    /// Value and limit, to show; may be empty, at most [`DETAIL_BYTES_MAX`] bytes.
    pub detail: String,
    /// Who has seen it.
    pub acknowledged: Option<Acknowledged>,
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlertRecord {
    /// An alarm.
    Alarm(Alarm),
    /// A pause of the sound of a bed.
    Pause(Pause),
}

const KIND_ALARM: u8 = 1;
const KIND_PAUSE: u8 = 2;

impl AlertRecord {
    /// The encoded record: at most [`ALERT_BYTES_MAX`] bytes.
    ///
    /// Texts longer than their bounds are cut; a caller keeps within them.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(128);
        out.push(ALERT_VERSION);
        match self {
            Self::Alarm(alarm) => {
                out.push(KIND_ALARM);
                alarm.encode(&mut out);
            }
            Self::Pause(pause) => {
                out.push(KIND_PAUSE);
                pause.encode(&mut out);
            }
        }
        out
    }

    /// Reads a record that fills `bytes` exactly.
    ///
    /// # Errors
    ///
    /// [`WireError`] for any byte that [`AlertRecord::to_bytes`] would not have written.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        if bytes.len() > ALERT_BYTES_MAX {
            return Err(WireError::Oversize { announced: bytes.len(), max: ALERT_BYTES_MAX });
        }
        let mut reader = Reader::new(bytes);
        let version = reader.u8("version")?;
        if version != ALERT_VERSION {
            return Err(WireError::Version { received: version });
        }
        let record = match reader.u8("kind")? {
            KIND_ALARM => Self::Alarm(Alarm::read(&mut reader)?),
            KIND_PAUSE => Self::Pause(Pause::read(&mut reader)?),
            received => return Err(WireError::Kind { received }),
        };
        reader.finish()?;
        Ok(record)
    }
}

impl Alarm {
    /// Where it is in its life; `None` where its parts contradict each other.
    #[must_use]
    pub const fn stage(&self) -> Option<AlarmStage> {
        match (self.is_resolved, &self.acknowledged, self.ended_at) {
            (true, _, Some(_)) => Some(AlarmStage::Resolved),
            (false, None, None) => Some(AlarmStage::Active),
            (false, None, Some(_)) => Some(AlarmStage::Latched),
            (false, Some(_), None) => Some(AlarmStage::Acknowledged),
            (true, _, None) | (false, Some(_), Some(_)) => None,
        }
    }

    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&[
            // 0 is no stage: a record that contradicts itself is refused where it arrives.
            self.stage().map_or(0, AlarmStage::code),
            self.kind.code(),
            self.priority.code(),
            self.fetus.map_or(0, Fetus::code),
            self.role.code(),
            self.flags.0,
        ]);
        out.extend_from_slice(&self.id.to_le_bytes());
        out.extend_from_slice(&self.revision.to_le_bytes());
        out.extend_from_slice(&self.returns.to_le_bytes());
        out.extend_from_slice(&self.episode.map_or(0, EpisodeId::to_u128).to_le_bytes());
        let ended_at = self.ended_at.map_or(NOT_ENDED, |at| at.0);
        for time in [self.since.0, self.raised_at.0, ended_at] {
            out.extend_from_slice(&time.to_le_bytes());
        }
        put_label(out, &self.detail, DETAIL_BYTES_MAX);
        out.push(u8::from(self.acknowledged.is_some()));
        if let Some(one) = &self.acknowledged {
            out.extend_from_slice(&one.at.0.to_le_bytes());
            out.extend_from_slice(&one.after_millis.to_le_bytes());
            out.push(one.action.map_or(0, AlarmAction::code));
            put_label(out, &one.account, LABEL_BYTES_MAX);
            put_label(out, &one.screen, LABEL_BYTES_MAX);
            put_label(out, &one.reason, REASON_BYTES_MAX);
        }
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, WireError> {
        let stage = AlarmStage::read(reader)?;
        let kind = AlarmKind::read(reader)?;
        let priority = AlarmPriority::read(reader)?;
        let fetus = Fetus::read_optional(reader)?;
        let role = AlarmRole::read(reader)?;
        let flags = AlarmFlags(reader.u8("flags")?);
        let is_resolved = stage == AlarmStage::Resolved;
        let is_unfit = flags.contains(AlarmFlags::OTHER_EPISODE) && !is_resolved;
        if flags.0 & !AlarmFlags::KNOWN != 0 || is_unfit {
            return Err(WireError::Value { field: "flags", value: flags.0.into() });
        }
        let id = reader.u64("id")?;
        if id == 0 {
            return Err(WireError::Value { field: "id", value: 0 });
        }
        let alarm = Self {
            id,
            revision: reader.u32("revision")?,
            kind,
            priority,
            fetus,
            role,
            flags,
            is_resolved,
            returns: reader.u32("returns")?,
            episode: Some(reader.u128("episode")?).filter(|id| *id != 0).map(EpisodeId::from_u128),
            since: WallTime(reader.i64("since")?),
            raised_at: WallTime(reader.i64("raised_at")?),
            ended_at: Some(reader.i64("ended_at")?).filter(|at| *at != NOT_ENDED).map(WallTime),
            detail: label(reader, "detail", DETAIL_BYTES_MAX)?,
            acknowledged: acknowledged(reader)?,
        };
        if alarm.stage() != Some(stage) {
            return Err(WireError::Value { field: "stage", value: stage.code().into() });
        }
        Ok(alarm)
    }
}

fn acknowledged(reader: &mut Reader<'_>) -> Result<Option<Acknowledged>, WireError> {
    match reader.u8("acknowledged")? {
        0 => Ok(None),
        1 => Ok(Some(Acknowledged {
            at: WallTime(reader.i64("at")?),
            after_millis: reader.u32("after")?,
            action: AlarmAction::read_optional(reader)?,
            account: label(reader, "account", LABEL_BYTES_MAX)?,
            screen: label(reader, "screen", LABEL_BYTES_MAX)?,
            reason: label(reader, "reason", REASON_BYTES_MAX)?,
        })),
        value => Err(WireError::Value { field: "acknowledged", value: value.into() }),
    }
}
