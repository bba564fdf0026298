//! A load generator: many bridges and viewers against one region, and what it cost.
//!
//! In: how many of each, for how long. Out: one report with counts, latencies and the
//! server's share of the machine. Never: a verdict; and never silence about its own limits:
//! where the generator itself was late, the report says so.
//!
//! A virtual bridge speaks the real link over real QUIC with a certificate of its own, keeps
//! what is not acknowledged and sends it again after a reconnect. What it leaves out of a
//! bridge is the serial line and the spool file.

mod bridge;
mod identity;
mod report;
mod viewer;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

pub use identity::{Identity, enroll_all};
pub use report::{LoadReport, Percentiles, ProcessCost};

use crate::viewer::Login;
use bridge::{BridgeOutcome, VirtualBridge};
use viewer::ViewerOutcome;

/// Bridges that one UDP socket carries.
const BRIDGES_PER_ENDPOINT: usize = 500;
/// How long the end waits for the last acknowledgements.
const DRAIN: Duration = Duration::from_secs(15);

/// How much load, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct LoadPlan {
    /// Bridges, each with a connection and a certificate of its own.
    pub bridges: usize,
    /// Monitors on each bridge; each makes one block a second.
    pub monitors: usize,
    /// Walls that watch everything.
    pub viewers: usize,
    /// Length of the measured part, after all are connected.
    pub measured: Duration,
    /// New connections a second while the load builds up.
    pub connects_per_second: u32,
}

/// Where the load goes.
pub struct Target {
    /// Where bridges connect.
    pub bridges: SocketAddr,
    /// A signed-in person, where viewers are wanted.
    pub login: Option<Login>,
    /// A certificate for each bridge.
    pub identities: Vec<Identity>,
    /// The server's process id, where it runs on this machine.
    pub server_pid: Option<u32>,
}

/// Runs the load.
///
/// # Errors
///
/// Where sockets cannot be opened or no bridge gets through at all.
pub async fn run(plan: LoadPlan, target: Target) -> anyhow::Result<LoadReport> {
    let total = plan.bridges.min(target.identities.len());
    let ramp = Duration::from_secs_f64(total as f64 / f64::from(plan.connects_per_second.max(1)));
    let begin = Instant::now();
    let measure_from = begin + ramp + Duration::from_secs(2);
    let stop_at = measure_from + plan.measured;
    let (stopping, stopped) = watch::channel(false);

    let mut viewers = JoinSet::new();
    if let Some(login) = &target.login {
        for _ in 0..plan.viewers {
            viewers.spawn(viewer::run(login.clone(), measure_from, stopped.clone()));
        }
    }
    let mut bridges = JoinSet::new();
    let mut endpoint = None;
    for (index, identity) in target.identities.into_iter().take(total).enumerate() {
        if index % BRIDGES_PER_ENDPOINT == 0 {
            endpoint = Some(bridge::endpoint()?);
        }
        let endpoint = endpoint.clone().context("an endpoint was opened for the first bridge")?;
        let bridge = VirtualBridge::new(
            identity,
            plan.monitors,
            endpoint,
            target.bridges,
            bridge::Schedule {
                connect_at: begin + ramp.mul_f64(index as f64 / total.max(1) as f64),
                measure_from,
                stop_at,
                drain: DRAIN,
            },
        )?;
        bridges.spawn(bridge.run());
    }

    tokio::time::sleep_until(measure_from).await;
    let before = Costs::now(target.server_pid)?;
    tokio::time::sleep_until(stop_at).await;
    let after = Costs::now(target.server_pid)?;

    let mut sum = BridgeOutcome::default();
    while let Some(outcome) = bridges.join_next().await {
        sum.add(outcome?);
    }
    stopping.send_replace(true);
    let mut seen = ViewerOutcome::default();
    while let Some(outcome) = viewers.join_next().await {
        seen.add(outcome??);
    }
    Ok(LoadReport::new(&plan, sum, seen, before, after))
}

/// What the processes have used so far.
#[derive(Clone, Copy, Debug)]
pub struct Costs {
    server: Option<ProcessCost>,
    generator: ProcessCost,
}

impl Costs {
    fn now(server_pid: Option<u32>) -> anyhow::Result<Self> {
        let server = server_pid.map(|pid| ProcessCost::of(&pid.to_string())).transpose()?;
        Ok(Self { server, generator: ProcessCost::of("self")? })
    }
}

/// One second of a reassuring trace for every block: what the values are does not matter to a
/// server that never looks at them, but their size does.
fn seconds() -> Arc<Vec<vitals::Second>> {
    use vitals::{Activity, ActivityTransducer, Bpm, HeartTransducer, Quality, Reading};
    let mut second = vitals::Second::absent(vitals::Absence::NoTransducer);
    second.transducers.fhr1 = HeartTransducer::Ultrasound;
    second.transducers.ua = ActivityTransducer::External;
    let seconds = (0..60u8).map(|n| {
        second.fhr1 = std::array::from_fn(|tick| {
            let quarters = 540 + u16::from(n % 15) * 3 + tick as u16;
            let value = Bpm::from_quarters(quarters).expect("540 to 600 is in range");
            Reading::Measured { value, quality: Quality::Good }
        });
        let value = Activity::from_halves(20 + n);
        second.ua = [Reading::Measured { value, quality: Quality::Unrated }; 4];
        second
    });
    Arc::new(seconds.collect())
}
