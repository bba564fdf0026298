//! The likeliest set of candidates of which no two overlap.

use crate::expert::candidate::Stretch;

/// Chooses, for candidates with a gain each, the set without overlap whose gains add up to
/// most; candidates without gain are never chosen. `chosen` holds their places, by time.
#[derive(Debug, Default)]
pub(crate) struct Chooser {
    order: Vec<usize>,
    best: Vec<f32>,
    taken: Vec<Option<usize>>,
    ends: Vec<usize>,
}

/// Seconds that neighbours may share: edges are not that exact.
const SHARED_S: usize = 3;

impl Chooser {
    pub fn choose(&mut self, candidates: &[Stretch], gains: &[f32], chosen: &mut Vec<usize>) {
        self.order.clear();
        self.order.extend((0..candidates.len()).filter(|at| gains[*at] > 0.0));
        self.order.sort_by_key(|at| (candidates[*at].end, candidates[*at].start));
        self.ends.clear();
        self.ends.extend(self.order.iter().map(|at| candidates[*at].end));
        self.best.clear();
        self.best.push(0.0);
        self.taken.clear();
        for (turn, &at) in self.order.iter().enumerate() {
            let start = candidates[at].start + SHARED_S;
            let before = self.ends[..turn].partition_point(|end| *end <= start);
            let with = self.best[before] + gains[at];
            let without = self.best[turn];
            self.taken.push((with > without).then_some(before));
            self.best.push(with.max(without));
        }
        chosen.clear();
        let mut turn = self.order.len();
        while turn > 0 {
            match self.taken[turn - 1] {
                Some(before) => {
                    chosen.push(self.order[turn - 1]);
                    turn = before;
                }
                None => turn -= 1,
            }
        }
        chosen.reverse();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expert::EventKind;

    fn check(parts: &[(usize, usize, f32)], expected: &[usize]) {
        let kind = EventKind::Acceleration;
        let candidates: Vec<_> =
            parts.iter().map(|&(start, end, _)| Stretch { kind, start, end }).collect();
        let gains: Vec<_> = parts.iter().map(|part| part.2).collect();
        let mut chosen = Vec::new();
        Chooser::default().choose(&candidates, &gains, &mut chosen);
        assert_eq!(chosen, expected);
    }

    #[test]
    fn the_likeliest_set_without_overlap_is_chosen() {
        check(&[(0, 60, 0.5), (0, 30, 0.2), (30, 60, 0.2)], &[0]);
        check(&[(0, 60, 0.3), (0, 30, 0.2), (30, 60, 0.2)], &[1, 2]);
        check(&[(0, 60, -0.3), (100, 130, 0.2)], &[1]);
        check(&[], &[]);
    }
}
