//! The whole way without a network: frames in, records out, and again after a restart.

use std::collections::BTreeSet;

use protocol::analysis::{
    AssessmentFlags, AssessmentSpan, Body, FindingKind, Kind, PublicationKey, State,
};
use protocol::feed::{AnalysisFrame, BlocksFrame, encode_beat, encode_roster};

use super::*;
use crate::bench::monitor::Monitor;
use crate::bench::options;

const START: i64 = 1_790_000_100_000_000;

fn at(second: u64) -> WallTime {
    WallTime(START + second as i64 * 1_000_000)
}

/// A region with one monitor, that keeps what it hears and what is published.
struct Region {
    monitor: Monitor,
    blocks: Vec<Vec<u8>>,
    records: BTreeMap<PublicationKey, Publication>,
    said: Vec<Publication>,
}

impl Region {
    fn new() -> Self {
        let (blocks, records, said) = (Vec::new(), BTreeMap::new(), Vec::new());
        Self { monitor: Monitor::new(3), blocks, records, said }
    }

    fn now(&self) -> WallTime {
        at(self.blocks.len() as u64)
    }

    /// A new analysis, told of the last `history` seconds as the hub tells it.
    fn connect(&mut self, history: usize) -> Analysis {
        let mut analysis = Analysis::new(options());
        self.reconnect(&mut analysis, history);
        analysis
    }

    fn reconnect(&mut self, analysis: &mut Analysis, history: usize) {
        let now = self.now();
        analysis.connected();
        for frame in encode_roster(now, &[self.monitor.roster_entry()]) {
            analysis.handle(now, &frame).unwrap();
        }
        let mut frame = AnalysisFrame::new(now);
        let mut frames = Vec::new();
        for record in self.records.values().filter(|one| one.state != State::Withdrawn) {
            let (track, record) = (self.monitor.track, record.to_bytes());
            let entry = RecordEntry { track, record: &record };
            if !frame.push(&entry) {
                frames.push(std::mem::replace(&mut frame, AnalysisFrame::new(now)));
                assert!(frame.push(&entry));
            }
        }
        frames.push(frame);
        let last = frames.len() - 1;
        for (at, frame) in frames.into_iter().enumerate() {
            let begins = if at == 0 { SetMarks::BEGINS } else { SetMarks::NONE };
            let ends = if at == last { SetMarks::ENDS } else { SetMarks::NONE };
            analysis.handle(now, &frame.into_bytes(begins.with(ends))).unwrap();
        }
        let recent = &self.blocks[self.blocks.len().saturating_sub(history)..];
        // The newest minute first.
        for minute in recent.rchunks(60) {
            self.hand(analysis, minute, Marks::HISTORY);
        }
        for beat in 0..QUIET_BEATS {
            analysis.handle(now, &encode_beat(now, beat)).unwrap();
        }
        while analysis.work(now) {}
        self.take(analysis);
    }

    fn live(&mut self, analysis: &mut Analysis, seconds: usize) {
        for _ in 0..seconds {
            let block = self.monitor.next_block(self.now()).to_bytes();
            self.blocks.push(block.clone());
            self.hand(analysis, &[block], Marks::NONE);
            self.take(analysis);
        }
    }

    /// Seconds that no analysis hears.
    fn unheard(&mut self, seconds: usize) {
        for _ in 0..seconds {
            let block = self.monitor.next_block(self.now()).to_bytes();
            self.blocks.push(block);
        }
    }

    fn hand(&self, analysis: &mut Analysis, blocks: &[Vec<u8>], marks: Marks) {
        let now = self.now();
        let mut frame = BlocksFrame::new(now);
        for block in blocks {
            let (track, received_at) = (self.monitor.track, now);
            assert!(frame.push(&BlockEntry { track, marks, received_at, block }));
        }
        analysis.handle(now, &frame.into_bytes()).unwrap();
    }

    fn take(&mut self, analysis: &mut Analysis) {
        for Output { track, publication } in analysis.take_output() {
            assert_eq!(track, self.monitor.track);
            // What cannot be read back is a defect here, not on the way.
            assert_eq!(Publication::decode(&publication.to_bytes()).as_ref(), Ok(&publication));
            let known = self.records.insert(publication.key(), publication.clone());
            if let Some(known) = known {
                assert!(publication.revision > known.revision, "{publication:?} after {known:?}");
                assert_ne!(known.state, State::Final, "{publication:?} after {known:?}");
            }
            self.said.push(publication);
        }
    }

    fn there(&self, kind: Kind) -> impl Iterator<Item = &Publication> {
        let there = self.records.values().filter(|one| one.state != State::Withdrawn);
        there.filter(move |one| one.body.kind() == kind)
    }

    fn findings(&self) -> Vec<String> {
        let mut findings: Vec<_> = self
            .there(Kind::Finding)
            .filter(|one| one.state == State::Final)
            .filter_map(|one| match &one.body {
                Body::Finding(finding) => Some((finding.from, finding.to, finding.kind)),
                _ => None,
            })
            .collect();
        findings.sort_unstable();
        findings
            .iter()
            .map(|(from, to, kind)| {
                let second = |at: WallTime| at.micros_since(WallTime(START)) / 1_000_000;
                format!("{} {}..{}", kind.word(), second(*from), second(*to))
            })
            .collect()
    }
}

#[test]
fn the_first_block_begins_when_the_monitoring_did() {
    let mut region = Region::new();
    let mut analysis = region.connect(1_200);
    region.live(&mut analysis, 1_600);
    let blocks: Vec<_> = region
        .there(Kind::Assessment)
        .filter_map(|one| match &one.body {
            Body::Assessment(block) if block.span == AssessmentSpan::Block => Some(block),
            _ => None,
        })
        .collect();
    // The strip began five minutes before the clock's ten minutes.
    let extents: Vec<_> = blocks.iter().map(|block| (block.from, block.to)).collect();
    assert_eq!(extents, [(at(0), at(300)), (at(300), at(900)), (at(900), at(1_500))]);
    assert!(blocks[0].lost_percent < 10 && blocks[0].jsog.is_ok(), "{:?}", blocks[0]);
}

#[test]
fn levels_after_a_restart_say_that_less_was_read_until_the_hour_is_over() {
    let mut region = Region::new();
    let mut analysis = region.connect(1_200);
    region.live(&mut analysis, 3_000);
    let rolling = |region: &Region| {
        let rolling = region.there(Kind::Assessment).find_map(|one| match &one.body {
            Body::Assessment(one) if one.span == AssessmentSpan::Rolling => Some(one.flags),
            _ => None,
        });
        rolling.unwrap()
    };
    let is_short = |region: &Region| rolling(region).contains(AssessmentFlags::HISTORY_SHORT);
    assert!(!is_short(&region));
    assert!(rolling(&region).contains(AssessmentFlags::GESTATION_UNKNOWN));
    drop(analysis);
    let mut analysis = region.connect(1_200);
    region.live(&mut analysis, 2_300);
    assert!(is_short(&region));
    region.live(&mut analysis, 200);
    assert!(!is_short(&region), "twenty minutes of memory and forty heard are an hour");
    // A region that forgot what was said, too: the strip itself began before what is read.
    region.records.clear();
    let mut analysis = region.connect(1_200);
    region.live(&mut analysis, 60);
    assert!(is_short(&region));
}

#[test]
fn blocks_later_than_the_hold_are_read_before_their_minutes_are_final() {
    let whole = {
        let mut region = Region::new();
        let mut analysis = region.connect(1_200);
        region.live(&mut analysis, 3_000);
        region.findings()
    };
    let mut region = Region::new();
    let mut analysis = region.connect(1_200);
    region.live(&mut analysis, 1_500);
    // Four minutes do not come, while what follows does; then they do, as a bridge sends what it
    // owes.
    let from = region.blocks.len();
    region.unheard(240);
    region.live(&mut analysis, 120);
    let owed = region.blocks[from..from + 240].to_vec();
    let conditions = |region: &Region| {
        let said = region.said.iter().filter(|one| one.body.kind() == Kind::Condition);
        said.count()
    };
    let before = conditions(&region);
    for block in owed {
        region.hand(&mut analysis, &[block], Marks::NONE);
        region.take(&mut analysis);
    }
    assert_eq!(conditions(&region), before, "what comes late alarms nobody");
    region.live(&mut analysis, 3_000 - from - 360);
    assert_eq!(analysis.figures().late, 240);
    assert_eq!(region.findings(), whole);
}

#[test]
fn contractions_decelerations_levels_and_a_baseline_are_published() {
    let mut region = Region::new();
    let mut analysis = region.connect(1_200);
    region.live(&mut analysis, 2_700);
    let of = |kind: FindingKind| {
        let findings = region.there(Kind::Finding);
        findings.filter(|one| matches!(&one.body, Body::Finding(f) if f.kind == kind)).count()
    };
    assert!(of(FindingKind::Contraction) >= 10, "{:?}", region.findings());
    let falls: usize = [
        FindingKind::DecelerationLate,
        FindingKind::DecelerationVariable,
        FindingKind::DecelerationEarly,
        FindingKind::DecelerationUnknown,
    ]
    .into_iter()
    .map(of)
    .sum();
    assert!(falls >= 4, "{:?}", region.findings());
    assert!(region.there(Kind::Assessment).count() >= 3);
    assert!(region.there(Kind::Baseline).any(|one| one.state == State::Final));
    let ids: BTreeSet<_> = region.there(Kind::Finding).map(|one| one.id).collect();
    let contractions = region.there(Kind::Finding).filter_map(|one| match &one.body {
        Body::Finding(finding) => finding.contraction,
        _ => None,
    });
    let contractions: BTreeSet<_> = contractions.collect();
    assert!(!contractions.is_empty() && contractions.is_subset(&ids), "{contractions:?}");
}

#[test]
fn blocks_of_the_record_begin_on_the_clocks_ten_minutes() {
    let mut region = Region::new();
    let mut analysis = region.connect(1_200);
    region.live(&mut analysis, 3_000);
    let mut blocks = 0;
    for record in region.there(Kind::Assessment) {
        let Body::Assessment(assessment) = &record.body else { continue };
        if assessment.span == AssessmentSpan::Block && assessment.from > at(0) {
            assert_eq!(assessment.from.0 % 600_000_000, 0);
            blocks += 1;
        }
    }
    assert!(blocks >= 3, "{blocks}");
}

#[test]
fn after_a_restart_nothing_is_said_twice_and_ids_go_on() {
    let mut region = Region::new();
    let mut analysis = region.connect(1_200);
    region.live(&mut analysis, 2_500);
    let before: BTreeMap<_, _> = region.records.clone();
    drop(analysis);
    region.unheard(40);
    region.said.clear();
    let mut analysis = region.connect(1_200);
    region.live(&mut analysis, 1_300);
    let provisional = before
        .values()
        .filter(|one| one.body.kind() == Kind::Finding && one.state == State::Provisional);
    let went_on =
        provisional.clone().filter(|one| region.records[&one.key()].state == State::Final).count();
    // The view of the last seconds may change; most of what was seen stays.
    assert!(went_on * 2 > provisional.count(), "{went_on} went on");
    let fresh = region.said.iter().filter(|one| !before.contains_key(&one.key()));
    for record in fresh.clone() {
        let Body::Finding(finding) = &record.body else { continue };
        assert!(
            finding.to >= at(2_300),
            "{finding:?} lies before the restart and was not known before"
        );
    }
    assert!(fresh.count() > 0);
}

#[test]
fn a_restart_in_the_middle_finds_what_an_unbroken_run_finds() {
    let whole = {
        let mut region = Region::new();
        let mut analysis = region.connect(0);
        region.live(&mut analysis, 4_500);
        region.findings()
    };
    let broken = {
        let mut region = Region::new();
        let mut analysis = region.connect(0);
        region.live(&mut analysis, 2_500);
        let mut analysis = region.connect(1_200);
        region.live(&mut analysis, 2_000);
        region.findings()
    };
    let kept = whole.iter().filter(|finding| broken.contains(finding)).count();
    // The engine remembers fifty minutes, the region twenty: borders may move by seconds.
    assert!(kept * 10 >= whole.len() * 6, "{kept} of {} are as they were", whole.len());
    assert!(broken.len().abs_diff(whole.len()) <= 3, "{whole:?}\n{broken:?}");
}

#[test]
fn a_lost_connection_is_caught_up_without_a_hole() {
    let mut region = Region::new();
    let mut analysis = region.connect(1_200);
    region.live(&mut analysis, 1_500);
    analysis.disconnected(region.now());
    region.unheard(200);
    region.reconnect(&mut analysis, 320);
    region.live(&mut analysis, 1_500);
    let whole = {
        let mut region = Region::new();
        let mut analysis = region.connect(1_200);
        region.live(&mut analysis, 3_200);
        region.findings()
    };
    assert_eq!(region.findings(), whole);
}

#[test]
fn an_analysis_takes_its_share_alone() {
    let shards: Vec<_> = (0..3)
        .map(|index| Shard { index, of: 3 })
        .map(|shard| Analysis::new(Options { shard, ..options() }))
        .collect();
    let monitors: Vec<_> = (0..300).map(Monitor::new).collect();
    let entries: Vec<_> = monitors.iter().map(Monitor::roster_entry).collect();
    let mut taken = 0;
    for mut analysis in shards {
        analysis.connected();
        for frame in encode_roster(at(0), &entries) {
            analysis.handle(at(0), &frame).unwrap();
        }
        assert!((60..140).contains(&analysis.devices.len()), "{}", analysis.devices.len());
        taken += analysis.devices.len();
    }
    assert_eq!(taken, 300);
}
