//! A new bridge or analysis: its token for a certificate.
//!
//! The connection has no client certificate and gets nothing but this one exchange. The
//! signing request is looked at before the token is used up, so that a bridge with a broken
//! request can try again. Only failures count towards the limit: a hall of new bridges behind
//! one address enrols as quickly as it can.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use access::{AccessError, Audit, AuditEvent, Enrolment, TokenRefused};
use protocol::link::{EnrollAnswer, EnrollRequest, Frame, Refusal, RefusalCode};
use quinn::{Connection, VarInt};
use tokio::time::timeout;
use vitals::BridgeId;

use crate::clock;
use crate::link::{Frames, LinkEnd, refuse};
use crate::pki::{Authority, fingerprint};

/// How long the exchange may take.
const WITHIN: Duration = Duration::from_secs(10);
/// Failures of one address within [`FAILURES_WITHIN`] until it has to wait.
const FAILURES_MAX: u32 = 10;
/// How long failures count.
const FAILURES_WITHIN: Duration = Duration::from_secs(60);
/// Most addresses that are remembered; beyond, all others share one count.
const ADDRESSES_MAX: usize = 1_024;

/// What enrolment needs.
pub struct EnrollContext {
    /// Who issues certificates.
    pub authority: Authority,
    /// Who may have one.
    pub enrolment: Arc<Enrolment>,
    /// Where it is written down.
    pub audit: Audit,
    /// How long a machine's certificate holds.
    pub certificate_days: u16,
    /// Who failed lately.
    pub failures: Mutex<Failures>,
}

/// Serves an enrolment connection until it ends.
pub async fn serve(connection: &Connection, context: &Arc<EnrollContext>) -> LinkEnd {
    let exchange = async {
        let (mut send, receive) = match connection.accept_bi().await {
            Ok(streams) => streams,
            Err(error) => return error.into(),
        };
        let answer = match read_request(Frames::new(receive)).await {
            Ok(request) => grant(context, request, connection.remote_address().ip()).await,
            Err(LinkEnd::Refused(refusal)) => Err(refusal),
            Err(end) => return end,
        };
        match answer {
            Err(refusal) => {
                refuse(connection, &mut send, &refusal).await;
                LinkEnd::Refused(refusal)
            }
            Ok(answer) => {
                let mut bytes = Vec::new();
                Frame::EnrollAnswer(answer).encode(&mut bytes);
                if let Err(error) = send.write_all(&bytes).await {
                    return error.into();
                }
                if send.finish().is_ok() {
                    // The bridge closes when it has its certificate on disk.
                    connection.closed().await;
                }
                LinkEnd::Finished
            }
        }
    };
    let end = timeout(WITHIN, exchange).await.unwrap_or(LinkEnd::Silent);
    connection.close(VarInt::from_u32(0), b"");
    end
}

async fn read_request(mut frames: Frames) -> Result<EnrollRequest, LinkEnd> {
    loop {
        match frames.next()? {
            Some(Frame::EnrollRequest(request)) => return Ok(request),
            Some(_) => {
                return Err(LinkEnd::Refused(refusal_of(
                    RefusalCode::Malformed,
                    "this connection is for enrolment only",
                )));
            }
            None => frames.read_more().await?,
        }
    }
}

/// Records are synced to the disk, so this runs beside the connections, not among them.
async fn grant(
    context: &Arc<EnrollContext>,
    request: EnrollRequest,
    address: IpAddr,
) -> Result<EnrollAnswer, Refusal> {
    let context = Arc::clone(context);
    tokio::task::spawn_blocking(move || context.grant(&request, address)).await.unwrap_or_else(
        |error| {
            tracing::error!(%error, "an enrolment ended with a panic");
            Err(unavailable())
        },
    )
}

impl EnrollContext {
    fn grant(&self, request: &EnrollRequest, address: IpAddr) -> Result<EnrollAnswer, Refusal> {
        let count = || self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        count().check(Instant::now(), address)?;
        let granted = self.try_grant(request, address);
        match &granted {
            Ok(answer) => tracing::info!(name = %answer.bridge, "a machine enrolled"),
            Err(refusal) => {
                count().add(Instant::now(), address);
                tracing::warn!(reason = refusal.text, "enrolment refused");
            }
        }
        granted
    }

    fn try_grant(&self, request: &EnrollRequest, address: IpAddr) -> Result<EnrollAnswer, Refusal> {
        let now = clock::now();
        let csr = Authority::read_request(&request.csr)
            .map_err(|error| refusal_of(RefusalCode::Malformed, &error.to_string()))?;
        let machine = self.enrolment.redeem(&request.secret, now).map_err(|error| {
            if let TokenRefused::Records(error) = &error {
                return records(error);
            }
            let reason = error.to_string();
            let refused = AuditEvent::TokenRefused { address, reason: reason.clone() };
            self.audit(&refused)
                .map_or_else(|error| error, |()| refusal_of(RefusalCode::Token, &reason))
        })?;
        let certificate = self.authority.issue(csr, machine.name(), now, self.certificate_days);
        let certificate = certificate.map_err(|error| {
            tracing::error!(%machine, %error, "no certificate could be issued; invite it anew");
            unavailable()
        })?;
        // On record first: no machine is admitted without a line in the audit log.
        self.audit(&AuditEvent::enrolled(machine, address))?;
        self.enrolment.enrol(machine, fingerprint(&certificate), now).map_err(|e| records(&e))?;
        let authority = self.authority.certificate().to_vec();
        // The names of all machines are made by one rule, so one field carries each of them.
        let bridge = BridgeId::new(machine.name()).expect("a machine's name is a bridge's as well");
        Ok(EnrollAnswer { bridge, certificate: certificate.to_vec(), authority })
    }

    fn audit(&self, event: &AuditEvent) -> Result<(), Refusal> {
        self.audit.record(clock::now(), event).map_err(|error| records(&error))
    }
}

fn records(error: &AccessError) -> Refusal {
    tracing::error!(%error, "enrolments cannot be read or changed");
    unavailable()
}

fn unavailable() -> Refusal {
    refusal_of(RefusalCode::Unavailable, "the region cannot enrol at the moment; look at its log")
}

fn refusal_of(code: RefusalCode, text: &str) -> Refusal {
    Refusal { code, text: text.to_owned() }
}

/// Who failed to enrol lately.
///
/// # Invariants
///
/// Never more than 1,024 addresses; networks of IPv6 count as one.
#[derive(Debug, Default)]
pub struct Failures {
    counts: BTreeMap<IpAddr, (u32, Instant)>,
}

impl Failures {
    fn check(&mut self, now: Instant, address: IpAddr) -> Result<(), Refusal> {
        self.counts.retain(|_, (_, since)| now.duration_since(*since) < FAILURES_WITHIN);
        match self.counts.get(&self.key(address)) {
            Some((count, _)) if *count >= FAILURES_MAX => Err(refusal_of(
                RefusalCode::Unavailable,
                "too many failed enrolments from this address; wait a minute",
            )),
            _ => Ok(()),
        }
    }

    fn add(&mut self, now: Instant, address: IpAddr) {
        let key = self.key(address);
        self.counts.entry(key).or_insert((0, now)).0 += 1;
    }

    fn key(&self, address: IpAddr) -> IpAddr {
        let network = match address.to_canonical() {
            IpAddr::V6(v6) => {
                let [a, b, c, d, ..] = v6.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
            v4 @ IpAddr::V4(_) => v4,
        };
        let is_full = self.counts.len() >= ADDRESSES_MAX && !self.counts.contains_key(&network);
        if is_full { IpAddr::V6(Ipv6Addr::UNSPECIFIED) } else { network }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_fails_often_waits_a_minute_and_others_do_not() {
        let mut failures = Failures::default();
        let (start, guesser) = (Instant::now(), IpAddr::from([192, 0, 2, 1]));
        for _ in 0..FAILURES_MAX {
            failures.check(start, guesser).unwrap();
            failures.add(start, guesser);
        }
        assert!(failures.check(start, guesser).is_err());
        assert!(failures.check(start, IpAddr::from([192, 0, 2, 2])).is_ok());
        assert!(failures.check(start + FAILURES_WITHIN, guesser).is_ok());
    }

    #[test]
    fn a_flood_of_addresses_is_counted_in_bounded_memory() {
        let mut failures = Failures::default();
        let now = Instant::now();
        for n in 0..3_000u32 {
            failures.add(now, IpAddr::from(n.to_be_bytes()));
        }
        assert_eq!(failures.counts.len(), ADDRESSES_MAX + 1);
    }
}
