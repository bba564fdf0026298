//! One reason of an assessment, as data; sentences are made where they are shown.

use crate::finding::DecelerationKind;
use crate::jsog::Column;
use crate::tick::{Span, TICKS_PER_SECOND};
use crate::window::{BaselineLevel, Variability, VariabilityGrade};

/// One reason.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs, reason = "the sentences below say what each means")]
pub enum Why {
    Baseline(BaselineLevel),
    Variability(Variability),
    Sinusoidal,
    BaselineCarried { age_s: u32 },
    VariabilityCarried { age_s: u32 },
    NoDeceleration,
    Deceleration { column: Column, kind: DecelerationKind, span: Span, nadir_bpm: f32 },
    BackgroundRisk,
    DisplayRule,
    IncreasedOnBradycardia,
    NoCell,
    Lost { share: f32 },
    BaselineUndetermined,
    VariabilityUndetermined,
    Short { seconds: f32 },
    FigoBaseline { bpm: u16 },
    FigoVariability { minutes: usize },
    FigoDecelerations { count: usize, example: Span },
    FigoSinusoidal { minutes: usize },
    NichdBaseline { bpm: u16 },
    NichdVariability { bandwidth_bpm: f32 },
    NichdDecelerations { share: f32, example: Span },
    NichdSinusoidal,
}

/// A stable English word for files and queries.
pub type WhyWord = &'static str;

impl Why {
    /// A stable English word for files and queries.
    #[must_use]
    pub const fn word(&self) -> WhyWord {
        match self {
            Self::Baseline(_) => "baseline",
            Self::Variability(_) => "variability",
            Self::Sinusoidal => "sinusoidal",
            Self::BaselineCarried { .. } => "baseline carried",
            Self::VariabilityCarried { .. } => "variability carried",
            Self::NoDeceleration => "no deceleration",
            Self::Deceleration { kind: DecelerationKind::Unknown, .. } => "unknown graded as late",
            Self::Deceleration { column, .. } => column.word(),
            Self::BackgroundRisk => "background risk",
            Self::DisplayRule => "display rule",
            Self::IncreasedOnBradycardia => "increased on bradycardia",
            Self::NoCell => "not in the table",
            Self::Lost { .. } => "signal lost",
            Self::BaselineUndetermined => "baseline undetermined",
            Self::VariabilityUndetermined => "variability undetermined",
            Self::Short { .. } => "strip too short",
            Self::FigoBaseline { .. } => "figo baseline",
            Self::FigoVariability { .. } => "figo variability",
            Self::FigoDecelerations { .. } => "figo decelerations",
            Self::FigoSinusoidal { .. } => "figo sinusoidal",
            Self::NichdBaseline { .. } => "nichd baseline",
            Self::NichdVariability { .. } => "nichd variability",
            Self::NichdDecelerations { .. } => "nichd decelerations",
            Self::NichdSinusoidal => "nichd sinusoidal",
        }
    }

    /// The reason as a Japanese sentence.
    #[must_use]
    pub fn ja(&self) -> String {
        match *self {
            Self::Baseline(level) => {
                format!("基線は{} bpmです（平均{:.1}）。", level.bpm, level.raw_bpm)
            }
            Self::Variability(Variability { bandwidth_bpm, grade }) => {
                let grade = match grade {
                    VariabilityGrade::Absent => "消失",
                    VariabilityGrade::Decreased => "減少",
                    VariabilityGrade::Normal => "正常",
                    VariabilityGrade::Increased => "増加",
                };
                format!("基線細変動は{grade}です（振幅{bandwidth_bpm:.0} bpm）。")
            }
            Self::Sinusoidal => "サイナソイダルパターンです。".into(),
            Self::BaselineCarried { age_s } => format!("基線は{age_s}秒前の値です（前値）。"),
            Self::VariabilityCarried { age_s } => {
                format!("基線細変動は{age_s}秒前の値です（前値）。")
            }
            Self::NoDeceleration => "一過性徐脈はありません。".into(),
            Self::Deceleration { column, kind, span, nadir_bpm } => {
                let name = deceleration_ja(column, kind);
                format!("{}から{name}（最下点{nadir_bpm:.0} bpm）があります。", clock(span))
            }
            Self::BackgroundRisk => "背景リスクがあるため、この区分を4とします。".into(),
            Self::DisplayRule => {
                "表の値は4ですが、減少より軽く見えないよう5と表示します（要確認）。".into()
            }
            Self::IncreasedOnBradycardia => {
                "徐脈で細変動が増加しているため、正常細変動の表も用いました。".into()
            }
            Self::NoCell => "この組み合わせは分類表にありません。".into(),
            Self::Lost { share } => format!("信号の{:.0}%が欠けています。", 100.0 * share),
            Self::BaselineUndetermined => "基線を決められません。".into(),
            Self::VariabilityUndetermined => "基線細変動を決められません。".into(),
            Self::Short { seconds } => format!("記録がまだ{seconds:.0}秒しかありません。"),
            Self::FigoBaseline { bpm } => format!("FIGO：基線{bpm} bpm。"),
            Self::FigoVariability { minutes } => format!("FIGO：細変動の異常が{minutes}分。"),
            Self::FigoDecelerations { count, .. } => format!("FIGO：一過性徐脈{count}回。"),
            Self::FigoSinusoidal { minutes } => {
                format!("FIGO：サイナソイダルパターンが{minutes}分。")
            }
            Self::NichdBaseline { bpm } => format!("NICHD：基線{bpm} bpm。"),
            Self::NichdVariability { bandwidth_bpm } => {
                format!("NICHD：細変動の振幅{bandwidth_bpm:.0} bpm。")
            }
            Self::NichdDecelerations { share, .. } => {
                format!("NICHD：陣痛の{:.0}%に一過性徐脈。", 100.0 * share)
            }
            Self::NichdSinusoidal => "NICHD：サイナソイダルパターン。".into(),
        }
    }

    /// The reason as an English sentence.
    #[must_use]
    pub fn en(&self) -> String {
        match *self {
            Self::Baseline(level) => {
                format!("The baseline is {} bpm (mean {:.1}).", level.bpm, level.raw_bpm)
            }
            Self::Variability(Variability { bandwidth_bpm, grade }) => {
                let grade = match grade {
                    VariabilityGrade::Absent => "absent",
                    VariabilityGrade::Decreased => "decreased",
                    VariabilityGrade::Normal => "normal",
                    VariabilityGrade::Increased => "increased",
                };
                format!("Variability is {grade} (bandwidth {bandwidth_bpm:.0} bpm).")
            }
            Self::Sinusoidal => "The pattern is sinusoidal.".into(),
            Self::BaselineCarried { age_s } => {
                format!("The baseline is carried from {age_s} s before.")
            }
            Self::VariabilityCarried { age_s } => {
                format!("The variability is carried from {age_s} s before.")
            }
            Self::NoDeceleration => "There is no deceleration.".into(),
            Self::Deceleration { column, kind, span, nadir_bpm } => {
                let name = match kind {
                    DecelerationKind::Unknown => "gradual (kind unknown, graded as late)",
                    _ => column.word(),
                };
                format!("There is a {name} deceleration from {} (nadir {nadir_bpm:.0} bpm).", clock(span))
            }
            Self::BackgroundRisk => "A background risk makes this cell 4.".into(),
            Self::DisplayRule => {
                "The table says 4; shown as 5 so that absent does not look milder than decreased (to be checked).".into()
            }
            Self::IncreasedOnBradycardia => {
                "Increased variability on a bradycardic baseline: the matrix of normal variability was used too.".into()
            }
            Self::NoCell => "The table does not define this combination.".into(),
            Self::Lost { share } => format!("{:.0} % of the signal is lost.", 100.0 * share),
            Self::BaselineUndetermined => "The baseline cannot be determined.".into(),
            Self::VariabilityUndetermined => "The variability cannot be determined.".into(),
            Self::Short { seconds } => format!("The strip is only {seconds:.0} s long."),
            Self::FigoBaseline { bpm } => format!("FIGO: baseline {bpm} bpm."),
            Self::FigoVariability { minutes } => {
                format!("FIGO: variability not normal for {minutes} min.")
            }
            Self::FigoDecelerations { count, .. } => format!("FIGO: {count} decelerations."),
            Self::FigoSinusoidal { minutes } => format!("FIGO: sinusoidal for {minutes} min."),
            Self::NichdBaseline { bpm } => format!("NICHD: baseline {bpm} bpm."),
            Self::NichdVariability { bandwidth_bpm } => {
                format!("NICHD: bandwidth {bandwidth_bpm:.0} bpm.")
            }
            Self::NichdDecelerations { share, .. } => {
                format!("NICHD: decelerations with {:.0} % of contractions.", 100.0 * share)
            }
            Self::NichdSinusoidal => "NICHD: sinusoidal pattern.".into(),
        }
    }
}

fn deceleration_ja(column: Column, kind: DecelerationKind) -> &'static str {
    match column {
        _ if kind == DecelerationKind::Unknown => "緩やかな一過性徐脈（型不明、遅発として判定）",
        Column::None => "一過性徐脈なし",
        Column::Early => "早発一過性徐脈",
        Column::VariableMild => "軽度変動一過性徐脈",
        Column::VariableSevere => "高度変動一過性徐脈",
        Column::LateMild => "軽度遅発一過性徐脈",
        Column::LateSevere => "高度遅発一過性徐脈",
        Column::ProlongedMild => "軽度遷延一過性徐脈",
        Column::ProlongedSevere => "高度遷延一過性徐脈",
    }
}

/// Minutes and seconds of the strip at which a span starts.
fn clock(span: Span) -> String {
    let seconds = span.start / TICKS_PER_SECOND;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// The reasons of an assessment, the weightiest first; no heap.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WhyList {
    items: [Why; Self::MAX],
    len: usize,
}

impl Default for WhyList {
    fn default() -> Self {
        Self { items: [Why::NoDeceleration; Self::MAX], len: 0 }
    }
}

impl WhyList {
    /// Most reasons of one assessment; what comes after is left out.
    pub const MAX: usize = 12;
    /// Most reasons of a kind that can be many: room is left for the others.
    const MANY_MAX: usize = 4;

    pub(crate) fn push(&mut self, why: Why) {
        if let Some(place) = self.items.get_mut(self.len) {
            *place = why;
            self.len += 1;
        }
    }

    pub(crate) fn push_one_of_many(&mut self, why: Why) {
        if self.len < Self::MANY_MAX {
            self.push(why);
        }
    }

    /// The reasons.
    #[must_use]
    pub fn as_slice(&self) -> &[Why] {
        &self.items[..self.len]
    }
}
