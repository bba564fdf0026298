//! The weights of the profile `expert`: two ensembles, and where their likelihoods count.

use ctg::expert::{EventKind, Experts, FEATURE_NAMES, FEATURES};
use ctg::forest::Forest;
use ctg::record::{self, Record};
use ctg::{Case, Profile, Settings, Span};

use crate::error::AgreementError;
use crate::events;
use crate::fhrma::Recording;
use crate::lessons::{Lessons, TAUGHT, told};
use crate::matching::Agreement;
use crate::random::Random;
use crate::trainer::{self, Ensemble, Rows};

/// Rises and falls, in the order in which they are reported.
pub const KINDS: [EventKind; 2] = [EventKind::Acceleration, EventKind::Deceleration];

/// A candidate that is higher, or high for longer, is never less likely an event. Whatever few
/// recordings say, a reader must not miss a fall because it is deep.
#[rustfmt::skip]
const RISING: [&str; 19] = [
    "peak_5", "seconds_over_10_5", "seconds_over_15_5",
    "peak_2", "seconds_over_10_2", "seconds_over_15_2",
    "peak_1", "seconds_over_10_1", "seconds_over_15_1",
    "peak_15", "seconds_over_10_15", "seconds_over_15_15",
    "peak_30", "seconds_over_10_30", "seconds_over_15_30",
    "peak_over_30_before", "peak_over_30_after", "peak_over_90_before", "peak_over_90_after",
];

/// The places of [`RISING`] among the features.
fn rising() -> impl Iterator<Item = usize> {
    (0..FEATURES).filter(|at| RISING.contains(&FEATURE_NAMES[*at]))
}

/// The threshold with which F1 is measured that the threshold follows from: half of 0.7. Around
/// there F1 depends little on it.
const FIRST_THRESHOLD: f32 = 0.35;

/// How weights are trained and their thresholds chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    /// How each ensemble is trained.
    pub trainer: trainer::Settings,
    /// Parts into which the recordings are cut to choose thresholds; 2 or more.
    pub inner_folds: usize,
}

impl Default for Plan {
    fn default() -> Self {
        Self { trainer: trainer::Settings::default(), inner_folds: 4 }
    }
}

/// Recordings, and what can be learned from each.
#[derive(Clone, Copy, Debug)]
pub struct Material<'m> {
    /// The recordings.
    pub recordings: &'m [Recording],
    /// Their lessons, in the same order.
    pub lessons: &'m [Lessons],
}

/// Trained ensembles and thresholds; rises first.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// One for each of [`KINDS`].
    pub ensembles: [Ensemble; 2],
    /// A candidate counts above this likelihood, 0 to 1.
    pub thresholds: [f32; 2],
}

impl Weights {
    /// Trains on these recordings alone, and chooses the thresholds on them alone: each part
    /// is read with weights from the other parts.
    ///
    /// # Errors
    ///
    /// [`AgreementError::Forest`] where the engine cannot read what was trained.
    pub fn train(
        material: Material<'_>,
        places: &[usize],
        plan: &Plan,
    ) -> Result<Self, AgreementError> {
        let thresholds = thresholds(material, places, plan)?;
        Ok(Self { ensembles: ensembles(material, places, &plan.trainer), thresholds })
    }

    /// The engine's readers with these weights.
    ///
    /// # Errors
    ///
    /// [`AgreementError::Forest`] where the engine cannot read them.
    pub fn experts(&self) -> Result<Experts, AgreementError> {
        experts(&self.ensembles, self.thresholds)
    }
}

/// Cuts so many things into parts of about equal size, each place in one part.
#[must_use]
pub fn folds(places: &[usize], parts: usize, seed: u64) -> Vec<Vec<usize>> {
    let mut order = places.to_vec();
    Random::new(seed).shuffle(&mut order);
    (0..parts).map(|part| order.iter().skip(part).step_by(parts).copied().collect()).collect()
}

/// What is not in a part.
#[must_use]
pub fn without(places: &[usize], part: &[usize]) -> Vec<usize> {
    places.iter().filter(|place| !part.contains(place)).copied().collect()
}

/// Reads a recording with these settings.
#[must_use]
pub fn read(recording: &Recording, settings: &Settings) -> Record {
    record::read(&recording.ticks, &Case::default(), settings)
}

/// The events of a record that the profile `expert` counts in.
#[must_use]
pub fn marked(record: &Record, kind: EventKind) -> Vec<Span> {
    match kind {
        EventKind::Acceleration => {
            let all = record.accelerations.iter();
            all.filter(|it| it.profiles.include(Profile::Expert)).map(|it| it.span).collect()
        }
        EventKind::Deceleration => {
            let all = record.decelerations.iter();
            all.filter(|it| it.profiles.include(Profile::Expert)).map(|it| it.span).collect()
        }
    }
}

fn ensembles(
    material: Material<'_>,
    places: &[usize],
    settings: &trainer::Settings,
) -> [Ensemble; 2] {
    KINDS.map(|kind| {
        let mut rows = Rows::new(TAUGHT).rising(rising());
        for place in places {
            material.lessons[*place].add_to(kind, &mut rows);
        }
        trainer::train(&rows, settings).knowing(FEATURES, told(kind))
    })
}

fn experts(ensembles: &[Ensemble; 2], thresholds: [f32; 2]) -> Result<Experts, AgreementError> {
    let forest = |ensemble: &Ensemble| Forest::parse(&ensemble.text(&FEATURE_NAMES, ""));
    Ok(Experts {
        acceleration: forest(&ensembles[0])?,
        deceleration: forest(&ensembles[1])?,
        acceleration_threshold: thresholds[0],
        deceleration_threshold: thresholds[1],
    })
}

/// The thresholds that F1 asks for, which is measured with each part of the recordings read with
/// weights from the others.
///
/// Whoever knows likelihoods reaches the highest F1 by counting what is likelier than half of
/// that F1 (Lipton, Elkan and Naryanaswamy, ECML PKDD 2014). The best of several thresholds that
/// are tried would be the luck of few recordings.
fn thresholds(
    material: Material<'_>,
    places: &[usize],
    plan: &Plan,
) -> Result<[f32; 2], AgreementError> {
    let mut agreements = [Agreement::default(); 2];
    for part in folds(places, plan.inner_folds, plan.trainer.seed) {
        let ensembles = ensembles(material, &without(places, &part), &plan.trainer);
        let settings = Settings::with_experts(experts(&ensembles, [FIRST_THRESHOLD; 2])?);
        for place in &part {
            let recording = &material.recordings[*place];
            let record = read(recording, &settings);
            for (sum, kind) in agreements.iter_mut().zip(KINDS) {
                *sum = sum.and(events::agreement(recording, kind, &marked(&record, kind)));
            }
        }
    }
    Ok(agreements.map(threshold))
}

/// Half of F1.
fn threshold(agreement: Agreement) -> f32 {
    (0.5 * agreement.f1()) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_in_one_part() {
        let places: Vec<usize> = (0..46).collect();
        let parts = folds(&places, 10, 1);
        let mut all = parts.concat();
        all.sort_unstable();
        assert_eq!(all, places);
        assert!(parts.iter().all(|part| (4..=5).contains(&part.len())));
        assert_eq!(without(&places, &parts[0]).len(), 46 - parts[0].len());
        assert_eq!(parts, folds(&places, 10, 1));
        assert_ne!(parts, folds(&places, 10, 2));
    }

    #[test]
    fn features_that_rise_are_features() {
        assert_eq!(rising().count(), RISING.len());
    }

    #[test]
    fn a_candidate_counts_where_it_is_likelier_than_half_of_f1() {
        let of = |both| Agreement { both, expert: 10, method: 10 };
        assert_eq!(threshold(of(7)), 0.35);
        // Where nothing is to be found, nobody is kept from marking nothing.
        assert_eq!(threshold(Agreement::default()), 0.5);
    }
}
