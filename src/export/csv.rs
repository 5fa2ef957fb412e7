//! The long table: one row per result, for DuckDB, R, pandas.
//!
//! UTF-8 with its mark (so that Excel does not take it for Windows-1252), `;`
//! between fields, lines ended by CR LF (RFC 4180). Decimals have a **point**:
//! that is what DuckDB (`read_csv`), R (`read.csv2(…, dec = ".")`,
//! `readr::read_delim`) and pandas read as numbers without being told; who wants
//! the numbers in Excel has the workbook. Nothing is written where there is no
//! number: `statut` says why.
//!
//! A text that comes from a file and begins like a formula is led by an
//! apostrophe, since spreadsheets that open a CSV would run it. Numbers are not
//! touched: a gap may begin with a minus sign.

use std::collections::HashMap;

use super::sheet::{Epci, Places};
use crate::base::Base;
use crate::base::fraction::Gap;
use crate::campaign::Rate;
use crate::words::{charts, labels};

const COLUMNS: [&str; 31] = [
    "source",
    "territoire",
    "date_reference",
    "campagne",
    "indicateur",
    "indicateur_libelle",
    "zonage",
    "niveau",
    "niveau_libelle",
    "commune",
    "maille",
    "maille_nom",
    "maille_parent",
    "statut",
    "statut_libelle",
    "numerateur",
    "numerateur_min",
    "numerateur_max",
    "denominateur",
    "denominateur_min",
    "denominateur_max",
    "part",
    "part_min",
    "part_max",
    "ecart_epci",
    "indice_100",
    "taux_reponse",
    "bailleurs",
    "bailleurs_libelle",
    "numerateur_libelle",
    "denominateur_libelle",
];

/// Writes the table.
pub(super) fn write(base: &Base) -> Vec<u8> {
    let file = base.file();
    let (places, epci) = (Places::of(base), Epci::of(base));
    let mut writer = ::csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(::csv::Terminator::CRLF)
        .from_writer(b"\xef\xbb\xbf".to_vec());
    let mut record = |fields: &[String]| {
        writer
            .write_record(fields)
            .expect("rows have one length and memory takes them");
    };
    record(&COLUMNS.map(str::to_owned));
    let count = |count: Option<u64>| count.map(|c| c.to_string()).unwrap_or_default();
    let landlords: HashMap<String, String> = base.landlords().into_iter().collect();
    let names_of = |ids: &[String]| {
        let named = ids
            .iter()
            .map(|id| landlords.get(id).unwrap_or(id).as_str());
        named.collect::<Vec<_>>().join(", ")
    };
    for result in &file.results {
        let place = places.get(&result.zonage, &result.maille);
        let words = labels::indicator(&result.indicator);
        let named = |text: Option<&str>| text.map(inert).unwrap_or_default();
        record(&[
            inert(&file.mention),
            inert(&file.territory.name),
            file.reference_date.clone(),
            inert(&file.campaign.id),
            result.indicator.clone(),
            words.label.to_owned(),
            result.zonage.clone(),
            place.map(|p| code(&p.level())).unwrap_or_default(),
            named(place.map(|p| labels::level(p.level()))),
            named(place.and_then(super::sheet::Place::commune)),
            inert(&result.maille),
            named(place.map(super::sheet::Place::name)),
            named(place.and_then(super::sheet::Place::parent)),
            code(&result.status),
            charts::status_of(result.status, base.is_lacking(result)).to_owned(),
            count(result.numerator),
            count(result.numerator_min),
            count(result.numerator_max),
            count(result.denominator),
            count(result.denominator_min),
            count(result.denominator_max),
            rate(result.share),
            rate(result.min),
            rate(result.max),
            result.gap.map(|Gap(gap)| decimal(gap)).unwrap_or_default(),
            epci.index(result).map(hundredths).unwrap_or_default(),
            rate(result.response),
            inert(&result.landlords.join(",")),
            inert(&names_of(&result.landlords)),
            words.numerator.to_owned(),
            words.denominator.to_owned(),
        ]);
    }
    writer.into_inner().expect("memory takes what is left")
}

/// The code that the base writes.
fn code(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn rate(rate: Option<Rate>) -> String {
    rate.and_then(|Rate(rate)| i32::try_from(rate).ok())
        .map(decimal)
        .unwrap_or_default()
}

/// Hundred-thousandths, with all their decimals.
fn decimal(value: i32) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let size = value.unsigned_abs();
    format!("{sign}{}.{:05}", size / Rate::ONE, size % Rate::ONE)
}

/// Hundredths, with their two decimals.
fn hundredths(value: u64) -> String {
    format!("{}.{:02}", value / 100, value % 100)
}

/// Text that no spreadsheet runs.
fn inert(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_have_a_point_and_text_never_runs() {
        assert_eq!(decimal(20_799), "0.20799");
        assert_eq!(decimal(-1), "-0.00001");
        assert_eq!(decimal(100_000), "1.00000");
        for text in ["=1+1", "+33", "-2", "@SUM(A1)", "\tx", "\rx"] {
            assert_eq!(inert(text), format!("'{text}"));
        }
        assert_eq!(inert("Résidence A=B"), "Résidence A=B");
    }
}
