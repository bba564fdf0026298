//! A page from top to bottom.

use ctg::Span;
use plotters_backend::DrawingBackend;

use crate::error::ReportError;
use crate::face::Face;
use crate::layout::{HEIGHT, Layout, WIDTH};
use crate::paper::Paper;
use crate::pen::{Drawn, Pen};
use crate::strip::Strip;
use crate::{findings, frame, header, ink, ribbon, traces};

/// One page of a report.
pub(crate) struct Sheet<'a> {
    pub(crate) strip: &'a Strip<'a>,
    pub(crate) paper: Paper,
    pub(crate) layout: Layout,
    /// Ticks of the whole strip.
    pub(crate) length: u32,
    /// Ticks of the whole strip without a fetal rate.
    pub(crate) lost: usize,
    /// Its number in the report, from 1.
    pub(crate) page: usize,
    /// How many pages the report has.
    pub(crate) pages: usize,
}

/// Draws every page of a report in turn.
pub(crate) fn pages<P>(
    strips: &[Strip],
    paper: &Paper,
    mut draw: impl FnMut(&Sheet) -> Result<P, ReportError>,
) -> Result<Vec<P>, ReportError> {
    if strips.is_empty() {
        return Err(ReportError::NoStrip);
    }
    let mut places = Vec::new();
    for strip in strips {
        let length = strip.length()?;
        let lost = strip.ticks.iter().filter(|tick| tick.fhr.is_none()).count();
        places.extend(Layout::pages(length, paper).map(|layout| (strip, length, lost, layout)));
    }
    let pages = places.len();
    places
        .into_iter()
        .zip(1..)
        .map(|((strip, length, lost, layout), page)| {
            draw(&Sheet { strip, paper: *paper, layout, length, lost, page, pages })
        })
        .collect()
}

impl Sheet<'_> {
    /// Draws the page: what lies behind first, what must be read last.
    pub(crate) fn draw<DB: DrawingBackend>(&self, canvas: DB, face: &Face) -> Drawn {
        let pen = Pen::new(canvas, face);
        pen.fill((0, 0), (WIDTH, HEIGHT), ink::PAPER)?;
        frame::bands(self, &pen)?;
        frame::grid(self, &pen)?;
        traces::losses(self, &pen)?;
        findings::artefacts(self, &pen)?;
        findings::excursions(self, &pen)?;
        traces::baseline(self, &pen)?;
        traces::rates(self, &pen)?;
        traces::activity(self, &pen)?;
        findings::brackets(self, &pen)?;
        findings::contractions(self, &pen)?;
        frame::scales(self, &pen)?;
        frame::time(self, &pen)?;
        ribbon::levels(self, &pen)?;
        header::header(self, &pen)?;
        header::footer(self, &pen)?;
        pen.lift()
    }

    /// The part of the page that was recorded.
    pub(crate) fn recorded(&self) -> Span {
        let span = self.layout.span;
        Span { start: span.start.min(self.length), end: span.end.min(self.length) }
    }

    /// The height of the fetal rate at a tick, if it is there and on the paper.
    pub(crate) fn y_rate(&self, tick: u32) -> Option<i32> {
        let rate = self.strip.ticks.get(tick as usize)?.fhr?;
        self.layout.y_bpm(rate.bpm())
    }

    /// The height of the baseline at a tick, if it is there and on the paper.
    pub(crate) fn y_baseline(&self, tick: u32) -> Option<i32> {
        self.layout.y_bpm(*self.strip.baseline_bpm.get(tick as usize)?)
    }
}
