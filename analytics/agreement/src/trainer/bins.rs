//! Features counted into bins of about equally many rows.

/// Most bins of one feature.
pub(super) const BINS_MAX: usize = 64;

/// The bin of every feature of every row, a feature after the other.
///
/// A value is in bin *n* where it lies above *n* of the feature's thresholds; what is not a
/// number is in bin 0. So a split after a bin is a split at its threshold, for any value.
pub(super) struct Binned {
    rows: usize,
    bins: Vec<u8>,
    thresholds: Vec<Vec<f32>>,
}

impl Binned {
    /// Bins rows of `width` features.
    pub fn of(features: &[f32], width: usize) -> Self {
        let rows = features.len() / width.max(1);
        let mut binned =
            Self { rows, bins: Vec::with_capacity(features.len()), thresholds: vec![] };
        for feature in 0..width {
            let column = || features.iter().skip(feature).step_by(width).copied();
            let thresholds = thresholds(column().filter(|value| value.is_finite()).collect());
            let bin = |value: f32| thresholds.partition_point(|it| value > *it) as u8;
            binned.bins.extend(column().map(bin));
            binned.thresholds.push(thresholds);
        }
        binned
    }

    /// The bins of a feature, row by row.
    pub fn column(&self, feature: usize) -> &[u8] {
        &self.bins[feature * self.rows..][..self.rows]
    }

    /// The rising thresholds of a feature.
    pub fn thresholds(&self, feature: usize) -> &[f32] {
        &self.thresholds[feature]
    }
}

/// Thresholds in the middle between two values that occur, with about equally many values
/// between two thresholds.
fn thresholds(mut values: Vec<f32>) -> Vec<f32> {
    values.sort_unstable_by(f32::total_cmp);
    let mut thresholds = Vec::new();
    let mut next = values.len().div_ceil(BINS_MAX);
    for at in 1..values.len() {
        let (below, above) = (values[at - 1], values[at]);
        // Equal values stay together, and so does -0 with 0.
        if at < next || below >= above {
            continue;
        }
        thresholds.push(middle(below, above));
        let bins_left = BINS_MAX - thresholds.len();
        if bins_left == 1 {
            break;
        }
        next = at + (values.len() - at).div_ceil(bins_left);
    }
    thresholds
}

/// A number from `below` to less than `above`, half-way where there is room.
fn middle(below: f32, above: f32) -> f32 {
    let middle = f64::midpoint(f64::from(below), f64::from(above)) as f32;
    if middle < above { middle } else { below }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_of_few_values_has_a_threshold_between_each() {
        let binned = Binned::of(&[3.0, 1.0, 2.0, 1.0, f32::NAN, f32::INFINITY], 1);
        assert_eq!(binned.thresholds(0), [1.5, 2.5]);
        assert_eq!(binned.column(0), [2, 0, 1, 0, 0, 2]);
    }

    #[test]
    fn bins_hold_about_equally_many_rows() {
        let values: Vec<f32> = (0..10_000).map(|at| (at as f32).powi(3)).collect();
        let binned = Binned::of(&values, 1);
        let mut counts = [0; BINS_MAX];
        binned.column(0).iter().for_each(|bin| counts[usize::from(*bin)] += 1);
        assert!(counts.iter().all(|count| (150..165).contains(count)), "{counts:?}");
    }

    #[test]
    fn a_threshold_lies_below_the_greater_of_two_neighbours() {
        let next = 1.0 + f32::EPSILON;
        assert_eq!(middle(1.0, next), 1.0);
        assert_eq!(middle(f32::MIN, f32::MAX), 0.0);
    }
}
