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

use ctg::Span;

use crate::paper::{Paper, Scale, Speed, UNITS_PER_CM};

/// Width of A4 landscape, units.
pub(crate) const WIDTH: i32 = 29_700;
/// Height of A4 landscape, units.
pub(crate) const HEIGHT: i32 = 21_000;
/// Left edge of header, footer and names of lanes.
pub(crate) const EDGE: i32 = 1_000;
/// Left edge of the paper's grid.
pub(crate) const LEFT: i32 = 2_850;
/// Right edge of the paper's grid: 24 cm further, whole minutes at every speed.
pub(crate) const RIGHT: i32 = LEFT + 24 * UNITS_PER_CM;
const _: () = assert!(WIDTH - RIGHT == LEFT, "the grid is in the middle");

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
/// Upper edge of the footer.
pub(crate) const FOOTER: i32 = 19_600;

/// One page: its part of the strip, and the places on it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    /// The ticks that the page has room for, whether recorded or not.
    pub(crate) span: Span,
    /// How fast the paper runs.
    pub(crate) speed: Speed,
    /// How high a beat is.
    pub(crate) scale: Scale,
}

impl Layout {
    /// How many ticks a page has room for.
    pub(crate) const fn page_ticks(speed: Speed) -> u32 {
        let minutes = 24 / speed.cm_per_min();
        minutes * ctg::tick::TICKS_PER_MINUTE
    }

    /// The pages of a strip of so many ticks; an empty one has a page as well.
    pub(crate) fn pages(ticks: u32, paper: &Paper) -> impl Iterator<Item = Self> {
        let each = Self::page_ticks(paper.speed);
        let (speed, scale) = (paper.speed, paper.scale);
        (0..ticks.div_ceil(each).max(1)).map(move |page| {
            let span = Span { start: page * each, end: (page + 1) * each };
            Self { span, speed, scale }
        })
    }

    /// The place of a tick across; ticks off the page are put on its edge.
    pub(crate) fn x(&self, tick: u32) -> i32 {
        let tick = tick.clamp(self.span.start, self.span.end);
        LEFT + self.speed.units(tick - self.span.start)
    }

    /// Both ends of a span across, if any of it is on the page.
    pub(crate) fn across(&self, span: Span) -> Option<(i32, i32)> {
        (self.span.overlap(span) > 0).then(|| (self.x(span.start), self.x(span.end)))
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
