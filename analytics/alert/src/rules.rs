//! What a kind of alarm is like: its priority, when it is raised, whether it stays, and whom it
//! calls after whom.
//!
//! One table, keyed by kind, read from a versioned text (`tables/alarms-1.txt`). A site that
//! wants it otherwise edits a copy: version, hash and reviewers then say that it did. Bounds are
//! checked when the table is read, so that no edit can quietly unmake a high alarm.

mod asset;

use core::fmt;

use crate::condition::Kind;

/// How soon somebody has to respond, rising.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// To be aware of.
    Low = 1,
    /// Soon.
    Medium = 2,
    /// At once.
    High = 3,
}

impl Priority {
    /// Every priority, rising.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// A stable English word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// Who is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The midwife in charge.
    Midwife = 1,
    /// The doctor of the facility.
    FacilityDoctor = 2,
    /// The obstetrician of the perinatal centre.
    CentreObstetrician = 3,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Midwife, Self::FacilityDoctor, Self::CentreObstetrician];

    /// A stable English word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Midwife => "midwife",
            Self::FacilityDoctor => "facility-doctor",
            Self::CentreObstetrician => "centre-obstetrician",
        }
    }
}

/// What becomes of an alarm whose condition is over before anybody acknowledged it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Latch {
    /// It is over as well.
    None,
    /// It stays until somebody acknowledges it.
    UntilAcknowledged,
}

/// What an acknowledgement must come with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nothing more.
    Any,
    /// A reason in words.
    Reason,
}

/// A priority that rises with time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promotion {
    /// To what.
    pub to: Priority,
    /// After how long, s.
    pub after_s: u32,
    /// As long as what.
    pub during: During,
}

/// What a promotion waits through, and so from where its time counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum During {
    /// Nobody has acknowledged the alarm since it was raised. Whether the condition still
    /// holds plays no part: nobody has looked.
    Unacknowledged,
    /// The condition has held without a break since it began. It then is another, graver one:
    /// an acknowledgement of the lesser does not count for it.
    Holding,
}

/// Where a row comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The product's design of alarms.
    AlarmDesign,
    /// The product's design of signal quality and coincidence.
    SignalDesign,
    /// Neither says it; added with the table.
    Added,
}

impl Origin {
    /// What a page that explains an alarm says, in English.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::AlarmDesign => "design of alarms, unconfirmed",
            Self::SignalDesign => "design of signal quality, unconfirmed",
            Self::Added => "added to the design, unconfirmed",
        }
    }

    /// What it says in Japanese.
    #[must_use]
    pub const fn ja(self) -> &'static str {
        match self {
            Self::AlarmDesign => "アラーム設計（未確認）",
            Self::SignalDesign => "信号品質の設計（未確認）",
            Self::Added => "設計への追加（未確認）",
        }
    }
}

/// One row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Of which kind.
    pub kind: Kind,
    /// With which priority it is raised.
    pub priority: Priority,
    /// How long the condition holds until it is raised, s; counted from when it began, not from
    /// when it was heard of. 0 to 300; of a high alarm 0 to 15. Shorter cries wolf, longer is late.
    pub delay_s: u32,
    /// Whether it outlives its condition. A high alarm does.
    pub latch: Latch,
    /// What acknowledging it asks for.
    pub answer: Answer,
    /// How its priority rises; after 10 to 3,600 s.
    pub promotion: Option<Promotion>,
    /// After how long without acknowledgement the next role is called, s: 15 to 3,600. A high
    /// alarm has one.
    pub escalate_s: Option<u32>,
    /// It is news once in each block of so many seconds, 60 to 3,600, and is read as a digest;
    /// 600 are the clock's ten minutes. Only for low alarms.
    pub once_per_s: Option<u32>,
    /// Where the row comes from.
    pub origin: Origin,
}

/// Who has reviewed a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reviewers {
    /// Nobody yet: screens say so.
    None,
    /// Two named clinicians.
    Signed(String, String),
}

impl Reviewers {
    /// What screens say, in English.
    #[must_use]
    pub const fn en(&self) -> &'static str {
        match self {
            Self::None => "alarm rules: not reviewed (for reference)",
            Self::Signed(..) => "alarm rules: reviewed",
        }
    }

    /// What screens say, in Japanese.
    #[must_use]
    pub const fn ja(&self) -> &'static str {
        match self {
            Self::None => "アラーム規則：未監修（参考）",
            Self::Signed(..) => "アラーム規則：監修済み",
        }
    }
}

/// Which table it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its version, as `alarms-1`.
    pub version: String,
    /// SHA-256 of its text.
    pub sha256: [u8; 32],
    /// Who has reviewed it.
    pub reviewers: Reviewers,
}

/// The whole table.
///
/// # Invariants
///
/// One row for each kind; every number within its bound; the chain of roles names each once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    identity: Identity,
    /// By rising kind.
    rules: Vec<Rule>,
    chain: Vec<Role>,
    pause_max_s: u32,
}

impl Rules {
    /// The table of this version.
    #[must_use]
    pub fn shipped() -> Self {
        Self::parse(include_str!("../tables/alarms-1.txt"), asset::SHA256)
            .expect("a test keeps the shipped table readable")
    }

    /// Reads another table; `sha256` is that of its text.
    ///
    /// # Errors
    ///
    /// [`RulesError`] for anything missing, doubled, unknown or out of bounds.
    pub fn parse(text: &str, sha256: [u8; 32]) -> Result<Self, RulesError> {
        asset::parse(text, sha256)
    }

    /// Which table it is.
    #[must_use]
    pub const fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The row of a kind.
    #[must_use]
    pub fn of(&self, kind: Kind) -> &Rule {
        let at = self.rules.binary_search_by_key(&kind, |rule| rule.kind);
        &self.rules[at.expect("every kind has a row")]
    }

    /// Who is called, one after the other: one to three roles.
    #[must_use]
    pub fn chain(&self) -> &[Role] {
        &self.chain
    }

    /// The longest pause of a bed's sound, s. Default 120, 10 to 120.
    #[must_use]
    pub const fn pause_max_s(&self) -> u32 {
        self.pause_max_s
    }

    /// The role that is called first.
    #[must_use]
    pub fn first_role(&self) -> Role {
        self.chain[0]
    }

    /// The place of a role in the chain; a role that is not in it stands at the beginning, so
    /// that an alarm restored under another chain calls everybody.
    pub(crate) fn place(&self, role: Role) -> usize {
        self.chain.iter().position(|other| *other == role).unwrap_or(0)
    }
}

/// Why a text is not a table of rules.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RulesError {
    /// A line that is none of the table; lines count from 1.
    Line(usize),
    /// A row, a cell or a setting stands twice; the line of the second.
    Twice(usize),
    /// A kind has no row.
    KindMissing(Kind),
    /// The version, the reviewers, the chain or the longest pause is missing.
    SettingMissing(&'static str),
    /// A number outside its bounds.
    OutOfBounds {
        /// Of which row; `None` for the longest pause.
        kind: Option<Kind>,
        /// Which cell.
        field: &'static str,
        /// What it was, s.
        value: u32,
        /// Least and most, s.
        bounds: (u32, u32),
    },
    /// A row that contradicts itself, or makes less of an alarm than its priority allows.
    Unfit {
        /// Of which row.
        kind: Kind,
        /// What is asked for.
        needs: &'static str,
    },
}

impl fmt::Display for RulesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(f, "line {line} is none of a table of alarm rules"),
            Self::Twice(line) => write!(f, "line {line} says again what was said"),
            Self::KindMissing(kind) => write!(f, "\"{}\" has no row", kind.word()),
            Self::SettingMissing(setting) => write!(f, "\"{setting}\" is missing"),
            Self::OutOfBounds { kind, field, value, bounds: (least, most) } => {
                let of = kind.map_or("the table", Kind::word);
                write!(f, "\"{field}\" of {of} is {value} s; {least} to {most} s are allowed")
            }
            Self::Unfit { kind, needs } => write!(f, "\"{}\" {needs}", kind.word()),
        }
    }
}

impl core::error::Error for RulesError {}
