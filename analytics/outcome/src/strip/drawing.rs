//! A chart on paper.

use ctg::{Span, Uterus};
use report::{Beginning, Heading, Note as ReportNote, Shows, Table, Twin};
use vitals::{DeviceTick, WallTime};

use super::findings::{Found, found};
use super::{Chart, Form, Looks, Moment, Note, PERIOD_MAX_HOURS, Period, StripError, moment};
use crate::analyse::{Language, assessments};

/// Ticks in an hour.
const HOUR: u32 = 60 * ctg::tick::TICKS_PER_MINUTE;
/// The program, as the header names it.
const PROGRAM: &str = concat!("Ubugoe ", env!("CARGO_PKG_VERSION"));

/// The language of sentences that the analysis writes.
pub(super) fn language(looks: &Looks) -> Language {
    match looks.paper.language {
        report::Language::Japanese => Language::Ja,
        report::Language::English => Language::En,
    }
}

impl Chart {
    /// Draws a period: one PDF, or one picture a page.
    ///
    /// # Errors
    ///
    /// [`StripError`], where the period is empty, too long or of the wrong kind, or where the
    /// picture would be larger than its bounds.
    pub fn print(
        &self,
        period: &Period,
        looks: &Looks,
        notes: &[Note],
    ) -> Result<Vec<Vec<u8>>, StripError> {
        let part = self.part(period, looks)?;
        let words = Words::of(self, part, looks);
        let notes: Vec<ReportNote> = notes
            .iter()
            .filter_map(|note| {
                let Note { who, text, kind, .. } = note;
                Some(ReportNote { at: self.tick(note.at)?, who, text, kind: *kind })
            })
            .collect();
        let strip = self.strip(part, &words, &notes);
        let Some(profile) = looks.findings else {
            let twin = self.twin.as_ref();
            let offset_bpm = looks.twin_offset_bpm;
            let twin = twin.map(|(rates, _)| Twin { rates, offset_bpm });
            return drawn(&[report::Strip { shows: Shows::Recording, twin, ..strip }], looks);
        };
        // With findings each twin has a strip of its own, as in the report of `analyse`.
        let second = self.twin.as_ref().map(|(_, trusted)| trusted);
        let mut fetuses = vec![(&self.ticks, &self.trusted, words.first.as_str())];
        fetuses.extend(second.map(|trusted| (trusted, trusted, words.second.as_str())));
        let found: Vec<Found> =
            fetuses.iter().map(|(_, trusted, _)| found(trusted, self, looks)).collect();
        let strips: Vec<report::Strip> = fetuses
            .iter()
            .zip(&found)
            .map(|((ticks, _, name), found)| report::Strip {
                name,
                ticks,
                baseline_bpm: &found.baseline_bpm,
                accelerations: &found.record.accelerations,
                decelerations: &found.record.decelerations,
                contractions: &found.record.contractions,
                artefacts: &found.record.artefacts,
                levels: &found.levels,
                profile,
                shows: Shows::Findings,
                ..strip
            })
            .collect();
        drawn(&strips, looks)
    }

    /// The strip as it was recorded, of the first fetus.
    fn strip<'a>(
        &'a self,
        part: Span,
        words: &'a Words,
        notes: &'a [ReportNote<'a>],
    ) -> report::Strip<'a> {
        report::Strip {
            beginning: words.begins.as_ref().map(|(text, second_of_day)| Beginning {
                text,
                second_of_day: *second_of_day,
                days: &words.days,
            }),
            uterus: self.uterus.unwrap_or(Uterus::External),
            table: Table { version: &words.table, reviewers: words.reviewers.as_deref() },
            part: Some(part),
            heading: Some(Heading {
                facility: &words.facility,
                bed: &self.device,
                episode: &self.episode,
                gestation: words.gestation,
                period: &words.period,
                program: PROGRAM,
            }),
            stretches: &self.stretches,
            events: &self.events,
            movements: &self.movements,
            notes,
            ..report::Strip::bare(&words.name, &self.ticks)
        }
    }

    /// The ticks of a period.
    fn part(&self, period: &Period, looks: &Looks) -> Result<Span, StripError> {
        let end = u32::try_from(self.ticks.len()).unwrap_or(u32::MAX);
        let clamped = |moment: Option<Moment>, open: u32| match moment {
            None => Ok(open),
            Some(moment) => {
                self.tick(moment).map(|tick| tick.clamp(self.lead, end)).ok_or_else(|| {
                    StripError::Times(
                        "this recording has no clock: give the time since it began, --from 0:30"
                            .to_owned(),
                    )
                })
            }
        };
        let part = Span { start: clamped(period.from, self.lead)?, end: clamped(period.to, end)? };
        if let (Some(from), Some(to)) = (period.from, period.to)
            && self.tick(from) >= self.tick(to)
        {
            return Err(StripError::Times("--from must be before --to".to_owned()));
        }
        if !self.recorded.iter().any(|span| span.overlap(part) > 0) {
            let [from, to] = [self.lead, end].map(|tick| self.dated(tick, looks));
            return Err(StripError::Empty { from, to });
        }
        if part.ticks() > PERIOD_MAX_HOURS * HOUR {
            let hours = f64::from(part.ticks()) / f64::from(HOUR);
            return Err(StripError::TooLong { hours });
        }
        Ok(part)
    }

    /// The tick of a moment, at its nearest end where it lies outside; `None` for a time of day
    /// on a recording without a clock.
    fn tick(&self, at: Moment) -> Option<u32> {
        let ticks = match at {
            Moment::Elapsed(seconds) => {
                i64::from(self.lead) + i64::from(seconds) * i64::from(ctg::tick::TICKS_PER_SECOND)
            }
            // Up to the next tick: a period begins with the first tick that is inside.
            Moment::At(at) => {
                let micros = at.micros_since(self.starts_at?);
                micros.div_euclid(DeviceTick::MICROS)
                    + i64::from(micros.rem_euclid(DeviceTick::MICROS) != 0)
            }
        };
        Some(u32::try_from(ticks.max(0)).unwrap_or(u32::MAX))
    }

    /// When a tick was.
    fn at(&self, tick: u32) -> Option<WallTime> {
        Some(self.starts_at?.plus_micros(i64::from(tick) * DeviceTick::MICROS))
    }

    /// What the paper calls a tick: the time of day, or since the beginning.
    pub(super) fn named(&self, tick: u32, looks: &Looks) -> String {
        let seconds = match self.at(tick) {
            Some(at) => moment::second_of_day(at, &looks.zone),
            None => (tick - self.lead) / ctg::tick::TICKS_PER_SECOND,
        };
        format!("{}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
    }

    /// What messages call a tick: with its day, where it has one.
    fn dated(&self, tick: u32, looks: &Looks) -> String {
        self.at(tick).map_or_else(|| self.named(tick, looks), |at| moment::shown(at, &looks.zone))
    }
}

/// Texts of the header.
struct Words {
    name: String,
    first: String,
    second: String,
    facility: String,
    gestation: Option<report::Gestation>,
    period: String,
    begins: Option<(String, u32)>,
    days: Vec<String>,
    table: String,
    reviewers: Option<String>,
}

impl Words {
    fn of(chart: &Chart, part: Span, looks: &Looks) -> Self {
        let zone = &looks.zone;
        let begins =
            chart.starts_at.map(|at| (moment::shown(at, zone), moment::second_of_day(at, zone)));
        let ends = chart.at(part.start).zip(chart.at(part.end));
        let period = ends.map_or_else(String::new, |(from, to)| moment::period(from, to, zone));
        let days = chart.starts_at.zip(chart.at(part.end));
        let days = days.map_or_else(Vec::new, |(from, to)| moment::days(from, to, zone));
        let facility = looks.facility.clone().unwrap_or_else(|| chart.bridge.clone());
        let name = match looks.paper.language {
            _ if chart.name.is_empty() => String::new(),
            report::Language::Japanese => format!("記録 {}", chart.name),
            report::Language::English => format!("record {}", chart.name),
        };
        let twin = |japanese: &str, english: &str| match looks.paper.language {
            _ if chart.twin.is_none() => name.clone(),
            report::Language::Japanese => format!("{name} {japanese}").trim_start().to_owned(),
            report::Language::English => format!("{name} {english}").trim_start().to_owned(),
        };
        Self {
            first: twin("第1児（FHR1）", "first twin (FHR1)"),
            second: twin("第2児（FHR2）", "second twin (FHR2)"),
            name,
            facility,
            gestation: looks.gestation,
            period,
            begins,
            days,
            table: assessments::version(),
            reviewers: assessments::reviewers(),
        }
    }
}

fn drawn(strips: &[report::Strip], looks: &Looks) -> Result<Vec<Vec<u8>>, StripError> {
    let paper = &looks.paper;
    Ok(match looks.form {
        Form::Pdf => vec![report::strip_pdf(strips, paper)?],
        Form::Svg => {
            report::strip_svg(strips, paper)?.into_iter().map(String::into_bytes).collect()
        }
        Form::Png(dpi) => report::strip_png(strips, paper, dpi)?,
    })
}
