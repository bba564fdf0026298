//! The records that a ledger remembers, in as little memory as they need.
//!
//! A sorted list instead of a tree: there are some sixty, new ones have the highest id of their
//! kind, and a list has no empty places beyond the few that are stated here.

use protocol::analysis::{Assessment, Baseline, Body, Condition, Finding, Kind, State, Why};
use vitals::WallTime;

/// Where a record is found: what it is, and its id.
pub(super) type Place = (Kind, u64);

/// Places that are made ready at once where there is no room.
const ROOM: usize = 8;

/// One record that was published.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub revision: u32,
    pub state: State,
    pub body: Remembered,
    /// When it was last said, by this computer's clock.
    pub said_at: WallTime,
}

/// What a record says, without what a list of many would waste.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Remembered {
    Finding(Finding),
    Assessment(Box<Assessment>),
    Baseline(Line),
    Condition(Condition),
}

/// A baseline with 0 for what is absent, as it travels.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    from: WallTime,
    step_ms: u32,
    quarters: Box<[u16]>,
}

impl Remembered {
    /// Remembers a body; `None` for a judgement, which is nobody's here.
    pub fn of(body: Body) -> Option<Self> {
        Some(match body {
            Body::Finding(finding) => Self::Finding(finding),
            Body::Assessment(assessment) => Self::Assessment(Box::new(assessment)),
            Body::Baseline(Baseline { from, step_ms, values }) => {
                let quarters = values.iter().map(|value| value.unwrap_or(0)).collect();
                Self::Baseline(Line { from, step_ms, quarters })
            }
            Body::Condition(condition) => Self::Condition(condition),
            Body::Judgement(_) => return None,
        })
    }

    /// What was remembered.
    pub fn body(&self) -> Body {
        match self {
            Self::Finding(finding) => Body::Finding(*finding),
            Self::Assessment(assessment) => Body::Assessment(assessment.as_ref().clone()),
            Self::Baseline(Line { from, step_ms, quarters }) => {
                let values = quarters.iter().map(|value| Some(*value).filter(|value| *value != 0));
                Body::Baseline(Baseline {
                    from: *from,
                    step_ms: *step_ms,
                    values: values.collect(),
                })
            }
            Self::Condition(condition) => Body::Condition(*condition),
        }
    }

    /// Whether two readings say the same. While it may still change, a finding is said anew only
    /// where an eye would see the difference.
    pub fn is_as_before(&self, now: &Self, state: State) -> bool {
        match (self, now) {
            (Self::Finding(before), Self::Finding(now)) if state == State::Provisional => {
                looks_alike(before, now)
            }
            _ => self == now,
        }
    }

    /// What is behind its pointers.
    fn heap_bytes(&self) -> usize {
        match self {
            Self::Finding(_) | Self::Condition(_) => 0,
            Self::Assessment(one) => {
                size_of::<Assessment>()
                    + one.table_version.capacity()
                    + one.engine.capacity()
                    + one.why.capacity() * size_of::<Why>()
            }
            Self::Baseline(line) => size_of_val(&*line.quarters),
        }
    }
}

/// Records by their place.
///
/// # Invariants
///
/// Places rise, and each is there once.
#[derive(Debug, Default)]
pub(super) struct Entries {
    list: Vec<(Place, Entry)>,
}

impl Entries {
    pub fn get(&self, place: Place) -> Option<&Entry> {
        self.find(place).ok().map(|at| &self.list[at].1)
    }

    pub fn insert(&mut self, place: Place, entry: Entry) {
        match self.find(place) {
            Ok(at) => self.list[at].1 = entry,
            Err(at) => {
                if self.list.len() == self.list.capacity() {
                    self.list.reserve_exact(ROOM);
                }
                self.list.insert(at, (place, entry));
            }
        }
    }

    pub fn remove(&mut self, place: Place) -> Option<Entry> {
        self.find(place).ok().map(|at| self.list.remove(at).1)
    }

    pub fn retain(&mut self, mut keeps: impl FnMut(Place, &Entry) -> bool) {
        self.list.retain(|(place, entry)| keeps(*place, entry));
        self.list.shrink_to(self.list.len() + ROOM);
    }

    /// Those of a kind, by rising id.
    pub fn of_kind(&self, kind: Kind) -> &[(Place, Entry)] {
        let from = self.list.partition_point(|((of, _), _)| *of < kind);
        let to = self.list.partition_point(|((of, _), _)| *of <= kind);
        &self.list[from..to]
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = (Place, &mut Entry)> {
        self.list.iter_mut().map(|(place, entry)| (*place, entry))
    }

    pub fn heap_bytes(&self) -> usize {
        let behind = self.list.iter().map(|(_, entry)| entry.body.heap_bytes());
        self.list.capacity() * size_of::<(Place, Entry)>() + behind.sum::<usize>()
    }

    fn find(&self, place: Place) -> Result<usize, usize> {
        self.list.binary_search_by_key(&place, |(place, _)| *place)
    }
}

/// Less than a second and a beat apart.
fn looks_alike(before: &Finding, now: &Finding) -> bool {
    const SHIFT_MICROS: u64 = 1_000_000;
    const STEP_QUARTERS: u16 = 4;
    let near = |a: WallTime, b: WallTime| a.micros_since(b).unsigned_abs() < SHIFT_MICROS;
    let close = |a: Option<u16>, b: Option<u16>| match (a, b) {
        (Some(a), Some(b)) => a.abs_diff(b) < STEP_QUARTERS,
        (a, b) => a == b,
    };
    before.kind == now.kind
        && before.severity == now.severity
        && before.profiles == now.profiles
        && before.contraction == now.contraction
        && before.likelihood_percent.abs_diff(now.likelihood_percent) < 10
        && near(before.from, now.from)
        && near(before.to, now.to)
        && near(before.extreme_at, now.extreme_at)
        && close(before.value, now.value)
        && close(before.depth_quarters, now.depth_quarters)
}
