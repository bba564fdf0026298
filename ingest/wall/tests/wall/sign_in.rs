//! Signing in, and what is refused without it.

use wall::Encryption;

use crate::support::{PASSWORD, Site, name, settings};

#[tokio::test]
async fn who_signs_in_is_known_until_she_signs_out() {
    let site = Site::start().await;
    assert_eq!(site.get("/api/me", "").await.status, 401);
    let cookie = site.sign_in().await;
    let me = site.get("/api/me", &cookie).await;
    assert_eq!((me.status, me.body.as_str()), (200, r#"{"name":"sato","role":"midwife"}"#));
    assert_eq!(me.header("cache-control"), Some("no-store"));
    let out = site.post("/api/logout", &cookie, "").await;
    assert_eq!(out.status, 204);
    assert!(out.header("set-cookie").unwrap().contains("Max-Age=0"));
    assert_eq!(site.get("/api/me", &cookie).await.status, 401);
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let login = format!(r#"{{"name":"sato","password":"{PASSWORD}"}}"#);
    let site = Site::start().await;
    let reply = site.post("/api/login", "", &login).await;
    let cookie = reply.header("set-cookie").unwrap();
    assert!(cookie.starts_with("ubugoe="), "{cookie}");
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict"), "{cookie}");

    let site = Site::with(settings(), Encryption::Tls).await;
    let reply = site.post("/api/login", "", &login).await;
    let cookie = reply.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-ubugoe="), "{cookie}");
    assert!(cookie.ends_with("; Path=/; HttpOnly; Secure; SameSite=Strict"), "{cookie}");
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_look_the_same() {
    let site = Site::start().await;
    let wrong = |name, password| format!(r#"{{"name":"{name}","password":"{password}"}}"#);
    let name = site.post("/api/login", "", &wrong("ito", PASSWORD)).await;
    let password = site.post("/api/login", "", &wrong("sato", "wrong")).await;
    assert_eq!((name.status, password.status), (401, 401));
    assert_eq!(name.body, password.body);
    assert!(name.header("set-cookie").is_none() && password.header("set-cookie").is_none());
    assert_eq!(site.post("/api/login", "", "{}").await.status, 422);
    assert_eq!(site.post("/api/login", "", &"x".repeat(100_000)).await.status, 413);
}

#[tokio::test]
async fn guessing_is_slowed_down_and_says_for_how_long() {
    let site = Site::start().await;
    let wrong = r#"{"name":"sato","password":"wrong"}"#;
    let mut refused = None;
    for _ in 0..12 {
        let reply = site.post("/api/login", "", wrong).await;
        if reply.status == 429 {
            refused = Some(reply);
            break;
        }
        assert_eq!(reply.status, 401);
    }
    let refused = refused.expect("eight are free");
    assert!(refused.header("retry-after").unwrap().parse::<u64>().unwrap() >= 1);
}

#[tokio::test]
async fn the_audit_log_has_every_sign_in_and_no_password() {
    let site = Site::start().await;
    site.sign_in().await;
    let typed_wrong = format!(r#"{{"name":"{PASSWORD}","password":"sato"}}"#);
    assert_eq!(site.post("/api/login", "", &typed_wrong).await.status, 401);
    let log = std::fs::read_to_string(site.data.path().join("audit.jsonl")).unwrap();
    assert_eq!(log.lines().count(), 2);
    assert!(log.contains(r#""event":"signed_in","name":"sato""#), "{log}");
    assert!(
        log.contains(r#""event":"sign_in_refused","name":null,"address":"127.0.0.1""#),
        "{log}"
    );
    assert!(!log.contains("horse"), "{log}");
}

#[tokio::test]
async fn a_removed_account_is_out_at_once() {
    let site = Site::start().await;
    let cookie = site.sign_in().await;
    site.accounts.remove(&name("sato")).unwrap();
    assert_eq!(site.get("/api/me", &cookie).await.status, 401);
    assert_eq!(site.post("/api/wall/offer", &cookie, "{}").await.status, 401);
}

#[tokio::test]
async fn health_needs_no_login_and_unknown_addresses_say_so() {
    let site = Site::start().await;
    let health = site.get("/api/health", "").await;
    assert_eq!(health.status, 200);
    assert!(health.body.contains(r#""status":"ok""#), "{}", health.body);
    assert_eq!(site.get("/api/nothing", "").await.status, 404);
    assert_eq!(site.get("/api/login", "").await.status, 405);
}
