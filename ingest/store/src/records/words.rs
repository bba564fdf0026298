//! What the codes in the tables of records are called, for whoever shows rows to people.

use protocol::analysis::{
    AssessmentFlags, AssessmentSpan, ConditionKind, Figo, FindingKind, JudgeRole, Nichd, Nst,
    Severity, State, Unclassifiable, VariabilityGrade,
};

use crate::table::TableName;

/// The codes of a column and their words; none where the column holds no codes.
#[must_use]
pub fn words(table: TableName, column: &str) -> Vec<(u8, &'static str)> {
    macro_rules! of {
        ($coded:ident) => {
            $coded::ALL.iter().map(|value| (value.code(), value.word())).collect()
        };
    }
    match (table, column) {
        (_, "state") => of!(State),
        (TableName::Findings, "kind") => of!(FindingKind),
        (TableName::Findings, "severity") => of!(Severity),
        (TableName::Conditions, "kind") => of!(ConditionKind),
        (TableName::Assessments, "span") => of!(AssessmentSpan),
        (TableName::Assessments, "unclassifiable") => of!(Unclassifiable),
        (TableName::Assessments, "figo") => of!(Figo),
        (TableName::Assessments, "nichd") => of!(Nichd),
        (TableName::Assessments, "nst") => of!(Nst),
        (TableName::Assessments, "variability") => of!(VariabilityGrade),
        (TableName::Judgements, "role") => of!(JudgeRole),
        _ => Vec::new(),
    }
}

/// The bits of the column `flags` of assessments, each with a name for it.
pub const ASSESSMENT_FLAGS: [(&str, AssessmentFlags); 11] = [
    ("baseline_carried", AssessmentFlags::BASELINE_CARRIED),
    ("variability_carried", AssessmentFlags::VARIABILITY_CARRIED),
    ("caution_loss", AssessmentFlags::CAUTION_LOSS),
    ("to_be_checked", AssessmentFlags::TO_BE_CHECKED),
    ("table_unreviewed", AssessmentFlags::TABLE_UNREVIEWED),
    ("background_risk", AssessmentFlags::BACKGROUND_RISK),
    ("sinusoidal", AssessmentFlags::SINUSOIDAL),
    ("no_uterine_activity", AssessmentFlags::NO_UTERINE_ACTIVITY),
    ("under_32_weeks", AssessmentFlags::UNDER_32_WEEKS),
    ("gestation_unknown", AssessmentFlags::GESTATION_UNKNOWN),
    ("history_short", AssessmentFlags::HISTORY_SHORT),
];
