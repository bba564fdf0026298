//! What holds from when on, and when it is over.

use vitals::Bpm;

use super::*;

fn at(second: i64) -> WallTime {
    WallTime(1_790_000_000_000_000 + second * 1_000_000)
}

fn rate(bpm: f32) -> [Tick; TICKS_PER_SECOND] {
    let fhr = (bpm > 0.0).then(|| Bpm::from_quarters((bpm * 4.0) as u16).unwrap());
    [Tick { fhr, ..Tick::default() }; TICKS_PER_SECOND]
}

/// A fetus whose conditions are looked at every 25 s; what changed, a word each.
struct Ward {
    conditions: Conditions,
    published: BTreeMap<ConditionKind, Condition>,
    second: i64,
    view: View,
}

impl Ward {
    fn new() -> Self {
        let view = View {
            now: at(0),
            level: Shown::Level(1),
            baseline_bpm: Some(140.0),
            is_sinusoidal: false,
            contractions: None,
            coincides_since: None,
            doubles_since: None,
            prolonged: None,
        };
        let conditions = Conditions::new(ConditionSettings::default());
        Self { conditions, published: BTreeMap::new(), second: 0, view }
    }

    fn hear(&mut self, bpm: f32, seconds: i64) -> String {
        let mut words = Vec::new();
        for _ in 0..seconds {
            self.conditions.hear(&rate(bpm));
            self.second += 1;
            if self.second % 25 == 0 {
                words.extend(self.look());
            }
        }
        words.join(" ")
    }

    fn look(&mut self) -> Vec<String> {
        self.view.now = at(self.second);
        let published = &self.published;
        let changed = self.conditions.look(&self.view, |kind| published.get(&kind).copied());
        let mut words = Vec::new();
        for condition in changed {
            let sign = if condition.is_active { '+' } else { '-' };
            words.push(format!(
                "{}:{sign}{}={}",
                self.second,
                condition.kind.word(),
                condition.value
            ));
            self.published.insert(condition.kind, condition);
        }
        words
    }
}

#[test]
fn a_low_rate_is_a_condition_after_a_minute_and_over_when_it_is_back() {
    let mut ward = Ward::new();
    assert_eq!(ward.hear(140.0, 100), "");
    assert_eq!(ward.hear(95.0, 50), "");
    assert_eq!(ward.hear(95.0, 50), "175:+bradycardia=95");
    assert_eq!(ward.published[&ConditionKind::Bradycardia].since, at(115));
    assert_eq!(ward.hear(75.0, 100), "225:+bradycardia=87 250:+bradycardia=78");
    assert_eq!(ward.hear(130.0, 50), "350:-bradycardia=130");
}

#[test]
fn a_deceleration_of_less_than_a_minute_is_no_bradycardia() {
    let mut ward = Ward::new();
    for _ in 0..5 {
        assert_eq!(ward.hear(140.0, 60), "");
        assert_eq!(ward.hear(80.0, 55), "");
    }
}

#[test]
fn a_lost_signal_neither_raises_nor_ends_a_bradycardia() {
    let mut ward = Ward::new();
    ward.hear(95.0, 100);
    assert!(ward.published[&ConditionKind::Bradycardia].is_active);
    ward.hear(0.0, 50);
    assert!(ward.published[&ConditionKind::Bradycardia].is_active);
}

#[test]
fn a_very_low_rate_is_a_graver_condition_after_three_minutes() {
    let mut ward = Ward::new();
    ward.hear(140.0, 100);
    let words = ward.hear(70.0, 175);
    assert!(words.contains("bradycardia") && !words.contains("severe"), "{words}");
    assert_eq!(ward.hear(70.0, 25), "300:+severe bradycardia=70");
    assert_eq!(ward.published[&ConditionKind::SevereBradycardia].since, at(100));
    // It rises, and is still low.
    let words = ward.hear(95.0, 50);
    assert!(words.contains("-severe bradycardia=95") && !words.contains("-bradycardia"), "{words}");
}

#[test]
fn a_signal_is_lost_after_a_minute_only_where_there_was_one() {
    let mut ward = Ward::new();
    assert!(!ward.hear(0.0, 300).contains("signal lost"));
    ward.hear(140.0, 25);
    let words = ward.hear(0.0, 75);
    assert!(words.contains("400:+signal lost=75"), "{words}");
    assert_eq!(ward.published[&ConditionKind::SignalLost].since, at(325));
    assert!(!ward.hear(0.0, 200).contains("signal lost"));
    assert!(ward.hear(140.0, 25).contains("625:-signal lost"));
}

#[test]
fn a_level_must_last_a_minute_and_the_highest_counts_at_once() {
    let mut ward = Ward::new();
    ward.view.level = Shown::Level(4);
    assert_eq!(ward.hear(140.0, 75), "");
    ward.view.level = Shown::Level(2);
    assert_eq!(ward.hear(140.0, 25), "");
    ward.view.level = Shown::Level(4);
    assert_eq!(ward.hear(140.0, 100), "200:+level 4=0");
    assert_eq!(ward.published[&ConditionKind::Level4].since, at(125));
    ward.view.level = Shown::Level(5);
    assert_eq!(ward.hear(140.0, 25), "225:+level 5=0");
    assert_eq!(ward.hear(140.0, 75), "300:-level 4=0");
    ward.view.level = Shown::Level(1);
    assert_eq!(ward.hear(140.0, 100), "400:-level 5=0");
}

#[test]
fn a_young_strip_wants_no_level_and_an_older_one_says_that_it_has_none() {
    let mut ward = Ward::new();
    ward.view.level = Shown::TooEarly;
    assert_eq!(ward.hear(140.0, 300), "");
    ward.view.level = Shown::NotClassifiable;
    assert_eq!(ward.hear(140.0, 100), "400:+not classifiable=0");
}

#[test]
fn a_high_baseline_counts_and_one_that_cannot_be_told_changes_nothing() {
    let mut ward = Ward::new();
    ward.view.baseline_bpm = Some(166.0);
    assert_eq!(ward.hear(166.0, 25), "25:+tachycardia=166");
    ward.view.baseline_bpm = None;
    assert_eq!(ward.hear(166.0, 200), "");
    ward.view.baseline_bpm = Some(150.0);
    assert_eq!(ward.hear(150.0, 100), "325:-tachycardia=150");
}

#[test]
fn exactly_five_contractions_in_ten_minutes_are_not_too_many() {
    let mut ward = Ward::new();
    ward.view.contractions = Some(15);
    assert_eq!(ward.hear(140.0, 25), "");
    ward.view.contractions = Some(16);
    assert_eq!(ward.hear(140.0, 25), "50:+tachysystole=53");
}

#[test]
fn the_mothers_rate_on_the_fetal_channel_is_said_and_said_again_when_it_lasts() {
    let mut ward = Ward::new();
    ward.view.coincides_since = Some(at(0));
    let said = ward.hear(140.0, 200);
    assert_eq!(said, "75:+maternal coincidence=75 200:+maternal coincidence=200");
    ward.view.coincides_since = None;
    assert_eq!(ward.hear(140.0, 100), "300:-maternal coincidence=0");
}

#[test]
fn a_signal_that_is_lost_for_a_fifth_of_ten_minutes_is_poor_until_it_is_clearly_better() {
    let mut ward = Ward::new();
    for _ in 0..24 {
        ward.hear(140.0, 18);
        ward.hear(0.0, 7);
    }
    assert_eq!(ward.published[&ConditionKind::SignalPoor].value, 28);
    let said = ward.hear(140.0, 600);
    assert!(said.contains("-signal poor"), "{said}");
}

#[test]
fn a_prolonged_deceleration_goes_on_until_it_ends() {
    let mut ward = Ward::new();
    ward.view.prolonged = Some(Prolonged { from: at(0), to: at(150), nadir_bpm: 78.0 });
    assert_eq!(ward.hear(140.0, 150), "25:+prolonged deceleration=78");
    assert_eq!(ward.hear(140.0, 50), "175:-prolonged deceleration=78");
}

#[test]
fn what_was_published_before_a_restart_is_not_raised_anew() {
    let mut ward = Ward::new();
    ward.view.level = Shown::Level(4);
    ward.hear(140.0, 100);
    assert!(ward.published[&ConditionKind::Level4].is_active);
    ward.conditions = Conditions::new(ConditionSettings::default());
    assert_eq!(ward.hear(140.0, 200), "");
}

#[test]
fn the_end_of_a_monitoring_ends_what_holds() {
    let mut ward = Ward::new();
    ward.hear(95.0, 100);
    let published = &ward.published;
    let over = ward.conditions.end(at(500), |kind| published.get(&kind).copied());
    assert_eq!(over.len(), 1);
    assert!(!over[0].is_active && over[0].since == at(500));
}
