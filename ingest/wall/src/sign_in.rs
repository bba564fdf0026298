//! The requests about signing in, and who is signed in with a request.

use std::sync::Arc;

use access::{Permission, SessionToken, Viewer};
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use crate::arrival::Arrival;
use crate::cookie;
use crate::refusal::Refusal;
use crate::wall::Wall;

/// What the sign-in page sends. Not `Debug`: it holds a password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Login {
    name: String,
    password: String,
}

/// Who is signed in.
#[derive(Serialize)]
pub(crate) struct Me {
    name: String,
    role: String,
}

/// `POST /api/login`.
pub(crate) async fn login(
    State(wall): State<Arc<Wall>>,
    Extension(arrival): Extension<Arrival>,
    headers: HeaderMap,
    body: Result<Json<Login>, JsonRejection>,
) -> Result<Response, Refusal> {
    let Json(login) = body?;
    let token = wall.gate.sign_in(login.name, login.password, arrival.client).await?;
    // One browser, one session: the one it had before is of no use to it any more.
    if let Some(before) = cookie::token(arrival.encryption, &headers) {
        wall.gate.sign_out(before, arrival.client)?;
    }
    Ok(with_cookie(arrival, &token))
}

fn with_cookie(arrival: Arrival, token: &SessionToken) -> Response {
    let cookie = cookie::set(arrival.encryption, token);
    (StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response()
}

/// `POST /api/logout`.
pub(crate) async fn logout(
    State(wall): State<Arc<Wall>>,
    Extension(arrival): Extension<Arrival>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    if let Some(token) = cookie::token(arrival.encryption, &headers) {
        wall.gate.sign_out(token, arrival.client)?;
    }
    let cookie = cookie::clear(arrival.encryption);
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// `GET /api/me`.
pub(crate) async fn me(
    State(wall): State<Arc<Wall>>,
    Extension(arrival): Extension<Arrival>,
    headers: HeaderMap,
) -> Result<Json<Me>, Refusal> {
    let (viewer, _) = signed_in(&wall, arrival, &headers)?;
    Ok(Json(Me { name: viewer.name.as_str().to_owned(), role: viewer.role.to_string() }))
}

/// Who may watch with this request, and her token.
pub(crate) fn may_watch(
    wall: &Wall,
    arrival: Arrival,
    headers: &HeaderMap,
) -> Result<(Viewer, String), Refusal> {
    let (viewer, token) = signed_in(wall, arrival, headers)?;
    if viewer.role.allows(Permission::Watch) {
        Ok((viewer, token))
    } else {
        Err(Refusal::NotAllowed)
    }
}

fn signed_in(
    wall: &Wall,
    arrival: Arrival,
    headers: &HeaderMap,
) -> Result<(Viewer, String), Refusal> {
    let token = cookie::token(arrival.encryption, headers).ok_or(Refusal::NotSignedIn)?;
    let viewer = wall.gate.viewer(token)?.ok_or(Refusal::NotSignedIn)?;
    Ok((viewer, token.to_owned()))
}

/// Refuses what the page of another site sends.
///
/// Browsers name the page's own origin on every WebSocket and every `POST`, and pages cannot
/// change it. `SameSite` on the cookie says the same once more, for browsers that know it.
pub(crate) fn check_origin(arrival: Arrival, headers: &HeaderMap) -> Result<(), Refusal> {
    let text = |name| headers.get(name).and_then(|value: &header::HeaderValue| value.to_str().ok());
    let host = text(header::HOST).ok_or(Refusal::ForeignOrigin)?;
    let origin = text(header::ORIGIN).ok_or(Refusal::ForeignOrigin)?;
    let ours = format!("{}://{host}", arrival.encryption.scheme());
    if origin.eq_ignore_ascii_case(&ours) { Ok(()) } else { Err(Refusal::ForeignOrigin) }
}
