//! Every number that a definition or a design decides: unit, source, and whether it is
//! confirmed. What is not confirmed is a field here and can be configured.

/// How raw rates are judged.
#[derive(Clone, Debug, PartialEq)]
pub struct SignalSettings {
    /// Rates below are no heart, bpm. Default 50: design value of the sheet, section 3.1.
    pub rate_min_bpm: f32,
    /// Rates above are no heart, bpm. Default 240: as above.
    pub rate_max_bpm: f32,
    /// A step from tick to tick above this is a jump, bpm. Default 25: as above.
    pub jump_bpm: f32,
    /// A piece shorter than this between absences or jumps is an island, s. Default 2.
    pub island_min_s: f32,
    /// A piece off both its neighbours counts from this length on, s. Default 5; the sheet has 3.
    pub sustained_s: f32,
    /// A doubled or halved piece lasts no longer, s. Default 60: longer ones are for a reader.
    pub multiple_max_s: f32,
    /// How far off twice or half a rate may be, share. Default 0.1.
    pub multiple_tolerance: f32,
    /// How far from its neighbours a doubled or halved piece may lie, s. Default 10.
    pub multiple_gap_max_s: f32,
}

impl Default for SignalSettings {
    fn default() -> Self {
        Self {
            rate_min_bpm: 50.0,
            rate_max_bpm: 240.0,
            jump_bpm: 25.0,
            island_min_s: 2.0,
            sustained_s: 5.0,
            multiple_max_s: 60.0,
            multiple_tolerance: 0.1,
            multiple_gap_max_s: 10.0,
        }
    }
}

/// How contractions are found. Design values of the sheet, section 2.5.
#[derive(Clone, Debug, PartialEq)]
pub struct ContractionSettings {
    /// Window over which activity is smoothed, s. Default 20.
    pub smooth_s: u32,
    /// Window back over which the resting tone is taken, s. Default 600.
    pub tone_window_s: u32,
    /// Share of that window that lies below the resting tone. Default 0.1.
    pub tone_share: f32,
    /// How far above the resting tone a contraction lies, units or mmHg. Default 10, 10 to 15.
    pub rise: f32,
    /// How long it lies there at least, s. Default 30.
    pub duration_min_s: u32,
    /// Longer is a displaced belt, s. Default 180.
    pub duration_max_s: u32,
    /// Two that are closer are one, s. Default 10.
    pub gap_max_s: u32,
    /// Share of a top by which activity must fall and rise again for two tops to be two
    /// contractions, 0 to 1; design. Default 0.4.
    pub valley_share_min: f32,
}

impl Default for ContractionSettings {
    fn default() -> Self {
        Self {
            smooth_s: 20,
            tone_window_s: 600,
            tone_share: 0.1,
            rise: 10.0,
            duration_min_s: 30,
            duration_max_s: 180,
            gap_max_s: 10,
            valley_share_min: 0.4,
        }
    }
}

/// When two channels show one heart. Design values of the sheet, section 2.9.
#[derive(Clone, Debug, PartialEq)]
pub struct CoincidenceSettings {
    /// Largest distance of the two rates, bpm. Default 5.
    pub distance_bpm: f32,
    /// Share of the window in which they are that close. Default 0.6.
    pub share_min: f32,
    /// The window, s. Default 60.
    pub window_s: u32,
    /// Least correlation of the two courses, without their trend. Default 0.8.
    pub correlation_min: f32,
    /// Rates this close on average coincide whatever their correlation, bpm. Default 1: two
    /// flat lines have none.
    pub identical_bpm: f32,
}

impl Default for CoincidenceSettings {
    fn default() -> Self {
        Self {
            distance_bpm: 5.0,
            share_min: 0.6,
            window_s: 60,
            correlation_min: 0.8,
            identical_bpm: 1.0,
        }
    }
}

/// When a rate swings as a sine does.
#[derive(Clone, Debug, PartialEq)]
pub struct SinusoidalSettings {
    /// Fewest and most swings in a minute. Default 2 to 6: confirmed, sheet section 1.4.
    pub cycles_per_minute: (f32, f32),
    /// Least and most mean height of a swing from bottom to top, bpm. Default 5 to 15:
    /// confirmed that the mean is 5 to 15, unconfirmed that it is counted from bottom to top.
    pub height_mean_bpm: (f32, f32),
    /// Most height of one swing, bpm. Default 35: confirmed.
    pub height_max_bpm: f32,
    /// Largest spread of the lengths of swings, share of their mean. Default 0.25: design.
    pub length_spread_max: f32,
    /// Largest spread of the heights of swings, share of their mean. Default 0.25: design.
    pub height_spread_max: f32,
    /// Largest fine movement beside the swing, share of its height. Default 0.15: design.
    pub fine_share_max: f32,
    /// How long it lasts to count for a level, min. Default 10: unconfirmed.
    pub minutes_min: u32,
}

impl Default for SinusoidalSettings {
    fn default() -> Self {
        Self {
            cycles_per_minute: (2.0, 6.0),
            height_mean_bpm: (5.0, 15.0),
            height_max_bpm: 35.0,
            length_spread_max: 0.25,
            height_spread_max: 0.25,
            fine_share_max: 0.15,
            minutes_min: 10,
        }
    }
}

/// How the written definitions are applied.
#[derive(Clone, Debug, PartialEq)]
pub struct EventSettings {
    /// Height of an acceleration and depth of a deceleration, bpm. Default 15: confirmed.
    pub height_bpm: f32,
    /// Their shortest duration, s. Default 15: confirmed.
    pub duration_min_s: f32,
    /// Height and duration of an acceleration before [`EventSettings::preterm_weeks`], bpm and
    /// s. Default 10: confirmed.
    pub preterm: f32,
    /// Before so many weeks. Default 32: confirmed.
    pub preterm_weeks: u8,
    /// From here an event is prolonged, s. Default 120: confirmed for accelerations and by
    /// NICHD, unconfirmed for decelerations in Japan.
    pub prolonged_s: f32,
    /// From here it is a change of the baseline, s. Default 600: as above.
    pub baseline_change_s: f32,
    /// A fall that takes less to its first bottom is abrupt, s. Default 30: confirmed.
    pub abrupt_s: f32,
    /// A gradual fall whose nadir lies more than this behind the peak of its contraction is
    /// late, s; one whose nadir lies more than this before it is not early either, and its kind
    /// unknown. Default 15, 10 to 30: design.
    pub late_lag_s: f32,
    /// How far before and behind a nadir the peak of its contraction is looked for, s.
    /// Default 30 and 90: design.
    pub lag_range_s: (f32, f32),
    /// A late deceleration that is shallower counts where so many of the last four
    /// contractions have one. Default 3: design.
    pub shallow_late_of_four: u32,
    /// Shallowest late deceleration, bpm. Default 5: design; Japan names no least depth.
    pub shallow_late_bpm: f32,
    /// Share of an event that may be lost. Default 1/3: design.
    pub lost_max: f32,
    /// A fall that lies so far below the course of half an hour, bpm, and below
    /// [`Self::long_fall_below_bpm`] for [`Self::prolonged_s`], is a long fall: the baseline is
    /// held across it, and it counts however much of it is lost and however long it takes.
    /// Default 30: design; twice the height of a deceleration.
    pub long_fall_bpm: f32,
    /// See there, bpm. Default 110: the lower bound of a normal baseline, confirmed; that a fall
    /// must reach it is design.
    pub long_fall_below_bpm: f32,
}

impl Default for EventSettings {
    fn default() -> Self {
        Self {
            height_bpm: 15.0,
            duration_min_s: 15.0,
            preterm: 10.0,
            preterm_weeks: 32,
            prolonged_s: 120.0,
            baseline_change_s: 600.0,
            abrupt_s: 30.0,
            late_lag_s: 15.0,
            lag_range_s: (30.0, 90.0),
            shallow_late_of_four: 3,
            shallow_late_bpm: 5.0,
            lost_max: 1.0 / 3.0,
            long_fall_bpm: 30.0,
            long_fall_below_bpm: 110.0,
        }
    }
}

/// How the baseline is taken.
#[derive(Clone, Debug, PartialEq)]
pub struct BaselineSettings {
    /// Window of the mean that is shown, s. Default 600: the window of the definition.
    pub window_s: usize,
    /// Usable signal that it needs in a window, s. Default 120: confirmed, need not be
    /// contiguous.
    pub usable_min_s: f32,
    /// Distance from the course of five minutes at which a rate counts half, bpm. Default 10:
    /// design.
    pub distance_bpm: f32,
    /// The baseline of a window that differs so much inside it is not determined, bpm.
    /// Default 26: confirmed.
    pub range_undetermined_bpm: f32,
    /// Minutes of a window whose band must be known for its variability. Default 2: design.
    pub minutes_min: usize,
    /// A band below this is not visible, bpm. Default 2: unconfirmed; the guideline says
    /// "undetectable" and names no number.
    pub absent_below_bpm: f32,
    /// Up to here, rounded, variability is decreased, bpm. Default 5: confirmed.
    pub decreased_to_bpm: f32,
    /// From here, rounded, it is increased, bpm. Default 26: confirmed.
    pub increased_from_bpm: f32,
}

impl Default for BaselineSettings {
    fn default() -> Self {
        Self {
            window_s: 600,
            usable_min_s: 120.0,
            distance_bpm: 10.0,
            range_undetermined_bpm: 26.0,
            minutes_min: 2,
            absent_below_bpm: 2.0,
            decreased_to_bpm: 5.0,
            increased_from_bpm: 26.0,
        }
    }
}

/// Everything the engine is told once.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How raw rates are judged.
    pub signal: SignalSettings,
    /// When two channels show one heart.
    pub coincidence: CoincidenceSettings,
    /// How contractions are found.
    pub contraction: ContractionSettings,
    /// How the baseline is taken.
    pub baseline: BaselineSettings,
    /// How the written definitions are applied.
    pub event: EventSettings,
    /// When a rate swings as a sine does.
    pub sinusoidal: SinusoidalSettings,
    /// How windows are graded.
    pub grading: crate::grading_settings::GradingSettings,
    /// The Japanese table.
    pub table: crate::jsog::JsogTable,
    /// What readers of the profile `expert` would mark.
    pub experts: crate::expert::Experts,
}

impl Settings {
    /// Defaults throughout, with the given readers.
    #[must_use]
    pub fn with_experts(experts: crate::expert::Experts) -> Self {
        Self {
            signal: SignalSettings::default(),
            coincidence: CoincidenceSettings::default(),
            contraction: ContractionSettings::default(),
            baseline: BaselineSettings::default(),
            event: EventSettings::default(),
            sinusoidal: SinusoidalSettings::default(),
            grading: crate::grading_settings::GradingSettings::default(),
            table: crate::jsog::JsogTable::shipped(),
            experts,
        }
    }
}

impl Default for Settings {
    /// What this version ships.
    fn default() -> Self {
        Self::with_experts(crate::expert::Experts::shipped())
    }
}
