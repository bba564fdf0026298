//! The levels of ten minutes, what is recommended at them, and the table they come from.

use ctg::jsog::{Action, JsogTable, Reviewers, Role};
use ctg::{Assessment, Determined, Graded, Span};
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
        json.field("individual_judgement", |json| json.bool(it.needs_judgement));
        json.field("actions", |json| {
            json.optional(it.shown, |json, level| actions(json, level, language));
        });
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
        json.field("baseline_raw_bpm", |json| {
            json.optional(it.baseline.value(), |json, level| json.tenths(level.raw_bpm));
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

/// Writes what the shown level asks of each role: one code or two, of which people choose.
fn actions(json: &mut Json, level: ctg::JsogLevel, language: Language) {
    json.object(|json| {
        for role in Role::ALL {
            json.field(role.word(), |json| {
                json.array(level.actions().of(role), |json, action| {
                    json.object(|json| {
                        json.field("code", |json| json.text(action.letter()));
                        json.field("text", |json| json.text(asks(action, role, language)));
                    });
                });
            });
        }
    });
}

fn asks(action: Action, role: Role, language: Language) -> &'static str {
    match language {
        Language::Ja => action.ja(role),
        Language::En => action.en(role),
    }
}

/// What the shown level asks of a role, as one line of a printed strip.
fn asked_of(role: Role, level: ctg::JsogLevel, language: Language) -> String {
    let (name, colon, or) = match language {
        Language::Ja => (role.ja(), "：", "／"),
        Language::En => (role.en(), ": ", " / "),
    };
    let each = level.actions().of(role);
    let each = each.map(|action| format!("{} {}", action.letter(), asks(action, role, language)));
    format!("{name}{colon}{}", each.collect::<Vec<_>>().join(or))
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
pub(crate) fn band(it: &Assessment, language: Language) -> LevelBand {
    band_of(it, language, |why| sentence(why, language))
}

/// The same, with the times of findings as `time` names them.
pub(crate) fn band_at(
    it: &Assessment,
    language: Language,
    time: impl Fn(Span) -> String,
) -> LevelBand {
    band_of(it, language, |why| match language {
        Language::Ja => why.ja_at(&time),
        Language::En => why.en_at(&time),
    })
}

fn band_of(
    it: &Assessment,
    language: Language,
    sentence: impl Fn(&ctg::Why) -> String,
) -> LevelBand {
    let name = match (it.jsog, language) {
        (Graded::Level(level), Language::Ja) => level.ja(),
        (Graded::Level(level), Language::En) => level.en(),
        (Graded::NotClassifiable(_), Language::Ja) => "分類不能",
        (Graded::NotClassifiable(_), Language::En) => "not classifiable",
    };
    let why = it.why.as_slice().iter().map(sentence);
    LevelBand {
        span: it.span,
        level: it.shown.map(ctg::JsogLevel::number),
        name: name.to_owned(),
        why: why.collect(),
        actions: it.shown.map_or_else(Vec::new, |level| {
            Role::ALL.map(|role| asked_of(role, level, language)).to_vec()
        }),
    }
}

/// Who has reviewed the table, for the printed strip.
pub(crate) fn reviewers() -> Option<String> {
    match JsogTable::shipped().identity().reviewers {
        Reviewers::None => None,
        Reviewers::Signed(one, other) => Some(format!("{one}, {other}")),
    }
}

/// The version of the table, for the printed strip.
pub(crate) fn version() -> String {
    JsogTable::shipped().identity().version.to_owned()
}

#[cfg(test)]
mod tests {
    use ctg::{Case, Settings, Tick, record};
    use vitals::Bpm;

    use super::*;

    /// The JSON of ten minutes at a constant rate: variability is absent, level 4 by the cell
    /// with the dagger.
    fn flat(bpm: u16, language: Language) -> serde_json::Value {
        let tick = Tick { fhr: Bpm::from_quarters(4 * bpm).ok(), ..Tick::default() };
        let record = record::read(&[tick; 2400], &Case::default(), &Settings::default());
        let mut json = Json::default();
        write(&mut json, &record.assessments[0], language);
        serde_json::from_slice(&json.into_bytes()).unwrap()
    }

    #[test]
    fn a_level_comes_with_what_it_asks_of_each_role_and_picks_none() {
        let line = flat(140, Language::En);
        assert_eq!(line["jsog_shown"], 4);
        for role in ["physician", "midwife"] {
            let codes: Vec<_> = line["actions"][role].as_array().unwrap().iter().collect();
            assert_eq!(codes.iter().map(|it| &it["code"]).collect::<Vec<_>>(), ["C", "D"]);
            assert!(codes.iter().all(|it| it["text"].as_str().unwrap().len() > 20));
        }
        assert_ne!(flat(140, Language::Ja)["actions"], line["actions"]);
    }

    #[test]
    fn the_shown_level_is_the_one_that_asks() {
        // Absent variability at a baseline below 80: the table says 4, 5 is shown.
        let line = flat(70, Language::Ja);
        assert_eq!((&line["jsog"], &line["jsog_shown"]), (&4.into(), &5.into()));
        assert_eq!(line["actions"]["physician"][0]["code"], "D");
        assert_eq!(line["to_be_checked"], true);
    }

    #[test]
    fn the_cell_with_the_dagger_is_marked_and_explained() {
        let line = flat(140, Language::Ja);
        assert_eq!(line["individual_judgement"], true);
        let codes = line["why_codes"].as_array().unwrap();
        assert!(codes.contains(&"special cause".into()), "{codes:?}");
    }

    #[test]
    fn without_a_level_nothing_is_recommended() {
        let record = record::read(&[Tick::default(); 2400], &Case::default(), &Settings::default());
        let mut json = Json::default();
        write(&mut json, &record.assessments[0], Language::Ja);
        let line: serde_json::Value = serde_json::from_slice(&json.into_bytes()).unwrap();
        assert!(line["actions"].is_null() && line["jsog_shown"].is_null());
        assert!(band(&record.assessments[0], Language::Ja).actions.is_empty());
    }
}
