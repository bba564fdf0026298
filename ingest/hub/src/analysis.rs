//! What the analysis has published, as a set with versions, and whether the analysis lives.
//!
//! A record replaces the one of the same track and key if its revision is higher. A reader is a
//! version up to which it has seen the set: however slow it is, it gets the newest of each
//! record and never a queue. The region looks at a record's key, revision, state and times; what
//! it says of a fetus is for the screen.

use std::collections::BTreeMap;

use protocol::analysis::{Body, Kind, Publication, PublicationKey, State};
use protocol::feed::{AnalysisFrame, RecordEntry, TrackNumber};
use vitals::WallTime;

use crate::set_reader::{Change, VersionedSet};

/// Most records of one track, by what they are. A strip of half an hour has some sixty findings;
/// sixty-four blocks of ten minutes are ten hours of levels; conditions are a dozen a fetus.
pub(crate) const fn records_max(kind: Kind) -> usize {
    match kind {
        Kind::Finding => 256,
        Kind::Assessment | Kind::Condition | Kind::Judgement => 64,
        Kind::Baseline => 32,
    }
}

/// How long levels, conditions and judgements stay, beyond the strip they belong to: a shift.
pub(crate) const LONG_MICROS: i64 = 12 * 3_600 * WallTime::MICROS_PER_SECOND;
/// How much longer than the strip findings stay: one that reaches over the strip's beginning is
/// still known to an analysis that starts anew there. The longest lasts ten minutes.
pub(crate) const OVERLAP_MICROS: i64 = 15 * 60 * WallTime::MICROS_PER_SECOND;

/// The place of a record in the set.
pub(crate) type Place = (TrackNumber, PublicationKey);

/// One record that is kept.
#[derive(Debug)]
struct Record {
    version: u64,
    revision: u32,
    state: State,
    /// The last moment it speaks of, by the bridge's clock.
    until: WallTime,
    /// Whether it must not be let go for its age: it holds now.
    is_active: bool,
    bytes: Box<[u8]>,
}

/// What a record is good for in the set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entered {
    /// It is new, or newer than what was known.
    Fresh,
    /// What is known is as new or newer.
    Known,
}

/// What is published of every track.
///
/// # Invariants
///
/// Every record has a version of its own, the newest change the highest; of each kind a track
/// has no more than [`records_max`].
#[derive(Debug, Default)]
pub(crate) struct Records {
    records: BTreeMap<Place, Record>,
    by_version: BTreeMap<u64, Place>,
    version: u64,
    /// The newest version of a withdrawn record that is not kept any more. Who has not seen it
    /// may still show what it took away, and begins anew.
    withdrawn_unkept: u64,
}

impl Records {
    /// Puts a record in its place, unless what is there is as new.
    ///
    /// `oldest` is the first moment of strip that is kept, by the bridge's clock.
    pub(crate) fn enter(
        &mut self,
        track: TrackNumber,
        publication: &Publication,
        bytes: &[u8],
        oldest: WallTime,
    ) -> Entered {
        let place = (track, publication.key());
        if let Some(known) = self.records.get(&place) {
            if known.revision >= publication.revision {
                return Entered::Known;
            }
            self.by_version.remove(&known.version);
        }
        self.version += 1;
        let (until, is_active) = extent(&publication.body);
        let record = Record {
            version: self.version,
            revision: publication.revision,
            state: publication.state,
            until,
            is_active,
            bytes: bytes.into(),
        };
        self.by_version.insert(self.version, place);
        self.records.insert(place, record);
        self.let_go(track, publication.body.kind(), oldest);
        Entered::Fresh
    }

    /// Lets go of what is too old or too many of one kind on one track.
    fn let_go(&mut self, track: TrackNumber, kind: Kind, oldest: WallTime) {
        let oldest = match kind {
            Kind::Finding | Kind::Baseline => oldest.plus_micros(-OVERLAP_MICROS),
            Kind::Assessment | Kind::Condition | Kind::Judgement => {
                oldest.plus_micros(-LONG_MICROS)
            }
        };
        let mut of_kind: Vec<_> = self
            .records
            .range((track, FIRST_KEY)..)
            .take_while(|((of, _), _)| *of == track)
            .filter(|((_, key), _)| key.kind == kind)
            .map(|(place, record)| ((record.is_active, record.until, record.version), *place))
            .collect();
        let surplus = of_kind.len().saturating_sub(records_max(kind));
        of_kind.sort_unstable();
        for (at, ((is_active, until, _), place)) in of_kind.into_iter().enumerate() {
            if at < surplus || (!is_active && until < oldest) {
                self.forget(&place);
            }
        }
    }

    fn forget(&mut self, place: &Place) {
        let Some(record) = self.records.remove(place) else { return };
        self.by_version.remove(&record.version);
        if record.state == State::Withdrawn {
            self.withdrawn_unkept = self.withdrawn_unkept.max(record.version);
        }
    }

    pub(crate) fn assert_invariants(&self) {
        assert_eq!(self.records.len(), self.by_version.len(), "a record has two versions");
        let mut counts = BTreeMap::new();
        for (place, record) in &self.records {
            assert_eq!(self.by_version.get(&record.version), Some(place));
            assert!(record.version <= self.version, "a record is newer than the newest");
            let count = counts.entry((place.0, place.1.kind)).or_insert(0);
            *count += 1;
            assert!(*count <= records_max(place.1.kind), "a track outgrew its bound");
        }
    }
}

impl VersionedSet for Records {
    type Frame = AnalysisFrame;

    fn version(&self) -> u64 {
        self.version
    }

    fn leads_on_from(&self, seen: u64) -> bool {
        seen >= self.withdrawn_unkept
    }

    fn after(&self, seen: u64) -> impl Iterator<Item = Change<'_>> {
        self.by_version.range(seen + 1..).map(|(version, place)| {
            let record = &self.records[place];
            Change {
                version: *version,
                is_withdrawal: record.state == State::Withdrawn,
                entry: RecordEntry { track: place.0, record: &record.bytes },
            }
        })
    }
}

/// The key that sorts first of all.
const FIRST_KEY: PublicationKey = PublicationKey {
    episode: vitals::EpisodeId::from_u128(0),
    fetus: protocol::analysis::Fetus::First,
    kind: Kind::Finding,
    id: 0,
};

/// The last moment that a record speaks of, and whether it holds now.
fn extent(body: &Body) -> (WallTime, bool) {
    match body {
        Body::Finding(finding) => (finding.to, false),
        Body::Assessment(assessment) => (assessment.to, false),
        Body::Baseline(baseline) => {
            let steps = i64::try_from(baseline.values.len()).unwrap_or(0);
            (baseline.from.plus_micros(steps * i64::from(baseline.step_ms) * 1_000), false)
        }
        Body::Condition(condition) => (condition.since, condition.is_active),
        // Also of minutes long past: whoever says it must see that it was taken.
        Body::Judgement(judgement) => (judgement.to.max(judgement.at), false),
    }
}
