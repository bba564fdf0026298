//! A record in a few lines of text: small enough to read, exact enough to notice a change.

use std::fmt::Write;

use ctg::finding::Profiles;
use ctg::record::Record;
use ctg::tick::{TICKS_PER_MINUTE, TICKS_PER_SECOND};
use ctg::{Assessment, Graded, JsogLevel, Span};
use report::LevelBand;

/// Minutes between two values of the baseline.
const STEP_MIN: u32 = 2;

/// The text of a record.
pub fn of(title: &str, record: &Record) -> String {
    let mut text = format!("{title}\n\nbaseline, bpm:");
    for minute in (0..record.ticks / TICKS_PER_MINUTE).step_by(STEP_MIN as usize) {
        let value = record.baseline_bpm[(minute * 60) as usize];
        let value = if value.is_nan() { "-".to_owned() } else { format!("{value:.0}") };
        write!(text, " {value}").unwrap();
    }
    let lost = 100.0 * record.signal_loss;
    write!(text, "\nlost: {lost:.0} %\n\n").unwrap();
    let mut events: Vec<(Span, String)> = Vec::new();
    events.extend(record.accelerations.iter().map(|one| {
        let height = format!("+{:.0}", one.height_bpm);
        (one.span, format!("acceleration {height}{}", counted(one.profiles)))
    }));
    events.extend(record.decelerations.iter().map(|one| {
        let severity = one.severity.map_or("", |severity| severity.word());
        let numbers = format!("nadir {:.0} depth {:.0}", one.nadir_bpm, one.depth_bpm);
        let lag = one.lag_s.map_or(String::new(), |lag_s| format!(" lag {lag_s:.0} s"));
        let kind = format!("{} {severity}", one.kind.word());
        let kind = kind.trim_end();
        (one.span, format!("{kind} {numbers}{lag}{}", counted(one.profiles)))
    }));
    events.extend(record.artefacts.iter().map(|one| (one.span, one.kind.word().to_owned())));
    events.extend(record.sinusoidal.iter().map(|one| (*one, "sinusoidal".to_owned())));
    let contractions = record.contractions.iter();
    events.extend(contractions.map(|one| (one.span, "contraction".to_owned())));
    events.sort();
    for (span, what) in events {
        writeln!(text, "{} {what}", places(span)).unwrap();
    }
    for one in &record.assessments {
        writeln!(text, "\n{}", levels(one)).unwrap();
        for why in one.why.as_slice() {
            writeln!(text, "    {}", why.en()).unwrap();
        }
    }
    text
}

/// The lines in which a text differs from the known one, and where.
pub fn difference(name: &str, known: &str, text: &str) -> Vec<String> {
    let (known, text): (Vec<&str>, Vec<&str>) = (known.lines().collect(), text.lines().collect());
    let gone = known.iter().filter(|line| !text.contains(line));
    let gone = gone.map(|line| format!("{name} - {line}"));
    let new = text.iter().filter(|line| !known.contains(line));
    let mut lines: Vec<String> = gone.chain(new.map(|line| format!("{name} + {line}"))).collect();
    if lines.is_empty() && known != text {
        lines.push(format!("{name}: the same lines in another order or number"));
    }
    lines
}

/// The baseline of every tick, bpm.
pub fn baseline_of_ticks(record: &Record) -> impl Iterator<Item = f32> {
    let each = |bpm: &f32| std::iter::repeat_n(*bpm, TICKS_PER_SECOND as usize);
    record.baseline_bpm.iter().flat_map(each)
}

/// An assessment under the picture.
pub fn band(one: &Assessment) -> LevelBand {
    LevelBand {
        span: one.span,
        level: one.shown.map(JsogLevel::number),
        name: one.shown.map_or("not classifiable", JsogLevel::en).to_owned(),
        why: one.why.as_slice().iter().map(ctg::Why::en).collect(),
        actions: Vec::new(),
    }
}

fn levels(one: &Assessment) -> String {
    let jsog = match one.jsog {
        Graded::Level(level) => format!("level {}", level.number()),
        Graded::NotClassifiable(reason) => format!("no level: {}", reason.word()),
    };
    let figo = one.figo.map_or("-", |category| category.word());
    let nichd = one.nichd.map_or("-", |category| category.word());
    let nst = one.nst.map_or("-", |nst| nst.word());
    let contractions = one.contractions_per_10_min;
    format!(
        "{} {jsog}; FIGO {figo}; NICHD {nichd}; NST {nst}; contractions {contractions:.1} in 10 min",
        places(one.span)
    )
}

fn counted(profiles: Profiles) -> &'static str {
    match (profiles.definition, profiles.expert) {
        (true, true) => "",
        (true, false) => " (by definition alone)",
        (false, true) => " (by experts alone)",
        (false, false) => " (by nobody)",
    }
}

fn places(span: Span) -> String {
    let place = |tick: u32| {
        let seconds = (tick + TICKS_PER_SECOND / 2) / TICKS_PER_SECOND;
        format!("{:02}:{:02}", seconds / 60, seconds % 60)
    };
    format!("{}-{}", place(span.start), place(span.end))
}
