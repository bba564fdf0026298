//! The hub's promises to and about an analysis, under time that is handed in.

#![expect(clippy::unwrap_used, reason = "a test may panic, and says where")]

use std::collections::BTreeMap;

use hub::{Analysis, Condition, Hub, HubOptions, Published, RecordRefused, ViewerId};
use proptest::prelude::*;
use protocol::Publication;
use protocol::analysis::{
    Baseline, Body, Condition as Physiological, ConditionKind, Fetus, Finding, FindingKind,
    JudgeRole, Judgement, Profiles, PublicationKey, State,
};
use protocol::feed::{
    AnalystState, FRAME_BYTES_MAX, FeedFrame, RecordEntry, SetMarks, TrackNumber, Watch,
};
use protocol::link::{Device, Hello, SiteKind, VERSIONS};
use vitals::{AnalystId, BridgeId, DeviceId, EpisodeId, WallTime};

const START: WallTime = WallTime(1_795_392_000_000_000);
const SECOND: i64 = WallTime::MICROS_PER_SECOND;
const MINUTE: i64 = 60 * SECOND;

#[test]
fn who_watches_gets_the_whole_set_and_then_what_changes() {
    let mut region = Region::new();
    let watch = region.analyst("watch-1");
    region.publish(watch, 0, &finding(1, 1, START)).unwrap();
    region.publish(watch, 0, &finding(2, 1, START)).unwrap();
    region.publish(watch, 0, &finding(1, 2, START)).unwrap();
    let mut wall = Wall::open(&mut region.hub, &[]);
    wall.pull(&mut region.hub, START);
    assert_eq!(wall.revisions(), [(0, 1, 2), (0, 2, 1)]);
    assert_eq!((wall.sets_begun, wall.sets_ended), (1, 1));
    region.publish(watch, 1, &finding(3, 1, START)).unwrap();
    region.publish(watch, 0, &finding(2, 7, START)).unwrap();
    wall.pull(&mut region.hub, START);
    assert_eq!(wall.revisions(), [(0, 1, 2), (0, 2, 7), (1, 3, 1)]);
    assert_eq!(wall.sets_begun, 1, "changes are no new set");
}

#[test]
fn a_revision_that_does_not_rise_is_known_and_goes_nowhere() {
    let mut region = Region::new();
    let watch = region.analyst("watch-1");
    let fresh = region.publish(watch, 0, &finding(1, 5, START)).unwrap();
    let Published::Fresh { bridge, device, publication } = fresh else { panic!("it is new") };
    assert_eq!((bridge, device), (bridge_id(), device_id(0)));
    assert_eq!(*publication, finding(1, 5, START));
    for revision in [5, 4, 0] {
        let again = region.publish(watch, 0, &finding(1, revision, START)).unwrap();
        assert_eq!(again, Published::Known, "revision {revision}");
    }
    let other_fetus = Publication { fetus: Fetus::Second, ..finding(1, 1, START) };
    assert!(matches!(region.publish(watch, 0, &other_fetus), Ok(Published::Fresh { .. })));
}

#[test]
fn what_is_withdrawn_goes_from_every_wall_and_is_in_no_set() {
    let mut region = Region::new();
    let watch = region.analyst("watch-1");
    let mut wall = Wall::open(&mut region.hub, &[]);
    region.publish(watch, 0, &finding(1, 1, START)).unwrap();
    wall.pull(&mut region.hub, START);
    let withdrawn = Publication { state: State::Withdrawn, ..finding(1, 2, START) };
    region.publish(watch, 0, &withdrawn).unwrap();
    wall.pull(&mut region.hub, START);
    assert_eq!(wall.revisions(), []);
    let mut newcomer = Wall::open(&mut region.hub, &[]);
    newcomer.pull(&mut region.hub, START);
    assert_eq!((newcomer.revisions(), newcomer.entries), (vec![], 0));
    assert_eq!(region.publish(watch, 0, &finding(1, 2, START)).unwrap(), Published::Known);
}

#[test]
fn a_wall_that_slept_through_a_withdrawal_begins_anew() {
    let mut region = Region::new();
    let watch = region.analyst("watch-1");
    let mut wall = Wall::open(&mut region.hub, &[]);
    region.publish(watch, 0, &finding(1, 1, START)).unwrap();
    wall.pull(&mut region.hub, START);
    let withdrawn = Publication { state: State::Withdrawn, ..finding(1, 2, START) };
    region.publish(watch, 0, &withdrawn).unwrap();
    for id in 2..300 {
        region.publish(watch, 0, &finding(id, 1, START.plus_micros(SECOND))).unwrap();
    }
    wall.pull(&mut region.hub, START);
    assert_eq!(wall.sets_begun, 2);
    assert_eq!(wall.records.len(), 256, "no more of one kind are kept of a track");
    assert!(!wall.revisions().contains(&(0, 1, 1)), "what was withdrawn is gone");
}

#[test]
fn a_wall_gets_the_tracks_it_asked_for() {
    let mut region = Region::new();
    let watch = region.analyst("watch-1");
    region.publish(watch, 0, &finding(1, 1, START)).unwrap();
    region.publish(watch, 1, &finding(1, 1, START)).unwrap();
    let mut wall = Wall::open(&mut region.hub, &[1]);
    wall.pull(&mut region.hub, START);
    region.publish(watch, 0, &finding(2, 1, START)).unwrap();
    region.publish(watch, 1, &finding(2, 1, START)).unwrap();
    wall.pull(&mut region.hub, START);
    assert_eq!(wall.revisions(), [(1, 1, 1), (1, 2, 1)]);
    wall.watch(&mut region.hub, START, &[0]);
    wall.pull(&mut region.hub, START);
    assert_eq!(wall.revisions(), [(0, 1, 1), (0, 2, 1)], "a new wish is a new set");
    let silent = region.hub.open_viewer();
    while let Some(frame) = region.hub.next_frame(START, silent) {
        let frame = FeedFrame::decode(&frame).unwrap();
        assert!(!matches!(frame, FeedFrame::Analysis { .. }), "who asked for nothing gets none");
    }
}

#[test]
fn every_wall_hears_of_an_absent_analysis_within_ten_seconds_and_strips_go_on() {
    let mut region = Region::new();
    let mut wall = Wall::open(&mut region.hub, &[]);
    wall.pull(&mut region.hub, START);
    assert_eq!(wall.analyst, Some((AnalystState::Absent, WallTime(0))), "none ever came");
    let watch = region.analyst("watch-1");
    wall.pull(&mut region.hub, START);
    assert_eq!(wall.analyst, Some((AnalystState::Present, START)));
    let mut now = START;
    for _ in 0..30 {
        now = now.plus_micros(SECOND);
        region.hub.analyst_alive(now, watch);
        wall.pull(&mut region.hub, now);
        assert_eq!(wall.analyst, Some((AnalystState::Present, START)));
    }
    let last_alive = now;
    // It hangs: the connection stays, but nothing is said any more.
    while wall.analyst != Some((AnalystState::Absent, last_alive)) {
        now = now.plus_micros(SECOND);
        wall.pull(&mut region.hub, now);
        assert!(now.micros_since(last_alive) <= 10 * SECOND, "too late: {:?}", wall.analyst);
    }
    let absent = (TrackNumber(0), Condition::AnalysisAbsent { since: last_alive });
    assert!(region.hub.conditions(now).any(|condition| condition == absent));
    let beats = wall.beats;
    wall.pull(&mut region.hub, now.plus_micros(SECOND));
    assert_eq!(wall.beats, beats + 1, "beats go on");
    // It comes back to itself.
    now = now.plus_micros(2 * SECOND);
    region.hub.analyst_alive(now, watch);
    assert_eq!(region.hub.analysis(now), Analysis::Present { since: now });
}

#[test]
fn an_analysis_that_goes_is_absent_at_once_and_a_second_one_takes_over() {
    let mut region = Region::new();
    let (first, second) = (region.analyst("watch-1"), region.analyst("watch-2"));
    region.hub.disconnect_analyst(START, first);
    assert_eq!(region.hub.analysis(START), Analysis::Present { since: START });
    region.hub.disconnect_analyst(START.plus_micros(1), second);
    assert_eq!(region.hub.analysis(START), Analysis::Absent { since: START });
    assert_eq!(region.publish(second, 0, &finding(1, 1, START)), Err(RecordRefused::NotConnected));
}

#[test]
fn a_newer_connection_of_the_same_analysis_replaces_the_older() {
    let mut region = Region::new();
    let name = AnalystId::new("watch-1").unwrap();
    let older = region.hub.connect_analyst(START, name);
    let newer = region.hub.connect_analyst(START, name);
    assert_eq!((older.replaced, newer.replaced), (None, Some(older.viewer)));
    let refused = region.publish(older.viewer, 0, &finding(1, 1, START));
    assert_eq!(refused, Err(RecordRefused::NotConnected));
    region.hub.disconnect_analyst(START, older.viewer);
    assert_eq!(region.hub.analysis(START), Analysis::Present { since: START });
    region.hub.assert_invariants();
}

#[test]
fn only_an_analysis_publishes_and_only_people_judge() {
    let mut region = Region::new();
    let watch = region.analyst("watch-1");
    let wall = region.hub.open_viewer();
    let refused = region.publish(wall, 0, &finding(1, 1, START));
    assert_eq!(refused, Err(RecordRefused::NotConnected));
    let by_machine = publication(1, 1, Body::Judgement(judgement()));
    assert_eq!(region.publish(watch, 0, &by_machine), Err(RecordRefused::NotForAnalysis));
    let whose = (by_machine.episode, Fetus::First);
    let ids = [(); 2].map(|()| {
        let taken = region.hub.judge(START, TrackNumber(0), whose, judgement()).unwrap();
        let Published::Fresh { publication, .. } = taken else { panic!("each is new") };
        publication.id
    });
    assert!(ids[0] < ids[1], "two of the same moment are two");
    let unknown = RecordRefused::UnknownTrack { track: TrackNumber(9) };
    assert_eq!(region.publish(watch, 9, &finding(1, 1, START)), Err(unknown));
    let entry = RecordEntry { track: TrackNumber(0), record: &[1, 2, 3] };
    let refused = region.hub.publish(START, watch, &entry);
    assert!(matches!(refused, Err(RecordRefused::Malformed(_))));
}

#[test]
fn after_a_restart_an_analysis_learns_what_it_had_published() {
    let mut hub = Hub::new(HubOptions::default());
    for publication in [finding(1, 1, START), finding(1, 3, START), condition(4, 2)] {
        hub.restore_record(START, bridge_id(), device_id(1), publication);
    }
    let mut early = Wall::open(&mut hub, &[]);
    early.pull(&mut hub, START);
    assert_eq!(early.tracks, 0, "old records alone show no bed");
    let mut region = Region::around(hub);
    let track = 1;
    let watch = region.analyst("watch-1");
    let mut reader = Wall::of(watch);
    reader.watch(&mut region.hub, START, &[]);
    reader.pull(&mut region.hub, START);
    assert_eq!(reader.revisions(), [(track, 1, 3), (track, 4, 2)]);
    assert_eq!(reader.sets_ended, 1, "it knows when it has all");
    assert_eq!(region.publish(watch, track, &finding(1, 3, START)).unwrap(), Published::Known);
    early.pull(&mut region.hub, START);
    assert_eq!(early.revisions(), [(track, 1, 3), (track, 4, 2)]);
}

#[test]
fn what_is_past_the_strip_is_let_go_but_not_what_holds_now() {
    let mut region = Region::new();
    let watch = region.analyst("watch-1");
    region.publish(watch, 0, &finding(1, 1, START)).unwrap();
    region.publish(watch, 0, &condition(2, 1)).unwrap();
    let later = START.plus_micros(60 * MINUTE);
    let entry = finding(3, 1, later);
    region.now = later;
    region.publish(watch, 0, &entry).unwrap();
    let mut wall = Wall::open(&mut region.hub, &[]);
    wall.pull(&mut region.hub, later);
    assert_eq!(wall.revisions(), [(0, 2, 1), (0, 3, 1)]);
}

#[test]
fn a_long_set_comes_in_frames_that_fit_with_one_beginning_and_one_end() {
    let mut region = Region::new();
    let watch = region.analyst("watch-1");
    for id in 1..=200 {
        for track in 0..2 {
            region.publish(watch, track, &finding(id, 1, START)).unwrap();
        }
    }
    for id in 1..=32 {
        region.publish(watch, 0, &baseline(id)).unwrap();
    }
    let mut wall = Wall::open(&mut region.hub, &[]);
    wall.pull(&mut region.hub, START);
    assert_eq!((wall.records.len(), wall.entries), (432, 432));
    assert!(wall.record_frames > 2);
    assert_eq!((wall.sets_begun, wall.sets_ended), (1, 1));
}

#[derive(Clone, Debug)]
enum Event {
    Publish { track: u16, id: u64, step: u32, state: State },
    Pull { wall: usize, frames: usize },
    Watch { wall: usize, track: Option<u16> },
    Wait { millis: u16 },
    Reconnect,
}

fn event() -> impl Strategy<Value = Event> {
    let state = prop_oneof![
        3 => Just(State::Provisional), 2 => Just(State::Final), 2 => Just(State::Withdrawn)
    ];
    prop_oneof![
        12 => (0u16..2, 1u64..400, 0u32..3, state).prop_map(|(track, id, step, state)| {
            Event::Publish { track, id, step, state }
        }),
        4 => (0usize..2, 1usize..4).prop_map(|(wall, frames)| Event::Pull { wall, frames }),
        1 => (0usize..2, prop::option::of(0u16..2))
            .prop_map(|(wall, track)| Event::Watch { wall, track }),
        2 => (1u16..60_000).prop_map(|millis| Event::Wait { millis }),
        1 => Just(Event::Reconnect),
    ]
}

proptest! {
    /// However slowly a wall reads, it ends with the newest of all that is kept.
    #[test]
    fn whoever_reads_to_the_end_has_the_set_of_a_newcomer(
        events in prop::collection::vec(event(), 0..900)
    ) {
        let mut region = Region::new();
        let mut analyst = region.analyst("watch-1");
        let mut walls = [Wall::open(&mut region.hub, &[]), Wall::open(&mut region.hub, &[1])];
        let mut newest = BTreeMap::new();
        for event in events {
            match event {
                Event::Publish { track, id, step, state } => {
                    let last = newest.entry((track, id)).or_insert((0, State::Withdrawn));
                    let revision = (last.0 + step).max(1);
                    let record = Publication { state, ..finding(id, revision, region.now) };
                    if region.publish(analyst, track, &record).unwrap() != Published::Known {
                        *last = (revision, state);
                    }
                }
                Event::Pull { wall, frames } => {
                    walls[wall].pull_at_most(&mut region.hub, region.now, frames);
                }
                Event::Watch { wall, track } => {
                    let tracks: Vec<_> = track.into_iter().collect();
                    walls[wall].watch(&mut region.hub, region.now, &tracks);
                }
                Event::Wait { millis } => {
                    region.now = region.now.plus_micros(i64::from(millis) * 1_000);
                }
                Event::Reconnect => analyst = region.analyst("watch-1"),
            }
            region.hub.assert_invariants();
        }
        for wall in &mut walls {
            wall.pull(&mut region.hub, region.now);
            let mut newcomer = Wall::open(&mut region.hub, &wall.asked.clone());
            newcomer.pull(&mut region.hub, region.now);
            for (place, record) in &newcomer.records {
                prop_assert_eq!(wall.records.get(place), Some(record), "{:?}", place);
            }
            for ((track, key), record) in &wall.records {
                let newest = newest.get(&(*track, key.id));
                prop_assert_eq!(newest, Some(&(record.revision, record.state)), "{:?}", key);
            }
        }
    }
}

struct Region {
    hub: Hub,
    now: WallTime,
}

impl Region {
    fn new() -> Self {
        Self::around(Hub::new(HubOptions::default()))
    }

    fn around(mut hub: Hub) -> Self {
        let devices = (0..2).map(|n| Device { id: device_id(n), bed: format!("Bed {n}") });
        let hello = Hello {
            versions: VERSIONS,
            now: START,
            software: "test".into(),
            facility: "Clinic".into(),
            site: SiteKind::Clinic,
            devices: devices.collect(),
            owed: Vec::new(),
        };
        hub.connect(START, bridge_id(), &hello).unwrap();
        Self { hub, now: START }
    }

    fn analyst(&mut self, name: &str) -> ViewerId {
        self.hub.connect_analyst(self.now, AnalystId::new(name).unwrap()).viewer
    }

    fn publish(
        &mut self,
        analyst: ViewerId,
        track: u16,
        publication: &Publication,
    ) -> Result<Published, RecordRefused> {
        let record = publication.to_bytes();
        let entry = RecordEntry { track: TrackNumber(track), record: &record };
        let published = self.hub.publish(self.now, analyst, &entry);
        if published.is_ok() {
            self.hub.assert_invariants();
        }
        published
    }
}

/// A screen, and all it knows.
struct Wall {
    viewer: ViewerId,
    asked: Vec<u16>,
    records: BTreeMap<(u16, PublicationKey), Publication>,
    analyst: Option<(AnalystState, WallTime)>,
    tracks: usize,
    beats: u32,
    entries: usize,
    record_frames: usize,
    sets_begun: usize,
    sets_ended: usize,
}

impl Wall {
    fn of(viewer: ViewerId) -> Self {
        Self {
            viewer,
            asked: Vec::new(),
            records: BTreeMap::new(),
            analyst: None,
            tracks: 0,
            beats: 0,
            entries: 0,
            record_frames: 0,
            sets_begun: 0,
            sets_ended: 0,
        }
    }

    fn open(hub: &mut Hub, tracks: &[u16]) -> Self {
        let mut wall = Self::of(hub.open_viewer());
        wall.watch(hub, START, tracks);
        wall
    }

    fn watch(&mut self, hub: &mut Hub, now: WallTime, tracks: &[u16]) {
        self.asked = tracks.to_vec();
        let tracks = tracks.iter().map(|track| TrackNumber(*track)).collect();
        hub.watch(now, self.viewer, &Watch { history_seconds: 60, tracks });
    }

    fn pull(&mut self, hub: &mut Hub, now: WallTime) {
        self.pull_at_most(hub, now, usize::MAX);
    }

    fn pull_at_most(&mut self, hub: &mut Hub, now: WallTime, frames: usize) {
        for _ in 0..frames {
            let Some(frame) = hub.next_frame(now, self.viewer) else { return };
            assert!(frame.len() <= FRAME_BYTES_MAX);
            self.take(&FeedFrame::decode(&frame).unwrap());
        }
    }

    fn take(&mut self, frame: &FeedFrame<'_>) {
        match frame {
            FeedFrame::Roster { entries, .. } => self.tracks += entries.len(),
            FeedFrame::Beat { .. } => self.beats += 1,
            FeedFrame::Analyst { state, since, .. } => self.analyst = Some((*state, *since)),
            FeedFrame::Analysis { marks, entries, .. } => {
                self.record_frames += 1;
                if marks.contains(SetMarks::BEGINS) {
                    self.records.clear();
                    self.sets_begun += 1;
                }
                entries.iter().for_each(|entry| self.keep(entry));
                self.sets_ended += usize::from(marks.contains(SetMarks::ENDS));
            }
            FeedFrame::Blocks { .. } | FeedFrame::Missed { .. } => {}
            FeedFrame::Alerts { .. } | FeedFrame::Refused { .. } => {}
        }
    }

    fn keep(&mut self, entry: &RecordEntry<'_>) {
        self.entries += 1;
        let record = Publication::decode(entry.record).unwrap();
        let place = (entry.track.0, record.key());
        let known = self.records.get(&place).map_or(0, |known| known.revision);
        // The same may come again where the region had let go of it.
        assert!(record.revision >= known, "a record went back: {record:?}");
        if record.state == State::Withdrawn {
            self.records.remove(&place);
        } else {
            self.records.insert(place, record);
        }
    }

    /// Track, id and revision of all that it shows.
    fn revisions(&self) -> Vec<(u16, u64, u32)> {
        let mut list: Vec<_> = self
            .records
            .iter()
            .map(|((track, key), record)| (*track, key.id, record.revision))
            .collect();
        list.sort_unstable();
        list
    }
}

fn bridge_id() -> BridgeId {
    BridgeId::new("clinic-a").unwrap()
}

fn device_id(n: usize) -> DeviceId {
    DeviceId::new(&format!("bed-{n}")).unwrap()
}

fn publication(id: u64, revision: u32, body: Body) -> Publication {
    Publication {
        episode: EpisodeId::from_u128(42),
        fetus: Fetus::First,
        state: State::Provisional,
        revision,
        id,
        body,
    }
}

fn finding(id: u64, revision: u32, at: WallTime) -> Publication {
    let finding = Finding {
        kind: FindingKind::Acceleration,
        severity: None,
        profiles: Profiles::DEFINITION,
        likelihood_percent: 90,
        lost_percent: 0,
        value: Some(640),
        depth_quarters: Some(80),
        fall_ticks: None,
        area_bpm_s: 300,
        from: at,
        to: at.plus_micros(20 * SECOND),
        extreme_at: at.plus_micros(9 * SECOND),
        lag_ms: None,
        contraction: None,
    };
    publication(id, revision, Body::Finding(finding))
}

fn condition(id: u64, revision: u32) -> Publication {
    let kind = ConditionKind::Bradycardia;
    let condition = Physiological { kind, is_active: true, since: START, value: 95 };
    publication(id, revision, Body::Condition(condition))
}

fn baseline(id: u64) -> Publication {
    let values = vec![Some(560); 240];
    publication(id, 1, Body::Baseline(Baseline { from: START, step_ms: 2_500, values }))
}

fn judgement() -> Judgement {
    Judgement {
        level: 3,
        role: JudgeRole::Doctor,
        from: START,
        to: START.plus_micros(10 * MINUTE),
        at: START,
        account: "sato".into(),
        reason: String::new(),
    }
}
