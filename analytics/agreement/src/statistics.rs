//! Shares and areas, each with how far chance may have moved it.

/// The quantile of the normal distribution for intervals of 95 %.
const Z_95: f64 = 1.959_964;

/// A value with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// A share of cases, with the interval of Wilson (1927): it stays within 0 and 1, and is
/// honest for few cases. `None` where there is no case.
#[must_use]
pub fn share(yes: u32, all: u32) -> Option<Estimate> {
    if all == 0 {
        return None;
    }
    let (n, z2) = (f64::from(all), Z_95 * Z_95);
    let value = f64::from(yes) / n;
    let middle = (value + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z_95 * (value * (1.0 - value) / n + z2 / (4.0 * n * n)).sqrt() / (1.0 + z2 / n);
    // Rounding must not lay a share of nothing or of all outside its own interval.
    let (low, high) = ((middle - half).clamp(0.0, value), (middle + half).clamp(value, 1.0));
    Some(Estimate { value, low, high })
}

/// How likely a score is higher in one that became a case than in one that did not, ties
/// counted half: the area under the ROC curve, with the interval of DeLong et al. (1988).
/// `None` where there are fewer than two of either.
#[must_use]
pub fn area_under_curve(cases: &[f64], others: &[f64]) -> Option<Estimate> {
    if cases.len() < 2 || others.len() < 2 {
        return None;
    }
    let above = |case: f64, other: f64| match case.total_cmp(&other) {
        std::cmp::Ordering::Greater => 1.0,
        std::cmp::Ordering::Equal => 0.5,
        std::cmp::Ordering::Less => 0.0,
    };
    let of_cases: Vec<f64> =
        cases.iter().map(|case| mean(others.iter().map(|other| above(*case, *other)))).collect();
    let of_others: Vec<f64> =
        others.iter().map(|other| mean(cases.iter().map(|case| above(*case, *other)))).collect();
    let value = mean(of_cases.iter().copied());
    let variance = variance_of_mean(&of_cases, value) + variance_of_mean(&of_others, value);
    let half = Z_95 * variance.sqrt();
    Some(Estimate { value, low: (value - half).max(0.0), high: (value + half).min(1.0) })
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    values.sum::<f64>() / count
}

fn variance_of_mean(values: &[f64], mean: f64) -> f64 {
    let count = values.len() as f64;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    squares / (count - 1.0) / count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() < 5e-4, "{value} is not {expected}");
    }

    #[test]
    fn a_share_has_the_interval_of_wilson() {
        // Worked example: 10 of 50.
        let share = share(10, 50).unwrap();
        close(share.value, 0.2);
        close(share.low, 0.1124);
        close(share.high, 0.3304);
    }

    #[test]
    fn none_of_few_is_not_surely_none() {
        let share = share(0, 10).unwrap();
        close(share.low, 0.0);
        close(share.high, 0.2775);
        assert_eq!(super::share(0, 0), None);
    }

    #[test]
    fn an_area_counts_pairs_and_ties_half() {
        let area = area_under_curve(&[3.0, 4.0, 2.0], &[1.0, 2.0, 3.0, 1.0]).unwrap();
        // Of twelve pairs nine are in order and two are ties.
        close(area.value, 10.0 / 12.0);
        // By hand: the places 0.875, 1 and 0.625 of the cases vary by 0.03646 around their mean, those
        // of the others, 1, 0.8333, 0.5 and 1, by 0.05556.
        close((area.value - area.low) / 1.959_964, (0.036_458_f64 / 3.0 + 0.055_556 / 4.0).sqrt());
        close(area.high, 1.0);
        assert_eq!(area_under_curve(&[1.0], &[1.0, 2.0]), None);
    }

    #[test]
    fn a_score_that_says_nothing_has_half_the_area() {
        let area = area_under_curve(&[1.0; 9], &[1.0; 30]).unwrap();
        close(area.value, 0.5);
        close(area.low, 0.5);
    }
}
