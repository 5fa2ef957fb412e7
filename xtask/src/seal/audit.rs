//! Reads a sealed page as a stranger would, and says what should not be there.
//!
//! The browser enforces the policy; this makes sure that the policy is the one
//! we mean, and that nothing in the file even tries.

use sha2::{Digest as _, Sha256};

use super::markup::Document;
use super::policy;

/// What would reach the network, or run text as code. The wasm is compressed:
/// only the scripts and the markup are read.
const FORBIDDEN: [&str; 14] = [
    "fetch(",
    "fetch (",
    "XMLHttpRequest",
    "WebSocket",
    "WebTransport",
    "sendBeacon",
    "RTCPeerConnection",
    "importScripts",
    "EventSource",
    "eval(",
    "new Function",
    "import(",
    "instantiateStreaming",
    "compileStreaming",
];

/// Names, not addresses: the only `http` a sealed page may hold.
const NAMESPACES: [&str; 3] = [
    "http://www.w3.org/2000/svg",
    "http://www.w3.org/1999/xlink",
    "http://www.w3.org/1999/xhtml",
];

/// Elements that load or embed, whatever their attributes.
const FORBIDDEN_ELEMENTS: [&str; 8] = [
    "iframe", "object", "embed", "base", "frame", "audio", "video", "portal",
];

/// The blocks of a sealed page, in order.
const BLOCKS: [&str; 4] = ["wasm", "worker", "glue", "boot"];

/// A browser looks for the encoding in this many bytes.
const ENCODING_WITHIN: usize = 1024;

/// Everything that is wrong with a sealed page; nothing when it is sound.
pub(crate) fn problems(page: &str) -> Vec<String> {
    let document = Document::read(page);
    let mut problems = Vec::new();
    blocks(&document, &mut problems);
    head(page, &document, &mut problems);
    words(&document, &mut problems);
    references(&document, &mut problems);
    problems
}

/// Everything that is wrong with the fingerprints beside the page.
pub(crate) fn fingerprint_problem(page: &[u8], sums: &str) -> Option<String> {
    let expected = format!("{}  index.html\n", super::hex(&Sha256::digest(page)));
    (sums != expected).then(|| {
        format!(
            "{} ne donne pas l’empreinte de index.html",
            super::FINGERPRINTS
        )
    })
}

fn blocks(document: &Document<'_>, problems: &mut Vec<String>) {
    let scripts: Vec<_> = document
        .raw
        .iter()
        .filter(|raw| raw.name == "script")
        .collect();
    let ids: Vec<&str> = scripts
        .iter()
        .map(|raw| raw.attribute("id").unwrap_or("sans nom"))
        .collect();
    if ids != BLOCKS {
        problems.push(format!("les blocs script sont {ids:?}, et non {BLOCKS:?}"));
    }
    for script in scripts {
        let id = script.attribute("id").unwrap_or("sans nom");
        if script.is_active() != matches!(id, "glue" | "boot") {
            problems.push(format!("le bloc « {id} » n’a pas le type attendu"));
        }
    }
}

fn head(page: &str, document: &Document<'_>, problems: &mut Vec<String>) {
    let active = |name: &'static str| -> Vec<&str> {
        document
            .raw
            .iter()
            .filter(|raw| raw.name == name && raw.is_active())
            .map(|raw| raw.content)
            .collect()
    };
    let expected = policy::content(&active("script"), &active("style"));
    match policy::of_page(page) {
        Some(found) if found == expected => {}
        Some(_) => problems.push(
            "la politique de sécurité n’est pas celle des scripts et styles de la page".to_owned(),
        ),
        None => problems.push("la page n’a pas de politique de sécurité".to_owned()),
    }
    if !page.contains(&format!("<head>\n{}", policy::meta(&expected))) {
        problems.push("la politique de sécurité n’est pas en tête de <head>".to_owned());
    }
    match page.find("<meta charset=\"utf-8\">") {
        Some(at) if at + "<meta charset=\"utf-8\">".len() <= ENCODING_WITHIN => {}
        _ => problems.push(format!(
            "l’encodage n’est pas annoncé dans les {ENCODING_WITHIN} premiers octets"
        )),
    }
    if !page.contains("<link rel=\"icon\" href=\"data:,\">") {
        problems.push("sans icône vide, le navigateur irait chercher /favicon.ico".to_owned());
    }
}

fn words(document: &Document<'_>, problems: &mut Vec<String>) {
    let scanned = document
        .raw
        .iter()
        .filter(|raw| raw.attribute("id") != Some("wasm"))
        .map(|raw| (raw.attribute("id").unwrap_or(raw.name), raw.content))
        .chain([("balises", document.markup.as_str())]);
    for (place, text) in scanned {
        for word in FORBIDDEN {
            if text.contains(word) {
                problems.push(format!("« {word} » dans {place}"));
            }
        }
        // An attribute's name, and the policy's own place.
        let mut text = text.replace("<meta http-equiv=", "<meta ");
        for namespace in NAMESPACES {
            // The whole name, between quotes: not the beginning of an address.
            for quote in ['"', '\'', '`'] {
                text = text.replace(&format!("{quote}{namespace}{quote}"), "");
            }
        }
        if let Some(at) = text.to_ascii_lowercase().find("http") {
            let found: String = text[at..].chars().take(40).collect();
            problems.push(format!("une adresse dans {place} : « {found} »"));
        }
    }
    for css in document.contents_of("style") {
        let css = css.to_ascii_lowercase();
        if css.contains("@import")
            || css.matches("url(").count()
                != css.matches("url(data:").count() + css.matches("url(\"data:").count()
        {
            problems.push("la feuille de style va chercher un fichier".to_owned());
        }
    }
}

fn references(document: &Document<'_>, problems: &mut Vec<String>) {
    let markup = document.markup.to_ascii_lowercase();
    for element in FORBIDDEN_ELEMENTS {
        let opening = format!("<{element}");
        if markup.match_indices(&opening).any(|(at, _)| {
            !markup[at + opening.len()..].starts_with(|c: char| c.is_ascii_alphanumeric())
        }) {
            problems.push(format!("un élément <{element}>"));
        }
    }
    for attribute in [
        "src",
        "href",
        "srcset",
        "action",
        "formaction",
        "ping",
        "poster",
        "data",
        "xlink:href",
    ] {
        for (at, found) in markup.match_indices(&format!(" {attribute}=")) {
            let value = markup[at + found.len()..].trim_start_matches(['"', '\'']);
            if !value.starts_with('#') && !value.starts_with("data:") {
                let value: String = value.chars().take(40).collect();
                problems.push(format!("{attribute} vers « {value} »"));
            }
        }
    }
    if markup.contains("http-equiv=\"refresh\"") || markup.contains("http-equiv=refresh") {
        problems.push("une redirection".to_owned());
    }
}
