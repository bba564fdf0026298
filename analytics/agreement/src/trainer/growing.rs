//! One tree, grown at the leaf that gains most.

use std::ops::Range;

use super::Settings;
use super::bins::{BINS_MAX, Binned};
use super::tree::{Node, Tree};

/// How the loss of a row changes with its sum.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Gradient {
    slope: f64,
    curvature: f64,
}

impl Gradient {
    /// Of the cross-entropy between a label and the likelihood that `sum` stands for.
    pub fn of(sum: f64, label: f64, weight: f64) -> Self {
        let likelihood = 1.0 / (1.0 + libm::exp(-sum));
        Self {
            slope: weight * (likelihood - label),
            curvature: weight * likelihood * (1.0 - likelihood),
        }
    }
}

/// What a set of rows adds up to.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    slope: f64,
    curvature: f64,
    rows: u32,
}

impl Sum {
    fn add(&mut self, gradient: Gradient) {
        self.slope += gradient.slope;
        self.curvature += gradient.curvature;
        self.rows += 1;
    }

    fn less(self, other: Self) -> Self {
        Self {
            slope: self.slope - other.slope,
            curvature: self.curvature - other.curvature,
            rows: self.rows - other.rows,
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            slope: self.slope + other.slope,
            curvature: self.curvature + other.curvature,
            rows: self.rows + other.rows,
        }
    }

    /// What a leaf of these rows adds, before the rate.
    fn value(self, l2: f64, bounds: Bounds) -> f64 {
        (-self.slope / (self.curvature + l2)).clamp(bounds.low, bounds.high)
    }

    /// How much less the loss is when these rows have a leaf of this value, twice.
    fn gain(self, l2: f64, value: f64) -> f64 {
        -(2.0 * self.slope + (self.curvature + l2) * value) * value
    }
}

/// What a leaf may add, before the rate: splits on rising features above it leave it no more.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    low: f64,
    high: f64,
}

impl Bounds {
    const NONE: Self = Self { low: f64::NEG_INFINITY, high: f64::INFINITY };

    /// Those of the children of a split: where the feature rises, whatever grows on the left
    /// stays below whatever grows on the right.
    fn of_children(self, split: Split, is_rising: bool) -> [Self; 2] {
        if !is_rising {
            return [self; 2];
        }
        let middle = f64::midpoint(split.values[0], split.values[1]);
        [Self { high: middle, ..self }, Self { low: middle, ..self }]
    }
}

/// The rows of a leaf, by bin of each feature that the tree sees.
type Histogram = Vec<[Sum; BINS_MAX]>;

#[derive(Clone, Copy, Debug)]
struct Split {
    /// Place among the features that the tree sees.
    seen: usize,
    /// The last bin that goes left.
    bin: usize,
    gain: f64,
    /// What leaves to its left and right would add.
    values: [f64; 2],
}

/// A leaf that may yet be split.
struct Leaf {
    node: usize,
    /// Its rows, a range of the tree's.
    rows: Range<usize>,
    sum: Sum,
    bounds: Bounds,
    histogram: Histogram,
    split: Option<Split>,
}

/// What one tree sees beside its rows.
#[derive(Clone, Copy)]
struct Seen<'a> {
    features: &'a [usize],
    gradients: &'a [Gradient],
}

/// Grows trees over the same binned rows.
pub(super) struct Grower<'a> {
    binned: &'a Binned,
    rising: &'a [bool],
    settings: &'a Settings,
}

impl<'a> Grower<'a> {
    /// `rising` says of each feature whether more of it must never add less.
    pub fn new(binned: &'a Binned, rising: &'a [bool], settings: &'a Settings) -> Self {
        Self { binned, rising, settings }
    }

    /// Grows a tree that sees these rows and features; `None` where no split gains anything.
    pub fn grow(
        &self,
        mut rows: Vec<u32>,
        features: &[usize],
        gradients: &[Gradient],
    ) -> Option<Tree> {
        let mut nodes = vec![Node::Leaf(0.0)];
        let whole = 0..rows.len();
        let histogram = self.count(&rows, features, gradients);
        let seen = Seen { features, gradients };
        let mut leaves = vec![self.leaf((0, Bounds::NONE), whole, histogram, &rows, seen)];
        while leaves.len() < self.settings.leaves {
            let Some(best) = most_gaining(&leaves) else { break };
            let parent = leaves.swap_remove(best);
            let children = self.split(parent, &mut rows, seen, &mut nodes);
            leaves.extend(children);
        }
        for leaf in &leaves {
            let value = leaf.sum.value(self.settings.l2, leaf.bounds);
            nodes[leaf.node] = Node::Leaf((value * self.settings.rate) as f32);
        }
        (leaves.len() > 1).then_some(Tree { nodes })
    }

    fn split(
        &self,
        parent: Leaf,
        rows: &mut [u32],
        seen: Seen<'_>,
        nodes: &mut Vec<Node>,
    ) -> [Leaf; 2] {
        let split = parent.split.expect("a leaf is chosen for its split");
        let feature = seen.features[split.seen];
        let bins = self.binned.column(feature);
        let ours = &mut rows[parent.rows.clone()];
        // Stable, so that sums are taken in one order on every machine.
        let (left, right): (Vec<u32>, Vec<u32>) =
            ours.iter().copied().partition(|row| usize::from(bins[*row as usize]) <= split.bin);
        ours[..left.len()].copy_from_slice(&left);
        ours[left.len()..].copy_from_slice(&right);
        let middle = parent.rows.start + left.len();
        // Only the smaller child is counted; the other is what is left of the parent.
        let smaller = if left.len() <= right.len() { &left } else { &right };
        let counted = self.count(smaller, seen.features, seen.gradients);
        let mut rest = parent.histogram;
        for (rest, counted) in rest.iter_mut().zip(&counted) {
            for (rest, counted) in rest.iter_mut().zip(counted) {
                *rest = rest.less(*counted);
            }
        }
        let histograms = if left.len() <= right.len() { [counted, rest] } else { [rest, counted] };
        let places = [parent.rows.start..middle, middle..parent.rows.end];
        let first = nodes.len();
        let threshold = self.binned.thresholds(feature)[split.bin];
        nodes[parent.node] = Node::Split { feature, threshold, left: first, right: first + 1 };
        nodes.extend([Node::Leaf(0.0); 2]);
        let [left_histogram, right_histogram] = histograms;
        let [left_rows, right_rows] = places;
        let [left, right] = parent.bounds.of_children(split, self.rising[feature]);
        [
            self.leaf((first, left), left_rows, left_histogram, rows, seen),
            self.leaf((first + 1, right), right_rows, right_histogram, rows, seen),
        ]
    }

    fn leaf(
        &self,
        (node, bounds): (usize, Bounds),
        rows: Range<usize>,
        histogram: Histogram,
        all: &[u32],
        seen: Seen<'_>,
    ) -> Leaf {
        let mut sum = Sum::default();
        all[rows.clone()].iter().for_each(|row| sum.add(seen.gradients[*row as usize]));
        let split = self.best_split(&histogram, sum, bounds, seen.features);
        Leaf { node, rows, sum, bounds, histogram, split }
    }

    fn count(&self, rows: &[u32], features: &[usize], gradients: &[Gradient]) -> Histogram {
        let mut histogram = vec![[Sum::default(); BINS_MAX]; features.len()];
        for (sums, feature) in histogram.iter_mut().zip(features) {
            let bins = self.binned.column(*feature);
            for row in rows {
                let row = *row as usize;
                sums[usize::from(bins[row])].add(gradients[row]);
            }
        }
        histogram
    }

    fn best_split(
        &self,
        histogram: &Histogram,
        whole: Sum,
        bounds: Bounds,
        features: &[usize],
    ) -> Option<Split> {
        let Settings { l2, leaf_rows_min, .. } = *self.settings;
        // An empty leaf would be no split.
        let leaf_rows_min = leaf_rows_min.max(1);
        let before = whole.gain(l2, whole.value(l2, bounds));
        let least = before + GAIN_MIN;
        let mut best: Option<Split> = None;
        for (seen, (sums, feature)) in histogram.iter().zip(features).enumerate() {
            let mut left = Sum::default();
            // After the last bin nothing is left to split off.
            for (bin, sum) in sums.iter().enumerate().take(BINS_MAX - 1) {
                left = left.plus(*sum);
                if left.rows < leaf_rows_min || sum.rows == 0 {
                    continue;
                }
                if whole.rows - left.rows < leaf_rows_min {
                    break;
                }
                let sides = [left, whole.less(left)];
                let values = sides.map(|side| side.value(l2, bounds));
                if self.rising[*feature] && values[0] > values[1] {
                    continue;
                }
                let gain = sides[0].gain(l2, values[0]) + sides[1].gain(l2, values[1]);
                if gain > best.map_or(least, |best| best.gain) {
                    best = Some(Split { seen, bin, gain, values });
                }
            }
        }
        best.map(|split| Split { gain: split.gain - before, ..split })
    }
}

/// A gain below this is rounding.
const GAIN_MIN: f64 = 1e-6;

fn most_gaining(leaves: &[Leaf]) -> Option<usize> {
    let gains = leaves.iter().enumerate().filter_map(|(at, leaf)| Some((at, leaf.split?.gain)));
    gains.max_by(|one, other| one.1.total_cmp(&other.1)).map(|(at, _)| at)
}
