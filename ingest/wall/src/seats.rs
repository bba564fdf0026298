//! How many screens at once, in all and of one account.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use access::AccountName;

/// The places for screens.
#[derive(Debug)]
pub(crate) struct Seats {
    most: usize,
    most_per_account: usize,
    taken: Mutex<BTreeMap<AccountName, usize>>,
}

/// A place for one screen, free again when dropped.
#[derive(Debug)]
pub(crate) struct Seat {
    seats: Arc<Seats>,
    name: AccountName,
}

/// There is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoSeat {
    /// The region's screens are at their bound.
    #[error("{most} screens are open, and this server serves no more; close one")]
    Wall {
        /// The bound.
        most: usize,
    },
    /// The account's screens are at their bound.
    #[error("{most} screens are open with this account, and it may have no more; close one")]
    Account {
        /// The bound.
        most: usize,
    },
}

impl Seats {
    pub(crate) fn new(most: usize, most_per_account: usize) -> Arc<Self> {
        Arc::new(Self { most, most_per_account, taken: Mutex::default() })
    }

    /// Takes a place.
    pub(crate) fn take(self: &Arc<Self>, name: &AccountName) -> Result<Seat, NoSeat> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.values().sum::<usize>() >= self.most {
            return Err(NoSeat::Wall { most: self.most });
        }
        let of_account = taken.entry(name.clone()).or_default();
        if *of_account >= self.most_per_account {
            return Err(NoSeat::Account { most: self.most_per_account });
        }
        *of_account += 1;
        Ok(Seat { seats: Arc::clone(self), name: name.clone() })
    }

    /// How many are taken.
    pub(crate) fn count(&self) -> usize {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).values().sum()
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(of_account) = taken.get_mut(&self.name) {
            *of_account -= 1;
            if *of_account == 0 {
                taken.remove(&self.name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_free_again_when_its_screen_has_gone() {
        let name = |text| AccountName::new(text).unwrap();
        let seats = Seats::new(3, 2);
        let first = seats.take(&name("sato")).unwrap();
        let _second = seats.take(&name("sato")).unwrap();
        assert_eq!(seats.take(&name("sato")).unwrap_err(), NoSeat::Account { most: 2 });
        let _third = seats.take(&name("ito")).unwrap();
        assert_eq!(seats.take(&name("ito")).unwrap_err(), NoSeat::Wall { most: 3 });
        drop(first);
        assert_eq!(seats.count(), 2);
        assert!(seats.take(&name("ito")).is_ok());
    }
}
