//! The cookie that carries the session token.
//!
//! With TLS its name begins with `__Host-`: browsers then take it only from this very host,
//! over TLS, for the whole site, so that no neighbouring page can plant one.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;

use access::SessionToken;

use crate::arrival::Encryption;

/// Name of the cookie.
#[must_use]
pub const fn name(encryption: Encryption) -> &'static str {
    match encryption {
        Encryption::Tls => "__Host-ubugoe",
        Encryption::Loopback => "ubugoe",
    }
}

/// The `Set-Cookie` value that hands out a token. It lasts until the browser closes; the
/// session itself may end before.
#[must_use]
pub fn set(encryption: Encryption, token: &SessionToken) -> String {
    format!("{}={}; {}", name(encryption), token.as_str(), attributes(encryption))
}

/// The `Set-Cookie` value that takes the token back.
#[must_use]
pub fn clear(encryption: Encryption) -> String {
    format!("{}=; Max-Age=0; {}", name(encryption), attributes(encryption))
}

/// The token that a request carries, if any.
#[must_use]
pub fn token(encryption: Encryption, headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name(encryption))
        .map(|(_, token)| token)
}

/// `Secure` is left out on plain loopback alone: some browsers would not send it back there.
fn attributes(encryption: Encryption) -> &'static str {
    match encryption {
        Encryption::Tls => "Path=/; HttpOnly; Secure; SameSite=Strict",
        Encryption::Loopback => "Path=/; HttpOnly; SameSite=Strict",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_found_among_other_cookies_and_only_under_its_full_name() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, "theme=dark; ubugoe=one".parse().unwrap());
        headers.append(COOKIE, "__Host-ubugoe=two".parse().unwrap());
        assert_eq!(token(Encryption::Loopback, &headers), Some("one"));
        assert_eq!(token(Encryption::Tls, &headers), Some("two"));
        assert_eq!(token(Encryption::Tls, &HeaderMap::new()), None);
    }
}
