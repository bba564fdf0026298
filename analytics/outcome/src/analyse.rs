//! Recordings of any origin, analysed: one line of JSON each.
//!
//! In: files (Parquet, CSV, WFDB), folders of them, stores of this house. Out: what [`ctg`]
//! reads in each strip, and the annotated strips as a PDF. Never: a decision of its own about
//! what a strip shows. What cannot be read is named, and everything else is done.
//!
//! ```text
//! arguments ─ files ─► inputs ─ opening ─► strips ─ ctg ─► lines ─► output, in order
//!                                  └─ archive, own_store    └─► pages ─► report
//! ```

mod arguments;
pub(crate) mod assessments;
pub(crate) mod failure;
pub(crate) mod files;
mod json;
mod language;
pub(crate) mod lines;
pub(crate) mod opening;
mod output;
pub(crate) mod own_store;
mod pages;
pub(crate) mod placing;
pub(crate) mod strip;
mod work;

pub use archive::parquet::is_guarded;
pub use arguments::{Arguments, EXAMPLES, ShownProfile, UterusKind};
pub use language::Language;

use std::num::NonZeroUsize;
use std::thread;

use ctg::{Case, Profile, Scratch, Settings, Uterus};

use crate::error::OutcomeError;
use lines::{Detail, Shown};
use output::Output;
use pages::Pages;
use strip::{SecondChannel, Strip};

/// What one strip came to.
struct Analysed {
    line: Vec<u8>,
    /// `None` where no report is wanted.
    pages: Option<Box<Pages>>,
}

/// How strips are read and shown.
struct Reading {
    case: Case,
    /// What measured her contractions, where the caller says so: it counts before the file.
    uterus: Option<Uterus>,
    settings: Settings,
    shown: Shown,
    wants_pages: bool,
}

/// Analyses everything that `arguments` name.
///
/// `language` is that of the machine's settings; the argument counts before it.
///
/// # Errors
///
/// [`OutcomeError::Recordings`] where some could not be read, after all others are done and
/// each of those has been named on standard error; [`OutcomeError::Write`] and
/// [`OutcomeError::ReaderGone`] where the output ends early.
pub fn run(arguments: &Arguments, language: Language) -> Result<(), OutcomeError> {
    let reading = Reading::of(arguments, arguments.language.unwrap_or(language));
    let mut output = Output::begin();
    let mut inputs = Vec::new();
    for argument in &arguments.files {
        match files::inputs(argument) {
            Ok(more) => inputs.extend(more),
            Err(failure) => output.failed(&failure),
        }
    }
    let second = if arguments.twins { SecondChannel::Twin } else { SecondChannel::SameFetus };
    let mut pages = Vec::new();
    let deliver = |done, known| output.take(done, known, &mut pages);
    work::run(
        &inputs,
        second,
        workers(arguments),
        |scratch, strip| reading.read(scratch, strip),
        deliver,
    );
    let reported = match &arguments.report {
        Some(to) if !pages.is_empty() => {
            pages::write(to, &pages, reading.shown.profile, reading.shown.language)
        }
        _ => Ok(()),
    };
    let finished = output.finish();
    reported.and(finished)
}

/// A worker for each core, unless the caller wants fewer or more.
fn workers(arguments: &Arguments) -> usize {
    let cores = || thread::available_parallelism().map_or(1, NonZeroUsize::get);
    arguments.jobs.map_or_else(cores, |jobs| usize::from(jobs.get()))
}

impl Reading {
    fn of(arguments: &Arguments, language: Language) -> Self {
        let uterus = arguments.uterus.map(Uterus::from);
        let case = Case {
            gestation_weeks: arguments.gestation_weeks,
            has_background_risk: arguments.background_risk,
            uterus: uterus.unwrap_or_default(),
        };
        let detail = match (arguments.summary, arguments.no_baseline) {
            (true, _) => Detail::Summary,
            (false, true) => Detail::WithoutBaseline,
            (false, false) => Detail::Whole,
        };
        let profile = Profile::from(arguments.profile);
        Self {
            case,
            uterus,
            settings: Settings::default(),
            shown: Shown { profile, detail, language },
            wants_pages: arguments.report.is_some(),
        }
    }

    fn read(&self, scratch: &mut Scratch, strip: Strip) -> Analysed {
        let uterus = self.uterus.or(strip.uterus).unwrap_or_default();
        let case = Case { uterus, ..self.case };
        let record = ctg::record::read_with(&strip.ticks, &case, &self.settings, scratch);
        let line = lines::line(&strip, &record, uterus, self.shown);
        let pages = self
            .wants_pages
            .then(|| Box::new(Pages::new(strip, record, uterus, self.shown.language)));
        Analysed { line, pages }
    }
}
