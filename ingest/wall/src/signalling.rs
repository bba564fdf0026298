//! A WebRTC offer from a screen, and our answer.
//!
//! One request carries all: we have one address, known at once, and the browser's own
//! candidates are not needed because its checks show where it is.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Extension, State};
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};

use crate::arrival::Arrival;
use crate::peer::{self, PeerError};
use crate::refusal::Refusal;
use crate::sign_in;
use crate::wall::Wall;

/// What the browser's `RTCPeerConnection` calls a session description.
#[derive(Deserialize, Serialize)]
pub(crate) struct Description {
    #[serde(rename = "type")]
    kind: Kind,
    sdp: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Offer,
    Answer,
}

/// `POST /api/wall/offer`.
pub(crate) async fn offer(
    State(wall): State<Arc<Wall>>,
    Extension(arrival): Extension<Arrival>,
    headers: HeaderMap,
    body: Result<Json<Description>, JsonRejection>,
) -> Result<Json<Description>, Refusal> {
    let (viewer, token) = sign_in::may_watch(&wall, arrival, &headers)?;
    let Json(offer) = body?;
    if offer.kind != Kind::Offer {
        return Err(Refusal::Offer("its type is not \"offer\"".to_owned()));
    }
    let seat = wall.seat(&viewer.name)?;
    let address = wall.settings.webrtc_address.unwrap_or(arrival.local).to_canonical();
    match peer::answer(wall, seat, token, offer.sdp, address).await {
        Ok(sdp) => Ok(Json(Description { kind: Kind::Answer, sdp })),
        Err(PeerError::Offer(reason)) => Err(Refusal::Offer(reason)),
        Err(PeerError::Ours(reason)) => {
            tracing::error!(%address, reason, "WebRTC is not available at this address");
            Err(Refusal::Internal)
        }
    }
}
