//! What a person may do.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

/// What a person is here for; decides what she may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A midwife.
    Midwife,
    /// A doctor on the ward or in a clinic.
    Doctor,
    /// An obstetrician of the perinatal centre.
    Obstetrician,
    /// Whoever looks after the installation.
    Administrator,
}

/// Something that a role allows or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// See the beds of the region and their strips.
    Watch,
    /// Give a level to some minutes of a strip, beside the machine's.
    Judge,
    /// Acknowledge alarms, mark them as artefacts, and ask for quiet at a bed.
    Attend,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 4] =
        [Self::Midwife, Self::Doctor, Self::Obstetrician, Self::Administrator];

    /// Whether the role allows it.
    ///
    /// Every role may watch, the administrator too: beds carry no names of persons, and who
    /// installs a bridge at night must see whether its strip arrives. To judge, and to answer
    /// an alarm, is for those who treat.
    #[must_use]
    pub const fn allows(self, permission: Permission) -> bool {
        match (self, permission) {
            (
                Self::Midwife | Self::Doctor | Self::Obstetrician | Self::Administrator,
                Permission::Watch,
            )
            | (
                Self::Midwife | Self::Doctor | Self::Obstetrician,
                Permission::Judge | Permission::Attend,
            ) => true,
            (Self::Administrator, Permission::Judge | Permission::Attend) => false,
        }
    }

    /// The word for it in files and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Midwife => "midwife",
            Self::Doctor => "doctor",
            Self::Obstetrician => "obstetrician",
            Self::Administrator => "administrator",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or(UnknownRole)
    }
}

/// The word names no role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a role is one of midwife, doctor, obstetrician, administrator")]
pub struct UnknownRole;
