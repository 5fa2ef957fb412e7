//! What is wrong with a count of a partial or a base that was received, within the
//! sentence of the error that says it (`partial::PartialError`).

pub(crate) const CELL_WITHOUT_RESPONDENTS: &str =
    "un effectif est publié dans une ligne dont les répondants sont masqués";
pub(crate) const MORE_DWELLINGS: &str = "plus de logements que de personnes répondantes";

/// No count at all.
pub(crate) fn no_count(count: i64, most: i64) -> String {
    format!("{count} n'est pas un effectif entre 0 et {most}")
}

/// A count that may not be published.
pub(crate) fn too_small(count: i64, least: i64) -> String {
    format!("{count} est publié, or le plus petit effectif publiable est {least}")
}

/// A count that is that of all who answered.
pub(crate) fn all_respondents(count: i64) -> String {
    format!("{count} est publié et vaut tous les répondants (100 %)")
}

/// Cells and what they should add up to.
pub(crate) fn wrong_sum(cells: i64, respondents: i64) -> String {
    format!("les effectifs font {cells} et non {respondents}")
}

/// Cells that add up to more.
pub(crate) fn over_sum(cells: i64, respondents: i64) -> String {
    format!("les effectifs publiés font {cells}, plus que {respondents}")
}

/// More respondents than there are.
pub(crate) fn over_population(respondents: i64, population: i64) -> String {
    format!("{respondents} répondants pour une population de {population}")
}

/// A maille that is not the sum of its children.
pub(crate) fn not_children(total: i64, children: i64) -> String {
    format!("{total} est publié, or les mailles qui la composent font {children}")
}

/// A maille whose children publish more.
pub(crate) fn under_children(total: i64, least: i64) -> String {
    format!("{total} est publié, or les mailles qui la composent en publient au moins {least}")
}

/// A maille whose line needs more.
pub(crate) fn under_line(total: i64, least: i64) -> String {
    format!("{total} est publié, or le reste de la ligne en suppose au moins {least}")
}

/// More dwellings of respondents than the maille has.
pub(crate) fn over_dwellings(dwellings: i64, population: i64) -> String {
    format!("{dwellings} logements, or la maille en a {population} loués")
}

/// Two tables that tell two populations.
pub(crate) fn other_population(here: Option<i64>, table: &str, there: Option<i64>) -> String {
    format!(
        "{} n'est pas celle du tableau « {table} », qui est {}",
        spelled(here),
        spelled(there)
    )
}

/// Two tables that tell two counts.
pub(crate) fn other_count(here: i64, table: &str, there: i64) -> String {
    format!("{here}, or le tableau « {table} » en compte {there}")
}

/// A crossing that tells more than one of its variables.
pub(crate) fn over_margin(least: i64, table: &str, most: i64) -> String {
    format!("{least} au moins, or le tableau « {table} » en compte {most}")
}

fn spelled(count: Option<i64>) -> String {
    count.map_or_else(|| "masquée".to_owned(), |count| count.to_string())
}
