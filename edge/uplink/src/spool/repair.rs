//! A block whose bytes are lost: it keeps its name and says that it is lost.

use protocol::Block;
use vitals::{Absence, DeviceTick, EpisodeId, Second, WallTime};

use crate::event::Event;
use crate::input::BlockName;

/// What places a block among its neighbours.
#[derive(Clone, Copy)]
pub(super) struct Facts {
    pub(super) seq: u64,
    pub(super) at: WallTime,
    pub(super) tick: DeviceTick,
    pub(super) episode: EpisodeId,
}

impl Facts {
    pub(super) fn of(block: &Block) -> Self {
        Self { seq: block.seq, at: block.at, tick: block.tick, episode: block.episode }
    }

    /// Reads them from the bytes of a block; `None`, and an event, where that is another block
    /// or none.
    pub(super) fn read(name: &BlockName, bytes: &[u8], events: &mut Vec<Event>) -> Option<Self> {
        match Block::decode(bytes) {
            Ok(block) => {
                let found = BlockName { device: block.device, epoch: block.epoch, seq: block.seq };
                (found == *name).then(|| Self::of(&block))
            }
            Err(error) => {
                events.push(Event::DamagedBlock { block: *name, error });
                None
            }
        }
    }
}

/// The block of this name with every channel absent, placed between its neighbours.
///
/// `after` is the block itself where its place is known and only its bytes are lost. Nothing
/// is invented: the place is a straight line between two seconds that were measured, the
/// values are absent.
pub(super) fn absent_block(name: &BlockName, before: Option<Facts>, after: &Facts) -> Block {
    let ahead = after.seq.saturating_sub(name.seq);
    let before = before.filter(|before| before.seq < name.seq && name.seq <= after.seq);
    let (at, tick, episode) = match before {
        Some(before) => {
            let (part, whole) = (name.seq - before.seq, after.seq - before.seq);
            let share = |span: i128| span * i128::from(part) / i128::from(whole);
            let micros = share(i128::from(after.at.micros_since(before.at)));
            let ticks = share(i128::from(after.tick.0.saturating_sub(before.tick.0)));
            let at = before.at.plus_micros(i64::try_from(micros).unwrap_or(0));
            let tick = DeviceTick(before.tick.0 + u64::try_from(ticks).unwrap_or(0));
            (at, tick, before.episode)
        }
        None => {
            let seconds = i64::try_from(ahead).unwrap_or(0);
            let at = after.at.plus_micros(-seconds.saturating_mul(WallTime::MICROS_PER_SECOND));
            (at, DeviceTick(after.tick.0.saturating_sub(ahead.saturating_mul(4))), after.episode)
        }
    };
    Block {
        device: name.device,
        epoch: name.epoch,
        seq: name.seq,
        episode,
        tick,
        at,
        built_at: at.plus_micros(WallTime::MICROS_PER_SECOND),
        second: Second::absent(Absence::SpoolDamaged),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vitals::DeviceId;

    fn facts(seq: u64, at: i64, tick: u64) -> Facts {
        let (at, tick) = (WallTime(at), DeviceTick(tick));
        Facts { seq, at, tick, episode: EpisodeId::from_u128(u128::from(seq)) }
    }

    fn name(seq: u64) -> BlockName {
        BlockName { device: DeviceId::new("bed-1").unwrap(), epoch: 1, seq }
    }

    #[test]
    fn a_lost_block_lies_between_its_neighbours() {
        let (before, after) = (facts(10, 10_000_000, 40), facts(14, 18_000_000, 72));
        let lost = absent_block(&name(11), Some(before), &after);
        assert_eq!((lost.at, lost.tick), (WallTime(12_000_000), DeviceTick(48)));
        assert_eq!(lost.episode, before.episode);
        assert_eq!(lost.second, Second::absent(Absence::SpoolDamaged));
    }

    #[test]
    fn without_a_neighbour_before_it_lies_whole_seconds_before_the_next() {
        let lost = absent_block(&name(3), None, &facts(5, 9_000_000, 20));
        assert_eq!((lost.at, lost.tick), (WallTime(7_000_000), DeviceTick(12)));
    }

    #[test]
    fn the_last_of_a_run_keeps_its_own_place() {
        let last = facts(5, 9_000_000, 20);
        let lost = absent_block(&name(5), Some(facts(2, 1_000_000, 0)), &last);
        assert_eq!((lost.at, lost.tick), (last.at, last.tick));
    }
}
