//! What can go wrong on a serial line, on purpose and with a seed.

use std::num::NonZeroU32;

use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};

/// What goes wrong on the line of a virtual monitor. Default: nothing.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// Decides which bits and bytes; the same seed damages the same way.
    pub seed: u64,
    /// Every n-th frame has one to three bits turned over, anywhere in it.
    pub damage_every: Option<NonZeroU32>,
    /// Before every n-th frame stand 1 to 20 bytes of noise.
    pub noise_every: Option<NonZeroU32>,
    /// After so many frames nothing more is sent, while commands are still obeyed: a broken
    /// wire in one direction.
    pub mute_after_frames: Option<u64>,
}

/// The line that does so.
pub(super) struct FaultyLine {
    faults: Faults,
    dice: SmallRng,
    frames: u64,
}

impl FaultyLine {
    pub(super) fn new(faults: Faults) -> Self {
        let dice = SmallRng::seed_from_u64(faults.seed);
        Self { faults, dice, frames: 0 }
    }

    /// What arrives at the other end when this frame is sent; perhaps nothing.
    pub(super) fn carry(&mut self, frame: &[u8]) -> Vec<u8> {
        self.frames += 1;
        if self.faults.mute_after_frames.is_some_and(|limit| self.frames > limit) {
            return Vec::new();
        }
        let mut bytes = Vec::with_capacity(frame.len() + NOISE_BYTES_MAX);
        if self.is_nth(self.faults.noise_every) {
            let count = self.dice.random_range(1..=NOISE_BYTES_MAX as u32);
            bytes.extend((0..count).map(|_| self.dice.random::<u8>()));
        }
        let start = bytes.len();
        bytes.extend_from_slice(frame);
        if self.is_nth(self.faults.damage_every) {
            // Three flipped bits are the most that the checksum is sure to notice.
            for _ in 0..self.dice.random_range(1..=3_u32) {
                let at = start + self.dice.random_range(0..frame.len() as u32) as usize;
                bytes[at] ^= 1 << self.dice.random_range(0..8_u32);
            }
        }
        bytes
    }

    fn is_nth(&self, every: Option<NonZeroU32>) -> bool {
        every.is_some_and(|every| self.frames.is_multiple_of(u64::from(every.get())))
    }
}

const NOISE_BYTES_MAX: usize = 20;
