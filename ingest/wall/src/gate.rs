//! Sign-in, and whose session a request belongs to: [`access`] with a clock and threads.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use access::account::Standing;
use access::{
    AccessError, Accounts, Audit, AuditEvent, LoginLimit, LoginRefused, SessionToken, Sessions,
    SessionsSettings, Viewer,
};
use protocol::feed::{Attend, Judge};
use tokio::sync::Semaphore;
use vitals::WallTime;

use crate::refusal::Refusal;

/// Passwords hashed at once: each takes a processor for some 50 ms, and waits for the others.
const HASHING_MAX: usize = 1;
/// How long a sign-in waits for its turn.
const HASHING_WAIT: Duration = Duration::from_secs(5);

/// The door of the wall.
#[derive(Debug)]
pub struct Gate {
    accounts: Accounts,
    audit: Audit,
    sessions: Mutex<Sessions>,
    limit: Mutex<LoginLimit>,
    hashing: Semaphore,
}

impl Gate {
    /// A door with these accounts behind it and nobody signed in.
    #[must_use]
    pub fn new(accounts: Accounts, audit: Audit, sessions: SessionsSettings) -> Self {
        Self {
            accounts,
            audit,
            sessions: Mutex::new(Sessions::new(sessions)),
            limit: Mutex::default(),
            hashing: Semaphore::new(HASHING_MAX),
        }
    }

    /// Checks a name and a password, and opens a session.
    pub(crate) async fn sign_in(
        self: &Arc<Self>,
        name: String,
        password: String,
        address: IpAddr,
    ) -> Result<SessionToken, Refusal> {
        lock(&self.limit)
            .permit(Instant::now(), &name, address)
            .map_err(|refused| Refusal::TooManyAttempts(refused.0))?;
        let turn = tokio::time::timeout(HASHING_WAIT, self.hashing.acquire()).await;
        let Ok(Ok(_turn)) = turn else { return Err(Refusal::Busy) };
        let gate = Arc::clone(self);
        tokio::task::spawn_blocking(move || gate.sign_in_now(&name, &password, address))
            .await
            .unwrap_or(Err(Refusal::Internal))
    }

    fn sign_in_now(
        &self,
        name: &str,
        password: &str,
        address: IpAddr,
    ) -> Result<SessionToken, Refusal> {
        let account = match self.accounts.verify(name, password) {
            Ok(account) => account,
            Err(LoginRefused::Records(error)) => return Err(error.into()),
            Err(refused) => {
                let name = match refused {
                    LoginRefused::Password { name } => Some(name),
                    _ => None,
                };
                self.audit.record(wall_time(), &AuditEvent::SignInRefused { name, address })?;
                return Err(Refusal::WrongLogin);
            }
        };
        let (name, role) = (account.name.clone(), account.role);
        lock(&self.limit).succeeded(name.as_str(), address);
        // On record first: nobody looks at the wall without a line in the audit log.
        self.audit.record(wall_time(), &AuditEvent::SignedIn { name, role, address })?;
        Ok(lock(&self.sessions).open(account, Instant::now())?)
    }

    /// Ends the session of the token, if it is one.
    pub(crate) fn sign_out(&self, token: &str, address: IpAddr) -> Result<(), AccessError> {
        let closed = lock(&self.sessions).close(token);
        if let Some(Viewer { name, .. }) = closed {
            self.audit.record(wall_time(), &AuditEvent::SignedOut { name, address })?;
        }
        Ok(())
    }

    /// Whose session the token opens; `None` where it has ended, or the account behind it has
    /// changed. Reads one small file.
    pub(crate) fn viewer(&self, token: &str) -> Result<Option<Viewer>, AccessError> {
        let viewer = lock(&self.sessions).check(token, Instant::now());
        let Some(viewer) = viewer else { return Ok(None) };
        match self.accounts.stands(&viewer.name, viewer.credential)? {
            Standing::Unchanged => Ok(Some(viewer)),
            Standing::Changed => {
                lock(&self.sessions).close(token);
                Ok(None)
            }
        }
    }
}

impl Gate {
    /// Puts on record that somebody gave a level.
    pub(crate) fn record_judged(&self, viewer: &Viewer, said: &Judge) -> Result<(), AccessError> {
        let judged = AuditEvent::Judged {
            name: viewer.name.clone(),
            role: viewer.role,
            episode: said.episode.to_string(),
            level: said.level,
            from_micros: said.from.0,
            to_micros: said.to.0,
        };
        self.audit.record(wall_time(), &judged)
    }
}

impl Gate {
    /// Puts on record what somebody asks for at the desk of alarms.
    pub(crate) fn record_attended(
        &self,
        viewer: &Viewer,
        request: &Attend,
    ) -> Result<(), AccessError> {
        let (request, number) = match request {
            Attend::Acknowledge { alarm, .. } => ("acknowledge", *alarm),
            Attend::MarkInvalid { alarm } => ("mark as artefact", *alarm),
            Attend::Pause { track, seconds: 0 } => ("end pause", track.0.into()),
            Attend::Pause { track, .. } => ("pause", track.0.into()),
        };
        let (name, role) = (viewer.name.clone(), viewer.role);
        self.audit.record(wall_time(), &AuditEvent::Attended { name, role, request, number })
    }
}

/// No method of the guarded types leaves them half changed, so a panic elsewhere does not
/// spoil them.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn wall_time() -> WallTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    WallTime(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
