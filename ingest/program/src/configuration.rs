//! A configuration file, turned once into real types: unknown keys are refused, and whatever is
//! wrong is named with the file, the key and what would be right.

use std::fmt::Display;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("could not read the configuration '{}'; `--config` names it", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It is not TOML, or has a key that is not known.
    #[error("the configuration '{}' cannot be used: {reason}", path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// Line, column and reason.
        reason: String,
    },
    /// A value is outside its bounds.
    #[error("the configuration '{}' cannot be used: \"{key}\" {reason}", path.display())]
    Value {
        /// The file.
        path: PathBuf,
        /// The key.
        key: String,
        /// What is wrong with it, and what would be right.
        reason: String,
    },
}

/// A value that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Its key.
    pub key: String,
    /// What is wrong with it, and what would be right.
    pub reason: String,
}

/// A file as it is written, and how it becomes a configuration.
pub trait ConfigFile: DeserializeOwned {
    /// What it becomes.
    type Config;

    /// Looks at every value.
    ///
    /// # Errors
    ///
    /// The first that cannot be used.
    fn check(self) -> Result<Self::Config, Wrong>;
}

/// Reads a configuration file.
///
/// # Errors
///
/// [`ConfigError`] with the file, the line and the key.
pub fn load<F: ConfigFile>(path: &Path) -> Result<F::Config, ConfigError> {
    let text = fs::read_to_string(path)
        .map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
    parse::<F>(&text, path)
}

/// Reads the text of a configuration; `path` is for the message.
///
/// # Errors
///
/// [`ConfigError`] with the file, the line and the key.
pub fn parse<F: ConfigFile>(text: &str, path: &Path) -> Result<F::Config, ConfigError> {
    let file: F = toml::from_str(text).map_err(|error| ConfigError::Parse {
        path: path.to_owned(),
        reason: error.to_string().trim_end().to_owned(),
    })?;
    file.check().map_err(|Wrong { key, reason }| ConfigError::Value {
        path: path.to_owned(),
        key,
        reason,
    })
}

/// Whether a number is within its bounds.
///
/// # Errors
///
/// [`Wrong`] with the bounds.
pub fn within<N: PartialOrd + Display>(key: &str, value: N, min: N, max: N) -> Result<(), Wrong> {
    if value >= min && value <= max {
        return Ok(());
    }
    wrong(key, &format!("is {value}, it must be {min} to {max}"))
}

/// Whether a text is the address of a region.
///
/// # Errors
///
/// [`Wrong`] with an example.
pub fn host_and_port(key: &str, text: &str) -> Result<(), Wrong> {
    let port = text.rsplit_once(':').map(|(host, port)| (host, port.parse::<u16>()));
    if matches!(port, Some((host, Ok(1..))) if !host.is_empty()) {
        return Ok(());
    }
    wrong(key, "is not \"host:port\", such as \"region.example.org:4433\"")
}

/// Says that a value cannot be used.
///
/// # Errors
///
/// Always.
pub fn wrong<T>(key: &str, reason: &str) -> Result<T, Wrong> {
    Err(Wrong { key: key.to_owned(), reason: reason.to_owned() })
}

/// How much is logged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the words of every log")]
pub enum LogLevel {
    Error,
    Warn,
    #[default]
    Info,
    Debug,
    Trace,
}

impl LogLevel {
    /// Its word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Clock {
        server: String,
        hours: u32,
        #[serde(default)]
        log: LogLevel,
    }

    impl ConfigFile for Clock {
        type Config = (u32, LogLevel);

        fn check(self) -> Result<Self::Config, Wrong> {
            within("hours", self.hours, 1, 24)?;
            host_and_port("server", &self.server)?;
            Ok((self.hours, self.log))
        }
    }

    fn said(text: &str) -> String {
        match parse::<Clock>(text, Path::new("clock.toml")) {
            Ok((hours, log)) => format!("{hours} {}", log.word()),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_the_file_and_the_key() {
        let good = "server = \"region:4433\"\nhours = 12";
        assert_eq!(said(good), "12 info");
        assert_eq!(said(&format!("{good}\nlog = \"debug\"")), "12 debug");
        let file = "the configuration 'clock.toml' cannot be used: ";
        let bounds = "\"hours\" is 25, it must be 1 to 24";
        assert_eq!(said(&good.replace("12", "25")), format!("{file}{bounds}"));
        for address in ["region", ":4433", "region:0", "region:70000"] {
            let text = said(&good.replace("region:4433", address));
            assert!(text.contains("\"server\" is not \"host:port\""), "{address}: {text}");
        }
        let text = said(&good.replace("hours", "hour"));
        assert!(text.starts_with(file) && text.contains("line 2"), "{text}");
        assert!(matches!(load::<Clock>(Path::new("/nowhere.toml")), Err(ConfigError::Read { .. })));
    }
}
