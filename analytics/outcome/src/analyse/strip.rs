//! One strip, ready for analysis: where it comes from, and its ticks.

use std::path::Path;
use std::sync::Arc;

use archive::Recording;
use ctg::{Fetus, Tick, Uterus};
use vitals::{Bpm, WallTime};

/// One strip of one fetus.
#[derive(Clone, Debug)]
pub(crate) struct Strip {
    /// The file or store it was read from, as it was given.
    pub(crate) file: Arc<Path>,
    /// Its name there.
    pub(crate) name: String,
    /// The name as a message may show it: who she is does not reach a log.
    pub(crate) label: String,
    /// Which of twins; `None` where the file does not speak of twins.
    pub(crate) fetus: Option<Fetus>,
    /// When its first tick was, where the file says so.
    pub(crate) starts_at: Option<WallTime>,
    /// Samples a second in the file.
    pub(crate) source_hz: u32,
    /// What measured her contractions, where the file says so.
    pub(crate) uterus: Option<Uterus>,
    /// What was recorded.
    pub(crate) ticks: Vec<Tick>,
}

/// What two fetal channels of a file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecondChannel {
    /// Another transducer on the same fetus: the larger of the two is taken, sample by sample.
    SameFetus,
    /// A twin.
    Twin,
}

/// The strips of a recording: one, or one for each twin.
pub(crate) fn strips_of(
    recording: &Recording,
    file: &Arc<Path>,
    second: SecondChannel,
) -> Vec<Strip> {
    let channels = recording.channels();
    let ua = channels.measured_activity();
    let strip = |fetus, fhr: &[Option<Bpm>]| Strip {
        file: Arc::clone(file),
        name: recording.name().to_owned(),
        label: format!("record \"{}\"", recording.name()),
        fetus,
        starts_at: None,
        source_hz: recording.source_rate.hz(),
        uterus: None,
        ticks: ctg::tick::side_by_side(fhr, channels.mhr.as_deref(), ua.as_deref()),
    };
    match (&channels.fhr2, second) {
        (Some(fhr2), SecondChannel::Twin) => {
            vec![strip(Some(Fetus::First), &channels.fhr1), strip(Some(Fetus::Second), fhr2)]
        }
        _ => vec![strip(None, &channels.larger_rate())],
    }
}

#[cfg(test)]
mod tests {
    use archive::{Channels, ZEROS_MAX_SAMPLES};
    use vitals::Activity;

    use super::*;

    #[test]
    fn the_larger_of_two_channels_is_the_fetus() {
        let strips = strips_of(&recording(), &file(), SecondChannel::SameFetus);
        let [strip] = strips.as_slice() else { panic!("one strip") };
        let quarters: Vec<u16> =
            strip.ticks.iter().map(|tick| tick.fhr.map_or(0, Bpm::quarters)).collect();
        assert_eq!((quarters, strip.fetus), (vec![560, 300, 0], None));
    }

    #[test]
    fn twins_are_two_strips_with_one_mother() {
        let strips = strips_of(&recording(), &file(), SecondChannel::Twin);
        let [first, second] = strips.as_slice() else { panic!("two strips") };
        assert_eq!((first.fetus, second.fetus), (Some(Fetus::First), Some(Fetus::Second)));
        assert_eq!(first.ticks[0].fhr, bpm(560));
        assert_eq!(second.ticks[0].fhr, bpm(280));
        assert_eq!(second.ticks[0].mhr, bpm(320));
    }

    #[test]
    fn zeros_for_ten_minutes_are_no_signal_and_shorter_ones_are_rest() {
        let zero = Some(Activity::from_halves(0));
        let mut ua = vec![zero; ZEROS_MAX_SAMPLES - 1];
        ua.push(Some(Activity::from_halves(9)));
        ua.extend(vec![zero; ZEROS_MAX_SAMPLES]);
        let length = ua.len();
        let channels = Channels { fhr1: vec![None; length], ua: Some(ua), ..Channels::default() };
        let read = ticks(channels);
        let absent: Vec<usize> = (0..length).filter(|&k| read[k].ua.is_none()).collect();
        assert_eq!((absent[0], absent.len()), (ZEROS_MAX_SAMPLES, ZEROS_MAX_SAMPLES));
    }

    #[test]
    fn zeros_throughout_are_no_signal_however_short() {
        let ua = Some(vec![Some(Activity::from_halves(0)), None]);
        let channels = Channels { fhr1: vec![None; 2], ua, ..Channels::default() };
        assert!(ticks(channels).iter().all(|tick| tick.ua.is_none()));
    }

    fn ticks(channels: Channels) -> Vec<Tick> {
        let recording = Recording::new("7", channels).unwrap();
        let [strip] = strips_of(&recording, &file(), SecondChannel::SameFetus)
            .try_into()
            .unwrap_or_else(|_| panic!("one strip"));
        strip.ticks
    }

    fn recording() -> Recording {
        let channels = Channels {
            fhr1: vec![bpm(560), None, None],
            fhr2: Some(vec![bpm(280), bpm(300), None]),
            mhr: Some(vec![bpm(320); 3]),
            ua: None,
        };
        Recording::new("7", channels).unwrap()
    }

    fn bpm(quarters: u16) -> Option<Bpm> {
        Some(Bpm::from_quarters(quarters).unwrap())
    }

    fn file() -> Arc<Path> {
        Arc::from(Path::new("x.csv"))
    }
}
