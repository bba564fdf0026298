//! The configuration file, turned once into real types.
//!
//! `example.toml` beside this file shows every key with its default, bounds and cost.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ctg::{Case, Settings, Uterus};
use program::configuration::{
    ConfigError, ConfigFile, LogLevel, Wrong, host_and_port, within, wrong,
};
use serde::Deserialize;
use vitals::{BridgeId, DeviceId, WallTime};

use crate::analysis::{Options, Shard};
use crate::cases::{Bed, Cases, Day, WEEKS};
use crate::conditions::ConditionSettings;
use crate::stream::Reading;
use crate::strip::StripOptions;

/// How this analysis is set up.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Where the identity is kept.
    pub data: PathBuf,
    /// The region, "host:port".
    pub server: String,
    /// Threads that read strips. Default 1, 1 to 64.
    pub threads: u32,
    /// How much of the past is asked for. Default 20 min, 0 to 240.
    pub history: Duration,
    /// See [`StripOptions::hold`]. Default 30 s, 2 s to 600 s.
    pub hold: Duration,
    /// How often each strip is looked at. Default 25 s, 5 s to 300 s.
    pub look_every_s: u32,
    /// Silence after which a strip is closed. Default 35 min, 5 min to a day.
    pub idle: Duration,
    /// What is known of whom.
    pub cases: Cases,
    /// When something is a condition.
    pub conditions: ConditionSettings,
    /// What is logged. Default "info".
    pub log: String,
}

impl Config {
    /// Reads a configuration file.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] with the file, the line and the key.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        program::configuration::load::<File>(path)
    }

    /// Reads the text of a configuration; `path` is for the message.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] with the file, the line and the key.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        program::configuration::parse::<File>(text, path)
    }

    /// The options of the thread with this index.
    #[must_use]
    pub fn options(&self, index: u32) -> Options {
        Options {
            reading: Reading {
                settings: Arc::new(Settings::default()),
                conditions: self.conditions,
                cases: Arc::new(self.cases.clone()),
            },
            strip: StripOptions { hold: self.hold, ..StripOptions::default() },
            look_every_s: self.look_every_s,
            idle_micros: i64::try_from(self.idle.as_secs()).expect("a day at most")
                * WallTime::MICROS_PER_SECOND,
            shard: Shard { index, of: self.threads },
        }
    }
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    data: PathBuf,
    server: String,
    #[serde(default = "defaults::threads")]
    threads: u32,
    #[serde(default = "defaults::history_minutes")]
    history_minutes: u32,
    #[serde(default = "defaults::hold_seconds")]
    hold_seconds: u32,
    #[serde(default = "defaults::look_every_seconds")]
    look_every_seconds: u32,
    #[serde(default = "defaults::idle_minutes")]
    idle_minutes: u32,
    gestation_weeks: Option<u8>,
    #[serde(default)]
    background_risk: bool,
    #[serde(default)]
    beds: Vec<BedEntry>,
    #[serde(default)]
    log: LogLevel,
    #[serde(default)]
    conditions: Conditions,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BedEntry {
    bridge: String,
    device: Option<String>,
    due: Option<toml::value::Datetime>,
    #[serde(default)]
    background_risk: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Conditions {
    bradycardia_bpm: f32,
    bradycardia_seconds: u32,
    severe_bpm: f32,
    severe_seconds: u32,
    tachycardia_bpm: f32,
    tachysystole: f32,
    lost_seconds: u32,
    coincidence_seconds: u32,
    coincidence_long_seconds: u32,
    poor: f32,
    poor_over: f32,
    level_seconds: u32,
    over_seconds: u32,
}

impl Default for Conditions {
    fn default() -> Self {
        let default = ConditionSettings::default();
        Self {
            bradycardia_bpm: default.bradycardia_bpm,
            bradycardia_seconds: default.bradycardia_s,
            severe_bpm: default.severe_bpm,
            severe_seconds: default.severe_s,
            tachycardia_bpm: default.tachycardia_bpm,
            tachysystole: default.tachysystole,
            lost_seconds: default.lost_s,
            coincidence_seconds: default.coincidence_s,
            coincidence_long_seconds: default.coincidence_long_s,
            poor: default.poor,
            poor_over: default.poor_over,
            level_seconds: default.level_s,
            over_seconds: default.over_s,
        }
    }
}

mod defaults {
    pub(super) const fn threads() -> u32 {
        1
    }
    pub(super) const fn history_minutes() -> u32 {
        20
    }
    pub(super) const fn hold_seconds() -> u32 {
        30
    }
    pub(super) const fn look_every_seconds() -> u32 {
        25
    }
    pub(super) const fn idle_minutes() -> u32 {
        35
    }
}

impl ConfigFile for File {
    type Config = Config;

    fn check(self) -> Result<Config, Wrong> {
        within("threads", self.threads, 1, 64)?;
        within("history_minutes", self.history_minutes, 0, 240)?;
        within("hold_seconds", self.hold_seconds, 2, 600)?;
        within("look_every_seconds", self.look_every_seconds, 5, 300)?;
        within("idle_minutes", self.idle_minutes, 5, 1440)?;
        if let Some(weeks) = self.gestation_weeks {
            within("gestation_weeks", weeks, *WEEKS.start(), *WEEKS.end())?;
        }
        host_and_port("server", &self.server)?;
        let minutes = |minutes: u32| Duration::from_secs(60 * u64::from(minutes));
        Ok(Config {
            data: self.data,
            server: self.server,
            threads: self.threads,
            history: minutes(self.history_minutes),
            hold: Duration::from_secs(self.hold_seconds.into()),
            look_every_s: self.look_every_seconds,
            idle: minutes(self.idle_minutes),
            cases: Cases {
                otherwise: Case {
                    gestation_weeks: self.gestation_weeks,
                    has_background_risk: self.background_risk,
                    uterus: Uterus::External,
                },
                beds: self.beds.into_iter().map(BedEntry::check).collect::<Result<_, _>>()?,
            },
            conditions: self.conditions.check()?,
            log: self.log.word().to_owned(),
        })
    }
}

impl BedEntry {
    fn check(self) -> Result<Bed, Wrong> {
        let bridge = BridgeId::new(&self.bridge)
            .or_else(|error| wrong("beds.bridge", &format!("cannot be a name: {error}")))?;
        let device = self.device.as_deref().map(DeviceId::new).transpose();
        let device =
            device.or_else(|error| wrong("beds.device", &format!("cannot be a name: {error}")))?;
        let due = self.due.map(|due| match date_of(&due) {
            Some(date) => Ok(Day::of_date(date)),
            None => wrong("beds.due", "is not a date, such as 2027-01-27"),
        });
        let due = due.transpose()?;
        Ok(Bed { bridge, device, due, has_background_risk: self.background_risk })
    }
}

/// A date without a time of day.
fn date_of(due: &toml::value::Datetime) -> Option<jiff::civil::Date> {
    let date = due.date.filter(|_| due.time.is_none())?;
    let (month, day) = (i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?);
    jiff::civil::Date::new(i16::try_from(date.year).ok()?, month, day).ok()
}

impl Conditions {
    fn check(self) -> Result<ConditionSettings, Wrong> {
        within("bradycardia_bpm", self.bradycardia_bpm, 60.0, 120.0)?;
        within("bradycardia_seconds", self.bradycardia_seconds, 10, 64)?;
        within("severe_bpm", self.severe_bpm, 50.0, self.bradycardia_bpm)?;
        within("severe_seconds", self.severe_seconds, 60, 600)?;
        within("lost_seconds", self.lost_seconds, 15, 600)?;
        within("tachycardia_bpm", self.tachycardia_bpm, 140.0, 200.0)?;
        within("tachysystole", self.tachysystole, 3.0, 10.0)?;
        within("coincidence_seconds", self.coincidence_seconds, 60, 600)?;
        within("coincidence_long_seconds", self.coincidence_long_seconds, 60, 600)?;
        within("poor", self.poor, 0.05, 0.9)?;
        within("poor_over", self.poor_over, 0.05, self.poor)?;
        within("level_seconds", self.level_seconds, 0, 600)?;
        within("over_seconds", self.over_seconds, 0, 600)?;
        Ok(ConditionSettings {
            bradycardia_bpm: self.bradycardia_bpm,
            bradycardia_s: self.bradycardia_seconds,
            severe_bpm: self.severe_bpm,
            severe_s: self.severe_seconds,
            tachycardia_bpm: self.tachycardia_bpm,
            tachysystole: self.tachysystole,
            lost_s: self.lost_seconds,
            coincidence_s: self.coincidence_seconds,
            coincidence_long_s: self.coincidence_long_seconds,
            poor: self.poor,
            poor_over: self.poor_over,
            level_s: self.level_seconds,
            over_s: self.over_seconds,
            ..ConditionSettings::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const EXAMPLE: &str = include_str!("example.toml");

    fn refusal(text: &str) -> String {
        Config::parse(text, Path::new("watch.toml")).unwrap_err().to_string()
    }

    #[test]
    fn the_example_is_a_configuration_and_states_the_defaults() {
        let config = Config::parse(EXAMPLE, Path::new("example.toml")).unwrap();
        let required = EXAMPLE
            .lines()
            .filter(|line| line.starts_with("data =") || line.starts_with("server ="));
        let short: String = required.map(|line| format!("{line}\n")).collect();
        assert_eq!(Config::parse(&short, Path::new("short.toml")).unwrap(), config);
        let known = EXAMPLE.replace("# gestation_weeks = 38", "gestation_weeks = 30");
        let config = Config::parse(&known, Path::new("example.toml")).unwrap();
        assert_eq!(config.cases.otherwise.gestation_weeks, Some(30));
    }

    #[test]
    fn what_is_known_of_a_bed_is_read_with_a_due_date() {
        let commented = EXAMPLE.replace("# [[beds]]", "[[beds]]");
        let known = ["bridge", "device", "due", "background_risk"];
        let text = known
            .iter()
            .fold(commented, |text, key| text.replace(&format!("# {key} ="), &format!("{key} =")));
        let config = Config::parse(&text, Path::new("example.toml")).unwrap();
        let [bed] = config.cases.beds[..] else { panic!("{:?}", config.cases.beds) };
        assert_eq!(
            (bed.bridge.as_str(), bed.due),
            ("home-7", Some(Day::of_date(date(2027, 1, 27))))
        );
        assert!(bed.device.is_some() && bed.has_background_risk);
        let said = refusal(&text.replace("due = 2027-01-27", "due = 2027-01-27T08:00:00"));
        assert!(said.contains("\"beds.due\" is not a date"), "{said}");
        let said = refusal(&text.replace("\"home-7\"", "\"home 7\""));
        assert!(said.contains("\"beds.bridge\" cannot be a name"), "{said}");
    }

    #[test]
    fn an_unknown_key_is_named() {
        let said = refusal(&EXAMPLE.replace("threads =", "treads ="));
        assert!(said.contains("watch.toml") && said.contains("treads"), "{said}");
        let said = refusal(&EXAMPLE.replace("poor_over", "good_again"));
        assert!(said.contains("good_again"), "{said}");
    }

    #[test]
    fn a_value_outside_its_bounds_is_named_with_them() {
        let said = refusal(&EXAMPLE.replace("threads = 1", "threads = 0"));
        assert!(said.contains("\"threads\" is 0, it must be 1 to 64"), "{said}");
        let said = refusal(&EXAMPLE.replace("poor_over = 0.15", "poor_over = 0.5"));
        assert!(said.contains("\"poor_over\" is 0.5, it must be 0.05 to 0.2"), "{said}");
        let said = refusal(&EXAMPLE.replace(":4433", ""));
        assert!(said.contains("\"server\" is not \"host:port\""), "{said}");
    }
}
