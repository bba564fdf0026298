//! What the analysis publishes: findings, levels, baselines and conditions, one record each.
//!
//! All numbers are little-endian; a text stands behind its length in one byte. Times are µs
//! since 1970 UTC by the bridge's clock, as the `at` of the blocks they speak of: a finding
//! belongs to samples, and a wall draws both with the same correction. A record does not name
//! its track; the frame that carries it does (`crate::feed`), as with blocks.
//!
//! ```text
//! offset size  field of every record
//!      0    1  version, 1
//!      1    1  kind: 1 finding, 2 assessment, 3 baseline, 4 condition, 5 judgement
//!      2    1  fetus, 1 or 2
//!      3    1  state: 0 provisional, 1 final, 2 withdrawn
//!      4    4  revision u32: rises with each change of the same id
//!      8    8  id u64, not 0: names the record among those of its episode, fetus and kind
//!     16   16  episode
//!     32       the body
//!
//! 1 finding, 88 bytes in all
//!     32    1  what: 0x01 acceleration; decelerations 0x10 early, 0x11 variable, 0x12 late,
//!              0x13 prolonged, 0x14 unknown; 0x20 contraction; artefacts 0x30 doubled,
//!              0x31 halved, 0x32 spike, 0x33 maternal coincidence, 0x34 maternal doubled;
//!              0x40 sinusoidal
//!     33    1  severity: 0 none, 1 mild, 2 severe
//!     34    1  profiles: bit 0 definition, bit 1 expert
//!     35    1  likelihood that an expert would mark it, percent
//!     36    1  share of its ticks without a value, percent
//!     37    1  reserved, 0
//!     38    2  value u16: peak or nadir, quarters of a bpm; of a contraction, height of the
//!              peak over the resting tone, half units; 0xffff none
//!     40    2  depth u16: distance of the value from the baseline there, quarters of a bpm;
//!              0xffff none
//!     42    2  fall u16: from the start to the first bottom, ticks of 250 ms; 0xffff none
//!     44    4  area u32: between baseline and rate, bpm·s
//!     48    8  from i64, inside
//!     56    8  to i64, not inside
//!     64    8  extreme_at i64: when the value was; within from..=to
//!     72    4  lag i32: extreme_at less the peak of its contraction, ms; -2^31 none
//!     76    4  reserved, 0
//!     80    8  contraction u64: id of the finding it is judged against; 0 none
//!
//! 2 assessment, the machine's; at most 371 bytes
//!     32    1  span: 1 block (clock-aligned, for the record), 2 rolling (the last minutes)
//!     33    1  jsog: level of the table 1..=5; 0 not classifiable
//!     34    1  jsog shown: what the display rule makes of it, 0..=5
//!     35    1  reason of a jsog of 0: 1 too much lost, 2 baseline undetermined,
//!              3 variability undetermined, 4 the table has no cell, 5 strip too short; else 0
//!     36    1  FIGO 2015: 0 none, 1 normal, 2 suspicious, 3 pathological
//!     37    1  NICHD 2008: 0 none, 1 I, 2 II, 3 III
//!     38    1  NST: 0 none, 1 reactive, 2 not yet reactive, 3 non-reactive
//!     39    1  variability grade: 0 none, 1 absent, 2 decreased, 3 normal, 4 increased
//!     40    2  flags: bit 0 baseline carried, 1 variability carried, 2 caution: loss,
//!              3 to be checked (要確認), 4 table unreviewed, 5 background risk known,
//!              6 sinusoidal, 7 no uterine activity recorded, 8 under 32 weeks,
//!              9 weeks not known, 10 less than the last hour was read
//!     42    1  share of ticks without a usable rate, percent
//!     43    1  reserved, 0
//!     44    8  from i64, inside
//!     52    8  to i64, not inside
//!     60    2  baseline u16, bpm, rounded to 5: the graded one; 0xffff none
//!     62    2  baseline u16 before rounding, quarters of a bpm; 0xffff none
//!     64    2  bandwidth u16, quarters of a bpm; 0xffff none
//!     66    2  short-term variation u16, hundredths of a ms; 0xffff none
//!     68    2  long-term variation u16, hundredths of a ms; 0xffff none
//!     70    2  contractions u16 in 10 min, tenths; 0xffff not recorded
//!     72    2  age u16 of a carried baseline, s; 0 where it is not carried
//!     74    2  age u16 of a carried variability, s; 0 where it is not carried
//!     76    8  first 8 bytes of the SHA-256 of the table
//!     84       table version, text of at most 64 bytes
//!              engine name and version, text of at most 64 bytes
//!              n u8, at most 12: why, the weightiest first; n × 13 bytes:
//!              code u8 (see WhyCode), finding u64 (its id; 0 none), value i32
//!
//! 3 baseline, a stretch of the line; at most 526 bytes
//!     32    8  from i64: when the first value holds
//!     40    4  step u32, ms between two values, not 0
//!     44    2  n u16, at most 240; then n × u16: quarters of a bpm, 0 undefined
//!
//! 4 condition, physiological; 48 bytes
//!     32    1  what: 1 bradycardia, 2 tachycardia, 3 tachysystole, 4 maternal coincidence,
//!              5 maternal doubled, 6 signal poor, 7 level 3, 8 level 4, 9 level 5,
//!              10 sinusoidal, 11 prolonged deceleration, 12 not classifiable,
//!              13 twins coincide, 14 severe bradycardia, 15 signal lost
//!     33    1  1 active, 0 over
//!     34    2  reserved, 0
//!     36    8  since i64: when this state began
//!     44    4  value i32, in the unit of the condition: bpm, percent, tenths of a
//!              contraction, s; 0 where there is none
//!
//! 5 judgement, a human's; made by the region of a wall's `judge`, never by the analysis
//!     32    1  level, 1..=5
//!     33    1  role: 1 doctor, 2 midwife, 3 obstetrician
//!     34    2  reserved, 0
//!     36    8  from i64, inside
//!     44    8  to i64, not inside
//!     52    8  at i64: when it was said, by the region's clock
//!     60       account, text of at most 64 bytes; reason, text
//! ```
//!
//! A record with a higher revision replaces what was known under its episode, fetus, kind and
//! id. One that is `withdrawn` takes it away: it was provisional, and did not hold. A baseline
//! stretch, the newest rolling assessment and a condition keep their id from revision to
//! revision; an assessment of the record has an id of its own for each block.
//!
//! What a reader derives instead of being told: the actions of a level, by role; whether an
//! acceleration is prolonged (2 min or more).

use vitals::EpisodeId;

use crate::wire::{Reader, WireError};

mod assessment;
mod baseline;
pub(crate) mod coded;
mod condition;
mod finding;
mod judgement;

pub use assessment::{
    Assessment, AssessmentFlags, AssessmentSpan, Figo, Nichd, Nst, Unclassifiable,
    VariabilityGrade, WHY_MAX, Why, WhyCode,
};
pub use baseline::{BASELINE_VALUES_MAX, Baseline};
pub use condition::{Condition, ConditionKind};
pub use finding::{Finding, FindingKind, Profiles, Severity};
pub(crate) use judgement::human_level;
pub use judgement::{JudgeRole, Judgement};

use coded::coded;

/// The version this build writes and reads.
pub const PUBLICATION_VERSION: u8 = 1;
/// Most bytes of one record.
pub const PUBLICATION_BYTES_MAX: usize = 640;
/// Most bytes of a name or version inside a record.
pub const LABEL_BYTES_MAX: usize = 64;

coded! {
    /// Which fetus a record speaks of.
    Fetus, "fetus" {
        /// The only one, or the first of twins.
        First = 1, "first";
        /// The second of twins.
        Second = 2, "second";
    }
}

coded! {
    /// How far a record can be trusted to stay.
    State, "state" {
        /// It may still change: what follows on the strip decides.
        Provisional = 0, "provisional";
        /// It stays as it is.
        Final = 1, "final";
        /// It was provisional and did not hold.
        Withdrawn = 2, "withdrawn";
    }
}

coded! {
    /// What a record is.
    Kind, "kind" {
        /// See [`Finding`].
        Finding = 1, "finding";
        /// See [`Assessment`].
        Assessment = 2, "assessment";
        /// See [`Baseline`].
        Baseline = 3, "baseline";
        /// See [`Condition`].
        Condition = 4, "condition";
        /// See [`Judgement`].
        Judgement = 5, "judgement";
    }
}

/// One record about one fetus of one episode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// The monitoring it belongs to.
    pub episode: EpisodeId,
    /// Which fetus.
    pub fetus: Fetus,
    /// How far it can be trusted to stay.
    pub state: State,
    /// Rises with each change of the same id.
    pub revision: u32,
    /// Names it among the records of the same episode, fetus and kind; not 0.
    pub id: u64,
    /// What it says.
    pub body: Body,
}

/// What a record says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// An event or an artefact on the strip.
    Finding(Finding),
    /// The machine's levels of some minutes.
    Assessment(Assessment),
    /// A stretch of the baseline.
    Baseline(Baseline),
    /// Something that holds now, or is over.
    Condition(Condition),
    /// A level that a person gave.
    Judgement(Judgement),
}

/// What a record replaces, and is replaced by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicationKey {
    /// The monitoring.
    pub episode: EpisodeId,
    /// Which fetus.
    pub fetus: Fetus,
    /// What it is.
    pub kind: Kind,
    /// See [`Publication::id`].
    pub id: u64,
}

impl Publication {
    /// What it replaces, and is replaced by.
    #[must_use]
    pub fn key(&self) -> PublicationKey {
        PublicationKey {
            episode: self.episode,
            fetus: self.fetus,
            kind: self.body.kind(),
            id: self.id,
        }
    }

    /// Appends the encoded record to `out`: at most [`PUBLICATION_BYTES_MAX`] bytes.
    ///
    /// Lists and texts longer than their bounds are cut; a caller keeps within them.
    pub fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&[
            PUBLICATION_VERSION,
            self.body.kind().code(),
            self.fetus.code(),
            self.state.code(),
        ]);
        out.extend_from_slice(&self.revision.to_le_bytes());
        out.extend_from_slice(&self.id.to_le_bytes());
        out.extend_from_slice(&self.episode.to_u128().to_le_bytes());
        match &self.body {
            Body::Finding(finding) => finding.encode(out),
            Body::Assessment(assessment) => assessment.encode(out),
            Body::Baseline(baseline) => baseline.encode(out),
            Body::Condition(condition) => condition.encode(out),
            Body::Judgement(judgement) => judgement.encode(out),
        }
    }

    /// The encoded record.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(128);
        self.encode(&mut out);
        out
    }

    /// Reads a record that fills `bytes` exactly.
    ///
    /// # Errors
    ///
    /// [`WireError`] for any byte that [`Publication::encode`] would not have written.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        if bytes.len() > PUBLICATION_BYTES_MAX {
            let max = PUBLICATION_BYTES_MAX;
            return Err(WireError::Oversize { announced: bytes.len(), max });
        }
        let mut reader = Reader::new(bytes);
        let version = reader.u8("version")?;
        if version != PUBLICATION_VERSION {
            return Err(WireError::Version { received: version });
        }
        let kind = Kind::read(&mut reader)?;
        let fetus = Fetus::read(&mut reader)?;
        let state = State::read(&mut reader)?;
        let revision = reader.u32("revision")?;
        let id = reader.u64("id")?;
        if id == 0 {
            return Err(WireError::Value { field: "id", value: 0 });
        }
        let episode = EpisodeId::from_u128(reader.u128("episode")?);
        let body = match kind {
            Kind::Finding => Body::Finding(Finding::read(&mut reader)?),
            Kind::Assessment => Body::Assessment(Assessment::read(&mut reader)?),
            Kind::Baseline => Body::Baseline(Baseline::read(&mut reader)?),
            Kind::Condition => Body::Condition(Condition::read(&mut reader)?),
            Kind::Judgement => Body::Judgement(Judgement::read(&mut reader)?),
        };
        reader.finish()?;
        Ok(Self { episode, fetus, state, revision, id, body })
    }
}

impl Body {
    /// What it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Finding(_) => Kind::Finding,
            Self::Assessment(_) => Kind::Assessment,
            Self::Baseline(_) => Kind::Baseline,
            Self::Condition(_) => Kind::Condition,
            Self::Judgement(_) => Kind::Judgement,
        }
    }
}
