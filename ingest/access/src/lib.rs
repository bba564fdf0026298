//! Who may come in: accounts and their sessions, the limit on guessing, enrolled machines.
//!
//! In: names, passwords, secrets, certificate fingerprints, and `now`.
//! Out: decisions ([`Account`], [`Viewer`], [`Machine`], or why not), and an audit log of them. Never: sockets, clocks, cookies, certificates.
//!
//! * [`role`]: what a person may do.
//! * [`account`]: who may sign in, and the password check; [`password`] has its rules.
//! * [`session`]: who is signed in at the moment. In memory only.
//! * [`login_limit`]: how soon the next attempt may be made.
//! * [`machine`]: what a machine is admitted as.
//! * [`enrolment`]: invitations for new machines, and which certificates are admitted.
//! * [`audit`]: the log of all this.
//! * [`error`]: what can go wrong with the files below.
//!
//! Accounts and enrolments are small JSON files in one directory, one file a record, replaced
//! as a whole, so that the command line may change them while the server runs: every decision
//! reads the record afresh. On disk stand only hashes: a stolen copy of the directory opens no
//! session, redeems no invitation, and gives no password without guessing it.
//!
//! Randomness (salts, session tokens, invitation secrets) comes from the operating system and
//! is drawn in the private module `secret`, nowhere else.

pub mod account;
pub mod audit;
pub mod enrolment;
pub mod error;
pub mod login_limit;
pub mod machine;
pub mod password;
mod record;
pub mod role;
mod secret;
pub mod session;

pub use account::{Account, AccountName, Accounts, Credential, InvalidAccountName, LoginRefused};
pub use audit::{Audit, AuditEvent};
pub use enrolment::{Enrolled, Enrolment, NotEnrolled, TokenRefused};
pub use error::AccessError;
pub use login_limit::{LoginLimit, RetryAfter};
pub use machine::Machine;
pub use password::WeakPassword;
pub use role::{Permission, Role, UnknownRole};
pub use session::{SessionToken, Sessions, SessionsSettings, Viewer};
