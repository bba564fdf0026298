//! A page from top to bottom.

use ctg::Span;
use plotters_backend::DrawingBackend;
use vitals::Bpm;

use crate::error::ReportError;
use crate::face::Face;
use crate::layout::Layout;
use crate::notes::{self, Numbered};
use crate::paper::{Format, Paper, SHEET_CM_MAX};
use crate::pen::{Drawn, Pen};
use crate::recorded::{Shows, What};
use crate::strip::Strip;
use crate::{findings, frame, header, ink, losses, marks, ribbon, traces};

/// One page of a report.
pub(crate) struct Sheet<'a> {
    pub(crate) strip: &'a Strip<'a>,
    pub(crate) paper: Paper,
    pub(crate) layout: Layout,
    /// What the page is for.
    pub(crate) body: Body,
    /// The part of the strip that the report draws.
    pub(crate) part: Span,
    /// Ticks of that part without a fetal rate.
    pub(crate) lost: usize,
    /// Notes whose flags stand on the page.
    pub(crate) notes: Vec<Numbered<'a>>,
    /// Notes whose texts stand on the page.
    pub(crate) listed: Vec<Numbered<'a>>,
    /// Whether it is the first page of its strip.
    pub(crate) is_first: bool,
    /// Its number in the report, from 1.
    pub(crate) page: usize,
    /// How many pages the report has.
    pub(crate) pages: usize,
}

/// What a page is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    /// A piece of strip.
    Strip,
    /// Notes that had no room under their strip.
    Notes,
}

/// Draws every page of a report in turn.
pub(crate) fn pages<P>(
    strips: &[Strip],
    paper: &Paper,
    face: &Face,
    mut draw: impl FnMut(&Sheet) -> Result<P, ReportError>,
) -> Result<Vec<P>, ReportError> {
    if strips.is_empty() {
        return Err(ReportError::NoStrip);
    }
    let mut sheets = Vec::new();
    for strip in strips {
        of_strip(strip, paper, face, &mut sheets)?;
    }
    let pages = sheets.len();
    sheets.into_iter().zip(1..).map(|(sheet, page)| draw(&Sheet { page, pages, ..sheet })).collect()
}

/// The pages of one strip: its pieces, then the notes that had no room under them.
fn of_strip<'a>(
    strip: &'a Strip<'a>,
    paper: &Paper,
    face: &Face,
    sheets: &mut Vec<Sheet<'a>>,
) -> Result<(), ReportError> {
    let part = strip.drawn()?;
    let ticks = strip.ticks.get(part.start as usize..part.end as usize).unwrap_or_default();
    let lost = ticks.iter().filter(|tick| tick.fhr.is_none()).count();
    let all = notes::numbered(strip, part);
    let mut overflow = Vec::new();
    let first = sheets.len();
    for layout in Layout::pages(part, paper) {
        let centimetres = layout.span.ticks() / ctg::tick::TICKS_PER_MINUTE;
        let centimetres = centimetres.saturating_mul(paper.speed.cm_per_min());
        if paper.format == Format::Continuous && centimetres > SHEET_CM_MAX {
            return Err(ReportError::SheetTooLong { centimetres });
        }
        let notes: Vec<_> =
            all.iter().filter(|it| layout.span.contains(it.note.at)).copied().collect();
        let mut sheet = Sheet {
            strip,
            paper: *paper,
            layout,
            body: Body::Strip,
            part,
            lost,
            listed: notes.clone(),
            notes,
            is_first: sheets.len() == first,
            page: 0,
            pages: 0,
        };
        overflow.extend(sheet.listed.split_off(notes::fitting(&sheet, face)));
        sheets.push(sheet);
    }
    while !overflow.is_empty()
        && let Some(layout) = sheets.last().map(|sheet| sheet.layout)
    {
        let (body, notes) = (Body::Notes, Vec::new());
        let (is_first, page, pages) = (false, 0, 0);
        let (paper, listed) = (*paper, std::mem::take(&mut overflow));
        let mut sheet =
            Sheet { strip, paper, layout, body, part, lost, notes, listed, is_first, page, pages };
        // At least one, so that it ends: a note longer than a page is cut at its foot.
        overflow = sheet.listed.split_off(notes::fitting(&sheet, face).max(1));
        sheets.push(sheet);
    }
    Ok(())
}

impl Sheet<'_> {
    /// Draws the page: what lies behind first, what must be read last.
    pub(crate) fn draw<DB: DrawingBackend>(&self, canvas: DB, face: &Face) -> Drawn {
        let pen = Pen::new(canvas, face);
        pen.fill((0, 0), self.layout.size, ink::PAPER)?;
        match self.body {
            Body::Strip => self.draw_strip(&pen)?,
            Body::Notes => {}
        }
        notes::list(self, &pen)?;
        header::header(self, &pen)?;
        header::footer(self, &pen)?;
        pen.lift()
    }

    fn draw_strip<DB: DrawingBackend>(&self, pen: &Pen<DB>) -> Drawn {
        let finds = self.shows_findings();
        frame::bands(self, pen)?;
        marks::late(self, pen)?;
        frame::grid(self, pen)?;
        losses::edges(self, pen)?;
        losses::losses(self, pen)?;
        marks::missing(self, pen)?;
        if finds {
            findings::artefacts(self, pen)?;
            findings::excursions(self, pen)?;
            traces::baseline(self, pen)?;
        }
        marks::coincidences(self, pen)?;
        marks::events(self, pen)?;
        notes::lines_down(self, pen)?;
        traces::rates(self, pen)?;
        traces::activity(self, pen)?;
        if finds {
            findings::brackets(self, pen)?;
            findings::contractions(self, pen)?;
        }
        frame::scales(self, pen)?;
        frame::time(self, pen)?;
        marks::movements(self, pen)?;
        marks::offsets(self, pen)?;
        notes::flags(self, pen)?;
        if finds { ribbon::levels(self, pen) } else { Ok(()) }
    }

    /// Whether findings are shown.
    pub(crate) fn shows_findings(&self) -> bool {
        self.strip.shows == Shows::Findings
    }

    /// The part of the page that is drawn.
    pub(crate) fn recorded(&self) -> Span {
        let inside = |tick: u32| tick.clamp(self.part.start, self.part.end);
        let span = self.layout.span;
        Span { start: inside(span.start), end: inside(span.end) }
    }

    /// Both ends of a span across, if any of it is drawn on the page.
    pub(crate) fn across(&self, span: Span) -> Option<(i32, i32)> {
        let page = self.recorded();
        let (start, end) = (span.start.max(page.start), span.end.min(page.end));
        (start < end).then(|| (self.layout.x(start), self.layout.x(end)))
    }

    /// Stretches of the page in which something holds, across.
    pub(crate) fn stretches(&self, holds: impl Fn(What) -> bool) -> Vec<(i32, i32)> {
        self.strip.stretches_of(holds).filter_map(|span| self.across(span)).collect()
    }

    /// Whether something holds at each tick of [`Self::recorded`].
    pub(crate) fn where_holds(&self, holds: impl Fn(What) -> bool) -> Vec<bool> {
        let page = self.recorded();
        let mut held = vec![false; page.ticks() as usize];
        for span in self.strip.stretches_of(holds) {
            let from = span.start.saturating_sub(page.start).min(page.ticks());
            let to = span.end.saturating_sub(page.start).min(page.ticks());
            if let Some(stretch) = held.get_mut(from as usize..to as usize) {
                stretch.fill(true);
            }
        }
        held
    }

    /// The second twin's rate at a tick.
    pub(crate) fn twin_rate(&self, tick: usize) -> Option<Bpm> {
        *self.strip.twin?.rates.get(tick)?
    }

    /// The height of the fetal rate at a tick, if it is there and on the paper.
    pub(crate) fn y_rate(&self, tick: u32) -> Option<i32> {
        let rate = self.strip.ticks.get(tick as usize).filter(|_| self.part.contains(tick))?.fhr?;
        self.layout.y_bpm(rate.bpm())
    }

    /// The height of the baseline at a tick, if it is there and on the paper.
    pub(crate) fn y_baseline(&self, tick: u32) -> Option<i32> {
        self.layout.y_bpm(*self.strip.baseline_bpm.get(tick as usize)?)
    }
}
