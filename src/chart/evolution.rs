//! An indicator since an earlier survey, maille by maille.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::figures::{self, ChartData, FigureRow};
use super::sort;
use crate::base::Base;
use crate::base::evolution;
use crate::base::fraction::Gap;
use crate::indicator::shares::share;
use crate::table::Level;
use crate::words::{alphabetical, charts, ui};

/// A maille now and then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeRow {
    /// Now.
    pub now: FigureRow,
    /// Then, when the earlier base has the maille.
    pub before: Option<FigureRow>,
    /// Now less then, when both are published.
    pub points: Option<Gap>,
}

/// The changes of an indicator at a level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evolution {
    /// The `cle` of the indicator.
    pub indicator: &'static str,
    /// The level.
    pub level: Level,
    /// The mentions of both surveys.
    pub mention: String,
    /// The mentions, the territory and its date: what a drawing carries.
    pub source: String,
    /// Date of the earlier survey, in French.
    pub since: String,
    /// Date of the survey shown, in French.
    pub until: String,
    /// The EPCI.
    pub epci: Option<ChangeRow>,
    /// The mailles, from the largest rise; those without a change last.
    pub rows: Vec<ChangeRow>,
}

impl Evolution {
    /// `None` for an indicator that is not in the catalogue. The two bases are
    /// [`evolution::comparable`].
    pub fn of(now: &Base, before: &Base, indicator: &str, level: Level) -> Option<Self> {
        let indicator = share(indicator)?.key;
        let mention = charts::mentions(&now.file().mention, &before.file().mention);
        let mut all = Self {
            indicator,
            level,
            source: charts::sourced(&mention, now),
            mention,
            since: ui::date(&before.file().reference_date),
            until: ui::date(&now.file().reference_date),
            epci: None,
            rows: Vec::new(),
        };
        let (here, there) = (places(now), places(before));
        for change in evolution::changes(now, before, indicator) {
            let place = (change.now.zonage.as_str(), change.now.maille.as_str());
            let Some(&(zone, rank)) = here.get(&place) else {
                continue;
            };
            let zonage = &now.zonages()[zone];
            let earlier = change.before.and_then(|result| {
                let (zone, rank) = *there.get(&place)?;
                Some(figures::row(before, result, &before.zonages()[zone], rank))
            });
            let row = ChangeRow {
                now: figures::row(now, change.now, zonage, rank),
                before: earlier,
                points: change.points,
            };
            if zonage.mailles[rank].level == level {
                all.rows.push(row);
            } else if rank == 0 {
                all.epci = Some(row);
            }
        }
        crate::order::sort_by(&mut all.rows, |a, b| {
            let key = |row: &ChangeRow| (row.points.is_none(), Reverse(row.points));
            let name = |row: &ChangeRow| (alphabetical(&row.now.name), row.now.id.clone());
            key(a).cmp(&key(b)).then_with(|| name(a).cmp(&name(b)))
        });
        Some(all)
    }

    /// How many mailles have a change: they come first, and are drawn.
    pub fn readable(&self) -> usize {
        self.rows.iter().filter(|row| row.points.is_some()).count()
    }

    /// The rows of the table under a page of the drawing.
    pub fn listed(&self, page: usize) -> &[ChangeRow] {
        sort::listed(&self.rows, self.readable(), page)
    }

    /// A drawing's rows, each with its change as gap.
    pub fn page(&self, page: usize) -> ChartData {
        let (drawn, hidden) = self.rows.split_at(self.readable());
        let drawn: Vec<FigureRow> = drawn
            .iter()
            .map(|row| FigureRow {
                gap: row.points,
                ..row.now.clone()
            })
            .collect();
        let hidden = hidden.iter().map(|row| row.now.label());
        let left_out = charts::left_out(charts::NO_CHANGE, charts::BOTH_SHARES, hidden);
        ChartData {
            indicator: self.indicator,
            level: self.level,
            source: self.source.clone(),
            left_out: left_out.into_iter().collect(),
            ..ChartData::cut(&drawn, page)
        }
    }
}

/// Where each maille of a base stands: zonage, rank.
fn places(base: &Base) -> HashMap<(&str, &str), (usize, usize)> {
    let zonages = base.zonages().iter().enumerate();
    zonages
        .flat_map(|(zone, zonage)| {
            let mailles = zonage.mailles.iter().enumerate();
            mailles
                .map(move |(rank, maille)| ((zonage.id.as_str(), maille.id.as_str()), (zone, rank)))
        })
        .collect()
}
