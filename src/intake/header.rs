//! Where the header stands, and which column serves which variable.
//!
//! A column is used when its header is the name of a variable, exactly or up to
//! accents, case and punctuation, or when the user said so. Likeness is only
//! proposed. A column serves one variable; every other is listed.

use super::cell::letters;
use super::columns::{self, Columns, Names, Role, canonical, is_identity};
use super::correspondence::Correspondence;
use super::report::{Candidate, ColumnName, Ignored, IgnoredColumn, MappedColumn, Matched};
use super::source::Head;
use crate::dwelling::{Variable, Variables};

/// Fewest known columns that make a row a header.
const FEWEST: usize = 2;

/// A column that is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Used {
    pub(crate) variable: Variable,
    pub(crate) column: usize,
    pub(crate) header: String,
    pub(crate) matched: Matched,
    pub(crate) role: Role,
}

/// The columns of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mapping {
    pub(crate) used: Vec<Used>,
    pub(crate) ignored: Vec<(usize, String, Ignored)>,
    pub(crate) candidates: Vec<Candidate>,
    /// Columns of the profile that the file does not have.
    pub(crate) absent: Vec<(Variable, String)>,
}

/// The row of the head that looks most like a header: its rank, and how many
/// variables it names.
pub(crate) fn locate(
    head: &Head,
    names: &Names,
    profile: Option<&Correspondence>,
) -> Option<(usize, usize)> {
    let said: std::collections::HashMap<String, Variable> = profile
        .iter()
        .flat_map(|p| &p.columns)
        .flat_map(|(variable, headers)| headers.iter().map(|h| (canonical(h), *variable)))
        .collect();
    fullest(head, |text| {
        let said = said.get(&canonical(text)).copied();
        said.or_else(|| Some(names.recognise(text)?.variable))
    })
}

/// The same, names that are only alike counted too: for a question to the user.
pub(crate) fn locate_near(head: &Head, names: &Names) -> Option<(usize, usize)> {
    fullest(head, |text| {
        let known = names.recognise(text).map(|found| found.variable);
        known.or_else(|| Some(names.nearest(text)?.0))
    })
}

fn fullest(head: &Head, variable: impl Fn(&str) -> Option<Variable>) -> Option<(usize, usize)> {
    let mut best = None;
    for (rank, (_, texts)) in head.rows.iter().enumerate() {
        let found: std::collections::BTreeSet<_> =
            texts.iter().filter_map(|text| variable(text)).collect();
        let score = found.len();
        if score >= FEWEST && best.is_none_or(|(_, most)| score > most) {
            best = Some((rank, score));
        }
    }
    best
}

/// Gives each column of a header its use.
pub(crate) fn map(headers: &[String], names: &Names, profile: Option<&Correspondence>) -> Mapping {
    let mut mapping = Mapping::default();
    let mut uses: Vec<Option<(Variable, Matched, Role)>> = vec![None; headers.len()];
    let mut decided = std::collections::BTreeSet::new();
    for (variable, wanted) in profile.iter().flat_map(|p| &p.columns) {
        decided.insert(*variable);
        for name in wanted {
            let exact = headers.iter().map(|h| h.trim() == name.trim());
            let near = headers.iter().map(|h| canonical(h) == canonical(name));
            let one = |mut matches: Box<dyn Iterator<Item = bool> + '_>, uses: &[Option<_>]| {
                (0..headers.len()).find(|at| matches.next() == Some(true) && uses[*at].is_none())
            };
            match one(Box::new(exact), &uses).or_else(|| one(Box::new(near), &uses)) {
                Some(at) => {
                    let role = names.role_for(&headers[at], *variable);
                    uses[at] = Some((*variable, Matched::Confirmed, role));
                }
                None => mapping.absent.push((*variable, name.clone())),
            }
        }
    }
    // What the headers themselves say, the best name of each variable first.
    let mut found: Vec<_> = headers
        .iter()
        .enumerate()
        .filter(|(at, _)| uses[*at].is_none())
        .filter_map(|(at, header)| Some((at, names.recognise(header)?)))
        .collect();
    found.sort_by_key(|(at, r)| (r.rank, !r.exact, *at));
    let mut taken = std::collections::BTreeSet::new();
    let mut set_aside = vec![None; headers.len()];
    for (at, recognised) in found {
        let variable = recognised.variable;
        set_aside[at] = Some(if variable == Variable::Address {
            Ignored::Address
        } else if decided.contains(&variable) {
            Ignored::Refused
        } else if taken.contains(&variable) && columns::of(variable).columns == Columns::One {
            Ignored::Duplicate
        } else {
            taken.insert(variable);
            let matched = if recognised.exact {
                Matched::Exact
            } else {
                Matched::Canonical
            };
            uses[at] = Some((variable, matched, recognised.role));
            continue;
        });
    }
    for (at, header) in headers.iter().enumerate() {
        let header = header.trim();
        if let Some((variable, matched, role)) = uses[at] {
            mapping.used.push(Used {
                variable,
                column: at,
                header: header.to_owned(),
                matched,
                role,
            });
        } else if !header.is_empty() {
            let why = set_aside[at].unwrap_or_else(|| {
                if is_identity(header) {
                    Ignored::Identity
                } else {
                    Ignored::Unknown
                }
            });
            mapping.ignored.push((at, header.to_owned(), why));
        }
    }
    let has = mapping.variables();
    for (at, header, why) in &mapping.ignored {
        if *why != Ignored::Unknown {
            continue;
        }
        if let Some((variable, likeness)) = names.nearest(header)
            && !has.contains(variable)
            && !decided.contains(&variable)
            && variable != Variable::Address
        {
            mapping.candidates.push(Candidate {
                variable,
                column: column_name(*at, header),
                likeness,
            });
        }
    }
    mapping
        .candidates
        .sort_by_key(|c| (c.variable, std::cmp::Reverse(c.likeness)));
    mapping
}

pub(crate) fn column_name(column: usize, header: &str) -> ColumnName {
    ColumnName {
        letters: letters(column),
        header: header.chars().take(120).collect(),
    }
}

impl Mapping {
    pub(crate) fn variables(&self) -> Variables {
        self.used.iter().map(|used| used.variable).collect()
    }

    /// The required variables that have no column: where the dwelling is, and
    /// whether it is let.
    pub(crate) fn missing(&self) -> Vec<Variable> {
        let has = self.variables();
        let mut missing = Vec::new();
        if !has.contains(Variable::Commune) && !has.contains(Variable::InseeCode) {
            missing.push(Variable::Commune);
        }
        if !has.contains(Variable::Occupation) {
            missing.push(Variable::Occupation);
        }
        missing
    }

    /// Is there a column that may be the missing variable?
    pub(crate) fn may_be(&self, variable: Variable) -> bool {
        self.candidates.iter().any(|c| {
            c.variable == variable
                || (variable == Variable::Commune && c.variable == Variable::InseeCode)
        })
    }

    pub(crate) fn mapped_columns(&self) -> Vec<MappedColumn> {
        self.used
            .iter()
            .map(|used| MappedColumn {
                variable: used.variable,
                column: column_name(used.column, &used.header),
                matched: used.matched,
                samples: Vec::new(),
            })
            .collect()
    }

    pub(crate) fn ignored_columns(&self) -> Vec<IgnoredColumn> {
        self.ignored
            .iter()
            .map(|(at, header, why)| IgnoredColumn {
                column: column_name(*at, header),
                why: *why,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapped(headers: &[&str], profile: Option<&Correspondence>) -> Mapping {
        let headers: Vec<_> = headers.iter().map(|h| (*h).to_owned()).collect();
        map(&headers, &Names::new(), profile)
    }

    fn uses(mapping: &Mapping) -> Vec<(Variable, usize)> {
        mapping
            .used
            .iter()
            .map(|u| (u.variable, u.column))
            .collect()
    }

    #[test]
    fn a_column_serves_one_variable_and_the_best_name_wins() {
        let m = mapped(
            &[
                "Type",
                "Commune",
                "Typologie",
                "Nom",
                "Statut",
                "Occupation",
                "Adresse",
                "Z",
            ],
            None,
        );
        assert_eq!(
            uses(&m),
            [
                (Variable::Commune, 1),
                (Variable::Typology, 2),
                (Variable::Occupation, 5)
            ]
        );
        let why: Vec<_> = m.ignored.iter().map(|(at, _, why)| (*at, *why)).collect();
        assert_eq!(
            why,
            [
                (0, Ignored::Duplicate),
                (3, Ignored::Identity),
                (4, Ignored::Duplicate),
                (6, Ignored::Address),
                (7, Ignored::Unknown)
            ]
        );
    }

    #[test]
    fn ranked_columns_serve_together() {
        let m = mapped(
            &[
                "Commune",
                "Occupation",
                "Age 1",
                "Age 2",
                "Activité 1",
                "Activité 2",
            ],
            None,
        );
        assert_eq!(
            m.used
                .iter()
                .filter(|u| u.variable == Variable::OccupantAges)
                .count(),
            2
        );
        assert_eq!(
            m.used
                .iter()
                .filter(|u| u.variable == Variable::Activities)
                .count(),
            2
        );
    }

    #[test]
    fn likeness_is_proposed_and_the_user_decides() {
        let m = mapped(&["Comune du logement", "Occupation"], None);
        assert_eq!(m.missing(), [Variable::Commune]);
        let m = mapped(&["Comune", "Occupation"], None);
        assert!(m.may_be(Variable::Commune));
        assert!(!m.variables().contains(Variable::Commune));
        let mut profile = Correspondence::default();
        profile
            .columns
            .insert(Variable::Commune, vec!["comune".into()]);
        profile.columns.insert(Variable::Apl, vec![]);
        profile
            .columns
            .insert(Variable::Aspa, vec!["Inconnue".into()]);
        let m = mapped(&["Comune", "Occupation", "APL"], Some(&profile));
        assert_eq!(
            uses(&m),
            [(Variable::Commune, 0), (Variable::Occupation, 1)]
        );
        assert_eq!(m.used[0].matched, Matched::Confirmed);
        assert_eq!(m.ignored[0].2, Ignored::Refused);
        assert_eq!(m.absent, [(Variable::Aspa, "Inconnue".to_owned())]);
    }

    #[test]
    fn the_header_is_found_under_titles() {
        let head = Head {
            rows: [
                (1, vec!["Enquête OPS 2024 — Commune du Creusot"]),
                (3, vec!["", "Logement", "Ménage"]),
                (5, vec!["Commune", "Occupation", "RFR"]),
                (6, vec!["Torcy", "Loué", "12000"]),
            ]
            .into_iter()
            .map(|(n, r)| (n, r.into_iter().map(str::to_owned).collect()))
            .collect(),
        };
        assert_eq!(locate(&head, &Names::new(), None), Some((2, 3)));
    }
}
