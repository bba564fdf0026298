//! Promises about enrolment, with real files.

#![expect(clippy::unwrap_used, reason = "a test may")]

use std::fs;
use std::path::Path;
use std::sync::Barrier;
use std::thread;

use access::{AccessError, Enrolment, Machine, NotEnrolled, TokenRefused};
use vitals::{AnalystId, BridgeId, WallTime};

const NOW: WallTime = WallTime(1_700_000_000_000_000);
const HOUR_MICROS: i64 = 3_600_000_000;

fn bridge(name: &str) -> BridgeId {
    BridgeId::new(name).unwrap()
}

#[test]
fn a_token_is_good_once_and_for_its_time() {
    let dir = tempfile::tempdir().unwrap();
    let enrolment = Enrolment::open(dir.path()).unwrap();
    let secret = enrolment.invite(bridge("clinic-1"), NOW, HOUR_MICROS).unwrap();
    let late = NOW.plus_micros(HOUR_MICROS);
    assert!(matches!(enrolment.redeem(&secret, late), Err(TokenRefused::Expired)));
    assert_eq!(enrolment.redeem(&secret, NOW).unwrap(), Machine::Bridge(bridge("clinic-1")));
    assert!(matches!(enrolment.redeem(&secret, NOW), Err(TokenRefused::Used)));
    assert!(matches!(enrolment.redeem(&[0; 16], NOW), Err(TokenRefused::Unknown)));
    assert!(matches!(enrolment.redeem(&[], NOW), Err(TokenRefused::Unknown)));
}

#[test]
fn of_many_that_redeem_at_once_one_succeeds() {
    let dir = tempfile::tempdir().unwrap();
    let enrolment = Enrolment::open(dir.path()).unwrap();
    let secret = enrolment.invite(bridge("clinic-1"), NOW, HOUR_MICROS).unwrap();
    let barrier = Barrier::new(8);
    let redeemed = thread::scope(|scope| {
        let tries: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    barrier.wait();
                    enrolment.redeem(&secret, NOW).is_ok()
                })
            })
            .collect();
        tries.into_iter().map(|one| one.join().unwrap()).filter(|won| *won).count()
    });
    assert_eq!(redeemed, 1);
}

#[test]
fn no_secret_is_on_disk() {
    let dir = tempfile::tempdir().unwrap();
    let enrolment = Enrolment::open(dir.path()).unwrap();
    let secret = enrolment.invite(bridge("clinic-1"), NOW, HOUR_MICROS).unwrap();
    let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut files = 0;
    read_all(dir.path(), &mut |path, text| {
        files += 1;
        assert!(!text.contains(&hex) && !path.to_string_lossy().contains(&hex));
    });
    assert_eq!(files, 1);
}

#[test]
fn a_bridge_is_admitted_with_its_newest_certificate_until_it_is_revoked() {
    let dir = tempfile::tempdir().unwrap();
    let server = Enrolment::open(dir.path()).unwrap();
    let command_line = Enrolment::open(dir.path()).unwrap();
    let (old, new) = ([1; 32], [2; 32]);
    assert!(matches!(server.admit(&old), Err(NotEnrolled::UnknownCertificate)));
    server.enrol(bridge("clinic-1"), old, NOW).unwrap();
    server.enrol(bridge("clinic-2"), [3; 32], NOW).unwrap();
    assert_eq!(server.admit_bridge(&old).unwrap(), bridge("clinic-1"));
    server.enrol(bridge("clinic-1"), new, NOW).unwrap();
    assert!(server.admit(&old).is_err());
    assert_eq!(server.admit_bridge(&new).unwrap(), bridge("clinic-1"));
    let names: Vec<_> = server.bridges().unwrap().iter().map(|b| b.name.to_string()).collect();
    assert_eq!(names, ["clinic-1", "clinic-2"]);
    command_line.revoke(bridge("clinic-1")).unwrap();
    assert!(server.admit(&new).is_err());
    assert_eq!(server.admit_bridge(&[3; 32]).unwrap(), bridge("clinic-2"));
    assert!(matches!(server.revoke(bridge("clinic-1")), Err(AccessError::NoSuchMachine { .. })));
}

#[test]
fn an_index_entry_alone_admits_nobody() {
    let dir = tempfile::tempdir().unwrap();
    let enrolment = Enrolment::open(dir.path()).unwrap();
    enrolment.enrol(bridge("clinic-1"), [1; 32], NOW).unwrap();
    fs::remove_file(dir.path().join("enrolment/bridges/clinic-1.json")).unwrap();
    assert!(matches!(enrolment.admit(&[1; 32]), Err(NotEnrolled::Revoked { .. })));
}

#[test]
fn one_damaged_record_does_not_keep_the_other_bridges_out() {
    let dir = tempfile::tempdir().unwrap();
    let enrolment = Enrolment::open(dir.path()).unwrap();
    enrolment.enrol(bridge("clinic-1"), [1; 32], NOW).unwrap();
    // A listing would stop at a record that nobody can read; admitting does not see it.
    fs::write(dir.path().join("enrolment/bridges/other.json"), "{").unwrap();
    assert!(matches!(enrolment.bridges(), Err(AccessError::Damaged { .. })));
    assert_eq!(enrolment.admit_bridge(&[1; 32]).unwrap(), bridge("clinic-1"));
    enrolment.revoke(bridge("other")).unwrap();
    assert_eq!(enrolment.bridges().unwrap().len(), 1);
}

#[test]
fn a_machine_is_admitted_as_what_it_was_invited_as_and_as_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let enrolment = Enrolment::open(dir.path()).unwrap();
    let analyst = AnalystId::new("watch-1").unwrap();
    let secret = enrolment.invite(analyst, NOW, HOUR_MICROS).unwrap();
    let redeemed = enrolment.redeem(&secret, NOW).unwrap();
    assert_eq!(redeemed, Machine::Analyst(analyst));
    enrolment.enrol(redeemed, [1; 32], NOW).unwrap();
    // The same name as another kind is another machine.
    enrolment.enrol(bridge("watch-1"), [2; 32], NOW).unwrap();
    assert_eq!(enrolment.admit_analyst(&[1; 32]).unwrap(), analyst);
    assert_eq!(enrolment.admit_bridge(&[2; 32]).unwrap(), bridge("watch-1"));
    for refused in [
        enrolment.admit_bridge(&[1; 32]).map(Machine::Bridge),
        enrolment.admit_analyst(&[2; 32]).map(Machine::Analyst),
    ] {
        assert!(matches!(refused, Err(NotEnrolled::OtherRole { .. })), "{refused:?}");
    }
    enrolment.revoke(bridge("watch-1")).unwrap();
    assert_eq!(enrolment.analysts().unwrap().len(), 1, "the analyst stays");
    enrolment.revoke(analyst).unwrap();
    assert!(matches!(enrolment.admit_analyst(&[1; 32]), Err(NotEnrolled::UnknownCertificate)));
}

#[test]
fn records_from_before_there_were_analysts_are_bridges() {
    let dir = tempfile::tempdir().unwrap();
    let enrolment = Enrolment::open(dir.path()).unwrap();
    enrolment.enrol(bridge("clinic-1"), [1; 32], NOW).unwrap();
    let name = "01".repeat(32);
    let index = dir.path().join(format!("enrolment/certificates/{name}.json"));
    fs::write(index, r#"{"bridge":"clinic-1"}"#).unwrap();
    assert_eq!(enrolment.admit_bridge(&[1; 32]).unwrap(), bridge("clinic-1"));
}

fn read_all(dir: &Path, look: &mut impl FnMut(&Path, &str)) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(&path, look);
        } else {
            look(&path, &fs::read_to_string(&path).unwrap());
        }
    }
}
