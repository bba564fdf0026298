//! Who is signed in at the moment.

use core::fmt;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use data_encoding::BASE64URL_NOPAD;

use crate::account::{Account, AccountName, Credential};
use crate::error::AccessError;
use crate::role::Role;
use crate::secret;

/// Most sessions at once. When they are reached the one longest unused ends.
const SESSIONS_MAX: usize = 4_096;
/// Most sessions of one account: a ward's screens may share one, a runaway script may not
/// push out everybody else.
const SESSIONS_PER_ACCOUNT_MAX: usize = 128;
/// Length of a token's text: 32 bytes in base64.
const TOKEN_CHARACTERS: usize = 43;

/// How long a session lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionsSettings {
    /// Ends a session that was not used for so long. A wall that shows strips uses it.
    ///
    /// Default 12 h, a long shift. Shorter darkens a screen that nobody touches; longer leaves
    /// a forgotten tab open for the next person.
    pub idle: Duration,
    /// Ends any session after so long.
    ///
    /// Default 24 h: a wall screen asks for a login once a day.
    pub absolute: Duration,
}

impl Default for SessionsSettings {
    fn default() -> Self {
        Self { idle: Duration::from_secs(12 * 3600), absolute: Duration::from_secs(24 * 3600) }
    }
}

/// The text that proves a session. A secret: it stands in the cookie and nowhere else.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(String);

impl SessionToken {
    /// The text, for the cookie.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(redacted)")
    }
}

/// Who is looking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// Her name.
    pub name: AccountName,
    /// What she may do.
    pub role: Role,
    /// The password and role that she signed in with.
    pub credential: Credential,
}

/// The open sessions. In memory only: a restart of the server ends them all.
///
/// # Invariants
///
/// Never more than 4,096 in all and 128 of one account. No token is kept, only its hash, so
/// that a dump of the memory or a look-up that takes longer for a nearly right token gives
/// nothing away.
#[derive(Debug, Default)]
pub struct Sessions {
    settings: SessionsSettings,
    open: BTreeMap<[u8; 32], Session>,
}

#[derive(Debug)]
struct Session {
    viewer: Viewer,
    opened: Instant,
    used: Instant,
}

impl Sessions {
    /// No sessions yet.
    #[must_use]
    pub fn new(settings: SessionsSettings) -> Self {
        Self { settings, open: BTreeMap::new() }
    }

    /// Opens a session, and ends the longest unused one where there are too many.
    ///
    /// # Errors
    ///
    /// [`AccessError::NoRandomness`].
    pub fn open(&mut self, account: Account, now: Instant) -> Result<SessionToken, AccessError> {
        let token = SessionToken(BASE64URL_NOPAD.encode(&secret::draw::<32>()?));
        self.forget_ended(now);
        let of_account =
            self.open.values().filter(|session| session.viewer.name == account.name).count();
        if of_account >= SESSIONS_PER_ACCOUNT_MAX {
            self.end_longest_unused(|session| session.viewer.name == account.name);
        } else if self.open.len() >= SESSIONS_MAX {
            self.end_longest_unused(|_| true);
        }
        let Account { name, role, credential } = account;
        let viewer = Viewer { name, role, credential };
        self.open
            .insert(secret::hash(token.0.as_bytes()), Session { viewer, opened: now, used: now });
        Ok(token)
    }

    /// Whose session the token opens, and counts that as use of it; `None` where it is not, or
    /// no longer, one.
    pub fn check(&mut self, token: &str, now: Instant) -> Option<Viewer> {
        if token.len() != TOKEN_CHARACTERS {
            return None;
        }
        let key = secret::hash(token.as_bytes());
        let session = self.open.get_mut(&key)?;
        if ended(session, self.settings, now) {
            self.open.remove(&key);
            return None;
        }
        session.used = session.used.max(now);
        Some(session.viewer.clone())
    }

    /// Ends the session, and tells whose it was.
    pub fn close(&mut self, token: &str) -> Option<Viewer> {
        self.open.remove(&secret::hash(token.as_bytes())).map(|session| session.viewer)
    }

    /// How many sessions are open, some of which may have run out.
    #[must_use]
    pub fn count(&self) -> usize {
        self.open.len()
    }

    fn forget_ended(&mut self, now: Instant) {
        let settings = self.settings;
        self.open.retain(|_, session| !ended(session, settings, now));
    }

    fn end_longest_unused(&mut self, among: impl Fn(&Session) -> bool) {
        let oldest = self
            .open
            .iter()
            .filter(|(_, session)| among(session))
            .min_by_key(|(_, session)| session.used)
            .map(|(key, _)| *key);
        if let Some(key) = oldest {
            self.open.remove(&key);
        }
    }
}

fn ended(session: &Session, settings: SessionsSettings, now: Instant) -> bool {
    now.saturating_duration_since(session.used) >= settings.idle
        || now.saturating_duration_since(session.opened) >= settings.absolute
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    fn account(name: &str) -> Account {
        let dir = tempfile::tempdir().unwrap();
        let accounts = crate::Accounts::open(dir.path()).unwrap();
        let name = AccountName::new(name).unwrap();
        accounts.add(&name, "correct horse battery", Role::Midwife).unwrap();
        accounts.list().unwrap().remove(0)
    }

    #[test]
    fn a_session_ends_when_it_is_closed_and_not_before() {
        let (mut sessions, now) = (Sessions::default(), Instant::now());
        let token = sessions.open(account("sato"), now).unwrap();
        assert_eq!(sessions.check(token.as_str(), now).unwrap().name.as_str(), "sato");
        assert!(sessions.check("", now).is_none());
        assert!(sessions.check(&"A".repeat(43), now).is_none());
        assert!(sessions.close(token.as_str()).is_some());
        assert!(sessions.check(token.as_str(), now).is_none());
    }

    #[test]
    fn an_unused_session_ends_after_12_h_and_a_used_one_after_24_h() {
        let (mut sessions, start) = (Sessions::default(), Instant::now());
        let unused = sessions.open(account("sato"), start).unwrap();
        let used = sessions.open(account("ito"), start).unwrap();
        assert!(sessions.check(used.as_str(), start + 11 * HOUR).is_some());
        assert!(sessions.check(unused.as_str(), start + 12 * HOUR).is_none());
        assert!(sessions.check(used.as_str(), start + 22 * HOUR).is_some());
        assert!(sessions.check(used.as_str(), start + 24 * HOUR).is_none());
        assert_eq!(sessions.count(), 0);
    }

    #[test]
    fn one_account_cannot_push_out_another() {
        let (mut sessions, start) = (Sessions::default(), Instant::now());
        let other = sessions.open(account("ito"), start).unwrap();
        let busy = account("sato");
        let first = sessions.open(busy.clone(), start).unwrap();
        for second in 1..=200 {
            sessions.open(busy.clone(), start + Duration::from_secs(second)).unwrap();
        }
        assert_eq!(sessions.count(), 1 + SESSIONS_PER_ACCOUNT_MAX);
        assert!(sessions.check(first.as_str(), start).is_none());
        assert!(sessions.check(other.as_str(), start).is_some());
    }

    #[test]
    fn a_token_prints_redacted() {
        let token = Sessions::default().open(account("sato"), Instant::now()).unwrap();
        assert_eq!(format!("{token:?}"), "SessionToken(redacted)");
        assert_eq!(token.as_str().len(), TOKEN_CHARACTERS);
    }
}
