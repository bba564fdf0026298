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
//!
//! What is final is in the region's store and on its walls. Here it is remembered for two
//! reasons only: later findings name earlier ones, for half an hour, and a region that was away
//! is told what it missed, up to an hour. What is let go beyond that is lost to nobody.

use protocol::Publication;
use protocol::analysis::{
    Assessment, AssessmentSpan, Baseline, Body, Condition, ConditionKind, Fetus, Finding, Kind,
    State,
};
use vitals::{EpisodeId, WallTime};

use crate::class::Class;

mod entries;
mod matching;
mod region;

use entries::{Entries, Entry, Place, Remembered};
use matching::{Candidate, pairs};

/// Most findings that are remembered, unless more of them than that are provisional. A strip has
/// some thirty in forty minutes; beyond this the oldest artefacts go first. Design: 14 kB.
const FINDINGS_MAX: usize = 128;
/// How long final findings are remembered: contractions are counted over half an hour.
const FINDINGS_MICROS: i64 = 40 * 60 * WallTime::MICROS_PER_SECOND;
/// Final blocks and stretches of the baseline that are remembered.
const BLOCKS_MAX: usize = 6;
/// The engine may begin a finding so much before its stretch.
const BEFORE_MICROS: i64 = 60 * WallTime::MICROS_PER_SECOND;
/// The id of the assessment that rolls on.
const ROLLING_ID: u64 = 1;
/// Blocks are named by their beginning, in steps of a second.
const BLOCK_ID_MICROS: i64 = WallTime::MICROS_PER_SECOND;

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
/// an entry that is final; ids of findings rise and are used once. Whenever something has become
/// final, at most `FINDINGS_MAX` findings are remembered beside the provisional ones, and
/// `BLOCKS_MAX` blocks and stretches of the baseline.
#[derive(Debug)]
pub struct Ledger {
    episode: EpisodeId,
    fetus: Fetus,
    entries: Entries,
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
            entries: Entries::default(),
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
        self.entries.retain(|(kind, _), _| kind != Kind::Finding);
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
        if let Some(Entry { revision, body, .. }) = self.entries.remove(place) {
            let (id, state) = (candidate.id, State::Withdrawn);
            out.push(self.publication(id, revision + 1, state, body.body()));
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
            if let Some(entry) = self.entries.get((Kind::Finding, candidate.id)) {
                let body = entry.body.body();
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
        let known = self.entries.of_kind(Kind::Assessment).iter();
        let mut same = known.filter(|((_, id), entry)| match &entry.body {
            Remembered::Assessment(known) => {
                *id != ROLLING_ID && extent(known).overlap(extent(block)) > 0
            }
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
        self.let_go();
    }

    /// Up to where everything is final; the beginning of time where nothing is.
    #[must_use]
    pub fn settled_until(&self) -> WallTime {
        self.settled_until
    }

    /// The last thing said of a condition.
    #[must_use]
    pub fn condition(&self, kind: ConditionKind) -> Option<&Condition> {
        match &self.entries.get((Kind::Condition, kind.code().into()))?.body {
            Remembered::Condition(condition) => Some(condition),
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
        self.entries.heap_bytes()
    }

    /// Whether anything was said of this monitoring as it was before `at`.
    #[must_use]
    pub fn knows_before(&self, at: WallTime) -> bool {
        let blocks = self.entries.of_kind(Kind::Assessment).iter();
        let begins = blocks.filter_map(|(_, entry)| match &entry.body {
            Remembered::Assessment(block) => Some(block.from),
            _ => None,
        });
        self.findings().map(|(_, finding, _)| finding.from).chain(begins).any(|from| from < at)
    }

    /// How many findings of a class have their extreme in a stretch of time.
    #[must_use]
    pub fn count(&self, class: Class, extent: Extent) -> usize {
        let findings = self.findings().filter(|(_, finding, _)| Class::of(finding.kind) == class);
        let within = |at: WallTime| extent.from <= at && at < extent.to;
        findings.filter(|(_, finding, _)| within(finding.extreme_at)).count()
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
        let Some(remembered) = Remembered::of(body) else { return };
        let revision = match self.entries.get(place) {
            None => first_revision(place.0, now),
            Some(entry) if entry.state == State::Final => return,
            Some(entry) if entry.state == state && entry.body.is_as_before(&remembered, state) => {
                return;
            }
            Some(entry) => entry.revision + 1,
        };
        out.push(self.publication(id, revision, state, remembered.body()));
        self.entries.insert(place, Entry { revision, state, body: remembered, said_at: now });
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
        let findings = self.entries.of_kind(Kind::Finding).iter();
        findings.filter_map(|((_, id), entry)| match &entry.body {
            Remembered::Finding(finding) => Some((*id, finding, entry.state)),
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

    /// Forgets what is too old or too many.
    fn let_go(&mut self) {
        let oldest = self.settled_until.plus_micros(-FINDINGS_MICROS);
        self.entries.retain(|_, entry| match &entry.body {
            Remembered::Finding(finding) => finding.to >= oldest,
            _ => true,
        });
        let findings = self.findings();
        let mut finals: Vec<_> = findings
            .filter(|(_, _, state)| *state == State::Final)
            .map(|(id, finding, _)| (Class::of(finding.kind).weight(), finding.to, id))
            .collect();
        finals.sort_unstable();
        let mut surplus: Vec<Place> = finals[..finals.len().saturating_sub(FINDINGS_MAX)]
            .iter()
            .map(|(_, _, id)| (Kind::Finding, *id))
            .collect();
        for kind in [Kind::Baseline, Kind::Assessment] {
            let of_kind = self.entries.of_kind(kind).iter().map(|(place, _)| *place);
            let blocks: Vec<_> = of_kind.filter(|(_, id)| *id != ROLLING_ID).collect();
            surplus.extend_from_slice(&blocks[..blocks.len().saturating_sub(BLOCKS_MAX)]);
        }
        if !surplus.is_empty() {
            self.entries.retain(|place, _| !surplus.contains(&place));
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

fn block_id(from: WallTime) -> u64 {
    u64::try_from(from.0 / BLOCK_ID_MICROS).unwrap_or(0).max(ROLLING_ID + 1)
}

#[cfg(test)]
mod tests;
