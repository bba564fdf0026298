//! The FHRMA recordings: real labours with the events that experts marked, and with what
//! eleven published methods made of the same signals.
//!
//! In: a folder of the data set as its README describes it. Out: its recordings that experts
//! marked, with what of them cannot be judged. Never: the part that the authors keep for
//! evaluation; it has no expert's reading.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use archive::parquet::Table;
use bytes::Bytes;
use ctg::expert::EventKind;
use ctg::tick::TICKS_PER_MINUTE;
use ctg::{Span, Tick};

use crate::columns;
use crate::csv;
use crate::error::AgreementError;
use crate::matching::Unjudged;
use crate::strip;

/// The published methods, in the order of the README's table.
pub const METHODS: [&str; 11] = [
    "wmfb", "lu", "mongelli", "wrobel", "ayres", "maeda", "pardey", "houze", "taylor", "jimenez",
    "cazares",
];
/// Whose events are compared with.
pub const EXPERT: &str = "expert";

/// Recordings that experts marked are of this part.
const PART: &str = "train";
/// A quarter of a bpm, in hundredths.
const QUARTER_HUNDREDTHS: u32 = 25;
/// The end of a recording cannot be judged: delivery, or a probe taken off.
const END_TICKS: u32 = TICKS_PER_MINUTE;

/// One recording that experts marked.
#[derive(Clone, Debug)]
pub struct Recording {
    /// Its name in the data set.
    pub name: String,
    /// The larger of the two fetal channels, and uterine activity.
    pub ticks: Vec<Tick>,
    /// What of it cannot be judged: missing, rejected or unreliable signal, and its last minute.
    pub unjudged: Unjudged,
    /// One baseline for each of [`METHODS`], bpm each second.
    pub baselines: Vec<Vec<f32>>,
    events: BTreeMap<(String, EventKind), Vec<Span>>,
}

impl Recording {
    /// The events that a source, [`EXPERT`] or one of [`METHODS`], marked.
    #[must_use]
    pub fn events(&self, source: &str, kind: EventKind) -> &[Span] {
        self.events.get(&(source.to_owned(), kind)).map_or(&[], Vec::as_slice)
    }
}

/// Reads the recordings that experts marked, in the order of `records.csv`.
///
/// # Errors
///
/// [`AgreementError`] where a file is missing, is something else, or contradicts another.
pub fn load(folder: &Path) -> Result<Vec<Recording>, AgreementError> {
    let records = csv::Table::read(&folder.join("records.csv"))?;
    let mut marks = marks(&folder.join("events.csv"))?;
    let mut strips = strips(&folder.join("signals.parquet"))?;
    let mut baselines = baselines(&folder.join("baselines_1hz.parquet"))?;
    let mut recordings = Vec::new();
    for record in records.rows() {
        if record.text("part")? != PART {
            continue;
        }
        let name = record.text("record_id")?.to_owned();
        let absent = |what: &str| AgreementError::recording(&name, format!("has no {what}"));
        let (ticks, prepared) = strips.remove(&name).ok_or_else(|| absent("signals"))?;
        if ticks.len() != record.number::<usize>("n_samples")? || prepared.len() != ticks.len() {
            let reason = "has signals of another length than \"records.csv\" says";
            return Err(AgreementError::recording(name, reason));
        }
        let marks = marks.remove(&name).ok_or_else(|| absent("events"))?;
        recordings.push(Recording {
            unjudged: unjudged(&ticks, &prepared, &marks.unreliable),
            ticks,
            baselines: baselines.remove(&name).ok_or_else(|| absent("baselines"))?,
            events: marks.events,
            name,
        });
    }
    Ok(recordings)
}

/// What is marked in one recording.
#[derive(Default)]
struct Marks {
    events: BTreeMap<(String, EventKind), Vec<Span>>,
    unreliable: Vec<Span>,
}

fn marks(path: &Path) -> Result<BTreeMap<String, Marks>, AgreementError> {
    let mut marks: BTreeMap<String, Marks> = BTreeMap::new();
    for row in csv::Table::read(path)?.rows() {
        let of_record = marks.entry(row.text("record_id")?.to_owned()).or_default();
        let span = Span { start: row.number("start_sample")?, end: row.number("end_sample")? };
        let kind = match row.text("kind")? {
            "acc" => EventKind::Acceleration,
            "dec" => EventKind::Deceleration,
            "unreliable" => {
                of_record.unreliable.push(span);
                continue;
            }
            other => {
                let reason =
                    format!("has events of kind \"{other}\", which this program does not know");
                return Err(AgreementError::contents(path, reason));
            }
        };
        let source = row.text("source")?.to_owned();
        of_record.events.entry((source, kind)).or_default().push(span);
    }
    Ok(marks)
}

/// Ticks of each recording, and the rate after the authors' own preparation, hundredths of a
/// bpm.
type Strips = BTreeMap<String, (Vec<Tick>, Vec<u16>)>;

fn strips(path: &Path) -> Result<Strips, AgreementError> {
    let bytes = read(path)?;
    let mut prepared = columns::lists(path, bytes.clone(), ["fhr_prep_c"])?;
    let refused = |refused| AgreementError::contents(path, refused);
    let table = Table::open(bytes).map_err(refused)?;
    let mut strips = Strips::new();
    for group in 0..table.groups().count() {
        for recording in table.rows(group).map_err(refused)? {
            let recording = recording.map_err(refused)?;
            let [prepared] = prepared.remove(recording.name()).unwrap_or_default();
            strips.insert(recording.name().to_owned(), (strip::ticks(&recording), prepared));
        }
    }
    Ok(strips)
}

fn unjudged(ticks: &[Tick], prepared: &[u16], unreliable: &[Span]) -> Unjudged {
    let is_bad = |(tick, prepared): (&Tick, &u16)| {
        // Hundredths hold a quarter exactly: what differs was rejected by the authors'
        // preparation and laid on a straight line.
        let recorded = tick.fhr.map(|rate| QUARTER_HUNDREDTHS * u32::from(rate.quarters()));
        recorded != Some(u32::from(*prepared))
    };
    let mut marks: Vec<bool> = ticks.iter().zip(prepared).map(is_bad).collect();
    let last = marks.len();
    let end = Span { start: last.saturating_sub(END_TICKS as usize) as u32, end: last as u32 };
    for span in unreliable.iter().chain([&end]) {
        let to = (span.end as usize).min(last);
        marks[(span.start as usize).min(to)..to].fill(true);
    }
    Unjudged::new(&marks)
}

fn baselines(path: &Path) -> Result<BTreeMap<String, Vec<Vec<f32>>>, AgreementError> {
    let of_tenths = |tenths: Vec<u16>| tenths.iter().map(|it| f32::from(*it) / 10.0).collect();
    let lists = columns::lists(path, read(path)?, METHODS)?;
    Ok(lists.into_iter().map(|(name, lists)| (name, lists.map(of_tenths).into())).collect())
}

pub(crate) fn read(path: &Path) -> Result<Bytes, AgreementError> {
    let bytes =
        fs::read(path).map_err(|source| AgreementError::Read { path: path.to_owned(), source })?;
    Ok(Bytes::from(bytes))
}
