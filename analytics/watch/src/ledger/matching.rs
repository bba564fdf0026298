//! Which finding of a new reading is which of the old.

use super::Extent;

/// A finding that was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub id: u64,
    pub extent: Extent,
    pub is_final: bool,
}

/// Pairs what was found with what was known, by places in the two lists: those that overlap
/// most go first, and each goes once. The order is the same wherever it is computed.
pub(super) fn pairs(found: &[Extent], known: &[Candidate]) -> Vec<(usize, usize)> {
    let mut overlaps = Vec::new();
    for (at, extent) in found.iter().enumerate() {
        for (of, candidate) in known.iter().enumerate() {
            let overlap = extent.overlap(candidate.extent);
            if overlap > 0 {
                overlaps.push((std::cmp::Reverse(overlap), at, of));
            }
        }
    }
    overlaps.sort_unstable();
    let (mut used, mut taken) = (vec![false; found.len()], vec![false; known.len()]);
    let mut pairs = Vec::new();
    for (_, at, of) in overlaps {
        if !used[at] && !taken[of] {
            used[at] = true;
            taken[of] = true;
            pairs.push((at, of));
        }
    }
    pairs
}
