//! The line of one record: what was found, as one JSON object.

use ctg::record::Record;
use ctg::{Acceleration, Artefact, Contraction, Deceleration, Fetus, Profile, Span, Uterus};
use vitals::WallTime;

use super::assessments;
use super::json::Json;
use super::language::Language;
use super::strip::Strip;

/// What a line shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Whose accelerations and decelerations.
    pub(crate) profile: Profile,
    /// How much of each record.
    pub(crate) detail: Detail,
    /// The language of sentences.
    pub(crate) language: Language,
}

/// How much of a record is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    /// The baseline of every tick as well.
    Whole,
    /// Everything but the baseline.
    WithoutBaseline,
    /// How many findings there are, and the levels.
    Summary,
}

/// The line of one record, with its end.
pub(crate) fn line(strip: &Strip, record: &Record, uterus: Uterus, shown: Shown) -> Vec<u8> {
    let mut json = Json::default();
    json.object(|json| {
        origin(json, strip, uterus);
        json.field("profile", |json| json.text(shown.profile.word()));
        json.field("table", assessments::table);
        match shown.detail {
            Detail::Summary => counts(json, record, shown.profile),
            Detail::Whole | Detail::WithoutBaseline => findings(json, record, shown),
        }
        json.field("assessments", |json| {
            json.array(&record.assessments, |json, it| {
                assessments::write(json, it, shown.language);
            });
        });
        json.field("signal_loss", |json| json.thousandths(record.signal_loss));
        json.field("stv_ms", |json| json.optional(record.stv_ms, Json::thousandths));
        json.field("ltv_ms", |json| json.optional(record.ltv_ms, Json::thousandths));
    });
    let mut bytes = json.into_bytes();
    bytes.push(b'\n');
    bytes
}

fn origin(json: &mut Json, strip: &Strip, uterus: Uterus) {
    json.field("record", |json| json.text(&strip.name));
    json.field("file", |json| json.text(&strip.file.to_string_lossy()));
    if let Some(fetus) = strip.fetus {
        json.field("fetus", |json| {
            let number = match fetus {
                Fetus::First => 1,
                Fetus::Second => 2,
            };
            json.whole(number);
        });
    }
    if let Some(time) = strip.starts_at.and_then(in_words) {
        json.field("starts_at", |json| json.text(&time));
    }
    json.field("fs_hz", |json| json.whole(u64::from(ctg::tick::TICKS_PER_SECOND)));
    json.field("source_hz", |json| json.whole(u64::from(strip.source_hz)));
    json.field("samples", |json| json.whole(strip.ticks.len() as u64));
    json.field("uterus", |json| {
        let word = match uterus {
            Uterus::External => "external",
            Uterus::IntraUterine => "intrauterine",
        };
        json.text(word);
    });
}

fn in_words(time: WallTime) -> Option<String> {
    jiff::Timestamp::from_microsecond(time.0).ok().map(|time| time.to_string())
}

fn findings(json: &mut Json, record: &Record, shown: Shown) {
    if shown.detail == Detail::Whole {
        json.field("baseline_bpm", |json| {
            json.array(baseline_of_ticks(record), Json::tenths);
        });
    }
    json.field("accelerations", |json| {
        json.array(accelerations(record, shown.profile), |json, it| span(json, it.span));
    });
    json.field("decelerations", |json| {
        json.array(decelerations(record, shown.profile), deceleration);
    });
    json.field("contractions", |json| json.array(&record.contractions, contraction));
    json.field("artefacts", |json| json.array(&record.artefacts, artefact));
    json.field("sinusoidal", |json| json.array(&record.sinusoidal, |json, &it| span(json, it)));
}

fn counts(json: &mut Json, record: &Record, profile: Profile) {
    let counts = [
        ("accelerations", accelerations(record, profile).count()),
        ("decelerations", decelerations(record, profile).count()),
        ("contractions", record.contractions.len()),
        ("artefacts", record.artefacts.len()),
        ("sinusoidal", record.sinusoidal.len()),
    ];
    for (name, count) in counts {
        json.field(name, |json| json.whole(count as u64));
    }
}

/// The baseline of every tick, bpm: each second's, for all of its ticks. The ticks of a second
/// that the recording does not complete have none.
pub(crate) fn baseline_of_ticks(record: &Record) -> impl Iterator<Item = f32> {
    let per_second = ctg::tick::TICKS_PER_SECOND as usize;
    let whole = record.baseline_bpm.iter();
    let held = whole.flat_map(move |&bpm| std::iter::repeat_n(bpm, per_second));
    held.chain(std::iter::repeat(f32::NAN)).take(record.ticks as usize)
}

fn accelerations(record: &Record, profile: Profile) -> impl Iterator<Item = &Acceleration> {
    record.accelerations.iter().filter(move |it| it.profiles.include(profile))
}

fn decelerations(record: &Record, profile: Profile) -> impl Iterator<Item = &Deceleration> {
    record.decelerations.iter().filter(move |it| it.profiles.include(profile))
}

fn span(json: &mut Json, span: Span) {
    json.array([span.start, span.end], Json::seconds);
}

fn deceleration(json: &mut Json, it: &Deceleration) {
    json.object(|json| {
        json.field("start_s", |json| json.seconds(it.span.start));
        json.field("end_s", |json| json.seconds(it.span.end));
        json.field("nadir_s", |json| json.seconds(it.nadir));
        json.field("nadir_bpm", |json| json.tenths(it.nadir_bpm));
        json.field("kind", |json| json.text(it.kind.word()));
        let severity = it.severity.map(ctg::Severity::word);
        json.field("severity", |json| json.optional(severity, Json::text));
        json.field("depth_bpm", |json| json.tenths(it.depth_bpm));
        json.field("area_bpm_s", |json| json.tenths(it.area_bpm_s));
        json.field("fall_s", |json| json.thousandths(it.fall_s));
        json.field("lag_s", |json| json.optional(it.lag_s, Json::thousandths));
        json.field("lost", |json| json.thousandths(it.lost));
        json.field("likelihood", |json| json.thousandths(it.likelihood));
        json.field("definition", |json| json.bool(it.profiles.definition));
        json.field("expert", |json| json.bool(it.profiles.expert));
    });
}

fn contraction(json: &mut Json, it: &Contraction) {
    json.array([it.span.start, it.peak, it.span.end], Json::seconds);
}

fn artefact(json: &mut Json, it: &Artefact) {
    json.object(|json| {
        json.field("start_s", |json| json.seconds(it.span.start));
        json.field("end_s", |json| json.seconds(it.span.end));
        json.field("kind", |json| json.text(it.kind.word()));
    });
}
