//! Ids stay, revisions rise, what is final is final, and a restart says nothing twice.

use std::collections::BTreeMap;

use proptest::prelude::*;
use protocol::analysis::{FindingKind, Profiles, PublicationKey};

use super::*;

const EPISODE: EpisodeId = EpisodeId::from_u128(7);
const START: i64 = 1_790_000_400_000_000;

fn at(second: i64) -> WallTime {
    WallTime(START + second * 1_000_000)
}

fn span(from: i64, to: i64) -> Extent {
    Extent { from: at(from), to: at(to) }
}

fn fall(from: i64, to: i64) -> Finding {
    Finding {
        kind: FindingKind::DecelerationVariable,
        severity: None,
        profiles: Profiles::DEFINITION,
        likelihood_percent: 50,
        lost_percent: 0,
        value: Some(400),
        depth_quarters: Some(100),
        fall_ticks: Some(40),
        area_bpm_s: 300,
        from: at(from),
        to: at(to),
        extreme_at: at(from),
        lag_ms: None,
        contraction: None,
    }
}

/// A ledger with a region that has all it published.
struct Ward {
    ledger: Ledger,
    region: BTreeMap<PublicationKey, Publication>,
    now: i64,
}

impl Ward {
    fn new() -> Self {
        let ledger = Ledger::new(EPISODE, Fetus::First);
        Self { ledger, region: BTreeMap::new(), now: 10_000 }
    }

    /// Says what changed, a word a record: `+` new, `~` revised, `!` final, `-` withdrawn.
    fn read(&mut self, stretch: Extent, finality: Finality, findings: &[Finding]) -> String {
        self.now += 1;
        let mut out = Vec::new();
        let (now, class) = (at(self.now), Class::Deceleration);
        let findings = findings.to_vec();
        self.ledger.take_findings(now, stretch, finality, class, findings, &mut out);
        if finality == Finality::Final {
            self.ledger.settle(stretch.to);
        }
        self.take(out)
    }

    fn take(&mut self, out: Vec<Publication>) -> String {
        let mut words = Vec::new();
        for publication in out {
            let before = self.region.get(&publication.key());
            if let Some(before) = before {
                assert!(publication.revision > before.revision, "a revision that does not rise");
                assert_ne!(before.state, State::Final, "what is final changed");
            }
            let sign = match (publication.state, before) {
                (State::Withdrawn, _) => '-',
                (State::Final, _) => '!',
                (State::Provisional, None) => '+',
                (State::Provisional, Some(_)) => '~',
            };
            let Body::Finding(finding) = &publication.body else { panic!("findings only") };
            let second = |at: WallTime| (at.0 - START) / 1_000_000;
            words.push(format!("{sign}{}..{}", second(finding.from), second(finding.to)));
            self.region.insert(publication.key(), publication);
        }
        words.join(" ")
    }

    /// A new run, which knows only what the region has; withdrawals are not told.
    fn restart(&mut self, heard_from: i64) -> String {
        self.now += 100;
        self.ledger = Ledger::new(EPISODE, Fetus::First);
        let told: Vec<_> =
            self.region.values().filter(|one| one.state != State::Withdrawn).cloned().collect();
        let mut out = Vec::new();
        let told: Vec<_> = told.iter().collect();
        self.ledger.reconcile(at(self.now), &told, WallTime(i64::MAX), &mut out);
        self.ledger.begin_strip(at(heard_from));
        self.take(out)
    }

    fn ids(&self) -> Vec<u64> {
        let there = self.region.values().filter(|one| one.state != State::Withdrawn);
        there.map(|one| one.id).collect()
    }
}

const PROVISIONAL: Finality = Finality::Provisional;
const FINAL: Finality = Finality::Final;

#[test]
fn what_is_as_it_was_is_not_said_again() {
    let mut ward = Ward::new();
    assert_eq!(ward.read(span(0, 300), PROVISIONAL, &[fall(100, 140)]), "+100..140");
    assert_eq!(ward.read(span(0, 325), PROVISIONAL, &[fall(100, 140)]), "");
    let mut nearly = fall(100, 140);
    nearly.value = Some(402);
    assert_eq!(ward.read(span(0, 350), PROVISIONAL, &[nearly]), "");
}

#[test]
fn what_moves_or_turns_out_otherwise_keeps_its_id() {
    let mut ward = Ward::new();
    ward.read(span(0, 300), PROVISIONAL, &[fall(100, 140)]);
    let ids = ward.ids();
    let mut late = fall(100, 160);
    late.kind = FindingKind::DecelerationLate;
    assert_eq!(ward.read(span(0, 325), PROVISIONAL, &[late]), "~100..160");
    assert_eq!(ward.read(span(0, 600), FINAL, &[late]), "!100..160");
    assert_eq!(ward.ids(), ids);
}

#[test]
fn what_is_gone_is_withdrawn_and_comes_back_under_another_id() {
    let mut ward = Ward::new();
    ward.read(span(0, 300), PROVISIONAL, &[fall(100, 140)]);
    let ids = ward.ids();
    assert_eq!(ward.read(span(0, 325), PROVISIONAL, &[]), "-100..140");
    assert_eq!(ward.read(span(0, 350), PROVISIONAL, &[fall(100, 140)]), "+100..140");
    assert_ne!(ward.ids(), ids);
}

#[test]
fn what_is_final_is_said_once_and_a_stretch_leaves_what_follows_it_alone() {
    let mut ward = Ward::new();
    ward.read(span(0, 1_200), PROVISIONAL, &[fall(100, 140), fall(700, 740)]);
    assert_eq!(ward.read(span(0, 600), FINAL, &[fall(100, 140)]), "!100..140");
    assert_eq!(ward.read(span(600, 1_200), PROVISIONAL, &[fall(700, 740)]), "");
    assert_eq!(ward.read(span(0, 600), FINAL, &[fall(100, 150)]), "");
}

#[test]
fn two_that_become_one_are_one_and_a_withdrawal() {
    let mut ward = Ward::new();
    ward.read(span(0, 300), PROVISIONAL, &[fall(100, 140), fall(150, 170)]);
    assert_eq!(ward.read(span(0, 325), PROVISIONAL, &[fall(100, 170)]), "~100..170 -150..170");
}

#[test]
fn after_a_restart_the_same_ids_go_on_and_nothing_is_said_twice() {
    let mut ward = Ward::new();
    ward.read(span(0, 1_250), PROVISIONAL, &[fall(100, 140), fall(700, 740)]);
    ward.read(span(0, 600), FINAL, &[fall(100, 140)]);
    let ids = ward.ids();
    assert_eq!(ward.restart(50), "");
    // The memory of the strip is short, and the first fall looks otherwise in it.
    let again = [fall(110, 130), fall(700, 740)];
    assert_eq!(ward.read(span(0, 1_300), PROVISIONAL, &again), "");
    assert_eq!(ward.read(span(0, 600), FINAL, &[fall(110, 130)]), "");
    assert_eq!(ward.read(span(600, 1_200), FINAL, &[fall(700, 740)]), "!700..740");
    assert_eq!(ward.ids(), ids);
}

#[test]
fn what_began_before_the_memory_of_a_restart_stays_as_it_was_last_seen() {
    let mut ward = Ward::new();
    ward.read(span(0, 500), PROVISIONAL, &[fall(100, 140), fall(380, 420)]);
    ward.restart(400);
    assert_eq!(ward.read(span(0, 600), PROVISIONAL, &[fall(400, 420)]), "");
    assert_eq!(ward.read(span(0, 600), FINAL, &[fall(400, 420)]), "!100..140 !380..420");
}

#[test]
fn what_the_region_lacks_or_has_otherwise_is_said_again_after_a_lost_connection() {
    let mut ward = Ward::new();
    ward.read(span(0, 300), PROVISIONAL, &[fall(100, 140), fall(200, 240)]);
    let lost = ward.region.values().next().unwrap().key();
    let told: Vec<_> = ward.region.values().filter(|one| one.key() != lost).cloned().collect();
    ward.region.remove(&lost);
    let told: Vec<_> = told.iter().collect();
    let mut out = Vec::new();
    ward.ledger.reconcile(at(20_000), &told, at(ward.now), &mut out);
    assert_eq!(ward.take(out), "+100..140");
    let mut out = Vec::new();
    ward.ledger.reconcile(at(20_001), &[], at(30_000), &mut out);
    assert_eq!(out.len(), 0, "what was said long ago was let go by the region");
}

#[test]
fn a_record_with_an_id_for_ever_rises_over_what_a_forgotten_run_said() {
    let condition =
        Condition { kind: ConditionKind::Bradycardia, is_active: true, since: at(0), value: 95 };
    let revision = |now: i64, active: bool| {
        let mut out = Vec::new();
        let mut ledger = Ledger::new(EPISODE, Fetus::First);
        ledger.take_condition(at(now), Condition { is_active: active, ..condition }, &mut out);
        out[0].revision
    };
    assert!(revision(60, false) > revision(0, true));
}

/// A course of a strip: falls, and how the view of them changes before they are final.
#[derive(Clone, Debug)]
struct Course {
    falls: Vec<(i64, i64)>,
    jitter: Vec<(i64, i64, bool)>,
    looks: Vec<i64>,
    restarts: Vec<bool>,
}

fn course() -> impl Strategy<Value = Course> {
    let falls = proptest::collection::vec((20..100i64, 20..90i64), 1..25);
    let jitter = proptest::collection::vec((-8..8i64, -8..8i64, any::<bool>()), 1..40);
    let looks = proptest::collection::vec(10..200i64, 1..20);
    let restarts = proptest::collection::vec(any::<bool>(), 1..20);
    (falls, jitter, looks, restarts).prop_map(|(steps, jitter, looks, restarts)| {
        let mut falls = Vec::new();
        let mut from = 0;
        for (gap, length) in steps {
            falls.push((from + gap, from + gap + length));
            from += gap + length;
        }
        Course { falls, jitter, looks, restarts }
    })
}

proptest! {
    /// However often a strip is looked at, however the view changes on the way, and wherever
    /// the analysis is restarted: what stays in the region is what became final, each once.
    #[test]
    fn what_stays_is_what_is_final_each_once(course in course()) {
        let mut ward = Ward::new();
        ward.ledger.begin_strip(at(0));
        let end = course.falls.last().unwrap().1;
        let (mut now, mut settled) = (0, 0);
        let mut jitter = course.jitter.iter().cycle();
        let mut looks = course.looks.iter().cycle();
        let mut restarts = course.restarts.iter().cycle();
        while settled < end {
            now += looks.next().unwrap();
            while now - settled >= 1_200 {
                let stretch = span(settled, settled + 600);
                let exact: Vec<_> = course.falls.iter()
                    .filter(|(from, _)| (settled..settled + 600).contains(from))
                    .map(|(from, to)| fall(*from, *to))
                    .collect();
                ward.read(stretch, FINAL, &exact);
                settled += 600;
            }
            if *restarts.next().unwrap() {
                prop_assert_eq!(ward.restart(0), "");
            }
            let seen: Vec<_> = course.falls.iter()
                .filter(|(from, _)| (settled..now).contains(from))
                .filter_map(|(from, to)| {
                    let (a, b, is_seen) = jitter.next().unwrap();
                    is_seen.then(|| fall((from + a).max(settled), to + b))
                })
                .collect();
            ward.read(span(settled, now), PROVISIONAL, &seen);
        }
        let there: Vec<_> = ward.region.values()
            .filter(|one| one.state != State::Withdrawn)
            .map(|one| match &one.body {
                Body::Finding(finding) => {
                    (((finding.from.0 - START) / 1_000_000, (finding.to.0 - START) / 1_000_000), one.state)
                }
                _ => panic!("findings only"),
            })
            .filter(|((from, _), _)| *from < settled)
            .collect();
        let mut there_final: Vec<_> = there.iter().map(|(extent, _)| *extent).collect();
        there_final.sort_unstable();
        let expected: Vec<_> =
            course.falls.iter().copied().filter(|(from, _)| *from < settled).collect();
        prop_assert_eq!(there_final, expected);
        prop_assert!(there.iter().all(|(_, state)| *state == State::Final));
    }
}

#[test]
fn what_a_full_region_tells_is_taken_over_within_bounds() {
    let (mut ward, mut region) = (Ward::new(), Vec::new());
    let publication = |id: i64, body: Body| Publication {
        episode: EPISODE,
        fetus: Fetus::First,
        state: State::Final,
        revision: 3,
        id: u64::try_from(id).unwrap(),
        body,
    };
    // As many as the region keeps: contractions among twice as many spikes, baselines of an hour.
    for number in 0..256 {
        let kind = if number % 3 == 0 { FindingKind::Contraction } else { FindingKind::Spike };
        let (from, to) = (number * 8, number * 8 + 4);
        let finding = Finding { kind, ..fall(from, to) };
        region.push(publication(1_000 + number, Body::Finding(finding)));
    }
    for number in 0..32 {
        let (from, values) = (at(600 * (number - 28)), vec![Some(560); 240]);
        let baseline = Baseline { from, step_ms: 2_500, values };
        region.push(publication(2_000 + number, Body::Baseline(baseline)));
    }
    let records: Vec<_> = region.iter().collect();
    ward.ledger.reconcile(at(0), &records, WallTime(i64::MAX), &mut Vec::new());
    assert_eq!(ward.ledger.settled_until(), at(2_400));
    // Every contraction is there: decelerations name them, and their number is a condition.
    let hour = span(0, 2_400);
    assert_eq!(ward.ledger.count(Class::Contraction, hour), 86);
    assert_eq!(ward.ledger.count(Class::Spike, hour), FINDINGS_MAX - 86);
    assert!(ward.ledger.memory_bytes() < 24_000, "{} bytes", ward.ledger.memory_bytes());
}
