//! The text header of a WFDB record.
//!
//! ```text
//! record line   name[/segments] signals [frequency[/counter[(base)]] [samples [time [date]]]]
//! signal line   file format[xframe][:skew][+offset] [gain[(baseline)][/units]
//!               [resolution [zero [first [checksum [block [description]]]]]]]
//! ```
//!
//! Lines that begin with `#` are comments. Source: the WFDB applications guide, header(5).

/// A header that this reader can follow.
#[derive(Debug, PartialEq)]
pub(super) struct Header {
    /// Samples of each signal; `None` where the header leaves it to the file.
    pub(super) samples: Option<usize>,
    pub(super) signals: Vec<Signal>,
}

/// One signal line.
#[derive(Debug, PartialEq)]
pub(super) struct Signal {
    pub(super) file: String,
    pub(super) format: Format,
    /// Bytes of the file before its first sample.
    pub(super) offset: usize,
    /// Units of the analogue-digital converter for one physical unit.
    gain: f64,
    /// The sample that stands for physical zero.
    baseline: f64,
    pub(super) first: Option<i64>,
    pub(super) checksum: Option<i64>,
    pub(super) description: String,
}

/// How samples are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// Two bytes each, little-endian.
    Bits16,
    /// One byte each, 128 more than the sample.
    Bits80,
    /// Two samples in three bytes.
    Bits212,
}

/// Why a header cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum HeaderError {
    /// There is no record line.
    #[error("it is empty")]
    Empty,
    /// A field that is not what its place asks for.
    #[error("line {line} has no valid {field}")]
    Field {
        /// Line, from 1.
        line: usize,
        /// What should stand there.
        field: &'static str,
    },
    /// The record line announces more signals than there are lines.
    #[error("it announces {announced} signals and describes {described}")]
    SignalCount {
        /// As the record line says.
        announced: usize,
        /// Signal lines found.
        described: usize,
    },
    /// A record in several segments.
    #[error("the record has several segments; read its segments one by one")]
    Segments,
    /// Another rate of samples than the wire's.
    #[error("the record has {hz} samples a second; a monitor sends 4; resample it first")]
    Frequency {
        /// As the record line says.
        hz: f64,
    },
    /// Another packing of samples.
    #[error("line {line} asks for format {format}; 16, 80 and 212 are read")]
    Format {
        /// Line, from 1.
        line: usize,
        /// As the header says.
        format: String,
    },
    /// Several samples a frame, or a shifted signal.
    #[error("line {line} has several samples a frame or a skew; neither is read")]
    Frame {
        /// Line, from 1.
        line: usize,
    },
    /// A file name that leads out of the folder.
    #[error("line {line} names a file outside the record's folder")]
    OutsideFolder {
        /// Line, from 1.
        line: usize,
    },
    /// No signal is a fetal heart rate.
    #[error("no signal is called FHR or FHR1; its signals are {}", found.join(", "))]
    NoFetalRate {
        /// What the signals are called.
        found: Vec<String>,
    },
}

impl Header {
    pub(super) fn parse(text: &str) -> Result<Self, HeaderError> {
        let mut lines = text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line.trim()))
            .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        let (number, line) = lines.next().ok_or(HeaderError::Empty)?;
        let (announced, samples) = record_line(number, line)?;
        let signals = lines
            .take(announced)
            .map(|(number, line)| Signal::parse(number, line))
            .collect::<Result<Vec<_>, _>>()?;
        if signals.len() != announced {
            return Err(HeaderError::SignalCount { announced, described: signals.len() });
        }
        Ok(Self { samples, signals })
    }

    /// The signals of each file; those of one file stand together in a header.
    pub(super) fn files(&self) -> impl Iterator<Item = &[Signal]> {
        self.signals.chunk_by(|one, next| one.file == next.file)
    }
}

/// Signals, and samples of each.
fn record_line(line: usize, text: &str) -> Result<(usize, Option<usize>), HeaderError> {
    let field = |field| HeaderError::Field { line, field };
    let mut words = text.split_whitespace();
    let name = words.next().ok_or(field("record name"))?;
    if name.contains('/') {
        return Err(HeaderError::Segments);
    }
    let signals = words.next().and_then(|it| it.parse().ok()).ok_or(field("number of signals"))?;
    // Without a frequency the format's own default of 250 holds.
    let hz = words
        .next()
        .map_or(Some(250.0), |word| word.split(['/', '(']).next().and_then(|it| it.parse().ok()));
    let hz: f64 = hz.ok_or(field("sampling frequency"))?;
    if hz != 4.0 {
        return Err(HeaderError::Frequency { hz });
    }
    let samples: Option<usize> = match words.next() {
        Some(word) => Some(word.parse().map_err(|_| field("number of samples"))?),
        None => None,
    };
    Ok((signals, samples.filter(|&count| count != 0)))
}

impl Signal {
    fn parse(line: usize, text: &str) -> Result<Self, HeaderError> {
        let field = |field| HeaderError::Field { line, field };
        let mut rest = text;
        let file = word(&mut rest).ok_or(field("file name"))?.to_owned();
        if file.contains(['/', '\\']) || file.starts_with('.') {
            return Err(HeaderError::OutsideFolder { line });
        }
        let (format, offset) = packing(line, word(&mut rest).ok_or(field("format"))?)?;
        let calibration = word(&mut rest);
        let mut number = |name| match word(&mut rest) {
            Some(word) => word.parse::<i64>().map(Some).map_err(|_| field(name)),
            None => Ok(None),
        };
        number("resolution")?;
        let zero = number("zero")?.unwrap_or(0);
        let first = number("first value")?;
        let checksum = number("checksum")?;
        number("block size")?;
        let (gain, baseline) = match calibration {
            Some(text) => calibrated(text).ok_or(field("gain"))?,
            None => (GAIN_DEFAULT, None),
        };
        let baseline = baseline.unwrap_or(zero as f64);
        let description = rest.trim().to_owned();
        Ok(Self { file, format, offset, gain, baseline, first, checksum, description })
    }

    /// The physical value of a sample in steps, so many to a unit.
    pub(super) fn in_steps(&self, sample: i16, steps_per_unit: f64) -> f64 {
        // Small whole numbers over a gain: the quotient is exact wherever a step is hit.
        (f64::from(sample) - self.baseline) * steps_per_unit / self.gain
    }
}

/// Cuts the next word off.
fn word<'a>(rest: &mut &'a str) -> Option<&'a str> {
    let text = rest.trim_start();
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (word, after) = text.split_at(end);
    *rest = after;
    Some(word).filter(|word| !word.is_empty())
}

/// Reads `format[xframe][:skew][+offset]`.
fn packing(line: usize, text: &str) -> Result<(Format, usize), HeaderError> {
    let (text, offset) = match text.split_once('+') {
        Some((text, offset)) => {
            let field = "byte offset";
            (text, offset.parse().map_err(|_| HeaderError::Field { line, field })?)
        }
        None => (text, 0),
    };
    let (text, skew) = text.split_once(':').unwrap_or((text, "0"));
    let (format, per_frame) = text.split_once('x').unwrap_or((text, "1"));
    if skew != "0" || per_frame != "1" {
        return Err(HeaderError::Frame { line });
    }
    match format {
        "16" => Ok((Format::Bits16, offset)),
        "80" => Ok((Format::Bits80, offset)),
        "212" => Ok((Format::Bits212, offset)),
        other => Err(HeaderError::Format { line, format: other.to_owned() }),
    }
}

/// Reads `gain[(baseline)][/units]`.
fn calibrated(text: &str) -> Option<(f64, Option<f64>)> {
    let text = text.split('/').next()?;
    let (gain, baseline) = match text.split_once('(') {
        Some((gain, baseline)) => {
            let baseline: i32 = baseline.strip_suffix(')')?.parse().ok()?;
            (gain, Some(f64::from(baseline)))
        }
        None => (text, None),
    };
    let gain: f64 = gain.parse().ok().filter(|gain: &f64| gain.is_finite())?;
    // A gain of 0 means "not calibrated", and then the default holds.
    Some((if gain == 0.0 { GAIN_DEFAULT } else { gain }, baseline))
}

/// What the format assumes where a header states no gain.
const GAIN_DEFAULT: f64 = 200.0;

#[cfg(test)]
mod tests {
    use super::*;

    const CTU: &str = "1001 2 4 19200\n\
        1001.dat 16 100(0)/bpm 12 0 15050 20101 0 FHR\n\
        1001.dat 16 100/nd 12 0 700 378 0 UC\n\
        #----- Additional parameters for record 1001\n#pH 7.14\n";

    #[test]
    fn a_header_as_published_is_read() {
        let header = Header::parse(CTU).unwrap();
        assert_eq!(header.samples, Some(19200));
        let [fhr, uc] = &header.signals[..] else { panic!("two signals") };
        assert_eq!(
            (fhr.description.as_str(), fhr.first, fhr.checksum),
            ("FHR", Some(15050), Some(20101))
        );
        assert_eq!((uc.description.as_str(), uc.format, uc.offset), ("UC", Format::Bits16, 0));
        assert!((fhr.in_steps(15050, 4.0) - 602.0).abs() < f64::EPSILON);
    }

    #[test]
    fn optional_fields_take_the_defaults_of_the_format() {
        let header = Header::parse("a 1 4/4(0)\na.dat 212+24\n").unwrap();
        let signal = &header.signals[0];
        assert_eq!((header.samples, signal.format, signal.offset), (None, Format::Bits212, 24));
        assert!((signal.in_steps(100, 2.0) - 1.0).abs() < f64::EPSILON);
        let shifted = Header::parse("a 1 4 8\na.dat 16 0 12 1024 0 0 0 fetal heart\n").unwrap();
        assert_eq!(shifted.signals[0].description, "fetal heart");
        assert!((shifted.signals[0].in_steps(1224, 1.0) - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn what_cannot_be_followed_is_refused_with_its_reason() {
        let refused = |text| Header::parse(text).unwrap_err();
        assert_eq!(refused("# only words\n"), HeaderError::Empty);
        assert_eq!(refused("a/3 2 4 100\n"), HeaderError::Segments);
        assert_eq!(refused("a 1 250 100\na.dat 16\n"), HeaderError::Frequency { hz: 250.0 });
        assert_eq!(refused("a 1\na.dat 16\n"), HeaderError::Frequency { hz: 250.0 });
        let (announced, described) = (2, 1);
        assert_eq!(refused("a 2 4\na.dat 16\n"), HeaderError::SignalCount { announced, described });
        assert_eq!(
            refused("a 1 4\na.dat 61\n"),
            HeaderError::Format { line: 2, format: "61".to_owned() }
        );
        assert_eq!(refused("a 1 4\na.dat 16x4\n"), HeaderError::Frame { line: 2 });
        assert_eq!(refused("a 1 4\n../a.dat 16\n"), HeaderError::OutsideFolder { line: 2 });
        assert_eq!(
            refused("a 1 4\na.dat 16 high\n"),
            HeaderError::Field { line: 2, field: "gain" }
        );
    }
}
