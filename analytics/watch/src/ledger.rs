//! What was published of one fetus of one episode, and what a new reading changes in it.
//!
//! In: what the engine says of a stretch, provisional or final, and what the region has. Out:
//! publications with ids that stay and revisions that rise. Never: clocks, sockets.
//!
//! The engine names nothing: it says each time anew what a stretch holds. Here a finding is
//! recognised by what it is and where it lies. What is as it was is not said again; what moved
//! is said under its id with a higher revision; what is gone is withdrawn; what is final is
//! said once more as final, and never changes.
//!
//! After a restart the region tells what was published, see [`Ledger::reconcile`]: the same ids
//! go on, and what was final before is not said again, whatever a shorter memory of the strip
//! makes of it.

use std::collections::BTreeMap;

use protocol::Publication;
use protocol::analysis::{
    Assessment, AssessmentSpan, Baseline, Body, Condition, ConditionKind, Fetus, Finding, Kind,
    State,
};
use vitals::{EpisodeId, WallTime};

use crate::class::Class;

mod matching;

use matching::{Candidate, pairs};

/// Most findings that are remembered: as many as the region keeps.
const FINDINGS_MAX: usize = 256;
/// How long final findings are remembered: contractions are counted over half an hour.
const FINDINGS_MICROS: i64 = 40 * 60 * WallTime::MICROS_PER_SECOND;
/// Final blocks and stretches of the baseline that are remembered.
const BLOCKS_MAX: usize = 6;
/// The engine may begin a finding so much before its stretch.
const BEFORE_MICROS: i64 = 60 * WallTime::MICROS_PER_SECOND;
/// What was said so shortly before a connection was lost may not have arrived.
const UNCERTAIN_MICROS: i64 = 120 * WallTime::MICROS_PER_SECOND;
/// The id of the assessment that rolls on.
const ROLLING_ID: u64 = 1;
/// Blocks are named by their beginning, in steps of a second.
const BLOCK_ID_MICROS: i64 = WallTime::MICROS_PER_SECOND;

/// One record that was published.
#[derive(Clone, Debug)]
struct Entry {
    revision: u32,
    state: State,
    body: Body,
    /// When it was last said, by this computer's clock.
    said_at: WallTime,
}

/// How far a reading of a stretch can be trusted to stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finality {
    /// The strip goes on, and may change it.
    Provisional,
    /// It stays.
    Final,
}

impl Finality {
    /// The word of the wire for it.
    #[must_use]
    pub const fn state(self) -> State {
        match self {
            Self::Provisional => State::Provisional,
            Self::Final => State::Final,
        }
    }
}

/// A stretch of time: `from` is inside, `to` is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Its first moment.
    pub from: WallTime,
    /// The first moment behind it.
    pub to: WallTime,
}

/// What was published of one fetus of one episode.
///
/// # Invariants
///
/// A revision never falls, and rises with every publication of its id; nothing is published of
/// an entry that is final; ids of findings rise and are used once. At most `FINDINGS_MAX`
/// findings and `BLOCKS_MAX` blocks and stretches of the baseline are remembered.
#[derive(Debug)]
pub struct Ledger {
    episode: EpisodeId,
    fetus: Fetus,
    entries: BTreeMap<(Kind, u64), Entry>,
    /// Everything before is final.
    settled_until: WallTime,
    /// Findings that began before the strip that is read cannot be judged by it.
    heard_from: WallTime,
    last_id: u64,
}

impl Ledger {
    /// A ledger without entries.
    #[must_use]
    pub fn new(episode: EpisodeId, fetus: Fetus) -> Self {
        Self {
            episode,
            fetus,
            entries: BTreeMap::new(),
            settled_until: WallTime(i64::MIN),
            heard_from: WallTime(i64::MIN),
            last_id: 0,
        }
    }

    /// Whose it is.
    #[must_use]
    pub fn episode(&self) -> EpisodeId {
        self.episode
    }

    /// Which fetus it is of.
    #[must_use]
    pub fn fetus(&self) -> Fetus {
        self.fetus
    }

    /// A strip begins whose first value is at `at`. Provisional findings that began before can
    /// not be judged by it; the next final stretch leaves them as they are.
    pub fn begin_strip(&mut self, at: WallTime) {
        self.heard_from = at;
    }

    /// Begins a strip after the clock was set back: what was said of times that come again
    /// belongs to another strip.
    pub fn begin_strip_anew(&mut self, at: WallTime) {
        self.begin_strip(at);
        self.settled_until = WallTime(i64::MIN);
        self.entries.retain(|(kind, _), _| *kind != Kind::Finding);
    }

    /// Takes all findings of one class that a stretch holds.
    pub fn take_findings(
        &mut self,
        now: WallTime,
        stretch: Extent,
        finality: Finality,
        class: Class,
        mut drafts: Vec<Finding>,
        out: &mut Vec<Publication>,
    ) {
        let border = self.settled_until.plus_micros(-BEFORE_MICROS);
        drafts.retain(|draft| draft.from >= border);
        let known = self.of_class(class);
        let found: Vec<_> = drafts.iter().map(extent_of).collect();
        let mut matched = vec![false; known.len()];
        let mut said = vec![false; drafts.len()];
        for (draft, entry) in pairs(&found, &known) {
            matched[entry] = true;
            said[draft] = true;
            let candidate = known[entry];
            if candidate.extent.from >= self.heard_from {
                let body = Body::Finding(drafts[draft]);
                self.say(now, candidate.id, finality.state(), body, out);
            }
        }
        for (at, draft) in drafts.into_iter().enumerate().filter(|(at, _)| !said[*at]) {
            if !known.iter().any(|known| known.is_final && known.extent.overlap(found[at]) > 0) {
                let id = self.next_id(now);
                self.say(now, id, finality.state(), Body::Finding(draft), out);
            }
        }
        let unmatched = known.iter().zip(&matched).filter(|(_, matched)| !**matched);
        for (candidate, _) in unmatched.filter(|(candidate, _)| !candidate.is_final) {
            self.miss(candidate, stretch, finality, out);
        }
        if finality == Finality::Final {
            self.keep_what_cannot_be_judged(now, class, stretch, out);
        }
    }

    /// A finding that is provisional was not found again.
    fn miss(
        &mut self,
        candidate: &Candidate,
        stretch: Extent,
        finality: Finality,
        out: &mut Vec<Publication>,
    ) {
        let from = candidate.extent.from;
        let can_be_judged = from >= self.heard_from
            && from >= stretch.from.plus_micros(-BEFORE_MICROS)
            && (finality == Finality::Provisional || from < stretch.to);
        if !can_be_judged {
            return;
        }
        let place = (Kind::Finding, candidate.id);
        if let Some(mut entry) = self.entries.remove(&place) {
            entry.revision += 1;
            out.push(self.publication(candidate.id, entry.revision, State::Withdrawn, entry.body));
        }
    }

    /// What began before the strip was heard stays as it was last seen.
    fn keep_what_cannot_be_judged(
        &mut self,
        now: WallTime,
        class: Class,
        stretch: Extent,
        out: &mut Vec<Publication>,
    ) {
        for candidate in self.of_class(class) {
            let is_past = candidate.extent.from < stretch.to;
            if candidate.is_final || candidate.extent.from >= self.heard_from || !is_past {
                continue;
            }
            if let Some(entry) = self.entries.get(&(Kind::Finding, candidate.id)) {
                let body = entry.body.clone();
                self.say(now, candidate.id, State::Final, body, out);
            }
        }
    }

    /// Takes a stretch of the baseline, at most ten minutes, named by where it begins.
    pub fn take_baseline(
        &mut self,
        now: WallTime,
        finality: Finality,
        baseline: Baseline,
        out: &mut Vec<Publication>,
    ) {
        let id = block_id(baseline.from);
        self.say(now, id, finality.state(), Body::Baseline(baseline), out);
    }

    /// Takes the levels of some minutes. Those that roll on are one record; those of the record
    /// have one each, which is recognised by where it lies: a block that began mid-way may begin
    /// elsewhere when it is read again.
    pub fn take_assessment(
        &mut self,
        now: WallTime,
        finality: Finality,
        assessment: Assessment,
        out: &mut Vec<Publication>,
    ) {
        let id = match assessment.span {
            AssessmentSpan::Rolling => ROLLING_ID,
            AssessmentSpan::Block => self.id_of_block(&assessment),
        };
        self.say(now, id, finality.state(), Body::Assessment(assessment), out);
    }

    fn id_of_block(&self, block: &Assessment) -> u64 {
        let extent = |one: &Assessment| Extent { from: one.from, to: one.to };
        let blocks = self.entries.range((Kind::Assessment, ROLLING_ID + 1)..);
        let known = blocks.take_while(|((kind, _), _)| *kind == Kind::Assessment);
        let mut same = known.filter(|(_, entry)| match &entry.body {
            Body::Assessment(known) => extent(known).overlap(extent(block)) > 0,
            _ => false,
        });
        same.next().map_or_else(|| block_id(block.from), |((_, id), _)| *id)
    }

    /// Takes a condition as it is now.
    pub fn take_condition(
        &mut self,
        now: WallTime,
        condition: Condition,
        out: &mut Vec<Publication>,
    ) {
        let id = u64::from(condition.kind.code());
        self.say(now, id, State::Provisional, Body::Condition(condition), out);
    }

    /// Everything before `until` is final now; what is too old is forgotten.
    pub fn settle(&mut self, until: WallTime) {
        self.settled_until = self.settled_until.max(until);
        let oldest = self.settled_until.plus_micros(-FINDINGS_MICROS);
        self.entries.retain(|_, entry| match &entry.body {
            Body::Finding(finding) => finding.to >= oldest,
            _ => true,
        });
        self.keep_newest(Kind::Finding, FINDINGS_MAX);
        self.keep_newest(Kind::Baseline, BLOCKS_MAX);
        self.keep_newest(Kind::Assessment, BLOCKS_MAX);
    }

    /// Up to where everything is final; the beginning of time where nothing is.
    #[must_use]
    pub fn settled_until(&self) -> WallTime {
        self.settled_until
    }

    /// The last thing said of a condition.
    #[must_use]
    pub fn condition(&self, kind: ConditionKind) -> Option<&Condition> {
        match &self.entries.get(&(Kind::Condition, kind.code().into()))?.body {
            Body::Condition(condition) => Some(condition),
            _ => None,
        }
    }

    /// The id of the finding of a class that overlaps most with a stretch of time.
    #[must_use]
    pub fn id_of(&self, class: Class, extent: Extent) -> Option<u64> {
        let known = self.of_class(class).into_iter();
        let overlapping = known.map(|known| (known.extent.overlap(extent), known.id));
        overlapping
            .filter(|(overlap, _)| *overlap > 0)
            .max_by_key(|(overlap, _)| *overlap)
            .map(|best| best.1)
    }

    /// When the first remembered finding of a class began.
    #[must_use]
    pub fn earliest(&self, class: Class) -> Option<WallTime> {
        let findings = self.findings().filter(|(_, finding, _)| Class::of(finding.kind) == class);
        findings.map(|(_, finding, _)| finding.from).min()
    }

    /// Bytes that it holds in memory, about.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        let values = self.entries.values().map(|entry| match &entry.body {
            Body::Baseline(baseline) => baseline.values.capacity() * size_of::<Option<u16>>(),
            Body::Assessment(_) => 256,
            _ => 0,
        });
        self.entries.len() * size_of::<((Kind, u64), Entry)>() + values.sum::<usize>()
    }

    /// How many findings of a class have their extreme in a stretch of time.
    #[must_use]
    pub fn count(&self, class: Class, extent: Extent) -> usize {
        let findings = self.findings().filter(|(_, finding, _)| Class::of(finding.kind) == class);
        let within = |at: WallTime| extent.from <= at && at < extent.to;
        findings.filter(|(_, finding, _)| within(finding.extreme_at)).count()
    }

    /// Compares with what the region has of this fetus of this episode: what it lacks or has
    /// otherwise is published, what is not known here is taken over.
    ///
    /// `lost_at` is when the last connection was lost; what was said long before that and is
    /// not there any more was let go by the region.
    pub fn reconcile(
        &mut self,
        now: WallTime,
        region: &[&Publication],
        lost_at: WallTime,
        out: &mut Vec<Publication>,
    ) {
        let mut theirs: BTreeMap<(Kind, u64), &Publication> = BTreeMap::new();
        for &publication in region {
            let kind = publication.body.kind();
            if publication.episode == self.episode
                && publication.fetus == self.fetus
                && kind != Kind::Judgement
            {
                theirs.insert((kind, publication.id), publication);
            }
        }
        let uncertain_from = lost_at.plus_micros(-UNCERTAIN_MICROS);
        let mut again = Vec::new();
        for (&(kind, id), entry) in &mut self.entries {
            match theirs.remove(&(kind, id)) {
                None if entry.said_at >= uncertain_from => again.push((kind, id)),
                None => {}
                Some(theirs) if theirs.revision < entry.revision => again.push((kind, id)),
                Some(theirs) => {
                    let is_same = theirs.body == entry.body && theirs.state == entry.state;
                    entry.revision = theirs.revision + u32::from(!is_same);
                    if !is_same {
                        again.push((kind, id));
                    }
                }
            }
        }
        for ((kind, id), publication) in theirs {
            self.take_over(kind, id, publication);
        }
        for place in again {
            let entry = self.entries.get_mut(&place).expect("its place is from above");
            entry.said_at = now;
            let (revision, state, body) = (entry.revision, entry.state, entry.body.clone());
            out.push(self.publication(place.1, revision, state, body));
        }
    }

    /// Learns a record that the region has.
    fn take_over(&mut self, kind: Kind, id: u64, publication: &Publication) {
        if publication.state == State::Withdrawn {
            return;
        }
        if kind == Kind::Finding {
            self.last_id = self.last_id.max(id);
        }
        if publication.state == State::Final {
            let until = match &publication.body {
                Body::Baseline(baseline) => end_of(baseline),
                Body::Assessment(block) if block.span == AssessmentSpan::Block => block.to,
                _ => self.settled_until,
            };
            self.settled_until = self.settled_until.max(until);
        }
        let entry = Entry {
            revision: publication.revision,
            state: publication.state,
            body: publication.body.clone(),
            said_at: WallTime(i64::MIN),
        };
        self.entries.insert((kind, id), entry);
    }

    /// Publishes a record, unless it is final already or nothing in it has changed.
    fn say(
        &mut self,
        now: WallTime,
        id: u64,
        state: State,
        body: Body,
        out: &mut Vec<Publication>,
    ) {
        let place = (body.kind(), id);
        let revision = match self.entries.get(&place) {
            None => first_revision(place.0, now),
            Some(entry) if entry.state == State::Final => return,
            Some(entry) if entry.state == state && is_as_before(&entry.body, &body, state) => {
                return;
            }
            Some(entry) => entry.revision + 1,
        };
        out.push(self.publication(id, revision, state, body.clone()));
        self.entries.insert(place, Entry { revision, state, body, said_at: now });
    }

    fn publication(&self, id: u64, revision: u32, state: State, body: Body) -> Publication {
        Publication { episode: self.episode, fetus: self.fetus, state, revision, id, body }
    }

    /// An id that no finding had: the moment at which it is first said.
    fn next_id(&mut self, now: WallTime) -> u64 {
        let moment = u64::try_from(now.0).unwrap_or(0);
        self.last_id = moment.max(self.last_id + 1);
        self.last_id
    }

    fn findings(&self) -> impl Iterator<Item = (u64, &Finding, State)> {
        let findings = self.entries.range((Kind::Finding, 0)..=(Kind::Finding, u64::MAX));
        findings.filter_map(|((_, id), entry)| match &entry.body {
            Body::Finding(finding) => Some((*id, finding, entry.state)),
            _ => None,
        })
    }

    fn of_class(&self, class: Class) -> Vec<Candidate> {
        let known = self.findings().filter(|(_, finding, _)| Class::of(finding.kind) == class);
        let candidate = |(id, finding, state): (u64, &Finding, State)| Candidate {
            id,
            extent: extent_of(finding),
            is_final: state == State::Final,
        };
        known.map(candidate).collect()
    }

    fn keep_newest(&mut self, kind: Kind, max: usize) {
        let ids = self.entries.range((kind, ROLLING_ID + 1)..=(kind, u64::MAX));
        let ids: Vec<_> = ids.map(|(place, _)| *place).collect();
        for place in &ids[..ids.len().saturating_sub(max)] {
            self.entries.remove(place);
        }
    }
}

impl Extent {
    /// How long both last together, µs.
    #[must_use]
    pub fn overlap(self, other: Self) -> i64 {
        self.to.min(other.to).micros_since(self.from.max(other.from)).max(0)
    }
}

/// Where the revisions of a record begin that is not known. An id that serves for ever begins
/// with the moment, in seconds: whatever was said under it before, and forgotten here, is older.
fn first_revision(kind: Kind, now: WallTime) -> u32 {
    match kind {
        Kind::Finding => 1,
        _ => u32::try_from(now.0 / WallTime::MICROS_PER_SECOND).unwrap_or(1).max(1),
    }
}

fn extent_of(finding: &Finding) -> Extent {
    Extent { from: finding.from, to: finding.to }
}

fn end_of(baseline: &Baseline) -> WallTime {
    let values = i64::try_from(baseline.values.len()).unwrap_or(0);
    baseline.from.plus_micros(values * i64::from(baseline.step_ms) * 1_000)
}

fn block_id(from: WallTime) -> u64 {
    u64::try_from(from.0 / BLOCK_ID_MICROS).unwrap_or(0).max(ROLLING_ID + 1)
}

/// Whether two readings say the same. While it may still change, a finding is said anew only
/// where an eye would see the difference.
fn is_as_before(before: &Body, now: &Body, state: State) -> bool {
    match (before, now) {
        (Body::Finding(before), Body::Finding(now)) if state == State::Provisional => {
            looks_alike(before, now)
        }
        _ => before == now,
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

#[cfg(test)]
mod tests;
