//! A set of sequence numbers, kept as ranges: a run without holes is one range.

/// A set of `u64`.
///
/// # Invariants
///
/// Ranges are inclusive, rise, and neither overlap nor touch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RangeSet {
    ranges: Vec<(u64, u64)>,
}

impl RangeSet {
    /// Whether `seq` is in the set.
    #[must_use]
    pub fn contains(&self, seq: u64) -> bool {
        self.ranges.get(self.place_of(seq)).is_some_and(|&(first, _)| first <= seq)
    }

    /// How many ranges the set has.
    #[must_use]
    pub fn range_count(&self) -> usize {
        self.ranges.len()
    }

    /// Whether `seq` touches no member, so that adding it adds a range.
    #[must_use]
    pub fn is_apart(&self, seq: u64) -> bool {
        !self.contains(seq)
            && !seq.checked_sub(1).is_some_and(|before| self.contains(before))
            && !seq.checked_add(1).is_some_and(|after| self.contains(after))
    }

    /// Adds `seq`; `false` where it was there.
    pub fn insert(&mut self, seq: u64) -> bool {
        if self.contains(seq) {
            return false;
        }
        self.insert_range(seq, seq);
        true
    }

    /// Adds every number from `first` to `last`; nothing where `last` is below `first`.
    pub fn insert_range(&mut self, first: u64, last: u64) {
        if last < first {
            return;
        }
        let start = self.place_of(first.saturating_sub(1));
        let end = self
            .ranges
            .partition_point(|&(range_first, _)| range_first <= last.saturating_add(1))
            .max(start);
        let mut merged = (first, last);
        for &(range_first, range_last) in &self.ranges[start..end] {
            merged = (merged.0.min(range_first), merged.1.max(range_last));
        }
        self.ranges.splice(start..end, [merged]);
    }

    /// The first number at or above `floor` that is not in the set.
    #[must_use]
    pub fn first_missing_from(&self, floor: u64) -> u64 {
        match self.ranges.get(self.place_of(floor)) {
            Some(&(first, last)) if first <= floor => last.saturating_add(1),
            _ => floor,
        }
    }

    /// The largest member.
    #[must_use]
    pub fn last(&self) -> Option<u64> {
        self.ranges.last().map(|&(_, last)| last)
    }

    /// Whether every member of `other` is in this set.
    #[must_use]
    pub fn is_superset(&self, other: &Self) -> bool {
        other.ranges.iter().all(|&(first, last)| {
            let ours = self.ranges.get(self.place_of(first));
            ours.is_some_and(|&(our_first, our_last)| our_first <= first && last <= our_last)
        })
    }

    /// The ranges, first and last number of each, rising.
    #[must_use]
    pub fn as_slice(&self) -> &[(u64, u64)] {
        &self.ranges
    }

    /// Panics where an invariant of the type is broken.
    pub fn assert_invariants(&self) {
        assert!(self.ranges.iter().all(|(first, last)| first <= last), "a range is turned around");
        let apart = |pair: &[(u64, u64)]| pair[0].1 < u64::MAX && pair[0].1 + 1 < pair[1].0;
        assert!(self.ranges.windows(2).all(apart), "two ranges touch or are out of order");
    }

    /// Where the first range stands that does not end before `seq`.
    fn place_of(&self, seq: u64) -> usize {
        // A run grows at its end, so the last range is asked first.
        match self.ranges.last() {
            Some(&(first, last)) if first <= seq && seq <= last => self.ranges.len() - 1,
            Some(&(_, last)) if last < seq => self.ranges.len(),
            _ => self.ranges.partition_point(|&(_, last)| last < seq),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_ends_of_the_range_are_members_like_others() {
        let mut set = RangeSet::default();
        assert!(set.insert(u64::MAX) && set.insert(0) && !set.insert(0));
        assert!(set.insert(u64::MAX - 1));
        set.assert_invariants();
        assert_eq!(set.as_slice(), [(0, 0), (u64::MAX - 1, u64::MAX)]);
        assert_eq!(set.first_missing_from(0), 1);
        assert_eq!(set.first_missing_from(u64::MAX), u64::MAX);
    }

    proptest! {
        #[test]
        fn it_agrees_with_a_plain_set(inserts in prop::collection::vec((0u64..60, 0u64..6), 0..40)) {
            let mut set = RangeSet::default();
            let mut plain = BTreeSet::new();
            for (first, more) in inserts {
                prop_assert_eq!(
                    set.is_apart(first),
                    !(first.saturating_sub(1)..=first + 1).any(|n| plain.contains(&n))
                );
                set.insert_range(first, first + more);
                plain.extend(first..=first + more);
                set.assert_invariants();
            }
            for n in 0..70 {
                prop_assert_eq!(set.contains(n), plain.contains(&n));
                let missing = (n..).find(|m| !plain.contains(m)).unwrap();
                prop_assert_eq!(set.first_missing_from(n), missing);
            }
            prop_assert_eq!(set.last(), plain.last().copied());
        }
    }
}
