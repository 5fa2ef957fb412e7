//! What will leave (*Ce qui sortira de votre poste*): the partial, shown from the
//! very bytes that the download saves, once read back by [`Partial::parse`].

use std::collections::HashMap;

use maud::{Markup, html};

use super::scrolling;
use crate::page::view_model::{HiddenLine, HiddenSummary};
use crate::partial::{LineFile, Partial, TableFile};
use crate::table::{Level, Maille, Zonage};
use crate::words::ui::{self, HIDDEN, NBSP};
use crate::words::{labels, numbers};

/// Lines of a table shown at once; more are turned page by page, so that a
/// landlord of thousands of programmes does not freeze the page.
pub const LINES_PER_PAGE: usize = 200;
/// Characters of the file's text shown at once.
pub const MAX_TEXT: usize = 200_000;

/// What is chosen to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Rank of the table in the file.
    pub table: usize,
    /// Level of the lines.
    pub level: Level,
    /// Page, from zero.
    pub page: usize,
}

/// The header of the file.
pub fn header(partial: &Partial, size: usize, verdict: &str, name: &str) -> Markup {
    let file = partial.file();
    html! {
        p { "Le fichier " strong { (name) } " contient ce qui suit, et rien d'autre : cet aperçu est fait des "
            (ui::count(size as u64, "octet", "octets")) " mêmes qui seront enregistrés." }
        dl.fiche {
            dt { "Bailleur" } dd { (file.landlord.name) }
            dt { "Campagne" } dd { (file.campaign.id) }
            dt { "Produit le" } dd { (ui::date(&file.produced_on)) }
            dt { "Situation au" } dd { (ui::date(&file.reference_date)) }
            dt { "Mention" } dd { (file.mention) }
            dt { "Règle" } dd { "aucun nombre sous " (file.rules.threshold) ", " (ui::bears_on(file.rules.bears_on)) }
            dt { "Logiciel" } dd { (file.software.name) " " (file.software.version) }
            dt { "Empreinte" } dd { code { (file.fingerprint) } }
        }
        @if !verdict.is_empty() { p.preuve { (verdict) } }
    }
}

/// The tables of the file to choose from: value is the rank.
pub fn table_choices(partial: &Partial, chosen: usize) -> Markup {
    html! {
        @for (rank, table) in partial.file().tables.iter().enumerate() {
            option value=(rank) selected[rank == chosen] { (labels::table(&table.id)) }
        }
    }
}

/// The levels at which a table has lines, from the top.
pub fn levels(partial: &Partial, table: usize) -> Vec<Level> {
    let mut levels = Vec::new();
    if let Some((table, zonage)) = table_of(partial, table) {
        let mailles = by_id(zonage);
        for line in &table.lines {
            if let Some((_, maille)) = mailles.get(line.maille.as_str())
                && !levels.contains(&maille.level)
            {
                levels.push(maille.level);
            }
        }
    }
    levels.sort_unstable();
    levels
}

/// The levels to choose from: value is the rank in [`levels`].
pub fn level_choices(levels: &[Level], chosen: Level) -> Markup {
    html! {
        @for (rank, level) in levels.iter().enumerate() {
            option value=(rank) selected[*level == chosen] { (labels::levels(*level)) }
        }
    }
}

/// The lines of a table at a level.
pub fn table(partial: &Partial, choice: Choice) -> Markup {
    let Some((table, zonage)) = table_of(partial, choice.table) else {
        return html! { p { "Ce fichier n'a pas de tableau." } };
    };
    let mailles = by_id(zonage);
    let lines: Vec<(&LineFile, &Maille)> = table
        .lines
        .iter()
        .filter_map(|line| Some((line, mailles.get(line.maille.as_str())?.1)))
        .filter(|(_, maille)| maille.level == choice.level)
        .collect();
    let pages = lines.len().div_ceil(LINES_PER_PAGE).max(1);
    let page = choice.page.min(pages - 1);
    let shown = &lines[page * LINES_PER_PAGE..lines.len().min((page + 1) * LINES_PER_PAGE)];
    let cells = cell_names(table);
    let title = labels::table(&table.id);
    let persons = table.lines.first().is_some_and(|l| l.population.is_absent());
    html! {
        (scrolling(title, &html! {
            table {
                caption {
                    (title) " : " (labels::levels(choice.level))
                    span.unite { " (" (unit_name(&table.unit)) ", " (partial.file().mention) ")" }
                }
                thead { tr {
                    th scope="col" { "Maille" }
                    th.nombre scope="col" { @if persons { "Logements" } @else { "Population" } }
                    th.nombre scope="col" { "Répondants" }
                    @for cell in &cells { th.nombre scope="col" { (cell) } }
                } }
                tbody {
                    @for (line, maille) in shown {
                        tr {
                            th scope="row" {
                                (maille.name)
                                @if let Some(parent) = parent_name(zonage, maille) { span.sous { (parent) } }
                            }
                            (cell(line.base()))
                            (cell(line.respondents))
                            @for count in &line.counts { (cell(*count)) }
                        }
                    }
                }
            }
        }))
        @if pages > 1 { (pager(page, pages, lines.len())) }
    }
}

/// How much of a table is hidden, and why; all tables in a fold below.
pub fn hidden(partial: &Partial, summary: &HiddenSummary, choice: Choice) -> Markup {
    let table = partial.file().tables.get(choice.table);
    let line = table.and_then(|table| {
        summary
            .lines
            .iter()
            .find(|l| l.table == table.id && l.level == choice.level)
    });
    html! {
        @if let Some(line) = line { p { (hidden_sentence(line, partial.file().rules.threshold)) } }
        @if !summary.lines.is_empty() {
            details {
                summary { "Ce qui est masqué, tableau par tableau (affiché ici seulement)" }
                p.aide { "Le fichier ne dit jamais pourquoi un nombre est masqué : le dire permettrait de le retrouver." }
                (scrolling("Nombres masqués par tableau et par niveau", &html! {
                    table {
                        caption { "Nombres publiés et masqués" }
                        thead { tr {
                            th scope="col" { "Tableau" }
                            th scope="col" { "Niveau" }
                            th.nombre scope="col" { "Publiés" }
                            th.nombre scope="col" { "Masqués car trop petits" }
                            th.nombre scope="col" { "Masqués pour protéger les précédents" }
                        } }
                        tbody {
                            @for line in &summary.lines {
                                tr {
                                    th scope="row" { (labels::table(&line.table)) }
                                    td { (labels::levels(line.level)) }
                                    td.nombre { (numbers::count(line.published)) }
                                    td.nombre { (numbers::count(line.small)) }
                                    td.nombre { (numbers::count(line.protecting)) }
                                }
                            }
                        }
                    }
                }))
            }
        }
    }
}

/// The text of the file, as a text editor shows it.
pub fn text(bytes: &[u8]) -> Markup {
    let text = String::from_utf8_lossy(bytes);
    let shown: String = text.chars().take(MAX_TEXT).collect();
    let rest = text.len() > shown.len();
    html! {
        details {
            summary { "Le texte du fichier, tel qu'il sera écrit" }
            pre tabindex="0" aria-label="Texte du fichier" { (shown) }
            @if rest {
                p.aide { "Début du fichier : " (numbers::count(MAX_TEXT as u64)) " premiers caractères. Les tableaux ci-dessus en montrent tout le contenu." }
            }
        }
    }
}

fn hidden_sentence(line: &HiddenLine, threshold: u32) -> String {
    let all = line.published + line.small + line.protecting;
    if all == line.published {
        return format!(
            "Rien n'est masqué à ce niveau : les {} nombres du tableau sont publiés.",
            numbers::count(all)
        );
    }
    format!(
        "Affiché ici seulement : sur {} nombres à ce niveau, {} publiés, {} masqués car inférieurs à {threshold} (ou nuls), {} masqués pour qu'on ne puisse pas retrouver les précédents.",
        numbers::count(all),
        numbers::count(line.published),
        numbers::count(line.small),
        numbers::count(line.protecting)
    )
}

fn table_of(partial: &Partial, rank: usize) -> Option<(&TableFile, &Zonage)> {
    let table = partial.file().tables.get(rank)?;
    let zonage = partial.zonages().iter().find(|z| z.id == table.zonage)?;
    Some((table, zonage))
}

fn by_id(zonage: &Zonage) -> HashMap<&str, (usize, &Maille)> {
    zonage
        .mailles
        .iter()
        .enumerate()
        .map(|(rank, maille)| (maille.id.as_str(), (rank, maille)))
        .collect()
}

/// Where a maille below the communes stands.
fn parent_name<'a>(zonage: &'a Zonage, maille: &Maille) -> Option<&'a str> {
    let mut at = maille.parent?;
    if matches!(maille.level, Level::Epci | Level::Commune) {
        return None;
    }
    while zonage.mailles[at].level > Level::Commune {
        at = zonage.mailles[at].parent?;
    }
    (zonage.mailles[at].level == Level::Commune).then(|| zonage.mailles[at].name.as_str())
}

/// The names of the cells of a line, row-major.
fn cell_names(table: &TableFile) -> Vec<String> {
    let mut names = vec![String::new()];
    for dimension in &table.dimensions {
        names = names
            .iter()
            .flat_map(|before| {
                dimension.modalities.iter().map(move |id| {
                    let name = labels::modality(&dimension.id, id);
                    if before.is_empty() {
                        name.to_owned()
                    } else {
                        format!("{before} × {name}")
                    }
                })
            })
            .collect();
    }
    names
}

fn unit_name(id: &str) -> &str {
    crate::indicator::Unit::ALL
        .into_iter()
        .find(|unit| unit.id() == id)
        .map_or(id, labels::unit)
}

fn cell(count: Option<i64>) -> Markup {
    html! {
        @match count {
            Some(n) => td.nombre { (numbers::count(n.unsigned_abs())) },
            None => td.masque { (HIDDEN) },
        }
    }
}

fn pager(page: usize, pages: usize, lines: usize) -> Markup {
    let (first, last) = (
        page * LINES_PER_PAGE + 1,
        lines.min((page + 1) * LINES_PER_PAGE),
    );
    html! {
        nav.pages aria-label="Pages du tableau" {
            @if page > 0 {
                button.second.menu type="button" data-page=(page - 1) { "Lignes précédentes" }
            }
            p { "Lignes " (numbers::count(first as u64)) " à " (numbers::count(last as u64)) " sur" (NBSP) (numbers::count(lines as u64)) }
            @if page + 1 < pages {
                button.second.menu type="button" data-page=(page + 1) { "Lignes suivantes" }
            }
        }
    }
}
