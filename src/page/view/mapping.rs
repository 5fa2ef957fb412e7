//! The choices of the mapping step (*Correspondance des colonnes*): which column
//! serves which variable, and what a label that was not understood means.
//!
//! Each `<select>` says what it decides by `data-variable`, and `data-valeur`
//! when it is about a label; `data-trouve` is what the program found by itself.

use maud::{Markup, html};

use crate::dwelling::Variable;
use crate::intake::correspondence::{EMPTY_OFF_MARKET, OCCUPIED_WITHOUT_LEASE, UNKNOWN, meanings};
use crate::intake::{Candidate, Ignored, IgnoredColumn, MappedColumn, UnknownValue, columns};
use crate::words::{labels, ui};

/// What was found of the columns.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// Columns in use.
    pub mapped: &'a [MappedColumn],
    /// Columns that may be meant.
    pub candidates: &'a [Candidate],
    /// The others.
    pub ignored: &'a [IgnoredColumn],
}

/// A choice of the file's columns per variable; those that look like a variable
/// are chosen beforehand and said to be proposed.
pub fn column_choices(found: Found<'_>) -> Markup {
    let headers = headers(found);
    let mut proposed: Vec<(Variable, &str)> = Vec::new();
    for candidate in found.candidates {
        let header = candidate.column.header.as_str();
        // Best first; a column serves one variable.
        if proposed
            .iter()
            .all(|(v, h)| *v != candidate.variable && *h != header)
            && found
                .mapped
                .iter()
                .all(|m| m.variable != candidate.variable)
        {
            proposed.push((candidate.variable, header));
        }
    }
    html! {
        div.grille {
            @for column in columns::COLUMNS.iter().filter(|c| c.variable != Variable::Address) {
                @let used: Vec<&str> = found.mapped.iter()
                    .filter(|m| m.variable == column.variable)
                    .map(|m| m.column.header.as_str())
                    .collect();
                // Several columns serve it together: one choice could not say so.
                @if used.len() < 2 {
                    @let auto = used.first().copied().unwrap_or_default();
                    @let near = proposed.iter().find(|(v, _)| *v == column.variable).map(|(_, h)| *h);
                    div.champ {
                        label for=(field(column.id)) { (column.name) }
                        select id=(field(column.id)) autocomplete="off" data-variable=(column.id) data-trouve=(auto)
                            aria-describedby=[near.map(|_| format!("{}-aide", field(column.id)))] {
                            option value="" { "aucune colonne" }
                            @for (letters, header) in &headers {
                                option value=(header) selected[*header == near.unwrap_or(auto)] {
                                    (letters) " – " (header)
                                }
                            }
                        }
                        @if near.is_some() {
                            p.aide id=(format!("{}-aide", field(column.id))) { "Proposée d'après son nom\u{a0}: à confirmer." }
                        }
                    }
                }
            }
        }
    }
}

/// The columns that may be chosen, each header once, in the order of the file.
fn headers(found: Found<'_>) -> Vec<(&str, &str)> {
    let mapped = found.mapped.iter().map(|m| &m.column);
    let near = found.candidates.iter().map(|c| &c.column);
    // Never a column of persons' identities or of addresses.
    let others = found
        .ignored
        .iter()
        .filter(|i| !matches!(i.why, Ignored::Identity | Ignored::Address))
        .map(|i| &i.column);
    let mut all: Vec<(&str, &str)> = mapped
        .chain(near)
        .chain(others)
        .map(|c| (c.letters.as_str(), c.header.as_str()))
        .filter(|(_, header)| !header.is_empty())
        .collect();
    all.sort_by_key(|(letters, _)| (letters.len(), *letters));
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|(_, header)| seen.insert(*header));
    all
}

/// A choice of meaning per label of a closed vocabulary that was not understood.
pub fn meaning_choices(unknown: &[UnknownValue]) -> Markup {
    let open: Vec<&UnknownValue> = unknown
        .iter()
        // A label cut short on screen could not be found again in the file.
        .filter(|u| !meanings(u.variable).is_empty() && !u.value.0.ends_with('…'))
        .collect();
    html! {
        @if !open.is_empty() {
            h4 { "Valeurs à préciser" }
            p.aide { "Sans réponse de votre part, ces valeurs comptent comme une absence de réponse." }
            div.grille {
                @for (rank, unknown) in open.iter().enumerate() {
                    @let column = columns::of(unknown.variable);
                    @let id = format!("sens-{rank}");
                    div.champ {
                        label for=(id) {
                            (column.name) "\u{a0}: «\u{a0}" (unknown.value.0) "\u{a0}» ("
                            (ui::count(unknown.rows, "ligne", "lignes")) ")"
                        }
                        select id=(id) autocomplete="off" data-variable=(column.id) data-valeur=(unknown.value.0) data-trouve="" {
                            option value="" { "non précisé" }
                            @for meaning in meanings(unknown.variable) {
                                option value=(meaning) { (meaning_words(column.id, meaning)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn meaning_words<'a>(variable: &str, meaning: &'a str) -> &'a str {
    match meaning {
        UNKNOWN => "Inconnu",
        EMPTY_OFF_MARKET => "Vide, hors location (travaux, démolition, vente)",
        OCCUPIED_WITHOUT_LEASE => "Occupé sans bail (gardien, personnel)",
        "oui" => "Oui",
        "non" => "Non",
        // The dimension of a table is in the singular.
        _ if variable == "activite_majeurs" => labels::modality("activite", meaning),
        _ => labels::modality(variable, meaning),
    }
}

/// The button under the choices.
pub fn confirm() -> Markup {
    html! {
        p { button type="button" data-confirmer="" { "Confirmer la correspondance" } }
    }
}

/// The button that saves the profile, for next year.
pub fn keep() -> Markup {
    html! {
        p { button.second type="button" data-conserver="" { "Enregistrer la correspondance" }
            " " span.aide { "Des noms de colonnes et de valeurs, aucune donnée\u{a0}: à garder sur votre poste pour la prochaine fois." } }
    }
}

fn field(id: &str) -> String {
    format!("colonne-{id}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::{ColumnName, Matched, Place, Sample};

    fn name(letters: &str, header: &str) -> ColumnName {
        ColumnName {
            letters: letters.into(),
            header: header.into(),
        }
    }

    #[test]
    fn the_proposed_column_is_chosen_and_said_to_be_proposed() {
        let mapped = [MappedColumn {
            variable: Variable::Occupation,
            column: name("B", "Occupation"),
            matched: Matched::Exact,
            samples: vec![],
        }];
        let candidates = [Candidate {
            variable: Variable::Commune,
            column: name("A", "<b>Communne"),
            likeness: 90,
        }];
        let ignored = [
            IgnoredColumn {
                column: name("C", "NIR"),
                why: Ignored::Identity,
            },
            IgnoredColumn {
                column: name("AA", "Divers"),
                why: Ignored::Unknown,
            },
        ];
        let html = column_choices(Found {
            mapped: &mapped,
            candidates: &candidates,
            ignored: &ignored,
        })
        .into_string();
        assert!(!html.contains("<b>"), "{html}");
        assert!(
            !html.contains("NIR"),
            "a column of identities is never offered"
        );
        let chosen = |variable: &str| {
            let at = html.find(&format!("id=\"colonne-{variable}\"")).unwrap();
            let select = &html[at..at + html[at..].find("</select>").unwrap()];
            let at = select.find(" selected").map(|at| select[at..].to_owned());
            at.map(|rest| rest[rest.find('>').unwrap() + 1..rest.find('<').unwrap()].to_owned())
        };
        assert_eq!(chosen("commune").unwrap(), "A – &lt;b&gt;Communne");
        assert_eq!(chosen("occupation").unwrap(), "B – Occupation");
        assert_eq!(chosen("apl"), None);
        assert_eq!(html.matches("Proposée d'après son nom").count(), 1);
    }

    #[test]
    fn a_label_gets_a_meaning_only_where_there_is_a_vocabulary() {
        let unknown = |variable, value: &str| UnknownValue {
            variable,
            value: Sample(value.into()),
            rows: 3,
            first: Place {
                sheet: String::new(),
                row: 2,
                column: None,
            },
        };
        let html = meaning_choices(&[
            unknown(Variable::Occupation, "Bail <en cours>"),
            unknown(Variable::HousingType, "trop long…"),
        ])
        .into_string()
        .replace('\u{a0}', " ");
        assert_eq!(html.matches("<select").count(), 1);
        assert!(
            html.contains("« Bail &lt;en cours&gt; » (3 lignes)"),
            "{html}"
        );
        assert!(html.contains("data-valeur=\"Bail &lt;en cours&gt;\""));
        for meaning in meanings(Variable::Occupation) {
            assert!(html.contains(&format!("<option value=\"{meaning}\">")));
        }
        assert_eq!(meaning_choices(&[]).into_string(), "");
    }
}
