//! What a grading needs beside the table, as far as it is not confirmed.

/// Limits of the grading; the confirmed ones are constants beside their use.
#[derive(Clone, Debug, PartialEq)]
pub struct GradingSettings {
    /// A late deceleration at least this deep is severe, bpm. Default 15: confirmed.
    pub late_severe_depth_bpm: f32,
    /// A variable one with a nadir below this is severe from the first duration, bpm.
    /// Default 70: unconfirmed.
    pub variable_severe_nadir_bpm: f32,
    /// Its duration, s. Default 30: unconfirmed.
    pub variable_severe_s: f32,
    /// A variable one with a nadir below this is severe from the second duration, bpm.
    /// Default 80: unconfirmed.
    pub variable_low_nadir_bpm: f32,
    /// Its duration, s. Default 60: unconfirmed.
    pub variable_low_s: f32,
    /// A prolonged one with a nadir below this is severe, bpm. Default 80: unconfirmed.
    pub prolonged_severe_nadir_bpm: f32,
    /// Above this share of lost ticks there is no level. Default 0.5: design.
    pub lost_max: f32,
    /// Above this share of lost ticks a level needs care. Default 0.2: design.
    pub lost_caution: f32,
    /// Share of contractions with a deceleration from which NICHD calls it recurrent.
    /// Default 0.5: unconfirmed.
    pub recurrent_share: f32,
    /// Minutes of contractions that NICHD looks at. Default 20: unconfirmed.
    pub recurrent_minutes: u32,
    /// Minutes of sinusoidal pattern from which FIGO calls it pathological. Default 30:
    /// unconfirmed.
    pub figo_sinusoidal_minutes: usize,
    /// Depth from which FIGO counts a late deceleration where variability is reduced and nothing
    /// accelerates, bpm; elsewhere it is more than 15. Default 10: unconfirmed.
    pub figo_shallow_late_bpm: f32,
    /// Above this share of lost ticks a non-stress test is not judged. Default 0.1: as a monitor
    /// in the field does, confirmed for that one.
    pub nst_lost_max: f32,
    /// A strip shorter than this has no level, s. Default 120: two minutes of baseline are
    /// confirmed.
    pub strip_min_s: f32,
}

impl Default for GradingSettings {
    fn default() -> Self {
        Self {
            late_severe_depth_bpm: 15.0,
            variable_severe_nadir_bpm: 70.0,
            variable_severe_s: 30.0,
            variable_low_nadir_bpm: 80.0,
            variable_low_s: 60.0,
            prolonged_severe_nadir_bpm: 80.0,
            lost_max: 0.5,
            lost_caution: 0.2,
            recurrent_share: 0.5,
            recurrent_minutes: 20,
            figo_sinusoidal_minutes: 30,
            figo_shallow_late_bpm: 10.0,
            nst_lost_max: 0.1,
            strip_min_s: 120.0,
        }
    }
}
