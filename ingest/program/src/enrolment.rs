//! The command that obtains a program's certificate.

use std::path::PathBuf;

use anyhow::Context;
use clap::Parser;
use credentials::Machine;
use credentials::enroll::{Existing, enroll};
use protocol::Token;
use vitals::WallTime;

/// What enrolment needs.
#[derive(Clone, Parser)]
pub struct EnrollArguments {
    /// The region, "host:port"; that of the configuration where it is not given.
    #[arg(long, value_name = "HOST:PORT", required_unless_present = "config")]
    pub server: Option<String>,
    /// The token that the region's operator made with `ubugoe-server`'s `invite`. It is a
    /// secret: in the variable UBUGOE_TOKEN it is seen by fewer than on the command line.
    #[arg(long, value_name = "TOKEN", env = "UBUGOE_TOKEN", hide_env_values = true)]
    pub token: String,
    /// The configuration file, for the data folder.
    #[arg(long, value_name = "FILE", conflicts_with = "data")]
    pub config: Option<PathBuf>,
    /// The data folder, where there is no configuration yet; the configuration names it later.
    /// Where it is not given, it is named after the program, with "-data".
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Give up an identity that is still valid.
    #[arg(long)]
    pub replace: bool,
}

impl std::fmt::Debug for EnrollArguments {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EnrollArguments").field("server", &self.server).finish_non_exhaustive()
    }
}

/// What a configuration says of enrolment.
#[derive(Clone, Debug)]
pub struct Configured {
    /// The region, "host:port".
    pub server: String,
    /// The data folder.
    pub data: PathBuf,
}

impl EnrollArguments {
    /// Obtains the certificate, and says so in a sentence.
    ///
    /// # Errors
    ///
    /// Where the token cannot be one, or the region or the disk refuses.
    pub async fn enroll(
        self,
        machine: Machine,
        now: WallTime,
        configured: Option<Configured>,
    ) -> anyhow::Result<String> {
        let token = Token::parse(&self.token)?;
        let server = self.server.or_else(|| configured.as_ref().map(|it| it.server.clone()));
        let server = server.context("the command line requires a server or a configuration")?;
        let by_name = || PathBuf::from(format!("{}-data", machine.program));
        let data = configured.map(|it| it.data).or(self.data).unwrap_or_else(by_name);
        let existing = if self.replace { Existing::Replace } else { Existing::Keep };
        let name = enroll(machine, now, &server, &token, &data, existing).await?;
        let identity = data.join("identity");
        Ok(format!("enrolled as \"{name}\"; the identity is in '{}'", identity.display()))
    }
}
