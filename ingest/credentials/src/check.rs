//! Looks at a machine's identity and its region, and says what would keep it from working.

use std::fmt;
use std::time::Duration;

use quinn::VarInt;
use tokio::time::timeout;
use vitals::WallTime;

use crate::connection::{LinkError, connect, ended, resolve};
use crate::identity::{Identity, IdentityError};

/// A region that does not accept the certificate says so within this.
const REGION_PATIENCE: Duration = Duration::from_secs(1);
/// Certificates that end sooner are worth a word: time to ask for a token.
const CERTIFICATE_DAYS_MIN: i64 = 30;

/// What one look found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub subject: String,
    /// What was found.
    pub verdict: Verdict,
}

/// Whether something was found to be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It works.
    Well(String),
    /// It works, and somebody should do something soon.
    Soon(String),
    /// It does not work; the text says what to do.
    Wrong(String),
}

impl Verdict {
    /// The finding that this is of a subject.
    #[must_use]
    pub fn of(self, subject: &str) -> Finding {
        Finding { subject: subject.to_owned(), verdict: self }
    }
}

impl Finding {
    /// Whether the machine can work with this.
    #[must_use]
    pub fn is_well(&self) -> bool {
        !matches!(self.verdict, Verdict::Wrong(_))
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, text) = match &self.verdict {
            Verdict::Well(text) => ("ok    ", text),
            Verdict::Soon(text) => ("soon  ", text),
            Verdict::Wrong(text) => ("WRONG ", text),
        };
        write!(f, "{word} {}: {text}", self.subject)
    }
}

/// Looks at an identity as it was read, at `now`.
#[must_use]
pub fn identity(identity: Result<&Identity, &IdentityError>, now: WallTime) -> Verdict {
    let identity = match identity {
        Ok(identity) => identity,
        Err(error) => return Verdict::Wrong(error.to_string()),
    };
    let (from, until) = (identity.validity.from, identity.validity.until);
    let text = format!("enrolled as \"{}\", certificate valid until {until}", identity.name);
    if !identity.validity.contains(now) {
        let machine = identity.machine;
        return Verdict::Wrong(LinkError::NotValid { machine, from, until }.to_string());
    }
    let left = until.as_second() - now.0 / WallTime::MICROS_PER_SECOND;
    if left < CERTIFICATE_DAYS_MIN * 24 * 3600 {
        return Verdict::Soon(format!("{text}; ask the region for a token to renew it"));
    }
    Verdict::Well(text)
}

/// Greets the region and asks it for nothing: a connection of this machine that is open stays.
pub async fn region(server: &str, identity: Option<&Identity>, now: WallTime) -> Verdict {
    let addresses = match resolve(server).await {
        Ok(addresses) => addresses,
        Err(error) => return Verdict::Wrong(error.to_string()),
    };
    let Some(identity) = identity else {
        return Verdict::Wrong(format!("{server} was not called: there is no identity to show"));
    };
    match connect(server, identity, now).await {
        Err(error) => Verdict::Wrong(error.to_string()),
        Ok((endpoint, connection)) => {
            // The region looks at the certificate after this side is done.
            let closed = timeout(REGION_PATIENCE, connection.closed()).await;
            let address = connection.remote_address();
            connection.close(VarInt::from_u32(0), b"");
            endpoint.wait_idle().await;
            match closed {
                Ok(error) => Verdict::Wrong(ended(identity.machine, &error).to_string()),
                Err(_) => Verdict::Well(format!(
                    "{server} ({address}, {} known) answers as this {}'s region",
                    addresses.len(),
                    identity.machine.word
                )),
            }
        }
    }
}
