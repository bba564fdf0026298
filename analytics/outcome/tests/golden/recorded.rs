//! The ticks of one recording of a table.

use std::fs;
use std::path::Path;

use archive::parquet::Table;
use ctg::Tick;

/// Zeros of activity for so long are no signal, ticks: ten minutes, as the command has it.
const ZEROS_MAX: usize = 2_400;

/// The ticks of a record; the larger of two fetal channels counts.
pub fn ticks(table: &Path, record: &str) -> Vec<Tick> {
    let table = Table::open(fs::read(table).unwrap().into()).unwrap();
    let place = table.names().unwrap().iter().position(|name| name == record).unwrap();
    let recording = table.record(place).unwrap().unwrap();
    let channels = recording.channels();
    let at = |at: usize| {
        let second = channels.fhr2.as_ref().and_then(|channel| channel[at]);
        let of = |channel: &Option<Vec<Option<vitals::Bpm>>>| {
            channel.as_ref().and_then(|channel| channel[at])
        };
        Tick {
            fhr: channels.fhr1[at].max(second),
            mhr: of(&channels.mhr),
            ua: channels.ua.as_ref().and_then(|channel| channel[at]),
        }
    };
    let mut ticks: Vec<Tick> = (0..channels.fhr1.len()).map(at).collect();
    let is_zero = |tick: &Tick| tick.ua.is_some_and(|activity| activity.halves() == 0);
    for run in ticks.chunk_by_mut(|one, next| is_zero(one) == is_zero(next)) {
        if run.len() >= ZEROS_MAX && is_zero(&run[0]) {
            run.iter_mut().for_each(|tick| tick.ua = None);
        }
    }
    ticks
}
