//! The one configuration file, and what it becomes.
//!
//! Everything has a default: without a file, a server listens on this machine alone and keeps
//! its data in `ubugoe-data`. An unknown key is refused, because a misspelt one would
//! otherwise be a default that nobody chose. `example.toml` holds every key.

use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, ensure};
use serde::Deserialize;

/// What the server runs with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Where certificates, accounts and recordings are kept; made where it is missing.
    ///
    /// Default `ubugoe-data` in the working directory. It belongs on a disk that survives a
    /// power cut, and in the backup.
    pub data: PathBuf,
    /// How bridges are received.
    pub bridges: Bridges,
    /// How screens are served.
    pub web: Web,
    /// How long blocks gather before they are written as one batch.
    ///
    /// Default 20 ms, 1 ms to 1 s. Longer delays every acknowledgement, shorter syncs the disk
    /// for each few blocks.
    pub commit_window: Duration,
    /// How much of each strip is kept in memory for a screen that comes.
    ///
    /// Default 20 min, 1 min to 120 min. A minute of a thousand monitors costs about 16 MiB.
    pub recent: Duration,
    /// A block that arrives so much after it was built counts as late.
    ///
    /// Default 5 s, 1 s to 60 s. Shorter marks every hiccup of a mobile network.
    pub late_after: Duration,
    /// What is logged, as `info` or `info,quinn=debug`. Default `info`.
    pub log: String,
}

/// How bridges are received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bridges {
    /// UDP address and port; port 0 takes any free one. Default 127.0.0.1:4433: bridges on
    /// other machines need an address that they can reach, most often 0.0.0.0:4433.
    pub listen: SocketAddr,
    /// Most connections at once. Default 4,096, 1 to 65,536; each costs some 60 KiB.
    pub connections_max: usize,
    /// How many days a bridge's certificate holds from its enrolment.
    ///
    /// Default 397, 1 to 3,650. Shorter means to enrol more often, longer that a stolen bridge
    /// which nobody missed could call for longer.
    pub certificate_days: u16,
}

/// How screens are served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Web {
    /// TCP address and port; port 0 takes any free one. Default 127.0.0.1:8080.
    pub listen: SocketAddr,
    /// What keeps others from reading along.
    pub protection: WebProtection,
    /// Most screens at once. Default 512, 1 to 4,096; each costs some 300 KiB.
    pub screens_max: usize,
    /// The address that is offered to screens for WebRTC, where it is not the one on which
    /// their request arrived: behind a proxy on another machine.
    pub webrtc_address: Option<IpAddr>,
}

/// What keeps others from reading along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WebProtection {
    /// Nothing; loopback addresses only.
    Loopback,
    /// TLS ends here, with a certificate chain and its key, both PEM.
    Tls {
        /// The chain.
        certificate: PathBuf,
        /// The key.
        key: PathBuf,
    },
    /// A proxy in front ends TLS and calls from one of these addresses.
    Proxy {
        /// The addresses.
        trusted: Vec<IpAddr>,
    },
}

/// What the command line says in place of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// In place of `data`.
    pub data: Option<PathBuf>,
    /// In place of `bridges.listen`.
    pub listen_bridges: Option<SocketAddr>,
    /// In place of `web.listen`.
    pub listen_web: Option<SocketAddr>,
}

impl Config {
    /// Reads the file, if there is one, and what the command line says in its place.
    ///
    /// # Errors
    ///
    /// In words that name the file, the key, and what is allowed.
    pub fn load(path: Option<&Path>, overrides: Overrides) -> anyhow::Result<Self> {
        let text = match path {
            Some(path) => std::fs::read_to_string(path).with_context(|| {
                format!("could not read the configuration '{}'", path.display())
            })?,
            None => String::new(),
        };
        let mut config = Self::parse(&text).with_context(|| {
            let path = path.unwrap_or(Path::new("no file"));
            format!("the configuration '{}' cannot be used", path.display())
        })?;
        config.data = overrides.data.unwrap_or(config.data);
        config.bridges.listen = overrides.listen_bridges.unwrap_or(config.bridges.listen);
        config.web.listen = overrides.listen_web.unwrap_or(config.web.listen);
        Ok(config)
    }

    /// Reads the text of a configuration file.
    ///
    /// # Errors
    ///
    /// As [`Config::load`].
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let file: FileTable = toml::from_str(text)?;
        let window_ms = within("commit.window_ms", file.commit.window_ms, 1..=1_000)?;
        let minutes = within("memory.recent_minutes", file.memory.recent_minutes, 1..=120)?;
        let late = within("memory.late_after_seconds", file.memory.late_after_seconds, 1..=60)?;
        let bridges = file.bridges;
        let connections = within("bridges.connections_max", bridges.connections_max, 1..=65_536)?;
        let days = within("bridges.certificate_days", bridges.certificate_days, 1..=3_650)?;
        Ok(Self {
            data: file.data,
            bridges: Bridges {
                listen: bridges.listen,
                connections_max: usize::try_from(connections).expect("checked above"),
                certificate_days: u16::try_from(days).expect("checked above"),
            },
            web: file.web.check()?,
            commit_window: Duration::from_millis(window_ms),
            recent: Duration::from_secs(60 * minutes),
            late_after: Duration::from_secs(late),
            log: file.log.filter,
        })
    }
}

fn within(key: &str, value: u64, allowed: RangeInclusive<u64>) -> anyhow::Result<u64> {
    let (min, max) = (allowed.start(), allowed.end());
    ensure!(allowed.contains(&value), "{key} = {value} is outside {min} to {max}");
    Ok(value)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct FileTable {
    data: PathBuf,
    bridges: BridgesTable,
    web: WebTable,
    commit: CommitTable,
    memory: MemoryTable,
    log: LogTable,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct BridgesTable {
    listen: SocketAddr,
    connections_max: u64,
    certificate_days: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WebTable {
    listen: SocketAddr,
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
    trusted_proxies: Vec<IpAddr>,
    screens_max: u64,
    webrtc_address: Option<IpAddr>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct CommitTable {
    window_ms: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct MemoryTable {
    recent_minutes: u64,
    late_after_seconds: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct LogTable {
    filter: String,
}

impl WebTable {
    fn check(self) -> anyhow::Result<Web> {
        let screens_max = within("web.screens_max", self.screens_max, 1..=4_096)?;
        let protection = match (self.certificate, self.key, self.trusted_proxies) {
            (None, None, trusted) if trusted.is_empty() => WebProtection::Loopback,
            (None, None, trusted) => WebProtection::Proxy { trusted },
            (Some(certificate), Some(key), trusted) => {
                ensure!(
                    trusted.is_empty(),
                    "web.certificate and web.trusted_proxies exclude each other: TLS ends either here or at the proxy"
                );
                WebProtection::Tls { certificate, key }
            }
            (Some(_), None, _) => anyhow::bail!("web.certificate needs web.key beside it"),
            (None, Some(_), _) => anyhow::bail!("web.key needs web.certificate beside it"),
        };
        Ok(Web {
            listen: self.listen,
            protection,
            screens_max: usize::try_from(screens_max).expect("checked above"),
            webrtc_address: self.webrtc_address,
        })
    }
}

impl Default for FileTable {
    fn default() -> Self {
        Self {
            data: PathBuf::from("ubugoe-data"),
            bridges: BridgesTable::default(),
            web: WebTable::default(),
            commit: CommitTable::default(),
            memory: MemoryTable::default(),
            log: LogTable::default(),
        }
    }
}

impl Default for BridgesTable {
    fn default() -> Self {
        let listen = SocketAddr::from(([127, 0, 0, 1], 4433));
        Self { listen, connections_max: 4_096, certificate_days: 397 }
    }
}

impl Default for WebTable {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            certificate: None,
            key: None,
            trusted_proxies: Vec::new(),
            screens_max: 512,
            webrtc_address: None,
        }
    }
}

impl Default for CommitTable {
    fn default() -> Self {
        Self { window_ms: 20 }
    }
}

impl Default for MemoryTable {
    fn default() -> Self {
        Self { recent_minutes: 20, late_after_seconds: 5 }
    }
}

impl Default for LogTable {
    fn default() -> Self {
        Self { filter: "info".to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_holds_every_key_with_its_default() {
        let example = include_str!("example.toml");
        let mut expected = Config::parse("").unwrap();
        assert_eq!(Config::parse(example).unwrap(), expected);
        // What has no default stands there as a comment.
        let spelt_out: String = example
            .lines()
            .map(|line| line.strip_prefix("#: ").unwrap_or(line))
            .flat_map(|line| [line, "\n"])
            .collect();
        expected.web.webrtc_address = Some(IpAddr::from([192, 0, 2, 10]));
        let (certificate, key) = ("/etc/ubugoe/wall.crt".into(), "/etc/ubugoe/wall.key".into());
        expected.web.protection = WebProtection::Tls { certificate, key };
        assert_eq!(Config::parse(&spelt_out).unwrap(), expected);
    }

    #[test]
    fn a_misspelt_key_is_named() {
        let error = format!("{:#}", Config::parse("[bridges]\nlisten_on = 1").unwrap_err());
        assert!(error.contains("listen_on") && error.contains("listen"), "{error}");
    }

    #[test]
    fn what_cannot_work_is_refused_with_its_bounds() {
        for (text, words) in [
            ("commit.window_ms = 0", "commit.window_ms = 0 is outside 1 to 1000"),
            ("web.key = \"k\"", "web.key needs web.certificate"),
            (
                "web = { certificate = \"c\", key = \"k\", trusted_proxies = [\"::1\"] }",
                "exclude each other",
            ),
        ] {
            let error = format!("{:#}", Config::parse(text).unwrap_err());
            assert!(error.contains(words), "{error}");
        }
    }

    #[test]
    fn the_command_line_goes_before_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("server.toml");
        std::fs::write(&path, "data = \"/a\"\nweb.listen = \"127.0.0.1:1\"").unwrap();
        let overrides = Overrides { data: Some("/b".into()), ..Overrides::default() };
        let config = Config::load(Some(&path), overrides).unwrap();
        assert_eq!(config.data, PathBuf::from("/b"));
        assert_eq!(config.web.listen.port(), 1);
    }
}
