//! How a request is refused: a status, and a sentence for whoever reads it.

use std::time::Duration;

use access::AccessError;
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::seats::NoSeat;

/// Why a request is refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// Nobody is signed in with this request.
    #[error("please sign in")]
    NotSignedIn,
    /// The name or the password is wrong.
    #[error("the name or the password is wrong")]
    WrongLogin,
    /// Too many attempts to sign in.
    #[error("too many attempts to sign in; try again in {} s", .0.as_secs().max(1))]
    TooManyAttempts(Duration),
    /// The role does not allow it.
    #[error("this account may not do that")]
    NotAllowed,
    /// A page of another site sent the request.
    #[error(
        "the request does not come from this site's own page; behind a proxy, check that it passes the Host header on"
    )]
    ForeignOrigin,
    /// The offer could not be used.
    #[error("the WebRTC offer could not be answered: {0}")]
    Offer(String),
    /// The body of the request is not what it should be.
    #[error("{}", .0.body_text())]
    Body(#[from] JsonRejection),
    /// No place for another screen.
    #[error(transparent)]
    Seats(#[from] NoSeat),
    /// The server is busy hashing passwords.
    #[error("many people sign in at the moment; try again in a few seconds")]
    Busy,
    /// The server is stopping.
    #[error("the server is stopping; try again in a minute")]
    Stopping,
    /// Something in this server is wrong; the reason is in its log.
    #[error("the server could not do that; its log says why")]
    Internal,
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotSignedIn | Self::WrongLogin => StatusCode::UNAUTHORIZED,
            Self::TooManyAttempts(_) | Self::Seats(NoSeat::Account { .. }) => {
                StatusCode::TOO_MANY_REQUESTS
            }
            Self::NotAllowed | Self::ForeignOrigin => StatusCode::FORBIDDEN,
            Self::Offer(_) => StatusCode::BAD_REQUEST,
            Self::Body(rejection) => rejection.status(),
            Self::Seats(NoSeat::Wall { .. }) | Self::Busy | Self::Stopping => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooManyAttempts(wait) => Some(*wait),
            Self::Busy | Self::Seats(_) => Some(Duration::from_secs(5)),
            Self::Stopping => Some(Duration::from_secs(30)),
            _ => None,
        }
    }
}

impl From<AccessError> for Refusal {
    fn from(error: AccessError) -> Self {
        tracing::error!(error = &error as &dyn std::error::Error, "access records");
        Self::Internal
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = Json(serde_json::json!({ "error": self.to_string() }));
        let mut response = (self.status(), body).into_response();
        if let Some(wait) = self.retry_after() {
            // Rounded up: who comes back on the second must not be too early.
            let seconds = wait.as_millis().div_ceil(1000).max(1);
            let seconds = HeaderValue::from_str(&seconds.to_string()).expect("digits");
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        response
    }
}
