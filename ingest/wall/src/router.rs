//! The requests below `/api`, and what answers them.

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};

use crate::wall::Wall;
use crate::{alarm_load, fallback, sign_in, signalling};

/// Most bytes of a request's body: an offer with many candidates has some 4 KiB.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// The routes. Every request must carry an [`Arrival`](crate::Arrival) in its extensions.
pub fn router(wall: Arc<Wall>) -> Router {
    Router::new()
        .route("/api/login", post(sign_in::login))
        .route("/api/logout", post(sign_in::logout))
        .route("/api/me", get(sign_in::me))
        .route("/api/wall/offer", post(signalling::offer))
        .route("/api/wall/socket", get(fallback::socket))
        .route("/api/alarms/load", get(alarm_load::alarm_load))
        .route("/api/health", get(health))
        .route("/api/{*rest}", axum::routing::any(nothing_here))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(middleware::map_response(never_stored))
        .with_state(wall)
}

/// `GET /api/health`: that the server answers, and which version it is.
async fn health() -> Json<serde_json::Value> {
    Json(serde_json::json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}

async fn nothing_here() -> Response {
    let body = Json(serde_json::json!({ "error": "there is nothing at this address" }));
    (StatusCode::NOT_FOUND, body).into_response()
}

/// No answer of ours belongs in the cache of a shared computer.
async fn never_stored(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
