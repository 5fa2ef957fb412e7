//! Where the header stands, and which column serves which variable.
//!
//! A column is used when its header is the name of a variable, exactly or up to
//! accents, case and punctuation, or when the user said so. Likeness is only
//! proposed. A column serves one variable; every other is listed.

use super::cell::letters;
use super::columns::{self, Columns, Names, Recognised, Role, canonical};
use super::correspondence::Correspondence;
use super::identity::is_identity;
use super::limits::MAX_AGE;
use super::report::{Candidate, ColumnName, Ignored, IgnoredColumn, MappedColumn, Matched};
use super::source::Head;
use crate::dwelling::{Variable, Variables};
use crate::order;

/// Fewest known columns that make a row a header.
const FEWEST: usize = 2;

/// Longest header that is shown, in characters.
const MAX_HEADER_CHARS: usize = 120;

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

/// A header that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Located {
    /// Number of its last row, from 1: the data begin under it.
    pub(crate) row: u32,
    /// The header of each column.
    pub(crate) texts: Vec<String>,
    /// How many variables it names, then by how many columns.
    pub(crate) score: (usize, usize),
}

/// The row of the head, or the two rows, that look most like a header.
///
/// Two rows are read as one header (groups above, details under them) only when
/// that names more than either row alone: data never do.
pub(crate) fn locate(
    head: &Head,
    names: &Names,
    profile: Option<&Correspondence>,
) -> Option<Located> {
    let score = |texts: &[String]| {
        // REASON: what a column is only like does not count here, and is the dear
        // part: every row of the head passes.
        let mapping = assign(texts, names, profile);
        let found: std::collections::BTreeSet<_> =
            mapping.used.iter().map(|used| used.variable).collect();
        (found.len(), mapping.used.len())
    };
    let mut best: Option<Located> = None;
    let mut propose = |row: u32, texts: Vec<String>, columns_too: bool| {
        let score = score(&texts);
        let better = best.as_ref().is_none_or(|most| {
            if columns_too {
                score > most.score
            } else {
                score.0 > most.score.0
            }
        });
        if score.0 >= FEWEST && better {
            best = Some(Located { row, texts, score });
        }
    };
    for (number, texts) in &head.rows {
        propose(*number, texts.clone(), false);
    }
    for pair in head.rows.windows(2) {
        let [(above, groups), (under, details)] = pair else {
            continue;
        };
        if above + 1 == *under {
            propose(*under, combine(groups, details, names), true);
        }
    }
    best
}

/// The row in which most names are known or only alike, where no header was
/// found: for a question to the user.
pub(crate) fn locate_near(head: &Head, names: &Names) -> Option<Located> {
    let mut best: Option<Located> = None;
    for (row, texts) in &head.rows {
        let found: std::collections::BTreeSet<_> = texts
            .iter()
            .filter_map(|text| {
                let known = names.recognise(text).map(|found| found.variable);
                known.or_else(|| Some(names.nearest(text)?.0))
            })
            .collect();
        let score = (found.len(), found.len());
        if score.0 >= FEWEST && best.as_ref().is_none_or(|most| score > most.score) {
            best = Some(Located {
                row: *row,
                texts: texts.clone(),
                score,
            });
        }
    }
    best
}

/// One header of two rows. A group stands over the empty cells on its right (a
/// merged cell keeps its text in its first one) as long as details stand there.
fn combine(groups: &[String], details: &[String], names: &Names) -> Vec<String> {
    let cell = |row: &[String], at: usize| row.get(at).map_or("", |t| t.trim()).to_owned();
    let mut group = String::new();
    (0..groups.len().max(details.len()))
        .map(|at| {
            let (own, detail) = (cell(groups, at), cell(details, at));
            if !own.is_empty() {
                group.clone_from(&own);
            } else if detail.is_empty() {
                group.clear();
            }
            if detail.is_empty() {
                return own;
            }
            if group.is_empty() {
                return detail;
            }
            let (long, turned) = (format!("{group} {detail}"), format!("{detail} {group}"));
            // « Âge » under « Titulaire » is « Âge titulaire »; « Rue » under
            // « Logement » is « Rue »; « Majeur 1 » under « Activité des
            // majeurs » is its first, without a number nothing; « Nom » under « Locataire » stays both.
            let rank = &detail[detail.trim_end_matches(|c: char| c.is_ascii_digit()).len()..];
            let ranked = format!("{group} {rank}");
            [&long, &turned, &detail, &ranked]
                .into_iter()
                .filter(|text| !text.ends_with(' '))
                .find(|text| names.recognise(text).is_some())
                .unwrap_or(&long)
                .clone()
        })
        .collect()
}

/// Gives each column of a header its use, and says what the others are like.
pub(crate) fn map(headers: &[String], names: &Names, profile: Option<&Correspondence>) -> Mapping {
    let mut mapping = assign(headers, names, profile);
    let has = mapping.variables();
    let decided = |variable| profile.is_some_and(|p| p.columns.contains_key(&variable));
    for (at, header, why) in &mapping.ignored {
        if *why != Ignored::Unknown {
            continue;
        }
        if let Some((variable, likeness)) = names.nearest(header)
            && !has.contains(variable)
            && !decided(variable)
            && variable != Variable::Address
        {
            mapping.candidates.push(Candidate {
                variable,
                column: column_name(*at, header),
                likeness,
            });
        }
    }
    order::sort_by_key(&mut mapping.candidates, |c| {
        (c.variable, std::cmp::Reverse(c.likeness))
    });
    mapping
}

/// Gives each column of a header its use; no candidate.
fn assign(headers: &[String], names: &Names, profile: Option<&Correspondence>) -> Mapping {
    let mut mapping = Mapping::default();
    let mut uses: Vec<Option<(Variable, Matched, Role)>> = vec![None; headers.len()];
    let mut decided = std::collections::BTreeSet::new();
    for (variable, wanted) in profile.iter().flat_map(|p| &p.columns) {
        decided.insert(*variable);
        for (rank, name) in wanted.iter().enumerate() {
            if wanted[..rank].contains(name) {
                continue;
            }
            let free = |same: &dyn Fn(&str) -> bool, uses: &[Option<_>]| -> Vec<usize> {
                (0..headers.len())
                    .filter(|at| uses[*at].is_none() && same(&headers[*at]))
                    .collect()
            };
            let mut found = free(&|h| cut(h.trim()) == cut(name.trim()), &uses);
            if found.is_empty() {
                found = free(&|h| canonical(h) == canonical(name), &uses);
            }
            // « Âge » in five columns is five ages.
            if columns::of(*variable).columns == Columns::One {
                found.truncate(1);
            }
            if found.is_empty() {
                mapping.absent.push((*variable, name.clone()));
            }
            for at in found {
                let role = names.role_for(&headers[at], *variable);
                uses[at] = Some((*variable, Matched::Confirmed, role));
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
    if !decided.contains(&Variable::ProgrammeNumber) && !decided.contains(&Variable::ProgrammeName)
    {
        number_beside_name(headers, &mut found);
    }
    order::sort_by_key(&mut found, |(at, r)| (r.dated, r.rank, !r.exact, *at));
    // « RFR 2021 » beside « RFR 2023 »: which year is meant is not for us to say.
    let years = |variable| {
        let same = found.iter().filter(|(_, r)| r.variable == variable);
        same.clone().count() > 1
            && same.clone().all(|(_, r)| r.dated)
            && columns::of(variable).columns == Columns::One
    };
    let open: Vec<bool> = found.iter().map(|(_, r)| years(r.variable)).collect();
    let mut taken = std::collections::BTreeSet::new();
    let mut set_aside = vec![None; headers.len()];
    for ((at, recognised), open) in found.into_iter().zip(open) {
        if open {
            continue;
        }
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
    mapping.brackets();
    mapping
}

/// « Programme » beside « Libellé programme » is its number: taken for a second name, it
/// would leave all the programmes of a commune without number, in one.
fn number_beside_name(headers: &[String], found: &mut [(usize, Recognised)]) {
    if found
        .iter()
        .any(|(_, r)| r.variable == Variable::ProgrammeNumber)
    {
        return;
    }
    let names = found
        .iter()
        .filter(|(_, r)| r.variable == Variable::ProgrammeName);
    let said: Vec<String> = names.map(|(at, _)| canonical(&headers[*at])).collect();
    let bare = |header: &str| {
        ["NOM", "LIBELLE"]
            .iter()
            .any(|word| said.contains(&format!("{word} {header}")))
    };
    let number = found
        .iter_mut()
        .find(|(at, r)| r.variable == Variable::ProgrammeName && bare(&canonical(&headers[*at])));
    if let Some((_, recognised)) = number {
        recognised.variable = Variable::ProgrammeNumber;
        recognised.exact = false;
    }
}

pub(crate) fn column_name(column: usize, header: &str) -> ColumnName {
    ColumnName {
        letters: letters(column),
        header: cut(header),
    }
}

/// A header as it is shown and remembered: what follows tells nothing more.
fn cut(header: &str) -> String {
    header.chars().take(MAX_HEADER_CHARS).collect()
}

impl Mapping {
    /// Columns of ages by bracket serve only together, without listed ages, and
    /// when they part all ages into pieces of the catalogue's classes: anything
    /// else would count some occupants and not others.
    fn brackets(&mut self) {
        let of = |used: &Used| match used.role {
            Role::Between(low, high) => Some((low, high)),
            _ => None,
        };
        let listed = self
            .used
            .iter()
            .any(|u| u.variable == Variable::OccupantAges && of(u).is_none());
        let mut all: Vec<(u8, u8)> = self.used.iter().filter_map(of).collect();
        if all.is_empty() {
            return;
        }
        order::sort(&mut all);
        let fits = |(low, high): &(u8, u8)| {
            crate::indicator::age_class(*low) == crate::indicator::age_class(*high)
        };
        let whole = all[0].0 == 0
            && all.last().is_some_and(|(_, high)| *high >= MAX_AGE)
            && all
                .windows(2)
                .all(|pair| pair[0].1.checked_add(1) == Some(pair[1].0));
        if !listed && whole && all.iter().all(fits) {
            return;
        }
        let why = if listed {
            Ignored::Duplicate
        } else {
            Ignored::AgeBrackets
        };
        let (set_aside, used) = std::mem::take(&mut self.used)
            .into_iter()
            .partition::<Vec<_>, _>(|used| of(used).is_some());
        self.used = used;
        self.ignored
            .extend(set_aside.into_iter().map(|u| (u.column, u.header, why)));
        order::sort_by_key(&mut self.ignored, |(at, _, _)| *at);
    }

    /// Takes away the columns in which the identity of persons was met, whatever
    /// they are called.
    pub(crate) fn forbid(&mut self, columns: &std::collections::BTreeSet<usize>) {
        if columns.is_empty() {
            return;
        }
        let (taken, kept) = std::mem::take(&mut self.used)
            .into_iter()
            .partition::<Vec<_>, _>(|used| columns.contains(&used.column));
        self.used = kept;
        for (at, _, why) in &mut self.ignored {
            if columns.contains(at) {
                *why = Ignored::Identity;
            }
        }
        let moved = taken.into_iter();
        self.ignored
            .extend(moved.map(|u| (u.column, u.header, Ignored::Identity)));
        order::sort_by_key(&mut self.ignored, |(at, _, _)| *at);
        let letters: Vec<_> = columns.iter().map(|at| letters(*at)).collect();
        self.candidates
            .retain(|candidate| !letters.contains(&candidate.column.letters));
        self.brackets();
    }

    /// Are the ages of the occupants known by bracket only?
    pub(crate) fn ages_by_bracket(&self) -> bool {
        self.used
            .iter()
            .any(|used| matches!(used.role, Role::Between(..)))
    }

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
    fn a_programme_beside_its_name_is_its_number() {
        use Variable::{Occupation, ProgrammeName, ProgrammeNumber};
        for (headers, expected) in [
            (
                ["PROGRAMME", "LIBELLE PROGRAMME", "Occupation"],
                vec![(ProgrammeNumber, 0), (ProgrammeName, 1), (Occupation, 2)],
            ),
            (
                ["Nom résidence", "Résidence", "Occupation"],
                vec![(ProgrammeName, 0), (ProgrammeNumber, 1), (Occupation, 2)],
            ),
            // A name alone is a name, and so is one beside a number.
            (
                ["Programme", "Typologie", "Occupation"],
                vec![(ProgrammeName, 0), (Variable::Typology, 1), (Occupation, 2)],
            ),
            (
                ["N° programme", "Programme", "Libellé programme"],
                vec![(ProgrammeNumber, 0), (ProgrammeName, 1)],
            ),
            // Two words for two things.
            (
                ["Résidence", "Libellé groupe", "Occupation"],
                vec![(ProgrammeName, 0), (Occupation, 2)],
            ),
        ] {
            assert_eq!(uses(&mapped(&headers, None)), expected, "{headers:?}");
        }
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
        assert_eq!(m.candidates[0].variable, Variable::Commune);
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
    fn of_two_years_neither_is_guessed() {
        let m = mapped(&["Commune", "Occupation", "RFR 2021", "RFR 2023"], None);
        assert!(!m.variables().contains(Variable::Income));
        let near: Vec<_> = m
            .candidates
            .iter()
            .map(|c| (c.variable, c.column.letters.as_str()))
            .collect();
        assert_eq!(near, [(Variable::Income, "C"), (Variable::Income, "D")]);
        let m = mapped(&["Commune", "Occupation", "RFR 2021"], None);
        assert!(m.variables().contains(Variable::Income));
        // The very name of the catalogue leaves no doubt.
        let m = mapped(&["Commune", "Occupation", "RFR 2021", "RFR"], None);
        assert_eq!(uses(&m)[2], (Variable::Income, 3));
    }

    #[test]
    fn columns_of_one_name_serve_together_once_the_user_said_so() {
        let headers = ["Commune", "Occupation", "Âge", "Âge", "CSP 1", "CSP 2"];
        let near = mapped(&headers, None);
        assert_eq!(near.used.len(), 2);
        assert!(
            near.candidates
                .iter()
                .any(|c| c.variable == Variable::HolderAge)
        );
        let activities = near
            .candidates
            .iter()
            .filter(|c| c.variable == Variable::Activities);
        assert_eq!(activities.count(), 2);
        let mut profile = Correspondence::default();
        profile
            .columns
            .insert(Variable::OccupantAges, vec!["Âge".into()]);
        profile
            .columns
            .insert(Variable::Activities, vec!["CSP 1".into(), "CSP 2".into()]);
        let m = mapped(&headers, Some(&profile));
        let of = |variable| uses(&m).iter().filter(|(v, _)| *v == variable).count();
        assert_eq!(
            (of(Variable::OccupantAges), of(Variable::Activities)),
            (2, 2)
        );
        assert_eq!(m.absent, []);
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
        let found = locate(&head, &Names::new(), None).unwrap();
        assert_eq!((found.row, found.score), (5, (3, 3)));
    }

    fn located(rows: &[(u32, &[&str])]) -> Located {
        let own = |row: &[&str]| row.iter().map(|t| (*t).to_owned()).collect();
        let head = Head {
            rows: rows.iter().map(|(n, row)| (*n, own(row))).collect(),
        };
        locate(&head, &Names::new(), None).unwrap()
    }

    #[test]
    fn a_header_of_two_rows_is_one_header() {
        let groups = &[
            "Logement",
            "",
            "Titulaire",
            "",
            "Âge des occupants",
            "",
            "RFR",
        ][..];
        let details = &["Commune", "Occupation", "Nom", "Âge", "1", "2", ""][..];
        let data = &["Torcy", "Loué", "X", "45", "45", "12", "9000"][..];
        let found = located(&[(2, groups), (3, details), (4, data)]);
        assert_eq!(found.row, 3);
        assert_eq!(
            found.texts,
            [
                "Commune Logement",
                "Occupation Logement",
                "Titulaire Nom",
                "Âge Titulaire",
                "Âge des occupants 1",
                "Âge des occupants 2",
                "RFR"
            ]
        );
        let m = map(&found.texts, &Names::new(), None);
        assert_eq!(m.ignored[0].2, Ignored::Identity);
        // Groups that add nothing leave the header where it is, and so do data.
        let found = located(&[(2, groups), (3, &["Commune", "Occupation"]), (4, data)]);
        assert_eq!(found.row, 3);
        let one = &["Commune", "Occupation", "Ages des occupants", "", ""][..];
        let found = located(&[(1, one), (2, &["Torcy", "Loué", "45", "12", "9"])]);
        assert_eq!(found.row, 1);
    }

    #[test]
    fn brackets_of_ages_serve_when_they_part_all_ages_like_the_catalogue() {
        let fit = mapped(
            &[
                "Nb < 18",
                "18-24 ans",
                "25 à 39 ans",
                "De 40 à 59 ans",
                "60-64 ans",
                "65-74 ans",
                "75 ans et +",
            ],
            None,
        );
        assert_eq!(fit.used.len(), 7);
        assert!(fit.ages_by_bracket());
        for headers in [
            &["Nb < 18", "18-24 ans", "25-49 ans", "50 ans et plus"][..],
            &["Nb < 18"][..],
            &[
                "Nb < 18",
                "18-24 ans",
                "40-59 ans",
                "60-74 ans",
                "75 ans et plus",
            ][..],
        ] {
            let m = mapped(headers, None);
            assert!(m.used.is_empty(), "{headers:?}");
            assert!(
                m.ignored
                    .iter()
                    .all(|(_, _, why)| *why == Ignored::AgeBrackets)
            );
        }
        let both = mapped(&["Age 1", "Nb < 18", "18 ans et plus"], None);
        assert_eq!(both.used.len(), 1);
        assert_eq!(both.ignored[0].2, Ignored::Duplicate);
        assert!(
            mapped(&["Loyer 18-24", "Titulaire 18-24 ans", "18"], None)
                .used
                .is_empty()
        );
    }
}
