//! What the listener knows of a request, and the headers do not say.

use std::net::IpAddr;

/// How a request came. The listener puts one into the extensions of every request; without it
/// the router answers 500, because neither the cookie nor the limit on guessing can be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Whose request it is: the other end of the connection, or what a trusted proxy says.
    pub client: IpAddr,
    /// Our address on which the connection arrived: the screen can reach us there, so WebRTC
    /// offers the same.
    pub local: IpAddr,
    /// Whether somebody on the way could read it.
    pub encryption: Encryption,
}

/// Whether somebody between the browser and here could read the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// TLS, ended here or by the proxy in front.
    Tls,
    /// Plain HTTP on this machine itself.
    Loopback,
}

impl Encryption {
    /// The scheme in the browser's address line.
    #[must_use]
    pub const fn scheme(self) -> &'static str {
        match self {
            Self::Tls => "https",
            Self::Loopback => "http",
        }
    }
}
