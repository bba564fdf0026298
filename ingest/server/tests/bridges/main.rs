//! What the region promises a bridge and an analysis, over real QUIC against a whole server.

#![expect(clippy::unwrap_used, reason = "a test may panic, and says where")]

mod alarms;
mod analyses;
mod full_disk;
mod region;
mod screen;

use std::time::Duration;

use protocol::link::{ENROLL_ALPN, EnrollRequest, Frame, Progress, RefusalCode};
use region::{Bridge, Identity, Region, block, device, wall_time};
use store::{Snapshot, Store, StoreError, StoreOptions};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_enrols_one_bridge_and_is_refused_the_second_time() {
    let region = Region::start().await;
    let secret = region.invite("clinic-a").to_vec();
    let (key, csr) = Identity::request();
    let request = Frame::EnrollRequest(EnrollRequest { secret: secret.clone(), csr });
    let answer = region.enroll(&request).await;
    let Frame::EnrollAnswer(answer) = answer else { panic!("refused: {answer:?}") };
    assert_eq!(answer.bridge.as_str(), "clinic-a");
    assert_eq!(answer.authority, region.authority().to_vec());

    let identity = Identity::new(answer.certificate, &key);
    let mut bridge = Bridge::connect(&region, Some(&identity)).await;
    let welcome = bridge.hello(&[]).await;
    assert!(matches!(welcome, Frame::Welcome(_)), "{welcome:?}");

    let (_, csr) = Identity::request();
    let again = region.enroll(&Frame::EnrollRequest(EnrollRequest { secret, csr })).await;
    let Frame::Refusal(refusal) = again else { panic!("enrolled twice") };
    assert_eq!(refusal.code, RefusalCode::Token);
    assert!(refusal.text.contains("used already"), "{}", refusal.text);
    region.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_signing_request_does_not_use_up_the_token() {
    let region = Region::start().await;
    let secret = region.invite("clinic-a").to_vec();
    let broken = EnrollRequest { secret: secret.clone(), csr: vec![1, 2, 3] };
    let Frame::Refusal(refusal) = region.enroll(&Frame::EnrollRequest(broken)).await else {
        panic!("a broken request was granted");
    };
    assert_eq!(refusal.code, RefusalCode::Malformed);
    let (_, csr) = Identity::request();
    let whole = region.enroll(&Frame::EnrollRequest(EnrollRequest { secret, csr })).await;
    assert!(matches!(whole, Frame::EnrollAnswer(_)), "{whole:?}");
    region.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_not_enrolled_is_refused_in_words() {
    let region = Region::start().await;
    let today = wall_time();
    let never_enrolled = region.issue("clinic-a", today);
    let expired = region.issue("clinic-b", today.plus_micros(-400 * 86_400 * 1_000_000));
    region.enrol(&expired, "clinic-b");
    let revoked = region.issue("clinic-c", today);
    region.enrol(&revoked, "clinic-c");
    region.revoke("clinic-c");
    for (identity, words) in [
        (None, "showed no certificate"),
        (Some(&never_enrolled), "no machine is enrolled with this certificate"),
        (Some(&expired), "certificate expired on 20"),
        (Some(&revoked), "enrol it with a new token"),
    ] {
        let mut bridge = Bridge::connect(&region, identity).await;
        let Frame::Refusal(refusal) = bridge.hello(&[]).await else { panic!("let in: {words}") };
        assert_eq!(refusal.code, RefusalCode::NotEnrolled);
        assert!(refusal.text.contains(words), "{}", refusal.text);
    }
    region.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_of_another_authority_does_not_pass_the_handshake() {
    let region = Region::start().await;
    let stranger = region::issue_elsewhere("clinic-a");
    // A client believes that it is connected before the server has seen its certificate.
    let ended = match Bridge::try_connect(&region, Some(&stranger)).await {
        Ok(bridge) => bridge.closed().await,
        Err(error) => error,
    };
    let words = format!("{ended:?}").to_lowercase();
    assert!(words.contains("unknown") || words.contains("certificate"), "{words}");
    region.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn garbage_ends_only_the_connection_it_came_on() {
    let region = Region::start().await;
    let mut good = region.enrolled_bridge("good").await;
    good.hello(&[]).await;
    let mut enroll_in_link = Vec::new();
    Frame::EnrollRequest(EnrollRequest { secret: vec![], csr: vec![] }).encode(&mut enroll_in_link);
    let mut stranger = block(1, 0);
    stranger.device = vitals::DeviceId::new("not-announced").unwrap();
    let mut stranger_bytes = Vec::new();
    Frame::Block(stranger.to_bytes()).encode(&mut stranger_bytes);
    let mut damaged = Vec::new();
    Frame::Block(block(1, 0).to_bytes()).encode(&mut damaged);
    damaged[40] ^= 1;
    let garbage: [(&[u8], &str); 5] = [
        (&[0xff; 64], "kind 0xff"),
        (&[0x03, 0xff, 0xff, 0], "65535 bytes"),
        (&enroll_in_link, "only blocks"),
        (&stranger_bytes, "did not name"),
        (&damaged, "checksum"),
    ];
    for (n, (bytes, words)) in garbage.into_iter().enumerate() {
        let mut bad = region.enrolled_bridge(&format!("bad-{n}")).await;
        bad.hello(&[]).await;
        bad.send_bytes(bytes).await;
        let Frame::Refusal(refusal) = bad.next().await else { panic!("not refused: {words}") };
        assert_eq!(refusal.code, RefusalCode::Malformed);
        assert!(refusal.text.contains(words), "{}", refusal.text);
        good.send(&block(1, n as u64)).await;
        good.acked(1, n as u64 + 1).await;
    }
    region.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_ack_comes_after_the_commit_and_a_duplicate_is_stored_once() {
    const BLOCKS: u64 = 500;
    let region = Region::start().await;
    let mut bridge = region.enrolled_bridge("clinic-a").await;
    bridge.hello(&[]).await;
    for seq in 0..BLOCKS {
        bridge.send(&block(7, seq)).await;
        if seq % 3 == 0 {
            bridge.send(&block(7, seq)).await;
        }
    }
    let mut acked = 0;
    while acked < BLOCKS {
        acked = bridge.next_ack(7).await.max(acked);
        assert!(region.stored_blocks() >= acked, "acknowledged before it was on disk");
    }
    // What the bridge sends again after its ack was lost is acknowledged again.
    bridge.send(&block(7, 3)).await;
    assert_eq!(bridge.next_ack(7).await, BLOCKS);

    let mut newer = Bridge::connect(&region, Some(&bridge.identity)).await;
    let owed = [Progress { device: device(), epoch: 7, next: 3 }];
    let Frame::Welcome(welcome) = newer.hello(&owed).await else { panic!("refused") };
    assert_eq!(welcome.stored, [Progress { device: device(), epoch: 7, next: BLOCKS }]);
    let Frame::Refusal(refusal) = bridge.next().await else { panic!("two connections live") };
    assert_eq!(refusal.code, RefusalCode::Replaced);

    let data = region.stop().await;
    let stored = region::count_blocks(data.path());
    assert_eq!(stored, BLOCKS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stopped_server_has_committed_what_it_read_and_goes_on_where_it_was() {
    let region = Region::start().await;
    let mut bridge = region.enrolled_bridge("clinic-a").await;
    bridge.hello(&[]).await;
    for seq in 0..40 {
        bridge.send(&block(1, seq)).await;
    }
    bridge.acked(1, 40).await;
    let identity = bridge.identity.clone();
    let data = region.stop().await;
    let Frame::Refusal(refusal) = bridge.next().await else { panic!("no word of the stop") };
    assert_eq!(refusal.code, RefusalCode::Unavailable);
    assert_eq!(region::count_blocks(data.path()), 40);

    let region = Region::start_in(data).await;
    let mut bridge = Bridge::connect(&region, Some(&identity)).await;
    let owed = [Progress { device: device(), epoch: 1, next: 20 }];
    let Frame::Welcome(welcome) = bridge.hello(&owed).await else { panic!("refused") };
    assert_eq!(welcome.stored[0].next, 40);
    bridge.send(&block(1, 39)).await;
    bridge.send(&block(1, 40)).await;
    bridge.acked(1, 41).await;
    let data = region.stop().await;
    assert_eq!(region::count_blocks(data.path()), 41);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_server_on_the_same_data_is_told_so() {
    let region = Region::start().await;
    let error = region::run_second(region.data()).await;
    assert!(error.contains("in use by another server"), "{error}");
    let locked = Store::open(&region.data().join("store"), StoreOptions::default());
    assert!(matches!(locked, Err(StoreError::Locked { .. })));
    assert!(Snapshot::open(region.data()).is_ok(), "reading needs no lock");
    region.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn enrolment_connections_get_nothing_else() {
    let region = Region::start().await;
    let mut bridge = Bridge::connect_with(&region, None, ENROLL_ALPN).await.unwrap();
    let Frame::Refusal(refusal) = bridge.hello(&[]).await else { panic!("let in") };
    assert_eq!(refusal.code, RefusalCode::Malformed);
    let ended = tokio::time::timeout(Duration::from_secs(5), bridge.closed()).await;
    assert!(ended.is_ok(), "the connection stays open");
    region.stop().await;
}
