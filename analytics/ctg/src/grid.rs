//! A coarse grid of 4 s, on which baselines are computed.

/// Seconds of a grid point.
pub(crate) const GRID_SECONDS: usize = 4;

/// The means of whole grid points of values given each second.
pub(crate) fn coarse(seconds: &[f32], out: &mut Vec<f32>) {
    out.clear();
    let points = seconds.chunks_exact(GRID_SECONDS);
    out.extend(points.map(|point| point.iter().sum::<f32>() / GRID_SECONDS as f32));
}

/// Values each second on straight lines between the middles of grid points; level at the ends.
pub(crate) fn each_second(points: &[f32], seconds: usize, out: &mut Vec<f32>) {
    out.clear();
    let (Some(&first), Some(&last)) = (points.first(), points.last()) else {
        out.resize(seconds, f32::NAN);
        return;
    };
    let half = GRID_SECONDS / 2;
    out.resize(half.min(seconds), first);
    for pair in points.windows(2) {
        let step = (pair[1] - pair[0]) / GRID_SECONDS as f32;
        let line = (0..GRID_SECONDS).map(|at| pair[0] + step * (at as f32 + 0.5));
        out.extend(line.take(seconds - out.len().min(seconds)));
    }
    out.resize(seconds, last);
}

/// How often each value occurs in a sliding window, in a hundred steps, weighted.
#[derive(Debug)]
pub(crate) struct Levels {
    counts: [f32; Self::STEPS],
    total: f32,
    lowest: f32,
    step: f32,
}

impl Levels {
    const STEPS: usize = 100;

    /// For heart rates: 45 to 245 bpm in steps of 2 bpm.
    pub fn of_rates() -> Self {
        Self { counts: [0.0; Self::STEPS], total: 0.0, lowest: 45.0, step: 2.0 }
    }

    /// For uterine activity: 0 to 130 units in steps of 1.3.
    pub fn of_activity() -> Self {
        Self { counts: [0.0; Self::STEPS], total: 0.0, lowest: 0.0, step: 1.3 }
    }

    fn place(&self, value: f32) -> usize {
        // A value outside counts as the outermost step; the cast saturates.
        (((value - self.lowest) / self.step) as usize).min(Self::STEPS - 1)
    }

    pub fn add(&mut self, value: f32, weight: f32) {
        let place = self.place(value);
        self.counts[place] += weight;
        self.total += weight;
    }

    /// The values below which the given rising shares of all weight lie.
    pub fn quantiles<const N: usize>(&self, shares: [f32; N]) -> [f32; N] {
        let mut found = [self.lowest; N];
        let (mut below, mut at) = (0.0, 0);
        for (step, count) in self.counts.iter().enumerate() {
            while at < N && below + count >= shares[at] * self.total && *count > 0.0 {
                let inside = ((shares[at] * self.total - below) / count).clamp(0.0, 1.0);
                found[at] = self.lowest + self.step * (step as f32 + inside);
                at += 1;
            }
            below += count;
            if at == N {
                break;
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_on_the_grid_is_the_same_line_each_second() {
        let seconds: Vec<f32> = (0..40).map(|s| 100.0 + s as f32).collect();
        let (mut points, mut back) = (Vec::new(), Vec::new());
        coarse(&seconds, &mut points);
        each_second(&points, 40, &mut back);
        assert_eq!(back.len(), 40);
        for (at, value) in back.iter().enumerate().skip(2).take(36) {
            assert!((value - seconds[at]).abs() < 0.01, "{at}: {value}");
        }
        for seconds in 0..9 {
            each_second(&points, seconds, &mut back);
            assert_eq!(back.len(), seconds);
        }
    }

    #[test]
    fn quantiles_come_from_the_weights() {
        let mut levels = Levels::of_rates();
        for bpm in 100..200 {
            levels.add(bpm as f32 + 0.5, 1.0);
        }
        let [low, middle, high] = levels.quantiles([0.1, 0.5, 0.9]);
        assert!((low - 110.0).abs() < 2.0 && (middle - 150.0).abs() < 2.0, "{low} {middle}");
        assert!((high - 190.0).abs() < 2.0, "{high}");
    }
}
