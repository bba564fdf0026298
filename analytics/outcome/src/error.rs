//! Why a question got no answer, in plain words.

use std::io;
use std::path::PathBuf;

use datafusion::common::SchemaError;
use datafusion::error::DataFusionError;
use store::StoreError;

use crate::strip::StripError;
use crate::tables::TABLES;

/// Why a question got no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutcomeError {
    /// The question cannot be understood or asks for what is not there.
    #[error("{0}")]
    Question(String),
    /// There are no recordings to ask, or they cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Working out the answer failed.
    #[error("the query failed: {0}")]
    Answer(String),
    /// Working out the answer failed at files that are damaged.
    #[error(
        "the query failed at damaged files: {}. The rest can be queried with: {}",
        .reasons.join("; "),
        .paths.iter().map(|path| format!("--without {}", path.display())).collect::<Vec<_>>().join(" ")
    )]
    DamagedFiles {
        /// What is wrong with each.
        reasons: Vec<String>,
        /// Which they are.
        paths: Vec<PathBuf>,
    },
    /// A check found files that are not what they should be.
    #[error("{} of the files are damaged or do not belong there:\n  {}", .0.len(), .0.join("\n  "))]
    Check(Vec<String>),
    /// Some recordings could not be analysed; each has been named.
    #[error(
        "{failed} of {} recordings or files could not be analysed, see above; the others are done",
        .failed + .analysed
    )]
    Recordings {
        /// How many could not.
        failed: usize,
        /// How many could.
        analysed: usize,
    },
    /// Everything could be read, and nothing was a recording.
    #[error(
        "there is no recording: the files hold no fetal heart rate; \"ubugoe-outcome analyse --help\" lists what is read"
    )]
    NoRecording,
    /// The annotated strips could not be drawn.
    #[error("the report cannot be drawn: {0}")]
    Report(String),
    /// The strip cannot be printed.
    #[error(transparent)]
    Strip(#[from] StripError),
    /// The answer cannot be written.
    #[error("cannot write to {to}: {source}")]
    Write {
        /// Where to.
        to: String,
        /// What the system said.
        source: io::Error,
    },
    /// The reader of our output went away, as `head` does. No fault.
    #[error("the reader of the output went away")]
    ReaderGone,
}

impl OutcomeError {
    /// The exit code: 0 no fault, 1 the answer failed, 2 the question is wrong.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::ReaderGone => 0,
            Self::Question(_) => 2,
            Self::Strip(error) if error.is_of_the_question() => 2,
            _ => 1,
        }
    }

    /// An error met before the first row.
    pub(crate) fn question(error: &DataFusionError) -> Self {
        Self::Question(plain(error))
    }

    /// An error met on the way to the last row, in plain words.
    #[must_use]
    pub fn answer(error: &DataFusionError) -> Self {
        Self::Answer(plain(error))
    }
}

/// DataFusion's words, without its categories, in terms of our tables.
fn plain(error: &DataFusionError) -> String {
    match error.find_root() {
        DataFusionError::SchemaError(schema, _) => match schema.as_ref() {
            SchemaError::FieldNotFound { field, valid_fields } => {
                let mut names: Vec<_> = valid_fields.iter().map(|field| field.name()).collect();
                names.dedup();
                format!("there is no column \"{}\" here; there are: {}", field.name, names.join(", "))
            }
            other => other.to_string(),
        },
        DataFusionError::SQL(parser, _) => format!("this is not SQL: {parser}"),
        DataFusionError::Plan(text) => plain_plan(text),
        DataFusionError::NotImplemented(text) if text.contains("single SQL statement") => {
            "one question at a time: give a single SELECT".to_owned()
        }
        DataFusionError::ResourcesExhausted(_) => {
            "it needs more memory than allowed; narrow it with WHERE on \"at\" or \"device\", or raise --memory-mib".to_owned()
        }
        other => other.strip_backtrace(),
    }
}

fn plain_plan(text: &str) -> String {
    if let Some(rest) = text.strip_prefix("table '")
        && let Some((name, _)) = rest.split_once("' not found")
    {
        let name = name.rsplit('.').next().unwrap_or(name);
        let known: Vec<_> = TABLES.iter().map(|table| table.name).collect();
        return format!("there is no table \"{name}\"; there are: {}", known.join(", "));
    }
    if text.contains("not supported: ") && !text.contains("Function") {
        return format!("recordings are only read here, nothing but SELECT is possible ({text})");
    }
    text.lines().next().unwrap_or(text).to_owned()
}
