//! The strip of a period on paper: bytes of a PDF, an SVG or a PNG.
//!
//! In: a store of this house or a file with recordings, a period, how it shall look, and notes.
//! Out: the bytes of the pages. Never: writing anywhere but where the command says, or a value
//! that was not recorded. A server that holds blocks already begins at [`Chart::of_blocks`].
//!
//! ```text
//! arguments ─► Request ─ stored │ filed ─► Chart ─ drawing ─► report ─► Printed ─► files
//! ```

mod arguments;
mod chart;
mod drawing;
mod filed;
mod findings;
mod moment;
mod notes;
mod output;
mod stored;

use std::path::PathBuf;

use ctg::Profile;
use jiff::tz::TimeZone;
use report::{Dpi, Gestation, Paper};

pub use arguments::{Arguments, run};
pub use chart::Chart;
pub use moment::{Moment, zone};
pub use notes::Note;

/// The longest period, hours.
///
/// Design value: labour lasts a day or two. At 3 cm/min two days fill 360 pages.
pub const PERIOD_MAX_HOURS: u32 = 48;

/// What is to be printed.
#[derive(Clone, Debug)]
pub struct Request {
    /// Where the recording is.
    pub source: Source,
    /// From when to when.
    pub period: Period,
    /// How it shall look.
    pub looks: Looks,
    /// Notes and alarms to be printed with it.
    pub notes: Vec<Note>,
}

/// Where a recording is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// In a store of this house, hot or sealed, also while a server writes there.
    Store {
        /// The server's data directory, or the store inside it.
        data: PathBuf,
        /// The episode: 32 hexadecimal digits, or its last four or more, as people are shown it.
        episode: Option<String>,
        /// The bed: `bridge/device`, or the device alone where no other has its name.
        bed: Option<String>,
    },
    /// In a file of others: Parquet, CSV or WFDB.
    File {
        /// The file.
        path: PathBuf,
        /// The record in it; may be left out where there is only one.
        record: Option<String>,
        /// Whether two fetal channels are twins rather than two transducers on one fetus.
        twins: bool,
    },
}

/// From when to when; an open end reaches as far as the recording.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// Its start.
    pub from: Option<Moment>,
    /// Its end, not inside.
    pub to: Option<Moment>,
}

/// How a strip shall look.
#[derive(Clone, Debug)]
pub struct Looks {
    /// Speed, scale, format and language.
    pub paper: Paper,
    /// What kind of file.
    pub form: Form,
    /// Whose findings are drawn, with the levels; `None` draws the recording alone.
    pub findings: Option<Profile>,
    /// How far the second twin's trace is drawn from where it belongs, bpm. Printed in words.
    pub twin_offset_bpm: i16,
    /// How far she is, where that is known.
    pub gestation: Option<Gestation>,
    /// The facility as people call it; `None` prints the name of the bridge.
    pub facility: Option<String>,
    /// The zone of every time of day on the paper.
    pub zone: TimeZone,
}

impl Default for Looks {
    /// A PDF on A4 landscape at 3 cm/min and 30 bpm/cm, without findings, in Japanese time.
    fn default() -> Self {
        Self {
            paper: Paper::default(),
            form: Form::Pdf,
            findings: None,
            twin_offset_bpm: 0,
            gestation: None,
            facility: None,
            zone: moment::japan(),
        }
    }
}

/// What kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One document.
    Pdf,
    /// A picture a page, of lines.
    Svg,
    /// A picture a page, of pixels.
    Png(Dpi),
}

impl Form {
    /// Its media type, for an answer over HTTP.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Svg => "image/svg+xml",
            Self::Png(_) => "image/png",
        }
    }
}

/// A strip, printed.
#[derive(Clone, Debug)]
pub struct Printed {
    /// One document, or one picture a page in their order.
    pub files: Vec<Vec<u8>>,
    /// What was left out of the recording and why, a sentence each: damaged files.
    pub warnings: Vec<String>,
}

/// Why there is no strip.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StripError {
    /// Nothing has that name.
    #[error("{0}")]
    NotFound(String),
    /// Several have that name, or were there in the period.
    #[error("{0}")]
    Ambiguous(String),
    /// Nothing was recorded in the period.
    #[error("nothing was recorded in this period; the recording reaches from {from} to {to}")]
    Empty {
        /// Where the recording begins.
        from: String,
        /// Where it ends.
        to: String,
    },
    /// The period is longer than one print is meant for.
    #[error(
        "a period of {hours:.1} h is longer than {PERIOD_MAX_HOURS} h, the most that is printed at once; give --from and --to"
    )]
    TooLong {
        /// How long it is.
        hours: f64,
    },
    /// The times do not fit the recording or each other.
    #[error("{0}")]
    Times(String),
    /// The recording cannot be read.
    #[error("{0}")]
    Unreadable(String),
    /// The strip cannot be drawn.
    #[error("the strip cannot be drawn: {0}")]
    Drawing(#[from] report::ReportError),
}

impl StripError {
    /// Whether another question would have an answer: what is asked for is not there, or is more
    /// than is printed at once.
    #[must_use]
    pub fn is_of_the_question(&self) -> bool {
        use report::ReportError::{SheetTooLong, TooManyPixels};
        !matches!(self, Self::Unreadable(_))
            && !matches!(self, Self::Drawing(error) if !matches!(error, SheetTooLong { .. } | TooManyPixels { .. }))
    }
}

/// Prints the strip of a period.
///
/// # Errors
///
/// [`StripError`].
pub fn print(request: &Request) -> Result<Printed, StripError> {
    let Request { source, period, looks, notes } = request;
    let (chart, warnings) = match source {
        Source::Store { data, episode, bed } => {
            let wanted = stored::Wanted { episode: episode.as_deref(), bed: bed.as_deref() };
            // Findings rest on all that was recorded before them, not on the period alone.
            let is_whole = looks.findings.is_some();
            stored::read(data, wanted, period, is_whole, &looks.zone)?
        }
        Source::File { path, record, twins } => {
            (filed::read(path, record.as_deref(), *twins)?, Vec::new())
        }
    };
    let files = chart.print(period, looks, notes)?;
    Ok(Printed { files, warnings })
}
