//! What a finding is, coarsely enough that it stays so while it is read anew.

use protocol::analysis::FindingKind;

/// What a finding is. A deceleration that turns out to be late, or prolonged, is the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// A contraction of the uterus. First, because decelerations name theirs.
    Contraction,
    /// A rise over the baseline.
    Acceleration,
    /// A fall below it, of whatever kind.
    Deceleration,
    /// The sinusoidal pattern.
    Sinusoidal,
    /// Twice the true rate.
    Doubled,
    /// Half the true rate.
    Halved,
    /// A few ticks far off their neighbours.
    Spike,
    /// The maternal rate.
    MaternalCoincidence,
    /// Twice the maternal rate.
    MaternalDoubled,
}

impl Class {
    /// Every class, in the order in which findings are published.
    pub const ALL: [Self; 9] = [
        Self::Contraction,
        Self::Acceleration,
        Self::Deceleration,
        Self::Sinusoidal,
        Self::Doubled,
        Self::Halved,
        Self::Spike,
        Self::MaternalCoincidence,
        Self::MaternalDoubled,
    ];

    /// How much it is needed once it is final: levels name decelerations, decelerations name
    /// contractions, and nothing names an artefact.
    #[must_use]
    pub const fn weight(self) -> u8 {
        match self {
            Self::Spike
            | Self::Doubled
            | Self::Halved
            | Self::MaternalCoincidence
            | Self::MaternalDoubled => 0,
            Self::Acceleration | Self::Sinusoidal => 1,
            Self::Deceleration => 2,
            Self::Contraction => 3,
        }
    }

    /// The class of a kind.
    #[must_use]
    pub const fn of(kind: FindingKind) -> Self {
        match kind {
            FindingKind::Acceleration => Self::Acceleration,
            FindingKind::DecelerationEarly
            | FindingKind::DecelerationVariable
            | FindingKind::DecelerationLate
            | FindingKind::DecelerationProlonged
            | FindingKind::DecelerationUnknown => Self::Deceleration,
            FindingKind::Contraction => Self::Contraction,
            FindingKind::Doubled => Self::Doubled,
            FindingKind::Halved => Self::Halved,
            FindingKind::Spike => Self::Spike,
            FindingKind::MaternalCoincidence => Self::MaternalCoincidence,
            FindingKind::MaternalDoubled => Self::MaternalDoubled,
            FindingKind::Sinusoidal => Self::Sinusoidal,
        }
    }
}
