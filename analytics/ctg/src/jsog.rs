//! The five levels of the Japan Society of Obstetrics and Gynecology.
//!
//! A level is looked up by three names: what the variability is ([`Matrix`]), what the
//! baseline is ([`Row`]), and which deceleration ([`Column`]). No array of numbers is shared
//! with another enum. Who has reviewed the table travels with it.

mod action;
mod asset;

pub use action::{Action, Actions, Role};
pub use asset::TableError;

use crate::finding::{DecelerationKind, Severity};
use crate::grading_settings::GradingSettings;
use crate::window::VariabilityGrade;

/// A level, 1 to 5. From 3 on the Japanese guideline speaks of a non-reassuring fetal status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JsogLevel {
    /// 正常波形.
    One = 1,
    /// 亜正常波形.
    Two = 2,
    /// 異常波形（軽度）.
    Three = 3,
    /// 異常波形（中等度）.
    Four = 4,
    /// 異常波形（高度）.
    Five = 5,
}

impl JsogLevel {
    /// Every level, rising.
    pub const ALL: [Self; 5] = [Self::One, Self::Two, Self::Three, Self::Four, Self::Five];

    /// The level of a number; `None` outside 1 to 5.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.number() == number)
    }

    /// Its number, 1 to 5.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// Its Japanese name.
    #[must_use]
    pub const fn ja(self) -> &'static str {
        match self {
            Self::One => "正常波形",
            Self::Two => "亜正常波形",
            Self::Three => "異常波形（軽度）",
            Self::Four => "異常波形（中等度）",
            Self::Five => "異常波形（高度）",
        }
    }

    /// Its English name.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::One => "normal pattern",
            Self::Two => "benign variant",
            Self::Three => "mild variant",
            Self::Four => "moderate variant",
            Self::Five => "severe variant",
        }
    }
}

/// Which of the five matrices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the grades of variability, and the pattern")]
pub enum Matrix {
    Normal,
    Decreased,
    Absent,
    Increased,
    Sinusoidal,
}

impl Matrix {
    /// Every matrix.
    pub const ALL: [Self; 5] =
        [Self::Normal, Self::Decreased, Self::Absent, Self::Increased, Self::Sinusoidal];

    /// The matrix of a grade; the pattern goes before it.
    #[must_use]
    pub const fn of(grade: VariabilityGrade, is_sinusoidal: bool) -> Self {
        match grade {
            _ if is_sinusoidal => Self::Sinusoidal,
            VariabilityGrade::Absent => Self::Absent,
            VariabilityGrade::Decreased => Self::Decreased,
            VariabilityGrade::Normal => Self::Normal,
            VariabilityGrade::Increased => Self::Increased,
        }
    }

    /// Its name in the asset.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Decreased => "decreased",
            Self::Absent => "absent",
            Self::Increased => "increased",
            Self::Sinusoidal => "sinusoidal",
        }
    }
}

/// Which baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the four names of the guideline")]
pub enum Row {
    Normocardia,
    Tachycardia,
    Bradycardia,
    SevereBradycardia,
}

impl Row {
    /// Every row.
    pub const ALL: [Self; 4] =
        [Self::Normocardia, Self::Tachycardia, Self::Bradycardia, Self::SevereBradycardia];

    /// The row of a rounded baseline: 110 to 160 is normal, below 80 severe; confirmed.
    #[must_use]
    pub const fn of(baseline_bpm: u16) -> Self {
        match baseline_bpm {
            161.. => Self::Tachycardia,
            110..=160 => Self::Normocardia,
            80..=109 => Self::Bradycardia,
            _ => Self::SevereBradycardia,
        }
    }

    /// Its name in the asset.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Normocardia => "normocardia",
            Self::Tachycardia => "tachycardia",
            Self::Bradycardia => "bradycardia",
            Self::SevereBradycardia => "severe-bradycardia",
        }
    }
}

/// Which deceleration, in the printed order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the eight names of the guideline")]
pub enum Column {
    None,
    Early,
    VariableMild,
    VariableSevere,
    LateMild,
    LateSevere,
    ProlongedMild,
    ProlongedSevere,
}

impl Column {
    /// Every column.
    pub const ALL: [Self; 8] = [
        Self::None,
        Self::Early,
        Self::VariableMild,
        Self::VariableSevere,
        Self::LateMild,
        Self::LateSevere,
        Self::ProlongedMild,
        Self::ProlongedSevere,
    ];

    /// The column of a deceleration; one of unknown kind is graded as late.
    #[must_use]
    pub const fn of(kind: DecelerationKind, severity: Option<Severity>) -> Self {
        // A kind that has a split and no severity is taken for the graver.
        let is_severe = !matches!(severity, Some(Severity::Mild));
        match (kind, is_severe) {
            (DecelerationKind::Early, _) => Self::Early,
            (DecelerationKind::Variable, false) => Self::VariableMild,
            (DecelerationKind::Variable, true) => Self::VariableSevere,
            (DecelerationKind::Late | DecelerationKind::Unknown, false) => Self::LateMild,
            (DecelerationKind::Late | DecelerationKind::Unknown, true) => Self::LateSevere,
            (DecelerationKind::Prolonged, false) => Self::ProlongedMild,
            (DecelerationKind::Prolonged, true) => Self::ProlongedSevere,
        }
    }

    /// Its name in the asset.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Early => "early",
            Self::VariableMild => "variable-mild",
            Self::VariableSevere => "variable-severe",
            Self::LateMild => "late-mild",
            Self::LateSevere => "late-severe",
            Self::ProlongedMild => "prolonged-mild",
            Self::ProlongedSevere => "prolonged-severe",
        }
    }
}

/// Who has reviewed a table against the printed guideline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reviewers {
    /// Nobody: screens say 「分類表：未監修（参考）」.
    None,
    /// Two named clinicians.
    Signed(&'static str, &'static str),
}

impl Reviewers {
    /// What screens say, in Japanese.
    #[must_use]
    pub const fn ja(self) -> &'static str {
        match self {
            Self::None => "分類表：未監修（参考）",
            Self::Signed(..) => "分類表：監修済み",
        }
    }

    /// What screens say, in English.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::None => "classification table: not reviewed (for reference)",
            Self::Signed(..) => "classification table: reviewed",
        }
    }
}

/// Which table gave a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableIdentity {
    /// Its version, as `jsog-2010/2023`.
    pub version: &'static str,
    /// SHA-256 of its text.
    pub sha256: [u8; 32],
    /// Who has reviewed it.
    pub reviewers: Reviewers,
}

/// The table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsogTable {
    identity: TableIdentity,
    cells: Cells,
}

/// Levels by matrix, row and column, each indexed by its own enum and no other.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Cells {
    levels: [[[Option<JsogLevel>; 8]; 4]; 5],
}

/// What the table says of one combination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The level; `None` where the table defines none.
    pub level: Option<JsogLevel>,
    /// The level that is shown; differs in one cell, which is then to be checked (要確認).
    pub shown: Option<JsogLevel>,
    /// The asterisked cell, raised because a background risk is known.
    pub is_raised_by_risk: bool,
    /// Increased variability on a bradycardic baseline, graded as normal variability too.
    pub is_graded_as_normal: bool,
    /// The cell with a dagger, absent variability and no deceleration: where a special cause is
    /// known, such as drugs or a fetal anomaly, it is for individual judgement. Unconfirmed.
    pub needs_judgement: bool,
}

impl JsogTable {
    /// The table of this version.
    #[must_use]
    pub fn shipped() -> Self {
        asset::parse(include_str!("../tables/jsog-2010-2023.txt"), asset::SHA256)
            .expect("a test keeps the shipped table readable")
    }

    /// Reads another table; `sha256` is that of its text.
    ///
    /// # Errors
    ///
    /// [`TableError`] for anything missing, doubled, unknown or out of range.
    pub fn parse(text: &'static str, sha256: [u8; 32]) -> Result<Self, TableError> {
        asset::parse(text, sha256)
    }

    /// Which table it is.
    #[must_use]
    pub const fn identity(&self) -> TableIdentity {
        self.identity
    }

    /// Looks a combination up, with the footnotes of the table.
    #[must_use]
    pub fn cell(&self, matrix: Matrix, row: Row, column: Column, has_risk: bool) -> Cell {
        let mut level = self.raw(matrix, row, column);
        let is_asterisked = matches!(
            (matrix, row, column),
            (Matrix::Decreased, Row::Normocardia, Column::LateMild)
        );
        let is_raised_by_risk = is_asterisked && has_risk;
        if is_raised_by_risk {
            level = Some(JsogLevel::Four);
        }
        let mut is_graded_as_normal = false;
        if matrix == Matrix::Increased {
            // Where matrix A has no cell, the highest of its row stands in: design.
            let normal = self.raw(Matrix::Normal, row, column);
            is_graded_as_normal = normal > level;
            level = level.max(normal.or(Some(JsogLevel::Four)));
        }
        // "Absent" would look milder than "decreased" in this one cell; show the graver.
        let is_quirk =
            matches!((matrix, row, column), (Matrix::Absent, Row::SevereBradycardia, Column::None));
        let shown =
            if is_quirk { level.max(self.raw(Matrix::Decreased, row, column)) } else { level };
        let needs_judgement = matches!((matrix, column), (Matrix::Absent, Column::None));
        Cell { level, shown, is_raised_by_risk, is_graded_as_normal, needs_judgement }
    }

    fn raw(&self, matrix: Matrix, row: Row, column: Column) -> Option<JsogLevel> {
        self.cells.levels[matrix as usize][row as usize][column as usize]
    }
}

/// Mild or severe by the kind's rule; `None` for an early deceleration, which has no split.
///
/// A duration is how long the deceleration lasts as a whole, s.
#[must_use]
pub fn severity(
    kind: DecelerationKind,
    nadir_bpm: f32,
    depth_bpm: f32,
    duration_s: f32,
    settings: &GradingSettings,
) -> Option<Severity> {
    let is_severe = match kind {
        DecelerationKind::Early => return None,
        DecelerationKind::Late | DecelerationKind::Unknown => {
            depth_bpm >= settings.late_severe_depth_bpm
        }
        DecelerationKind::Variable => {
            (nadir_bpm < settings.variable_severe_nadir_bpm
                && duration_s >= settings.variable_severe_s)
                || (nadir_bpm < settings.variable_low_nadir_bpm
                    && duration_s >= settings.variable_low_s)
        }
        DecelerationKind::Prolonged => nadir_bpm < settings.prolonged_severe_nadir_bpm,
    };
    Some(if is_severe { Severity::Severe } else { Severity::Mild })
}
