//! From a recording of others to a strip of one fetus.

use archive::Recording;
use ctg::Tick;
use ctg::tick::TICKS_PER_MINUTE;
use vitals::Bpm;

/// A stretch of zeros as long as this is no quiet uterus but a channel without a signal: the
/// files that are read here keep 0 for both. Ten minutes is the block that is graded; the
/// analysis of files in `analytics/outcome` decides in the same way.
const ZEROS_MAX_TICKS: usize = 10 * TICKS_PER_MINUTE as usize;

/// The strip of a recording; of two fetal channels the larger is the fetus, tick by tick.
#[must_use]
pub fn ticks(recording: &Recording) -> Vec<Tick> {
    let channels = recording.channels();
    let at = |channel: &Option<Vec<Option<Bpm>>>, tick: usize| *channel.as_ref()?.get(tick)?;
    let tick = |(tick, &fhr1): (usize, &Option<Bpm>)| Tick {
        // No rate is the smallest of all.
        fhr: fhr1.max(at(&channels.fhr2, tick)),
        mhr: at(&channels.mhr, tick),
        ua: channels.ua.as_ref().and_then(|ua| *ua.get(tick)?),
    };
    let mut ticks: Vec<Tick> = channels.fhr1.iter().enumerate().map(tick).collect();
    drop_long_zeros(&mut ticks);
    ticks
}

fn drop_long_zeros(ticks: &mut [Tick]) {
    let is_zero = |tick: &Tick| tick.ua.is_some_and(|activity| activity.halves() == 0);
    for run in ticks.chunk_by_mut(|one, next| is_zero(one) == is_zero(next)) {
        if run.len() >= ZEROS_MAX_TICKS && is_zero(&run[0]) {
            run.iter_mut().for_each(|tick| tick.ua = None);
        }
    }
}

#[cfg(test)]
mod tests {
    use archive::Channels;
    use vitals::Activity;

    use super::*;

    #[test]
    fn the_larger_channel_is_the_fetus_and_long_zeros_are_no_activity() {
        let rate = |quarters| Some(Bpm::from_quarters(quarters).unwrap());
        let samples = ZEROS_MAX_TICKS + 10;
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
