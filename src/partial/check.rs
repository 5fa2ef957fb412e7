//! Checks a partial as parsed: header, tree, catalogue, additivity, thresholds.
//!
//! What is asked here is what any partial must satisfy by its form: it is
//! cheap, says where, and lets every later module take the file at its word.
//! Whether a hidden cell can be recomputed is another question, that
//! [`crate::attack`] answers.
//!
//! The tree and the tables of a base obey the same rules, on merged counts:
//! [`tree`] and [`tables`] serve both readers.

pub(crate) mod counts;
mod margins;
pub(crate) mod tables;
pub(crate) mod tree;

use super::{FORMAT, MAX_COUNT, PartialError, PartialFile, VERSION};
use crate::campaign::{MIN_RESPONSE, MIN_THRESHOLD, is_date};
use crate::table::Zonage;
use crate::words::partial as words;
use tables::Expected;

pub(super) fn check(file: &PartialFile) -> Result<Vec<Zonage>, PartialError> {
    header(file)?;
    let zonages = tree::check(&file.zonages)?;
    let expected = Expected {
        rules: &file.rules,
        max_count: MAX_COUNT,
        merged: false,
    };
    tables::check(&file.tables, &zonages, &expected)?;
    Ok(zonages)
}

fn header(file: &PartialFile) -> Result<(), PartialError> {
    let fail = |what: String| Err(PartialError::Header(what));
    if file.format != FORMAT {
        return Err(PartialError::Format(file.format.clone()));
    }
    if file.version != VERSION {
        return Err(PartialError::Version(u64::from(file.version)));
    }
    for (key, date) in [
        ("produit_le", &file.produced_on),
        ("date_reference", &file.reference_date),
    ] {
        if !is_date(date) {
            return fail(words::bad_date(key, date));
        }
    }
    if !is_identifier(&file.landlord.id) {
        return fail(words::bad_landlord(&file.landlord.id));
    }
    if !is_identifier(&file.campaign.id) {
        return fail(words::bad_campaign(&file.campaign.id));
    }
    if !is_fingerprint(&file.campaign.fingerprint) {
        return fail(words::CAMPAIGN_FINGERPRINT.to_owned());
    }
    for (key, text) in [
        ("bailleur.nom", &file.landlord.name),
        ("logiciel.nom", &file.software.name),
        ("logiciel.version", &file.software.version),
        ("mention", &file.mention),
    ] {
        if text.trim().is_empty() {
            return fail(words::blank(key));
        }
    }
    if file.rules.threshold < MIN_THRESHOLD {
        return fail(words::low_threshold(file.rules.threshold));
    }
    if file.rules.min_response < MIN_RESPONSE {
        return fail(words::LOW_RESPONSE.to_owned());
    }
    Ok(())
}

/// Letters, digits, `-` and `_`, at least one, at most 64.
pub(crate) fn is_identifier(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// `sha256:` and 64 hexadecimal digits in lower case.
pub(crate) fn is_fingerprint(text: &str) -> bool {
    text.strip_prefix("sha256:").is_some_and(|digest| {
        digest.len() == 64
            && digest
                .bytes()
                .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    })
}

#[cfg(test)]
mod tests;
