//! Which blocks of which run are stored.

use std::collections::BTreeMap;

use vitals::{BridgeId, DeviceId};

use crate::rows::StoredBlock;

/// What is stored of one run of one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRun {
    /// The bridge.
    pub bridge: BridgeId,
    /// The device on it.
    pub device: DeviceId,
    /// The run of the bridge.
    pub epoch: u64,
    /// From the first of each pair up to, not including, the second: sequence numbers on
    /// disk. Ascending, disjoint, not touching.
    pub ranges: Vec<(u64, u64)>,
}

/// A set of sequence numbers as ascending, disjoint, not touching half-open ranges.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ranges(Vec<(u64, u64)>);

impl Ranges {
    /// Adds the numbers from `from` up to, not including, `next`.
    pub(crate) fn insert(&mut self, from: u64, next: u64) {
        if from >= next {
            return;
        }
        // Everything before `first` ends before this range begins, everything from `after`
        // begins after it ends; what lies between is swallowed.
        let first = self.0.partition_point(|&(_, end)| end < from);
        let after = self.0.partition_point(|&(start, _)| start <= next);
        let merged = self.0[first..after]
            .iter()
            .fold((from, next), |(low, high), &(start, end)| (low.min(start), high.max(end)));
        self.0.splice(first..after, [merged]);
    }

    pub(crate) fn as_slice(&self) -> &[(u64, u64)] {
        &self.0
    }
}

/// What is stored of every run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Runs(BTreeMap<(BridgeId, DeviceId, u64), Ranges>);

impl Runs {
    pub(crate) fn insert_block(&mut self, stored: &StoredBlock) {
        let block = &stored.block;
        self.run(stored.bridge, block.device, block.epoch)
            .insert(block.seq, block.seq.saturating_add(1));
    }

    pub(crate) fn merge(&mut self, runs: &[StoredRun]) {
        for run in runs {
            for &range in &run.ranges {
                self.run(run.bridge, run.device, run.epoch).insert(range.0, range.1);
            }
        }
    }

    fn run(&mut self, bridge: BridgeId, device: DeviceId, epoch: u64) -> &mut Ranges {
        self.0.entry((bridge, device, epoch)).or_default()
    }

    pub(crate) fn to_list(&self) -> Vec<StoredRun> {
        self.0
            .iter()
            .map(|(&(bridge, device, epoch), ranges)| StoredRun {
                bridge,
                device,
                epoch,
                ranges: ranges.as_slice().to_vec(),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn ranges_hold_the_set_that_was_put_in(
            inserts in prop::collection::vec((0_u64..60, 0_u64..8), 0..40),
        ) {
            let mut ranges = Ranges::default();
            let mut set = BTreeSet::new();
            for (from, len) in inserts {
                ranges.insert(from, from + len);
                set.extend(from..from + len);
            }
            let listed: Vec<_> = ranges.as_slice().iter().flat_map(|&(a, b)| a..b).collect();
            prop_assert_eq!(listed, set.into_iter().collect::<Vec<_>>());
            prop_assert!(ranges.as_slice().windows(2).all(|pair| pair[0].1 < pair[1].0));
        }
    }
}
