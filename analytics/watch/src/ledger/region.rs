//! What the region has, compared with what is remembered here: after a restart, and whenever a
//! connection opens.

use std::collections::BTreeMap;

use protocol::Publication;
use protocol::analysis::{AssessmentSpan, Baseline, Body, Kind, State};
use vitals::WallTime;

use super::Ledger;
use super::entries::{Entry, Remembered};

/// What was said so shortly before a connection was lost may not have arrived.
const UNCERTAIN_MICROS: i64 = 120 * WallTime::MICROS_PER_SECOND;

impl Ledger {
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
        for ((kind, id), entry) in self.entries.iter_mut() {
            match theirs.remove(&(kind, id)) {
                None if entry.said_at >= uncertain_from => again.push((kind, id)),
                None => {}
                Some(theirs) if theirs.revision < entry.revision => again.push((kind, id)),
                Some(theirs) => {
                    let is_same = theirs.body == entry.body.body() && theirs.state == entry.state;
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
        for (place, entry) in self.entries.iter_mut() {
            if again.contains(&place) {
                entry.said_at = now;
                let (episode, fetus, body) = (self.episode, self.fetus, entry.body.body());
                let (state, revision, id) = (entry.state, entry.revision, place.1);
                out.push(Publication { episode, fetus, state, revision, id, body });
            }
        }
        self.let_go();
    }

    /// Learns a record that the region has.
    fn take_over(&mut self, kind: Kind, id: u64, publication: &Publication) {
        let body = Remembered::of(publication.body.clone());
        let Some(body) = body.filter(|_| publication.state != State::Withdrawn) else { return };
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
            body,
            said_at: WallTime(i64::MIN),
        };
        self.entries.insert((kind, id), entry);
    }
}

fn end_of(baseline: &Baseline) -> WallTime {
    let values = i64::try_from(baseline.values.len()).unwrap_or(0);
    baseline.from.plus_micros(values * i64::from(baseline.step_ms) * 1_000)
}
