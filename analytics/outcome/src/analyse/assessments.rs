//! The levels of ten minutes, and the table they come from.

use ctg::Assessment;
use report::LevelBand;

use super::json::Json;
use super::language::Language;

/// Writes one assessment.
pub(super) fn write(json: &mut Json, it: &Assessment, _language: Language) {
    json.object(|json| {
        json.field("from_s", |json| json.seconds(it.span.start));
        json.field("to_s", |json| json.seconds(it.span.end));
    });
}

pub(super) fn table(json: &mut Json) {
    json.null();
}

pub(super) fn band(it: &Assessment, _language: Language) -> LevelBand {
    LevelBand { span: it.span, level: None, name: String::new(), why: Vec::new() }
}

pub(super) fn reviewers() -> Option<&'static str> {
    None
}

pub(super) fn version() -> String {
    String::new()
}
