//! What a load run found, as one JSON object.

use std::fs;

use anyhow::Context;
use serde::Serialize;

use super::bridge::BridgeOutcome;
use super::viewer::{LevelOutcome, ViewerOutcome};
use super::{Costs, LoadPlan};

/// Above this lateness at the 99th percentile the generator measures itself.
const LATE_MILLIS_MAX: f64 = 50.0;
/// Clock ticks a second in `/proc`; fixed by Linux for user space.
const TICKS_PER_SECOND: f64 = 100.0;

/// What a load run found. Times in milliseconds, memory in MiB, CPU in seconds.
#[derive(Debug, Serialize)]
pub struct LoadReport {
    /// Bridges that the plan had.
    pub bridges: usize,
    /// Monitors on each.
    pub monitors: usize,
    /// Viewers, each watching everything.
    pub viewers: usize,
    /// Length of the measured part.
    pub seconds: u64,
    /// New connections a second while the load built up.
    pub connects_per_second: u32,
    /// Blocks handed to bridges, from the first connection on.
    pub sent: u64,
    /// Blocks that the region acknowledged.
    pub acknowledged: u64,
    /// Blocks still owed when the run gave up waiting.
    pub lost: u64,
    /// Blocks that a viewer got more than once, or that the store holds more than once.
    pub duplicated: u64,
    /// Blocks that the store holds, where it could be asked.
    pub stored: Option<u64>,
    /// From a sample handed to the bridge to its acknowledgement.
    pub ack_ms: Percentiles,
    /// From a sample handed to the bridge to a viewer.
    pub view_ms: Percentiles,
    /// Blocks that viewers got in all.
    pub viewed: u64,
    /// Blocks that the region skipped for viewers that were too slow.
    pub view_skipped: u64,
    /// Connections that broke and were made again.
    pub reconnects: u64,
    /// The last of their reasons.
    pub last_error: Option<String>,
    /// CPU that the server used in the measured part; absent where it runs elsewhere.
    pub server_cpu_s: Option<f64>,
    /// Memory that the server held at the end of it.
    pub server_rss_mb: Option<f64>,
    /// CPU that the analysis used in the measured part; absent where none ran.
    pub analysis_cpu_s: Option<f64>,
    /// The same for a second of one strip, µs.
    pub analysis_us_per_strip_second: Option<f64>,
    /// Memory that the analysis held at the end of it.
    pub analysis_rss_mb: Option<f64>,
    /// The same for one strip, kB; the process itself is in it.
    pub analysis_kb_per_strip: Option<f64>,
    /// How often the analysis said that it missed blocks, at most every twenty seconds.
    pub analysis_missed: Option<usize>,
    /// From the newest sample behind a level to a viewer of some strips.
    pub level_ms: Percentiles,
    /// How many levels these were.
    pub levels: usize,
    /// CPU that the generator used in the measured part.
    pub generator_cpu_s: f64,
    /// How late the generator was to hand over blocks.
    pub generator_late_ms: Percentiles,
    /// Whether the figures say more of the generator than of the server.
    pub generator_limited: bool,
}

impl LoadReport {
    pub(super) fn new(
        plan: &LoadPlan,
        sum: BridgeOutcome,
        seen: ViewerOutcome,
        levels: LevelOutcome,
        before: Costs,
        after: Costs,
    ) -> Self {
        let late = Percentiles::of(sum.late_micros);
        let cpu = |later: ProcessCost, earlier: ProcessCost| round(later.cpu_s - earlier.cpu_s);
        let strips = (plan.bridges * plan.monitors) as f64;
        let analysis_cpu_s = after.analysis.zip(before.analysis).map(|(a, b)| cpu(a, b));
        Self {
            bridges: plan.bridges,
            monitors: plan.monitors,
            viewers: plan.viewers,
            seconds: plan.measured.as_secs(),
            connects_per_second: plan.connects_per_second,
            sent: sum.sent,
            acknowledged: sum.acknowledged,
            lost: sum.sent - sum.acknowledged,
            duplicated: seen.duplicated,
            stored: None,
            ack_ms: Percentiles::of(sum.ack_micros),
            view_ms: Percentiles::of(seen.view_micros),
            viewed: seen.blocks,
            view_skipped: seen.skipped,
            reconnects: sum.reconnects,
            last_error: sum.last_error,
            server_cpu_s: after.server.zip(before.server).map(|(a, b)| cpu(a, b)),
            server_rss_mb: after.server.map(|cost| round(cost.rss_mb)),
            analysis_cpu_s,
            analysis_us_per_strip_second: analysis_cpu_s
                .map(|cpu_s| round(1e6 * cpu_s / (strips * plan.measured.as_secs_f64()))),
            analysis_rss_mb: after.analysis.map(|cost| round(cost.rss_mb)),
            analysis_kb_per_strip: after.analysis.map(|cost| round(cost.rss_mb * 1024.0 / strips)),
            analysis_missed: None,
            levels: levels.level_micros.len(),
            level_ms: Percentiles::of(levels.level_micros),
            generator_cpu_s: cpu(after.generator, before.generator),
            generator_limited: late.p99 > LATE_MILLIS_MAX,
            generator_late_ms: late,
        }
    }

    /// Takes in how often the analysis' log says that it missed blocks.
    pub fn note_missed(&mut self, times: usize) {
        self.analysis_missed = Some(times);
    }

    /// Takes in what the store holds: all blocks, and how many of them are different.
    pub fn compare_with_store(&mut self, blocks: u64, different: u64) {
        self.stored = Some(blocks);
        self.duplicated += blocks - different;
        self.lost = self.lost.max(self.sent.saturating_sub(different));
    }
}

/// Three places of a distribution, in milliseconds.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Percentiles {
    /// The median.
    pub p50: f64,
    /// Ninety-nine of a hundred are below.
    pub p99: f64,
    /// The largest.
    pub max: f64,
}

impl Percentiles {
    fn of(mut micros: Vec<u32>) -> Self {
        micros.sort_unstable();
        let at = |share: f64| {
            let index = (share * micros.len().saturating_sub(1) as f64).round() as usize;
            round(f64::from(micros.get(index).copied().unwrap_or(0)) / 1000.0)
        };
        Self { p50: at(0.5), p99: at(0.99), max: at(1.0) }
    }
}

/// What a process has used so far.
#[derive(Clone, Copy, Debug)]
pub struct ProcessCost {
    /// CPU time in user and kernel, seconds.
    pub cpu_s: f64,
    /// Resident memory, MiB.
    pub rss_mb: f64,
}

impl ProcessCost {
    /// Reads `/proc/<pid>`; `self` is this process.
    ///
    /// # Errors
    ///
    /// Where the process is gone.
    pub fn of(pid: &str) -> anyhow::Result<Self> {
        let path = format!("/proc/{pid}/stat");
        let stat = fs::read_to_string(&path).with_context(|| format!("reading {path}"))?;
        // The name in brackets may hold spaces; fields count from behind it.
        let behind = stat.rsplit_once(')').context("a process without a name")?.1;
        let fields: Vec<f64> =
            behind.split_whitespace().skip(1).filter_map(|field| field.parse().ok()).collect();
        let field = |n: usize| fields.get(n).copied().context("a short line in /proc");
        let pages = field(20)?;
        Ok(Self {
            cpu_s: (field(10)? + field(11)?) / TICKS_PER_SECOND,
            rss_mb: pages * rustix::param::page_size() as f64 / (1024.0 * 1024.0),
        })
    }
}

fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
