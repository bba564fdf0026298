//! What holds of every life, however strange: any conditions, any hands, any clock.

use std::collections::{BTreeMap, BTreeSet};

use alert::history::{HISTORY_MAX, HISTORY_PER_BED_MAX};
use alert::rules::Latch;
use alert::*;
use proptest::prelude::*;
use vitals::{BridgeId, DeviceId, EpisodeId, WallTime};

/// One call.
#[derive(Clone, Debug)]
enum Call {
    Condition { kind: usize, place: u8, is_active: bool, ago_s: i64, episode: Option<u8> },
    Source { is_link: bool, holding: Vec<(usize, u8)> },
    Episode { place: u8, episode: Option<u8> },
    Acknowledge { which: usize, has_reason: bool },
    Invalid { which: usize },
    Pause { place: u8, seconds: u32 },
    Resume { place: u8 },
    Timeout,
    Restart,
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_said_and_done_the_promises_hold(calls in any_calls(any_step())) {
        let mut life = Life::new();
        for (step, call) in calls {
            life.make(step, &call);
        }
    }

    #[test]
    fn a_clock_that_leaps_to_any_time_breaks_nothing(calls in any_calls(any_leap())) {
        let mut life = Life::new();
        for (step, call) in calls {
            life.make(step, &call);
        }
    }

    #[test]
    fn the_same_calls_give_the_same_events(calls in any_calls(any_step())) {
        let (mut one, mut other) = (Life::new(), Life::new());
        for (step, call) in calls {
            one.make(step, &call);
            other.make(step, &call);
        }
        prop_assert_eq!(one.heard, other.heard);
    }

    #[test]
    fn a_life_through_restarts_is_one_without(calls in any_calls(any_step())) {
        let (mut plain, mut restarted) = (Life::new(), Life::new());
        for (step, call) in calls {
            plain.make(step, &call);
            restarted.make(step, &call);
            restarted.make(0, &Call::Restart);
        }
        prop_assert_eq!(plain.heard, restarted.heard);
        prop_assert_eq!(plain.alerts.records(), restarted.alerts.records());
    }

    /// Only where somebody acknowledged it, or another monitoring began, is a latched alarm gone.
    #[test]
    fn an_alarm_that_latches_goes_with_a_hand_or_a_new_monitoring_only(calls in any_calls(any_step())) {
        let mut life = Life::new();
        for (step, call) in calls {
            life.make(step, &call);
        }
        for event in &life.heard {
            let Event::Alarm { change: Change::Resolved, alarm, .. } = event else { continue };
            let latches = life.alerts.rules().of(alarm.kind).latch == Latch::UntilAcknowledged;
            let cause = alarm.resolution.expect("it is resolved").cause;
            prop_assert!(
                !latches || alarm.acknowledgement.is_some() || cause == Cause::OtherEpisode,
                "{alarm:?}"
            );
            prop_assert!(alarm.ended_at.is_some(), "{alarm:?}");
        }
    }
}

#[test]
fn a_history_forgets_the_lowest_and_oldest_first() {
    let mut alerts = Alerts::new(Rules::shipped());
    let rounds = HISTORY_PER_BED_MAX as i64 + 40;
    for round in 0..rounds {
        let now = WallTime(round * 10_000_000);
        let kind = if round % 2 == 0 { Kind::DeviceFault } else { Kind::Tachysystole };
        let one = Condition::new(kind, Subject::Bed(bed(1)), now).unwrap();
        alerts.handle_condition(now, &one).unwrap();
        alerts.handle_condition(now, &one.over(now)).unwrap();
        while alerts.poll_event().is_some() {}
        alerts.assert_invariants();
    }
    let history: Vec<_> = alerts.history().collect();
    assert_eq!(history.len(), HISTORY_PER_BED_MAX);
    let medium = history.iter().filter(|alarm| alarm.priority == Priority::Medium).count();
    assert_eq!(medium as i64, rounds / 2, "none that was graver is forgotten for one that was not");
    let low: Vec<_> = history.iter().filter(|alarm| alarm.priority == Priority::Low).collect();
    assert_eq!(low.last().unwrap().id.0 as i64, rounds, "the newest of the low is remembered");
}

#[test]
fn what_nobody_fetches_is_counted_and_no_alarm_is_lost() {
    let mut alerts = Alerts::new(Rules::shipped());
    let mut made = 0;
    for round in 0..40_000 {
        let now = WallTime(round * 10_000_000);
        let one = Condition::new(Kind::DeviceFault, Subject::Bed(bed(1)), now).unwrap();
        alerts.handle_condition(now, &one).unwrap();
        alerts.handle_condition(now, &one.over(now)).unwrap();
        made += 3;
    }
    let last = WallTime(40_000 * 10_000_000);
    let one = Condition::new(Kind::DeviceFault, Subject::Bed(bed(2)), last).unwrap();
    alerts.handle_condition(last, &one).unwrap();
    made += 1;
    let Some(Event::Missed { count }) = alerts.poll_event() else { panic!("some are missed") };
    let fetched = core::iter::from_fn(|| alerts.poll_event()).count() as u64;
    assert_eq!(count + fetched, made);
    assert_eq!(alerts.list().len(), 1);
}

#[test]
fn a_full_region_keeps_all_it_has_and_forgets_quiet_beds_for_new_ones() {
    use alert::alerts::BEDS_MAX;
    let mut alerts = Alerts::new(Rules::shipped());
    let now = WallTime(0);
    let holding: Vec<_> = (0..BEDS_MAX)
        .map(|number| Condition::new(Kind::DeviceFault, Subject::Bed(bed(number)), now).unwrap())
        .collect();
    alerts.handle_source(now, Source::Link, &holding).unwrap();
    while alerts.poll_event().is_some() {}
    let one_more = Condition::new(Kind::DeviceFault, Subject::Bed(bed(BEDS_MAX)), now).unwrap();
    assert_eq!(alerts.handle_condition(now, &one_more), Err(ConditionError::NoRoom));
    assert_eq!(alerts.list().len(), BEDS_MAX);
    alerts.handle_condition(now, &holding[7].clone().over(now)).unwrap();
    assert_eq!(alerts.handle_condition(now, &one_more), Ok(()));
    assert_eq!(alerts.list().len(), BEDS_MAX);
    alerts.assert_invariants();
}

#[test]
fn the_history_of_a_region_has_a_bound() {
    let mut alerts = Alerts::new(Rules::shipped());
    let now = WallTime(0);
    let beds = HISTORY_MAX / HISTORY_PER_BED_MAX + 5;
    for number in 0..beds {
        let one = Condition::new(Kind::DeviceFault, Subject::Bed(bed(number)), now).unwrap();
        for _ in 0..HISTORY_PER_BED_MAX {
            alerts.handle_condition(now, &one).unwrap();
            alerts.handle_condition(now, &one.clone().over(now)).unwrap();
        }
        while alerts.poll_event().is_some() {}
    }
    assert_eq!(alerts.history().count(), HISTORY_MAX);
    alerts.assert_invariants();
}

/// Alarms, and all that was heard of them.
struct Life {
    alerts: Alerts,
    now: WallTime,
    heard: Vec<Event>,
    /// What each alarm was last heard to be.
    known: BTreeMap<AlarmId, Alarm>,
    raised: BTreeSet<AlarmId>,
    resolved: BTreeSet<AlarmId>,
}

impl Life {
    fn new() -> Self {
        Self {
            alerts: Alerts::new(Rules::shipped()),
            now: WallTime(1_800_000_000_000_000),
            heard: Vec::new(),
            known: BTreeMap::new(),
            raised: BTreeSet::new(),
            resolved: BTreeSet::new(),
        }
    }

    /// Makes a call so many µs later, hears what comes of it, and holds it against the promises.
    fn make(&mut self, step_micros: i64, call: &Call) {
        self.now = self.now.plus_micros(step_micros);
        self.call(call);
        while let Some(event) = self.alerts.poll_event() {
            self.hear(event);
        }
        self.alerts.assert_invariants();
        if !matches!(call, Call::Restart) {
            let due = self.alerts.poll_timeout();
            assert!(due.is_none_or(|due| due > self.now), "what was due is left over");
        }
        // Who only listens knows what there is.
        let open = self.known.values().filter(|alarm| alarm.resolution.is_none());
        let mut open: Vec<&Alarm> = open.collect();
        open.sort_by(|one, other| wall_order(one, other));
        let mut heard: Vec<Alarm> = open.into_iter().cloned().collect();
        let mut listed: Vec<Alarm> = self.alerts.list().into_iter().cloned().collect();
        // These move with a clock that is set back, which is no event.
        for alarm in heard.iter_mut().chain(&mut listed) {
            alarm.unanswered_since = WallTime(0);
            alarm.holding_since = WallTime(0);
        }
        assert_eq!(heard, listed, "the events tell another story than the list");
    }

    fn call(&mut self, call: &Call) {
        let (now, alerts) = (self.now, &mut self.alerts);
        let ids: Vec<AlarmId> = self.known.keys().copied().collect();
        let pick = |which: usize| ids.get(which % (ids.len() + 1)).copied().unwrap_or(AlarmId(999));
        // Whether a call is refused is another test's matter; that it breaks nothing is this one's.
        let refused = match call {
            Call::Condition { kind, place, is_active, ago_s, episode } => {
                let since = now.plus_micros(-ago_s * 1_000_000);
                let mut one = condition(*kind, *place, since);
                one.is_active = *is_active;
                one.episode = episode.map(|number| EpisodeId::from_u128(number.into()));
                alerts.handle_condition(now, &one).is_err()
            }
            Call::Source { is_link, holding } => {
                let source = if *is_link { Source::Link } else { Source::Analysis };
                let holding: Vec<_> =
                    holding.iter().map(|(kind, place)| condition(*kind, *place, now)).collect();
                alerts.handle_source(now, source, &holding).is_err()
            }
            Call::Episode { place, episode } => {
                let episode = episode.map(|number| EpisodeId::from_u128(number.into()));
                alerts.handle_episode(now, bed((place / 2).into()), episode).is_err()
            }
            Call::Acknowledge { which, has_reason } => {
                let reason = has_reason.then(|| Words::new("a reason").expect("it is well-formed"));
                let response = Response { action: Some(Action::C), reason, ..Response::default() };
                alerts.handle_acknowledge(now, pick(*which), &hand(), &response).is_err()
            }
            Call::Invalid { which } => alerts.handle_invalid(now, pick(*which), &hand()).is_err(),
            Call::Pause { place, seconds } => {
                alerts.handle_pause(now, bed((place / 2).into()), *seconds, &hand()).is_err()
            }
            Call::Resume { place } => {
                alerts.handle_resume(now, bed((place / 2).into()), &hand());
                false
            }
            Call::Timeout => {
                alerts.handle_timeout(now);
                false
            }
            Call::Restart => {
                let records = alerts.records();
                let restored = Alerts::restore(alerts.rules().clone(), records.clone());
                assert_eq!(restored.refused, []);
                assert_eq!(restored.alerts.records(), records, "a restart changes nothing");
                *alerts = restored.alerts;
                assert_eq!(alerts.poll_event(), None, "a restart says nothing");
                false
            }
        };
        assert!(!refused || !matches!(call, Call::Timeout | Call::Restart | Call::Resume { .. }));
    }

    fn hear(&mut self, event: Event) {
        if let Event::Alarm { change, alarm, .. } = &event {
            let id = alarm.id;
            assert!(!self.resolved.contains(&id) || *change == Change::MarkedInvalid);
            match change {
                Change::Raised => assert!(self.raised.insert(id), "raised twice"),
                Change::Resolved => assert!(self.resolved.insert(id), "resolved twice"),
                Change::Promoted { from } => assert!(*from < alarm.priority),
                _ => assert!(self.raised.contains(&id), "heard of before it was raised"),
            }
            let before = self.known.insert(id, (**alarm).clone());
            if let Some(before) = before {
                assert!(alarm.priority >= before.priority, "a priority fell");
                assert_eq!(alarm.revision, before.revision + 1, "an event is missing");
                let changed = Alarm { revision: before.revision, ..(**alarm).clone() };
                assert_ne!(before, changed, "an event without a change");
            }
        }
        self.heard.push(event);
    }
}

fn any_calls(step: impl Strategy<Value = i64>) -> impl Strategy<Value = Vec<(i64, Call)>> {
    prop::collection::vec((step, any_call()), 1..60)
}

/// Mostly on, sometimes back, µs.
fn any_step() -> impl Strategy<Value = i64> {
    prop_oneof![
        8 => 0_i64..90_000_000,
        1 => Just(0_i64),
        1 => -120_000_000_i64..0,
        1 => 0_i64..3_600_000_000,
    ]
}

/// To anywhere, µs.
fn any_leap() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => any_step(),
        1 => any::<i64>(),
        1 => Just(i64::MAX),
        1 => Just(i64::MIN),
    ]
}

fn any_call() -> impl Strategy<Value = Call> {
    let kind = 0..Kind::ALL.len();
    // Beds 0 and 1, of each the first and the second fetus.
    let place = 0_u8..4;
    let episode = prop::option::of(0_u8..3);
    prop_oneof![
        8 => (kind.clone(), place.clone(), any::<bool>(), -5_i64..200, episode.clone())
            .prop_map(|(kind, place, is_active, ago_s, episode)| {
                Call::Condition { kind, place, is_active, ago_s, episode }
            }),
        1 => (any::<bool>(), prop::collection::vec((kind, place.clone()), 0..6))
            .prop_map(|(is_link, holding)| Call::Source { is_link, holding }),
        1 => (place.clone(), episode).prop_map(|(place, episode)| Call::Episode { place, episode }),
        3 => (any::<usize>(), any::<bool>())
            .prop_map(|(which, has_reason)| Call::Acknowledge { which, has_reason }),
        1 => any::<usize>().prop_map(|which| Call::Invalid { which }),
        1 => (place.clone(), 0_u32..130)
            .prop_map(|(place, seconds)| Call::Pause { place, seconds }),
        1 => place.prop_map(|place| Call::Resume { place }),
        3 => Just(Call::Timeout),
        1 => Just(Call::Restart),
    ]
}

fn condition(kind: usize, place: u8, since: WallTime) -> Condition {
    let kind = Kind::ALL[kind];
    let bed = bed((place / 2).into());
    let fetus = if place.is_multiple_of(2) { Fetus::First } else { Fetus::Second };
    let subject = match kind.scope() {
        Scope::Region => Subject::Region,
        Scope::Bed => Subject::Bed(bed),
        Scope::Fetus => Subject::Fetus(bed, fetus),
    };
    Condition::new(kind, subject, since).expect("it is well-formed")
}

fn bed(number: usize) -> Bed {
    let device = DeviceId::new(&format!("bed-{number}")).expect("it is well-formed");
    Bed { bridge: BridgeId::new("clinic").expect("it is well-formed"), device }
}

fn hand() -> Hand {
    Hand {
        by: Staff::new("anna").expect("it is well-formed"),
        on: Screen::new("desk").expect("it is well-formed"),
    }
}
