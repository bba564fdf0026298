//! Promises about accounts, with real files.

#![expect(clippy::unwrap_used, reason = "a test may")]

use std::fs;
use std::time::Instant;

use access::account::Standing;
use access::{AccessError, AccountName, Accounts, LoginRefused, Role};

const PASSWORD: &str = "correct horse battery";

fn name(text: &str) -> AccountName {
    AccountName::new(text).unwrap()
}

#[test]
fn who_was_added_may_sign_in_and_nobody_else() {
    let dir = tempfile::tempdir().unwrap();
    let accounts = Accounts::open(dir.path()).unwrap();
    accounts.add(&name("sato"), PASSWORD, Role::Midwife).unwrap();
    let account = accounts.verify(" Sato ", PASSWORD).unwrap();
    assert_eq!((account.name.as_str(), account.role), ("sato", Role::Midwife));
    assert!(matches!(
        accounts.verify("sato", "correct horse batter"),
        Err(LoginRefused::Password { name }) if name.as_str() == "sato"
    ));
    assert!(matches!(accounts.verify("ito", PASSWORD), Err(LoginRefused::Unknown)));
    assert!(matches!(accounts.verify("../accounts/sato", PASSWORD), Err(LoginRefused::Unknown)));
    assert!(matches!(accounts.verify("", ""), Err(LoginRefused::Unknown)));
}

#[test]
fn no_password_is_on_disk() {
    let dir = tempfile::tempdir().unwrap();
    let accounts = Accounts::open(dir.path()).unwrap();
    accounts.add(&name("sato"), PASSWORD, Role::Midwife).unwrap();
    let text = fs::read_to_string(dir.path().join("accounts/sato.json")).unwrap();
    assert!(!text.contains("horse"));
    assert!(text.contains("$argon2id$v=19$m=19456,t=2,p=1$"), "{text}");
}

#[test]
fn a_name_is_given_once() {
    let dir = tempfile::tempdir().unwrap();
    let accounts = Accounts::open(dir.path()).unwrap();
    accounts.add(&name("sato"), PASSWORD, Role::Midwife).unwrap();
    let again = accounts.add(&name("SATO"), "another good password", Role::Administrator);
    assert!(matches!(again, Err(AccessError::Exists)));
    assert_eq!(accounts.verify("sato", PASSWORD).unwrap().role, Role::Midwife);
}

#[test]
fn another_process_sees_every_change_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let server = Accounts::open(dir.path()).unwrap();
    let command_line = Accounts::open(dir.path()).unwrap();
    command_line.add(&name("sato"), PASSWORD, Role::Midwife).unwrap();
    let account = server.verify("sato", PASSWORD).unwrap();
    let stands = || server.stands(&account.name, account.credential).unwrap();
    assert_eq!(stands(), Standing::Unchanged);
    command_line.set_password(&name("sato"), "a whole new password").unwrap();
    assert_eq!(stands(), Standing::Changed);
    assert!(server.verify("sato", PASSWORD).is_err());
    let account = server.verify("sato", "a whole new password").unwrap();
    command_line.remove(&name("sato")).unwrap();
    assert_eq!(server.stands(&account.name, account.credential).unwrap(), Standing::Changed);
    assert!(server.list().unwrap().is_empty());
    assert!(matches!(command_line.remove(&name("sato")), Err(AccessError::NoSuchAccount)));
}

#[test]
fn an_unknown_name_is_as_much_work_as_a_known_one() {
    let dir = tempfile::tempdir().unwrap();
    let accounts = Accounts::open(dir.path()).unwrap();
    accounts.add(&name("sato"), PASSWORD, Role::Midwife).unwrap();
    let time = |name: &str| {
        let start = Instant::now();
        assert!(accounts.verify(name, "wrong password").is_err());
        start.elapsed()
    };
    // The best of several: this machine may be busy with other things.
    let best = |name: &str| (0..5).map(|_| time(name)).min().unwrap();
    let (known, unknown) = (best("sato"), best("nobody"));
    let ratio = unknown.as_secs_f64() / known.as_secs_f64();
    assert!((0.3..3.0).contains(&ratio), "known {known:?}, unknown {unknown:?}");
}
