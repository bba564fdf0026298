//! What a reader with a pencil would mark: candidates, what speaks for each, and a choice.
//!
//! Every stretch on one side of any course is a candidate. Sixty features say how high, how
//! long, how it lies to its neighbourhood, to the level of the last half hour and to the
//! contractions; two small forests, trained on recordings that experts marked, turn them into a
//! likelihood, which never falls where a candidate is higher; and the choice is the set of
//! candidates without overlap that is likeliest in all. Training is the business of
//! `analytics/agreement`.

pub(crate) mod candidate;
pub(crate) mod choice;
pub(crate) mod features;
pub mod training;

use crate::forest::Forest;
use crate::tick::Span;

pub use features::{FEATURE_NAMES, FEATURES};

/// A rise or a fall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// Above the baseline.
    Acceleration,
    /// Below it.
    Deceleration,
}

impl EventKind {
    /// 1 for a rise, -1 for a fall.
    pub(crate) const fn sign(self) -> f32 {
        match self {
            Self::Acceleration => 1.0,
            Self::Deceleration => -1.0,
        }
    }
}

/// A stretch that may be an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// A rise or a fall.
    pub kind: EventKind,
    /// Where, in ticks of the strip.
    pub span: Span,
    /// What speaks for and against it, in the order of [`FEATURE_NAMES`].
    pub features: [f32; FEATURES],
}

/// The trained readers.
#[derive(Clone, Debug)]
pub struct Experts {
    /// Knows rises.
    pub acceleration: Forest,
    /// Knows falls.
    pub deceleration: Forest,
    /// A rise counts above this likelihood, 0 to 1.
    pub acceleration_threshold: f32,
    /// A fall counts above this likelihood, 0 to 1.
    pub deceleration_threshold: f32,
}

impl Experts {
    /// The readers that came with this version, as `weights/` holds them.
    #[must_use]
    pub fn shipped() -> Self {
        let parse = |text| Forest::parse(text).expect("a test keeps the shipped weights readable");
        Self {
            acceleration: parse(include_str!("../weights/acceleration.forest")),
            deceleration: parse(include_str!("../weights/deceleration.forest")),
            acceleration_threshold: ACCELERATION_THRESHOLD,
            deceleration_threshold: DECELERATION_THRESHOLD,
        }
    }

    pub(crate) fn likelihood(&self, kind: EventKind, features: &[f32; FEATURES]) -> f32 {
        match kind {
            EventKind::Acceleration => self.acceleration.likelihood(features),
            EventKind::Deceleration => self.deceleration.likelihood(features),
        }
    }

    pub(crate) fn threshold(&self, kind: EventKind) -> f32 {
        match kind {
            EventKind::Acceleration => self.acceleration_threshold,
            EventKind::Deceleration => self.deceleration_threshold,
        }
    }
}

/// Where rises and falls begin to count; determined with the weights, which name them.
const ACCELERATION_THRESHOLD: f32 = 0.346_570_4;
const DECELERATION_THRESHOLD: f32 = 0.389_072_84;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thresholds_are_those_that_the_shipped_weights_name() {
        let named = |text: &str| -> f32 {
            let line = text.lines().find_map(|line| line.strip_prefix("# Threshold ")).unwrap();
            line.split(',').next().unwrap().parse().unwrap()
        };
        let acceleration = include_str!("../weights/acceleration.forest");
        let deceleration = include_str!("../weights/deceleration.forest");
        assert_eq!(named(acceleration), ACCELERATION_THRESHOLD);
        assert_eq!(named(deceleration), DECELERATION_THRESHOLD);
    }

    #[test]
    fn the_shipped_weights_ask_for_these_features() {
        let experts = Experts::shipped();
        for forest in [&experts.acceleration, &experts.deceleration] {
            assert!(forest.feature_names().eq(FEATURE_NAMES));
        }
    }
}
