//! The levels of ten minutes, and the table they come from.

use ctg::jsog::{JsogTable, Reviewers};
use ctg::{Assessment, Determined, Graded};
use report::LevelBand;

use super::json::Json;
use super::language::Language;

/// Writes one assessment: levels of every classification, and why.
pub(super) fn write(json: &mut Json, it: &Assessment, language: Language) {
    json.object(|json| {
        json.field("from_s", |json| json.seconds(it.span.start));
        json.field("to_s", |json| json.seconds(it.span.end));
        json.field("jsog", |json| match it.jsog {
            Graded::Level(level) => json.whole(level.number().into()),
            Graded::NotClassifiable(_) => json.null(),
        });
        json.field("jsog_shown", |json| match it.shown {
            Some(level) => json.whole(level.number().into()),
            None => json.null(),
        });
        json.field("not_classifiable", |json| match it.jsog {
            Graded::Level(_) => json.null(),
            Graded::NotClassifiable(reason) => json.text(reason.word()),
        });
        json.field("to_be_checked", |json| json.bool(it.is_to_be_checked()));
        json.field("why", |json| {
            json.array(it.why.as_slice(), |json, why| json.text(&sentence(why, language)));
        });
        json.field("why_codes", |json| {
            json.array(it.why.as_slice(), |json, why| json.text(why.word()));
        });
        json.field("figo", |json| word(json, it.figo.map(|category| category.word())));
        json.field("nichd", |json| word(json, it.nichd.map(|category| category.word())));
        json.field("nst", |json| word(json, it.nst.map(|nst| nst.word())));
        json.field("baseline_bpm", |json| match it.baseline.value() {
            Some(level) => json.whole(level.bpm.into()),
            None => json.null(),
        });
        json.field("baseline_carried", |json| json.bool(it.baseline.is_carried()));
        json.field("bandwidth_bpm", |json| match it.variability {
            Determined::Nowhere => json.null(),
            other => json.tenths(other.value().map_or(f32::NAN, |found| found.bandwidth_bpm)),
        });
        json.field("variability_carried", |json| json.bool(it.variability.is_carried()));
        json.field("contractions_per_10_min", |json| {
            if it.has_uterine_activity {
                json.tenths(it.contractions_per_10_min);
            } else {
                json.null();
            }
        });
        json.field("tachysystole", |json| json.bool(it.is_tachysystole));
        json.field("signal_loss", |json| json.thousandths(it.lost));
        json.field("caution", |json| json.bool(it.is_caution));
    });
}

fn word(json: &mut Json, word: Option<&str>) {
    match word {
        Some(word) => json.text(word),
        None => json.null(),
    }
}

fn sentence(why: &ctg::Why, language: Language) -> String {
    match language {
        Language::Ja => why.ja(),
        Language::En => why.en(),
    }
}

/// Writes which table gave the levels, and who has reviewed it.
pub(super) fn table(json: &mut Json) {
    let identity = JsogTable::shipped().identity();
    json.object(|json| {
        json.field("version", |json| json.text(identity.version));
        let hash: String = identity.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
        json.field("sha256", |json| json.text(&hash));
        json.field("reviewed", |json| json.bool(identity.reviewers != Reviewers::None));
    });
}

/// An assessment for the ribbon of a printed strip.
pub(super) fn band(it: &Assessment, language: Language) -> LevelBand {
    let name = match (it.jsog, language) {
        (Graded::Level(level), Language::Ja) => level.ja(),
        (Graded::Level(level), Language::En) => level.en(),
        (Graded::NotClassifiable(_), Language::Ja) => "分類不能",
        (Graded::NotClassifiable(_), Language::En) => "not classifiable",
    };
    let why = it.why.as_slice().iter().map(|why| sentence(why, language));
    LevelBand {
        span: it.span,
        level: it.shown.map(ctg::JsogLevel::number),
        name: name.to_owned(),
        why: why.collect(),
    }
}

/// Who has reviewed the table, for the printed strip.
pub(super) fn reviewers() -> Option<String> {
    match JsogTable::shipped().identity().reviewers {
        Reviewers::None => None,
        Reviewers::Signed(one, other) => Some(format!("{one}, {other}")),
    }
}

/// The version of the table, for the printed strip.
pub(super) fn version() -> String {
    JsogTable::shipped().identity().version.to_owned()
}
