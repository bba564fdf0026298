//! What is drawn: one strip and what was found in it.

use ctg::{Acceleration, Artefact, Contraction, Deceleration, Profile, Span, Tick, Uterus};

use crate::error::ReportError;
use crate::recorded::{Heading, Note, Shows, Stretch, Twin, What};

/// The longest strip a report takes, ticks: seven days at 4 Hz.
///
/// Design value: an episode of labour lasts a day or two. At 3 cm/min a week fills 1,260 pages;
/// more is a mistake of the caller rather than a wish.
pub const TICKS_MAX: usize = 7 * 24 * 60 * ctg::tick::TICKS_PER_MINUTE as usize;

/// A strip with its findings: what the pages show.
///
/// Everything is placed by ticks from the start of [`ticks`](Self::ticks). Findings beyond its
/// end, or with numbers that are none, are left out rather than refused: a report of a damaged
/// analysis still shows the strip. Begin with [`Strip::bare`] and fill in what there is.
#[derive(Clone, Copy, Debug)]
pub struct Strip<'a> {
    /// What the record is called; cut with an ellipsis where it is wider than the page.
    pub name: &'a str,
    /// When it began, where that is known.
    pub beginning: Option<Beginning<'a>>,
    /// The recording as it came, four ticks a second, artefacts and all.
    pub ticks: &'a [Tick],
    /// The baseline at each tick, bpm; NaN where there is none. May be shorter than the ticks.
    pub baseline_bpm: &'a [f32],
    /// Accelerations; those that [`profile`](Self::profile) counts in are drawn.
    pub accelerations: &'a [Acceleration],
    /// Decelerations; those that [`profile`](Self::profile) counts in are drawn.
    pub decelerations: &'a [Deceleration],
    /// Contractions.
    pub contractions: &'a [Contraction],
    /// Stretches in which the fetal channel shows something else.
    pub artefacts: &'a [Artefact],
    /// The level of each block, in the order of time; they do not overlap.
    pub levels: &'a [LevelBand],
    /// Whose findings are drawn; every page names it.
    pub profile: Profile,
    /// What measures her contractions: the unit of the lower scale.
    pub uterus: Uterus,
    /// The table that the levels come from.
    pub table: Table<'a>,
    /// Whether findings are shown at all.
    pub shows: Shows,
    /// The part that is drawn; `None` draws all. Pages begin at a whole minute of the strip.
    pub part: Option<Span>,
    /// Whose it is; `None` leaves the header to [`name`](Self::name).
    pub heading: Option<Heading<'a>>,
    /// The second of twins.
    pub twin: Option<Twin<'a>>,
    /// How the recording came, stretch by stretch.
    pub stretches: &'a [Stretch],
    /// Ticks at which the event marker was pressed.
    pub events: &'a [u32],
    /// Where the monitor marks fetal movement.
    pub movements: &'a [Span],
    /// Notes and alarms.
    pub notes: &'a [Note<'a>],
}

impl<'a> Strip<'a> {
    /// A strip in which nothing was found or looked for.
    #[must_use]
    pub fn bare(name: &'a str, ticks: &'a [Tick]) -> Self {
        Self {
            name,
            beginning: None,
            ticks,
            baseline_bpm: &[],
            accelerations: &[],
            decelerations: &[],
            contractions: &[],
            artefacts: &[],
            levels: &[],
            profile: Profile::Definition,
            uterus: Uterus::External,
            table: Table { version: "", reviewers: None },
            shows: Shows::Findings,
            part: None,
            heading: None,
            twin: None,
            stretches: &[],
            events: &[],
            movements: &[],
            notes: &[],
        }
    }

    /// Its length in ticks.
    pub(crate) fn length(&self) -> Result<u32, ReportError> {
        if self.ticks.len() > TICKS_MAX {
            return Err(ReportError::TooLong {
                ticks: self.ticks.len(),
                name: self.name.to_owned(),
            });
        }
        Ok(u32::try_from(self.ticks.len()).unwrap_or(u32::MAX))
    }

    /// The part that is drawn, inside the strip.
    pub(crate) fn drawn(&self) -> Result<Span, ReportError> {
        let length = self.length()?;
        let part = self.part.unwrap_or(Span { start: 0, end: length });
        let start = part.start.min(length);
        Ok(Span { start, end: part.end.clamp(start, length) })
    }

    /// Its beginning, if the paper counts by the clock.
    pub(crate) fn clock(&self) -> Option<Beginning<'a>> {
        self.beginning.filter(|beginning| !beginning.days.is_empty())
    }

    /// The stretches in which something holds.
    pub(crate) fn stretches_of(&self, holds: impl Fn(What) -> bool) -> impl Iterator<Item = Span> {
        self.stretches.iter().filter(move |it| holds(it.what)).map(|it| it.span)
    }

    /// The accelerations that are drawn.
    pub(crate) fn shown_accelerations(&self) -> impl Iterator<Item = &'a Acceleration> {
        let profile = self.profile;
        self.accelerations.iter().filter(move |found| found.profiles.include(profile))
    }

    /// The decelerations that are drawn.
    pub(crate) fn shown_decelerations(&self) -> impl Iterator<Item = &'a Deceleration> {
        let profile = self.profile;
        self.decelerations.iter().filter(move |found| found.profiles.include(profile))
    }
}

/// When a strip began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beginning<'a> {
    /// Date and time as the header shows it, with the zone: `2026-11-25 14:05:10 +09:00`.
    pub text: &'a str,
    /// Second of the local day at the first tick, 0 to 86,399: the marks of time count from it.
    pub second_of_day: u32,
    /// The local days that the strip touches, the first one first: `2026-11-25`. Where they are
    /// given the paper counts by the clock; where they are not, from the first tick on.
    pub days: &'a [String],
}

/// The level of a stretch, usually one of the ten-minute blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelBand {
    /// Where it holds.
    pub span: Span,
    /// 1 to 5; `None` where it is not classifiable. Other numbers are drawn as `None`.
    pub level: Option<u8>,
    /// What the level is called, in the language of the paper.
    pub name: String,
    /// The findings behind it, a line each, in the language of the paper. A value that was
    /// carried over from earlier says so here.
    pub why: Vec<String>,
    /// What is recommended at the level, a line for each role; written under the findings where
    /// there is room for all of it, else left out.
    pub actions: Vec<String>,
}

/// Which table the levels come from, and who has checked it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table<'a> {
    /// Its version, such as `jsog-2010/2023`, perhaps with the start of its hash.
    pub version: &'a str,
    /// The clinicians who signed it; `None` puts the words "not reviewed" on every page.
    pub reviewers: Option<&'a str>,
}
