//! Two minutes of quiet at one bed.
//!
//! A pause is of the sound of one bed, for as long as the table of rules allows and no longer
//! than 2 min; there is none of several beds, and none without an end. It is on the list for
//! everybody, with who began it. It ends by itself, by hand, when another monitoring begins, and
//! when an alarm of the bed is raised high or becomes so: whoever asked for quiet did not know of
//! that one.
//!
//! What a pause does not do: it hides nothing, acknowledges nothing, and delays no promotion and
//! no escalation. Quiet at a bed says that somebody works there, not that somebody has seen the
//! alarm; if the escalation waited as well, a tap that asks for quiet would keep the doctor from
//! being called without a word about it. Who has seen the alarm acknowledges it, and that does
//! stop the escalation.

use core::fmt;

use vitals::WallTime;

use crate::condition::Bed;
use crate::text::Hand;

/// A pause of the sound of one bed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    /// Of which bed.
    pub bed: Bed,
    /// Who began it, and on which screen.
    pub hand: Hand,
    /// When it began, by the region's clock.
    pub at: WallTime,
    /// When it ends by itself. Moved with the clock where that is set back.
    pub until: WallTime,
}

/// Why a pause is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PauseEnd {
    /// Its time is over.
    Elapsed,
    /// Somebody ended it.
    ByHand(Box<Hand>),
    /// An alarm of the bed was raised high, or became so.
    HighAlarm,
    /// Another monitoring has begun at the bed, or this one has ended.
    OtherEpisode,
}

/// Why a pause was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PauseError {
    /// The bed is paused already; a second one would stretch the first without its being seen.
    Already {
        /// Until when.
        until: WallTime,
    },
    /// It is longer than the rules allow, or 0.
    OutOfBounds {
        /// What was asked for, s.
        asked_s: u32,
        /// What is allowed, s.
        most_s: u32,
    },
    /// There are alarms or pauses at as many beds as fit.
    NoRoom,
}

impl fmt::Display for PauseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Already { .. } => f.write_str("the bed is paused already"),
            Self::OutOfBounds { asked_s, most_s } => {
                write!(f, "a pause of {asked_s} s was asked for; 1 to {most_s} s are allowed")
            }
            Self::NoRoom => f.write_str("there is no room for another bed"),
        }
    }
}

impl core::error::Error for PauseError {}
