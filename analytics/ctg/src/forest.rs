//! A small ensemble of regression trees: features of a candidate in, a likelihood out.
//!
//! In: a text of trained trees, and the features of one candidate. Out: how likely an expert
//! would mark it, 0 to 1. Never: training, which is done elsewhere, and files. The text is
//! distrusted to the last byte; what has been parsed cannot fail, run away or panic.
//!
//! ```text
//! ubugoe-forest 1
//! # anything after a mark
//! features N name1 name2 … nameN
//! bias <number>
//! tree <nodes>
//! s <feature> <threshold> <left> <right>    a split: value <= threshold, or NaN, goes left
//! l <value>                                 a leaf
//! ```
//!
//! A tree has exactly as many lines of nodes as it announces, numbered from 0; a child stands
//! after its parent, and has one. The likelihood is the logistic function of the bias and one
//! leaf of every tree.

mod text;

pub use text::ForestError;

/// More features than a candidate can have: their numbers, and one that stands for none, are a
/// byte.
pub const FEATURES_MAX: usize = UNKNOWN as usize;
/// More nodes than a tree can have: a place among its neighbours is a byte.
pub const TREE_NODES_MAX: usize = 255;
/// More trees than a forest can have; ten times as many as are of use.
pub const TREES_MAX: usize = 4096;

/// The feature that no candidate has: it is not above anything.
const UNKNOWN: u8 = u8::MAX;

/// An ensemble of trees, ready to be asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Forest {
    names: Vec<String>,
    bias: f32,
    groves: Vec<Grove>,
}

/// Trees that are descended together: while one waits for memory, the others go on.
///
/// # Invariants
///
/// Children of a split lie side by side behind it. A leaf is a split on what is unknown whose
/// left child is itself, and its threshold is what it adds. So whatever the features, a descent
/// of `depth` steps ends in a leaf.
#[derive(Clone, Debug, PartialEq)]
struct Grove {
    /// As many places as a byte has, so that no place lies outside.
    nodes: Box<[Node; Self::PLACES]>,
    roots: [u8; Self::TREES],
    /// Steps after which the deepest of them has reached a leaf.
    depth: u8,
}

/// A split, or a leaf; 8 bytes, so that a forest stays in a near cache.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Node {
    /// A feature above goes right.
    threshold: f32,
    /// The place of the left child; the right one follows it.
    left: u8,
    feature: u8,
}

impl Grove {
    const PLACES: usize = 1 << u8::BITS;
    const TREES: usize = 8;

    /// One leaf from each of its trees, added up.
    #[inline]
    fn sum(&self, features: &[f32; Self::PLACES]) -> f32 {
        let mut at = self.roots;
        for _ in 0..self.depth {
            for at in &mut at {
                let node = self.nodes[usize::from(*at)];
                let is_above = features[usize::from(node.feature)] > node.threshold;
                *at = node.left.wrapping_add(u8::from(is_above));
            }
        }
        at.iter().map(|at| self.nodes[usize::from(*at)].threshold).sum()
    }
}

impl Forest {
    /// Parses the text of a forest.
    ///
    /// # Errors
    ///
    /// [`ForestError`], with the line, for anything but a whole forest.
    pub fn parse(text: &str) -> Result<Self, ForestError> {
        text::parse(text)
    }

    /// The features it asks for, in their order.
    pub fn feature_names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// How likely the answer to what it was trained for is yes, 0 to 1.
    ///
    /// Features stand in the order of [`Self::feature_names`]; those that are missing at the
    /// end are unknown, which is NaN, and more than it asks for are not looked at.
    #[must_use]
    pub fn likelihood(&self, features: &[f32]) -> f32 {
        let mut known = [f32::NAN; Grove::PLACES];
        let given = features.len().min(FEATURES_MAX);
        known[..given].copy_from_slice(&features[..given]);
        let sum: f32 = self.groves.iter().map(|grove| grove.sum(&known)).sum();
        logistic(self.bias + sum)
    }
}

/// 1 / (1 + e⁻ˣ).
fn logistic(x: f32) -> f32 {
    1.0 / (1.0 + exponential(-x))
}

/// eˣ to about the last digit; the platform's own differs from machine to machine, and a
/// likelihood close to a threshold must not.
fn exponential(x: f32) -> f32 {
    // Beyond this the logistic function is 0 or 1 to the last digit.
    let x = x.clamp(-80.0, 80.0);
    let halvings = (x * core::f32::consts::LOG2_E).round();
    let rest = f64::from(x) - f64::from(halvings) * core::f64::consts::LN_2;
    // Taylor's series; the rest is below 0.35, so the next term is below 1e-8.
    let series = (1..=7).rev().fold(1.0, |sum, n| 1.0 + sum * rest / f64::from(n));
    let power = f64::from_bits(((1023 + halvings as i64) as u64) << 52);
    (series * power) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    const STUMP: &str = "ubugoe-forest 1\nfeatures 2 height length\nbias 0.5\n\
        tree 3\ns 1 20 1 2\nl -1\nl 2\n";

    fn close(left: f32, right: f32) -> bool {
        (left - right).abs() < 1e-6
    }

    #[test]
    fn a_value_at_the_threshold_goes_left() {
        let forest = Forest::parse(STUMP).unwrap();
        let of_sum = |sum: f32| 1.0 / (1.0 + (-sum).exp());
        assert!(close(forest.likelihood(&[0.0, 20.0]), of_sum(-0.5)));
        assert!(close(forest.likelihood(&[0.0, 20.1]), of_sum(2.5)));
    }

    #[test]
    fn what_is_unknown_goes_left() {
        let forest = Forest::parse(STUMP).unwrap();
        let left = forest.likelihood(&[0.0, 0.0]);
        assert_eq!(forest.likelihood(&[0.0, f32::NAN]), left);
        assert_eq!(forest.likelihood(&[0.0]), left);
        assert_eq!(forest.likelihood(&[]), left);
    }

    #[test]
    fn extreme_features_end_in_a_leaf() {
        let forest = Forest::parse(STUMP).unwrap();
        for extreme in [f32::INFINITY, f32::NEG_INFINITY, f32::MAX, f32::MIN, f32::NAN, -0.0] {
            assert!((0.0..=1.0).contains(&forest.likelihood(&[extreme; 300])), "{extreme}");
        }
    }

    #[test]
    fn every_tree_counts_once_whatever_its_depth() {
        // Fifteen trees of depths 0 to 4: the second eight have a place left over.
        let mut text = "ubugoe-forest 1\nfeatures 1 x\nbias 0\n".to_owned();
        for tree in 0..15 {
            let depth = tree % 5;
            text += &format!("tree {}\n", 2 * depth + 1);
            for split in 0..depth {
                text += &format!("s 0 {split} {} {}\n", 2 * split + 1, 2 * split + 2);
                text += "l 0.25\n";
            }
            text += "l 0.125\n";
        }
        let forest = Forest::parse(&text).unwrap();
        assert!(close(forest.likelihood(&[100.0]), logistic(15.0 * 0.125)));
        assert!(close(forest.likelihood(&[-100.0]), logistic(12.0 * 0.25 + 3.0 * 0.125)));
        assert!(close(forest.likelihood(&[0.5]), logistic(9.0 * 0.25 + 6.0 * 0.125)));
    }

    #[test]
    fn the_logistic_function_is_that_of_the_platform_to_six_digits() {
        for step in -4000..=4000 {
            let x = step as f32 / 100.0;
            let exact = 1.0 / (1.0 + (-f64::from(x)).exp());
            let ours = f64::from(logistic(x));
            assert!((ours - exact).abs() <= 1e-6 * exact.max(1e-3), "{x}: {ours} {exact}");
        }
        assert_eq!(logistic(f32::INFINITY), 1.0);
        assert!(logistic(f32::NEG_INFINITY) < 1e-30);
    }
}
