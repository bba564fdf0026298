//! The wall says of a level what the files and the printed strips say, word for word.
//!
//! `golden/sentences.json` holds an example of every reason as it travels and as both languages
//! put it, and what each action asks of each role. The wall's tests read the same file. A reason
//! that only one side knows fails here: the codes are the wire's, the reasons the engine's.
//! `UBUGOE_BLESS=1 cargo test -p watch --test sentences` writes the file anew.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use std::collections::BTreeSet;
use std::fs;

use ctg::jsog::{Action, Column, JsogLevel, Role};
use ctg::{
    Assessment, BaselineLevel, Case, DecelerationKind, Settings, Span, Tick, Variability,
    VariabilityGrade, Why, record,
};
use protocol::analysis::WhyCode;
use serde_json::{Value, json};
use vitals::WallTime;
use watch::translate::Placement;
use watch::translate::assessment::{Known, Past};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/golden/sentences.json");

#[test]
fn the_golden_file_is_what_the_engine_says() {
    let reasons: Vec<Value> = travelling().map(|(why, sent)| reason(&why, sent)).collect();
    let actions: Vec<Value> = JsogLevel::ALL.into_iter().flat_map(actions).collect();
    let said = json!({ "reasons": reasons, "actions": actions });
    let said = format!("{}\n", serde_json::to_string_pretty(&said).unwrap());
    if std::env::var_os("UBUGOE_BLESS").is_some() {
        fs::write(GOLDEN, &said).unwrap();
    }
    assert_eq!(fs::read_to_string(GOLDEN).unwrap(), said, "the wall reads {GOLDEN}");
}

#[test]
fn every_code_of_the_wire_has_a_reason_of_the_engine_and_the_other_way_round() {
    let named: BTreeSet<&str> =
        (0..=u8::MAX).map(|code| WhyCode(code).word()).filter(|word| *word != "reserved").collect();
    let known: BTreeSet<&str> = examples().iter().map(Why::word).collect();
    assert_eq!(known, named);
    // And the word is the same on both sides.
    for (why, sent) in travelling() {
        assert_eq!(sent.code.word(), why.word());
    }
}

/// Every reason with what is sent of it.
fn travelling() -> impl Iterator<Item = (Why, protocol::analysis::Why)> {
    let template = template();
    let known = Known { case: Case::default(), past: Past::Whole };
    examples().into_iter().map(move |why| {
        let one = Assessment { why: [why].into_iter().collect(), ..template.clone() };
        let sent = Placement { origin: WallTime(0) }.assessment(&one, known, |_, _| Some(7));
        (why, sent.why[0])
    })
}

fn reason(why: &Why, sent: protocol::analysis::Why) -> Value {
    let at = why.finding().map(|span| {
        let seconds = span.start / ctg::tick::TICKS_PER_SECOND;
        format!("{}:{:02}", seconds / 60, seconds % 60)
    });
    assert_eq!(sent.finding.is_some(), at.is_some(), "{why:?}");
    json!({
        "code": sent.code.0,
        "value": sent.value,
        "at": at,
        "ja": why.ja(),
        "en": why.en(),
    })
}

fn actions(level: JsogLevel) -> impl Iterator<Item = Value> {
    Role::ALL.into_iter().flat_map(move |role| {
        level.actions().of(role).map(move |action: Action| {
            json!({
                "level": level.number(),
                "role": role.word(),
                "code": action.letter(),
                "ja": action.ja(role),
                "en": action.en(role),
            })
        })
    })
}

/// An assessment to hang reasons on.
fn template() -> Assessment {
    let ticks = vec![Tick::default(); 240];
    let record = record::read(&ticks, &Case::default(), &Settings::default());
    record.assessments[0].clone()
}

/// One reason of every word; a number with a quarter tells whether both sides round alike.
fn examples() -> Vec<Why> {
    let baseline = BaselineLevel { bpm: 140, raw_bpm: 138.75 };
    let variability = Variability { bandwidth_bpm: 4.25, grade: VariabilityGrade::Decreased };
    let span = Span::of_seconds(900, 940);
    let mut all = vec![
        Why::Baseline(baseline),
        Why::Variability(variability),
        Why::Sinusoidal,
        Why::BaselineCarried { age_s: 240 },
        Why::VariabilityCarried { age_s: 240 },
        Why::NoDeceleration,
    ];
    for column in Column::ALL {
        let kind = match column {
            Column::None => continue,
            Column::Early => DecelerationKind::Early,
            Column::VariableMild | Column::VariableSevere => DecelerationKind::Variable,
            Column::LateMild | Column::LateSevere => DecelerationKind::Late,
            Column::ProlongedMild | Column::ProlongedSevere => DecelerationKind::Prolonged,
        };
        all.push(Why::Deceleration { column, kind, span, nadir_bpm: 84.75 });
    }
    let (column, kind) = (Column::LateMild, DecelerationKind::Unknown);
    all.push(Why::Deceleration { column, kind, span, nadir_bpm: 84.0 });
    all.extend([
        Why::BackgroundRisk,
        Why::DisplayRule,
        Why::IncreasedOnBradycardia,
        Why::NoCell,
        Why::SpecialCause,
        Why::Lost { share: 0.3 },
        Why::BaselineUndetermined,
        Why::VariabilityUndetermined,
        Why::Short { seconds: 95.0 },
        Why::FigoBaseline { bpm: 105 },
        Why::FigoVariability { minutes: 12 },
        Why::FigoDecelerations { count: 6, example: span },
        Why::FigoSinusoidal { minutes: 31 },
        Why::NichdBaseline { bpm: 105 },
        Why::NichdVariability(variability),
        Why::NichdDecelerations { share: 0.5, example: span },
        Why::NichdSinusoidal,
        Why::NichdDecelerationsUncounted { example: span },
        Why::NstAccelerations { count: 1 },
        Why::NstDecelerations { example: span },
        Why::NstLost { share: 0.3 },
    ]);
    all
}
