//! Which events of one reader are those of another, and how often: sensitivity, PPV, F1.
//!
//! In: events of two readers of the same recordings, and which samples cannot be judged. Out:
//! counts. The rule is that of the data set's README: two events match where they overlap by
//! more than 5 s, one to one, so that as many as possible match; an event of which more than a
//! third cannot be judged does not count, whoever marked it.

use ctg::Span;
use ctg::tick::TICKS_PER_SECOND;

/// Events match where they share more than this, ticks.
pub const OVERLAP_TICKS: u32 = 5 * TICKS_PER_SECOND;

/// Samples of a recording that cannot be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unjudged {
    /// How many of the samples before each place cannot be judged.
    before: Vec<u32>,
}

impl Unjudged {
    /// From a mark for each sample.
    #[must_use]
    pub fn new(marks: &[bool]) -> Self {
        let mut before = Vec::with_capacity(marks.len() + 1);
        let mut count = 0;
        before.push(count);
        for mark in marks {
            count += u32::from(*mark);
            before.push(count);
        }
        Self { before }
    }

    /// Whether at most a third of an event cannot be judged. What lies beyond the recording
    /// can; an empty event cannot be judged at all.
    #[must_use]
    pub fn allows(&self, event: Span) -> bool {
        let last = self.before.len() - 1;
        let count = |tick: u32| self.before[(tick as usize).min(last)];
        event.ticks() > 0 && 3 * (count(event.end) - count(event.start)) <= event.ticks()
    }

    /// Whether one sample can be judged.
    #[must_use]
    pub fn allows_sample(&self, at: usize) -> bool {
        self.before.get(at..at + 2).is_some_and(|pair| pair[0] == pair[1])
    }

    /// How many samples the recording has.
    #[must_use]
    pub fn samples(&self) -> usize {
        self.before.len() - 1
    }
}

/// How two readers agree on one kind of event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// Events that both marked.
    pub both: u32,
    /// Events that the experts marked.
    pub expert: u32,
    /// Events that the method marked.
    pub method: u32,
}

impl Agreement {
    /// Compares the events of a method with those of the experts.
    #[must_use]
    pub fn of(expert: &[Span], method: &[Span], unjudged: &Unjudged) -> Self {
        let kept = |events: &[Span]| -> Vec<Span> {
            events.iter().copied().filter(|event| unjudged.allows(*event)).collect()
        };
        let (expert, method) = (kept(expert), kept(method));
        let count = |events: usize| u32::try_from(events).expect("a recording is not that long");
        Self {
            both: count(pairs(&expert, &method)),
            expert: count(expert.len()),
            method: count(method.len()),
        }
    }

    /// The counts of two recordings together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            both: self.both + other.both,
            expert: self.expert + other.expert,
            method: self.method + other.method,
        }
    }

    /// Share of the experts' events that the method marked; 0 where there are none.
    #[must_use]
    pub fn sensitivity(self) -> f64 {
        f64::from(self.both) / f64::from(self.expert.max(1))
    }

    /// Share of the method's events that the experts marked; 0 where there are none.
    #[must_use]
    pub fn positive_predictive_value(self) -> f64 {
        f64::from(self.both) / f64::from(self.method.max(1))
    }

    /// Twice what both marked, of all that either marked; 1 where neither marked any: they
    /// agree that there is none.
    #[must_use]
    pub fn f1(self) -> f64 {
        let all = self.expert + self.method;
        if all == 0 { 1.0 } else { f64::from(2 * self.both) / f64::from(all) }
    }
}

/// The largest number of pairs of events that match one to one.
#[must_use]
pub fn pairs(expert: &[Span], method: &[Span]) -> usize {
    let partners: Vec<Vec<usize>> = expert
        .iter()
        .map(|one| (0..method.len()).filter(|at| matches(*one, method[*at])).collect())
        .collect();
    let mut taken_by = vec![None; method.len()];
    (0..expert.len())
        .filter(|one| finds_partner(*one, &partners, &mut taken_by, &mut vec![false; method.len()]))
        .count()
}

fn matches(one: Span, other: Span) -> bool {
    one.overlap(other) > OVERLAP_TICKS
}

/// Gives `one` a partner, where others may move to another of theirs (Kuhn's way to the largest
/// matching). A chain of moves is no longer than the events that overlap in a row.
fn finds_partner(
    one: usize,
    partners: &[Vec<usize>],
    taken_by: &mut [Option<usize>],
    tried: &mut [bool],
) -> bool {
    for &partner in &partners[one] {
        if std::mem::replace(&mut tried[partner], true) {
            continue;
        }
        let is_free = match taken_by[partner] {
            None => true,
            Some(other) => finds_partner(other, partners, taken_by, tried),
        };
        if is_free {
            taken_by[partner] = Some(one);
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(seconds: &[(u32, u32)]) -> Vec<Span> {
        seconds.iter().map(|(start, end)| Span::of_seconds(*start, *end)).collect()
    }

    #[test]
    fn an_overlap_of_5_s_is_not_yet_a_match() {
        assert_eq!(pairs(&spans(&[(0, 20)]), &spans(&[(15, 40)])), 0);
        let span = Span { start: 59, end: 160 };
        assert_eq!(pairs(&spans(&[(0, 20)]), &[span]), 1);
    }

    #[test]
    fn a_partner_is_given_up_where_that_makes_one_pair_more() {
        // The first expert event overlaps both of the method's, the second only the first.
        let expert = spans(&[(0, 100), (0, 30)]);
        let method = spans(&[(0, 30), (50, 100)]);
        assert_eq!(pairs(&expert, &method), 2);
    }

    #[test]
    fn one_event_matches_one_other() {
        let agreement = Agreement::of(
            &spans(&[(0, 30), (40, 70)]),
            &spans(&[(0, 70)]),
            &Unjudged::new(&[false; 400]),
        );
        assert_eq!(agreement, Agreement { both: 1, expert: 2, method: 1 });
        assert!((agreement.f1() - 2.0 / 3.0).abs() < 1e-12);
        assert!((Agreement::default().f1() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn an_event_of_which_more_than_a_third_cannot_be_judged_does_not_count() {
        let mut marks = [false; 400];
        marks[..41].fill(true);
        let unjudged = Unjudged::new(&marks);
        assert!(unjudged.allows(Span { start: 1, end: 121 }));
        assert!(!unjudged.allows(Span { start: 0, end: 120 }));
        assert!(!unjudged.allows(Span { start: 200, end: 200 }));
        assert!(!unjudged.allows_sample(40) && unjudged.allows_sample(41));
        assert!(!unjudged.allows_sample(400));
    }
}
