//! The configuration file, turned once into real types.
//!
//! `example.toml` beside this file shows every key with its default, bounds and cost.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use program::configuration::{
    ConfigError, ConfigFile, LogLevel, Wrong, host_and_port, within, wrong,
};
use protocol::link::{DEVICES_MAX, SiteKind};
use serde::Deserialize;
use vitals::DeviceId;

use crate::session::RequestMode;

/// How this bridge is set up.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Where the identity and the spool are kept.
    pub data: PathBuf,
    /// The region, "host:port".
    pub server: String,
    /// What people call the place. At most 200 bytes.
    pub facility: String,
    /// What kind of place it is. Default a clinic.
    pub site: SiteKind,
    /// Most bytes of the spool. Default 256 MiB, 1 MiB to 1 TiB; less loses seconds sooner
    /// while the region is away.
    pub spool_bytes_max: u64,
    /// See [`uplink::Settings::silence_after`]. Default 3 s, 2 s to 60 s.
    pub silence_after: Duration,
    /// See [`uplink::Settings::episode_gap`]. Default 30 min, 1 min to 24 h.
    pub episode_gap: Duration,
    /// What is logged. Default "info".
    pub log: String,
    /// The monitors, 1 to 64.
    pub monitors: Vec<MonitorConfig>,
}

/// One monitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonitorConfig {
    /// Its name on this bridge.
    pub device: DeviceId,
    /// What people call the bed. At most 200 bytes.
    pub bed: String,
    /// The serial port.
    pub port: PathBuf,
    /// Speed of the line. Default 1200, 300 to 115200; a wrong one gives bytes and no frames.
    pub baud: u32,
    /// Who sets the pace. Default the monitor.
    pub request: RequestMode,
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

    /// The folder of the spool.
    #[must_use]
    pub fn spool_folder(&self) -> PathBuf {
        self.data.join("spool")
    }
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    data: PathBuf,
    server: String,
    facility: String,
    #[serde(default)]
    site: Site,
    #[serde(default = "defaults::spool_bytes_max")]
    spool_bytes_max: u64,
    #[serde(default = "defaults::silence_after_seconds")]
    silence_after_seconds: u64,
    #[serde(default = "defaults::episode_gap_minutes")]
    episode_gap_minutes: u64,
    #[serde(default)]
    log: LogLevel,
    monitor: Vec<Monitor>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Monitor {
    device: String,
    bed: String,
    port: PathBuf,
    #[serde(default)]
    language: Language,
    #[serde(default = "defaults::baud")]
    baud: u32,
    #[serde(default)]
    request: Request,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Site {
    #[default]
    Clinic,
    Centre,
    Ambulance,
    Home,
}

/// There is one language as yet; the key is there so that a file says what it means.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Language {
    #[default]
    Series50,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Request {
    #[default]
    Automatic,
    Poll,
}

mod defaults {
    pub(super) const fn spool_bytes_max() -> u64 {
        256 << 20
    }
    pub(super) const fn silence_after_seconds() -> u64 {
        3
    }
    pub(super) const fn episode_gap_minutes() -> u64 {
        30
    }
    pub(super) const fn baud() -> u32 {
        device_codec::series50::BAUD_DEFAULT
    }
}

impl ConfigFile for File {
    type Config = Config;

    fn check(self) -> Result<Config, Wrong> {
        within("spool_bytes_max", self.spool_bytes_max, 1 << 20, 1 << 40)?;
        within("silence_after_seconds", self.silence_after_seconds, 2, 60)?;
        within("episode_gap_minutes", self.episode_gap_minutes, 1, 1440)?;
        short("facility", &self.facility)?;
        host_and_port("server", &self.server)?;
        if self.monitor.is_empty() || self.monitor.len() > DEVICES_MAX {
            return wrong("monitor", &format!("must be there 1 to {DEVICES_MAX} times"));
        }
        let (mut devices, mut ports) = (BTreeSet::new(), BTreeSet::new());
        let mut monitors = Vec::with_capacity(self.monitor.len());
        for monitor in self.monitor {
            let monitor = monitor.check()?;
            if !devices.insert(monitor.device) {
                return wrong("device", &format!("\"{}\" is given twice", monitor.device));
            }
            if !ports.insert(monitor.port.clone()) {
                return wrong("port", &format!("'{}' is given twice", monitor.port.display()));
            }
            monitors.push(monitor);
        }
        Ok(Config {
            data: self.data,
            server: self.server,
            facility: self.facility,
            site: match self.site {
                Site::Clinic => SiteKind::Clinic,
                Site::Centre => SiteKind::Centre,
                Site::Ambulance => SiteKind::Ambulance,
                Site::Home => SiteKind::Home,
            },
            spool_bytes_max: self.spool_bytes_max,
            silence_after: Duration::from_secs(self.silence_after_seconds),
            episode_gap: Duration::from_secs(60 * self.episode_gap_minutes),
            log: self.log.word().to_owned(),
            monitors,
        })
    }
}

impl Monitor {
    fn check(self) -> Result<MonitorConfig, Wrong> {
        let device = DeviceId::new(&self.device)
            .or_else(|error| wrong("device", &format!("\"{}\": {error}", self.device)))?;
        short("bed", &self.bed)?;
        within("baud", self.baud, 300, 115_200)?;
        let Language::Series50 = self.language;
        let request = match self.request {
            Request::Automatic => RequestMode::Automatic,
            Request::Poll => RequestMode::Poll,
        };
        Ok(MonitorConfig { device, bed: self.bed, port: self.port, baud: self.baud, request })
    }
}

fn short(key: &str, text: &str) -> Result<(), Wrong> {
    if (1..=200).contains(&text.len()) {
        return Ok(());
    }
    wrong(key, "must have 1 to 200 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("example.toml");

    fn refusal(text: &str) -> String {
        Config::parse(text, Path::new("bridge.toml")).unwrap_err().to_string()
    }

    #[test]
    fn the_example_is_a_configuration_and_states_the_defaults() {
        let config = Config::parse(EXAMPLE, Path::new("example.toml")).unwrap();
        assert_eq!(config.monitors.len(), 2);
        let short: String = EXAMPLE
            .lines()
            .filter(|line| {
                let defaults =
                    ["site", "spool", "silence", "episode", "log", "lang", "baud", "req"];
                !defaults.iter().any(|key| line.starts_with(key))
            })
            .map(|line| format!("{line}\n"))
            .collect();
        assert_eq!(Config::parse(&short, Path::new("short.toml")).unwrap(), config);
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let said = refusal(&EXAMPLE.replace("facility =", "facilty ="));
        assert!(said.contains("bridge.toml"), "{said}");
        assert!(said.contains("facilty") && said.contains("line 10"), "{said}");
        let said = refusal(&EXAMPLE.replace("baud = 1200", "speed = 1200"));
        assert!(said.contains("speed") && said.contains("baud"), "{said}");
    }

    #[test]
    fn a_value_outside_its_bounds_is_named_with_them() {
        let said = refusal(&EXAMPLE.replace("seconds = 3", "seconds = 0"));
        assert!(said.contains("\"silence_after_seconds\" is 0, it must be 2 to 60"), "{said}");
        let said = refusal(&EXAMPLE.replace("\"bed-2\"", "\"bed-1\""));
        assert!(said.contains("\"device\" \"bed-1\" is given twice"), "{said}");
        let said = refusal(&EXAMPLE.replace("\"bed-1\"", "\"Bed 1\""));
        assert!(said.contains("\"device\" \"Bed 1\": character 1"), "{said}");
        let said = refusal(&EXAMPLE.replace(":4433", ""));
        assert!(said.contains("\"server\" is not \"host:port\""), "{said}");
        let said = refusal(&EXAMPLE.replace("\"clinic\"", "\"ship\""));
        assert!(said.contains("ship") && said.contains("ambulance"), "{said}");
    }

    #[test]
    fn a_missing_file_is_named() {
        let said = Config::load(Path::new("/nowhere/bridge.toml")).unwrap_err().to_string();
        assert!(said.contains("/nowhere/bridge.toml"), "{said}");
    }
}
