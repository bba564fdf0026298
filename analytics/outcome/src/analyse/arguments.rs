//! What can be asked of `ubugoe-outcome analyse`.

use std::num::NonZeroU16;
use std::path::PathBuf;

use ctg::{Profile, Uterus};

use super::language::Language;

/// Shown after the options.
pub const EXAMPLES: &str = "\
A FILE is one of
  Parquet  one row a record: record_id, fhr_q (or fhr1_q and fhr2_q), mhr_q, uc_h (or toco_h);
           or a file that our store has sealed
  CSV      one line a sample under a header: fhr (or fhr1, fhr2), mhr, uc (or ua, toco), and a
           time (t_ms, t_s, seconds, at); rates in bpm, 0 or empty for no signal
  WFDB     a header (.hea) with its signal files beside it, formats 16, 80 and 212, 4 Hz
  folder   every such file in it; the data directory of a server or the store inside it

Uterine activity that is 0 for ten minutes, or all along, is taken for an absent signal: files of
others do not tell the two apart. In our own store a zero is a zero.

Examples:
  ubugoe-outcome analyse signals.parquet > findings.jsonl
  ubugoe-outcome analyse --no-baseline --profile definition strips/*.csv
  ubugoe-outcome analyse --summary --jobs 1 /var/lib/ubugoe
  ubugoe-outcome analyse 1001.hea --gestation-weeks 31 --background-risk --report 1001.pdf

Exit codes: 0 done; 1 some recordings could not be analysed (each is named, the others are done),
or the output failed; 2 the arguments are wrong.";

/// Analyses recordings: one JSON object a line and a record.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Recordings: Parquet, CSV, WFDB headers, folders, stores.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Whose accelerations and decelerations are listed; the levels always rest on the written
    /// definitions.
    #[arg(long, value_enum, default_value_t = ShownProfile::Expert)]
    pub profile: ShownProfile,
    /// Leave out the baseline, a number for every sample.
    #[arg(long)]
    pub no_baseline: bool,
    /// Count the findings instead of listing them, and leave out the baseline.
    #[arg(long)]
    pub summary: bool,
    /// Records analysed at once [default: one for each core].
    #[arg(long, value_name = "N")]
    pub jobs: Option<NonZeroU16>,
    /// Draw the annotated strips of all records on paper scale into this PDF. They are kept in
    /// memory until then, some 400 kB an hour.
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Language of sentences [default: by LC_ALL or LANG, else ja].
    #[arg(long, value_enum)]
    pub language: Option<Language>,
    /// Whole weeks of gestation, of all records; below 32 an acceleration is 10 bpm for 10 s.
    #[arg(long, value_name = "WEEKS", value_parser = clap::value_parser!(u8).range(20..=45))]
    pub gestation_weeks: Option<u8>,
    /// A background risk such as growth restriction is known, in all records.
    #[arg(long)]
    pub background_risk: bool,
    /// What measured uterine activity [default: as the store says, else external].
    #[arg(long, value_enum)]
    pub uterus: Option<UterusKind>,
    /// Two fetal channels of a file are twins, not two transducers on one fetus.
    #[arg(long)]
    pub twins: bool,
}

/// Whose findings are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ShownProfile {
    /// By the written definitions.
    Definition,
    /// What experts would mark.
    Expert,
}

impl From<ShownProfile> for Profile {
    fn from(shown: ShownProfile) -> Self {
        match shown {
            ShownProfile::Definition => Self::Definition,
            ShownProfile::Expert => Self::Expert,
        }
    }
}

/// What measured uterine activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum UterusKind {
    /// A belt.
    External,
    /// A catheter, in mmHg.
    Intrauterine,
}

impl From<UterusKind> for Uterus {
    fn from(kind: UterusKind) -> Self {
        match kind {
            UterusKind::External => Self::External,
            UterusKind::Intrauterine => Self::IntraUterine,
        }
    }
}
