//! The speed of a serial line: which byte has arrived by when.
//!
//! In: frames, and the passing of time in microseconds. Out: the bytes whose last bit has
//! arrived. Never: a clock.

use std::collections::VecDeque;

/// A line that carries ten bits for each byte (8N1) at a fixed speed.
///
/// # Invariants
///
/// Bytes come out in the order they went in; none before its time; never more than
/// [`WAITING_BYTES_MAX`] wait.
#[derive(Debug)]
pub struct Pace {
    baud: u64,
    waiting: VecDeque<u8>,
    /// When the line was last idle, and the bytes taken since: no rounding adds up.
    busy_since: u64,
    taken: u64,
}

/// Most bytes that wait for a line; what comes beyond is refused whole.
pub const WAITING_BYTES_MAX: usize = 4096;

/// A frame that found [`WAITING_BYTES_MAX`] bytes waiting before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the line is too slow: {waiting_bytes} bytes wait for it")]
pub struct TooSlow {
    /// Bytes that wait.
    pub waiting_bytes: usize,
}

impl Pace {
    /// An idle line of so many bits a second.
    #[must_use]
    pub fn new(baud: u32) -> Self {
        assert!(baud > 0, "a line without speed carries nothing");
        Self { baud: u64::from(baud), waiting: VecDeque::new(), busy_since: 0, taken: 0 }
    }

    /// Begins to send, behind what waits already.
    ///
    /// # Errors
    ///
    /// [`TooSlow`] where the bytes would not fit; none of them is sent then.
    pub fn send(&mut self, now_micros: u64, bytes: &[u8]) -> Result<(), TooSlow> {
        if self.waiting.len() + bytes.len() > WAITING_BYTES_MAX {
            return Err(TooSlow { waiting_bytes: self.waiting.len() });
        }
        // Bytes that nobody has taken yet may still be passing at this moment.
        if self.waiting.is_empty() && now_micros >= self.passed_at(self.taken) {
            self.busy_since = now_micros;
            self.taken = 0;
        }
        self.waiting.extend(bytes);
        Ok(())
    }

    /// Takes the bytes that have arrived by now.
    pub fn arrived(&mut self, now_micros: u64) -> Vec<u8> {
        let busy_micros = u128::from(now_micros.saturating_sub(self.busy_since));
        let passed = busy_micros * u128::from(self.baud) / u128::from(BIT_MICROS_PER_BYTE);
        let more = passed.saturating_sub(u128::from(self.taken));
        let count = usize::try_from(more).unwrap_or(usize::MAX).min(self.waiting.len());
        self.taken += count as u64;
        self.waiting.drain(..count).collect()
    }

    /// When the next bytes are worth taking: the end of what waits, but at most
    /// [`CHUNK_MICROS`] and a byte after those before. `None` on an idle line.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<u64> {
        if self.waiting.is_empty() {
            return None;
        }
        let chunk = (CHUNK_MICROS * self.baud / BIT_MICROS_PER_BYTE).max(1);
        Some(self.passed_at(self.taken + chunk.min(self.waiting.len() as u64)))
    }

    /// When so many bytes have passed since the line was idle.
    fn passed_at(&self, bytes: u64) -> u64 {
        self.busy_since + (bytes * BIT_MICROS_PER_BYTE).div_ceil(self.baud)
    }

    /// Forgets what waits: the cable is out.
    pub fn cut(&mut self) {
        self.waiting.clear();
    }
}

/// Ten bits on the line for a byte (a start bit, eight of data, a stop bit), times the
/// microseconds in a second: what divides by the baud rate.
const BIT_MICROS_PER_BYTE: u64 = 10_000_000;

/// How long arrived bytes may be held to be handed over together, 20 ms.
///
/// A real receiver hands bytes over in such lots too; one wake-up for each byte would cost
/// 120 a second and monitor.
pub const CHUNK_MICROS: u64 = 20_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_at_1200_baud_takes_a_hundred_and_twentieth_of_a_second() {
        let mut line = Pace::new(1200);
        line.send(1_000_000, &[1, 2, 3]).unwrap();
        assert!(line.arrived(1_008_333).is_empty());
        assert_eq!(line.arrived(1_008_334), [1]);
        assert_eq!(line.arrived(1_024_999), [2]);
        assert_eq!(line.arrived(1_025_000), [3]);
        assert_eq!(line.poll_timeout(), None);
    }

    #[test]
    fn a_c_block_of_41_bytes_arrives_within_0_34_s_in_order() {
        let mut line = Pace::new(1200);
        let block: Vec<u8> = (0..41).collect();
        line.send(0, &block).unwrap();
        let mut arrived = Vec::new();
        let mut now = 0;
        while let Some(at) = line.poll_timeout() {
            assert!(at > now && at - now <= CHUNK_MICROS + 8_334);
            now = at;
            arrived.extend(line.arrived(now));
        }
        assert_eq!(arrived, block);
        assert_eq!(now, 341_667);
    }

    #[test]
    fn a_line_that_is_too_slow_refuses_whole_frames() {
        let mut line = Pace::new(1200);
        line.send(0, &[0; WAITING_BYTES_MAX]).unwrap();
        let waiting_bytes = WAITING_BYTES_MAX;
        assert_eq!(line.send(0, &[1]), Err(TooSlow { waiting_bytes }));
        line.cut();
        assert_eq!(line.poll_timeout(), None);
    }
}
