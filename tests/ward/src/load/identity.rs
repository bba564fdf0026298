//! Certificates for virtual bridges, each enrolled with the bridge's own command.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use quinn::crypto::rustls::QuicClientConfig;
use quinn::{ClientConfig, TransportConfig, VarInt};
use rustls::RootCertStore;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::region::{Binaries, output_of};

/// Enrolments that run at the same time.
const PARALLEL: usize = 4;

/// A certificate, ready to connect with.
#[derive(Clone)]
pub struct Identity {
    /// The bridge's name.
    pub name: String,
    pub(super) client: ClientConfig,
}

/// Enrols one bridge for each token, in folders below `folder`.
///
/// # Errors
///
/// The first enrolment that fails, with what the bridge's command said.
pub fn enroll_all(
    binaries: &Binaries,
    server: &str,
    folder: &Path,
    invitations: &[(String, String)],
    done: &(dyn Fn() + Sync),
) -> anyhow::Result<Vec<Identity>> {
    let share = invitations.len().div_ceil(PARALLEL).max(1);
    std::thread::scope(|scope| {
        let workers: Vec<_> = invitations
            .chunks(share)
            .map(|chunk| {
                scope.spawn(move || {
                    chunk
                        .iter()
                        .map(|(name, token)| {
                            let identity =
                                enroll(binaries, server, &folder.join(name), name, token);
                            done();
                            identity
                        })
                        .collect::<anyhow::Result<Vec<_>>>()
                })
            })
            .collect();
        let mut all = Vec::with_capacity(invitations.len());
        for worker in workers {
            all.extend(worker.join().map_err(|_| anyhow::anyhow!("an enrolment panicked"))??);
        }
        Ok(all)
    })
}

fn enroll(
    binaries: &Binaries,
    server: &str,
    folder: &Path,
    name: &str,
    token: &str,
) -> anyhow::Result<Identity> {
    std::fs::create_dir_all(folder)?;
    let mut command = Command::new(&binaries.bridge);
    command.args(["enroll", "--server", server, "--token", token, "--data"]).arg(folder);
    output_of(&mut command, b"")?;
    let client = client_config(folder).with_context(|| format!("the identity of {name}"))?;
    Ok(Identity { name: name.to_owned(), client })
}

/// Reads an identity as the bridge's command wrote it.
fn client_config(folder: &Path) -> anyhow::Result<ClientConfig> {
    let file = |name: &str| -> PathBuf { folder.join("identity").join(name) };
    let key = PrivateKeyDer::from_pem_file(file("key.pem")).context("key.pem")?;
    let certificate =
        CertificateDer::from_pem_file(file("certificate.pem")).context("certificate.pem")?;
    let authority =
        CertificateDer::from_pem_file(file("authority.pem")).context("authority.pem")?;
    let mut roots = RootCertStore::empty();
    roots.add(authority)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_root_certificates(roots)
        .with_client_auth_cert(vec![certificate], key)?;
    tls.alpn_protocols = vec![protocol::link::LINK_ALPN.to_vec()];
    let mut transport = TransportConfig::default();
    transport
        .keep_alive_interval(Some(Duration::from_secs(5)))
        .max_idle_timeout(Some(VarInt::from_u32(20_000).into()))
        .stream_receive_window(VarInt::from_u32(64 * 1024))
        .receive_window(VarInt::from_u32(256 * 1024))
        .send_window(256 * 1024)
        .max_concurrent_bidi_streams(VarInt::from_u32(1))
        .max_concurrent_uni_streams(VarInt::from_u32(0));
    let mut config = ClientConfig::new(Arc::new(QuicClientConfig::try_from(tls)?));
    config.transport_config(Arc::new(transport));
    Ok(config)
}
