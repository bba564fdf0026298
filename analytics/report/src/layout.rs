//! Where everything is on a page, and what a tick and a rate are in units.
//!
//! ```text
//!    ┌ header: name, from–to, paper, notices ───────────────┐
//!    │ brackets of accelerations, of decelerations          │
//!    │ FHR, 7 or 8 cm, artefacts at its foot                │
//!    │ marks of time                                        │
//!    │ UA, 4 cm; contractions under it                      │
//!    │ ribbon of levels, and why                            │
//!    └ footer: legend, ruler of 5 cm, page ─────────────────┘
//! ```
//!
//! Where no findings are shown, the lane of brackets carries the flags of notes, and the list of
//! notes stands under UA.

use ctg::Span;

use crate::paper::{Format, Paper, Scale, Speed, UNITS_PER_CM};

/// The long and the short side of A4, units.
const A4: (i32, i32) = (29_700, 21_000);
/// Left edge of header, footer and names of lanes.
pub(crate) const EDGE: i32 = 1_000;
/// Left edge of the paper's grid.
pub(crate) const LEFT: i32 = 2_850;
/// Length of the grid on A4 landscape: whole minutes at every speed.
const LANDSCAPE_CM: u32 = 24;
/// Length of the grid on A4 portrait, at most.
const PORTRAIT_CM: u32 = 15;
const _: () = assert!(A4.0 - 2 * LEFT == LANDSCAPE_CM as i32 * UNITS_PER_CM, "in the middle");
const _: () = assert!(A4.1 - 2 * LEFT >= PORTRAIT_CM as i32 * UNITS_PER_CM);

/// Upper edge of the header.
pub(crate) const HEADER: i32 = 720;
/// Height of the lane of one kind of bracket.
pub(crate) const BRACKETS: i32 = 450;
/// Upper edge of the fetal grid.
const FHR_TOP: i32 = 3_450;
/// Height of the lane of artefacts, the lowest part of the fetal grid.
pub(crate) const ARTEFACTS: i32 = 360;
/// Height of the marks of time.
const TIME: i32 = 900;
/// Height of the uterine grid: 100 units on 4 cm.
const UA: i32 = 4 * UNITS_PER_CM;
/// The highest activity on the paper, relative units or mmHg.
pub(crate) const UA_MAX: i32 = 100;
/// Height of the lane of contractions.
const CONTRACTIONS: i32 = 520;
/// Height of the ribbon.
pub(crate) const RIBBON: i32 = 700;
/// Height of the footer with the lower margin.
const FOOTER: i32 = 1_400;

/// One page: its part of the strip, and the places on it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    /// The ticks that the page has room for, whether recorded or not.
    pub(crate) span: Span,
    /// How fast the paper runs.
    pub(crate) speed: Speed,
    /// How high a beat is.
    pub(crate) scale: Scale,
    /// Width and height of the page.
    pub(crate) size: (i32, i32),
}

impl Layout {
    /// How many ticks the grid of a page has room for; all there are on one continuous sheet.
    fn page_ticks(paper: &Paper, ticks: u32) -> u32 {
        let minute = ctg::tick::TICKS_PER_MINUTE;
        let cm_per_min = paper.speed.cm_per_min();
        match paper.format {
            Format::A4Landscape => LANDSCAPE_CM / cm_per_min * minute,
            Format::A4Portrait => PORTRAIT_CM / cm_per_min * minute,
            Format::Continuous => ticks.div_ceil(minute).max(1) * minute,
        }
    }

    /// The pages of a part of a strip; an empty one has a page as well. They begin at a whole
    /// minute of the strip, so that the lines of the paper lie on its minutes.
    pub(crate) fn pages(part: Span, paper: &Paper) -> impl Iterator<Item = Self> {
        let minute = ctg::tick::TICKS_PER_MINUTE;
        let start = part.start / minute * minute;
        let ticks = part.end.saturating_sub(start);
        let each = Self::page_ticks(paper, ticks);
        let (speed, scale) = (paper.speed, paper.scale);
        let size = match paper.format {
            Format::A4Landscape => A4,
            Format::A4Portrait => (A4.1, A4.0),
            Format::Continuous => ((2 * LEFT + speed.units(each)).max(A4.0), A4.1),
        };
        (0..ticks.div_ceil(each).max(1)).map(move |page| {
            let span = Span { start: start + page * each, end: start + (page + 1) * each };
            Self { span, speed, scale, size }
        })
    }

    pub(crate) const fn width(&self) -> i32 {
        self.size.0
    }

    /// Right edge of the paper's grid.
    pub(crate) fn right(&self) -> i32 {
        LEFT + self.speed.units(self.span.ticks())
    }

    /// Right edge of header and footer.
    pub(crate) const fn edge(&self) -> i32 {
        self.size.0 - EDGE
    }

    /// Upper edge of the footer.
    pub(crate) const fn footer(&self) -> i32 {
        self.size.1 - FOOTER
    }

    /// The place of a tick across; ticks off the page are put on its edge.
    pub(crate) fn x(&self, tick: u32) -> i32 {
        let tick = tick.clamp(self.span.start, self.span.end);
        LEFT + self.speed.units(tick - self.span.start)
    }

    pub(crate) const fn fhr_top(&self) -> i32 {
        FHR_TOP
    }

    pub(crate) const fn fhr_bottom(&self) -> i32 {
        FHR_TOP + self.scale.height()
    }

    /// The height of a rate; `None` off the paper, and for what is no number.
    pub(crate) fn y_bpm(&self, bpm: f32) -> Option<i32> {
        let (low, high) = self.scale.bounds_bpm();
        if !(low as f32..=high as f32).contains(&bpm) {
            return None;
        }
        let units_per_bpm = UNITS_PER_CM as f32 / self.scale.bpm_per_cm() as f32;
        Some(self.fhr_bottom() - ((bpm - low as f32) * units_per_bpm).round() as i32)
    }

    pub(crate) const fn ua_top(&self) -> i32 {
        self.fhr_bottom() + TIME
    }

    pub(crate) const fn ua_bottom(&self) -> i32 {
        self.ua_top() + UA
    }

    /// The height of an activity in half units; `None` off the paper.
    pub(crate) fn y_ua(&self, halves: i32) -> Option<i32> {
        let top = 2 * UA_MAX;
        (0..=top).contains(&halves).then(|| self.ua_bottom() - halves * UA / top)
    }

    pub(crate) const fn contractions_bottom(&self) -> i32 {
        self.ua_bottom() + CONTRACTIONS
    }

    pub(crate) const fn ribbon_top(&self) -> i32 {
        self.contractions_bottom() + 80
    }

    pub(crate) const fn ribbon_bottom(&self) -> i32 {
        self.ribbon_top() + RIBBON
    }
}
