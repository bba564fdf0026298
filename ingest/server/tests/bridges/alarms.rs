//! What the region promises about alarms, over real sockets, and through a restart.

use access::Role;
use protocol::Publication;
use protocol::alert::{AlarmAction, AlarmKind, AlarmPriority, AlarmStage};
use protocol::analysis::{Body, Condition, ConditionKind, Fetus, State};
use protocol::feed::{Attend, Refused, RefusedWhy, TrackNumber};
use vitals::EpisodeId;

use crate::analyses::{Analyst, enrolled};
use crate::region::{Region, block, wall_time};
use crate::screen::Screen;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_alarm_reaches_every_wall_is_acknowledged_on_record_and_outlives_the_region() {
    let region = Region::start().await;
    let mut bridge = region.enrolled_bridge("clinic-a").await;
    bridge.hello(&[]).await;
    bridge.send(&block(1, 0)).await;
    let identity = enrolled(&region, "watch-1");
    let mut analyst = Analyst::connect(&region, &identity).await;
    analyst.until(|known| known.sets == 1 && known.tracks.len() == 1).await;
    let track = analyst.known.tracks["bed-1"];
    let mut sato = Screen::open(&region, "sato", Role::Midwife).await;
    let mut mori = Screen::open(&region, "mori", Role::Obstetrician).await;
    sato.until(|known| known.tracks.len() == 1).await;
    assert!(sato.known.alarms.is_empty());
    analyst.publish(track, &level_five(true, 1)).await;
    for screen in [&mut sato, &mut mori] {
        screen.until(|known| known.alarm(AlarmKind::Level5).is_some()).await;
    }
    let alarm = sato.known.alarm(AlarmKind::Level5).unwrap().clone();
    assert_eq!(alarm.priority, AlarmPriority::High);

    // Without a reason it is not done, and only who asked hears of that.
    sato.send(acknowledge(alarm.id, "")).await;
    let why = RefusedWhy::ReasonMissing;
    sato.until(|known| known.refused == [Refused::Acknowledge { alarm: alarm.id, why }]).await;
    sato.send(acknowledge(alarm.id, "帝王切開の準備")).await;
    for screen in [&mut sato, &mut mori] {
        let is_seen = |stage| stage == Some(AlarmStage::Acknowledged);
        screen
            .until(|known| known.alarm(AlarmKind::Level5).is_some_and(|a| is_seen(a.stage())))
            .await;
        let seen = screen.known.alarm(AlarmKind::Level5).unwrap().acknowledged.clone().unwrap();
        assert_eq!((seen.account.as_str(), seen.action), ("sato", Some(AlarmAction::D)));
        assert_eq!(seen.reason, "帝王切開の準備");
    }
    assert!(mori.known.refused.is_empty());
    let load = sato.http("/api/alarms/load").await;
    let row =
        load["days"][0]["beds"].as_array().unwrap().iter().find(|row| row["high"] == 1).unwrap();
    assert_eq!((&row["acknowledged"], &row["track"]), (&1.into(), &track.0.into()), "{load}");
    assert_eq!(row["machine"], "clinic-a/bed-1");

    // The analysis dies, and then the region: the alarm is where it was.
    drop((analyst, bridge, sato, mori));
    let data = region.stop().await;
    let log = std::fs::read_to_string(data.path().join("access/audit.jsonl")).unwrap();
    assert!(log.contains(r#""event":"attended","name":"sato","role":"midwife""#), "{log}");
    assert!(!log.contains("帝王切開"), "what was written belongs to her record");
    let region = Region::start_in(data).await;
    let mut abe = Screen::open(&region, "abe", Role::Doctor).await;
    abe.until(|known| known.alarm(AlarmKind::Level5).is_some()).await;
    let kept = abe.known.alarm(AlarmKind::Level5).unwrap();
    assert_eq!((kept.id, kept.raised_at), (alarm.id, alarm.raised_at));
    assert_eq!(kept.stage(), Some(AlarmStage::Acknowledged));

    // The analysis comes back and says that it is over: then it is.
    let mut analyst = Analyst::connect(&region, &identity).await;
    analyst.until(|known| known.sets == 1 && known.tracks.len() == 1).await;
    analyst.publish(analyst.known.tracks["bed-1"], &level_five(false, 2)).await;
    abe.until(|known| known.alarm(AlarmKind::Level5).is_none()).await;
    region.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_only_looks_after_the_installation_may_not_answer_an_alarm() {
    let region = Region::start().await;
    let mut bridge = region.enrolled_bridge("clinic-a").await;
    bridge.hello(&[]).await;
    let mut tech = Screen::open(&region, "tech", Role::Administrator).await;
    tech.until(|known| known.tracks.len() == 1).await;
    let track = tech.known.tracks["bed-1"];
    tech.send(Attend::Pause { track, seconds: 60 }.to_bytes()).await;
    let why = RefusedWhy::NotAllowed;
    tech.until(|known| known.refused == [Refused::Pause { track, why }]).await;
    tech.send(Attend::MarkInvalid { alarm: 9 }.to_bytes()).await;
    tech.until(|known| known.refused.len() == 2).await;
    let mut sato = Screen::open(&region, "sato", Role::Midwife).await;
    let nowhere = TrackNumber(77);
    sato.send(Attend::Pause { track: nowhere, seconds: 60 }.to_bytes()).await;
    let why = RefusedWhy::Unknown;
    sato.until(|known| known.refused == [Refused::Pause { track: nowhere, why }]).await;
    region.stop().await;
}

fn acknowledge(alarm: u64, reason: &str) -> Vec<u8> {
    let (seen, action) = (AlarmPriority::High, Some(AlarmAction::D));
    Attend::Acknowledge { alarm, seen, action, reason: reason.to_owned() }.to_bytes()
}

fn level_five(is_active: bool, revision: u32) -> Publication {
    let kind = ConditionKind::Level5;
    Publication {
        episode: EpisodeId::from_u128(42),
        fetus: Fetus::First,
        state: State::Provisional,
        revision,
        id: 5,
        body: Body::Condition(Condition { kind, is_active, since: wall_time(), value: 5 }),
    }
}
