//! The Japanese table, a cell at a time, written out a second time and by name.

use ctg::finding::{DecelerationKind as Kind, Severity};
use ctg::grading_settings::GradingSettings;
use ctg::jsog::{Column, JsogLevel, JsogTable, Matrix, Reviewers, Row, severity};
use ctg::{BaselineLevel, VariabilityGrade};
use sha2::{Digest, Sha256};

/// One row: matrix, row, then every column by name; 0 for a cell that is not defined.
struct Written {
    matrix: Matrix,
    row: Row,
    none: u8,
    early: u8,
    variable: (u8, u8),
    late: (u8, u8),
    prolonged: (u8, u8),
}

#[rustfmt::skip]
const WRITTEN: [Written; 20] = [
    Written { matrix: Matrix::Normal, row: Row::Normocardia, none: 1, early: 2, variable: (2, 3), late: (3, 3), prolonged: (3, 4) },
    Written { matrix: Matrix::Normal, row: Row::Tachycardia, none: 2, early: 2, variable: (3, 3), late: (3, 4), prolonged: (3, 4) },
    Written { matrix: Matrix::Normal, row: Row::Bradycardia, none: 3, early: 3, variable: (3, 4), late: (4, 4), prolonged: (4, 4) },
    Written { matrix: Matrix::Normal, row: Row::SevereBradycardia, none: 4, early: 4, variable: (0, 4), late: (4, 4), prolonged: (0, 0) },
    Written { matrix: Matrix::Decreased, row: Row::Normocardia, none: 2, early: 3, variable: (3, 4), late: (3, 4), prolonged: (4, 5) },
    Written { matrix: Matrix::Decreased, row: Row::Tachycardia, none: 3, early: 3, variable: (4, 4), late: (4, 5), prolonged: (4, 5) },
    Written { matrix: Matrix::Decreased, row: Row::Bradycardia, none: 4, early: 4, variable: (4, 5), late: (5, 5), prolonged: (5, 5) },
    Written { matrix: Matrix::Decreased, row: Row::SevereBradycardia, none: 5, early: 5, variable: (0, 5), late: (5, 5), prolonged: (0, 0) },
    Written { matrix: Matrix::Absent, row: Row::Normocardia, none: 4, early: 5, variable: (5, 5), late: (5, 5), prolonged: (5, 5) },
    Written { matrix: Matrix::Absent, row: Row::Tachycardia, none: 4, early: 5, variable: (5, 5), late: (5, 5), prolonged: (5, 5) },
    Written { matrix: Matrix::Absent, row: Row::Bradycardia, none: 4, early: 5, variable: (5, 5), late: (5, 5), prolonged: (5, 5) },
    Written { matrix: Matrix::Absent, row: Row::SevereBradycardia, none: 4, early: 5, variable: (5, 5), late: (5, 5), prolonged: (5, 5) },
    Written { matrix: Matrix::Increased, row: Row::Normocardia, none: 2, early: 2, variable: (3, 3), late: (3, 4), prolonged: (3, 4) },
    Written { matrix: Matrix::Increased, row: Row::Tachycardia, none: 2, early: 2, variable: (3, 3), late: (3, 4), prolonged: (3, 4) },
    Written { matrix: Matrix::Increased, row: Row::Bradycardia, none: 3, early: 3, variable: (3, 4), late: (4, 4), prolonged: (4, 4) },
    Written { matrix: Matrix::Increased, row: Row::SevereBradycardia, none: 4, early: 4, variable: (4, 4), late: (4, 4), prolonged: (4, 4) },
    Written { matrix: Matrix::Sinusoidal, row: Row::Normocardia, none: 4, early: 4, variable: (4, 4), late: (5, 5), prolonged: (5, 5) },
    Written { matrix: Matrix::Sinusoidal, row: Row::Tachycardia, none: 4, early: 4, variable: (4, 4), late: (5, 5), prolonged: (5, 5) },
    Written { matrix: Matrix::Sinusoidal, row: Row::Bradycardia, none: 4, early: 4, variable: (4, 4), late: (5, 5), prolonged: (5, 5) },
    Written { matrix: Matrix::Sinusoidal, row: Row::SevereBradycardia, none: 4, early: 4, variable: (4, 4), late: (5, 5), prolonged: (5, 5) },
];

impl Written {
    fn levels(&self) -> [(Column, u8); 8] {
        [
            (Column::None, self.none),
            (Column::Early, self.early),
            (Column::VariableMild, self.variable.0),
            (Column::VariableSevere, self.variable.1),
            (Column::LateMild, self.late.0),
            (Column::LateSevere, self.late.1),
            (Column::ProlongedMild, self.prolonged.0),
            (Column::ProlongedSevere, self.prolonged.1),
        ]
    }
}

fn level(matrix: Matrix, row: Row, column: Column) -> Option<u8> {
    JsogTable::shipped().cell(matrix, row, column, false).level.map(JsogLevel::number)
}

#[test]
fn every_cell_is_as_written() {
    for written in &WRITTEN {
        for (column, expected) in written.levels() {
            let expected = (expected > 0).then_some(expected);
            let (matrix, row) = (written.matrix, written.row);
            assert_eq!(level(matrix, row, column), expected, "{matrix:?} {row:?} {column:?}");
        }
    }
}

#[test]
fn the_hash_is_that_of_the_text() {
    let text = include_bytes!("../tables/jsog-2010-2023.txt");
    let identity = JsogTable::shipped().identity();
    assert_eq!(identity.sha256, <[u8; 32]>::from(Sha256::digest(text)));
    assert_eq!(identity.version, "jsog-2010/2023");
    // Until two named clinicians have signed, every screen must say so.
    assert_eq!(identity.reviewers, Reviewers::None);
}

#[test]
fn graver_findings_never_give_a_milder_level() {
    let defined = |m, r, c| level(m, r, c);
    for matrix in Matrix::ALL {
        for row in Row::ALL {
            for (mild, severe) in [
                (Column::VariableMild, Column::VariableSevere),
                (Column::LateMild, Column::LateSevere),
                (Column::ProlongedMild, Column::ProlongedSevere),
            ] {
                if let (Some(mild), Some(severe)) =
                    (defined(matrix, row, mild), defined(matrix, row, severe))
                {
                    assert!(severe >= mild, "{matrix:?} {row:?}");
                }
            }
        }
        for column in Column::ALL {
            let rows = Row::ALL.map(|row| defined(matrix, row, column));
            let known: Vec<u8> = rows.into_iter().flatten().collect();
            assert!(known.is_sorted(), "{matrix:?} {column:?}: {known:?}");
        }
    }
    for row in Row::ALL {
        for column in Column::ALL {
            let [a, b, c] = [Matrix::Normal, Matrix::Decreased, Matrix::Absent]
                .map(|matrix| defined(matrix, row, column));
            if let (Some(a), Some(b)) = (a, b) {
                assert!(b >= a);
            }
            let is_quirk = row == Row::SevereBradycardia && column == Column::None;
            if let (Some(b), Some(c)) = (b, c) {
                assert!(c >= b || is_quirk, "{row:?} {column:?}");
            }
        }
    }
}

#[test]
fn absent_is_not_shown_milder_than_decreased() {
    let cell =
        JsogTable::shipped().cell(Matrix::Absent, Row::SevereBradycardia, Column::None, false);
    assert_eq!((cell.level, cell.shown), (Some(JsogLevel::Four), Some(JsogLevel::Five)));
    for row in [Row::Normocardia, Row::Tachycardia, Row::Bradycardia] {
        let cell = JsogTable::shipped().cell(Matrix::Absent, row, Column::None, false);
        assert_eq!(cell.level, cell.shown);
    }
}

#[test]
fn a_text_with_anything_wrong_is_no_table() {
    let text = include_str!("../tables/jsog-2010-2023.txt");
    let parse = |text: String| JsogTable::parse(Box::leak(text.into_boxed_str()), [0; 32]);
    assert!(parse(text.to_owned()).is_ok());
    for (what, with) in [
        ("late-mild=3", "late-mild=6"),
        ("late-mild=3", "late-mid=3"),
        ("late-mild=3", "late-severe=3"),
        ("late-mild=3", ""),
        ("tachycardia", "normocardia"),
        ("sinusoidal any", "sinusoidal bradycardia"),
        ("version jsog-2010/2023", ""),
        ("reviewer -\nreviewer -", "reviewer -\nreviewer Suzuki"),
    ] {
        assert!(parse(text.replacen(what, with, 1)).is_err(), "{what} -> {with}");
    }
}

/// A deceleration as the vectors name it.
type Fall = Option<(Kind, f32, f32, f32)>;

/// `(baseline, matrix, deceleration, risk) -> level`; 0 for not classifiable.
fn check(number: u32, baseline: f32, matrix: Matrix, fall: Fall, has_risk: bool, expected: u8) {
    let settings = GradingSettings::default();
    let column = fall.map_or(Column::None, |(kind, nadir, depth, seconds)| {
        Column::of(kind, severity(kind, nadir, depth, seconds, &settings))
    });
    let row = Row::of(BaselineLevel::from_raw(baseline).bpm);
    let cell = JsogTable::shipped().cell(matrix, row, column, has_risk);
    let level = cell.level.map_or(0, JsogLevel::number);
    assert_eq!(level, expected, "vector {number}");
}

#[test]
#[rustfmt::skip]
fn the_vectors_of_the_sheet_hold() {
    use Matrix::{Absent as C, Decreased as B, Increased as D, Normal as A, Sinusoidal as E};
    let variable = |nadir, seconds| Some((Kind::Variable, nadir, 40.0, seconds));
    let (var_mild, var_severe) = (variable(85.0, 40.0), variable(60.0, 40.0));
    let late = |depth| Some((Kind::Late, 120.0, depth, 60.0));
    let (late_mild, late_severe) = (late(10.0), late(20.0));
    let prolonged = |nadir| Some((Kind::Prolonged, nadir, 60.0, 150.0));
    let early = Some((Kind::Early, 120.0, 20.0, 60.0));
    for (number, baseline, matrix, fall, expected) in [
        (1, 140.0, A, None, 1), (2, 110.0, A, None, 1), (3, 160.0, A, None, 1),
        (4, 165.0, A, None, 2), (5, 105.0, A, None, 3), (6, 75.0, A, None, 4),
        (7, 140.0, A, early, 2), (8, 140.0, A, variable(85.0, 40.0), 2),
        (9, 140.0, A, variable(69.0, 30.0), 3), (10, 140.0, A, variable(69.0, 29.0), 2),
        (11, 140.0, A, variable(70.0, 60.0), 3), (12, 140.0, A, variable(79.0, 59.0), 2),
        (13, 140.0, A, variable(80.0, 90.0), 2), (14, 140.0, A, late(14.0), 3),
        (15, 140.0, A, late(15.0), 3), (16, 140.0, A, prolonged(80.0), 3),
        (17, 140.0, A, prolonged(79.0), 4), (18, 165.0, A, var_mild, 3),
        (19, 165.0, A, late_severe, 4), (20, 105.0, A, var_severe, 4),
        (21, 75.0, A, var_mild, 0), (22, 140.0, B, None, 2), (23, 140.0, B, var_severe, 4),
        (24, 140.0, B, late_mild, 3), (26, 140.0, B, late_severe, 4),
        (27, 140.0, B, prolonged(70.0), 5), (28, 165.0, B, late_severe, 5),
        (29, 165.0, B, None, 3), (30, 105.0, B, None, 4), (31, 105.0, B, late_mild, 5),
        (32, 75.0, B, None, 5), (33, 140.0, C, None, 4), (34, 140.0, C, early, 5),
        (35, 165.0, C, None, 4), (36, 140.0, D, None, 2), (37, 140.0, D, late_severe, 4),
        (38, 140.0, D, var_mild, 3), (39, 105.0, D, None, 3), (40, 140.0, E, None, 4),
        (41, 140.0, E, late_mild, 5), (42, 140.0, D, None, 2), (44, 75.0, C, None, 4),
    ] {
        check(number, baseline, matrix, fall, false, expected);
    }
    check(25, 140.0, B, late_mild, true, 4);
    for (raw, expected) in [(162.0, 1), (163.0, 2), (108.0, 1), (107.0, 3), (78.0, 3), (77.0, 4)] {
        check(100, raw, A, None, false, expected);
    }
}

#[test]
fn a_kind_that_is_not_known_is_graded_as_late() {
    assert_eq!(Column::of(Kind::Unknown, Some(Severity::Mild)), Column::LateMild);
    assert_eq!(Column::of(Kind::Unknown, Some(Severity::Severe)), Column::LateSevere);
    // Nothing that has a split becomes mild for want of a severity.
    assert_eq!(Column::of(Kind::Late, None), Column::LateSevere);
}

#[test]
fn the_pattern_goes_before_the_grade() {
    assert_eq!(Matrix::of(VariabilityGrade::Normal, true), Matrix::Sinusoidal);
    assert_eq!(Matrix::of(VariabilityGrade::Absent, false), Matrix::Absent);
}
