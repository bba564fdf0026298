//! What the analysis finds reaches the wall and the store, and its death harms nothing else.
//!
//! A virtual monitor plays late decelerations a minute a second. The real bridge, server and
//! analysis run; a wall sees findings and levels, the store has them. The analysis is killed:
//! the wall says so within ten seconds, and strips go on. It comes back: the same ids go on,
//! and nothing that was said is said as new again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use promises::{PASSWORD, Stage, USER, until};
use protocol::Publication;
use protocol::analysis::{Body, Finding, PublicationKey, State};
use protocol::feed::{AnalystState, FeedFrame, SetMarks, Watch};
use ward::region::WatchFolder;
use ward::viewer::Login;

/// So many played seconds pass in one.
const SPEED: &str = "60";
/// Times run ahead of the clock; the bridge is not to take that for a step of the clock.
const AHEAD_MINUTES: i64 = 24 * 60;
/// A wall knows by then that the analysis is gone.
const ABSENT_WITHIN: Duration = Duration::from_secs(10);
const PATIENCE: Duration = Duration::from_secs(120);

#[test]
fn findings_reach_wall_and_store_and_a_killed_analysis_goes_on_where_it_was() -> anyhow::Result<()>
{
    let stage = Stage::new()?;
    let bridge = stage.bridge("clinic", "bed-1")?;
    bridge.set("episode_gap_minutes", AHEAD_MINUTES)?;
    let folder = WatchFolder::write(&stage.folder().join("analysis"), stage.running().bridges)?;
    folder.enroll(&stage.binaries, stage.running(), "analysis-1")?;
    let wall = Wall::open(&stage)?;
    let analysis = folder.start(&stage.binaries)?;
    let monitor = stage.monitor("bed-1", "late-decelerations", &["--speed", SPEED])?;
    let bridge = bridge.start(&stage.binaries)?;

    wall.until("a final deceleration and a level", |seen| {
        let has_final = seen
            .records
            .values()
            .any(|record| record.state == State::Final && is_deceleration(record));
        let has_level = seen.records.values().any(|record| {
            matches!(&record.body, Body::Assessment(assessment) if assessment.jsog.is_ok())
        });
        (has_final && has_level).then_some(())
    })?;
    wall.until("the analysis is present", |seen| {
        (seen.analyst == Some(AnalystState::Present)).then_some(())
    })?;
    until("findings and levels in the store", PATIENCE, || {
        let findings = stage.number("SELECT count(*) FROM findings")?;
        let assessments = stage.number("SELECT count(*) FROM assessments")?;
        Ok((findings > 0 && assessments > 0).then_some(()))
    })?;

    let blocks = wall.look(|seen| seen.blocks);
    analysis.kill()?;
    let killed = Instant::now();
    wall.until("the wall says that the analysis is absent", |seen| {
        (seen.analyst == Some(AnalystState::Absent)).then_some(())
    })?;
    let took = killed.elapsed();
    ensure!(took <= ABSENT_WITHIN, "absent after {took:?}");
    wall.until("strips go on", |seen| (seen.blocks > blocks + 60).then_some(()))?;

    let before = wall.look(|seen| {
        seen.since_mark.clear();
        seen.records.clone()
    });
    let analysis = folder.start(&stage.binaries)?;
    let ids = wall.until("what was provisional before has become final", |seen| {
        let went_on = |record: &&Publication| {
            let was = before.get(&record.key());
            is_finding(record)
                && record.state == State::Final
                && was.is_some_and(|was| was.state == State::Provisional)
        };
        let ids: Vec<_> = seen.since_mark.iter().filter(went_on).map(|record| record.id).collect();
        (!ids.is_empty()).then_some(ids)
    })?;
    println!("{} findings went on under their ids", ids.len());

    let said = wall.look(|seen| seen.since_mark.clone());
    nothing_is_new_twice(&before, &said)?;
    nothing_is_raised_anew(&before, &said)?;

    analysis.stop()?;
    bridge.stop()?;
    monitor.stop()
}

fn is_finding(record: &Publication) -> bool {
    matches!(record.body, Body::Finding(_))
}

fn is_deceleration(record: &Publication) -> bool {
    matches!(&record.body, Body::Finding(finding) if (0x10..=0x14).contains(&finding.kind.code()))
}

/// A finding with an id that nobody knew must not be one that was known before.
fn nothing_is_new_twice(
    before: &BTreeMap<PublicationKey, Publication>,
    said: &[Publication],
) -> anyhow::Result<()> {
    for record in said.iter().filter(|record| !before.contains_key(&record.key())) {
        let Body::Finding(finding) = &record.body else { continue };
        for known in before.values() {
            let Body::Finding(of) = &known.body else { continue };
            ensure!(!is_the_same(finding, of), "{finding:?} was known as {of:?}");
        }
    }
    Ok(())
}

/// Of one kind, and at one time for more than half of the shorter.
fn is_the_same(one: &Finding, other: &Finding) -> bool {
    let group = |finding: &Finding| finding.kind.code() >> 4;
    let overlap = one.to.min(other.to).micros_since(one.from.max(other.from));
    let shorter = one.to.micros_since(one.from).min(other.to.micros_since(other.from));
    group(one) == group(other) && 2 * overlap > shorter
}

/// A condition that held before must be over before it can be raised again.
fn nothing_is_raised_anew(
    before: &BTreeMap<PublicationKey, Publication>,
    said: &[Publication],
) -> anyhow::Result<()> {
    let mut held = BTreeMap::new();
    for record in before.values().chain(said) {
        let Body::Condition(condition) = &record.body else { continue };
        let was = held.insert(condition.kind, *condition);
        let is_anew = was.is_some_and(|was| {
            was.is_active && condition.is_active && was.since != condition.since
        });
        ensure!(!is_anew, "{condition:?} held already since {was:?}");
    }
    Ok(())
}

/// What a wall has seen.
#[derive(Default)]
struct Seen {
    analyst: Option<AnalystState>,
    blocks: u64,
    /// The newest of each record that was not withdrawn.
    records: BTreeMap<PublicationKey, Publication>,
    /// Everything said since the test made a mark.
    since_mark: Vec<Publication>,
}

/// A wall, read by a thread of its own.
struct Wall {
    seen: Arc<Mutex<Seen>>,
    reader: std::thread::JoinHandle<anyhow::Result<()>>,
}

impl Wall {
    fn open(stage: &Stage) -> anyhow::Result<Self> {
        let web = stage.running().web.clone();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let filled = Arc::clone(&seen);
        let reader = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let login = Login::at(&web, USER, PASSWORD).await?;
                let watch = Watch { history_seconds: 0, tracks: Vec::new() };
                let mut viewer = login.watch(&watch).await?;
                while let Some(frame) = viewer.next_frame().await? {
                    let mut seen = filled.lock().unwrap_or_else(PoisonError::into_inner);
                    seen.take(&frame)?;
                }
                Ok(())
            })
        });
        Ok(Self { seen, reader })
    }

    fn look<T>(&self, look: impl FnOnce(&mut Seen) -> T) -> T {
        look(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn until<T>(&self, what: &str, look: impl Fn(&mut Seen) -> Option<T>) -> anyhow::Result<T> {
        until(what, PATIENCE, || {
            ensure!(!self.reader.is_finished(), "the wall was closed");
            Ok(self.look(&look))
        })
    }
}

impl Seen {
    fn take(&mut self, frame: &[u8]) -> anyhow::Result<()> {
        match FeedFrame::decode(frame)? {
            FeedFrame::Blocks { entries, .. } => self.blocks += entries.len() as u64,
            FeedFrame::Analyst { state, .. } => self.analyst = Some(state),
            FeedFrame::Analysis { marks, entries, .. } => {
                if marks.contains(SetMarks::BEGINS) {
                    self.records.clear();
                }
                for entry in entries {
                    let record = Publication::decode(entry.record).context("a record")?;
                    self.since_mark.push(record.clone());
                    if record.state == State::Withdrawn {
                        self.records.remove(&record.key());
                    } else {
                        self.records.insert(record.key(), record);
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }
}
