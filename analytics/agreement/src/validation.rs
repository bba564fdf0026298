//! Our own reading of recordings that our weights have not seen.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use ctg::Settings;
use ctg::record::Record;

use crate::error::AgreementError;
use crate::events;
use crate::fhrma::Recording;
use crate::lessons::Lessons;
use crate::table::{Figures, Row};
use crate::weights::{self, KINDS, Material, Plan, Weights};

/// How recordings are validated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Validation {
    /// Parts into which the recordings are cut; each is read with weights from the others.
    pub folds: usize,
    /// What the cut is drawn from.
    pub seed: u64,
    /// How the weights of each part are trained.
    pub plan: Plan,
}

impl Default for Validation {
    fn default() -> Self {
        Self { folds: 10, seed: 1, plan: Plan::default() }
    }
}

/// The lessons of recordings, in their order.
#[must_use]
pub fn lessons(recordings: &[Recording]) -> Vec<Lessons> {
    let settings = Settings::default();
    in_parallel(recordings.len(), |at| Lessons::of(&recordings[at], &settings))
}

/// Reads every recording with weights and thresholds from others alone, in the order of the
/// recordings. `advance` is called after each part.
///
/// # Errors
///
/// [`AgreementError::Forest`] where the engine cannot read what was trained.
pub fn read_unseen(
    material: Material<'_>,
    validation: &Validation,
    advance: impl Fn() + Sync,
) -> Result<Vec<Record>, AgreementError> {
    let places: Vec<usize> = (0..material.recordings.len()).collect();
    let parts = weights::folds(&places, validation.folds, validation.seed);
    let read_part = |at: usize| {
        let part = &parts[at];
        let others = weights::without(&places, part);
        let weights = Weights::train(material, &others, &validation.plan)?;
        let settings = Settings::with_experts(weights.experts()?);
        let read = |place: &usize| (*place, weights::read(&material.recordings[*place], &settings));
        let records: Vec<_> = part.iter().map(read).collect();
        advance();
        Ok(records)
    };
    let parts: Result<Vec<_>, AgreementError> =
        in_parallel(parts.len(), read_part).into_iter().collect();
    let mut records = parts?.concat();
    records.sort_unstable_by_key(|(place, _)| *place);
    Ok(records.into_iter().map(|(_, record)| record).collect())
}

/// How our records agree with the experts.
#[must_use]
pub fn row(recordings: &[Recording], records: &[Record]) -> Row {
    let [acceleration, deceleration] = KINDS.map(|kind| {
        let both = recordings.iter().zip(records);
        let agreements: Vec<_> = both
            .map(|(recording, record)| {
                events::agreement(recording, kind, &weights::marked(record, kind))
            })
            .collect();
        Figures::of(&agreements)
    });
    Row { method: "Ubugoe".to_owned(), acceleration, deceleration }
}

/// Does something for each place on every core, and puts the results in order.
pub(crate) fn in_parallel<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::with_capacity(count));
    let workers = thread::available_parallelism().map_or(1, usize::from).min(count.max(1));
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= count {
                        break;
                    }
                    let result = work(at);
                    results.lock().expect("a worker that panics ends the run").push((at, result));
                }
            });
        }
    });
    let mut results = results.into_inner().expect("every worker has been joined");
    results.sort_unstable_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_from_however_many_workers() {
        let squares = in_parallel(100, |at| at * at);
        assert!(squares.iter().enumerate().all(|(at, square)| *square == at * at));
        assert!(in_parallel(0, |at| at).is_empty());
    }
}
