//! The desk of alarms in the region: beside the hub, under its lock, and on the disk.
//!
//! [`Alarms`] is what the hub's driver calls; [`keep`] looks once in a while and writes. What was
//! told to a wall is on the disk within `LOOK_EVERY` and the time of one write; a crash in
//! between raises an alarm again rather than lose one. The audit log has who asked for what
//! before it counts.

use std::collections::BTreeMap;
use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use alert::load::{BedLoad, Day};
use alert::{Bed, Hand, Priority, Rules, Screen, Staff};
use anyhow::Context;
use desk::{Desk, Link, LinkState, Restored, Snapshot, Taken, Told, What};
use hub::{AlarmKey, Analysis, Condition, Hub, Standing, ViewerId};
use protocol::feed::{Attend, Refused, RefusedWhy, TrackNumber};
use protocol::{Block, Publication};
use tokio::sync::watch;
use vitals::{BridgeId, DeviceId, EpisodeId, WallTime};
use wall::{AlarmDay, AlarmLoad, AlarmRow};

use crate::flag::raised;
use crate::live::LiveHub;

/// How often links and the clock are looked at, and changes written. Design: an alarm may be a
/// quarter of a second late.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// A block says which monitoring a bed shows if it was built no longer ago.
const LIVE_MICROS: i64 = 10 * WallTime::MICROS_PER_SECOND;

/// The desk, and what it needs to know of the hub.
#[derive(Debug)]
pub struct Alarms {
    desk: Desk,
    /// Which monitoring each bed shows.
    shown: BTreeMap<Bed, EpisodeId>,
    /// Told of beds that have no track yet, as after a restart.
    untold: Vec<Told>,
    /// A link that is lost counts so long after the last block: then the bed is not in use.
    recent_micros: i64,
}

impl Alarms {
    /// A desk as it was kept.
    #[must_use]
    pub fn new(desk: Desk, recent_micros: i64) -> Self {
        Self { desk, shown: BTreeMap::new(), untold: Vec::new(), recent_micros }
    }

    /// Takes a record that the analysis published.
    pub(crate) fn hear(
        &mut self,
        now: WallTime,
        hub: &mut Hub,
        machine: (BridgeId, DeviceId),
        publication: &Publication,
    ) {
        let (bridge, device) = machine;
        let offset = hub.clock_offset_of(bridge, device).unwrap_or(0);
        // Before the first alarm of the day is counted.
        self.desk.begin_day(day_of(now));
        if self.desk.hear(now, Bed { bridge, device }, publication, offset) == Taken::NoRoom {
            tracing::error!("there are alarms at as many beds as fit; a condition was left out");
        }
        self.tell(hub);
    }

    /// Takes a block that was heard now.
    pub(crate) fn heard(&mut self, now: WallTime, hub: &mut Hub, bridge: BridgeId, block: &Block) {
        let bed = Bed { bridge, device: block.device };
        if self.shown.get(&bed) == Some(&block.episode) {
            return;
        }
        let offset = hub.clock_offset_of(bridge, block.device).unwrap_or(0);
        if now.micros_since(block.built_at.plus_micros(offset)) > LIVE_MICROS {
            return;
        }
        self.shown.insert(bed, block.episode);
        if self.desk.turn_to(now, bed, block.episode) == Taken::NoRoom {
            tracing::error!("there are alarms at as many beds as fit; one has no place");
        }
        self.tell(hub);
    }

    /// Takes what a person at a wall asks for.
    pub(crate) fn attend(
        &mut self,
        now: WallTime,
        hub: &mut Hub,
        viewer: ViewerId,
        request: &Attend,
        account: &str,
    ) {
        let screen = format!("screen {}", viewer.number());
        let hand = Staff::new(account).and_then(|by| Ok(Hand { by, on: Screen::new(&screen)? }));
        let done = match hand {
            Ok(hand) => {
                let bed_of = |track: TrackNumber| {
                    let (bridge, device) = hub.machine_of(track)?;
                    Some(Bed { bridge, device })
                };
                self.desk.attend(now, request, &hand, bed_of)
            }
            Err(_) => Err(RefusedWhy::NotAllowed),
        };
        if let Err(why) = done {
            hub.refuse(now, viewer, Refused::of(request, why));
        }
        self.tell(hub);
    }

    /// Looks at links and at the clock; gives what is to be kept where something changed.
    pub(crate) fn look(&mut self, now: WallTime, hub: &mut Hub) -> Option<Snapshot> {
        let links: Vec<Link> = hub
            .conditions(now)
            .filter_map(|(track, condition)| self.link(now, hub, track, condition))
            .collect();
        let analysis_absent = match hub.analysis(now) {
            Analysis::Present { .. } => None,
            Analysis::Absent { since } => Some(since),
        };
        self.desk.begin_day(day_of(now));
        self.desk.look(now, &links, analysis_absent);
        self.tell(hub);
        self.desk.take_changed().then(|| self.desk.snapshot())
    }

    /// How many alarms there were.
    pub(crate) fn load(&self, hub: &Hub) -> AlarmLoad {
        let load = self.desk.load();
        let days = load.days().map(|(day, rows)| AlarmDay {
            from_micros: day.from.0,
            beds: rows.iter().map(|(bed, row)| alarm_row(hub, *bed, row)).collect(),
        });
        AlarmLoad { days: days.collect(), unplaced: load.unplaced() }
    }

    fn link(
        &self,
        now: WallTime,
        hub: &Hub,
        track: TrackNumber,
        condition: Condition,
    ) -> Option<Link> {
        let (bridge, device) = hub.machine_of(track)?;
        let (state, since) = match condition {
            Condition::LinkLost { since } => {
                let last = hub.last_received_at(track)?;
                if now.micros_since(last) > self.recent_micros {
                    return None;
                }
                (LinkState::Lost, since)
            }
            Condition::Silent { since } => (LinkState::Silent, since),
            Condition::AnalysisAbsent { .. } => return None,
        };
        Some(Link { bed: Bed { bridge, device }, state, since })
    }

    fn tell(&mut self, hub: &mut Hub) {
        let new = std::iter::from_fn(|| self.desk.poll_told());
        let all: Vec<Told> = std::mem::take(&mut self.untold).into_iter().chain(new).collect();
        for told in all {
            let track = match told.bed {
                None => Some(TrackNumber::REGION),
                Some(Bed { bridge, device }) => hub.track_of(bridge, device),
            };
            let Some(track) = track else {
                self.untold.push(told);
                continue;
            };
            let key = match told.what {
                What::Alarm(number) => AlarmKey::Alarm(number),
                What::Pause => AlarmKey::Pause(track),
            };
            let standing = if told.is_over { Standing::Over } else { Standing::Open };
            hub.tell_alarm(track, key, standing, &told.record);
        }
    }
}

fn alarm_row(hub: &Hub, bed: Option<Bed>, row: &BedLoad) -> AlarmRow {
    let track = bed.and_then(|bed| hub.track_of(bed.bridge, bed.device));
    AlarmRow {
        track: track.map(|track| track.0),
        machine: bed.map(|Bed { bridge, device }| format!("{bridge}/{device}")),
        low: row.raised_as(Priority::Low),
        medium: row.raised_as(Priority::Medium),
        high: row.raised_as(Priority::High),
        promoted: row.promoted,
        escalations: row.escalations,
        acknowledged: row.acknowledged,
        response_median_s: row.response_median_s(),
        invalid: row.invalid,
        invalid_share: row.invalid_share(),
    }
}

/// Japan is nine hours ahead of UTC, and moves no clock in summer.
const JAPAN_MICROS: i64 = 9 * 3_600 * WallTime::MICROS_PER_SECOND;
const DAY_MICROS: i64 = 24 * 3_600 * WallTime::MICROS_PER_SECOND;

/// The day of a time, from midnight to midnight of Japan.
fn day_of(now: WallTime) -> Day {
    let day = now.plus_micros(JAPAN_MICROS).0.div_euclid(DAY_MICROS);
    let from = WallTime(day.saturating_mul(DAY_MICROS).saturating_sub(JAPAN_MICROS));
    Day { from, to: from.plus_micros(DAY_MICROS) }
}

/// The file of the desk: replaced as a whole, for its owner alone.
#[derive(Clone, Debug)]
pub struct AlarmFile {
    path: PathBuf,
}

impl AlarmFile {
    /// Reads the desk of a data directory; an empty one where there is no file yet.
    ///
    /// # Errors
    ///
    /// Where a file is there and cannot be read.
    pub fn open(data: &Path) -> anyhow::Result<(Self, Desk)> {
        let path = data.join("alarms.jsonl");
        let text = match fs::read(&path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => {
                return Err(error).with_context(|| {
                    format!("could not read the alarms in '{}'; check its rights", path.display())
                });
            }
        };
        let Restored { desk, refused } = Desk::restore(Rules::shipped(), &text);
        for refused in &refused {
            tracing::error!(refused, "part of the kept alarms is damaged; all others are used");
        }
        Ok((Self { path }, desk))
    }

    fn replace(&self, text: &str) -> io::Result<()> {
        let unfinished = self.path.with_extension("unfinished");
        let mut file = File::create(&unfinished)?;
        file.set_permissions(Permissions::from_mode(0o600))?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&unfinished, &self.path)?;
        File::open(self.path.parent().expect("the file lies in the data directory"))?.sync_all()
    }
}

/// Looks, and writes what changed, until the region stops; the last change is written too.
pub async fn keep(live: Arc<LiveHub>, file: AlarmFile, mut stopping: watch::Receiver<bool>) {
    let mut owed: Option<Snapshot> = None;
    let mut is_failing = false;
    loop {
        let is_last = tokio::select! {
            () = raised(&mut stopping) => true,
            () = tokio::time::sleep(LOOK_EVERY) => false,
        };
        owed = live.look_at_alarms().or(owed);
        if let Some(snapshot) = owed.take() {
            let to = file.clone();
            let written = tokio::task::spawn_blocking(move || {
                to.replace(&snapshot.to_text()).map_err(|error| (error, snapshot))
            });
            match written.await {
                Ok(Ok(())) => is_failing = false,
                Ok(Err((error, snapshot))) => {
                    // Said once: it is tried again four times a second.
                    if !is_failing {
                        tracing::error!(%error, "alarms cannot be kept; walls go on showing them");
                    }
                    (is_failing, owed) = (true, Some(snapshot));
                }
                Err(error) => tracing::error!(%error, "keeping alarms ended with a panic"),
            }
        }
        if is_last {
            return;
        }
    }
}
