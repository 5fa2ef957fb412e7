//! The Content Security Policy of the sealed page.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest as _, Sha256};

/// The policy that lets exactly these scripts and style sheets in, and nothing
/// out.
pub(crate) fn content(scripts: &[&str], styles: &[&str]) -> String {
    format!(
        "default-src 'none'; connect-src 'none'; script-src {} 'wasm-unsafe-eval'; worker-src blob:; \
         style-src {}; style-src-attr 'unsafe-inline'; img-src data: blob:; form-action 'none'; base-uri 'none'; \
         require-trusted-types-for 'script'; trusted-types ops-mixite",
        sources(scripts),
        sources(styles),
    )
}

fn sources(texts: &[&str]) -> String {
    if texts.is_empty() {
        return "'none'".to_owned();
    }
    let hashes: Vec<String> = texts
        .iter()
        .map(|text| {
            format!(
                "'sha256-{}'",
                BASE64.encode(Sha256::digest(text.as_bytes()))
            )
        })
        .collect();
    hashes.join(" ")
}

/// How the policy stands in the page: it applies to all that follows it.
pub(crate) fn meta(content: &str) -> String {
    format!("{META_START}{content}\">")
}

/// The policy of a sealed page, as its meta says it.
pub(crate) fn of_page(page: &str) -> Option<&str> {
    let (_, rest) = page.split_once(META_START)?;
    Some(rest.split_once("\">")?.0)
}

const META_START: &str = "<meta http-equiv=\"Content-Security-Policy\" content=\"";
