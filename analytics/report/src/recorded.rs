//! What a recording brings along besides its numbers: how it came, what people and devices
//! marked, whose it is.

use ctg::Span;
use vitals::{Absence, Bpm, Channel};

/// The second of twins, on the paper of the first.
#[derive(Clone, Copy, Debug)]
pub struct Twin<'a> {
    /// The second's rate at each tick of the strip, as it came. May be shorter than the ticks.
    pub rates: &'a [Option<Bpm>],
    /// How far its trace is drawn from where it belongs, bpm; 0 leaves it there.
    ///
    /// Recorders separate twins by some 20 bpm [U, usual]. A shift is written on every page in
    /// words, and numbers in a text are never shifted.
    pub offset_bpm: i16,
}

/// A stretch of a recording in which something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Where, in ticks from the start of the strip.
    pub span: Span,
    /// What holds there.
    pub what: What,
}

/// What holds in a [`Stretch`]. Each is drawn in a way of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A channel has no value, for this reason; the reason is written over the shade. Where the
    /// ticks have a value it is drawn all the same.
    Absent {
        /// Which channel.
        channel: Channel,
        /// Why.
        why: Absence,
    },
    /// The device does not trust its own value: the trace is thin and pale.
    Poor {
        /// Which channel.
        channel: Channel,
    },
    /// No second came although one before and one after did: dots over the whole strip.
    Missing(Missing),
    /// Seconds came after they were lived, stored at the bridge: a tint and a bar on top.
    Late,
    /// The monitor finds one rate on two channels: a bar along the foot.
    Coincidence,
    /// The monitor's own +20 bpm for the second twin is on; whether the values hold it is not
    /// known. Said in words.
    MonitorOffset,
}

/// Why seconds are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// They never came.
    NotReceived,
    /// The bridge refused them: its spool was full.
    Refused,
}

/// Something that somebody wrote, or an alarm that sounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note<'a> {
    /// When, in ticks from the start of the strip.
    pub at: u32,
    /// Who wrote it, with the role, as people are shown; empty for an alarm without one.
    pub who: &'a str,
    /// What; cut with an ellipsis over the strip, whole in the list under it.
    pub text: &'a str,
    /// What kind of note it is.
    pub kind: NoteKind,
}

/// What kind of note it is: each has a shape of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// A person's remark.
    Remark,
    /// An alarm, with the priority it had.
    Alarm(Priority),
}

/// Priority of an alarm; on paper `!`, `!!` and `!!!`, as IEC 60601-1-8 marks them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// Awareness is required.
    Low,
    /// Prompt response is required.
    Medium,
    /// Immediate response is required.
    High,
}

/// Whose strip it is and where it was recorded, as people are shown it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heading<'a> {
    /// The facility; empty where unknown.
    pub facility: &'a str,
    /// The bed or monitor; empty where unknown.
    pub bed: &'a str,
    /// The episode as people are shown it; empty where unknown.
    pub episode: &'a str,
    /// How far she is, where that is known.
    pub gestation: Option<Gestation>,
    /// From when to when, with dates and zone; empty where the recording has no clock.
    pub period: &'a str,
    /// The program that drew it, with its version.
    pub program: &'a str,
}

/// Gestational age: completed weeks, and days beyond them where they are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gestation {
    /// Completed weeks.
    pub weeks: u8,
    /// Days beyond them, 0 to 6.
    pub days: Option<u8>,
}

/// What the pages of a strip show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shows {
    /// The recording, what was found in it and the levels.
    #[default]
    Findings,
    /// The recording alone: no baseline, no finding, no level.
    Recording,
}
