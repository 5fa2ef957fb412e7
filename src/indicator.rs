//! The catalogue: what is counted, over which population, in which modalités.
//!
//! One declarative table, [`CATALOGUE`], serves the counting, the secrecy, the
//! reading of partials and the words on screen. Sources of the rules: Annexe 2
//! of the convention (variables), `resources` (PLUS ceilings), article L621-2 of
//! the CCH and D542-14 of the CSS (under- and over-occupation).

pub mod resources;
pub mod shares;

use crate::campaign::Campaign;
use crate::dwelling::{
    Activity, Dwelling, EnergyLabel, FamilySituation, Financing, HousingType, Occupation, Typology,
    Variable, Variables,
};

/// What a table counts (*unité statistique*).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// *Logements*: every row in scope.
    Dwellings,
    /// *Ménages*: let dwellings.
    Households,
    /// *Majeurs*: adults of let dwellings.
    Adults,
    /// *Occupants* of let dwellings.
    Occupants,
}

impl Unit {
    /// Every unit.
    pub const ALL: [Self; 4] = [
        Self::Dwellings,
        Self::Households,
        Self::Adults,
        Self::Occupants,
    ];

    /// The word used in files.
    pub fn id(self) -> &'static str {
        match self {
            Self::Dwellings => "logements",
            Self::Households => "menages",
            Self::Adults => "majeurs",
            Self::Occupants => "occupants",
        }
    }

    /// Is the unit a person? Then a line carries `logements` in place of
    /// `population`.
    pub fn is_person(self) -> bool {
        matches!(self, Self::Adults | Self::Occupants)
    }
}

/// One dimension of a table: a closed list of modalités.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dimension {
    /// Identifier in files.
    pub id: &'static str,
    /// Identifiers of the modalités, in order.
    pub modalities: &'static [&'static str],
}

/// How far down the tree a table has lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Every level of the zonage.
    Leaves,
    /// EPCI and communes only (crossings).
    Communes,
}

/// How a dwelling falls into the cells of a table.
#[derive(Clone, Copy, Debug)]
pub enum Classify {
    /// The unit is the dwelling or the household: one modality, or no answer.
    One(fn(&Dwelling, &Campaign) -> Option<usize>),
    /// The unit is a person: adds each usable person to its modality.
    Many(fn(&Dwelling, &mut [u32])),
    /// Two tables of the catalogue crossed, row-major.
    Cross(&'static str, &'static str),
}

/// A table of the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct TableDef {
    /// Identifier in files.
    pub id: &'static str,
    /// What it counts.
    pub unit: Unit,
    /// Its one or two dimensions.
    pub dimensions: &'static [Dimension],
    /// Its levels.
    pub depth: Depth,
    /// Variables that the file must carry, each by one of the alternatives.
    pub needs: &'static [&'static [Variable]],
    /// The counting.
    pub classify: Classify,
    /// Does it enter partials? The others are computed and tested, and wait for
    /// their proof of secrecy.
    pub published: bool,
}

impl TableDef {
    /// Number of cells in a line.
    pub fn width(&self) -> usize {
        self.dimensions.iter().map(|d| d.modalities.len()).product()
    }

    /// Does the file carry what the table needs?
    pub fn computable(&self, variables: Variables, campaign: &Campaign) -> bool {
        let columns = self
            .needs
            .iter()
            .all(|any| any.iter().any(|v| variables.contains(*v)));
        columns && (self.id != "premier_quartile" || campaign.file().first_quartile.is_some())
    }
}

/// Two modalités that count the same units: they are one cell, with one value
/// and one status (up to those who answered only one of the two questions).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Table and rank of the modality.
    pub left: (&'static str, usize),
    /// The other table, and what in its lines.
    pub right: (&'static str, IdentityPart),
}

/// What in a line an [`Identity`] names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityPart {
    /// A modality, by rank.
    Modality(usize),
    /// The population of a unit.
    Population(Unit),
}

/// The identities between tables (secrecy of linked tables).
pub const IDENTITIES: &[Identity] = &[
    Identity {
        left: ("occupation", 0),
        right: ("", IdentityPart::Population(Unit::Households)),
    },
    Identity {
        left: ("situation_familiale", 0),
        right: ("taille_menage", IdentityPart::Modality(0)),
    },
];

/// The pairs of tables of which one cell a line counts the same households, each
/// with that modality.
pub(crate) fn twins() -> impl Iterator<Item = [(&'static str, usize); 2]> {
    let same = |identity: &Identity| match identity.right.1 {
        IdentityPart::Modality(right) => Some([identity.left, (identity.right.0, right)]),
        IdentityPart::Population(_) => None,
    };
    IDENTITIES.iter().filter_map(same)
}

/// The modalities of both variables of a crossing that are one answer: who gives
/// one of them gives the other.
pub(crate) fn same_answer(crossing: &TableDef) -> Option<(usize, usize)> {
    let Classify::Cross(first, second) = crossing.classify else {
        return None;
    };
    twins().find_map(|[(a, i), (b, j)]| (a == first && b == second).then_some((i, j)))
}

const YES_NO: &[&str] = &["oui", "non"];
const EPOCHS: &[&str] = &[
    "avant_1949",
    "1949_1974",
    "1975_1989",
    "1990_2009",
    "2010_et_apres",
];
const SIZES: &[&str] = &["1", "2", "3", "4", "5+"];
const HOLDER_AGES: &[&str] = &["moins_30", "30_39", "40_49", "50_64", "65_74", "75_et_plus"];
const RESOURCES: &[&str] = &[
    "moins_20",
    "20_40",
    "40_60",
    "60_80",
    "80_100",
    "100_120",
    "120_et_plus",
];
const OCCUPANCY_FIT: &[&str] = &["sous_occupation", "adapte", "sur_occupation"];
const QUARTILE: &[&str] = &["sous", "au_dessus"];
const OCCUPANT_AGES: &[&str] = &["0_17", "18_24", "25_39", "40_59", "60_74", "75_et_plus"];

const fn dim(id: &'static str, modalities: &'static [&'static str]) -> Dimension {
    Dimension { id, modalities }
}

macro_rules! one {
    ($id:literal, $unit:ident, $modalities:expr, [$($need:expr),*], $classify:expr) => {
        TableDef {
            id: $id,
            unit: Unit::$unit,
            dimensions: &[dim($id, $modalities)],
            depth: Depth::Leaves,
            needs: &[$(&$need),*],
            classify: Classify::One($classify),
            published: true,
        }
    };
}

macro_rules! people {
    ($id:literal, $unit:ident, $modalities:expr, [$($need:expr),*], $classify:expr) => {
        TableDef {
            id: $id,
            unit: Unit::$unit,
            dimensions: &[dim($id, $modalities)],
            depth: Depth::Leaves,
            needs: &[$(&$need),*],
            classify: Classify::Many($classify),
            published: true,
        }
    };
}

macro_rules! cross {
    ($id:literal, $a:literal, $ma:expr, $b:literal, $mb:expr, [$($need:expr),*], $published:expr) => {
        TableDef {
            id: $id,
            unit: Unit::Households,
            dimensions: &[dim($a, $ma), dim($b, $mb)],
            depth: Depth::Communes,
            needs: &[$(&$need),*],
            classify: Classify::Cross($a, $b),
            published: $published,
        }
    };
}

use Variable as V;

/// Every table, in the order of files.
pub const CATALOGUE: &[TableDef] = &[
    one!(
        "occupation",
        Dwellings,
        Occupation::IDS,
        [[V::Occupation]],
        |d, _| d.occupation.map(Occupation::index)
    ),
    one!(
        "type_logement",
        Dwellings,
        HousingType::IDS,
        [[V::HousingType]],
        |d, _| d.housing_type.map(HousingType::index)
    ),
    one!(
        "typologie",
        Dwellings,
        Typology::IDS,
        [[V::Typology, V::Rooms]],
        |d, _| d.typology.map(Typology::index)
    ),
    one!(
        "financement",
        Dwellings,
        Financing::IDS,
        [[V::Financing]],
        |d, _| d.financing.map(Financing::index)
    ),
    one!(
        "epoque",
        Dwellings,
        EPOCHS,
        [[V::ConstructionYear]],
        |d, _| d.construction_year.map(epoch)
    ),
    one!(
        "dpe",
        Dwellings,
        EnergyLabel::IDS,
        [[V::EnergyLabel]],
        |d, _| d.energy_label.map(EnergyLabel::index)
    ),
    one!(
        "situation_familiale",
        Households,
        FamilySituation::IDS,
        [[V::FamilySituation]],
        |d, _| d.household.situation.map(FamilySituation::index)
    ),
    one!(
        "taille_menage",
        Households,
        SIZES,
        [[V::Occupants]],
        |d, _| size(d)
    ),
    one!(
        "age_titulaire",
        Households,
        HOLDER_AGES,
        [[V::HolderAge]],
        |d, _| d
            .household
            .holder_age
            .map(|age| class(age, &[30, 40, 50, 65, 75]))
    ),
    one!(
        "ressources_plus",
        Households,
        RESOURCES,
        [[V::Income], [V::FamilySituation]],
        |d, c| resources::class(&d.household, &c.file().plus_ceilings)
    ),
    one!("apl", Households, YES_NO, [[V::Apl]], |d, _| d
        .household
        .apl
        .map(yes_no)),
    one!("aspa", Households, YES_NO, [[V::Aspa]], |d, _| d
        .household
        .aspa
        .map(yes_no)),
    one!(
        "peuplement",
        Households,
        OCCUPANCY_FIT,
        [[V::Occupants], [V::Rooms, V::Typology], [V::Surface]],
        |d, _| occupancy_fit(d)
    ),
    one!(
        "premier_quartile",
        Households,
        QUARTILE,
        [[V::Income], [V::Occupants], [V::OccupantAges]],
        |d, c| resources::below_quartile(&d.household, c.file().first_quartile?)
            .map(|below| usize::from(!below))
    ),
    people!(
        "activite",
        Adults,
        Activity::IDS,
        [[V::Activities]],
        |d, cells| {
            d.household
                .activities
                .iter()
                .flatten()
                .for_each(|a| cells[a.index()] += 1);
        }
    ),
    people!(
        "age_occupants",
        Occupants,
        OCCUPANT_AGES,
        // The tenant's age alone would tell of households of one person and no other.
        [[V::OccupantAges]],
        |d, cells| {
            d.household
                .known_ages()
                .for_each(|age| cells[age_class(age)] += 1);
            for (cell, count) in cells.iter_mut().zip(d.household.ages_by_class) {
                *cell += u32::from(count);
            }
        }
    ),
    // Over the territory the gate proves the crossings with a table of dwellings, for
    // landlords of up to MAX_CROSSED_LEAVES (docs/secrecy.md, « Les croisements »); of
    // the last, where the same households answer both questions, it proves no line.
    cross!(
        "ressources_plus_x_financement",
        "ressources_plus",
        RESOURCES,
        "financement",
        Financing::IDS,
        [[V::Income], [V::FamilySituation], [V::Financing]],
        true
    ),
    cross!(
        "situation_familiale_x_typologie",
        "situation_familiale",
        FamilySituation::IDS,
        "typologie",
        Typology::IDS,
        [[V::FamilySituation], [V::Typology, V::Rooms]],
        true
    ),
    cross!(
        "ressources_plus_x_dpe",
        "ressources_plus",
        RESOURCES,
        "dpe",
        EnergyLabel::IDS,
        [[V::Income], [V::FamilySituation], [V::EnergyLabel]],
        true
    ),
    cross!(
        "situation_familiale_x_taille_menage",
        "situation_familiale",
        FamilySituation::IDS,
        "taille_menage",
        SIZES,
        [[V::FamilySituation], [V::Occupants]],
        false
    ),
];

/// Does any crossing enter partials? Known when the code is compiled, so that the
/// page carries nothing that protects or judges crossings while none does.
pub(crate) const CROSSINGS_ENTER: bool = {
    let (mut rank, mut any) = (0, false);
    while rank < CATALOGUE.len() {
        any |= CATALOGUE[rank].published && CATALOGUE[rank].dimensions.len() > 1;
        rank += 1;
    }
    any
};

/// Most leaves of the tree (programmes, or their parts) beside which a crossing enters a
/// partial. What its proof takes grows with the leaves and with the cells hidden in them,
/// of which there are some forty a leaf: so the number of leaves says beforehand
/// whether the proof is worth its time. The gate refuses a crossing beyond it, whoever wrote
/// the file. It does not depend on any answer: what is withdrawn for it tells nothing.
pub(crate) const MAX_CROSSED_LEAVES: usize = 800;

/// The table with this identifier.
pub fn table(id: &str) -> Option<&'static TableDef> {
    CATALOGUE.iter().find(|t| t.id == id)
}

/// The cell of a line that a dwelling falls in, for tables of dwellings and
/// households; `None` when it did not answer.
pub fn cell(def: &TableDef, dwelling: &Dwelling, campaign: &Campaign) -> Option<usize> {
    match def.classify {
        Classify::One(classify) => classify(dwelling, campaign),
        Classify::Many(_) => None,
        Classify::Cross(a, b) => {
            let (a, b) = (table(a)?, table(b)?);
            Some(cell(a, dwelling, campaign)? * b.width() + cell(b, dwelling, campaign)?)
        }
    }
}

/// For each table of the catalogue that crosses two others, their ranks: those
/// come before it, and what they say of a dwelling is asked once.
pub(crate) const CROSSED: [Option<(usize, usize)>; CATALOGUE.len()] = {
    let mut ranks = [None; CATALOGUE.len()];
    let mut rank = 0;
    while rank < CATALOGUE.len() {
        if let Classify::Cross(a, b) = CATALOGUE[rank].classify {
            let (a, b) = (rank_of(a), rank_of(b));
            assert!(
                a < rank && b < rank,
                "a crossing comes after what it crosses"
            );
            ranks[rank] = Some((a, b));
        }
        rank += 1;
    }
    ranks
};

const fn rank_of(id: &str) -> usize {
    let mut rank = 0;
    loop {
        let (known, id) = (CATALOGUE[rank].id.as_bytes(), id.as_bytes());
        let mut at = 0;
        while at < id.len() && at < known.len() && known[at] == id[at] {
            at += 1;
        }
        if at == id.len() && at == known.len() {
            return rank;
        }
        rank += 1;
    }
}

/// The cell of a crossing, from the cells of both tables, the second by rank.
pub(crate) fn crossed(a: Option<usize>, b: Option<usize>, second: usize) -> Option<usize> {
    Some(a? * CATALOGUE[second].width() + b?)
}

/// Is the dwelling part of the population of the unit?
pub fn in_population(unit: Unit, dwelling: &Dwelling) -> bool {
    unit == Unit::Dwellings || dwelling.occupation == Some(Occupation::Let)
}

fn class(value: u8, bounds: &[u8]) -> usize {
    bounds.iter().take_while(|bound| value >= **bound).count()
}

fn yes_no(yes: bool) -> usize {
    usize::from(!yes)
}

fn epoch(year: u16) -> usize {
    [1949, 1975, 1990, 2010]
        .iter()
        .take_while(|bound| year >= **bound)
        .count()
}

fn size(dwelling: &Dwelling) -> Option<usize> {
    match dwelling.household.occupants? {
        0 => None,
        n => Some(usize::from(n.min(5)) - 1),
    }
}

/// Under- and over-occupation (*sous-occupation*, *sur-occupation*).
///
/// Under: more habitable rooms than persons plus one (CCH, L621-2). Over: a
/// surface under 9 m² for one person, 16 for two, 9 more for each further
/// person up to 70 m² for eight and more (CSS, D542-14). Over wins.
fn occupancy_fit(dwelling: &Dwelling) -> Option<usize> {
    let persons = u32::from(dwelling.household.occupants?);
    let (rooms, surface) = (u32::from(dwelling.rooms?), u32::from(dwelling.surface?));
    if persons == 0 {
        return None;
    }
    let least = match persons {
        1 => 9,
        2 => 16,
        n => (16 + 9 * (n - 2)).min(70),
    };
    Some(if surface < least {
        2
    } else if rooms > persons + 1 {
        0
    } else {
        1
    })
}

/// The rank of an occupant's age among the modalités of `age_occupants`.
pub(crate) fn age_class(age: u8) -> usize {
    class(age, &[18, 25, 40, 60, 75])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_unique_and_crossings_name_tables_of_the_catalogue() {
        let mut ids: Vec<_> = CATALOGUE.iter().map(|t| t.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), CATALOGUE.len());
        for def in CATALOGUE {
            if let Classify::Cross(a, b) = def.classify {
                assert_eq!(def.id, format!("{a}_x_{b}"));
                assert_eq!(table(a).unwrap().dimensions[0], def.dimensions[0]);
                assert_eq!(table(b).unwrap().dimensions[0], def.dimensions[1]);
            }
        }
    }

    #[test]
    fn over_occupation_wins_and_the_norm_stops_at_seventy() {
        let fit = |persons, rooms, surface| {
            let mut d = Dwelling {
                rooms: Some(rooms),
                surface: Some(surface),
                ..Dwelling::default()
            };
            d.household.occupants = Some(persons);
            occupancy_fit(&d).map(|i| OCCUPANCY_FIT[i])
        };
        assert_eq!(fit(1, 1, 8), Some("sur_occupation"));
        assert_eq!(fit(1, 1, 9), Some("adapte"));
        assert_eq!(fit(1, 3, 8), Some("sur_occupation"));
        assert_eq!(fit(1, 3, 60), Some("sous_occupation"));
        assert_eq!(fit(2, 3, 16), Some("adapte"));
        assert_eq!(fit(2, 1, 15), Some("sur_occupation"));
        assert_eq!(fit(8, 5, 69), Some("sur_occupation"));
        assert_eq!(fit(12, 5, 70), Some("adapte"));
        assert_eq!(fit(0, 5, 70), None);
    }
}
