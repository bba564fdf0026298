//! One connected bridge, and what it is still to be told.

use std::collections::{BTreeMap, BTreeSet};

use protocol::feed::TrackNumber;
use protocol::link::{Ack, EPOCHS_MAX, Progress};
use vitals::{BridgeId, DeviceId};

use crate::ledger::{Ledger, LineId};

/// One connection of one bridge. Never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublisherId(pub(crate) u64);

/// A device that the hello of a connection named.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Announced {
    pub line: LineId,
    pub track: TrackNumber,
}

/// One connected bridge.
#[derive(Debug)]
pub(crate) struct Publisher {
    pub bridge: BridgeId,
    /// What to add to the bridge's times to get the region's.
    pub clock_offset_micros: i64,
    pub devices: BTreeMap<DeviceId, Announced>,
    /// Runs of which something is to be told.
    due: BTreeSet<(DeviceId, u64)>,
    /// What the bridge was last told of each run, in its welcome or an ack.
    told: BTreeMap<(DeviceId, u64), u64>,
}

impl Publisher {
    pub(crate) fn new(
        bridge: BridgeId,
        clock_offset_micros: i64,
        devices: BTreeMap<DeviceId, Announced>,
        welcome: &[Progress],
    ) -> Self {
        let told = welcome.iter().map(|p| ((p.device, p.epoch), p.next)).collect();
        Self { bridge, clock_offset_micros, devices, due: BTreeSet::new(), told }
    }

    /// Notes that blocks of this run reached the disk.
    pub(crate) fn stored(&mut self, device: DeviceId, epoch: u64) {
        if self.devices.contains_key(&device) {
            self.due.insert((device, epoch));
        }
    }

    /// Notes that the bridge sent what it had been acknowledged: it is told once more.
    pub(crate) fn repeated(&mut self, device: DeviceId, epoch: u64) {
        self.told.remove(&(device, epoch));
        self.due.insert((device, epoch));
    }

    /// Takes the ack that is due; `None` where the bridge knows everything.
    pub(crate) fn take_ack(&mut self, ledger: &Ledger) -> Option<Ack> {
        let mut stored = Vec::new();
        while stored.len() < EPOCHS_MAX
            && let Some((device, epoch)) = self.due.pop_first()
        {
            let Some(announced) = self.devices.get(&device) else { continue };
            let next = ledger.next(announced.line, epoch);
            if self.told.insert((device, epoch), next) != Some(next) {
                stored.push(Progress { device, epoch, next });
            }
        }
        self.forget_oldest_told();
        if stored.is_empty() { None } else { Some(Ack { stored }) }
    }

    /// Whether an ack may be due.
    pub(crate) fn is_due(&self) -> bool {
        !self.due.is_empty()
    }

    pub(crate) fn assert_invariants(&self, ledger: &Ledger) {
        assert!(self.told.len() <= TOLD_MAX, "a bridge is remembered beyond its bound");
        for ((device, epoch), next) in &self.told {
            if let Some(announced) = self.devices.get(device) {
                let stored = ledger.next(announced.line, *epoch);
                assert!(*next <= stored, "a bridge was told of a block that is not stored");
            }
        }
    }

    /// What is forgotten is at worst told twice.
    fn forget_oldest_told(&mut self) {
        while self.told.len() > TOLD_MAX {
            self.told.pop_first();
        }
    }
}

/// Most runs of one connection whose last ack is remembered.
const TOLD_MAX: usize = 2 * EPOCHS_MAX;
