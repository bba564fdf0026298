//! One wall screen: who looks, how she is reached, and her frames.
//!
//! In: HTTP requests with their [`Arrival`], and frames from a [`Feed`]. Out: an axum
//! [`router()`] below `/api`, and for each screen a session over a WebRTC data channel or a
//! WebSocket. Never: listeners, TLS, files of the user interface (the server has those), nor
//! what is inside a block.
//!
//! ```text
//! POST /api/login        {"name","password"}    204 and the cookie; 401; 429 with Retry-After
//! POST /api/logout                              204
//! GET  /api/me                                  {"name","role"}; 401
//! POST /api/wall/offer   {"type":"offer","sdp"} {"type":"answer","sdp"}; needs the cookie
//! GET  /api/wall/socket                         WebSocket; needs the cookie and our Origin
//! GET  /api/alarms/load                         how many alarms, by day and bed; needs the cookie
//! GET  /api/health                              {"status","version"}
//! ```
//!
//! Every refusal is `{"error": "a sentence"}`. On the data channel (label `feed`, made by the
//! browser, ordered and reliable) and on the WebSocket travel the same binary messages, those
//! of [`protocol::feed`]: the screen sends a watch frame, then listens; who may judge sends judge
//! frames besides.
//!
//! * [`wall`]: the settings and what all sessions share.
//! * [`feed`]: what a session needs of the hub.
//! * [`arrival`]: what the listener knows of a request; [`cookie`] and `sign_in` use it.
//! * [`gate`]: sign-in, and whose session a request belongs to.
//! * `seats`: how many screens at once.
//! * `session`: the loop of one screen, the same over both transports.
//! * `judging`: a person at a screen gives a level.
//! * `signalling`, `peer`: a WebRTC offer and the connection behind it.
//! * `fallback`: the same over a WebSocket.

mod alarm_load;
pub mod arrival;
mod attending;
pub mod cookie;
mod fallback;
pub mod feed;
pub mod gate;
mod judging;
mod peer;
mod refusal;
mod router;
mod seats;
mod session;
mod sign_in;
mod signalling;
pub mod wall;

pub use arrival::{Arrival, Encryption};
pub use feed::{AlarmDay, AlarmLoad, AlarmRow, Feed, NotKept};
pub use gate::Gate;
pub use router::router;
pub use wall::{Wall, WallSettings};
