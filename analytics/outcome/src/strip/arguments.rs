//! What can be asked of `ubugoe-outcome strip`.

use std::fs;
use std::path::{Path, PathBuf};

use ctg::Profile;
use report::{Dpi, Format, Gestation, Paper, Scale, Speed};

use super::{Form, Looks, Moment, Note, Period, Request, Source, output, zone};
use crate::analyse::{Language, ShownProfile};
use crate::error::OutcomeError;

const EXAMPLES: &str = "\
Examples:
  ubugoe-outcome strip --data /var/lib/ubugoe --episode cdef --out strip.pdf
  ubugoe-outcome strip --data /var/lib/ubugoe --bed clinic-a/bed-1 \\
      --from \"2026-11-25 03:10\" --to \"2026-11-25 03:50\" --findings --out strip.pdf
  ubugoe-outcome strip --data /var/lib/ubugoe --episode cdef --speed 1 --paper sheet --out strip.svg
  ubugoe-outcome strip --data /var/lib/ubugoe --episode cdef --twin-offset 20 --dpi 300 --out strip.png
  ubugoe-outcome strip --file recording.parquet --record 1001 --from 0:30 --to 1:10 --out strip.pdf

Times are those of Asia/Tokyo unless --zone or the time itself says otherwise. A file of others has
no clock: its times are hours and minutes since it began. Pages begin at whole minutes.

SVG and PNG are one file a page (strip-1.png, strip-2.png, …); --paper sheet draws one long sheet.
Print at 100 %, \"actual size\": a bar of 5 cm at the foot of every page shows whether it is.

--notes takes one JSON object a line:
  {\"at\": \"2026-11-25 03:12\", \"who\": \"山田（助産師）\", \"text\": \"体位変換\", \"kind\": \"remark\"}
where kind is remark, alarm low, alarm medium or alarm high.

Exit codes: 0 done; 1 the recording could not be read, drawn or written; 2 the arguments are wrong,
there is no such recording, or the period is empty or too long (48 h; a sheet 480 cm).";

/// Prints the strip of a period on paper scale: PDF, SVG or PNG.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The server's data directory, or the store inside it.
    #[arg(long, value_name = "DIR", env = "UBUGOE_DATA", required_unless_present = "file")]
    data: Option<PathBuf>,
    /// The episode: its 32 hexadecimal digits, or the last four or more, as shown on the wall.
    #[arg(long, value_name = "DIGITS", required_unless_present_any = ["bed", "file"])]
    episode: Option<String>,
    /// The bed, as bridge/device; needs --from or --to where --episode is not given.
    #[arg(long, value_name = "BED")]
    bed: Option<String>,
    /// A file of others instead of a store: Parquet, CSV or a WFDB header.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["episode", "bed"])]
    file: Option<PathBuf>,
    /// The record in the file [default: its only one].
    #[arg(long, value_name = "NAME", requires = "file")]
    record: Option<String>,
    /// Two fetal channels of the file are twins, not two transducers on one fetus.
    #[arg(long, requires = "file")]
    twins: bool,
    /// Start of the period [default: where the recording begins].
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// End of the period [default: where the recording ends].
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
    /// Time zone of all times, of the paper as well.
    #[arg(long, value_name = "NAME", default_value = "Asia/Tokyo")]
    zone: String,
    /// Where to write; the ending says what: .pdf, .svg or .png.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Speed of the paper, cm/min.
    #[arg(long, value_name = "CM", default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=3))]
    speed: u8,
    /// Height of a beat, bpm/cm: 30 shows 30 to 240 bpm, 20 shows 50 to 210 bpm.
    #[arg(long, value_enum, value_name = "BPM", default_value_t = ScaleArgument::Bpm30)]
    scale: ScaleArgument,
    /// How the paper is cut.
    #[arg(long, value_enum, default_value_t = PaperArgument::A4)]
    paper: PaperArgument,
    /// Pixels in an inch of a PNG; it prints at true size whatever they are.
    #[arg(long, value_name = "N", default_value_t = Dpi::default().get(), value_parser = clap::value_parser!(u16).range(i64::from(Dpi::MIN.get())..=i64::from(Dpi::MAX.get())))]
    dpi: u16,
    /// Draw what the analysis finds, with the levels; each twin then has pages of its own.
    #[arg(long)]
    findings: bool,
    /// Whose accelerations and decelerations are drawn.
    #[arg(long, value_enum, default_value_t = ShownProfile::Expert, requires = "findings")]
    profile: ShownProfile,
    /// Draw the second twin so many bpm higher (or lower); the paper says so in words.
    #[arg(long, value_name = "BPM", default_value_t = 0, allow_negative_numbers = true, value_parser = clap::value_parser!(i16).range(-60..=60))]
    twin_offset: i16,
    /// How far she is, in weeks and days: 38+2, or 38.
    #[arg(long, value_name = "WEEKS", value_parser = gestation)]
    gestation: Option<Gestation>,
    /// Name of the facility on the paper [default: the name of its bridge].
    #[arg(long, value_name = "NAME")]
    facility: Option<String>,
    /// Notes and alarms to print, one JSON object a line.
    #[arg(long, value_name = "FILE")]
    notes: Option<PathBuf>,
    /// Language of the paper [default: by LC_ALL or LANG, else ja].
    #[arg(long, value_enum)]
    language: Option<Language>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum ScaleArgument {
    #[value(name = "20")]
    Bpm20,
    #[value(name = "30")]
    Bpm30,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum PaperArgument {
    /// Pages of A4, landscape: 8 min at 3 cm/min.
    A4,
    /// Pages of A4, portrait: 5 min at 3 cm/min, more room for notes.
    A4Portrait,
    /// One sheet as long as the period, up to 480 cm.
    Sheet,
}

/// Prints what the arguments ask for.
///
/// # Errors
///
/// [`OutcomeError::Question`] where the arguments do not fit the recording,
/// [`OutcomeError::Strip`] where it cannot be read or drawn, [`OutcomeError::Write`] where it
/// cannot be written.
pub fn run(arguments: &Arguments, language: Language) -> Result<(), OutcomeError> {
    let request = arguments.request(language).map_err(OutcomeError::Question)?;
    let printed = super::print(&request)?;
    for warning in &printed.warnings {
        eprintln!("warning: {warning}");
    }
    output::write(&arguments.out, &printed.files).map(|_| ())
}

impl Arguments {
    fn request(&self, language: Language) -> Result<Request, String> {
        let zone = zone(&self.zone).ok_or_else(|| format!("there is no zone \"{}\"", self.zone))?;
        let moment = |text: &Option<String>| {
            text.as_deref().map(|text| Moment::parse(text, &zone)).transpose()
        };
        let period = Period { from: moment(&self.from)?, to: moment(&self.to)? };
        let notes = match &self.notes {
            None => Vec::new(),
            Some(path) => {
                let named = |reason: String| format!("\"{}\" {reason}", path.display());
                let lines = fs::read_to_string(path)
                    .map_err(|error| named(format!("cannot be read: {error}")))?;
                Note::of_lines(&lines, &zone).map_err(named)?
            }
        };
        let language = match self.language.unwrap_or(language) {
            Language::Ja => report::Language::Japanese,
            Language::En => report::Language::English,
        };
        let paper = Paper {
            speed: match self.speed {
                1 => Speed::OneCmPerMin,
                2 => Speed::TwoCmPerMin,
                _ => Speed::ThreeCmPerMin,
            },
            scale: match self.scale {
                ScaleArgument::Bpm20 => Scale::Bpm20PerCm,
                ScaleArgument::Bpm30 => Scale::Bpm30PerCm,
            },
            format: match self.paper {
                PaperArgument::A4 => Format::A4Landscape,
                PaperArgument::A4Portrait => Format::A4Portrait,
                PaperArgument::Sheet => Format::Continuous,
            },
            language,
        };
        let looks = Looks {
            paper,
            form: form(&self.out, self.dpi)?,
            findings: self.findings.then(|| Profile::from(self.profile)),
            twin_offset_bpm: self.twin_offset,
            gestation: self.gestation,
            facility: self.facility.clone(),
            zone,
        };
        Ok(Request { source: self.source()?, period, looks, notes })
    }

    fn source(&self) -> Result<Source, String> {
        match (&self.file, &self.data) {
            (Some(path), _) => Ok(Source::File {
                path: path.clone(),
                record: self.record.clone(),
                twins: self.twins,
            }),
            (None, Some(data)) => Ok(Source::Store {
                data: data.clone(),
                episode: self.episode.clone(),
                bed: self.bed.clone(),
            }),
            (None, None) => Err("give --data or --file".to_owned()),
        }
    }
}

/// What kind of file a name asks for.
fn form(out: &Path, dpi: u16) -> Result<Form, String> {
    let ending = out.extension().and_then(|it| it.to_str()).unwrap_or("").to_ascii_lowercase();
    match ending.as_str() {
        "pdf" => Ok(Form::Pdf),
        "svg" => Ok(Form::Svg),
        "png" => Ok(Form::Png(Dpi::new(dpi).unwrap_or_default())),
        _ => Err(format!("\"{}\" must end in .pdf, .svg or .png", out.display())),
    }
}

/// Weeks and perhaps days.
fn gestation(text: &str) -> Result<Gestation, String> {
    let (weeks, days) = text.split_once('+').map_or((text, None), |(w, d)| (w, Some(d)));
    let refused = || "write weeks and days, such as 38+2 or 38, from 20 to 45 weeks".to_owned();
    let weeks = weeks.parse().ok().filter(|weeks| (20..=45).contains(weeks));
    let days = days.map(|days| days.parse().ok().filter(|days| *days < 7).ok_or_else(refused));
    Ok(Gestation { weeks: weeks.ok_or_else(refused)?, days: days.transpose()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_come_with_or_without_days() {
        assert_eq!(gestation("38+2"), Ok(Gestation { weeks: 38, days: Some(2) }));
        assert_eq!(gestation("38"), Ok(Gestation { weeks: 38, days: None }));
        for text in ["38+7", "19", "46", "38+", "+2", "", "38-2"] {
            assert!(gestation(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_ending_says_what_is_written() {
        assert_eq!(form(Path::new("a.PDF"), 200), Ok(Form::Pdf));
        assert_eq!(form(Path::new("a.png"), 300), Ok(Form::Png(Dpi::new(300).unwrap())));
        assert!(form(Path::new("a.jpg"), 200).is_err());
        assert!(form(Path::new("pdf"), 200).is_err());
    }
}
