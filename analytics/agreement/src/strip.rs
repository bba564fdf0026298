//! From a recording of others to a strip of one fetus.

use archive::Recording;
use ctg::Tick;
use ctg::tick::side_by_side;

/// The strip of a recording; of two fetal channels the larger is the fetus, tick by tick.
#[must_use]
pub fn ticks(recording: &Recording) -> Vec<Tick> {
    let channels = recording.channels();
    let ua = channels.measured_activity();
    side_by_side(&channels.larger_rate(), channels.mhr.as_deref(), ua.as_deref())
}

#[cfg(test)]
mod tests {
    use archive::{Channels, ZEROS_MAX_SAMPLES};
    use vitals::{Activity, Bpm};

    use super::*;

    #[test]
    fn the_larger_channel_is_the_fetus_and_long_zeros_are_no_activity() {
        let rate = |quarters| Some(Bpm::from_quarters(quarters).unwrap());
        let samples = ZEROS_MAX_SAMPLES + 10;
        let mut ua = vec![Some(Activity::from_halves(0)); samples];
        ua[9] = Some(Activity::from_halves(20));
        let channels = Channels {
            fhr1: vec![rate(560); samples],
            fhr2: Some([vec![None, rate(600)], vec![rate(280); samples - 2]].concat()),
            mhr: None,
            ua: Some(ua),
        };
        let ticks = ticks(&Recording::new("one", channels).unwrap());
        assert_eq!([ticks[0].fhr, ticks[1].fhr, ticks[2].fhr], [rate(560), rate(600), rate(560)]);
        assert!(ticks[8].ua.is_some() && ticks[9].ua.is_some());
        assert!(ticks[10..].iter().all(|tick| tick.ua.is_none()));
    }
}
