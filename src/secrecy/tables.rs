//! Which cells are hidden: populations first, then lines, then each table.

use super::Rule;
use super::crossing;
use super::lines::{LET, hide_dwellings, hide_lines, hide_occupation};
use super::linked::Linked;
use super::network::{Access, Way};
use super::sheet::{Closed, Sheet, Status};
use crate::campaign::BearsOn;
use crate::indicator::{self, CROSSINGS_ENTER, Unit};
use crate::order;
use crate::table::RawTables;

/// What is hidden in each table, in the order of the catalogue; a crossing of which
/// nothing may be published is not among them.
pub(super) fn hide(linked: &Linked, rule: Rule, withdrawn: &[String]) -> Vec<Status> {
    let raw = &linked.raw;
    let find = |id: &str| {
        raw.tables
            .iter()
            .position(|t| t.def.id == id && t.def.published && !withdrawn.iter().any(|w| w == id))
    };
    let lines = raw.zonage.mailles.len() + linked.sums.len();
    let mut dwellings = vec![false; lines];
    let mut households = vec![true; lines];
    let mut statuses = Vec::new();
    if let Some(table) = raw.tables.iter().find(|t| t.def.unit == Unit::Dwellings) {
        dwellings = hide_dwellings(linked, table, rule);
    }
    let occupation = find("occupation");
    if let Some(rank) = occupation {
        let status = hide_occupation(linked, rank, rule, &dwellings);
        households = status.cells.iter().map(|cells| cells[LET]).collect();
        statuses.push(status);
    }
    let let_dwellings =
        |g: usize| occupation.map_or(0, |rank| raw.tables[rank].lines[g].counts[LET]);
    let twins =
        indicator::twins().find_map(|[(a, i), (b, j)]| Some(((find(a)?, i), (find(b)?, j))));
    let crossed = |rank: usize| raw.tables[rank].def.dimensions.len() > 1;
    // Lines hidden whole, of each table.
    let lines: Vec<Vec<bool>> = raw
        .tables
        .iter()
        .zip(&linked.asked)
        .map(|(table, asked)| {
            let population = if table.def.unit == Unit::Dwellings {
                &dwellings
            } else {
                &households
            };
            let line = |g: usize| &table.lines[g];
            if table.def.unit.is_person() {
                hide_lines(linked, asked, rule, (population, &let_dwellings), &|g| {
                    line(g).population
                })
            } else if rule.bears_on == BearsOn::Population {
                let eligible = |g: usize| line(g).population;
                hide_lines(linked, asked, rule, (population, &eligible), &|g| {
                    line(g).respondents
                })
            } else {
                let hidden = population.iter().zip(asked);
                hidden.map(|(hidden, asked)| *hidden || !asked).collect()
            }
        })
        .collect();
    for (rank, table) in raw.tables.iter().enumerate() {
        if find(table.def.id) != Some(rank) || Some(rank) == occupation || crossed(rank) {
            continue;
        }
        let margins = match table.def.unit {
            Unit::Dwellings => &dwellings,
            Unit::Households => &households,
            Unit::Adults | Unit::Occupants => &lines[rank],
        };
        let sheet = |rank: usize| Sheet::new(linked, rank, rule, &lines[rank], margins);
        match twins {
            Some((first, second)) if first.0 == rank => {
                let (a, b) =
                    hide_twins((sheet(first.0), first.1), (sheet(second.0), second.1), rule);
                statuses.push(a);
                statuses.push(b);
            }
            Some((_, second)) if second.0 == rank => {}
            _ => {
                let mut sheet = sheet(rank);
                sheet.protect(None);
                sheet.release(linked);
                statuses.push(sheet.status());
            }
        }
    }
    let enters = |rank: &usize| CROSSINGS_ENTER && find(raw.tables[*rank].def.id) == Some(*rank);
    // Those of which nothing may be published are left out.
    let crossings: Vec<(usize, Option<usize>)> = (0..raw.tables.len())
        .filter(enters)
        .filter_map(|rank| {
            let second = crossing::opens(raw, rank, rule, &households, &statuses)?;
            Some((rank, second))
        })
        .collect();
    // Beside a crossing its table of dwellings shows nothing where the households
    // are hidden (`Closed`): done only where the crossing will be published.
    for second in crossings.iter().filter_map(|(_, second)| *second) {
        let closed = close(raw, second, rule, &dwellings, &households);
        let mut sheet = Sheet::new(linked, second, rule, &lines[second], &dwellings);
        sheet.close(closed);
        sheet.protect(None);
        sheet.release(linked);
        if let Some(status) = statuses.iter_mut().find(|s| s.table == second) {
            *status = sheet.status();
        }
    }
    for (rank, _) in crossings {
        let status = crossing::hide(raw, rank, rule, &households, &statuses);
        statuses.push(status);
    }
    order::sort_by_key(&mut statuses, |status| status.table);
    statuses
}

/// What a table of dwellings hides beside a crossing: the cells of lines whose
/// households are hidden, and their respondents too, unless everyone in the
/// nearest maille above whose households are published is known to have answered.
fn close(
    raw: &RawTables,
    rank: usize,
    rule: Rule,
    dwellings: &[bool],
    households: &[bool],
) -> Closed {
    let lines = &raw.tables[rank].lines;
    let nodes = raw.zonage.mailles.len();
    let cells: Vec<bool> = households[..nodes].to_vec();
    let respondents = (0..nodes)
        .map(|g| {
            let mut at = g;
            while let Some(parent) = raw.zonage.mailles[at].parent.filter(|_| households[at]) {
                at = parent;
            }
            let above = &lines[at];
            let all = above.population == above.respondents
                && above.respondents >= rule.threshold
                && !dwellings[at];
            cells[g] && !all
        })
        .collect();
    Closed { cells, respondents }
}

/// Protects two tables of which one cell a line is the same.
///
/// The shared cells stay still (frozen) while the others are protected; where
/// that is not enough, and for the shared cells themselves, a change goes
/// through both tables at once ([`Sheet::push_both`]).
fn hide_twins<'a>(
    first: (Sheet<'a>, usize),
    second: (Sheet<'a>, usize),
    rule: Rule,
) -> (Status, Status) {
    let ((mut a, ca), (mut b, cb)) = (first, second);
    (a.shared, b.shared) = (Some(ca), Some(cb));
    let mailles = a.net.mailles();
    for g in 0..mailles {
        let (x, y) = (a.net.cell(ca, g), b.net.cell(cb, g));
        if a.net.hidden(x) || b.net.hidden(y) {
            a.net.set(x, Access::Hidden);
            b.net.set(y, Access::Hidden);
        }
        // Both change together, so neither may shrink by more than the other holds.
        let (vx, vy) = (a.net.value(x), b.net.value(y));
        a.net.set_lower(x, vx - vx.min(vy));
        b.net.set_lower(y, vy - vx.min(vy));
    }
    a.net.hold(a.net.cell(ca, 0)..a.net.cell(ca, mailles));
    b.net.hold(b.net.cell(cb, 0)..b.net.cell(cb, mailles));
    let goal = match rule.bears_on {
        BearsOn::Effectif => i64::from(rule.threshold),
        BearsOn::Population => 1,
    };
    for g in 0..mailles {
        let (x, y) = (a.net.cell(ca, g), b.net.cell(cb, g));
        if !a.net.hidden(x) {
            continue;
        }
        if a.net.best(x).min(b.net.best(y)) < goal {
            let want = goal - a.net.value(x).min(b.net.value(y));
            a.push_both(&mut b, x, Way::Up, want);
        }
        let still = rule.bears_on == BearsOn::Effectif && !a.net.moved(x);
        if still && a.push_both(&mut b, x, Way::Up, 1) == 0 {
            a.push_both(&mut b, x, Way::Down, 1);
        }
    }
    a.protect(Some(&mut b));
    b.protect(Some(&mut a));
    (a.status(), b.status())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrecy::tests::RULE;
    use crate::table::{Level, Maille, RawLine, RawTable, Zonage};

    /// Beside a crossing, a programme without published households keeps its
    /// respondents only where everyone of a commune above it is known to have
    /// answered: as many as its dwellings, both published.
    #[test]
    fn respondents_stay_where_all_above_are_known_to_have_answered() {
        let maille = |level, parent| Maille {
            id: String::new(),
            level,
            name: String::new(),
            parent,
        };
        let zonage = Zonage {
            id: "territoire".to_owned(),
            mailles: vec![
                maille(Level::Epci, None),
                maille(Level::Commune, Some(0)),
                maille(Level::Programme, Some(1)),
            ],
        };
        // Dwellings of the commune, those that answered, whether its dwellings are
        // hidden; are the respondents of the programme closed?
        for (population, respondents, hidden, closed) in [
            (20, 20, false, false),
            (20, 19, false, true),
            (20, 20, true, true),
            (11, 11, false, false),
            (10, 10, false, true),
        ] {
            let line = |population, respondents| RawLine {
                population,
                respondents,
                ..RawLine::default()
            };
            let raw = RawTables {
                zonage: zonage.clone(),
                qpv: None,
                tables: vec![RawTable {
                    def: indicator::table("typologie").unwrap(),
                    lines: vec![line(90, 80), line(population, respondents), line(9, 9)],
                }],
            };
            let of = close(&raw, 0, RULE, &[false, hidden, true], &[false, false, true]);
            assert_eq!(of.cells, [false, false, true]);
            let told = (population, respondents, hidden);
            assert_eq!(of.respondents, [false, false, closed], "{told:?}");
        }
    }
}
