//! The wiring: what is opened, in which order, and how it ends.
//!
//! Opening goes from what can be wrong to what is seen: data directory, certificates, store,
//! sockets. Only when both listen is the ready file written. Stopping goes the other way:
//! bridges are not read any more, what was read is committed and acknowledged, then
//! connections close, and the store last.

use std::fs::{self, DirBuilder};
use std::future::Future;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use access::{Accounts, Audit, Enrolment, SessionsSettings};
use anyhow::Context;
use hub::{Hub, HubOptions};
use store::{Recovered, Store, StoreOptions};
use tokio::sync::{mpsc, watch};
use wall::{Gate, Wall, WallSettings};

use crate::alarms::{AlarmFile, Alarms};
use crate::commands::user::access_directory;
use crate::committer::{Committer, QUEUE_ITEMS_MAX};
use crate::config::{Config, WebProtection};
use crate::enroll::{EnrollContext, Failures};
use crate::flag::raised;
use crate::link::LinkContext;
use crate::listener::{Listener, ListenerSettings};
use crate::live::LiveHub;
use crate::pki::Authority;
use crate::web::{Protection, Web, WebSettings};
use crate::{alarms, clock, tls};

/// Where the region's certificates stand in a data directory.
#[must_use]
pub fn pki_directory(data: &Path) -> PathBuf {
    data.join("pki")
}

/// Where recordings stand in a data directory.
#[must_use]
pub fn store_directory(data: &Path) -> PathBuf {
    data.join("store")
}

/// The data directory.
#[derive(Debug)]
pub struct DataDir;

impl DataDir {
    /// Makes the directory, for its owner alone, where it is missing.
    ///
    /// # Errors
    ///
    /// Where it cannot be made.
    pub fn open(path: &Path) -> anyhow::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(path).with_context(|| {
            format!(
                "could not make the data directory '{}'; check its path and rights",
                path.display()
            )
        })
    }
}

/// Runs the server until `asked_to_stop` ends.
///
/// # Errors
///
/// Why it could not start.
pub async fn run(
    config: Config,
    ready_file: Option<&Path>,
    asked_to_stop: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    tracing::info!(?config, "effective configuration");
    if let Some(path) = ready_file {
        remove_stale(path)?;
    }
    DataDir::open(&config.data)?;
    let now = clock::now();
    let store_dir = store_directory(&config.data);
    let options = StoreOptions { recent: config.recent, ..StoreOptions::default() };
    let (store, mut recovered) = Store::open(&store_dir, options)?;
    report(&recovered);
    let (queue, queued) = mpsc::channel(QUEUE_ITEMS_MAX);
    let hub = restore(&config, &mut recovered);
    let (alarm_file, desk) = AlarmFile::open(&config.data)?;
    let alarms = Alarms::new(desk, micros(config.recent));
    let live = Arc::new(LiveHub::new(hub, alarms, queue.downgrade()));
    drop(recovered);

    let pki_dir = pki_directory(&config.data);
    let authority = Authority::open(&pki_dir, now)?;
    let identity = authority.server_identity(&pki_dir, now)?;
    let access_dir = access_directory(&config.data);
    let enrolment = Arc::new(Enrolment::open(&access_dir)?);
    let bridges = ListenerSettings {
        listen: config.bridges.listen,
        connections_max: config.bridges.connections_max,
    };
    let bridges = Listener::bind(&bridges, identity)?;
    let web = Web::bind(web_settings(&config)?).await?;
    let wall = open_wall(&config, &access_dir, Arc::clone(&live))?;

    let (stop, stopping) = watch::channel(false);
    let committer = Committer {
        store,
        live: Arc::clone(&live),
        queue: queued,
        window: config.commit_window,
        store_dir,
    };
    let committer = committer.start().context("the committer could not be started")?;
    let link = LinkContext {
        live: Arc::clone(&live),
        enrolment: Arc::clone(&enrolment),
        queue,
        stopping: stopping.clone(),
        committed: committer.done(),
    };
    let enroll = EnrollContext {
        authority,
        enrolment,
        audit: Audit::open(&access_dir)?,
        certificate_days: config.bridges.certificate_days,
        failures: Mutex::new(Failures::default()),
    };
    let (bridges_address, web_url) = (bridges.address(), web.url());
    let bridges = bridges.start(link, Arc::new(enroll))?;
    let waker = tokio::spawn({
        let live = Arc::clone(&live);
        async move { live.wake_walls().await }
    });
    let alarms = tokio::spawn(alarms::keep(Arc::clone(&live), alarm_file, stopping.clone()));
    let web = tokio::spawn({
        let mut stopping = stopping;
        web.run(wall, async move { raised(&mut stopping).await })
    });
    if let Some(path) = ready_file {
        write_ready_file(path, bridges_address, &web_url)?;
    }
    tracing::info!(bridges = %bridges_address, wall = web_url, "ready");

    asked_to_stop.await;
    stop.send_replace(true);
    let ended = tokio::task::spawn_blocking(move || {
        committer.join();
        bridges.join()
    });
    if let Ok(Err(_)) = ended.await {
        tracing::error!("the listener for bridges ended with a panic");
    }
    if let Err(error) = web.await {
        tracing::error!(%error, "the web server ended with a panic");
    }
    if let Err(error) = alarms.await {
        tracing::error!(%error, "keeping alarms ended with a panic");
    }
    waker.abort();
    tracing::info!("stopped");
    Ok(())
}

fn report(recovered: &Recovered) {
    let Recovered { runs, records, hot_blocks, sealed_files, dropped_bytes, .. } = recovered;
    let (runs, records) = (runs.len(), records.len());
    tracing::info!(runs, hot_blocks, sealed_files, records, dropped_bytes, "store opened");
    for damaged in &recovered.damaged {
        tracing::error!(?damaged, "a recording is damaged; all others are used");
    }
}

/// What the hub must know of the past: which blocks it has, the recent strips, and what was
/// published about them.
fn restore(config: &Config, recovered: &mut Recovered) -> Hub {
    let mut hub = Hub::new(HubOptions {
        recent_micros: micros(config.recent),
        late_after_micros: micros(config.late_after),
        ..HubOptions::default()
    });
    for run in &recovered.runs {
        // The store's ranges end before their second number, the hub's with it.
        let ranges: Vec<_> =
            run.ranges.iter().map(|&(first, end)| (first, end.saturating_sub(1))).collect();
        hub.restore(run.bridge, run.device, run.epoch, &ranges);
    }
    for recent in &recovered.recent {
        hub.restore_recent(clock::now(), recent.bridge, recent.received_at, &recent.block);
    }
    for record in recovered.records.drain(..) {
        hub.restore_record(clock::now(), record.bridge, record.device, record.publication);
    }
    hub
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).expect("the configuration bounds it to hours")
}

fn web_settings(config: &Config) -> anyhow::Result<WebSettings> {
    let protection = match &config.web.protection {
        WebProtection::Loopback => Protection::Loopback,
        WebProtection::Tls { certificate, key } => {
            Protection::Tls(tls::from_files(certificate, key)?)
        }
        WebProtection::Proxy { trusted } => Protection::Proxy { trusted: trusted.clone() },
    };
    // A screen has two or three connections.
    let connections_max = 4 * config.web.screens_max;
    Ok(WebSettings { listen: config.web.listen, protection, connections_max })
}

fn open_wall(config: &Config, access_dir: &Path, live: Arc<LiveHub>) -> anyhow::Result<Arc<Wall>> {
    let accounts = Accounts::open(access_dir)?;
    let gate = Gate::new(accounts, Audit::open(access_dir)?, SessionsSettings::default());
    let settings = WallSettings {
        screens_max: config.web.screens_max,
        webrtc_address: config.web.webrtc_address,
        ..WallSettings::default()
    };
    Ok(Wall::new(live, gate, settings))
}

/// A file of an earlier run must not be taken for this one's.
fn remove_stale(ready_file: &Path) -> anyhow::Result<()> {
    match fs::remove_file(ready_file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error).with_context(|| {
            format!("could not remove the ready file '{}' of an earlier run", ready_file.display())
        }),
        _ => Ok(()),
    }
}

/// Whoever waits for the file finds it whole or not at all.
fn write_ready_file(path: &Path, bridges: SocketAddr, web: &str) -> anyhow::Result<()> {
    let web = web.trim_end_matches('/');
    let text = serde_json::json!({ "bridges": bridges.to_string(), "web": web }).to_string();
    let unfinished = path.with_extension("unfinished");
    let write = || {
        fs::File::create(&unfinished)?.write_all(text.as_bytes())?;
        fs::rename(&unfinished, path)
    };
    write().with_context(|| format!("could not write the ready file '{}'", path.display()))
}
