//! What the guideline recommends at a level, for each of two roles.
//!
//! Both codes of a role are shown and none is picked: the choice weighs trend, stage of labour,
//! background risk and what the place can do (sheet, section 1.7).

use super::JsogLevel;

/// What to do, as the guideline grades it; the words depend on the role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Routine observation.
    A,
    /// Closer monitoring, conservative measures, look for the cause; a midwife reports.
    B,
    /// Conservative measures and prepare expedited delivery; a midwife asks the physician.
    C,
    /// Carry out expedited delivery, prepare neonatal resuscitation.
    D,
}

/// Whom an action is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// A physician.
    Physician,
    /// A midwife.
    Midwife,
}

/// The actions of a level by role; the two of a pair are equal where there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actions {
    /// For a physician.
    pub physician: (Action, Action),
    /// For a midwife.
    pub midwife: (Action, Action),
}

impl Actions {
    /// The codes for a role, the milder first; one or two.
    pub fn of(self, role: Role) -> impl Iterator<Item = Action> {
        let (milder, graver) = match role {
            Role::Physician => self.physician,
            Role::Midwife => self.midwife,
        };
        core::iter::once(milder).chain((graver != milder).then_some(graver))
    }
}

impl JsogLevel {
    /// What the guideline names for a physician and for a midwife, the milder first; both are
    /// shown, and people choose. Confirmed for physicians from level 3 on, else unconfirmed.
    #[must_use]
    pub const fn actions(self) -> Actions {
        use Action::{A, B, C, D};
        match self {
            Self::One => Actions { physician: (A, A), midwife: (A, A) },
            Self::Two => Actions { physician: (A, B), midwife: (B, B) },
            Self::Three => Actions { physician: (B, C), midwife: (B, C) },
            Self::Four => Actions { physician: (C, D), midwife: (C, D) },
            Self::Five => Actions { physician: (D, D), midwife: (D, D) },
        }
    }
}

impl Role {
    /// Every role, in the order in which they are shown.
    pub const ALL: [Self; 2] = [Self::Physician, Self::Midwife];

    /// A stable English word for files and queries.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Physician => "physician",
            Self::Midwife => "midwife",
        }
    }

    /// Its Japanese name.
    #[must_use]
    pub const fn ja(self) -> &'static str {
        match self {
            Self::Physician => "医師",
            Self::Midwife => "助産師",
        }
    }

    /// Its English name.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::Physician => "Doctor",
            Self::Midwife => "Midwife",
        }
    }
}

impl Action {
    /// Every action, rising.
    pub const ALL: [Self; 4] = [Self::A, Self::B, Self::C, Self::D];

    /// Its letter.
    #[must_use]
    pub const fn letter(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
        }
    }

    /// What it asks of a role, in Japanese.
    #[must_use]
    pub const fn ja(self, role: Role) -> &'static str {
        match (self, role) {
            (Self::A, _) => "経過観察",
            (Self::B, Role::Physician) => "監視の強化、保存的処置の施行および原因検索",
            (Self::B, Role::Midwife) => "連続監視、医師に報告する",
            (Self::C, Role::Physician) => "保存的処置の施行および原因検索、急速遂娩の準備",
            (Self::C, Role::Midwife) => "連続監視、医師の立ち会いを要請、急速遂娩の準備",
            (Self::D, _) => "急速遂娩の実行、新生児蘇生の準備",
        }
    }

    /// What it asks of a role, in English.
    #[must_use]
    pub const fn en(self, role: Role) -> &'static str {
        match (self, role) {
            (Self::A, _) => "routine observation",
            (Self::B, Role::Physician) => {
                "closer monitoring, conservative measures, look for the cause"
            }
            (Self::B, Role::Midwife) => "continuous monitoring, report to the doctor",
            (Self::C, Role::Physician) => {
                "conservative measures and search for the cause, prepare expedited delivery"
            }
            (Self::C, Role::Midwife) => {
                "continuous monitoring, ask the doctor to attend, prepare expedited delivery"
            }
            (Self::D, _) => "carry out expedited delivery, prepare neonatal resuscitation",
        }
    }
}
