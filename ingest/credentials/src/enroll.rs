//! The first call: a one-time token for a certificate.
//!
//! The key is made here and never leaves. The region is known by the fingerprint of its
//! authority in the token, so that not even the first call can be answered by somebody else.

use std::path::Path;
use std::time::Duration;

use protocol::Token;
use protocol::link::{EnrollAnswer, EnrollRequest, Frame, Refusal, RefusalCode};
use quinn::{Connection, VarInt};
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};
use rustls::pki_types::{PrivatePkcs8KeyDer, UnixTime};
use tokio::time::timeout;
use vitals::WallTime;
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::connection::{LinkError, connect_with};
use crate::identity::{Identity, IdentityError};
use crate::machine::Machine;
use crate::tls;

/// How long the region may take for its answer.
const PATIENCE: Duration = Duration::from_secs(15);
/// Most bytes of an answer: one frame.
const ANSWER_BYTES_MAX: usize = 20_000;

/// What to do with an identity that still holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// Keep it, and refuse.
    Keep,
    /// Put it aside.
    Replace,
}

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EnrollError {
    /// The identity on disk.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The connection.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// The region refused.
    #[error("the region refused: {}{}", .0.text, hint(.0.code))]
    Refused(Refusal),
    /// The region took too long.
    #[error("the region did not answer within {} s; try again", PATIENCE.as_secs())]
    NoAnswer,
    /// The answer is not what was asked for.
    #[error("the region's answer cannot be used: {0}")]
    Answer(String),
    /// No key could be made.
    #[error("could not make a key: {0}")]
    Key(#[from] rcgen::Error),
}

/// Enrols this machine at `now`, writes its identity to the data folder, and gives its name.
///
/// # Errors
///
/// [`EnrollError`]; an identity that was there is then as it was.
pub async fn enroll(
    machine: Machine,
    now: WallTime,
    server: &str,
    token: &Token,
    data: &Path,
    existing: Existing,
) -> Result<String, EnrollError> {
    if existing == Existing::Keep {
        check_free(machine, now, data)?;
    }
    let key = KeyPair::generate()?;
    let answer = ask(machine, server, token, &key).await?;
    check_answer(&answer, token, &key, now).map_err(EnrollError::Answer)?;
    let pkcs8 = PrivatePkcs8KeyDer::from(key.serialize_der());
    let name = answer.bridge.to_string();
    Identity::store(machine, data, &name, &answer.certificate, &answer.authority, &pkcs8)?;
    Ok(name)
}

/// Refuses where an identity is in place that still holds: the token would be spent in vain.
fn check_free(machine: Machine, now: WallTime, data: &Path) -> Result<(), IdentityError> {
    match Identity::load(machine, data) {
        Ok(identity) if identity.validity.contains(now) => Err(IdentityError::Exists {
            path: Identity::folder(data),
            name: identity.name,
            until: identity.validity.until,
        }),
        // What is damaged or has expired is of no use to anybody.
        Ok(_) | Err(IdentityError::NotEnrolled { .. } | IdentityError::Damaged { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

async fn ask(
    machine: Machine,
    server: &str,
    token: &Token,
    key: &KeyPair,
) -> Result<EnrollAnswer, EnrollError> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.distinguished_name = DistinguishedName::new();
    // The region gives the name; this only says what is asking.
    params.distinguished_name.push(DnType::CommonName, machine.program);
    let csr = params.serialize_request(key)?.der().to_vec();
    let request = Frame::EnrollRequest(EnrollRequest { secret: token.secret.to_vec(), csr });

    let unusable = |source| LinkError::Tls { machine, source };
    let tls = tls::enroll_config(token.authority).map_err(unusable)?;
    let (endpoint, connection) = connect_with(machine, server, tls).await?;
    let answer = timeout(PATIENCE, exchange(&connection, &request)).await;
    connection.close(VarInt::from_u32(0), b"");
    endpoint.wait_idle().await;
    match answer.map_err(|_| EnrollError::NoAnswer)?.map_err(EnrollError::Answer)? {
        Frame::EnrollAnswer(answer) => Ok(answer),
        Frame::Refusal(refusal) => Err(EnrollError::Refused(refusal)),
        _ => Err(EnrollError::Answer("it is a frame of another kind".to_owned())),
    }
}

async fn exchange(connection: &Connection, request: &Frame) -> Result<Frame, String> {
    let (mut send, mut receive) = connection.open_bi().await.map_err(|e| e.to_string())?;
    send.write_all(&request.to_bytes()).await.map_err(|e| e.to_string())?;
    send.finish().map_err(|e| e.to_string())?;
    let mut inbox = Vec::new();
    loop {
        if let Some((frame, _)) = Frame::decode(&inbox).map_err(|e| e.to_string())? {
            return Ok(frame);
        }
        match receive.read_chunk(ANSWER_BYTES_MAX, true).await {
            Ok(Some(chunk)) => inbox.extend_from_slice(&chunk.bytes),
            Ok(None) => return Err("the region closed without an answer".to_owned()),
            Err(error) => return Err(error.to_string()),
        }
    }
}

/// Whether the answer gives this key a certificate of the region that the token names.
fn check_answer(
    answer: &EnrollAnswer,
    token: &Token,
    key: &KeyPair,
    now: WallTime,
) -> Result<(), String> {
    if tls::fingerprint(&answer.authority) != token.authority {
        return Err("it names another authority than the token".to_owned());
    }
    let (_, certificate) = X509Certificate::from_der(&answer.certificate)
        .map_err(|_| "it holds no certificate".to_owned())?;
    if certificate.public_key().subject_public_key.data.as_ref() != key.public_key_raw() {
        return Err("the certificate is for another key".to_owned());
    }
    let since_1970 = Duration::from_micros(u64::try_from(now.0).unwrap_or(0));
    let now = UnixTime::since_unix_epoch(since_1970);
    tls::check_issued(&answer.certificate, &answer.authority, now)
        .map_err(|error| format!("the certificate is not good ({error}); is a clock wrong?"))
}

fn hint(code: RefusalCode) -> &'static str {
    match code {
        RefusalCode::Token => "; a token works once and for a limited time, ask for a new one",
        RefusalCode::Version => "; machine and region are of different versions, update the older",
        RefusalCode::Unavailable => "; try again in a minute",
        _ => "",
    }
}
