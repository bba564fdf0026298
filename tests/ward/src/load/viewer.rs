//! One viewer that reads everything as fast as it comes and checks what it reads.

use std::collections::HashMap;

use protocol::Publication;
use protocol::analysis::{AssessmentSpan, Body};
use protocol::block::Block;
use protocol::feed::{FeedFrame, Marks, TrackNumber, Watch};
use tokio::sync::watch;
use tokio::time::Instant;

use super::bridge::wall_now;
use crate::viewer::Login;

/// What one viewer, or all of them, saw.
#[derive(Debug, Default)]
pub(super) struct ViewerOutcome {
    pub(super) blocks: u64,
    pub(super) duplicated: u64,
    pub(super) skipped: u64,
    pub(super) view_micros: Vec<u32>,
}

impl ViewerOutcome {
    pub(super) fn add(&mut self, other: Self) {
        self.blocks += other.blocks;
        self.duplicated += other.duplicated;
        self.skipped += other.skipped;
        self.view_micros.extend(other.view_micros);
    }
}

/// Watches until told to stop.
pub(super) async fn run(
    login: Login,
    measure_from: Instant,
    mut stopped: watch::Receiver<bool>,
) -> anyhow::Result<ViewerOutcome> {
    let mut viewer = login.watch(&Watch { history_seconds: 0, tracks: Vec::new() }).await?;
    let mut outcome = ViewerOutcome::default();
    let mut next: HashMap<(TrackNumber, u64), u64> = HashMap::new();
    loop {
        let frame = tokio::select! {
            frame = viewer.next_frame() => frame?,
            _ = stopped.wait_for(|stopped| *stopped) => None,
        };
        let Some(frame) = frame else { return Ok(outcome) };
        let arrived = wall_now();
        match FeedFrame::decode(&frame)? {
            FeedFrame::Blocks { entries, .. } => {
                for entry in entries.iter().filter(|entry| !entry.marks.contains(Marks::HISTORY)) {
                    let block = Block::decode(entry.block)?;
                    outcome.blocks += 1;
                    let expected = next.entry((entry.track, block.epoch)).or_insert(block.seq);
                    outcome.duplicated += u64::from(block.seq < *expected);
                    *expected = (*expected).max(block.seq + 1);
                    if Instant::now() >= measure_from {
                        let micros = arrived.micros_since(block.built_at).max(0);
                        outcome.view_micros.push(u32::try_from(micros).unwrap_or(u32::MAX));
                    }
                }
            }
            FeedFrame::Missed { count, .. } => outcome.skipped += u64::from(count),
            FeedFrame::Roster { .. }
            | FeedFrame::Beat { .. }
            | FeedFrame::Analysis { .. }
            | FeedFrame::Analyst { .. }
            | FeedFrame::Alerts { .. }
            | FeedFrame::Refused { .. } => {}
        }
    }
}

/// Strips whose levels are looked at: reading all of them would cost as much as analysing them.
const LEVEL_TRACKS: u16 = 64;

/// What the reader of levels saw.
#[derive(Debug, Default)]
pub(super) struct LevelOutcome {
    pub(super) records: u64,
    pub(super) level_micros: Vec<u32>,
}

impl LevelOutcome {
    pub(super) fn add(&mut self, other: Self) {
        self.records += other.records;
        self.level_micros.extend(other.level_micros);
    }
}

/// Reads what the analysis says of some strips, until told to stop: how old was the newest
/// sample behind a level when the level came.
pub(super) async fn read_levels(
    login: Login,
    measure_from: Instant,
    mut stopped: watch::Receiver<bool>,
) -> anyhow::Result<LevelOutcome> {
    let tracks = (0..LEVEL_TRACKS).map(TrackNumber).collect();
    let mut viewer = login.watch(&Watch { history_seconds: 0, tracks }).await?;
    let mut outcome = LevelOutcome::default();
    loop {
        let frame = tokio::select! {
            frame = viewer.next_frame() => frame?,
            _ = stopped.wait_for(|stopped| *stopped) => None,
        };
        let Some(frame) = frame else { return Ok(outcome) };
        let arrived = wall_now();
        let FeedFrame::Analysis { entries, .. } = FeedFrame::decode(&frame)? else { continue };
        for entry in entries.iter().filter(|_| Instant::now() >= measure_from) {
            outcome.records += 1;
            // The last minutes of a level end with the newest sample that it rests on.
            if let Body::Assessment(level) = Publication::decode(entry.record)?.body
                && level.span == AssessmentSpan::Rolling
            {
                let micros = arrived.micros_since(level.to).max(0);
                outcome.level_micros.push(u32::try_from(micros).unwrap_or(u32::MAX));
            }
        }
    }
}
