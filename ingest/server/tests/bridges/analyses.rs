//! What the region promises an analysis, and every wall about it.

use std::time::Instant;

use access::Role;
use protocol::Publication;
use protocol::analysis::{
    Assessment, AssessmentFlags, AssessmentSpan, Body, Condition, ConditionKind, Fetus, Finding,
    FindingKind, Profiles, State,
};
use protocol::analyst::{ANALYSIS_ALPN, PublishFrame, encode_alive, put_framed, take_framed};
use protocol::feed::{AnalystState, Judge, RecordEntry, TrackNumber, Watch};
use protocol::link::{EnrollRequest, Frame, LINK_ALPN, RefusalCode};
use quinn::ConnectionError;
use store::{Snapshot, TableName};
use tokio::time::timeout;
use vitals::{EpisodeId, WallTime};

use crate::region::{Bridge, Identity, PATIENCE, Region, block, wall_time};
use crate::screen::{Known, Screen};

/// An analysis' side of one connection.
pub struct Analyst {
    pub known: Known,
    pub line: Bridge,
    bytes: Vec<u8>,
}

impl Analyst {
    pub async fn connect(region: &Region, identity: &Identity) -> Self {
        let line = Bridge::connect_with(region, Some(identity), ANALYSIS_ALPN).await.unwrap();
        let mut analyst = Self { known: Known::default(), line, bytes: Vec::new() };
        let watch = Watch { history_seconds: 600, tracks: Vec::new() };
        analyst.send(&watch.to_bytes()).await;
        analyst
    }

    async fn send(&mut self, frame: &[u8]) {
        let mut bytes = Vec::new();
        put_framed(&mut bytes, frame);
        self.line.send_bytes(&bytes).await;
    }

    pub async fn alive(&mut self) {
        self.send(&encode_alive(wall_time())).await;
    }

    pub async fn publish(&mut self, track: TrackNumber, publication: &Publication) {
        self.send(&publish_frame(track, publication)).await;
    }

    /// Publishes where the region may have closed already; `false` where it has.
    pub async fn try_publish(&mut self, track: TrackNumber, publication: &Publication) -> bool {
        let mut bytes = Vec::new();
        put_framed(&mut bytes, &publish_frame(track, publication));
        self.line.send.write_all(&bytes).await.is_ok()
    }

    pub async fn until(&mut self, is_so: impl Fn(&Known) -> bool) {
        while !is_so(&self.known) {
            while let Some((frame, len)) = take_framed(&self.bytes).unwrap() {
                self.known.take(frame);
                self.bytes.drain(..len);
            }
            if is_so(&self.known) {
                return;
            }
            let read = timeout(PATIENCE, self.line.receive.read_chunk(4096, true)).await;
            let chunk = read.expect("frames come").unwrap().expect("the stream goes on");
            self.bytes.extend_from_slice(&chunk.bytes);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invited_analysis_enrols_reads_strips_and_publishes_to_walls() {
    let region = Region::start().await;
    let mut bridge = region.enrolled_bridge("clinic-a").await;
    bridge.hello(&[]).await;
    let secret = region.invite_analyst("watch-1").to_vec();
    let (key, csr) = Identity::request();
    let answer = region.enroll(&Frame::EnrollRequest(EnrollRequest { secret, csr })).await;
    let Frame::EnrollAnswer(answer) = answer else { panic!("refused: {answer:?}") };
    assert_eq!(answer.bridge.as_str(), "watch-1");
    let identity = Identity::new(answer.certificate, &key);

    let mut screen = Screen::open(&region, "sato", Role::Midwife).await;
    screen.until(|known| known.analyst == Some(AnalystState::Absent) && known.sets == 1).await;
    let mut analyst = Analyst::connect(&region, &identity).await;
    bridge.send(&block(1, 0)).await;
    analyst.until(|known| known.blocks == 1 && known.sets == 1).await;
    let track = analyst.known.tracks["bed-1"];
    analyst.publish(track, &finding(1, 1)).await;
    screen.until(|known| known.revisions() == [(1, 1)]).await;
    assert_eq!(screen.known.analyst, Some(AnalystState::Present));
    analyst.publish(track, &finding(1, 2)).await;
    analyst.publish(track, &Publication { state: State::Withdrawn, ..finding(1, 3) }).await;
    screen.until(|known| known.records.is_empty()).await;
    let data = region.stop().await;
    let stored = Snapshot::open_table(data.path(), TableName::Findings).unwrap();
    let rows: usize = stored.hot.iter().map(|batch| batch.num_rows()).sum();
    assert_eq!(rows, 3, "every revision is a row");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_analysis_dies_walls_say_so_and_it_goes_on_where_it_was() {
    let region = Region::start().await;
    let mut bridge = region.enrolled_bridge("clinic-a").await;
    bridge.hello(&[]).await;
    let identity = enrolled(&region, "watch-1");
    let mut analyst = Analyst::connect(&region, &identity).await;
    analyst.until(|known| known.sets == 1 && known.tracks.len() == 1).await;
    let track = analyst.known.tracks["bed-1"];
    for record in [finding(1, 4), assessment(2, 900), condition(3, 2)] {
        analyst.publish(track, &record).await;
    }
    let mut screen = Screen::open(&region, "sato", Role::Midwife).await;
    screen.until(|known| known.records.len() == 3).await;

    // It hangs: the connection stays, and nothing is said any more.
    analyst.alive().await;
    screen.until(|known| known.analyst == Some(AnalystState::Present)).await;
    let last_alive = Instant::now();
    screen.until(|known| known.analyst == Some(AnalystState::Absent)).await;
    assert!(last_alive.elapsed().as_secs() < 10, "{:?}", last_alive.elapsed());
    let beats = screen.known.beats;
    bridge.send(&block(1, 0)).await;
    screen.until(|known| known.blocks == 1 && known.beats > beats).await;
    analyst.alive().await;
    screen.until(|known| known.analyst == Some(AnalystState::Present)).await;

    // It dies: its connection ends.
    drop(analyst);
    screen.until(|known| known.analyst == Some(AnalystState::Absent)).await;
    let mut again = Analyst::connect(&region, &identity).await;
    again.until(|known| known.sets == 1).await;
    assert_eq!(again.known.revisions(), [(1, 4), (2, 900), (3, 2)]);

    // The region dies as well: what was published is on the disk.
    drop(bridge);
    let region = Region::start_in(region.stop().await).await;
    let mut bridge = region.enrolled_bridge("clinic-a").await;
    bridge.hello(&[]).await;
    let mut again = Analyst::connect(&region, &identity).await;
    again.until(|known| known.sets == 1 && known.tracks.len() == 1).await;
    assert_eq!(again.known.revisions(), [(1, 4), (2, 900), (3, 2)]);
    let track = again.known.tracks["bed-1"];
    again.publish(track, &finding(1, 5)).await;
    again.publish(track, &finding(9, 1)).await;
    again.until(|known| known.revisions() == [(1, 5), (9, 1), (2, 900), (3, 2)]).await;
    region.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_person_judges_is_kept_apart_from_the_machines_levels() {
    let region = Region::start().await;
    let mut bridge = region.enrolled_bridge("clinic-a").await;
    bridge.hello(&[]).await;
    let mut screen = Screen::open(&region, "sato", Role::Doctor).await;
    screen.until(|known| known.sets == 1 && known.tracks.len() == 1).await;
    let judge = Judge {
        track: screen.known.tracks["bed-1"],
        episode: EpisodeId::from_u128(42),
        fetus: Fetus::First,
        level: 2,
        from: now(),
        to: now().plus_micros(600_000_000),
        reason: String::new(),
    };
    screen.send(judge.to_bytes()).await;
    screen.until(|known| known.records.len() == 1).await;
    let data = region.stop().await;
    for (table, rows) in [(TableName::Judgements, 1), (TableName::Assessments, 0)] {
        let stored = Snapshot::open_table(data.path(), table).unwrap();
        assert_eq!(stored.hot.iter().map(|batch| batch.num_rows()).sum::<usize>(), rows);
    }
    let log = std::fs::read_to_string(data.path().join("access/audit.jsonl")).unwrap();
    assert!(log.contains(r#""event":"judged","name":"sato","role":"doctor""#), "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_is_good_for_what_it_was_enrolled_for_and_for_nothing_else() {
    let region = Region::start().await;
    let bridge = region.issue("clinic-a", wall_time());
    region.enrol(&bridge, "clinic-a");
    let analyst = enrolled(&region, "watch-1");
    let stranger = region.issue("watch-2", wall_time());
    for identity in [Some(&bridge), Some(&stranger), None] {
        let closed = match Bridge::connect_with(&region, identity, ANALYSIS_ALPN).await {
            Ok(line) => line.closed().await,
            Err(closed) => closed,
        };
        assert_eq!(close_code(&closed), RefusalCode::NotEnrolled as u64);
    }
    let mut line = Bridge::connect_with(&region, Some(&analyst), LINK_ALPN).await.unwrap();
    let Frame::Refusal(refusal) = line.hello(&[]).await else { panic!("let in") };
    assert_eq!(refusal.code, RefusalCode::NotEnrolled);
    assert!(refusal.text.contains("analyst 'watch-1' may not do this"), "{}", refusal.text);
    region.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn garbage_and_a_newer_connection_end_an_analysis_with_a_reason() {
    let region = Region::start().await;
    let identity = enrolled(&region, "watch-1");
    let mut garbage = Analyst::connect(&region, &identity).await;
    garbage.until(|known| known.sets == 1).await;
    garbage.publish(TrackNumber(77), &finding(1, 1)).await;
    assert_eq!(close_code(&garbage.line.closed().await), RefusalCode::Malformed as u64);
    let mut older = Analyst::connect(&region, &identity).await;
    older.until(|known| known.sets == 1).await;
    let mut newer = Analyst::connect(&region, &identity).await;
    newer.until(|known| known.sets == 1).await;
    assert_eq!(close_code(&older.line.closed().await), RefusalCode::Replaced as u64);
    newer.alive().await;
    newer.until(|known| known.beats == 3).await;
    region.stop().await;
}

fn publish_frame(track: TrackNumber, publication: &Publication) -> Vec<u8> {
    let record = publication.to_bytes();
    let mut frame = PublishFrame::default();
    assert!(frame.push(&RecordEntry { track, record: &record }));
    frame.into_bytes()
}

pub fn enrolled(region: &Region, name: &str) -> Identity {
    let identity = region.issue(name, wall_time());
    region.enrol_analyst(&identity, name);
    identity
}

pub fn close_code(error: &ConnectionError) -> u64 {
    match error {
        ConnectionError::ApplicationClosed(close) => close.error_code.into_inner(),
        other => panic!("{other}"),
    }
}

fn publication(id: u64, revision: u32, body: Body) -> Publication {
    let (episode, fetus, state) = (EpisodeId::from_u128(42), Fetus::First, State::Provisional);
    Publication { episode, fetus, state, revision, id, body }
}

/// When [`block`]s are measured: findings belong to samples.
fn now() -> WallTime {
    block(1, 0).at
}

pub fn finding(id: u64, revision: u32) -> Publication {
    let finding = Finding {
        kind: FindingKind::DecelerationVariable,
        severity: None,
        profiles: Profiles::EXPERT,
        likelihood_percent: 70,
        lost_percent: 0,
        value: Some(400),
        depth_quarters: Some(120),
        fall_ticks: Some(60),
        area_bpm_s: 900,
        from: now(),
        to: now().plus_micros(60_000_000),
        extreme_at: now().plus_micros(1_000_000),
        lag_ms: None,
        contraction: None,
    };
    publication(id, revision, Body::Finding(finding))
}

fn condition(id: u64, revision: u32) -> Publication {
    let kind = ConditionKind::Level3;
    let condition = Condition { kind, is_active: true, since: now(), value: 3 };
    publication(id, revision, Body::Condition(condition))
}

fn assessment(id: u64, revision: u32) -> Publication {
    let assessment = Assessment {
        span: AssessmentSpan::Rolling,
        jsog: Ok(3),
        jsog_shown: Some(3),
        figo: None,
        nichd: None,
        nst: None,
        variability: None,
        flags: AssessmentFlags::TABLE_UNREVIEWED,
        lost_percent: 0,
        from: now(),
        to: now().plus_micros(600_000_000),
        baseline_bpm: Some(140),
        baseline_quarters: Some(560),
        bandwidth_quarters: None,
        stv_centims: None,
        ltv_centims: None,
        contractions_tenths: None,
        baseline_age_s: 0,
        variability_age_s: 0,
        table_hash: [0; 8],
        table_version: "jsog-2010/2023".into(),
        engine: "test".into(),
        why: Vec::new(),
    };
    publication(id, revision, Body::Assessment(assessment))
}
