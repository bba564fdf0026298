//! Strips of findings, put together by hand: no rate is read here.

use ctg::assessment::assess;
use ctg::finding::{DecelerationKind, Profiles};
use ctg::grading_settings::GradingSettings;
use ctg::jsog::{JsogTable, severity};
use ctg::tick::{TICKS_PER_MINUTE, TICKS_PER_SECOND};
use ctg::{
    Acceleration, Assessment, BaselineLevel, Case, Contraction, Deceleration, Determined, Extent,
    Minute, Past, Span, Variability, VariabilityGrade, Window,
};

/// A strip that ends now; its last ten minutes are the window.
#[derive(Clone, Debug)]
pub struct Hand {
    pub baseline: Determined<BaselineLevel>,
    pub variability: Determined<Variability>,
    pub minutes: Vec<Minute>,
    pub is_sinusoidal: bool,
    pub lost: f32,
    pub has_activity: bool,
    pub falls: Vec<Deceleration>,
    pub rises: Vec<Acceleration>,
    pub contractions: Vec<Contraction>,
    pub case: Case,
    pub settings: GradingSettings,
}

/// Length of the window, minutes.
pub const WINDOW: u32 = 10;

impl Hand {
    /// A strip of so many minutes in which everything is normal and nothing happens.
    pub fn normal(minutes: u32) -> Self {
        let minute =
            Minute { bandwidth_bpm: Some(12.0), baseline_bpm: Some(140.0), ..Minute::default() };
        Self {
            baseline: Determined::Here(BaselineLevel::from_raw(140.0)),
            variability: Determined::Here(Variability {
                bandwidth_bpm: 12.0,
                grade: VariabilityGrade::Normal,
            }),
            minutes: vec![minute; minutes as usize],
            is_sinusoidal: false,
            lost: 0.0,
            has_activity: true,
            falls: Vec::new(),
            rises: Vec::new(),
            contractions: Vec::new(),
            case: Case::default(),
            settings: GradingSettings::default(),
        }
    }

    /// With this baseline before rounding, bpm.
    pub fn baseline(mut self, raw_bpm: f32) -> Self {
        self.baseline = Determined::Here(BaselineLevel::from_raw(raw_bpm));
        self
    }

    /// With this bandwidth in the window and in its newest minutes, so many, bpm.
    pub fn band(mut self, bandwidth_bpm: f32, newest: usize) -> Self {
        let grade = match bandwidth_bpm.round() {
            _ if bandwidth_bpm < 2.0 => VariabilityGrade::Absent,
            ..=5.0 => VariabilityGrade::Decreased,
            ..=25.0 => VariabilityGrade::Normal,
            _ => VariabilityGrade::Increased,
        };
        self.variability = Determined::Here(Variability { bandwidth_bpm, grade });
        let from = self.minutes.len() - newest;
        self.minutes[from..].iter_mut().for_each(|it| it.bandwidth_bpm = Some(bandwidth_bpm));
        self
    }

    /// With a contraction of 60 s whose peak is at each of these minutes.
    pub fn contractions(mut self, peaks: impl IntoIterator<Item = f32>) -> Self {
        self.contractions.extend(peaks.into_iter().map(|minute| {
            let peak = tick(minute);
            let half = 30 * TICKS_PER_SECOND;
            let span = Span { start: peak.saturating_sub(half), end: peak + half };
            Contraction { span, peak, height: 40.0 }
        }));
        self
    }

    /// With this fall at each of these minutes, where its nadir is.
    pub fn falls(mut self, fall: Fall, nadirs: impl IntoIterator<Item = f32>) -> Self {
        self.falls.extend(nadirs.into_iter().map(|minute| fall.at(tick(minute), &self.settings)));
        self.falls.sort_by_key(|one| one.span.start);
        self
    }

    /// With an acceleration of 20 s at each of these minutes.
    pub fn rises(mut self, peaks: impl IntoIterator<Item = f32>) -> Self {
        self.rises.extend(peaks.into_iter().map(|minute| {
            let peak = tick(minute);
            let half = 10 * TICKS_PER_SECOND;
            Acceleration {
                span: Span { start: peak.saturating_sub(half), end: peak + half },
                peak,
                peak_bpm: 160.0,
                height_bpm: 20.0,
                is_prolonged: false,
                profiles: Profiles { definition: true, expert: true },
                likelihood: 1.0,
            }
        }));
        self
    }

    /// The assessment of the last ten minutes, or of what there is.
    pub fn assess(&self) -> Assessment {
        let end = self.minutes.len() as u32 * TICKS_PER_MINUTE;
        let span = Span { start: end.saturating_sub(WINDOW * TICKS_PER_MINUTE), end };
        let (falls, rises, contractions): (Vec<_>, Vec<_>, Vec<_>) = (
            within(&self.falls, span, |one| one.span),
            within(&self.rises, span, |one| one.span),
            within(&self.contractions, span, |one| one.span),
        );
        let window = Window {
            span,
            baseline: self.baseline,
            variability: self.variability,
            is_sinusoidal: self.is_sinusoidal,
            stv_ms: None,
            ltv_ms: None,
            lost: self.lost,
            has_uterine_activity: self.has_activity,
            accelerations: &rises,
            decelerations: &falls,
            contractions: &contractions,
        };
        let past = Past {
            minutes: &self.minutes,
            decelerations: &self.falls,
            contractions: &self.contractions,
            accelerations: &self.rises,
        };
        let table = JsogTable::shipped();
        assess(&window, &past, &self.case, Extent::Rolling, &self.settings, &table)
    }
}

/// A fall in a few words.
#[derive(Clone, Copy, Debug)]
pub struct Fall {
    pub kind: DecelerationKind,
    pub depth_bpm: f32,
    pub seconds: f32,
    /// From the start to the nadir, s.
    pub fall_s: f32,
    /// From the onset of its contraction to its own start, s.
    pub onset_s: Option<f32>,
    /// From the peak of its contraction to the nadir, s.
    pub lag_s: Option<f32>,
}

impl Fall {
    /// Abrupt, 40 bpm, 40 s.
    pub const VARIABLE: Self = Self {
        kind: DecelerationKind::Variable,
        depth_bpm: 40.0,
        seconds: 40.0,
        fall_s: 10.0,
        onset_s: None,
        lag_s: None,
    };
    /// Gradual, 20 bpm, 80 s, 40 s behind its contraction.
    pub const LATE: Self = Self {
        kind: DecelerationKind::Late,
        depth_bpm: 20.0,
        seconds: 80.0,
        fall_s: 40.0,
        onset_s: Some(30.0),
        lag_s: Some(40.0),
    };
    /// Gradual, 20 bpm, 70 s, with its contraction.
    pub const EARLY: Self = Self {
        kind: DecelerationKind::Early,
        depth_bpm: 20.0,
        seconds: 70.0,
        fall_s: 35.0,
        onset_s: Some(0.0),
        lag_s: Some(5.0),
    };
    /// Gradual, and no contraction to compare it with.
    pub const UNKNOWN: Self =
        Self { kind: DecelerationKind::Unknown, onset_s: None, lag_s: None, ..Self::LATE };
    /// Abrupt, 40 bpm, 150 s.
    pub const PROLONGED: Self =
        Self { kind: DecelerationKind::Prolonged, seconds: 150.0, ..Self::VARIABLE };

    fn at(self, nadir: u32, settings: &GradingSettings) -> Deceleration {
        let ticks = |seconds: f32| (seconds * TICKS_PER_SECOND as f32) as u32;
        let start = nadir.saturating_sub(ticks(self.fall_s));
        let span = Span { start, end: start + ticks(self.seconds) };
        let contraction = self.onset_s.map(|onset_s| {
            let start = span.start.saturating_sub(ticks(onset_s));
            Span { start, end: start + 60 * TICKS_PER_SECOND }
        });
        let nadir_bpm = 140.0 - self.depth_bpm;
        Deceleration {
            span,
            nadir,
            nadir_bpm,
            depth_bpm: self.depth_bpm,
            fall_s: self.fall_s,
            area_bpm_s: 0.0,
            lost: 0.0,
            kind: self.kind,
            severity: severity(self.kind, nadir_bpm, self.depth_bpm, self.seconds, settings),
            contraction,
            lag_s: self.lag_s,
            profiles: Profiles { definition: true, expert: true },
            likelihood: 1.0,
        }
    }
}

/// The tick of a minute.
pub fn tick(minute: f32) -> u32 {
    (minute * TICKS_PER_MINUTE as f32) as u32
}

/// Every so many minutes from the first to before the last.
pub fn every(step: f32, first: f32, last: f32) -> impl Iterator<Item = f32> + Clone {
    (0..).map(move |at| first + step * at as f32).take_while(move |minute| *minute < last)
}

fn within<T: Copy>(all: &[T], window: Span, span: impl Fn(&T) -> Span) -> Vec<T> {
    all.iter().filter(|one| span(one).overlap(window) > 0).copied().collect()
}
