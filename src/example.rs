//! The fictitious example: a landlord's file made by a seeded generator, with
//! the headers of Annexe 2 and a few RPLS columns. No row is a real dwelling.
//!
//! The page's **Essayer avec des données fictives**, the tests and the
//! measures all read what this module makes. Same landlord, seed and size: same
//! rows, on any machine (integers only, a generator of our own).
//!
//! ```
//! use ops_mixite::example::{Landlord, table, to_csv};
//! let rows = table(Landlord::A, 1, 50);
//! assert_eq!(rows.len(), 51);
//! assert_eq!(rows[0][0], "Bailleur");
//! assert!(to_csv(&rows).starts_with("Bailleur;"));
//! ```

use crate::campaign::{Campaign, Passage, PlusCeilings};
use crate::dwelling::{FamilySituation, Household};
use crate::indicator::resources;

/// Which landlord of the campaign `exemple-fictif`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Landlord {
    /// « Bailleur fictif A »: everywhere, mostly in towns.
    A,
    /// « Bailleur fictif B »: fewer communes, smaller programmes.
    B,
}

/// Seed of the example that the page offers.
pub const SEED: u64 = 2024;
/// Dwellings of the example that the page offers (landlord A).
pub const DWELLINGS: usize = 2_000;
/// Dwellings of the other landlord, in the tests of merging.
pub const DWELLINGS_B: usize = 1_200;

/// The headers, in order.
pub const HEADERS: [&str; 30] = [
    "Bailleur",
    "Identifiant logement (idem RPLS)",
    "Numéro de programme",
    "Nom du programme",
    "Commune",
    "Code INSEE",
    "Adresse",
    "Type de logement",
    "Typologie du logement",
    "Financement du logement",
    "Occupation",
    "Situation familiale",
    "Nombre total d'occupants",
    "Âge du titulaire du bail",
    "Age occupant 1",
    "Age occupant 2",
    "Age occupant 3",
    "Age occupant 4",
    "Age occupant 5",
    "Activité majeur 1",
    "Activité majeur 2",
    "Activité majeur 3",
    "Revenu fiscal de référence",
    "Bénéficiaire de l'APL",
    "Bénéficiaire de l'ASPA",
    "QPV",
    "CONSTRUCT",
    "DPEENERGIE",
    "NBPIECE",
    "SURFHAB",
];

/// The columns whose cells are numbers, by rank.
pub const NUMBERS: [usize; 11] = [12, 13, 14, 15, 16, 17, 18, 22, 26, 28, 29];

/// Social dwellings are mostly in the towns: weights by INSEE code, one for the
/// other communes.
const WEIGHTS: [(&str, u32); 10] = [
    ("71153", 300),
    ("71306", 260),
    ("71486", 90),
    ("71310", 80),
    ("71540", 70),
    ("71040", 60),
    ("71499", 45),
    ("71059", 25),
    ("71309", 20),
    ("71132", 15),
];

/// The priority districts of the fictitious territory.
const DISTRICTS: [(&str, &str); 3] = [
    ("71153", "QN99901M"),
    ("71306", "QN99902M"),
    ("71540", "QN99903M"),
];

const NAMES: [&str; 24] = [
    "Les Acacias",
    "Les Tilleuls",
    "La Forge",
    "Le Parc",
    "Les Cerisiers",
    "La Verrerie",
    "Le Canal",
    "Les Alouettes",
    "La Croisette",
    "Les Genêts",
    "Le Belvédère",
    "La Sablière",
    "Les Charmes",
    "Le Moulin",
    "Les Sources",
    "La Fonderie",
    "Les Coteaux",
    "Le Lavoir",
    "Les Peupliers",
    "La Tuilerie",
    "Les Bruyères",
    "Le Puits",
    "Les Érables",
    "La Mine",
];

/// A small generator of numbers (SplitMix64): same seed, same sequence.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both included.
    fn range(&mut self, low: u32, high: u32) -> u32 {
        let span = u64::from(high - low) + 1;
        low + ((u128::from(self.next()) * u128::from(span)) >> 64) as u32
    }

    /// True `n` times in a hundred.
    fn percent(&mut self, n: u32) -> bool {
        self.range(0, 99) < n
    }

    /// A rank, by weights.
    fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut at = self.range(0, weights.iter().sum::<u32>().max(1) - 1);
        for (rank, weight) in weights.iter().enumerate() {
            if at < *weight {
                return rank;
            }
            at -= weight;
        }
        weights.len() - 1
    }
}

/// From so many dwellings on, a landlord's programmes are those of a large estate:
/// the 2 000 programmes for 100 000 dwellings that protection is measured on.
const LARGE: usize = 30_000;

/// A programme: dwellings built together.
struct Programme {
    number: String,
    name: String,
    commune: usize,
    district: Option<&'static str>,
    individual: bool,
    financing: &'static str,
    year: u32,
    label: usize,
    /// How poor its households are, 0 to 100.
    hardship: u32,
    left: usize,
}

/// The table: [`HEADERS`], then `dwellings` rows.
pub fn table(landlord: Landlord, seed: u64, dwellings: usize) -> Vec<Vec<String>> {
    let mut rows = Vec::with_capacity(dwellings + 1);
    rows.push(HEADERS.iter().map(|h| (*h).to_owned()).collect());
    let mut maker = Maker::new(landlord, seed);
    for rank in 0..dwellings {
        rows.push(maker.row(rank, dwellings));
    }
    rows
}

/// The *table de passage* of a table's programmes: a fictitious secteur in the
/// towns, and the priority district. The campaign `exemple-fictif` embeds those
/// of both landlords at their usual sizes (a test holds it to this).
pub fn passage(landlord: Landlord, rows: &[Vec<String>]) -> Vec<Passage> {
    const SECTORS: [&str; 3] = ["Centre", "Nord", "Sud"];
    let mut lines: Vec<Passage> = Vec::new();
    for row in rows.iter().skip(1) {
        let (programme, commune, district) = (&row[2], &row[5], &row[25]);
        let town = WEIGHTS
            .iter()
            .any(|(code, weight)| code == commune && *weight >= 45);
        let known = lines
            .last()
            .is_some_and(|l| l.programme == *programme && l.commune.as_ref() == Some(commune));
        if known || !town {
            continue;
        }
        let turn: usize = programme.bytes().map(usize::from).sum();
        lines.push(Passage {
            landlord: match landlord {
                Landlord::A => "exemple-a",
                Landlord::B => "exemple-b",
            }
            .to_owned(),
            programme: programme.clone(),
            commune: Some(commune.clone()),
            secteur: Some(SECTORS[turn % SECTORS.len()].to_owned()),
            qpv: district.starts_with("QN").then(|| district.clone()),
        });
    }
    lines
}

/// The table as a text file: `;`, UTF-8 without mark, LF.
pub fn to_csv(rows: &[Vec<String>]) -> String {
    let mut out = String::new();
    for row in rows {
        for (column, cell) in row.iter().enumerate() {
            if column > 0 {
                out.push(';');
            }
            if cell.contains([';', '"', '\n', '\r']) {
                out.push('"');
                out.push_str(&cell.replace('"', "\"\""));
                out.push('"');
            } else {
                out.push_str(cell);
            }
        }
        out.push('\n');
    }
    out
}

struct Maker {
    landlord: Landlord,
    dice: Dice,
    communes: Vec<(String, String)>,
    weights: Vec<u32>,
    ceilings: PlusCeilings,
    programme: Option<Programme>,
    programmes: u32,
}

impl Maker {
    fn new(landlord: Landlord, seed: u64) -> Self {
        let campaign = Campaign::example();
        let salt = match landlord {
            Landlord::A => 0xA,
            Landlord::B => 0xB,
        };
        let communes: Vec<_> = campaign
            .file()
            .communes
            .iter()
            .map(|c| (c.code.clone(), c.name.clone()))
            .collect();
        let weights = communes
            .iter()
            .enumerate()
            .map(|(rank, (code, _))| {
                match WEIGHTS.iter().find(|(c, _)| c == code) {
                    Some((_, weight)) => *weight,
                    // The second landlord is absent from many villages.
                    None if landlord == Landlord::B && rank % 3 != 0 => 0,
                    None => 4,
                }
            })
            .collect();
        Self {
            landlord,
            dice: Dice(seed.wrapping_mul(0x2545_F491_4F6C_DD1D) ^ salt),
            communes,
            weights,
            ceilings: campaign.file().plus_ceilings.clone(),
            programme: None,
            programmes: 0,
        }
    }

    /// Begins a programme; the first ones visit every commune once, so that the
    /// example covers the territory.
    fn begin(&mut self, total: usize) -> Programme {
        let dice = &mut self.dice;
        let rank = self.programmes as usize;
        self.programmes += 1;
        let visiting = rank < self.communes.len()
            && total >= 1_000
            && (self.landlord == Landlord::A || self.weights[rank] > 0);
        let commune = if visiting {
            rank
        } else {
            dice.weighted(&self.weights)
        };
        let town = self.weights[commune] >= 15;
        let individual = dice.percent(if town { 12 } else { 45 });
        let left = match (self.landlord, town, individual) {
            (_, _, true) => dice.range(10, 20),
            (_, false, _) => dice.range(10, 16),
            (Landlord::B, true, _) => dice.range(10, 60),
            (Landlord::A, true, _) => [dice.range(10, 30), dice.range(20, 60), dice.range(50, 120)]
                [dice.weighted(&[5, 4, 1])],
        };
        // A large estate in a large fake: fifty dwellings a programme, not fifteen.
        let left = match total < LARGE {
            true => left as usize,
            false => left as usize * 10 / 3,
        };
        let year = match dice.weighted(&[6, 45, 22, 17, 10]) {
            0 => dice.range(1920, 1948),
            1 => dice.range(1949, 1974),
            2 => dice.range(1975, 1989),
            3 => dice.range(1990, 2009),
            _ => dice.range(2010, 2022),
        };
        let district = DISTRICTS
            .iter()
            .find(|(code, _)| *code == self.communes[commune].0)
            .filter(|_| (1949..1980).contains(&year) && !individual && dice.percent(60))
            .map(|(_, district)| *district);
        let financing = match year {
            ..=1976 => ["HLM/O", "PLR/PSR", "ILM"][dice.weighted(&[80, 15, 5])],
            1977..=1999 => ["PLA", "PLAI", "PLS"][dice.weighted(&[88, 8, 4])],
            _ => ["PLUS", "PLAI", "PLS", "PLI"][dice.weighted(&[66, 22, 9, 3])],
        };
        let age = (2024 - year.min(2024)) / 14;
        let label = (age + dice.range(0, 2)).saturating_sub(1).min(6) as usize;
        let hardship = dice.range(15, 55) + if district.is_some() { 35 } else { 0 };
        let prefix = if self.landlord == Landlord::A {
            ""
        } else {
            "B"
        };
        Programme {
            number: format!("{prefix}{:04}", 100 + rank),
            name: format!(
                "{}{}",
                NAMES[rank % NAMES.len()],
                ordinal(rank / NAMES.len())
            ),
            commune,
            district,
            individual,
            financing,
            year,
            label,
            hardship,
            left,
        }
    }

    fn row(&mut self, rank: usize, total: usize) -> Vec<String> {
        let mut programme = match self.programme.take() {
            Some(programme) if programme.left > 0 => programme,
            _ => self.begin(total),
        };
        programme.left -= 1;
        let dice = &mut self.dice;
        let pieces = match programme.individual {
            true => 2 + dice.weighted(&[10, 35, 40, 15]) as u32,
            false => 1 + dice.weighted(&[8, 22, 38, 24, 8]) as u32,
        };
        let surface = 16 + pieces * 15 + dice.range(0, 12);
        let (code, name) = self.communes[programme.commune].clone();
        let landlord = match self.landlord {
            Landlord::A => "Bailleur fictif A",
            Landlord::B => "Bailleur fictif B",
        };
        let id = match self.landlord {
            Landlord::A => 1_000_000_000 + rank,
            Landlord::B => 2_000_000_000 + rank,
        };
        let occupation = ["Loué", "Vacant", "Donné en location à des organismes tiers"]
            [dice.weighted(&[92, 6, 2])];
        let mut cells: Vec<String> = vec![
            landlord.to_owned(),
            id.to_string(),
            programme.number.clone(),
            programme.name.clone(),
            name,
            code,
            format!("{} rue fictive", 1 + rank % 97),
            if programme.individual {
                "Individuel"
            } else {
                "Collectif"
            }
            .to_owned(),
            format!("T{pieces}"),
            programme.financing.to_owned(),
            occupation.to_owned(),
        ];
        if occupation == "Loué" {
            self.household(&programme, pieces, &mut cells);
        } else {
            cells.resize(25, String::new());
        }
        let dice = &mut self.dice;
        cells.push(programme.district.unwrap_or("Non").to_owned());
        cells.push(programme.year.to_string());
        let shift = dice.weighted(&[15, 70, 15]);
        let label = (programme.label + shift).saturating_sub(1).min(6);
        let known = !dice.percent(12);
        cells.push(
            if known {
                ["A", "B", "C", "D", "E", "F", "G"][label]
            } else {
                ""
            }
            .to_owned(),
        );
        cells.push(pieces.to_string());
        cells.push(surface.to_string());
        self.programme = Some(programme);
        cells
    }

    /// Columns 11 to 24. Twelve households in a hundred did not answer; the
    /// others leave a question out now and then.
    fn household(&mut self, programme: &Programme, pieces: u32, cells: &mut Vec<String>) {
        use FamilySituation::{Alone, CoupleWith, CoupleWithout, Other, SingleParent};
        let dice = &mut self.dice;
        if dice.percent(12) {
            cells.resize(25, String::new());
            return;
        }
        let big = pieces.saturating_sub(1);
        let situation = [Alone, SingleParent, CoupleWithout, CoupleWith, Other]
            [dice.weighted(&[56 / (1 + big / 2), 10 + 7 * big, 14, 6 * big, 3])];
        let children = 1 + dice.weighted(&[50, 32, 13, 5]) as u32;
        let others = dice.range(1, 2);
        let (adults, children) = match situation {
            Alone => (1, 0),
            // Five columns of ages: no household of the example is larger.
            SingleParent => (1, children),
            CoupleWithout => (2, 0),
            CoupleWith => (2, children.min(3)),
            Other => (1 + others, 0),
        };
        let parent = matches!(situation, SingleParent | CoupleWith);
        let holder = if parent {
            dice.range(22, 56)
        } else {
            match dice.weighted(&[14, 14, 12, 28, 18, 14]) {
                0 => dice.range(19, 29),
                1 => dice.range(30, 39),
                2 => dice.range(40, 49),
                3 => dice.range(50, 64),
                4 => dice.range(65, 74),
                _ => dice.range(75, 96),
            }
        };
        let mut ages = vec![holder];
        for _ in 1..adults {
            ages.push((holder + dice.range(0, 12)).saturating_sub(6).max(18));
        }
        for _ in 0..children {
            ages.push(dice.range(0, (holder - 18).min(24)));
        }
        let majors: Vec<u32> = ages.iter().copied().filter(|age| *age >= 18).collect();
        let activities: Vec<&str> = majors
            .iter()
            .take(3)
            .map(|age| activity(dice, *age, programme.hardship))
            .collect();
        let n = ages.len();
        let income = income(dice, &self.ceilings, situation, &ages, programme.hardship);
        let elderly = holder >= 65;
        let skipped = |dice: &mut Dice, percent, value: String| {
            if dice.percent(percent) {
                String::new()
            } else {
                value
            }
        };
        cells.push(label(situation).to_owned());
        cells.push(n.to_string());
        cells.push(skipped(dice, 2, holder.to_string()));
        for rank in 0..5 {
            cells.push(ages.get(rank).map(u32::to_string).unwrap_or_default());
        }
        for rank in 0..3 {
            let value = activities
                .get(rank)
                .map(|a| (*a).to_owned())
                .unwrap_or_default();
            cells.push(skipped(dice, 4, value));
        }
        let helped = income < 14_000 + 3_000 * n as u64;
        let spelled = income.to_string();
        cells.push(skipped(dice, 5, spelled));
        let apl = helped && dice.percent(85);
        let apl = if apl { "Oui" } else { "Non" }.to_owned();
        cells.push(skipped(dice, 1, apl));
        let aspa = elderly && income < 12_000 && dice.percent(60);
        let aspa = if aspa { "Oui" } else { "Non" }.to_owned();
        cells.push(skipped(dice, 3, aspa));
    }
}

fn label(situation: FamilySituation) -> &'static str {
    match situation {
        FamilySituation::Alone => "Personne seule",
        FamilySituation::SingleParent => "Famille monoparentale",
        FamilySituation::CoupleWithout => "Couple sans enfant",
        FamilySituation::CoupleWith => "Couple avec enfant(s)",
        FamilySituation::Other => "Autre",
    }
}

fn activity(dice: &mut Dice, age: u32, hardship: u32) -> &'static str {
    const LABELS: [&str; 5] = [
        "Emploi stable",
        "Emploi précaire",
        "Chômeur",
        "Étudiant",
        "Sans emploi",
    ];
    let weights = match age {
        ..=24 => [18, 24, 18, 30, 10],
        25..=61 => [
            62 - hardship / 3,
            13,
            9 + hardship / 4,
            1,
            15 + hardship / 8,
        ],
        _ => [4, 1, 1, 0, 94],
    };
    LABELS[dice.weighted(&weights)]
}

/// An income: a share of the household's own ceiling, lower where life is hard.
fn income(
    dice: &mut Dice,
    ceilings: &PlusCeilings,
    situation: FamilySituation,
    ages: &[u32],
    hardship: u32,
) -> u64 {
    let household = Household {
        situation: Some(situation),
        occupants: Some(ages.len() as u16),
        listed_ages: ages.iter().map(|age| Some(*age as u8)).collect(),
        ..Household::default()
    };
    let ceiling = resources::ceiling(&household, ceilings).unwrap_or(30_000);
    let share = match dice.weighted(&[
        6 + hardship / 4,
        14 + hardship / 4,
        30,
        28 - hardship / 6,
        14,
        5,
        3,
    ]) {
        0 => dice.range(0, 19),
        1 => dice.range(20, 39),
        2 => dice.range(40, 59),
        3 => dice.range(60, 79),
        4 => dice.range(80, 99),
        5 => dice.range(100, 119),
        _ => dice.range(120, 160),
    };
    ceiling * u64::from(share) / 100 + u64::from(dice.range(0, 200))
}

fn ordinal(turn: usize) -> String {
    match turn {
        0 => String::new(),
        n => format!(" {}", n + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_seed_same_rows_and_other_seeds_differ() {
        let rows = table(Landlord::A, SEED, 300);
        assert_eq!(rows, table(Landlord::A, SEED, 300));
        assert_ne!(rows, table(Landlord::A, SEED + 1, 300));
        assert_ne!(rows, table(Landlord::B, SEED, 300));
        assert!(rows.iter().all(|row| row.len() == HEADERS.len()));
    }

    #[test]
    fn the_example_covers_the_territory_with_programmes_of_real_sizes() {
        let rows = table(Landlord::A, SEED, DWELLINGS);
        let mut communes = std::collections::BTreeSet::new();
        let mut programmes = std::collections::BTreeMap::new();
        for row in &rows[1..] {
            communes.insert(row[5].clone());
            *programmes
                .entry((row[2].clone(), row[5].clone()))
                .or_insert(0) += 1;
        }
        assert_eq!(communes.len(), 34);
        let cut = programmes.values().filter(|n| **n < 10).count();
        assert!(
            cut <= 1,
            "only the last programme may be cut: {programmes:?}"
        );
        assert!(programmes.values().all(|n| *n <= 120));
    }

    #[test]
    fn the_campaign_embeds_the_passage_of_both_landlords() {
        let mut expected = passage(Landlord::A, &table(Landlord::A, SEED, DWELLINGS));
        expected.extend(passage(Landlord::B, &table(Landlord::B, SEED, DWELLINGS_B)));
        let embedded = Campaign::example().file().passage.clone();
        assert!(embedded.len() > 40, "{}", embedded.len());
        assert!(embedded.iter().any(|line| line.qpv.is_some()));
        assert_eq!(embedded, expected);
    }

    #[test]
    fn about_one_household_in_eight_did_not_answer() {
        let rows = table(Landlord::A, SEED, DWELLINGS);
        let let_rows: Vec<_> = rows[1..].iter().filter(|row| row[10] == "Loué").collect();
        let silent = let_rows.iter().filter(|row| row[11].is_empty()).count();
        let percent = silent * 100 / let_rows.len();
        assert!((9..=15).contains(&percent), "{percent}");
    }
}
