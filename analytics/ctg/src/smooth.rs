//! Means over windows, in one pass each.

/// Running means with a buffer of its own, so that a thread allocates once.
#[derive(Debug, Default)]
pub(crate) struct Smoother {
    sums: Vec<f64>,
    weights: Vec<f64>,
}

impl Smoother {
    /// The mean of `width` values around each; fewer at the ends.
    pub fn centred(&mut self, values: &[f32], width: usize, out: &mut Vec<f32>) {
        let back = width / 2;
        self.windowed(values, back, width - 1 - back, out);
    }

    /// The mean of each value, `back` before it and `ahead` after it; fewer at the ends.
    pub fn windowed(&mut self, values: &[f32], back: usize, ahead: usize, out: &mut Vec<f32>) {
        let len = values.len();
        prefix(values, &mut self.sums);
        out.clear();
        let edge = |at: usize| {
            let (from, to) = (at.saturating_sub(back), (at + ahead + 1).min(len));
            ((self.sums[to] - self.sums[from]) / (to - from) as f64) as f32
        };
        out.extend((0..back.min(len)).map(edge));
        let share = 1.0 / (back + ahead + 1) as f64;
        if len > back + ahead {
            let starts = &self.sums[..];
            let ends = &self.sums[back + ahead + 1..];
            out.extend(ends.iter().zip(starts).map(|(end, start)| ((end - start) * share) as f32));
        }
        out.extend((out.len()..len).map(edge));
    }

    /// The weighted mean of each value, `back` before it and `ahead` after it; fewer at the ends.
    /// Weights are above 0.
    pub fn weighted(
        &mut self,
        values: &[f32],
        weights: &[f32],
        (back, ahead): (usize, usize),
        out: &mut Vec<f32>,
    ) {
        let len = values.len();
        self.prefix_weighted(values, weights);
        let (sums, weights) = (&self.sums[..], &self.weights[..]);
        let mean = |from: usize, to: usize| {
            ((sums[to] - sums[from]) / (weights[to] - weights[from])) as f32
        };
        let edge = |at: usize| mean(at.saturating_sub(back), (at + ahead + 1).min(len));
        out.clear();
        out.extend((0..back.min(len)).map(edge));
        if len > back + ahead {
            let sums = sums[back + ahead + 1..].iter().zip(sums).map(|(to, from)| to - from);
            let weights =
                weights[back + ahead + 1..].iter().zip(weights).map(|(to, from)| to - from);
            out.extend(sums.zip(weights).map(|(sum, weight)| (sum / weight) as f32));
        }
        out.extend((out.len()..len).map(edge));
    }

    fn prefix_weighted(&mut self, values: &[f32], weights: &[f32]) {
        let weight = |at: usize| f64::from(weights[at]);
        prefix_by(values.len(), |at| f64::from(values[at]) * weight(at), &mut self.sums);
        prefix_by(values.len(), weight, &mut self.weights);
    }
}

/// Sums of everything before each value; one longer than the values.
pub(crate) fn prefix(values: &[f32], out: &mut Vec<f64>) {
    prefix_by(values.len(), |at| f64::from(values[at]), out);
}

/// Sums of `value` of every place before each of `len` places, and before the end.
pub(crate) fn prefix_by(len: usize, value: impl Fn(usize) -> f64, out: &mut Vec<f64>) {
    /// Values that are added up among themselves first: one waits for the sum before, not each.
    const STRIDE: usize = 4;
    // What was there before is written over.
    out.resize(len + 1, 0.0);
    out[0] = 0.0;
    let mut sum = 0.0;
    let mut strides = out[1..].chunks_exact_mut(STRIDE);
    let mut at = 0;
    for stride in &mut strides {
        let one = value(at);
        let two = one + value(at + 1);
        let last = value(at + 2);
        let four = two + (last + value(at + 3));
        stride.copy_from_slice(&[sum + one, sum + two, sum + (two + last), sum + four]);
        sum += four;
        at += STRIDE;
    }
    for place in strides.into_remainder() {
        sum += value(at);
        *place = sum;
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_cut_at_the_ends() {
        let mut out = Vec::new();
        let mut smoother = Smoother::default();
        for len in 0..12_u8 {
            let values: Vec<f32> = (0..len).map(|v| f32::from(v * v)).collect();
            for (back, ahead) in [(0, 0), (2, 1), (0, 4), (5, 5), (20, 3)] {
                smoother.windowed(&values, back, ahead, &mut out);
                assert_eq!(out.len(), values.len());
                for (at, mean) in out.iter().enumerate() {
                    let window =
                        &values[at.saturating_sub(back)..(at + ahead + 1).min(values.len())];
                    let expected = window.iter().sum::<f32>() / window.len() as f32;
                    assert!((mean - expected).abs() < 1e-3, "{len} {back} {ahead} {at}");
                }
            }
        }
    }
}
