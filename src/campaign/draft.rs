//! A campaign being prepared: what stands in the fields of a form → a campaign
//! file, or what to mend, field by field. Nothing typed is ever changed.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::lists::{self, Line, ListKind};
use super::{
    BearsOn, Campaign, CampaignFile, Commune, District, EMBEDDED, FORMAT, Landlord, MIN_RESPONSE,
    MIN_THRESHOLD, Passage, PlusCeilings, Rate, RulesFile, Territory, VERSION, is_date,
    is_identifier, normalise,
};
use crate::json;
use crate::words::prepare;

/// Most faults told of one field: the others will be seen when these are mended.
const MAX_TOLD: usize = 5;

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// Identifier of the campaign.
    Id,
    /// Name of the EPCI.
    Territory,
    /// Its SIREN.
    Siren,
    /// Date of the survey.
    ReferenceDate,
    /// « Source OPS 2024 ».
    Mention,
    /// Communes.
    Communes,
    /// Landlords.
    Landlords,
    /// Names of priority districts.
    Districts,
    /// *Table de passage*.
    Passage,
    /// Threshold.
    Threshold,
    /// Reading of the threshold.
    BearsOn,
    /// Least response rate.
    MinResponse,
    /// Year of the ceilings.
    Vintage,
    /// Zone of the ceilings.
    Zone,
    /// The ceilings.
    Ceilings,
    /// First quartile.
    FirstQuartile,
}

impl Field {
    /// All, in the order of the form.
    pub const ALL: [Self; 16] = [
        Self::Id,
        Self::Territory,
        Self::Siren,
        Self::ReferenceDate,
        Self::Mention,
        Self::Communes,
        Self::Landlords,
        Self::Districts,
        Self::Passage,
        Self::Threshold,
        Self::BearsOn,
        Self::MinResponse,
        Self::Vintage,
        Self::Zone,
        Self::Ceilings,
        Self::FirstQuartile,
    ];

    /// Its identifier on the page.
    pub fn id(self) -> &'static str {
        match self {
            Self::Id => "prepa-id",
            Self::Territory => "prepa-territoire",
            Self::Siren => "prepa-siren",
            Self::ReferenceDate => "prepa-date",
            Self::Mention => "prepa-mention",
            Self::Communes => "prepa-communes",
            Self::Landlords => "prepa-bailleurs",
            Self::Districts => "prepa-quartiers",
            Self::Passage => "prepa-passage",
            Self::Threshold => "prepa-seuil",
            Self::BearsOn => "prepa-lecture",
            Self::MinResponse => "prepa-reponse",
            Self::Vintage => "prepa-millesime",
            Self::Zone => "prepa-zone",
            Self::Ceilings => "prepa-plafonds",
            Self::FirstQuartile => "prepa-quartile",
        }
    }
}

/// Does a campaign say something else than one that a form made, under its
/// identifier? Both are compared as a form writes them, defaults written out.
fn differs(known: &Campaign, made: &Campaign) -> bool {
    let rewritten = || Draft::of(known.file()).prepare();
    known.file().id == made.file().id
        && rewritten().map_or(true, |known| {
            known.campaign.fingerprint() != made.fingerprint()
        })
}

/// Another identifier than this one: « cucm-ops-2024-2 » after « cucm-ops-2024 ».
fn next_id(id: &str) -> String {
    // Four figures are a year.
    let numbered = id.rsplit_once('-').and_then(|(stem, number)| {
        let number: u32 = number.parse().ok().filter(|n| (2..1_000).contains(n))?;
        Some((stem, number))
    });
    let (stem, number) = numbered.unwrap_or((id, 1));
    format!("{stem}-{}", number + 1)
}

/// What is wrong with a field: a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which field.
    pub field: Field,
    /// What is wrong and how to mend it.
    pub sentence: String,
}

/// What stands in the form, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    values: HashMap<String, String>,
    /// Are small programmes grouped?
    pub group_small_programmes: bool,
}

/// A campaign that is ready.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The campaign, as the parser reads the bytes.
    pub campaign: Campaign,
    /// The file.
    pub bytes: Vec<u8>,
    /// Its name.
    pub file_name: String,
}

impl Draft {
    /// What a field holds.
    pub fn get(&self, field: Field) -> &str {
        self.values.get(field.id()).map_or("", String::as_str)
    }

    /// Puts a value in a field.
    pub fn set(&mut self, field: Field, value: impl Into<String>) {
        self.values.insert(field.id().to_owned(), value.into());
    }

    /// The form of a campaign that exists.
    pub fn of(file: &CampaignFile) -> Self {
        let mut draft = Self {
            group_small_programmes: file.rules.group_small_programmes,
            ..Self::default()
        };
        let text = |lines: Vec<Vec<String>>| lists::text(lines.iter().map(Vec::as_slice));
        let given = |value: &Option<String>| value.clone().unwrap_or_default();
        draft.set(Field::Id, &file.id);
        draft.set(Field::Territory, &file.territory.name);
        draft.set(Field::Siren, &file.territory.siren);
        draft.set(Field::ReferenceDate, &file.reference_date);
        draft.set(Field::Mention, &file.mention);
        let communes = file.communes.iter();
        draft.set(
            Field::Communes,
            text(
                communes
                    .map(|c| vec![c.code.clone(), c.name.clone()])
                    .collect(),
            ),
        );
        let landlords = file.landlords.iter().map(|l| {
            let mut line = vec![l.id.clone(), l.name.clone(), given(&l.siren)];
            line.extend(l.aliases.iter().cloned());
            line
        });
        draft.set(Field::Landlords, text(landlords.collect()));
        let districts = file.districts.iter();
        let districts = districts.map(|d| vec![d.code.clone(), d.name.clone()]);
        draft.set(Field::Districts, text(districts.collect()));
        let passage = file.passage.iter().map(|p| {
            vec![
                p.landlord.clone(),
                p.programme.clone(),
                given(&p.commune),
                given(&p.secteur),
                given(&p.qpv),
            ]
        });
        draft.set(Field::Passage, text(passage.collect()));
        draft.set(Field::Threshold, file.rules.threshold.to_string());
        draft.set(Field::BearsOn, file.rules.reading().id());
        draft.set(
            Field::MinResponse,
            prepare::rate_typed(file.rules.min_response),
        );
        draft.set_ceilings(&file.plus_ceilings);
        let quartile = file.first_quartile.map(|euros| euros.to_string());
        draft.set(Field::FirstQuartile, quartile.unwrap_or_default());
        draft
    }

    /// Puts ceilings in their three fields.
    pub fn set_ceilings(&mut self, ceilings: &PlusCeilings) {
        let all = ceilings.categories.iter().chain([&ceilings.supplement]);
        let words: Vec<String> = all.map(u32::to_string).collect();
        self.set(Field::Vintage, ceilings.vintage.to_string());
        self.set(Field::Zone, &ceilings.zone);
        self.set(Field::Ceilings, words.join(" "));
    }

    /// The campaign file that the form says.
    ///
    /// # Errors
    /// What is wrong, in the order of the form.
    pub fn prepare(&self) -> Result<Prepared, Vec<Fault>> {
        let mut faults = Vec::new();
        let file = self.file(&mut Faults(&mut faults));
        if !faults.is_empty() {
            return Err(faults);
        }
        let bytes = json::pretty(&file).into_bytes();
        // The parser that every landlord's page uses has the last word.
        match Campaign::parse(&bytes) {
            Ok(campaign) => Ok(Prepared {
                file_name: format!("{}.campagne.json", file.id),
                campaign,
                bytes,
            }),
            Err(error) => Err(vec![Fault {
                field: Field::Id,
                sentence: error.to_string(),
            }]),
        }
    }

    /// The campaign file that the form says, to be handed out: under the identifier
    /// of a campaign that says something else, nobody could tell the two apart. Those
    /// known are the ones that the page holds, and the one that the form began from.
    ///
    /// One that the page holds goes out as it is held, to the byte: another spelling
    /// of the same words has another fingerprint, under which nothing would merge.
    ///
    /// # Errors
    /// What is wrong, in the order of the form.
    pub fn prepare_to_hand_out(&self, origin: Option<&Campaign>) -> Result<Prepared, Vec<Fault>> {
        let made = self.prepare()?;
        let id = &made.campaign.file().id;
        let mut taken = origin.is_some_and(|known| differs(known, &made.campaign));
        for held in EMBEDDED {
            let known = Campaign::parse(held.as_bytes()).expect("checked by a test");
            if known.file().id != *id {
                continue;
            }
            if !differs(&known, &made.campaign) {
                return Ok(Prepared {
                    campaign: known,
                    bytes: held.as_bytes().to_vec(),
                    file_name: made.file_name,
                });
            }
            taken = true;
        }
        if taken {
            return Err(vec![Fault {
                field: Field::Id,
                sentence: prepare::taken_id(id, &next_id(id)),
            }]);
        }
        Ok(made)
    }

    fn file(&self, faults: &mut Faults<'_>) -> CampaignFile {
        let id = self.get(Field::Id).trim();
        faults.unless(is_identifier(id), Field::Id, prepare::BAD_ID);
        let territory = self.required(Field::Territory, faults);
        let siren = compact(self.get(Field::Siren));
        faults.unless(is_siren(&siren), Field::Siren, prepare::BAD_SIREN);
        let date = self.get(Field::ReferenceDate).trim();
        faults.unless(is_date(date), Field::ReferenceDate, prepare::BAD_DATE);
        let mention = self.required(Field::Mention, faults);
        let communes = self.communes(faults);
        let landlords = self.landlords(faults);
        let passage = self.passage(&landlords, &communes, faults);
        let rules = RulesFile {
            threshold: self.number(Field::Threshold, faults, prepare::BAD_THRESHOLD, |n| {
                n >= MIN_THRESHOLD
            }),
            bears_on: match self.get(Field::BearsOn) {
                "population" => Some(BearsOn::Population),
                _ => Some(BearsOn::Effectif),
            },
            min_response: match rate(self.get(Field::MinResponse)) {
                Some(rate) if rate >= MIN_RESPONSE => rate,
                _ => {
                    faults.add(Field::MinResponse, prepare::BAD_RESPONSE);
                    MIN_RESPONSE
                }
            },
            group_small_programmes: self.group_small_programmes,
        };
        CampaignFile {
            format: FORMAT.to_owned(),
            version: VERSION,
            id: id.to_owned(),
            territory: Territory {
                name: territory,
                siren,
            },
            reference_date: date.to_owned(),
            mention,
            rules,
            landlords,
            communes,
            districts: self.districts(faults),
            passage,
            plus_ceilings: self.ceilings(faults),
            first_quartile: match compact(self.get(Field::FirstQuartile)) {
                empty if empty.is_empty() => None,
                text => {
                    let euros = text.parse().ok().filter(|euros: &u64| *euros > 0);
                    faults.unless(
                        euros.is_some(),
                        Field::FirstQuartile,
                        prepare::BAD_FIRST_QUARTILE,
                    );
                    euros
                }
            },
        }
    }

    fn required(&self, field: Field, faults: &mut Faults<'_>) -> String {
        let value = self.get(field).trim();
        faults.unless(!value.is_empty(), field, prepare::REQUIRED);
        value.to_owned()
    }

    fn number<T: std::str::FromStr + Default + Copy>(
        &self,
        field: Field,
        faults: &mut Faults<'_>,
        sentence: &str,
        accept: impl Fn(T) -> bool,
    ) -> T {
        let value = compact(self.get(field)).parse().ok();
        match value.filter(|value| accept(*value)) {
            Some(value) => value,
            None => {
                faults.add(field, sentence);
                T::default()
            }
        }
    }

    fn ceilings(&self, faults: &mut Faults<'_>) -> PlusCeilings {
        let vintage = self.number(Field::Vintage, faults, prepare::BAD_VINTAGE, |n: u16| {
            (1_987..=2_100).contains(&n)
        });
        let zone = self.required(Field::Zone, faults);
        let numbers: Option<Vec<u32>> = self
            .get(Field::Ceilings)
            .split(|c: char| c.is_whitespace() || c == ';' || c == ',')
            .filter(|word| !word.is_empty())
            .map(|word| word.parse().ok())
            .collect();
        let (mut categories, mut supplement) = ([0; 6], 0);
        match numbers.as_deref() {
            // A larger household never has a lower ceiling.
            Some([six @ .., more])
                if six.len() == 6 && six[0] > 0 && *more > 0 && six.is_sorted() =>
            {
                categories.copy_from_slice(six);
                supplement = *more;
            }
            _ => faults.add(Field::Ceilings, prepare::BAD_CEILINGS),
        }
        PlusCeilings {
            vintage,
            zone,
            categories,
            supplement,
        }
    }

    fn lines(&self, kind: ListKind, field: Field, faults: &mut Faults<'_>) -> Vec<Line> {
        lists::lines(kind, self.get(field)).unwrap_or_else(|sentence| {
            faults.add(field, &prepare::unreadable_list(&sentence));
            Vec::new()
        })
    }

    fn communes(&self, faults: &mut Faults<'_>) -> Vec<Commune> {
        let before = faults.0.len();
        let mut seen = HashMap::new();
        let mut communes = Vec::new();
        for (number, fields) in self.lines(ListKind::Communes, Field::Communes, faults) {
            let code = insee(cell(&fields, 0));
            let name = cell(&fields, 1);
            if fields.len() > 2 {
                faults.line(Field::Communes, number, prepare::TOO_MANY_COLUMNS);
            } else if code.len() != 5 || !code.bytes().all(|b| b.is_ascii_alphanumeric()) {
                faults.line(Field::Communes, number, &prepare::bad_code(&code));
            } else if name.is_empty() {
                faults.line(Field::Communes, number, prepare::NO_NAME);
            } else if let Some(first) = seen.insert(code.clone(), number) {
                faults.line(Field::Communes, number, &prepare::again(&code, first));
            } else {
                communes.push(Commune {
                    code,
                    name: name.to_owned(),
                });
            }
        }
        let told = faults.0.len() > before;
        faults.unless(
            told || !communes.is_empty(),
            Field::Communes,
            prepare::NO_COMMUNE,
        );
        communes
    }

    fn landlords(&self, faults: &mut Faults<'_>) -> Vec<Landlord> {
        let before = faults.0.len();
        let mut ids = HashMap::new();
        let mut names: HashMap<String, usize> = HashMap::new();
        let mut landlords = Vec::new();
        for (number, fields) in self.lines(ListKind::Landlords, Field::Landlords, faults) {
            let (id, name, siren) = (cell(&fields, 0), cell(&fields, 1), cell(&fields, 2));
            // A name alone is enough: the identifier is made of its words.
            let (id, name) = match (id, name) {
                (name, "") if fields.len() == 1 => (identifier_of(name), name),
                ("", name) => (identifier_of(name), name),
                (id, name) => (id.to_owned(), name),
            };
            let id = id.as_str();
            let siren = compact(siren);
            let aliases: Vec<String> = fields
                .iter()
                .skip(3)
                .filter(|alias| !alias.is_empty())
                .cloned()
                .collect();
            if !is_identifier(id) {
                faults.line(Field::Landlords, number, &prepare::bad_landlord(id));
            } else if name.is_empty() {
                faults.line(Field::Landlords, number, prepare::NO_NAME);
            } else if !siren.is_empty() && !is_siren(&siren) {
                faults.line(Field::Landlords, number, prepare::BAD_SIREN);
            } else if let Some(first) = ids.insert(id.to_owned(), number) {
                faults.line(Field::Landlords, number, &prepare::again(id, first));
            } else {
                // Two landlords under one name could not be told apart in a file.
                let own: HashSet<String> = [id, name, siren.as_str()]
                    .into_iter()
                    .chain(aliases.iter().map(String::as_str))
                    .map(normalise)
                    .filter(|name| !name.is_empty())
                    .collect();
                let mut shared: Vec<&String> =
                    own.iter().filter(|n| names.contains_key(*n)).collect();
                crate::order::sort(&mut shared);
                if let Some(taken) = shared.first() {
                    let first = names[*taken];
                    faults.line(Field::Landlords, number, &prepare::again(taken, first));
                }
                names.extend(own.into_iter().map(|name| (name, number)));
                landlords.push(Landlord {
                    id: id.to_owned(),
                    name: name.to_owned(),
                    siren: (!siren.is_empty()).then_some(siren),
                    aliases,
                });
            }
        }
        let told = faults.0.len() > before;
        faults.unless(
            told || !landlords.is_empty(),
            Field::Landlords,
            prepare::NO_LANDLORD,
        );
        landlords
    }

    fn districts(&self, faults: &mut Faults<'_>) -> Vec<District> {
        let mut seen = HashMap::new();
        let mut districts = Vec::new();
        for (number, fields) in self.lines(ListKind::Districts, Field::Districts, faults) {
            let (code, name) = (cell(&fields, 0), cell(&fields, 1));
            if fields.len() > 2 {
                faults.line(Field::Districts, number, prepare::TOO_MANY_COLUMNS);
            } else if code.is_empty() || name.is_empty() {
                faults.line(Field::Districts, number, prepare::DISTRICT_WITHOUT);
            } else if let Some(first) = seen.insert(code.to_ascii_uppercase(), number) {
                faults.line(Field::Districts, number, &prepare::again(code, first));
            } else {
                districts.push(District {
                    code: code.to_owned(),
                    name: name.to_owned(),
                });
            }
        }
        districts
    }

    fn passage(
        &self,
        landlords: &[Landlord],
        communes: &[Commune],
        faults: &mut Faults<'_>,
    ) -> Vec<Passage> {
        // A file may call landlords and communes by their names.
        let mut by_name: HashMap<String, &str> = HashMap::new();
        for landlord in landlords.iter().rev() {
            let names = [&landlord.id, &landlord.name].into_iter();
            for name in names.chain(&landlord.aliases).chain(&landlord.siren) {
                by_name.insert(normalise(name), &landlord.id);
            }
        }
        let codes: HashSet<&str> = communes.iter().map(|c| c.code.as_str()).collect();
        let by_commune: HashMap<String, &str> = communes
            .iter()
            .map(|c| (super::normalise_commune(&c.name), c.code.as_str()))
            .collect();
        let optional = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let mut seen: HashMap<(String, String, Option<String>), (usize, Passage)> = HashMap::new();
        let mut passage = Vec::new();
        for (number, fields) in self.lines(ListKind::Passage, Field::Passage, faults) {
            let (landlord, programme) = (cell(&fields, 0), cell(&fields, 1));
            let Some(id) = by_name.get(&normalise(landlord)) else {
                faults.line(Field::Passage, number, &prepare::no_landlord(landlord));
                continue;
            };
            if programme.is_empty() {
                faults.line(Field::Passage, number, prepare::NO_PROGRAMME);
                continue;
            }
            let commune = cell(&fields, 2);
            let code = insee(commune);
            let code = match codes.contains(code.as_str()) {
                true => Some(code.as_str()),
                false => by_commune.get(&super::normalise_commune(commune)).copied(),
            };
            if code.is_none() && !commune.is_empty() {
                faults.line(Field::Passage, number, &prepare::no_commune(commune));
                continue;
            }
            if fields.len() > 5 {
                faults.line(Field::Passage, number, prepare::TOO_MANY_COLUMNS);
                continue;
            }
            let line = Passage {
                landlord: (*id).to_owned(),
                programme: programme.to_owned(),
                commune: code.map(str::to_owned),
                secteur: optional(cell(&fields, 3)),
                qpv: optional(cell(&fields, 4)),
            };
            let key = (
                line.landlord.clone(),
                line.programme.clone(),
                line.commune.clone(),
            );
            match seen.get(&key) {
                // The same said twice is said once.
                Some((_, same)) if *same == line => {}
                Some((first, _)) => {
                    faults.line(
                        Field::Passage,
                        number,
                        &prepare::placed_twice(programme, *first),
                    );
                }
                None => {
                    seen.insert(key, (number, line.clone()));
                    passage.push(line);
                }
            }
        }
        passage
    }
}

struct Faults<'a>(&'a mut Vec<Fault>);

impl Faults<'_> {
    fn add(&mut self, field: Field, sentence: &str) {
        match self.0.iter().filter(|f| f.field == field).count() {
            told if told < MAX_TOLD => self.0.push(Fault {
                field,
                sentence: sentence.to_owned(),
            }),
            MAX_TOLD => self.0.push(Fault {
                field,
                sentence: prepare::MORE_FAULTS.to_owned(),
            }),
            _ => {}
        }
    }

    fn unless(&mut self, right: bool, field: Field, sentence: &str) {
        if !right {
            self.add(field, sentence);
        }
    }

    fn line(&mut self, field: Field, number: usize, what: &str) {
        self.add(field, &prepare::at_line(number, what));
    }
}

fn cell(fields: &[String], at: usize) -> &str {
    fields.get(at).map_or("", String::as_str)
}

/// Without any space.
fn compact(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// A code whose leading zero a spreadsheet took away gets it back.
fn insee(text: &str) -> String {
    let lost = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    format!("{}{}", if lost { "0" } else { "" }, text.to_uppercase())
}

/// « Habitat Val de Saône » → `habitat-val-de-saone`.
fn identifier_of(name: &str) -> String {
    normalise(name).to_lowercase().replace(' ', "-")
}

fn is_siren(text: &str) -> bool {
    text.len() == 9 && text.bytes().all(|b| b.is_ascii_digit())
}

/// A rate typed in per cent, with at most three decimals.
fn rate(text: &str) -> Option<Rate> {
    let text = compact(text).replace(',', ".");
    let text = text.strip_suffix('%').unwrap_or(&text);
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty()
        || whole.len() > 3
        || decimals.len() > 3
        || !digits(whole)
        || !digits(decimals)
    {
        return None;
    }
    let rate: u32 = format!("{whole}{decimals:0<3}").parse().ok()?;
    (rate <= Rate::ONE).then_some(Rate(rate))
}

#[cfg(test)]
mod tests;
