//! How many alarms there were, for who sees to it that they are heeded.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::HeaderMap;

use crate::arrival::Arrival;
use crate::feed::AlarmLoad;
use crate::refusal::Refusal;
use crate::sign_in;
use crate::wall::Wall;

/// `GET /api/alarms/load`.
pub(crate) async fn alarm_load(
    State(wall): State<Arc<Wall>>,
    Extension(arrival): Extension<Arrival>,
    headers: HeaderMap,
) -> Result<Json<AlarmLoad>, Refusal> {
    sign_in::may_watch(&wall, arrival, &headers)?;
    Ok(Json(wall.feed.alarm_load()))
}
