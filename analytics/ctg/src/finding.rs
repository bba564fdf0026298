//! What comes out: what the strip shows, each finding with what it rests on.

use crate::tick::Span;

/// Which reading of the strip counts a finding in.
///
/// The guidelines define an acceleration or a deceleration by height and length; a reader with
/// a pencil also marks what falls short of them. One engine finds both, and every finding says
/// to which it belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Profile {
    /// By the written definitions alone; this one grades the levels.
    Definition,
    /// What experts would mark.
    Expert,
}

impl Profile {
    /// A stable English word for files and queries.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Definition => "definition",
            Self::Expert => "expert",
        }
    }
}

/// The profiles that a finding belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Profiles {
    /// See [`Profile::Definition`].
    pub definition: bool,
    /// See [`Profile::Expert`].
    pub expert: bool,
}

impl Profiles {
    /// Whether `profile` counts it in.
    #[must_use]
    pub const fn include(self, profile: Profile) -> bool {
        match profile {
            Profile::Definition => self.definition,
            Profile::Expert => self.expert,
        }
    }
}

/// A rise of the rate above the baseline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Acceleration {
    /// From leaving the baseline to the return.
    pub span: Span,
    /// The tick of the highest rate.
    pub peak: u32,
    /// The highest rate, bpm, smoothed over a second.
    pub peak_bpm: f32,
    /// Its height over the baseline there, bpm.
    pub height_bpm: f32,
    /// Whether it lasts 2 min or more.
    pub is_prolonged: bool,
    /// Who counts it in.
    pub profiles: Profiles,
    /// How sure the engine is that an expert would mark it, 0 to 1.
    pub likelihood: f32,
}

/// A fall of the rate below the baseline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Deceleration {
    /// From leaving the baseline to the return.
    pub span: Span,
    /// The tick of the lowest rate.
    pub nadir: u32,
    /// The lowest rate, bpm, smoothed over a second.
    pub nadir_bpm: f32,
    /// How far that lies below the baseline there, bpm.
    pub depth_bpm: f32,
    /// From the start to the first bottom, s: what tells abrupt from gradual.
    pub fall_s: f32,
    /// Area between baseline and rate, bpm·s.
    pub area_bpm_s: f32,
    /// Share of its ticks without a value, 0 to 1.
    pub lost: f32,
    /// Which kind.
    pub kind: DecelerationKind,
    /// Mild or severe, where the kind has the two.
    pub severity: Option<Severity>,
    /// The contraction it is judged against; `None` where none is near, or none is recorded.
    pub contraction: Option<Span>,
    /// Nadir less the peak of that contraction, s.
    pub lag_s: Option<f32>,
    /// Who counts it in.
    pub profiles: Profiles,
    /// How sure the engine is that an expert would mark it, 0 to 1.
    pub likelihood: f32,
}

/// The kinds of deceleration, in the order of the Japanese table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DecelerationKind {
    /// Gradual, and its nadir coincides with the peak of a contraction.
    Early,
    /// Abrupt: less than 30 s to the first bottom.
    Variable,
    /// Gradual, and behind its contraction.
    Late,
    /// 2 min to less than 10 min.
    Prolonged,
    /// Gradual, and no contraction is recorded, or near enough, to tell early from late. It is
    /// graded as late, because missing a late one is the dangerous error.
    Unknown,
}

impl DecelerationKind {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::Early, Self::Variable, Self::Late, Self::Prolonged, Self::Unknown];

    /// A stable English word for files and queries.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Early => "early",
            Self::Variable => "variable",
            Self::Late => "late",
            Self::Prolonged => "prolonged",
            Self::Unknown => "unknown",
        }
    }
}

/// The two degrees of a deceleration in the Japanese table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Not severe.
    Mild,
    /// See the kind.
    Severe,
}

impl Severity {
    /// A stable English word for files and queries.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Mild => "mild",
            Self::Severe => "severe",
        }
    }
}

/// A contraction of the uterus.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contraction {
    /// From rising over the resting tone to the return.
    pub span: Span,
    /// The tick of the highest activity.
    pub peak: u32,
    /// Height of the peak over the resting tone; relative, or mmHg with a catheter.
    pub height: f32,
}

/// A stretch in which the fetal channel shows something that is not, or may not be, the fetus.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Artefact {
    /// Where.
    pub span: Span,
    /// What.
    pub kind: ArtefactKind,
}

/// What can be wrong with a rate that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ArtefactKind {
    /// Twice the true rate.
    Doubled,
    /// Half the true rate.
    Halved,
    /// A few ticks far off their neighbours, or outside what a heart can do.
    Spike,
    /// The fetal channel shows the maternal rate.
    MaternalCoincidence,
    /// The fetal channel shows twice the maternal rate.
    MaternalDoubled,
}

impl ArtefactKind {
    /// A stable English word for files and queries.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Doubled => "doubled",
            Self::Halved => "halved",
            Self::Spike => "spike",
            Self::MaternalCoincidence => "maternal coincidence",
            Self::MaternalDoubled => "maternal doubled",
        }
    }
}
