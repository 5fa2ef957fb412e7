//! The choices of the mapping step (*Correspondance des colonnes*): which column
//! serves which variable, and what a label that was not understood means.
//!
//! Each `<select>` says what it decides by `data-variable`, and `data-valeur`
//! when it is about a label; `data-trouve` is what the program found by itself. Where
//! several columns may be chosen, a `<fieldset>` of boxes stands for the `<select>`.

use maud::{Markup, html};

use super::name;
use crate::dwelling::Variable;
use crate::intake::columns::{Column, Columns};
use crate::intake::correspondence::{OTHER_LANDLORD, OUTSIDE, meanings};
use crate::intake::{
    AskedCommune, Candidate, Correspondence, Ignored, IgnoredColumn, MappedColumn, UnknownValue,
    columns,
};
use crate::page::view_model::CampaignView;
use crate::words::mapping as words;
use crate::words::quality::BLANK;
use crate::words::ui::CLOSE;

/// What was found of the columns.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// Columns in use.
    pub mapped: &'a [MappedColumn],
    /// Columns that may be meant.
    pub candidates: &'a [Candidate],
    /// The others.
    pub ignored: &'a [IgnoredColumn],
    /// Variables without which nothing can be read, and that no column gives.
    pub missing: &'a [Variable],
}

/// A choice of the file's columns per variable; those that look like a variable
/// are chosen beforehand and said to be proposed.
pub fn column_choices(found: Found<'_>) -> Markup {
    let headers = headers(found);
    let proposed = proposed(found.mapped, found.candidates);
    let (needed, others): (Vec<_>, Vec<_>) = columns::COLUMNS
        .iter()
        .filter(|c| c.variable != Variable::Address)
        .partition(|c| found.missing.contains(&c.variable));
    html! {
        div.grille {
            @for column in needed.iter().copied().chain(others) {
                @let used: Vec<&str> = found.mapped.iter()
                    .filter(|m| m.variable == column.variable)
                    .map(|m| m.column.header.as_str())
                    .collect();
                @let near: Vec<&str> = proposed.iter().filter(|(v, _)| *v == column.variable).map(|(_, h)| *h).collect();
                @if column.columns == Columns::Several {
                    (several(column, &headers, &used, &near))
                } @else {
                    @let needed = found.missing.contains(&column.variable);
                    (one(column, &headers, (used.first().copied().unwrap_or_default(), near.first().copied()), needed))
                }
            }
        }
    }
}

/// The columns that are chosen beforehand, each with its variable.
pub fn proposed<'a>(
    mapped: &[MappedColumn],
    candidates: &'a [Candidate],
) -> Vec<(Variable, &'a str)> {
    let mut proposed: Vec<(Variable, &str)> = Vec::new();
    for candidate in candidates {
        let header = candidate.column.header.as_str();
        // Best first; a column serves one variable, some variables several columns.
        let several = columns::of(candidate.variable).columns == Columns::Several;
        if proposed
            .iter()
            .all(|(v, h)| (several || *v != candidate.variable) && *h != header)
            && mapped.iter().all(|m| m.variable != candidate.variable)
        {
            proposed.push((candidate.variable, header));
        }
    }
    proposed
}

/// The choice of the one column of a variable.
fn one(
    column: &Column,
    headers: &[(&str, &str)],
    (auto, near): (&str, Option<&str>),
    needed: bool,
) -> Markup {
    let field = field(column.id);
    let helped = needed || near.is_some();
    html! {
        div.champ.manque[needed] {
            label for=(field) { (column.name) }
            select id=(field) autocomplete="off" data-variable=(column.id) data-trouve=(auto)
                aria-required=[needed.then_some("true")] aria-describedby=[helped.then(|| format!("{field}-aide"))] {
                option value="" { (words::NO_COLUMN) }
                @for (letters, header) in headers {
                    option value=(header) selected[*header == near.unwrap_or(auto)] {
                        (words::column(letters, header))
                    }
                }
            }
            @if helped {
                p.aide id=(format!("{field}-aide")) {
                    @match (needed, near) {
                        (true, None) => (words::NEEDED),
                        (true, Some(_)) => { (words::NEEDED_PROPOSED) (words::PROPOSED) }
                        (false, _) => (words::PROPOSED),
                    }
                }
            }
        }
    }
}

/// The choice of the columns that serve a variable together (ages 1 to n): those that
/// are chosen, and the others in a fold.
fn several(column: &Column, headers: &[(&str, &str)], used: &[&str], near: &[&str]) -> Markup {
    let field = field(column.id);
    let (chosen, others): (Vec<_>, Vec<_>) = headers
        .iter()
        .partition(|(_, header)| used.contains(header) || near.contains(header));
    let choice = |(letters, header): &(&str, &str), checked: bool| {
        html! {
            label.case {
                input type="checkbox" value=(header) autocomplete="off" checked[checked]
                    data-trouve[used.contains(header)];
                (words::column(letters, header))
            }
        }
    };
    let proposed = !near.is_empty();
    html! {
        fieldset.champ.plusieurs id=(field) data-variable=(column.id) data-plusieurs=""
            aria-describedby=[proposed.then(|| format!("{field}-aide"))] {
            legend { (column.name) (words::SEVERAL) }
            @for one in &chosen { (choice(one, true)) }
            @if proposed { p.aide id=(format!("{field}-aide")) { (words::PROPOSED_SEVERAL) } }
            @if !others.is_empty() {
                details {
                    summary { (words::among_others(others.len(), chosen.is_empty())) }
                    @for one in &others { (choice(one, false)) }
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
    crate::order::sort_by_key(&mut all, |(letters, _)| (letters.len(), *letters));
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|(_, header)| seen.insert(*header));
    all
}

/// The values that the user may explain: labels of closed vocabularies.
pub fn open(unknown: &[UnknownValue]) -> Vec<&UnknownValue> {
    let all = unknown.iter();
    all.filter(|u| !meanings(u.variable).is_empty()).collect()
}

/// What a label may mean; a blank cell is inside no district.
fn meaning_options(column: &Column, label: &str, chosen: &str) -> Markup {
    let possible = meanings(column.variable).into_iter();
    html! {
        @for meaning in possible.filter(|m| !label.is_empty() || *m != "oui") {
            option value=(meaning) selected[meaning == chosen] { (words::meaning(column.id, meaning)) }
        }
    }
}

/// A choice of meaning per label of a closed vocabulary that was not understood.
pub fn meaning_choices(unknown: &[UnknownValue]) -> Markup {
    let open = open(unknown);
    html! {
        @if !open.is_empty() {
            h4 { (words::MEANINGS) }
            p.aide { (words::MEANINGS_DEFAULT) }
            div.grille {
                @for (rank, unknown) in open.iter().enumerate() {
                    @let column = columns::of(unknown.variable);
                    @let id = format!("sens-{rank}");
                    div.champ {
                        label for=(id) {
                            (column.name) (words::VALUE) (name(unknown.shown())) (words::rows(unknown.rows))
                        }
                        select id=(id) autocomplete="off" data-variable=(column.id) data-valeur=(unknown.value.as_str()) data-trouve="" {
                            option value="" { (words::NOT_SAID) }
                            (meaning_options(column, unknown.value.as_str(), ""))
                        }
                    }
                }
            }
        }
    }
}

/// A choice per commune that its name alone does not tell.
pub fn commune_choices(asked: &[AskedCommune]) -> Markup {
    html! {
        @if !asked.is_empty() {
            h4 { (words::COMMUNES) }
            p.aide { (words::COMMUNES_WHY) }
            div.grille {
                @for (rank, one) in asked.iter().enumerate() {
                    @let id = format!("commune-{rank}");
                    div.champ {
                        label for=(id) {
                            (words::COMMUNE) (name(one.name.as_str())) (words::rows(one.rows))
                        }
                        // Pressed without a choice, the button confirms what is counted.
                        select id=(id) autocomplete="off" data-variable=(columns::of(Variable::Commune).id) data-valeur=(one.name.as_str()) data-trouve="" data-defaut=[one.counted.then_some(&one.code)] {
                            option value="" { (words::commune_not_said(one)) }
                            option value=(one.code) { (one.known) " (" (one.code) ")" }
                            option value=(OUTSIDE) { (words::OUTSIDE) }
                        }
                    }
                }
            }
        }
    }
}

/// What was said of labels, landlords and communes, to be said otherwise.
pub fn answered(said: &Correspondence, campaign: &CampaignView) -> Markup {
    let answers: Vec<_> = said
        .values
        .iter()
        .flat_map(|(variable, labels)| labels.iter().map(|label| (*variable, label)))
        .collect();
    html! {
        @if !answers.is_empty() {
            details {
                summary { (words::answered(answers.len())) }
                div.grille {
                    @for (rank, (variable, (label, meant))) in answers.iter().enumerate() {
                        @let column = columns::of(*variable);
                        @let id = format!("reponse-{rank}");
                        div.champ {
                            label for=(id) {
                            (column.name) (words::VALUE)
                            @if label.is_empty() { (BLANK) } @else { (name(label)) }
                            (CLOSE)
                        }
                            select id=(id) autocomplete="off" data-variable=(column.id) data-valeur=(label) data-trouve=(meant) {
                                @if *variable == Variable::Commune {
                                    @for commune in &campaign.communes {
                                        option value=(commune.code) selected[commune.code == **meant] { (name(&commune.name)) }
                                    }
                                    option value=(OUTSIDE) selected[OUTSIDE == *meant] { (words::OUTSIDE) }
                                }
                                @if *variable == Variable::Landlord {
                                    @for landlord in &campaign.landlords {
                                        option value=(landlord.id) selected[landlord.id == **meant] { (name(&landlord.name)) }
                                    }
                                    option value=(OTHER_LANDLORD) selected[OTHER_LANDLORD == *meant] { (words::OF_ANOTHER) }
                                }
                                (meaning_options(column, label, meant))
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The button under the choices; it stands out where something is to be confirmed.
pub fn confirm(asked: bool, columns: usize, communes: usize) -> Markup {
    html! {
        @if let Some(all) = words::confirms(columns, communes) { p.aide { (all) } }
        p { button.second[!asked] type="button" data-confirmer="" { (words::CONFIRM) } }
    }
}

/// The button that saves the profile, for next year.
pub fn keep() -> Markup {
    html! {
        p { button.second type="button" data-conserver="" { (words::KEEP) }
            " " span.aide { (words::KEEP_WHAT) } }
    }
}

fn field(id: &str) -> String {
    format!("colonne-{id}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    use crate::campaign::Campaign;
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
            missing: &[Variable::Commune, Variable::Landlord],
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
        // What is needed comes first, and says so.
        assert_eq!(html.matches("champ manque").count(), 2);
        assert_eq!(html.matches("aria-required").count(), 2);
        let place = |id: &str| html.find(&format!("id=\"colonne-{id}\"")).unwrap();
        assert!(place("commune") < place("id_logement"));
    }

    #[test]
    fn a_label_gets_a_meaning_only_where_there_is_a_vocabulary() {
        let unknown = |variable, value: &str| UnknownValue {
            variable,
            value: Sample::of(value),
            rows: 3,
            first: Place {
                sheet: String::new(),
                row: 2,
                column: None,
            },
        };
        // An answer to a blank cell says that it is blank, and never that it is inside.
        let blank = BTreeMap::from([(String::new(), "non".to_owned())]);
        let said = Correspondence {
            values: BTreeMap::from([(Variable::Qpv, blank)]),
            ..Correspondence::default()
        };
        let answers = answered(&said, &CampaignView::from(&Campaign::cucm())).into_string();
        assert!(answers.contains(BLANK) && answers.contains("<option value=\"non\" selected>"));
        assert!(!answers.contains("value=\"oui\""), "{answers}");
        let html = meaning_choices(&[
            unknown(Variable::Occupation, "Bail <en cours>"),
            unknown(Variable::Surface, "grande"),
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

    #[test]
    fn several_columns_may_serve_a_variable_together() {
        let candidate = |letters, header| Candidate {
            variable: Variable::OccupantAges,
            column: name(letters, header),
            likeness: 90,
        };
        let mapped = ["CSP 1", "CSP 2"].map(|header| MappedColumn {
            variable: Variable::Activities,
            column: name(&header[4..], header),
            matched: Matched::Confirmed,
            samples: vec![],
        });
        let html = column_choices(Found {
            mapped: &mapped,
            candidates: &[candidate("E", "Ages occ A"), candidate("F", "Ages occ B")],
            ignored: &[],
            missing: &[],
        })
        .into_string();
        let boxes = |variable: &str| {
            let at = html.find(&format!("id=\"colonne-{variable}\"")).unwrap();
            html[at..at + html[at..].find("</fieldset>").unwrap()].to_owned()
        };
        let ages = boxes("age_occupants");
        assert!(ages.contains("checkbox"), "{ages}");
        assert_eq!(ages.matches(" checked").count(), 2);
        assert_eq!(ages.matches(" data-trouve").count(), 0);
        // What is chosen is seen without opening the fold.
        let rest = column_choices(Found {
            mapped: &mapped,
            candidates: &[],
            ignored: &[IgnoredColumn {
                column: name("A", "Divers"),
                why: Ignored::Unknown,
            }],
            missing: &[],
        })
        .into_string();
        let at = rest.find("id=\"colonne-activite_majeurs\"").unwrap();
        let fold = rest[at..].find("<details>").unwrap();
        assert!(rest[at..].find("CSP 2").unwrap() < fold);
        assert!(fold < rest[at..].find("Divers").unwrap());
        let activities = boxes("activite_majeurs");
        assert_eq!(activities.matches(" checked").count(), 2);
        assert_eq!(activities.matches(" data-trouve").count(), 2);
    }

    #[test]
    fn a_commune_is_confirmed_or_said_to_be_elsewhere() {
        let html = commune_choices(&[AskedCommune {
            name: Sample::of("<i>Torcy"),
            code: "71540".into(),
            known: "Torcy".into(),
            counted: true,
            rows: 12,
            first: Place {
                sheet: String::new(),
                row: 2,
                column: None,
            },
        }])
        .into_string()
        .replace('\u{a0}', " ");
        assert!(html.contains("« &lt;i&gt;Torcy » (12 lignes)"), "{html}");
        assert!(html.contains("Torcy (à confirmer)"));
        assert!(html.contains("<option value=\"71540\">"));
        assert!(html.contains("data-defaut=\"71540\""));
        assert!(html.contains("<option value=\"hors_territoire\">"));
    }
}
