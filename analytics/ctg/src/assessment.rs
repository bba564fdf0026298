//! The levels of some minutes, with the findings behind them.
//!
//! Every classification reads the same window; none is derived from another. A level that
//! cannot be told is a result of its own, with its reason, and never looks like level 1.

mod why;

pub use why::{Why, WhyList, WhyWord};

use crate::figo;
use crate::finding::Deceleration;
use crate::grading_settings::GradingSettings;
use crate::jsog::{Cell, Column, JsogLevel, JsogTable, Matrix, Row, TableIdentity};
use crate::nichd;
use crate::nst;
use crate::tick::{Span, TICKS_PER_MINUTE};
use crate::window::{BaselineLevel, Case, Determined, Past, Uterus, Variability, Window};

/// Which minutes an assessment is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// A block of ten minutes, for the record.
    Block,
    /// The last ten minutes up to now.
    Rolling,
}

/// A level, or why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Graded {
    /// The level of the table.
    Level(JsogLevel),
    /// Not classifiable, and why.
    NotClassifiable(Reason),
}

/// Why there is no level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Too many ticks have no usable rate.
    Lost,
    /// There is no baseline here, nor a recent one.
    Baseline,
    /// There is no variability here, nor a recent one.
    Variability,
    /// The table defines no level for this combination.
    NoCell,
    /// The strip is younger than what an assessment needs.
    Short,
}

impl Reason {
    /// A stable English word for files and queries.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Lost => "signal lost",
            Self::Baseline => "baseline undetermined",
            Self::Variability => "variability undetermined",
            Self::NoCell => "not in the table",
            Self::Short => "strip too short",
        }
    }
}

/// The machine's levels of some minutes.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessment {
    /// Where, in ticks of the strip.
    pub span: Span,
    /// Block or rolling.
    pub extent: Extent,
    /// The baseline that was graded.
    pub baseline: Determined<BaselineLevel>,
    /// The variability that was graded.
    pub variability: Determined<Variability>,
    /// Whether the sinusoidal pattern holds, as it counts for grading.
    pub is_sinusoidal: bool,
    /// Share of ticks without a usable rate, 0 to 1.
    pub lost: f32,
    /// Whether so much is lost that the level needs care: 読取り注意.
    pub is_caution: bool,
    /// The level of the Japanese table.
    pub jsog: Graded,
    /// What the display rule makes of it; where it differs it is to be checked: 要確認.
    pub shown: Option<JsogLevel>,
    /// Whether the table asks for individual judgement where a special cause is known: absent
    /// variability without a deceleration. Unconfirmed.
    pub needs_judgement: bool,
    /// Category of FIGO 2015; `None` where it cannot be told.
    pub figo: Option<figo::Category>,
    /// Category of NICHD 2008; likewise.
    pub nichd: Option<nichd::Category>,
    /// How a non-stress test stands.
    pub nst: Option<nst::Reactivity>,
    /// Mean short-term variation of these minutes, ms; `None` where none could be read.
    pub stv_ms: Option<f32>,
    /// Mean long-term variation, ms; likewise.
    pub ltv_ms: Option<f32>,
    /// Whether uterine activity is recorded.
    pub has_uterine_activity: bool,
    /// Contractions in 10 min, averaged over 30 min or what is known of them.
    pub contractions_per_10_min: f32,
    /// More than five in 10 min over 30 min; exactly five is not. Confirmed.
    pub is_tachysystole: bool,
    /// Montevideo units of the last 10 min, mmHg; with a catheter alone.
    pub montevideo: Option<f32>,
    /// Whether a background risk was known.
    pub has_background_risk: bool,
    /// The table that gave the level.
    pub table: TableIdentity,
    /// The reasons, the weightiest first.
    pub why: WhyList,
}

impl Assessment {
    /// Whether the shown level differs from the table's, and is to be checked.
    #[must_use]
    pub fn is_to_be_checked(&self) -> bool {
        matches!((self.jsog, self.shown), (Graded::Level(level), Some(shown)) if level != shown)
    }
}

/// Contractions in 10 min above which it is tachysystole; confirmed.
const TACHYSYSTOLE_PER_10_MIN: f32 = 5.0;
/// Minutes whose contractions make Montevideo units; confirmed.
const MONTEVIDEO_MINUTES: u32 = 10;
/// Minutes over which contractions are averaged; confirmed.
const CONTRACTIONS_MINUTES: u32 = 30;

/// Assesses a window; see [`Window`] and [`Past`] for what they hold.
#[must_use]
pub fn assess(
    window: &Window<'_>,
    past: &Past<'_>,
    case: &Case,
    extent: Extent,
    settings: &GradingSettings,
    table: &JsogTable,
) -> Assessment {
    let mut why = WhyList::default();
    let (jsog, shown) = grade(window, case, settings, table, &mut why);
    let can_tell =
        window.lost <= settings.lost_max && window.span.seconds() >= settings.strip_min_s;
    let figo = can_tell.then(|| figo::category(window, past, settings, &mut why)).flatten();
    let nichd = can_tell.then(|| nichd::category(window, past, settings, &mut why)).flatten();
    let nst = can_tell.then(|| nst::reactivity(window, past, settings, &mut why)).flatten();
    let (contractions_per_10_min, is_tachysystole) = contractions(window, past);
    Assessment {
        span: window.span,
        extent,
        baseline: window.baseline,
        variability: window.variability,
        is_sinusoidal: window.is_sinusoidal,
        lost: window.lost,
        is_caution: window.lost > settings.lost_caution,
        jsog,
        shown,
        figo,
        nichd,
        nst,
        needs_judgement: why.as_slice().contains(&Why::SpecialCause),
        stv_ms: window.stv_ms,
        ltv_ms: window.ltv_ms,
        has_uterine_activity: window.has_uterine_activity,
        contractions_per_10_min,
        is_tachysystole,
        montevideo: montevideo(window, case),
        has_background_risk: case.has_background_risk,
        table: table.identity(),
        why,
    }
}

/// The level of the Japanese table, and what is shown of it.
fn grade(
    window: &Window<'_>,
    case: &Case,
    settings: &GradingSettings,
    table: &JsogTable,
    why: &mut WhyList,
) -> (Graded, Option<JsogLevel>) {
    let none = |reason| (Graded::NotClassifiable(reason), None);
    if window.lost > settings.lost_max {
        why.push(Why::Lost { share: window.lost });
        return none(Reason::Lost);
    }
    if window.span.seconds() < settings.strip_min_s {
        why.push(Why::Short { seconds: window.span.seconds() });
        return none(Reason::Short);
    }
    let Some(baseline) = window.baseline.value() else {
        why.push(Why::BaselineUndetermined);
        return none(Reason::Baseline);
    };
    let Some(variability) = window.variability.value() else {
        why.push(Why::VariabilityUndetermined);
        return none(Reason::Variability);
    };
    let matrix = Matrix::of(variability.grade, window.is_sinusoidal);
    let row = Row::of(baseline.bpm);
    let look = |column| table.cell(matrix, row, column, case.has_background_risk);
    let gravest = gravest(window.decelerations, look);
    let cell = gravest.map_or_else(|| look(Column::None), |(cell, _)| cell);
    name_decelerations(window.decelerations, cell, look, why);
    name_base(window, baseline, variability, why);
    name_footnotes(cell, why);
    if window.lost > settings.lost_caution {
        why.push(Why::Lost { share: window.lost });
    }
    match cell.level {
        Some(level) => (Graded::Level(level), cell.shown),
        None => {
            why.push(Why::NoCell);
            none(Reason::NoCell)
        }
    }
}

fn column_of(one: &Deceleration) -> Column {
    Column::of(one.kind, one.severity)
}

/// The gravest deceleration. One that the table does not know is passed over for one it knows.
fn gravest(
    decelerations: &[Deceleration],
    look: impl Fn(Column) -> Cell,
) -> Option<(Cell, Deceleration)> {
    let cells = decelerations.iter().map(|one| (look(column_of(one)), *one));
    cells.max_by_key(|(cell, _)| cell.level)
}

/// Names every deceleration that reaches the level.
fn name_decelerations(
    decelerations: &[Deceleration],
    cell: Cell,
    look: impl Fn(Column) -> Cell,
    why: &mut WhyList,
) {
    if decelerations.is_empty() {
        why.push(Why::NoDeceleration);
    }
    for one in decelerations.iter().filter(|one| look(column_of(one)).level == cell.level) {
        why.push_one_of_many(Why::Deceleration {
            column: column_of(one),
            kind: one.kind,
            span: one.span,
            nadir_bpm: one.nadir_bpm,
        });
    }
}

fn name_base(
    window: &Window<'_>,
    baseline: BaselineLevel,
    variability: Variability,
    why: &mut WhyList,
) {
    why.push(Why::Baseline(baseline));
    if window.is_sinusoidal {
        why.push(Why::Sinusoidal);
    } else {
        why.push(Why::Variability(variability));
    }
    if let Determined::Carried { age_s, .. } = window.baseline {
        why.push(Why::BaselineCarried { age_s });
    }
    if let Determined::Carried { age_s, .. } = window.variability {
        why.push(Why::VariabilityCarried { age_s });
    }
}

fn name_footnotes(cell: Cell, why: &mut WhyList) {
    if cell.is_raised_by_risk {
        why.push(Why::BackgroundRisk);
    }
    if cell.shown != cell.level {
        why.push(Why::DisplayRule);
    }
    if cell.is_graded_as_normal {
        why.push(Why::IncreasedOnBradycardia);
    }
    if cell.needs_judgement {
        why.push(Why::SpecialCause);
    }
}

/// Contractions in 10 min, and whether that is tachysystole: only thirty known minutes tell. A
/// contraction belongs where its peak is.
fn contractions(window: &Window<'_>, past: &Past<'_>) -> (f32, bool) {
    let known = (past.minutes.len() as u32).clamp(1, CONTRACTIONS_MINUTES);
    let end = window.span.end;
    let span = Span { start: end.saturating_sub(known * TICKS_PER_MINUTE), end };
    let within = past.contractions.iter().filter(|one| span.contains(one.peak));
    let per_10_min = 10.0 * within.count() as f32 / known as f32;
    let is_whole = known == CONTRACTIONS_MINUTES;
    (per_10_min, is_whole && per_10_min > TACHYSYSTOLE_PER_10_MIN)
}

/// The heights of the contractions of a window, summed; a sum over ten minutes needs ten.
fn montevideo(window: &Window<'_>, case: &Case) -> Option<f32> {
    let within = window.contractions.iter().filter(|one| window.span.contains(one.peak));
    let is_told = case.uterus == Uterus::IntraUterine
        && window.has_uterine_activity
        && window.span.ticks() >= MONTEVIDEO_MINUTES * TICKS_PER_MINUTE;
    is_told.then(|| within.map(|one| one.height).sum())
}
