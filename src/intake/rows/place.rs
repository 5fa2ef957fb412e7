//! Where a row stands: its commune, or the reason why it has none.

use super::super::cell::{Row, Value};
use super::super::columns::canonical;
use super::super::report::{Ignored, Reason};
use super::super::tally::{At, Kind};
use super::super::values::is_silence;
use super::Reader;
use crate::campaign::{Campaign, normalise};
use crate::dwelling::Variable;

/// What the name or the code of a commune says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Commune {
    /// Nothing.
    Silent,
    /// Not a code.
    Illegible,
    /// Of the territory; from a name that a postal code preceded, its department.
    Inside(usize, Option<String>),
    /// Elsewhere.
    Outside,
}

impl Reader<'_> {
    /// The commune of the row: its INSEE code, else its name, with the
    /// department of the postal code when there is one (README of the domain:
    /// nine communes of the territory have namesakes elsewhere).
    pub(super) fn commune(&mut self, at: At<'_>, row: &Row) -> Option<usize> {
        let campaign = self.campaign;
        let code = self.cell(row, Variable::InseeCode);
        let name = self.cell(row, Variable::Commune);
        let by_code = self.memos.codes.get(&code, || of_code(campaign, &code));
        let by_name = self.memos.communes.get(&name, || of_name(campaign, &name));
        match by_code {
            Commune::Inside(rank, _) => {
                if let Commune::Inside(other, _) = by_name
                    && other != rank
                {
                    let column = self.column(Variable::Commune);
                    self.tally.find(Kind::CommuneConflict, None, at, column);
                }
                return Some(rank);
            }
            Commune::Outside => {
                let known = if is_silence(&normalise(&name.text())) {
                    code
                } else {
                    name
                };
                let column = self.column(Variable::InseeCode);
                return self.outside(at, &known.text(), column);
            }
            Commune::Illegible => {
                if let Some(column) = self.column(Variable::InseeCode) {
                    let text = code.text();
                    self.tally
                        .misunderstood(false, Variable::InseeCode, &text, at, column);
                }
            }
            Commune::Silent => {}
        }
        let column = self.column(Variable::Commune);
        match by_name {
            Commune::Inside(rank, prefix) => {
                let postal = self.cell(row, Variable::PostalCode).text();
                let department = prefix.or_else(|| department_of_postal(&postal));
                let commune = &campaign.file().communes[rank];
                // A namesake in another department.
                if department.is_some_and(|d| !commune.code.starts_with(&d)) {
                    return self.outside(at, &format!("{} ({postal})", name.text()), column);
                }
                Some(rank)
            }
            Commune::Outside => {
                if let Some(reason) = self.not_a_dwelling(row) {
                    self.tally.left_out(reason, at, column);
                    return None;
                }
                self.outside(at, &name.text(), column)
            }
            Commune::Silent | Commune::Illegible => {
                let reason = self.not_a_dwelling(row).unwrap_or(Reason::NoCommune);
                let column = column.or(self.column(Variable::InseeCode));
                self.tally.left_out(reason, at, column);
                None
            }
        }
    }

    fn outside(&mut self, at: At<'_>, name: &str, column: Option<(usize, &str)>) -> Option<usize> {
        self.tally.outside(name);
        self.tally.left_out(Reason::OutsideTerritory, at, column);
        None
    }

    /// A total, or the header again: rows that no commune of the territory
    /// vouches for.
    fn not_a_dwelling(&self, row: &Row) -> Option<Reason> {
        let name = self.cell(row, Variable::Commune);
        if let Some(used) = self.used(Variable::Commune)
            && !matches!(name, Value::Empty)
            && canonical(&name.text()) == canonical(&used.header)
        {
            return Some(Reason::RepeatedHeader);
        }
        // NOTE: columns of identity are not looked at, not even for a total.
        let readable = |column: usize| {
            !self
                .mapping
                .ignored
                .iter()
                .any(|(at, _, why)| *at == column && *why == Ignored::Identity)
        };
        (0..row.width())
            .filter(|column| readable(*column))
            .find_map(|column| match row.get(column) {
                Value::Text(text) => Some(text),
                _ => None,
            })
            .map(normalise)
            .filter(|plain| {
                [
                    "TOTAL",
                    "SOUS TOTAL",
                    "ENSEMBLE",
                    "SOMME",
                    "NB TOTAL",
                    "NOMBRE TOTAL",
                ]
                .iter()
                .any(|word| plain.starts_with(word))
            })
            .map(|_| Reason::Total)
    }
}

/// A cell that should hold an INSEE code; leading zeros may be lost.
fn of_code(campaign: &Campaign, value: &Value<'_>) -> Commune {
    let text = value.text();
    let plain = normalise(text.strip_suffix(".0").unwrap_or(&text)).replace(' ', "");
    if is_silence(&plain) {
        return Commune::Silent;
    }
    let digits = plain.bytes().all(|b| b.is_ascii_digit());
    let code = match plain.len() {
        4 if digits => format!("0{plain}"),
        5 if plain.bytes().skip(2).all(|b| b.is_ascii_digit()) => plain,
        _ => return Commune::Illegible,
    };
    match campaign.commune_by_code(&code) {
        Some(rank) => Commune::Inside(rank, None),
        None => Commune::Outside,
    }
}

/// A cell that should hold the name of a commune, or its code, or its name
/// after a postal code.
fn of_name(campaign: &Campaign, value: &Value<'_>) -> Commune {
    let text = value.text();
    let plain = normalise(&text);
    if is_silence(&plain) {
        return Commune::Silent;
    }
    if plain.bytes().all(|b| b.is_ascii_digit()) {
        return of_code(campaign, value);
    }
    let (prefix, name) = match plain.split_once(' ') {
        Some((postal, name)) if department_of_postal(postal).is_some() => {
            (department_of_postal(postal), name)
        }
        _ => (None, plain.as_str()),
    };
    let name = name.split(" CEDEX").next().unwrap_or(name);
    match campaign.commune_by_name(name) {
        Some(rank) => Commune::Inside(rank, prefix),
        None => Commune::Outside,
    }
}

/// The department of a postal code (its first two digits); zeros may be lost.
fn department_of_postal(text: &str) -> Option<String> {
    let text = text.trim();
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    match text.len() {
        5 => Some(text[..2].to_owned()),
        4 => Some(format!("0{}", &text[..1])),
        _ => None,
    }
}
