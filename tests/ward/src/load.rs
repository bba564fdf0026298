//! A load generator: many bridges and viewers against one region, and what it cost.
//!
//! In: how many of each, for how long. Out: one report with counts, latencies and the
//! server's share of the machine. Never: a verdict; and never silence about its own limits:
//! where the generator itself was late, the report says so.
//!
//! With the real analysis beside the server the monitors play synthesised labours, so that it
//! has something to read, and a viewer of some strips measures how old a level is when it comes.
//!
//! A virtual bridge speaks the real link over real QUIC with a certificate of its own, keeps
//! what is not acknowledged and sends it again after a reconnect. What it leaves out of a
//! bridge is the serial line and the spool file.

mod bridge;
mod identity;
mod report;
mod strips;
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
use viewer::{LevelOutcome, ViewerOutcome};

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
    /// The analysis' process id, where one reads the strips.
    pub analysis_pid: Option<u32>,
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
    let mut readers = JoinSet::new();
    if let (Some(login), Some(_)) = (&target.login, target.analysis_pid) {
        readers.spawn(viewer::read_levels(login.clone(), measure_from, stopped.clone()));
    }
    let strips = Arc::new(match target.analysis_pid {
        Some(_) => strips::labours(),
        None => strips::reassuring(),
    });
    let mut bridges = JoinSet::new();
    let mut endpoint = None;
    for (index, identity) in target.identities.into_iter().take(total).enumerate() {
        if index % BRIDGES_PER_ENDPOINT == 0 {
            endpoint = Some(bridge::endpoint()?);
        }
        let endpoint = endpoint.clone().context("an endpoint was opened for the first bridge")?;
        let bridge = VirtualBridge::new(
            identity,
            (plan.monitors, index * plan.monitors),
            Arc::clone(&strips),
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
    let costs = || Costs::now(target.server_pid, target.analysis_pid);
    let before = costs()?;
    tokio::time::sleep_until(stop_at).await;
    let after = costs()?;

    let mut sum = BridgeOutcome::default();
    while let Some(outcome) = bridges.join_next().await {
        sum.add(outcome?);
    }
    stopping.send_replace(true);
    let mut seen = ViewerOutcome::default();
    while let Some(outcome) = viewers.join_next().await {
        seen.add(outcome??);
    }
    let mut levels = LevelOutcome::default();
    while let Some(outcome) = readers.join_next().await {
        levels.add(outcome??);
    }
    Ok(LoadReport::new(&plan, sum, seen, levels, before, after))
}

/// What the processes have used so far.
#[derive(Clone, Copy, Debug)]
pub struct Costs {
    server: Option<ProcessCost>,
    analysis: Option<ProcessCost>,
    generator: ProcessCost,
}

impl Costs {
    fn now(server_pid: Option<u32>, analysis_pid: Option<u32>) -> anyhow::Result<Self> {
        let cost = |pid: Option<u32>| pid.map(|pid| ProcessCost::of(&pid.to_string())).transpose();
        let (server, analysis) = (cost(server_pid)?, cost(analysis_pid)?);
        Ok(Self { server, analysis, generator: ProcessCost::of("self")? })
    }
}
