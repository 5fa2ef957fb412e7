//! Segregation at a level, with the units it was computed over: an index means
//! nothing without them.

use std::collections::HashMap;

use super::fraction::Fraction;
use super::segregation::location_quotients;
use super::{Base, SegregationFile, Status};
use crate::indicator::shares::{Denominator, share};
use crate::table::Level;

/// A unit of the indices of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// Its identifier.
    pub id: String,
    /// Its name.
    pub name: String,
    /// In the group.
    pub part: u64,
    /// Of so many.
    pub whole: u64,
    /// Location quotient: its share over that of all the units used.
    pub quotient: f64,
}

/// Indices over some units.
#[derive(Clone, Debug, PartialEq)]
pub struct Indices {
    /// Identifier, value.
    pub values: Vec<(String, f64)>,
    /// Names of the units.
    pub units: Vec<String>,
    /// Those of the EPCI whose answer is known that live in these units, when
    /// their number in all is published.
    pub covered: Option<Fraction>,
}

/// The indices of an indicator at a level.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// Of the indicator's group against all others.
    pub group: Option<Indices>,
    /// The units of the group.
    pub quotients: Vec<Unit>,
    /// Over all modalités of the indicator's table.
    pub all: Option<Indices>,
}

/// The panel of an indicator at a level; `None` when it has no index there:
/// fewer than two published units, or a subject that has none.
pub fn panel(base: &Base, indicator: &str, level: Level) -> Option<Panel> {
    let share = share(indicator)?;
    let (table, group) = (share.table().id, share.group());
    let file = base.file();
    let of = |wanted: Option<&[&str]>| -> Vec<&SegregationFile> {
        let same = |group: &Option<Vec<String>>| match (group, wanted) {
            (None, None) => true,
            (Some(a), Some(b)) => a.iter().map(String::as_str).eq(b.iter().copied()),
            _ => false,
        };
        let entries = file.segregation.iter();
        entries
            .filter(|s| s.level == level && s.table == table && same(&s.group))
            .collect()
    };
    let all = of(None);
    // An index compares a group with everyone else who answered: a share of
    // some of them only has none.
    let ours = match (&group, share.denominator) {
        (Some(group), Denominator::Respondents) => of(Some(group)),
        _ => Vec::new(),
    };
    let zonage = ours.first().or(all.first())?.zonage.as_str();
    let zone = base.zonages().iter().position(|z| z.id == zonage)?;
    let names: HashMap<&str, &str> = base.zonages()[zone]
        .mailles
        .iter()
        .map(|m| (m.id.as_str(), m.name.as_str()))
        .collect();
    let respondents = respondents(base, zone, table);
    let total = self::respondents(base, 0, table)
        .get(base.zonages()[0].mailles[0].id.as_str())
        .copied();
    let indices = |entries: &[&SegregationFile]| -> Option<Indices> {
        let used = &entries.first()?.mailles;
        let there: Option<u64> = used.iter().map(|id| respondents.get(id.as_str())).sum();
        Some(Indices {
            values: entries.iter().map(|e| (e.index.clone(), e.value)).collect(),
            units: used
                .iter()
                .filter_map(|id| names.get(id.as_str()).map(|name| (*name).to_owned()))
                .collect(),
            covered: there.zip(total).and_then(|(a, b)| Fraction::new(a, b)),
        })
    };
    let quotients = match ours.first() {
        Some(entry) => units(base, zonage, indicator, &entry.mailles, &names),
        None => Vec::new(),
    };
    Some(Panel {
        group: indices(&ours),
        quotients,
        all: indices(&all),
    })
}

/// For each index of the base, in its order: those of the EPCI whose answer is
/// known that live in the units used, when their number in all is published.
pub fn coverages(base: &Base) -> Vec<Option<Fraction>> {
    let zone_of = |id: &str| base.zonages().iter().position(|z| z.id == id);
    let root = base.zonages().first().and_then(|z| z.mailles.first());
    let mut known: HashMap<(usize, &str), HashMap<&str, u64>> = HashMap::new();
    let mut all = Vec::new();
    for index in &base.file().segregation {
        let table = index.table.as_str();
        let zone = zone_of(&index.zonage);
        for zone in zone.into_iter().chain([0]) {
            known
                .entry((zone, table))
                .or_insert_with(|| respondents(base, zone, table));
        }
        let covered = (|| {
            let there = &known[&(zone?, table)];
            let used = index.mailles.iter();
            let part: u64 = used.map(|id| there.get(id.as_str())).sum::<Option<u64>>()?;
            let whole = known[&(0, table)].get(root?.id.as_str())?;
            Fraction::new(part, *whole)
        })();
        all.push(covered);
    }
    all
}

/// The respondents of a table by maille, where they are published.
fn respondents<'a>(base: &'a Base, zone: usize, table: &str) -> HashMap<&'a str, u64> {
    let lines = base.lines(zone, table).unwrap_or_default();
    lines
        .into_iter()
        .filter_map(|line| {
            let count = u64::try_from(line.line.respondents?).ok()?;
            Some((line.line.maille.as_str(), count))
        })
        .collect()
}

fn units(
    base: &Base,
    zonage: &str,
    indicator: &str,
    used: &[String],
    names: &HashMap<&str, &str>,
) -> Vec<Unit> {
    let counts: HashMap<&str, (u64, u64)> = base
        .file()
        .results
        .iter()
        .filter(|r| r.zonage == zonage && r.indicator == indicator)
        .filter(|r| r.status == Status::Published)
        .filter_map(|r| Some((r.maille.as_str(), (r.numerator?, r.denominator?))))
        .collect();
    let found: Vec<(&str, u64, u64)> = used
        .iter()
        .filter_map(|id| {
            let (part, whole) = counts.get(id.as_str())?;
            Some((id.as_str(), *part, *whole))
        })
        .collect();
    let rows: Vec<Vec<u64>> = found
        .iter()
        .map(|(_, part, whole)| vec![*part, whole - part])
        .collect();
    let mut units: Vec<Unit> = found
        .iter()
        .zip(location_quotients(&rows))
        .filter_map(|((id, part, whole), quotients)| {
            Some(Unit {
                id: (*id).to_owned(),
                name: (*names.get(id)?).to_owned(),
                part: *part,
                whole: *whole,
                quotient: *quotients.first()?.as_ref()?,
            })
        })
        .collect();
    crate::order::sort_by(&mut units, |a, b| b.quotient.total_cmp(&a.quotient));
    units
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::sample;
    use crate::campaign::Campaign;
    use crate::partial::sample::dwellings;

    #[test]
    fn a_panel_lists_its_units_and_what_they_hold() {
        let campaign = Campaign::example();
        let rows = dwellings(7, 1200, 6);
        let base = sample::base(&campaign, [("exemple-a", rows)]);
        let panel = panel(&base, "seule", Level::Commune).unwrap();
        let group = panel.group.unwrap();
        assert_eq!(group.values.len(), 6);
        assert!(!group.units.is_empty() && group.units.len() <= 6);
        assert_eq!(group.units.len(), panel.quotients.len());
        // Quotients average to one, weighted by the units' sizes.
        let (mut sum, mut size) = (0.0, 0);
        for unit in &panel.quotients {
            sum += unit.quotient * unit.whole as f64;
            size += unit.whole;
        }
        assert!((sum / size as f64 - 1.0).abs() < 1e-12);
        let covered = group.covered.unwrap();
        let all = coverages(&base);
        let rank = base.file().segregation.iter().position(|s| {
            s.level == Level::Commune
                && s.group.as_deref() == Some(&["personne_seule".to_owned()][..])
        });
        assert_eq!(all.len(), base.file().segregation.len());
        assert_eq!(all[rank.unwrap()], Some(covered));
        assert_eq!(covered.part, size);
        assert!(covered.part <= covered.whole);
        let actives = super::panel(&base, "chom_actifs", Level::Commune);
        assert!(actives.is_none_or(|panel| panel.group.is_none()));
        assert_eq!(super::panel(&base, "vac", Level::Commune), None);
        assert_eq!(super::panel(&base, "seule", Level::Epci), None);
    }
}
