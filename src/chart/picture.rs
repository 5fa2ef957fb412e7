//! Which drawing the screen shows (*représentation*), whichever it is.

use plotters::coord::Shift;
use plotters::prelude::{DrawingArea, DrawingBackend};

use super::bars::Bars;
use super::stack::Stack;
use super::{
    Chart, Composition, Contrast, Drawn, Evolution, FigureRow, Figures, Look, Map, changes, gaps,
    ranking, stacked,
};
use crate::base::Base;
use crate::contours::Contours;
use crate::indicator::shares::share;
use crate::table::Level;

/// A way of showing an indicator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// Ranked bars.
    #[default]
    Ranking,
    /// Gaps to the EPCI.
    Gaps,
    /// Every modalité of the indicator's table.
    Composition,
    /// In and out of QPV.
    Contrast,
    /// A map.
    Map,
    /// Since an earlier survey.
    Evolution,
}

impl View {
    /// Every view, in the order of the choice.
    pub const ALL: [Self; 6] = [
        Self::Ranking,
        Self::Gaps,
        Self::Composition,
        Self::Contrast,
        Self::Map,
        Self::Evolution,
    ];

    /// Its word in addresses and names of files.
    pub fn id(self) -> &'static str {
        match self {
            Self::Ranking => "classement",
            Self::Gaps => "ecarts",
            Self::Composition => "composition",
            Self::Contrast => "qpv",
            Self::Map => "carte",
            Self::Evolution => "evolution",
        }
    }
}

/// What a picture is made from.
#[derive(Clone, Copy, Debug)]
pub struct Materials<'a> {
    /// The base.
    pub base: &'a Base,
    /// An earlier one, comparable.
    pub before: Option<&'a Base>,
    /// Contours.
    pub contours: Option<&'a Contours>,
    /// The figures of the indicator at the level.
    pub figures: &'a Figures,
    /// The page, from zero.
    pub page: usize,
}

/// Why there is no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absence {
    /// The indicator's table is a crossing, or not in the base.
    NoComposition,
    /// The base has no zonage of QPV.
    NoQpv,
    /// No contours were given.
    NoContours,
    /// None of them is a maille of the level.
    NoContourHere,
    /// No earlier base was given.
    NoEarlierBase,
    /// No maille of the level has a value to be read.
    NothingToRead,
    /// Neither side has one, for any indicator.
    NothingInQpv,
    /// The EPCI has no share to compare with.
    NoReference,
    /// No maille has a share in both surveys.
    NoChange,
}

/// A drawing.
pub enum Picture {
    /// Bars.
    Bars(Bars),
    /// A composition.
    Stack(Stack),
    /// In and out of QPV.
    Contrast(Contrast),
    /// A map.
    Map(Box<Map>),
}

impl Picture {
    /// The picture of a view.
    ///
    /// # Errors
    /// When what it is made from is not there.
    pub fn of(view: View, from: Materials<'_>) -> Result<Self, Absence> {
        let figures = from.figures;
        let some = |readable: bool, absence: Absence| readable.then_some(()).ok_or(absence);
        Ok(match view {
            View::Ranking => {
                some(figures.readable() > 0, Absence::NothingToRead)?;
                Self::Bars(ranking(figures.page(from.page)))
            }
            View::Gaps => {
                some(figures.readable() > 0, Absence::NothingToRead)?;
                let reference = figures.epci.as_ref().is_some_and(FigureRow::is_readable);
                some(reference, Absence::NoReference)?;
                Self::Bars(gaps(figures.page(from.page)))
            }
            View::Composition => {
                let composition = Composition::around(from.base, figures.indicator, figures.level)
                    .ok_or(Absence::NoComposition)?;
                some(composition.readable() > 0, Absence::NothingToRead)?;
                Self::Stack(stacked(composition, from.page))
            }
            View::Contrast => {
                let contrast = Contrast::of(from.base).ok_or(Absence::NoQpv)?;
                some(contrast.readable().next().is_some(), Absence::NothingInQpv)?;
                Self::Contrast(contrast)
            }
            View::Map => {
                let contours = from.contours.ok_or(Absence::NoContours)?;
                some(figures.readable() > 0, Absence::NothingToRead)?;
                let map = Map::of(figures.clone(), contours).ok_or(Absence::NoContourHere)?;
                Self::Map(Box::new(map))
            }
            View::Evolution => {
                let before = from.before.ok_or(Absence::NoEarlierBase)?;
                let (indicator, level) = (figures.indicator, figures.level);
                let evolution = Evolution::of(from.base, before, indicator, level)
                    .ok_or(Absence::NoEarlierBase)?;
                some(evolution.readable() > 0, Absence::NoChange)?;
                Self::Bars(changes(evolution.page(from.page), &evolution.since))
            }
        })
    }
}

impl Picture {
    /// Of a picture that is turned page by page: the rank of its first maille from
    /// zero, how many it holds, how many all its pages do.
    pub fn place(&self) -> Option<(usize, usize, usize)> {
        match self {
            Self::Bars(bars) => Some(bars.place()),
            Self::Stack(stack) => Some(stack.place()),
            Self::Contrast(_) | Self::Map(_) => None,
        }
    }
}

impl Composition {
    /// The composition that an indicator is a part of.
    pub fn around(base: &Base, indicator: &str, level: Level) -> Option<Self> {
        Self::of(base, share(indicator)?.table().id, level)
    }
}

impl Chart for Picture {
    fn height(&self, look: Look) -> u32 {
        match self {
            Self::Bars(chart) => chart.height(look),
            Self::Stack(chart) => chart.height(look),
            Self::Contrast(chart) => chart.height(look),
            Self::Map(chart) => chart.height(look),
        }
    }

    fn draw<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>, look: Look) -> Drawn<DB> {
        match self {
            Self::Bars(chart) => chart.draw(area, look),
            Self::Stack(chart) => chart.draw(area, look),
            Self::Contrast(chart) => chart.draw(area, look),
            Self::Map(chart) => chart.draw(area, look),
        }
    }

    fn alternative(&self) -> String {
        match self {
            Self::Bars(chart) => chart.alternative(),
            Self::Stack(chart) => chart.alternative(),
            Self::Contrast(chart) => chart.alternative(),
            Self::Map(chart) => chart.alternative(),
        }
    }
}
