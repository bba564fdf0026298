//! What the analysis reads in a chart, laid on the chart's ticks.

use ctg::record::{self, Record};
use ctg::{Case, Contraction, Deceleration, Settings, Span, Tick};
use report::LevelBand;

use super::{Chart, Looks};
use crate::analyse::assessments;
use crate::analyse::lines::baseline_of_ticks;

/// The findings of one fetus.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) record: Record,
    pub(super) baseline_bpm: Vec<f32>,
    pub(super) levels: Vec<LevelBand>,
}

/// Reads all that was recorded, from the first tick behind the lead on, as `analyse` does.
pub(super) fn found(trusted: &[Tick], chart: &Chart, looks: &Looks) -> Found {
    let (lead, uterus) = (chart.lead, chart.uterus);
    let case = Case {
        gestation_weeks: looks.gestation.map(|gestation| gestation.weeks),
        uterus: uterus.unwrap_or_default(),
        ..Case::default()
    };
    let recorded = trusted.get(lead as usize..).unwrap_or_default();
    let mut record = record::read(recorded, &case, &Settings::default());
    let language = super::drawing::language(looks);
    let ahead = std::iter::repeat_n(f32::NAN, lead as usize);
    let baseline_bpm = ahead.chain(baseline_of_ticks(&record)).collect();
    // Sentences name findings by the clock of the paper.
    let time = |span: Span| chart.named(span.start.saturating_add(lead), looks);
    let mut levels: Vec<LevelBand> =
        record.assessments.iter().map(|it| assessments::band_at(it, language, time)).collect();
    levels.iter_mut().for_each(|band| band.span = later(band.span, lead));
    shift(&mut record, lead);
    Found { record, baseline_bpm, levels }
}

fn later(span: Span, by: u32) -> Span {
    Span { start: span.start.saturating_add(by), end: span.end.saturating_add(by) }
}

/// Moves everything that is drawn.
fn shift(record: &mut Record, by: u32) {
    for it in &mut record.accelerations {
        (it.span, it.peak) = (later(it.span, by), it.peak.saturating_add(by));
    }
    for Deceleration { span, nadir, contraction, .. } in &mut record.decelerations {
        (*span, *nadir) = (later(*span, by), nadir.saturating_add(by));
        *contraction = contraction.map(|it| later(it, by));
    }
    for Contraction { span, peak, .. } in &mut record.contractions {
        (*span, *peak) = (later(*span, by), peak.saturating_add(by));
    }
    for it in &mut record.artefacts {
        it.span = later(it.span, by);
    }
}
