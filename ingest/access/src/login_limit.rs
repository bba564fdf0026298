//! How soon the next attempt to sign in may be made.
//!
//! Two counts of failures, one for the name and one for the address: whoever guesses at one
//! name from many places meets the first, whoever tries many names from one place the second.
//! An attempt counts as a failure from its start, so that a burst of parallel attempts is not
//! quicker than one after the other; a success takes it back.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::time::{Duration, Instant};

/// Failures for one name that cost nothing yet.
const NAME_FREE: u32 = 8;
/// Longest wait for one name. Short: whoever fails on purpose must not be able to lock a
/// midwife out of her wall for longer than this.
const NAME_WAIT_MAX: Duration = Duration::from_secs(60);
/// Failures from one address that cost nothing yet: a clinic's people share one.
const ADDRESS_FREE: u32 = 20;
/// Longest wait for one address.
const ADDRESS_WAIT_MAX: Duration = Duration::from_secs(15 * 60);
/// A count without a new failure for so long is forgotten.
const FORGET_AFTER: Duration = Duration::from_secs(3600);
/// Most names, and most addresses, that are counted at once.
const COUNTED_MAX: usize = 8_192;
/// Bytes of a name that are looked at; longer ones count together.
const NAME_BYTES_MAX: usize = 64;

/// Try again after so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many attempts; try again in {} s", .0.as_secs().max(1))]
pub struct RetryAfter(pub Duration);

/// The counts.
#[derive(Debug, Default)]
pub struct LoginLimit {
    names: BTreeMap<String, Failures>,
    addresses: BTreeMap<IpAddr, Failures>,
}

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    last: Instant,
    wait: Duration,
}

impl LoginLimit {
    /// Nothing counted yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks for an attempt and counts it.
    ///
    /// # Errors
    ///
    /// [`RetryAfter`], and the attempt is not counted: waiting it out always helps.
    pub fn permit(&mut self, now: Instant, name: &str, address: IpAddr) -> Result<(), RetryAfter> {
        let (name, address) = (name_key(name), address_key(address));
        let wait =
            remaining(self.names.get(&name), now).max(remaining(self.addresses.get(&address), now));
        if !wait.is_zero() {
            return Err(RetryAfter(wait));
        }
        count(&mut self.names, name, now, NAME_FREE, NAME_WAIT_MAX);
        count(&mut self.addresses, address, now, ADDRESS_FREE, ADDRESS_WAIT_MAX);
        Ok(())
    }

    /// The attempt that was permitted succeeded: the name starts afresh, the address gets its
    /// one attempt back.
    ///
    /// The address keeps its other failures, or whoever has one account could guess at all
    /// others between two logins of its own.
    pub fn succeeded(&mut self, name: &str, address: IpAddr) {
        self.names.remove(&name_key(name));
        if let Some(failures) = self.addresses.get_mut(&address_key(address)) {
            failures.count = failures.count.saturating_sub(1);
            failures.wait = wait_after(failures.count, ADDRESS_FREE, ADDRESS_WAIT_MAX);
        }
    }
}

fn name_key(name: &str) -> String {
    let name = name.trim();
    let end = (0..=name.len().min(NAME_BYTES_MAX)).rev().find(|&at| name.is_char_boundary(at));
    name[..end.unwrap_or(0)].to_lowercase()
}

/// One subscriber usually has a whole IPv6 /64.
fn address_key(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let network = u128::from(address) & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from(network))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

fn remaining(failures: Option<&Failures>, now: Instant) -> Duration {
    failures.map_or(Duration::ZERO, |failures| {
        failures.wait.saturating_sub(now.saturating_duration_since(failures.last))
    })
}

fn count<K: Ord + Clone>(
    counts: &mut BTreeMap<K, Failures>,
    key: K,
    now: Instant,
    free: u32,
    wait_max: Duration,
) {
    let forgotten =
        |failures: &Failures| now.saturating_duration_since(failures.last) >= FORGET_AFTER;
    if counts.len() >= COUNTED_MAX && !counts.contains_key(&key) {
        counts.retain(|_, failures| !forgotten(failures));
        // Under a flood of new keys the least guilty is forgotten, not the most.
        let least = counts.iter().min_by_key(|(_, failures)| (failures.count, failures.last));
        if let Some(least) =
            least.map(|(key, _)| key.clone()).filter(|_| counts.len() >= COUNTED_MAX)
        {
            counts.remove(&least);
        }
    }
    let failures =
        counts.entry(key).or_insert(Failures { count: 0, last: now, wait: Duration::ZERO });
    if forgotten(failures) {
        failures.count = 0;
    }
    failures.count = failures.count.saturating_add(1);
    failures.last = now;
    failures.wait = wait_after(failures.count, free, wait_max);
}

/// One second after the last free failure, then twice as long each time.
fn wait_after(count: u32, free: u32, wait_max: Duration) -> Duration {
    match count.checked_sub(free) {
        None => Duration::ZERO,
        Some(doublings) => {
            Duration::from_secs(1u64.checked_shl(doublings).unwrap_or(u64::MAX)).min(wait_max)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn a_name_is_slowed_down_from_wherever_the_guesses_come_but_never_locked_for_long() {
        let (mut limit, mut now) = (LoginLimit::new(), Instant::now());
        for from in 0..8 {
            limit.permit(now, "Sato", address(from)).unwrap();
        }
        let RetryAfter(wait) = limit.permit(now, "sato", address(99)).unwrap_err();
        assert_eq!(wait, Duration::from_secs(1));
        limit.permit(now, "ito", address(99)).unwrap();
        for _ in 0..20 {
            now += Duration::from_secs(60);
            limit.permit(now, "sato", address(0)).unwrap();
        }
        let RetryAfter(wait) = limit.permit(now, "sato", address(98)).unwrap_err();
        assert_eq!(wait, NAME_WAIT_MAX);
    }

    #[test]
    fn an_address_is_slowed_down_whatever_names_it_tries() {
        let (mut limit, mut now) = (LoginLimit::new(), Instant::now());
        for attempt in 0..20 {
            limit.permit(now, &format!("name{attempt}"), address(1)).unwrap();
        }
        let mut waits = Vec::new();
        for attempt in 20..40 {
            let RetryAfter(wait) = limit.permit(now, "other", address(1)).unwrap_err();
            waits.push(wait.as_secs());
            now += wait;
            limit.permit(now, &format!("name{attempt}"), address(1)).unwrap();
        }
        assert_eq!(&waits[..5], [1, 2, 4, 8, 16]);
        assert_eq!(waits.last(), Some(&900));
        limit.permit(now, "other", address(2)).unwrap();
    }

    #[test]
    fn a_success_forgives_the_name_and_only_its_own_attempt_at_the_address() {
        let (mut limit, now) = (LoginLimit::new(), Instant::now());
        for _ in 0..7 {
            limit.permit(now, "sato", address(1)).unwrap();
        }
        for _ in 0..100 {
            limit.permit(now, "sato", address(1)).unwrap();
            limit.succeeded("sato", address(1));
        }
        for attempt in 0..13 {
            limit.permit(now, &format!("name{attempt}"), address(1)).unwrap();
        }
        assert!(limit.permit(now, "sato", address(1)).is_err());
    }

    #[test]
    fn a_whole_ipv6_network_is_one_address() {
        let (mut limit, now) = (LoginLimit::new(), Instant::now());
        for host in 0..20u16 {
            let from = IpAddr::from([0x2001, 0xdb8, 0, 1, 0, 0, 0, host]);
            limit.permit(now, &format!("name{host}"), from).unwrap();
        }
        let from = IpAddr::from([0x2001, 0xdb8, 0, 1, 9, 9, 9, 9]);
        assert!(limit.permit(now, "x", from).is_err());
        let neighbour = IpAddr::from([0x2001, 0xdb8, 0, 2, 0, 0, 0, 0]);
        assert!(limit.permit(now, "x", neighbour).is_ok());
    }

    #[test]
    fn a_flood_of_names_is_bounded_and_does_not_clear_the_guilty() {
        let (mut limit, now) = (LoginLimit::new(), Instant::now());
        for from in 0..8 {
            limit.permit(now, "sato", address(from)).unwrap();
        }
        for number in 0..9_000u32 {
            let from = IpAddr::from(number.to_be_bytes());
            limit.permit(now, &format!("flood{number}"), from).unwrap();
        }
        assert!(limit.names.len() <= COUNTED_MAX && limit.addresses.len() <= COUNTED_MAX);
        assert!(limit.permit(now, "sato", address(200)).is_err());
    }
}
