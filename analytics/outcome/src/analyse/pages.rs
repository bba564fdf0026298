//! The annotated strips of all records, as one PDF.

use std::fs;
use std::path::{Path, PathBuf};

use ctg::record::Record;
use ctg::{Profile, Uterus};
use report::{LevelBand, Paper};

use super::assessments;
use super::language::Language;
use super::lines::baseline_of_ticks;
use super::strip::Strip;
use crate::error::OutcomeError;

/// What one record adds to the report.
#[derive(Debug)]
pub(crate) struct Pages {
    title: String,
    begins: Option<(String, u32)>,
    strip: Strip,
    record: Record,
    /// Of every tick, bpm.
    baseline_bpm: Vec<f32>,
    levels: Vec<LevelBand>,
    uterus: Uterus,
}

impl Pages {
    pub(crate) fn new(strip: Strip, record: Record, uterus: Uterus, language: Language) -> Self {
        let levels = record.assessments.iter().map(|it| assessments::band(it, language)).collect();
        let title = match strip.fetus {
            Some(ctg::Fetus::Second) => format!("{} (2)", strip.name),
            _ => strip.name.clone(),
        };
        let baseline_bpm = baseline_of_ticks(&record).collect();
        Self { title, begins: begins(&strip), strip, record, baseline_bpm, levels, uterus }
    }

    fn strip<'a>(&'a self, profile: Profile, table: report::Table<'a>) -> report::Strip<'a> {
        let begins = self.begins.as_ref();
        report::Strip {
            beginning: begins.map(|(text, second_of_day)| report::Beginning {
                text,
                second_of_day: *second_of_day,
                days: &[],
            }),
            baseline_bpm: &self.baseline_bpm,
            accelerations: &self.record.accelerations,
            decelerations: &self.record.decelerations,
            contractions: &self.record.contractions,
            artefacts: &self.record.artefacts,
            levels: &self.levels,
            profile,
            uterus: self.uterus,
            table,
            ..report::Strip::bare(&self.title, &self.strip.ticks)
        }
    }
}

/// Writes the report of all records; it gets its name when it is whole.
///
/// # Errors
///
/// [`OutcomeError::Report`] where it cannot be drawn, [`OutcomeError::Write`] where it cannot
/// be written.
pub(crate) fn write(
    to: &Path,
    pages: &[Pages],
    profile: Profile,
    language: Language,
) -> Result<(), OutcomeError> {
    let version = assessments::version();
    let reviewers = assessments::reviewers();
    let table = report::Table { version: &version, reviewers: reviewers.as_deref() };
    let strips: Vec<_> = pages.iter().map(|pages| pages.strip(profile, table)).collect();
    let language = match language {
        Language::Ja => report::Language::Japanese,
        Language::En => report::Language::English,
    };
    let pdf = report::strip_pdf(&strips, &Paper { language, ..Paper::default() })
        .map_err(|error| OutcomeError::Report(error.to_string()))?;
    let part = part_of(to);
    fs::write(&part, pdf)
        .and_then(|()| fs::rename(&part, to))
        .map_err(|source| OutcomeError::Write { to: format!("\"{}\"", to.display()), source })
}

fn part_of(to: &Path) -> PathBuf {
    let mut name = to.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

/// When a strip began, in the time zone of this machine.
fn begins(strip: &Strip) -> Option<(String, u32)> {
    let time = jiff::Timestamp::from_microsecond(strip.starts_at?.0).ok()?;
    let time = time.to_zoned(jiff::tz::TimeZone::system());
    let hms = [time.hour(), time.minute(), time.second()].map(|it| u32::from(it.unsigned_abs()));
    let text = time.strftime("%Y-%m-%d %H:%M:%S %:z").to_string();
    Some((text, hms[0] * 3_600 + hms[1] * 60 + hms[2]))
}
