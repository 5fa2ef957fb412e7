//! Which commune of the territory a row is of: by its INSEE code, by its name, by
//! what the user said of that name.

use super::{Commune, Department, Reader};
use crate::campaign::{Campaign, normalise};
use crate::dwelling::Variable;
use crate::intake::cell::{Row, Value};
use crate::intake::namesakes;
use crate::intake::report::Reason;
use crate::intake::tally::{At, Kind};
use crate::intake::values::is_silence;

impl Reader<'_> {
    /// The commune of the row: its INSEE code, else its name, with the
    /// department of the postal code when there is one (README of the domain:
    /// nine communes of the territory have namesakes elsewhere).
    pub(super) fn commune(&mut self, at: At<'_>, row: &Row) -> Option<usize> {
        let campaign = self.campaign;
        let code = self.cell(row, Variable::InseeCode);
        let name = self.cell(row, Variable::Commune);
        let profile = self.profile;
        let postal = department_of_postal(&self.cell(row, Variable::PostalCode).text());
        let by_code = self.memos.codes.get(&code, || of_code(campaign, &code));
        // What the user said of a name is for the rows that say no more.
        let said = profile
            .filter(|_| postal.is_none())
            .and_then(|p| p.meaning(Variable::Commune, &name.text()));
        let by_name = match said {
            Some(meaning) => said_of(campaign, meaning),
            None => self.memos.communes.get(&name, || of_name(campaign, &name)),
        };
        // REASON: no two communes of a department bear one name, so a code of
        // that department that is not of the territory is the wrong one: a
        // postal code most often, or that of a commune merged since.
        if let (Commune::Outside(Some(department)), Commune::Inside(rank, _)) = (&by_code, &by_name)
            && department.holds(&campaign.file().communes[*rank].code)
        {
            let column = self.column(Variable::InseeCode);
            self.tally.find(Kind::CommuneCode, None, at, column);
            return Some(*rank);
        }
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
            Commune::Outside(_) => {
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
                let department = prefix.or(postal);
                let commune = &campaign.file().communes[rank];
                if department.is_none() && namesakes::has(&commune.code) {
                    self.tally.find(Kind::Namesake, None, at, column);
                    self.tally
                        .ask_commune(&name.text(), commune, true, at, column);
                }
                // A namesake in another department.
                if department.is_some_and(|d| !d.holds(&commune.code)) {
                    let (name, postal) = (name.text(), self.cell(row, Variable::PostalCode));
                    let shown = match postal {
                        Value::Empty => name.into_owned(),
                        postal => format!("{name} ({})", postal.text()),
                    };
                    return self.outside(at, &shown, column);
                }
                Some(rank)
            }
            Commune::Outside(_) => {
                if let Some(reason) = self.not_a_dwelling(row) {
                    self.tally.left_out(reason, at, column);
                    return None;
                }
                let text = name.text();
                let near = self.memos.near.get(&name, || near(campaign, &text));
                // Perhaps one of ours: it is not said to be normal that it is left out.
                if let (None, Some(rank)) = (said, near)
                    && let meant = &campaign.file().communes[rank]
                    && postal.is_none_or(|department| department.holds(&meant.code))
                {
                    self.tally.ask_commune(&text, meant, false, at, column);
                    self.tally.left_out(Reason::UnknownCommune, at, column);
                    return None;
                }
                self.outside(at, &text, column)
            }
            silent @ (Commune::Silent | Commune::Illegible) => {
                let numbers = || match silent {
                    Commune::Silent => self.only_numbers(row),
                    _ => None,
                };
                let reason = self.not_a_dwelling(row).or_else(numbers);
                let reason = reason.unwrap_or(Reason::NoCommune);
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
        None => Commune::Outside(Department::of(&code)),
    }
}

/// What the user said of the name of a commune: its code, or elsewhere.
fn said_of(campaign: &Campaign, meaning: &str) -> Commune {
    match campaign.commune_by_code(meaning) {
        Some(rank) => Commune::Inside(rank, Department::of(meaning)),
        None => Commune::Outside(None),
    }
}

/// The commune of the territory that a name is most like, for a question to the
/// user: « Montceau », « Le Creuzot ».
fn near(campaign: &Campaign, name: &str) -> Option<usize> {
    const ALIKE: f64 = 0.83;
    let plain = normalise(name);
    if !(4..=60).contains(&plain.len()) {
        return None;
    }
    let communes = campaign.file().communes.iter().enumerate();
    communes
        .map(|(rank, commune)| {
            let known = normalise(&commune.name);
            // The first word of a long name often stands for it.
            let begins = known
                .strip_prefix(plain.as_str())
                .is_some_and(|rest| rest.starts_with(' '));
            let likeness = if begins {
                1.0
            } else {
                strsim::normalized_damerau_levenshtein(&plain, &known)
            };
            (rank, likeness)
        })
        .filter(|(_, likeness)| *likeness >= ALIKE)
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
        .map(|(rank, _)| rank)
}

/// A cell that should hold the name of a commune, or its code, or its name
/// beside a postal code or a department.
fn of_name(campaign: &Campaign, value: &Value<'_>) -> Commune {
    let text = value.text();
    let plain = normalise(&text);
    if is_silence(&plain) {
        return Commune::Silent;
    }
    if plain.bytes().all(|b| b.is_ascii_digit()) {
        return of_code(campaign, value);
    }
    let name = plain.split(" CEDEX").next().unwrap_or(&plain);
    let department = |word: &str| match word.len() {
        2 if word.bytes().all(|b| b.is_ascii_digit()) => Department::of(word),
        _ => department_of_postal(word),
    };
    // « 71200 Le Creusot », « 71 - Le Creusot », « Le Creusot (71) ».
    let before = name
        .split_once(' ')
        .and_then(|(word, name)| Some((department(word)?, name)));
    let after = name
        .rsplit_once(' ')
        .and_then(|(name, word)| Some((department(word)?, name)));
    let (prefix, name) = match before.or(after) {
        Some((department, name)) => (Some(department), name),
        None => (None, name),
    };
    match campaign.commune_by_name(name) {
        Some(rank) => Commune::Inside(rank, prefix),
        None => Commune::Outside(None),
    }
}

/// The department of a postal code (its first two digits); zeros may be lost.
fn department_of_postal(text: &str) -> Option<Department> {
    let text = text.trim();
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    match *text.as_bytes() {
        [a, b, _, _, _] => Some(Department([a, b])),
        [a, _, _, _] => Some(Department([b'0', a])),
        _ => None,
    }
}
