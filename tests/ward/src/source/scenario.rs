//! The named situations the synthesiser can play.

use std::fmt;
use std::str::FromStr;

/// A situation on the ward, named as staff would name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scenario {
    /// Normal baseline, variability and accelerations; nothing to worry about.
    Reassuring,
    /// Gradual falls that lag each contraction.
    LateDecelerations,
    /// Abrupt falls with shoulders at most contractions.
    VariableDecelerations,
    /// A fall of several minutes now and then, with recovery.
    ProlongedDeceleration,
    /// More than five contractions in ten minutes.
    Tachysystole,
    /// A smooth sine, three to four cycles a minute, without accelerations.
    Sinusoidal,
    /// A band of at most 5 bpm, without accelerations.
    ReducedVariability,
    /// The fetal transducer slips, is unplugged, and is put back.
    TransducerOff,
    /// The fetal transducer finds the mother's pulse for minutes at a time.
    MaternalRateAsFetal,
    /// Two fetuses, each with a heart of its own.
    Twins,
}

impl Scenario {
    /// Every scenario, in the order they are listed to a user.
    pub const ALL: [Self; 10] = [
        Self::Reassuring,
        Self::LateDecelerations,
        Self::VariableDecelerations,
        Self::ProlongedDeceleration,
        Self::Tachysystole,
        Self::Sinusoidal,
        Self::ReducedVariability,
        Self::TransducerOff,
        Self::MaternalRateAsFetal,
        Self::Twins,
    ];

    /// The name on the command line; never changes, scripts hold it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reassuring => "reassuring",
            Self::LateDecelerations => "late-decelerations",
            Self::VariableDecelerations => "variable-decelerations",
            Self::ProlongedDeceleration => "prolonged-deceleration",
            Self::Tachysystole => "tachysystole",
            Self::Sinusoidal => "sinusoidal",
            Self::ReducedVariability => "reduced-variability",
            Self::TransducerOff => "transducer-off",
            Self::MaternalRateAsFetal => "maternal-rate-as-fetal",
            Self::Twins => "twins",
        }
    }

    /// What one sees on the strip, in a sentence.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Reassuring => {
                "Normal baseline and variability, accelerations with movement, contractions every 2 to 4 minutes."
            }
            Self::LateDecelerations => {
                "Gradual falls whose lowest point comes 20 to 40 s after each contraction's peak; little variability."
            }
            Self::VariableDecelerations => {
                "Abrupt deep falls with shoulders at most contractions, varying in depth and shape."
            }
            Self::ProlongedDeceleration => {
                "From the third minute, then about every quarter of an hour: a fall to about 70 bpm for 3 to 5 minutes, with recovery."
            }
            Self::Tachysystole => {
                "A contraction about every 90 s: more than five in ten minutes, on and on."
            }
            Self::Sinusoidal => {
                "A smooth sine of three to four cycles a minute around the baseline, no accelerations."
            }
            Self::ReducedVariability => {
                "A nearly flat line: a band of at most 5 bpm, no accelerations."
            }
            Self::TransducerOff => {
                "Good signal for two minutes, then the fetal transducer slips, is unplugged and is put back; on and on."
            }
            Self::MaternalRateAsFetal => {
                "Every few minutes the fetal transducer finds the mother's pulse; the monitor marks two equal rates."
            }
            Self::Twins => {
                "Two fetal rates, each with its own baseline, accelerations and signal losses."
            }
        }
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Scenario {
    type Err = UnknownScenario;

    fn from_str(name: &str) -> Result<Self, UnknownScenario> {
        Self::ALL
            .into_iter()
            .find(|scenario| scenario.name() == name)
            .ok_or_else(|| UnknownScenario { name: name.to_owned() })
    }
}

/// A name that no scenario has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no scenario \"{name}\"; the scenarios are {}",
    Scenario::ALL.map(Scenario::name).join(", ")
)]
pub struct UnknownScenario {
    /// What was asked for.
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_is_found_by_its_name() {
        for scenario in Scenario::ALL {
            assert_eq!(scenario.name().parse(), Ok(scenario));
        }
    }

    #[test]
    fn a_wrong_name_is_answered_with_the_right_ones() {
        let message = "normal".parse::<Scenario>().unwrap_err().to_string();
        assert!(message.contains("\"normal\"") && message.contains("reassuring"), "{message}");
    }
}
