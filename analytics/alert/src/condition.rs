//! What may be wrong, of whom, and who finds it.
//!
//! A condition says that something holds or is over. It carries no number to compute with:
//! thresholds belong to whoever found it, and value and limit are here as a text to show.
//!
//! Not every finding is a condition of its own. The sinusoidal pattern, a prolonged
//! deceleration and "not classifiable" are the reasons of a level, of a bradycardia or of a
//! poor signal, and those alarm: one trouble, one alarm.

use vitals::{BridgeId, DeviceId, EpisodeId, WallTime};

use crate::text::Detail;

/// What kind of trouble it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Of a body: what the strip shows.
    Physiological,
    /// Of the way on which the strip is measured, carried and read.
    Technical,
}

/// Who finds it, and so who may say that it is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// Whoever carries the strip, and never looks at a value.
    Link,
    /// Whoever reads the strip.
    Analysis,
}

/// Of what there is one alarm of a kind at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// The whole region.
    Region,
    /// A bed.
    Bed,
    /// A fetus of a bed.
    Fetus,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $word:literal, $class:ident, $source:ident, $scope:ident;)+) => {
        /// What is wrong.
        ///
        /// Closed: a new source brings a line here and a row in the table of rules, and neither
        /// compiles or loads without the other.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Kind {
            $($(#[$doc])* $name = $code,)+
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// A stable number for files and the wire; never 0.
            #[must_use]
            pub const fn code(self) -> u8 {
                self as u8
            }

            /// The kind of a number; `None` for one that is not listed.
            #[must_use]
            pub const fn from_code(code: u8) -> Option<Self> {
                match code {
                    $($code => Some(Self::$name),)+
                    _ => None,
                }
            }

            /// A stable English word for tables, files and queries.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)+
                }
            }

            /// Whether it is of a body or of the way of the strip.
            #[must_use]
            pub const fn class(self) -> Class {
                match self {
                    $(Self::$name => Class::$class,)+
                }
            }

            /// Who finds it.
            #[must_use]
            pub const fn source(self) -> Source {
                match self {
                    $(Self::$name => Source::$source,)+
                }
            }

            /// Of what there is one alarm of this kind at most.
            #[must_use]
            pub const fn scope(self) -> Scope {
                match self {
                    $(Self::$name => Scope::$scope,)+
                }
            }
        }
    };
}

kinds! {
    /// The shown level is 5.
    Level5 = 1, "level-5", Physiological, Analysis, Fetus;
    /// The baseline has been below 80 bpm for 3 min.
    SevereBradycardia = 2, "severe-bradycardia", Physiological, Analysis, Fetus;
    /// The shown level is 4.
    Level4 = 3, "level-4", Physiological, Analysis, Fetus;
    /// The shown level is 3.
    Level3 = 4, "level-3", Physiological, Analysis, Fetus;
    /// The rate has been below 110 bpm for 60 s.
    Bradycardia = 5, "bradycardia", Physiological, Analysis, Fetus;
    /// The rate has been above 160 bpm for 10 min.
    Tachycardia = 6, "tachycardia", Physiological, Analysis, Fetus;
    /// Too many contractions over 30 min.
    Tachysystole = 7, "tachysystole", Physiological, Analysis, Bed;
    /// The fetal channel shows the mother's rate: the strip may not be of the fetus.
    MaternalCoincidence = 8, "maternal-coincidence", Physiological, Analysis, Fetus;
    /// The fetal channel shows twice the mother's rate.
    MaternalDoubled = 9, "maternal-doubled", Physiological, Analysis, Fetus;
    /// Both fetal channels show the same rate.
    TwinsCoincide = 10, "twins-coincide", Physiological, Analysis, Bed;
    /// The channel of a fetus has no signal.
    SignalLost = 11, "signal-lost", Technical, Analysis, Fetus;
    /// Too much of the signal is lost to read it well.
    SignalPoor = 12, "signal-poor", Technical, Analysis, Fetus;
    /// The bridge is not connected.
    LinkLost = 13, "link-lost", Technical, Link, Bed;
    /// The bridge is connected, and sends nothing of this device.
    Silent = 14, "silent", Technical, Link, Bed;
    /// The device reports a fault of its own.
    DeviceFault = 15, "device-fault", Technical, Link, Bed;
    /// Nobody reads the strips: levels and findings stand still.
    AnalysisAbsent = 16, "analysis-absent", Technical, Link, Region;
}

impl Kind {
    /// The kind of a word; `None` for one that is not listed.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.word() == word)
    }

    /// Kinds of which this is the graver form: who has seen this has seen them.
    #[must_use]
    pub const fn covers(self) -> &'static [Self] {
        match self {
            Self::Level5 => &[Self::Level4, Self::Level3],
            Self::Level4 => &[Self::Level3],
            Self::SevereBradycardia => &[Self::Bradycardia],
            _ => &[],
        }
    }

    /// How many alarms of one bed are open at most: one of each kind and subject.
    pub(crate) const OPEN_PER_BED: usize = Self::count(Scope::Bed) + 2 * Self::count(Scope::Fetus);

    /// How many of the region are.
    pub(crate) const OPEN_OF_REGION: usize = Self::count(Scope::Region);

    const fn count(scope: Scope) -> usize {
        let (mut at, mut count) = (0, 0);
        while at < Self::ALL.len() {
            if Self::ALL[at].scope() as u8 == scope as u8 {
                count += 1;
            }
            at += 1;
        }
        count
    }
}

/// A bed, by the monitor that stands at it.
///
/// The names under which the region enrolled bridge and device: unlike the number of a track
/// they survive a restart, and an alarm must not come back at another bed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bed {
    /// The bridge.
    pub bridge: BridgeId,
    /// The device on it.
    pub device: DeviceId,
}

/// Which fetus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fetus {
    /// The only one, or the first of twins.
    First = 1,
    /// The second of twins.
    Second = 2,
}

/// Of whom or what something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// Of the whole region.
    Region,
    /// Of a bed.
    Bed(Bed),
    /// Of a fetus of a bed.
    Fetus(Bed, Fetus),
}

impl Subject {
    /// Of what it is.
    #[must_use]
    pub const fn scope(self) -> Scope {
        match self {
            Self::Region => Scope::Region,
            Self::Bed(_) => Scope::Bed,
            Self::Fetus(..) => Scope::Fetus,
        }
    }

    /// Its bed; `None` for the region.
    #[must_use]
    pub const fn bed(self) -> Option<Bed> {
        match self {
            Self::Region => None,
            Self::Bed(bed) | Self::Fetus(bed, _) => Some(bed),
        }
    }
}

/// Something that holds, or is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    kind: Kind,
    subject: Subject,
    /// Whether it holds.
    pub is_active: bool,
    /// When this state began, by the region's clock. A time that is still to come counts as now.
    pub since: WallTime,
    /// Whose monitoring it is of; `None` for what belongs to the bed whoever lies in it.
    pub episode: Option<EpisodeId>,
    /// Value and limit, to show.
    pub detail: Option<Detail>,
}

impl Condition {
    /// A condition that holds since a time.
    ///
    /// # Errors
    ///
    /// [`WrongSubject`] where the kind is of something else, as a link of a fetus.
    pub fn new(kind: Kind, subject: Subject, since: WallTime) -> Result<Self, WrongSubject> {
        if kind.scope() != subject.scope() {
            return Err(WrongSubject { kind, scope: subject.scope() });
        }
        Ok(Self { kind, subject, is_active: true, since, episode: None, detail: None })
    }

    /// The same, over since a time.
    #[must_use]
    pub fn over(mut self, since: WallTime) -> Self {
        self.is_active = false;
        self.since = since;
        self
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Of whom or what.
    #[must_use]
    pub const fn subject(&self) -> Subject {
        self.subject
    }
}

/// A kind was said of something that it is not of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongSubject {
    /// The kind.
    pub kind: Kind,
    /// Of what it was said.
    pub scope: Scope,
}

impl core::fmt::Display for WrongSubject {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let (word, scope) = (self.kind.word(), self.kind.scope());
        write!(f, "\"{word}\" is said of a {scope:?}, and was said of a {:?}", self.scope)
    }
}

impl core::error::Error for WrongSubject {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_words_name_one_kind_each() {
        for &kind in Kind::ALL {
            assert_eq!(Kind::from_code(kind.code()), Some(kind));
            assert_eq!(Kind::from_word(kind.word()), Some(kind));
        }
        assert_eq!(Kind::from_code(0), None);
        assert_eq!(Kind::from_word("level-6"), None);
    }

    #[test]
    fn a_link_has_no_fetus_and_a_level_no_region() {
        let bed = Bed {
            bridge: BridgeId::new("clinic").unwrap(),
            device: DeviceId::new("bed-1").unwrap(),
        };
        let of_fetus = Subject::Fetus(bed, Fetus::First);
        let refused = Condition::new(Kind::LinkLost, of_fetus, WallTime(0)).unwrap_err();
        assert_eq!(refused.to_string(), "\"link-lost\" is said of a Bed, and was said of a Fetus");
        assert!(Condition::new(Kind::Level5, Subject::Region, WallTime(0)).is_err());
        assert!(Condition::new(Kind::Level5, of_fetus, WallTime(0)).is_ok());
    }

    #[test]
    fn the_graver_form_of_a_kind_is_of_the_same_subject() {
        for &kind in Kind::ALL {
            assert!(kind.covers().iter().all(|lesser| lesser.scope() == kind.scope()));
        }
    }
}
