//! What a machine is admitted as. Its certificate is good for that and nothing else.

use core::fmt;

use serde::{Deserialize, Serialize};
use vitals::{AnalystId, BridgeId};

/// A machine that the region admits, or admitted.
///
/// A bridge may send blocks and read nothing; an analyst may read strips and publish what it
/// finds, and send no block. Whoever serves a connection asks for the one it serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Machine {
    /// It sends what monitors measure.
    Bridge(BridgeId),
    /// It analyses strips.
    Analyst(AnalystId),
}

/// What kinds of machine there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum MachineRole {
    /// Also where a record says nothing: the first records knew bridges only.
    #[default]
    Bridge,
    Analyst,
}

impl Machine {
    /// Its name among the machines of its kind.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Bridge(bridge) => bridge.as_str(),
            Self::Analyst(analyst) => analyst.as_str(),
        }
    }

    pub(crate) fn role(&self) -> MachineRole {
        match self {
            Self::Bridge(_) => MachineRole::Bridge,
            Self::Analyst(_) => MachineRole::Analyst,
        }
    }

    /// The machine of a record; `None` where the name is none.
    pub(crate) fn of_record(role: MachineRole, name: &str) -> Option<Self> {
        Some(match role {
            MachineRole::Bridge => Self::Bridge(BridgeId::new(name).ok()?),
            MachineRole::Analyst => Self::Analyst(AnalystId::new(name).ok()?),
        })
    }
}

impl From<BridgeId> for Machine {
    fn from(bridge: BridgeId) -> Self {
        Self::Bridge(bridge)
    }
}

impl From<AnalystId> for Machine {
    fn from(analyst: AnalystId) -> Self {
        Self::Analyst(analyst)
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bridge(bridge) => write!(f, "bridge '{bridge}'"),
            Self::Analyst(analyst) => write!(f, "analyst '{analyst}'"),
        }
    }
}
