//! Whether a certificate holds and is enrolled, as what the connection is for.

use std::time::Duration;

use access::NotEnrolled;
use jiff::Timestamp;
use protocol::link::{Refusal, RefusalCode};
use vitals::WallTime;

use crate::clock;
use crate::pki::{Validity, fingerprint};

/// How often an admission is looked at again: a revoked machine is out by then.
pub(crate) const ADMISSION_EVERY: Duration = Duration::from_secs(15);

/// Whose certificate this is, if it holds; `enrolled` looks up its SHA-256.
///
/// # Errors
///
/// The [`Refusal`] to send, in words for whoever looks after the machine.
pub(crate) fn admit<N>(
    certificate: &[u8],
    enrolled: impl Fn(&[u8; 32]) -> Result<N, NotEnrolled>,
) -> Result<N, Refusal> {
    let refusal = |text: String| Refusal { code: RefusalCode::NotEnrolled, text };
    if certificate.is_empty() {
        let text = "the machine showed no certificate; enrol it with a token first";
        return Err(refusal(text.to_owned()));
    }
    let validity = Validity::of(certificate)
        .ok_or_else(|| refusal("the certificate cannot be read; enrol the machine anew".into()))?;
    let day = |time: WallTime| {
        let at = Timestamp::from_microsecond(time.0).unwrap_or(Timestamp::UNIX_EPOCH);
        at.strftime("%Y-%m-%d").to_string()
    };
    let now = clock::now();
    if now > validity.until {
        return Err(refusal(format!(
            "the certificate expired on {}; enrol the machine again with a new token",
            day(validity.until)
        )));
    }
    if now < validity.from {
        return Err(refusal(format!(
            "the certificate holds from {} only; check the clock of the region",
            day(validity.from)
        )));
    }
    enrolled(&fingerprint(certificate)).map_err(|error| match error {
        NotEnrolled::Records(error) => {
            tracing::error!(%error, "enrolments cannot be read");
            let text = "the region cannot read its list of machines; come back later";
            Refusal { code: RefusalCode::Unavailable, text: text.to_owned() }
        }
        other => refusal(other.to_string()),
    })
}
