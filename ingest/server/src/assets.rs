//! The user interface, as it stands in this binary.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// Path and bytes of every file, written by `build.rs`.
const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/ui_files.rs"));

/// What `/` shows.
const FRONT_PAGE: &str = "wall.html";

/// The files, ready to be served.
#[derive(Debug)]
pub struct Assets {
    files: BTreeMap<&'static str, Asset>,
}

#[derive(Debug)]
struct Asset {
    bytes: &'static [u8],
    /// The same, compressed with Brotli, where the build has made it.
    compressed: Option<&'static [u8]>,
    content_type: HeaderValue,
    cache_control: HeaderValue,
    etag: HeaderValue,
}

impl Assets {
    /// The files of this binary. Hashes them all once, a few milliseconds.
    #[must_use]
    pub fn embedded() -> Arc<Self> {
        Self::of(FILES)
    }

    fn of(files: &[(&'static str, &'static [u8])]) -> Arc<Self> {
        let twin = |path: &str| {
            let twin = files.iter().find(|(other, _)| other.strip_suffix(".br") == Some(path));
            twin.map(|&(_, bytes)| bytes)
        };
        let plain = files.iter().filter(|(path, _)| !path.ends_with(".br"));
        let files = plain.map(|&(path, bytes)| (path, Asset::new(path, bytes, twin(path))));
        Arc::new(Self { files: files.collect() })
    }

    /// `/` and every file below it.
    pub fn router(self: &Arc<Self>) -> Router {
        Router::new()
            .route("/", get(front_page))
            .route("/{*path}", get(file))
            .with_state(Arc::clone(self))
    }

    fn answer(&self, path: &str, headers: &HeaderMap) -> Response {
        let Some(asset) = self.files.get(path) else {
            return (StatusCode::NOT_FOUND, "there is nothing at this address\n").into_response();
        };
        let unchanged = headers
            .get(header::IF_NONE_MATCH)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|tags| tags.split(',').any(|tag| asset.etag == tag.trim()));
        let mut response = if unchanged {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let compressed = asset.compressed.filter(|_| takes_brotli(headers));
            let body = Body::from(compressed.unwrap_or(asset.bytes));
            let mut response = body.into_response();
            response.headers_mut().insert(header::CONTENT_TYPE, asset.content_type.clone());
            if compressed.is_some() {
                let encoding = HeaderValue::from_static("br");
                response.headers_mut().insert(header::CONTENT_ENCODING, encoding);
            }
            response
        };
        response.headers_mut().insert(header::CACHE_CONTROL, asset.cache_control.clone());
        response.headers_mut().insert(header::ETAG, asset.etag.clone());
        // What is kept under one address is another for who takes no Brotli.
        let vary = HeaderValue::from_static("accept-encoding");
        response.headers_mut().insert(header::VARY, vary);
        response
    }
}

/// Whether the browser takes Brotli; a weight of 0 is no.
fn takes_brotli(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT_ENCODING).iter();
    let mut accepted = accepted.filter_map(|value| value.to_str().ok()).flat_map(|v| v.split(','));
    accepted.any(|one| {
        let (name, weight) = one.split_once(';').unwrap_or((one, ""));
        name.trim().eq_ignore_ascii_case("br") && !matches!(weight.trim(), "q=0" | "q=0.0")
    })
}

impl Asset {
    fn new(path: &str, bytes: &'static [u8], compressed: Option<&'static [u8]>) -> Self {
        let hash = HEXLOWER.encode(&Sha256::digest(bytes)[..16]);
        Self {
            bytes,
            compressed,
            content_type: HeaderValue::from_static(content_type(path)),
            cache_control: HeaderValue::from_static(cache_control(path)),
            etag: HeaderValue::from_str(&format!("\"{hash}\"")).expect("digits and quotes"),
        }
    }
}

async fn front_page(State(assets): State<Arc<Assets>>, headers: HeaderMap) -> Response {
    assets.answer(FRONT_PAGE, &headers)
}

async fn file(
    State(assets): State<Arc<Assets>>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Response {
    assets.answer(&path, &headers)
}

/// Files below `assets/` have a hash of their content in their name and never change; all
/// others are asked for again each time, with their tag.
fn cache_control(path: &str) -> &'static str {
    if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" }
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header<'a>(response: &'a Response, name: &str) -> &'a str {
        response.headers()[name].to_str().unwrap()
    }

    #[test]
    fn who_takes_brotli_gets_it_and_who_does_not_gets_the_file() {
        let assets = Assets::of(&[("a.js", b"code"), ("a.js.br", b"zip"), ("b.png", b"dots")]);
        let answer = |path: &str, accepts: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("accept-encoding", HeaderValue::from_static(accepts));
            let response = assets.answer(path, &headers);
            response
                .headers()
                .get("content-encoding")
                .map(|value| value.to_str().unwrap().to_owned())
        };
        assert_eq!(answer("a.js", "gzip, deflate, br"), Some("br".to_owned()));
        assert_eq!(answer("a.js", "gzip, br;q=0"), None);
        assert_eq!(answer("a.js", "gzip"), None);
        assert_eq!(answer("b.png", "br"), None);
        assert_eq!(assets.answer("a.js.br", &HeaderMap::new()).status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn the_binary_has_a_front_page() {
        let response = Assets::embedded().answer(FRONT_PAGE, &HeaderMap::new());
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(header(&response, "content-type"), "text/html; charset=utf-8");
    }

    #[test]
    fn what_has_a_hash_in_its_name_is_kept_for_ever_and_the_rest_is_asked_for_again() {
        let assets = Assets::of(&[("wall.html", b"page"), ("assets/wall-a1b2.js", b"code")]);
        let code = assets.answer("assets/wall-a1b2.js", &HeaderMap::new());
        assert!(header(&code, "cache-control").contains("immutable"));
        let page = assets.answer("wall.html", &HeaderMap::new());
        assert_eq!(header(&page, "cache-control"), "no-cache");
        let mut headers = HeaderMap::new();
        headers.insert("if-none-match", page.headers()["etag"].clone());
        assert_eq!(assets.answer("wall.html", &headers).status(), StatusCode::NOT_MODIFIED);
        assert_eq!(assets.answer("assets/wall-a1b2.js", &headers).status(), StatusCode::OK);
        assert_eq!(assets.answer("../main.rs", &headers).status(), StatusCode::NOT_FOUND);
    }
}
