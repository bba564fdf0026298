//! A monitor that is made up, for the bench and for tests.

use protocol::Block;
use protocol::feed::{LinkState, RosterEntry, TrackNumber};
use protocol::link::SiteKind;
use vitals::{
    Absence, Activity, ActivityTransducer, Bpm, BridgeId, DeviceId, DeviceTick, EpisodeId, Flags,
    HeartTransducer, Movement, Quality, Reading as Value, Second, Transducers, WallTime,
};

/// Devices on a bridge.
const DEVICES: u32 = 50;

/// A synthesised monitor: a wandering rate that falls behind every other contraction.
pub(crate) struct Monitor {
    pub track: TrackNumber,
    bridge: BridgeId,
    name: DeviceId,
    seq: u64,
    noise: u64,
    wander: f32,
}

impl Monitor {
    pub fn new(number: u32) -> Self {
        let name = |kind: &str, number: u32| format!("{kind}-{number}");
        let bridge = BridgeId::new(&name("bridge", number / DEVICES));
        let device = DeviceId::new(&name("bed", number % DEVICES));
        Self {
            track: TrackNumber(u16::try_from(number).expect("60,000 strips at most")),
            bridge: bridge.expect("the name follows the rule"),
            name: device.expect("the name follows the rule"),
            seq: 0,
            noise: 0x9e37_79b9_7f4a_7c15 ^ u64::from(number).wrapping_mul(0xbf58_476d_1ce4_e5b9),
            wander: 0.0,
        }
    }

    pub fn roster_entry(&self) -> RosterEntry {
        RosterEntry {
            track: self.track,
            link: LinkState::Up,
            since: WallTime(0),
            clock_offset_micros: 0,
            site: SiteKind::Clinic,
            bridge: self.bridge,
            device: self.name,
            facility: "bench".to_owned(),
            bed: "bench".to_owned(),
        }
    }

    pub fn next_block(&mut self, now: WallTime) -> Block {
        let second = self.next_second();
        let seq = self.seq;
        self.seq += 1;
        Block {
            device: self.name,
            epoch: 1,
            seq,
            episode: EpisodeId::from_u128(u128::from(self.track.0)),
            tick: DeviceTick(4 * seq),
            at: now,
            built_at: now,
            second,
        }
    }

    fn next_second(&mut self) -> Second {
        // A contraction every three minutes for one; the fall comes half a minute behind.
        let phase = (self.seq + u64::from(self.track.0) * 7) % 360;
        let hill = |at: u64, centre: i64, width: f32| {
            let off = (at as i64 - centre) as f32 / width;
            (1.0 - off * off).max(0.0)
        };
        let mut rates = [Value::Absent(Absence::Blank); 4];
        for rate in &mut rates {
            self.wander = 0.9 * self.wander + 2.5 * self.draw();
            let fall = 30.0 * hill(phase, 120, 35.0);
            let bpm = 140.0 + self.wander - fall;
            let lost = self.draw() > 0.97;
            if let (false, Ok(value)) = (lost, Bpm::from_quarters((4.0 * bpm) as u16)) {
                *rate = Value::Measured { value, quality: Quality::Good };
            }
        }
        let force = 60.0 * (hill(phase, 90, 30.0) + hill(phase, 270, 30.0)) + 8.0;
        let activity = Activity::from_halves((2.0 * force) as u8);
        Second {
            fhr1: rates,
            fhr2: [Value::Absent(Absence::NoTransducer); 4],
            mhr: [self.maternal(); 4],
            ua: [Value::Measured { value: activity, quality: Quality::Unrated }; 4],
            movement: [Movement::NONE; 4],
            transducers: Transducers {
                fhr1: HeartTransducer::Ultrasound,
                fhr2: HeartTransducer::None,
                mhr: HeartTransducer::MaternalEcg,
                ua: ActivityTransducer::External,
            },
            flags: Flags::NONE,
        }
    }

    fn maternal(&mut self) -> Value<Bpm> {
        let bpm = 82.0 + 3.0 * self.draw();
        Bpm::from_quarters((4.0 * bpm) as u16).map_or(Value::Absent(Absence::Blank), |value| {
            Value::Measured { value, quality: Quality::Good }
        })
    }

    /// A number from -1 to 1: SplitMix64, after Steele, Lea and Flood 2014.
    fn draw(&mut self) -> f32 {
        self.noise = self.noise.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.noise;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z >> 40) as f32 / (1u64 << 23) as f32 - 1.0
    }
}
