//! A row of cells → a dwelling, or the reason why it is none.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{BuildHasher, Hash, Hasher};

use foldhash::fast::FixedState;

use super::cell::{Row, Value, trimmed};
use super::columns::{COLUMNS, Columns, Role, canonical};
use super::correspondence::{Correspondence, scope_of, value_of};
use super::header::{Mapping, Used};
use super::namesakes;
use super::numbers::{self, Calendar};
use super::report::{NamedLandlord, Reason, Sample};
use super::rpls::Rpls;
use super::seen::Seen;
use super::tally::{At, Kind, Tally};
use super::values::{self, Answer, Scope, is_silence, says_nothing};
use crate::campaign::{Campaign, normalise};
use crate::dwelling::{
    Activity, Dwelling, EnergyLabel, FamilySituation, Financing, Household, HousingType,
    Occupation, Qpv, Typology, Variable,
};
use crate::legible;

/// Most distinct spellings remembered for one vocabulary.
const MAX_REMEMBERED: usize = 4_096;
/// Most distinct landlords' names remembered.
const MAX_LANDLORD_NAMES: usize = 200;
/// Longest programme number or name, in characters.
const MAX_PROGRAMME_CHARS: usize = 200;

/// What the spellings met so far mean: labels come back thousands of times.
///
/// NOTE: the hash has no secret. A file made so that its labels collide slows
/// its own reading only, and by a bounded number of labels.
struct Memo<T> {
    texts: HashMap<String, T, FixedState>,
    /// By their bits: no text is made of a number.
    numbers: HashMap<u64, T, FixedState>,
}

impl<T: Clone> Memo<T> {
    fn get(&mut self, value: &Value<'_>, find: impl FnOnce() -> T) -> T {
        if let Value::Number(n) = value {
            let bits = n.to_bits();
            if let Some(known) = self.numbers.get(&bits) {
                return known.clone();
            }
            let found = find();
            if self.numbers.len() < MAX_REMEMBERED {
                self.numbers.insert(bits, found.clone());
            }
            return found;
        }
        let text = value.text();
        if let Some(known) = self.texts.get(text.as_ref()) {
            return known.clone();
        }
        let found = find();
        if self.texts.len() < MAX_REMEMBERED {
            self.texts.insert(text.into_owned(), found.clone());
        }
        found
    }
}

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self {
            texts: HashMap::default(),
            numbers: HashMap::default(),
        }
    }
}

#[derive(Default)]
struct Memos {
    communes: Memo<Commune>,
    codes: Memo<Commune>,
    near: Memo<Option<usize>>,
    landlords: Memo<Option<usize>>,
    occupation: Memo<Answer<Scope>>,
    housing: Memo<Answer<HousingType>>,
    typology: Memo<Answer<(Typology, Option<u8>)>>,
    financing: Memo<Answer<Financing>>,
    situation: Memo<Answer<FamilySituation>>,
    activity: Memo<Answer<Activity>>,
    energy: Memo<Answer<EnergyLabel>>,
    rooms: Memo<Answer<u8>>,
    flags: Memo<Answer<bool>>,
    /// By column of districts: each has its role.
    districts: Vec<Memo<Answer<Qpv>>>,
    /// Ranks among the landlords named.
    named: Memo<Option<usize>>,
}

/// What the name or the code of a commune says.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Commune {
    /// Nothing.
    Silent,
    /// Not a code.
    Illegible,
    /// Of the territory; from a name that a postal code preceded, its department.
    Inside(usize, Option<String>),
    /// Elsewhere; from a code, its department.
    Outside(Option<String>),
}

/// Reads rows into one reused dwelling.
pub(crate) struct Reader<'a> {
    campaign: &'a Campaign,
    profile: Option<&'a Correspondence>,
    calendar: Calendar,
    mapping: &'a Mapping,
    /// For each variable, the ranks of its columns in the mapping.
    columns: Vec<Vec<usize>>,
    memos: Memos,
    /// Dwellings read: the hash of their identifier, and of what the row says.
    seen: Seen,
    pub(crate) rpls: Option<&'a Rpls>,
    pub(crate) rpls_matched: u64,
    /// Rank of the landlord whose rows are wanted, when one was chosen.
    pub(crate) own: Option<usize>,
    pub(crate) landlords: Vec<NamedLandlord>,
    pub(crate) tally: Tally,
    dwelling: Dwelling,
    scratch: String,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(
        campaign: &'a Campaign,
        profile: Option<&'a Correspondence>,
        calendar: Calendar,
        mapping: &'a Mapping,
    ) -> Self {
        let mut columns = vec![Vec::new(); COLUMNS.len()];
        for (rank, used) in mapping.used.iter().enumerate() {
            columns[used.variable as usize].push(rank);
        }
        Self {
            campaign,
            profile,
            calendar,
            mapping,
            columns,
            memos: Memos::default(),
            seen: Seen::default(),
            rpls: None,
            rpls_matched: 0,
            own: None,
            landlords: Vec::new(),
            tally: Tally::new(mapping),
            dwelling: Dwelling::default(),
            scratch: String::new(),
        }
    }

    fn used(&self, variable: Variable) -> Option<&'a Used> {
        let rank = *self.columns[variable as usize].first()?;
        Some(&self.mapping.used[rank])
    }

    fn cell<'r>(&self, row: &'r Row, variable: Variable) -> Value<'r> {
        self.used(variable)
            .map_or(Value::Empty, |used| row.get(used.column))
    }

    /// The dwelling of a row that is not blank, when it counts.
    pub(crate) fn read(&mut self, at: At<'_>, row: &Row) -> Option<&Dwelling> {
        self.tally.rows_read += 1;
        if self.is_of_another(at, row) {
            return None;
        }
        let commune = self.commune(at, row)?;
        self.tally.in_commune(commune);
        if self.is_duplicate(at, row) {
            return None;
        }
        let occupation = match self.occupation(at, row) {
            Some(Scope::Out(reason)) => {
                self.tally
                    .left_out(reason, at, self.column(Variable::Occupation));
                return None;
            }
            Some(Scope::In(occupation)) => Some(occupation),
            None => None,
        };
        self.dwelling.clear();
        self.dwelling.commune = commune;
        self.dwelling.occupation = occupation;
        self.tally.kept();
        self.landlord(row);
        self.programme(row);
        self.building(at, row);
        self.join(at, row);
        if occupation == Some(Occupation::Let) {
            self.tally.is_let();
            self.household(at, row);
        }
        sample(&mut self.tally, self.mapping, row);
        Some(&self.dwelling)
    }

    fn column(&self, variable: Variable) -> Option<(usize, &'a str)> {
        self.used(variable).map(|u| (u.column, u.header.as_str()))
    }

    /// The commune of the row: its INSEE code, else its name, with the
    /// department of the postal code when there is one (README of the domain:
    /// nine communes of the territory have namesakes elsewhere).
    fn commune(&mut self, at: At<'_>, row: &Row) -> Option<usize> {
        let campaign = self.campaign;
        let code = self.cell(row, Variable::InseeCode);
        let name = self.cell(row, Variable::Commune);
        let profile = self.profile;
        let postal = department_of_postal(&self.cell(row, Variable::PostalCode).text());
        let by_code = self.memos.codes.get(&code, || of_code(campaign, &code));
        // What the user said of a name is for the rows that say no more.
        let said = profile
            .filter(|_| postal.is_none())
            .and_then(|p| p.meaning(Variable::Commune, &name.text()));
        let by_name = match said {
            Some(meaning) => said_of(campaign, meaning),
            None => self.memos.communes.get(&name, || of_name(campaign, &name)),
        };
        // REASON: no two communes of a department bear one name, so a code of
        // that department that is not of the territory is the wrong one: a
        // postal code most often, or that of a commune merged since.
        if let (Commune::Outside(Some(department)), Commune::Inside(rank, _)) = (&by_code, &by_name)
            && campaign.file().communes[*rank].code.starts_with(department)
        {
            let column = self.column(Variable::InseeCode);
            self.tally.find(Kind::CommuneCode, None, at, column);
            return Some(*rank);
        }
        match by_code {
            Commune::Inside(rank, _) => {
                if let Commune::Inside(other, _) = by_name
                    && other != rank
                {
                    let column = self.column(Variable::Commune);
                    self.tally.find(Kind::CommuneConflict, None, at, column);
                }
                return Some(rank);
            }
            Commune::Outside(_) => {
                let known = if is_silence(&normalise(&name.text())) {
                    code
                } else {
                    name
                };
                let column = self.column(Variable::InseeCode);
                return self.outside(at, &known.text(), column);
            }
            Commune::Illegible => {
                if let Some(column) = self.column(Variable::InseeCode) {
                    let text = code.text();
                    self.tally
                        .misunderstood(false, Variable::InseeCode, &text, at, column);
                }
            }
            Commune::Silent => {}
        }
        let column = self.column(Variable::Commune);
        match by_name {
            Commune::Inside(rank, prefix) => {
                let department = prefix.or(postal);
                let commune = &campaign.file().communes[rank];
                if department.is_none() && namesakes::has(&commune.code) {
                    self.tally.find(Kind::Namesake, None, at, column);
                    self.tally
                        .ask_commune(&name.text(), commune, true, at, column);
                }
                // A namesake in another department.
                if department.is_some_and(|d| !commune.code.starts_with(&d)) {
                    let (name, postal) = (name.text(), self.cell(row, Variable::PostalCode));
                    let shown = match postal {
                        Value::Empty => name.into_owned(),
                        postal => format!("{name} ({})", postal.text()),
                    };
                    return self.outside(at, &shown, column);
                }
                Some(rank)
            }
            Commune::Outside(_) => {
                if let Some(reason) = self.not_a_dwelling(row) {
                    self.tally.left_out(reason, at, column);
                    return None;
                }
                let text = name.text();
                let near = self.memos.near.get(&name, || near(campaign, &text));
                if let (None, Some(rank)) = (said, near)
                    && let meant = &campaign.file().communes[rank]
                    && postal.is_none_or(|department| meant.code.starts_with(&department))
                {
                    self.tally.find(Kind::NearCommune, None, at, column);
                    self.tally.ask_commune(&text, meant, false, at, column);
                }
                self.outside(at, &text, column)
            }
            Commune::Silent | Commune::Illegible => {
                let reason = self.not_a_dwelling(row).unwrap_or(Reason::NoCommune);
                let column = column.or(self.column(Variable::InseeCode));
                self.tally.left_out(reason, at, column);
                None
            }
        }
    }

    fn outside(&mut self, at: At<'_>, name: &str, column: Option<(usize, &str)>) -> Option<usize> {
        self.tally.outside(name);
        self.tally.left_out(Reason::OutsideTerritory, at, column);
        None
    }

    /// A total, or the header again: rows that no commune of the territory
    /// vouches for.
    fn not_a_dwelling(&self, row: &Row) -> Option<Reason> {
        let name = self.cell(row, Variable::Commune);
        if let Some(used) = self.used(Variable::Commune)
            && !matches!(name, Value::Empty)
            && canonical(&name.text()) == canonical(&used.header)
        {
            return Some(Reason::RepeatedHeader);
        }
        // NOTE: columns of identity are not looked at, not even for a total.
        let readable = |column: usize| {
            !self
                .mapping
                .ignored
                .iter()
                .any(|(at, _, why)| *at == column && *why == super::report::Ignored::Identity)
        };
        (0..row.width())
            .filter(|column| readable(*column))
            .find_map(|column| match row.get(column) {
                Value::Text(text) => Some(text),
                _ => None,
            })
            .map(normalise)
            .filter(|plain| {
                [
                    "TOTAL",
                    "SOUS TOTAL",
                    "ENSEMBLE",
                    "SOMME",
                    "NB TOTAL",
                    "NOMBRE TOTAL",
                ]
                .iter()
                .any(|word| plain.starts_with(word))
            })
            .map(|_| Reason::Total)
    }

    /// Was the dwelling of this identifier read already? The first row wins.
    fn is_duplicate(&mut self, at: At<'_>, row: &Row) -> bool {
        for variable in [Variable::DwellingId, Variable::OwnDwellingId] {
            let Some(column) = self.column(variable) else {
                continue;
            };
            let value = self.cell(row, variable);
            let text = value.text();
            if says_nothing(&text) {
                continue;
            }
            if is_scientific(&text) {
                self.tally
                    .find(Kind::ScientificId, Some(variable), at, Some(column));
                continue;
            }
            let plain = normalise(&text);
            // Leading zeros come and go with the tools that write the file.
            let digits = plain.trim_start_matches('0');
            let key = if plain.bytes().all(|b| b.is_ascii_digit()) {
                digits
            } else {
                &plain
            };
            let mut hasher = DefaultHasher::new();
            (variable as u8, key).hash(&mut hasher);
            if variable == Variable::OwnDwellingId {
                // Two landlords may well use the same references.
                let landlord = self.cell(row, Variable::Landlord);
                normalise(&landlord.text()).hash(&mut hasher);
            }
            let says = self.says(row);
            if let Some(first) = self.seen.first(hasher.finish(), says) {
                self.tally.left_out(Reason::Duplicate, at, Some(column));
                if first != says {
                    self.tally
                        .find(Kind::DuplicateDiffers, None, at, Some(column));
                }
                return true;
            }
            return false;
        }
        false
    }

    /// What the columns used say.
    fn says(&self, row: &Row) -> u32 {
        // Only compared with that of another row of the same dwelling.
        let mut hasher = FixedState::default().build_hasher();
        for used in &self.mapping.used {
            match row.get(used.column) {
                Value::Text(text) => trimmed(text).hash(&mut hasher),
                Value::Number(n) => n.to_bits().hash(&mut hasher),
                other => other.text().hash(&mut hasher),
            }
        }
        hasher.finish() as u32
    }

    fn occupation(&mut self, at: At<'_>, row: &Row) -> Option<Scope> {
        let used = self.used(Variable::Occupation)?;
        let (value, profile) = (row.get(used.column), self.profile);
        let answer = self.memos.occupation.get(&value, || {
            match profile.and_then(|p| p.meaning(Variable::Occupation, &value.text())) {
                Some(meaning) => scope_of(meaning),
                None => values::occupation(&value, used.role),
            }
        });
        if let Answer::Known(Scope::Out(reason)) = answer {
            return Some(Scope::Out(reason));
        }
        self.note(at, used, &value, answer)
    }

    /// Counts a value of a variable whose labels the user explained: the profile
    /// keeps only those that are frequent.
    fn given(&mut self, variable: Variable, value: &Value<'_>) {
        if let Some(profile) = self.profile
            && profile.values.contains_key(&variable)
        {
            let text = value.text();
            let label = profile.label(variable, &text).map(|(label, _)| label);
            self.tally.given(variable, &text, label);
        }
    }

    /// Counts an answer, or notes why there is none.
    fn note<T>(
        &mut self,
        at: At<'_>,
        used: &Used,
        value: &Value<'_>,
        answer: Answer<T>,
    ) -> Option<T> {
        self.given(used.variable, value);
        match answer {
            Answer::Known(value) => {
                self.tally.answered(used.variable);
                Some(value)
            }
            Answer::Silent => None,
            other => {
                let implausible = matches!(other, Answer::Implausible);
                let column = (used.column, used.header.as_str());
                self.tally
                    .misunderstood(implausible, used.variable, &value.text(), at, column);
                None
            }
        }
    }

    fn landlord(&mut self, row: &Row) {
        let value = self.cell(row, Variable::Landlord);
        if says_nothing(&value.text()) {
            return;
        }
        self.dwelling.landlord = self.rank_of_landlord(&value);
        self.name_landlord(&value);
    }

    fn rank_of_landlord(&mut self, value: &Value<'_>) -> Option<usize> {
        let campaign = self.campaign;
        self.memos
            .landlords
            .get(value, || campaign.landlord_by_name(&value.text()))
    }

    /// Does the row name another landlord of the campaign than the one chosen?
    /// Nothing else of it is looked at.
    fn is_of_another(&mut self, at: At<'_>, row: &Row) -> bool {
        let Some(own) = self.own else { return false };
        let value = self.cell(row, Variable::Landlord);
        let other = self.rank_of_landlord(&value).is_some_and(|r| r != own);
        if other {
            self.name_landlord(&value);
            let column = self.column(Variable::Landlord);
            self.tally.left_out(Reason::OtherLandlord, at, column);
        }
        other
    }

    fn name_landlord(&mut self, value: &Value<'_>) {
        let rank = self.rank_of_landlord(value);
        let landlords = &mut self.landlords;
        let named = self.memos.named.get(value, || {
            let name = Sample::of(&value.text());
            let known = landlords.iter().position(|l| l.name == name);
            known.or_else(|| {
                (landlords.len() < MAX_LANDLORD_NAMES).then(|| {
                    landlords.push(NamedLandlord {
                        name,
                        rank,
                        rows: 0,
                    });
                    landlords.len() - 1
                })
            })
        });
        if let Some(named) = named {
            landlords[named].rows += 1;
        }
    }

    fn programme(&mut self, row: &Row) {
        for (variable, out) in [(Variable::ProgrammeNumber, 0), (Variable::ProgrammeName, 1)] {
            let value = self.cell(row, variable);
            let text = value.text();
            if text.is_empty() || says_nothing(&text) {
                continue;
            }
            let out = if out == 0 {
                &mut self.dwelling.programme
            } else {
                &mut self.dwelling.programme_name
            };
            out.extend(legible::stripped(&text).chars().take(MAX_PROGRAMME_CHARS));
        }
    }

    /// What is asked of every dwelling.
    fn building(&mut self, at: At<'_>, row: &Row) {
        let profile = self.profile;
        macro_rules! labelled {
            ($variable:ident, $memo:ident, $type:ident, |$value:ident, $role:ident| $read:expr) => {
                self.used(Variable::$variable).and_then(|used| {
                    let ($value, $role) = (row.get(used.column), used.role);
                    let _ = $role;
                    let answer = self.memos.$memo.get(&$value, || {
                        match profile.and_then(|p| p.meaning(Variable::$variable, &$value.text())) {
                            Some(m) => value_of($type::ALL, $type::IDS, m),
                            None => $read,
                        }
                    });
                    self.note(at, used, &$value, answer)
                })
            };
        }
        self.dwelling.housing_type = labelled!(HousingType, housing, HousingType, |v, _role| {
            values::housing_type(&v)
        });
        self.dwelling.financing =
            labelled!(
                Financing,
                financing,
                Financing,
                |v, role| values::financing(&v, role)
            );
        self.dwelling.energy_label = labelled!(EnergyLabel, energy, EnergyLabel, |v, _role| {
            values::energy_label(&v)
        });
        self.rooms_and_typology(at, row);
        let calendar = self.calendar;
        self.dwelling.construction_year =
            self.number(at, row, Variable::ConstructionYear, |v, _| {
                numbers::year(v, calendar)
            });
        self.dwelling.surface = self.number(at, row, Variable::Surface, |v, _| numbers::surface(v));
        self.qpv(at, row);
    }

    /// Completes the dwelling with the RPLS return.
    fn join(&mut self, at: At<'_>, row: &Row) {
        let Some(rpls) = self.rpls else { return };
        let id = self.cell(row, Variable::DwellingId).text();
        let tally = &mut self.tally;
        if rpls.complete(&id, &mut self.dwelling, &mut |v| tally.answered(v)) {
            self.rpls_matched += 1;
        } else {
            let column = self.column(Variable::DwellingId);
            self.tally.find(Kind::RplsUnmatched, None, at, column);
            self.tally.unmatched(at, column);
        }
    }

    fn number<T>(
        &mut self,
        at: At<'_>,
        row: &Row,
        variable: Variable,
        read: impl FnOnce(&Value<'_>, Role) -> Answer<T>,
    ) -> Option<T> {
        let used = self.used(variable)?;
        let value = row.get(used.column);
        let answer = read(&value, used.role);
        self.note(at, used, &value, answer)
    }

    /// Typology and rooms complete each other: a « T3 » has three rooms, a
    /// dwelling of three rooms is a T3.
    fn rooms_and_typology(&mut self, at: At<'_>, row: &Row) {
        let profile = self.profile;
        let typology = self.used(Variable::Typology).and_then(|used| {
            let value = row.get(used.column);
            let answer = self.memos.typology.get(&value, || {
                match profile.and_then(|p| p.meaning(Variable::Typology, &value.text())) {
                    Some(m) => value_of(Typology::ALL, Typology::IDS, m).map(|t| (t, None)),
                    None => numbers::typology(&value),
                }
            });
            self.note(at, used, &value, answer)
        });
        let rooms = self.used(Variable::Rooms).and_then(|used| {
            let value = row.get(used.column);
            let answer = (self.memos.rooms).get(&value, || numbers::rooms(&value));
            self.note(at, used, &value, answer)
        });
        self.dwelling.rooms = rooms.or(typology.and_then(|(_, rooms)| rooms));
        self.dwelling.typology = typology
            .map(|(typology, _)| typology)
            .or(rooms.map(|n| Typology::ALL[usize::from(n.min(5)) - 1]));
    }

    /// Flag, code and name of a district complete each other.
    fn qpv(&mut self, at: At<'_>, row: &Row) {
        let mut qpv = Qpv::Unknown;
        let mut answered = false;
        for rank in 0..self.columns[Variable::Qpv as usize].len() {
            let used = &self.mapping.used[self.columns[Variable::Qpv as usize][rank]];
            let value = row.get(used.column);
            self.given(Variable::Qpv, &value);
            let profile = self.profile;
            if self.memos.districts.len() <= rank {
                self.memos.districts.resize_with(rank + 1, Memo::default);
            }
            let answer = self.memos.districts[rank].get(&value, || {
                match profile.and_then(|p| p.meaning(Variable::Qpv, &value.text())) {
                    Some("oui") => Answer::Known(Qpv::Inside(None)),
                    Some("non") => Answer::Known(Qpv::Outside),
                    Some(_) => Answer::Silent,
                    None => values::qpv(&value, used.role),
                }
            });
            match answer {
                Answer::Known(said) => match (&qpv, said) {
                    (Qpv::Unknown, said) | (Qpv::Inside(None), said @ Qpv::Inside(_)) => qpv = said,
                    (Qpv::Inside(_), Qpv::Outside) | (Qpv::Outside, Qpv::Inside(_)) => {
                        let column = Some((used.column, used.header.as_str()));
                        self.tally.find(Kind::QpvConflict, None, at, column);
                    }
                    _ => {}
                },
                Answer::Silent => {}
                _ => {
                    let column = (used.column, used.header.as_str());
                    self.tally
                        .misunderstood(false, Variable::Qpv, &value.text(), at, column);
                }
            }
            answered |= qpv != Qpv::Unknown;
        }
        if answered {
            self.tally.answered(Variable::Qpv);
        }
        self.dwelling.qpv = qpv;
    }

    /// What is asked of let dwellings.
    fn household(&mut self, at: At<'_>, row: &Row) {
        let profile = self.profile;
        let calendar = self.calendar;
        let situation = self.used(Variable::FamilySituation).and_then(|used| {
            let value = row.get(used.column);
            let answer = self.memos.situation.get(&value, || {
                match profile.and_then(|p| p.meaning(Variable::FamilySituation, &value.text())) {
                    Some(m) => value_of(FamilySituation::ALL, FamilySituation::IDS, m),
                    None => values::situation(&value),
                }
            });
            self.note(at, used, &value, answer)
        });
        let occupants = self.number(at, row, Variable::Occupants, |v, _| numbers::persons(v));
        let holder_age = self.number(at, row, Variable::HolderAge, |v, role| {
            match numbers::age(v, role, calendar) {
                Answer::Known(age) if age < super::limits::MIN_HOLDER_AGE => Answer::Implausible,
                other => other,
            }
        });
        let income = self.number(at, row, Variable::Income, |v, _| numbers::amount(v));
        let flag = |reader: &mut Self, variable: Variable| {
            let used = reader.used(variable)?;
            let value = row.get(used.column);
            let answer = match profile.and_then(|p| p.meaning(variable, &value.text())) {
                Some("oui") => Answer::Known(true),
                Some("non") => Answer::Known(false),
                Some(_) => Answer::Silent,
                // Without a meaning of its own a flag is read alike everywhere.
                None => (reader.memos.flags).get(&value, || values::yes_no(&value)),
            };
            reader.note(at, used, &value, answer)
        };
        let apl = flag(self, Variable::Apl);
        let aspa = flag(self, Variable::Aspa);
        let said = flag(self, Variable::Answered);
        let household = &mut self.dwelling.household;
        household.situation = situation;
        household.occupants = occupants;
        household.holder_age = holder_age;
        household.income = income;
        household.apl = apl;
        household.aspa = aspa;
        self.ages(at, row);
        self.activities(at, row);
        if said.unwrap_or_else(|| says_something(&self.dwelling.household)) {
            self.tally.responded();
        }
        self.consistency(at);
    }

    /// Ages in columns 1 to n, or several in one cell. An empty cell before a
    /// person is a person of unknown age; after the last it is nobody.
    fn ages(&mut self, at: At<'_>, row: &Row) {
        let calendar = self.calendar;
        let mut any = false;
        let mut pending = 0;
        for rank in 0..self.columns[Variable::OccupantAges as usize].len() {
            let used = &self.mapping.used[self.columns[Variable::OccupantAges as usize][rank]];
            let cell = row.get(used.column);
            if let Role::Between(low, _) = used.role {
                match numbers::count(&cell) {
                    Answer::Known(n) => {
                        let class = crate::indicator::age_class(low);
                        self.dwelling.household.ages_by_class[class] += n;
                        any |= n > 0;
                    }
                    Answer::Silent => {}
                    other => self.tally.misunderstood(
                        other == Answer::Implausible,
                        Variable::OccupantAges,
                        &cell.text(),
                        at,
                        (used.column, used.header.as_str()),
                    ),
                }
                continue;
            }
            self.each_person(&cell, used.role, |reader, value| {
                if is_blank(&value) {
                    pending += 1;
                    return;
                }
                let ages = &mut reader.dwelling.household.listed_ages;
                ages.extend((0..std::mem::take(&mut pending)).map(|_| None));
                let age = match numbers::age(&value, used.role, calendar) {
                    Answer::Known(age) => Some(age),
                    Answer::Silent => None,
                    other => {
                        let column = (used.column, used.header.as_str());
                        let implausible = other == Answer::Implausible;
                        reader.tally.misunderstood(
                            implausible,
                            Variable::OccupantAges,
                            &value.text(),
                            at,
                            column,
                        );
                        None
                    }
                };
                any |= age.is_some();
                reader.dwelling.household.listed_ages.push(age);
            });
        }
        let household = &mut self.dwelling.household;
        // « NC » in every column left over lists nobody.
        if let Some(n) = household.occupants {
            while household.listed_ages.len() > usize::from(n)
                && household.listed_ages.last() == Some(&None)
            {
                household.listed_ages.pop();
            }
        }
        // The counts lack only the tenant: his age completes them.
        let counted: u16 = household.ages_by_class.iter().sum();
        if counted > 0
            && household.occupants == Some(counted + 1)
            && let Some(age) = household.holder_age
        {
            household.ages_by_class[crate::indicator::age_class(age)] += 1;
        }
        if any {
            self.tally.answered(Variable::OccupantAges);
        }
    }

    fn activities(&mut self, at: At<'_>, row: &Row) {
        let profile = self.profile;
        let mut any = false;
        for rank in 0..self.columns[Variable::Activities as usize].len() {
            let used = &self.mapping.used[self.columns[Variable::Activities as usize][rank]];
            let cell = row.get(used.column);
            if let Role::Count(activity) = used.role {
                let column = (used.column, used.header.as_str());
                match numbers::count(&cell) {
                    Answer::Known(n) => {
                        any |= n > 0;
                        let activities = &mut self.dwelling.household.activities;
                        activities.extend((0..n).map(|_| Some(activity)));
                    }
                    Answer::Silent => {}
                    other => self.tally.misunderstood(
                        other == Answer::Implausible,
                        Variable::Activities,
                        &cell.text(),
                        at,
                        column,
                    ),
                }
                continue;
            }
            self.each_person(&cell, used.role, |reader, value| {
                if is_blank(&value) {
                    return;
                }
                reader.given(Variable::Activities, &value);
                let answer = reader.memos.activity.get(&value, || {
                    match profile.and_then(|p| p.meaning(Variable::Activities, &value.text())) {
                        Some(m) => value_of(Activity::ALL, Activity::IDS, m),
                        None => values::activity(&value),
                    }
                });
                let activity = match answer {
                    Answer::Known(activity) => Some(activity),
                    Answer::Silent => None,
                    _ => {
                        let column = (used.column, used.header.as_str());
                        let text = value.text();
                        reader
                            .tally
                            .misunderstood(false, Variable::Activities, &text, at, column);
                        None
                    }
                };
                any |= activity.is_some();
                reader.dwelling.household.activities.push(activity);
            });
        }
        if any {
            self.tally.answered(Variable::Activities);
        }
    }

    /// Hands over the persons of a cell: itself, or the parts of a list such as
    /// « 45;12;9 ». A lone comma parts nothing: it may be a decimal one. Nor does
    /// a slash where it may be that of a date.
    fn each_person(
        &mut self,
        cell: &Value<'_>,
        role: Role,
        mut each: impl FnMut(&mut Self, Value<'_>),
    ) {
        let date = |part: &str| role == Role::Birth || super::cell::may_be_day(part);
        let Value::Text(text) = cell else {
            return each(self, *cell);
        };
        let list = text.contains([';', '|', '\n'])
            || text.contains(", ")
            || text.matches(',').count() > 1
            || (text.contains('/') && !date(text));
        if !list {
            return each(self, *cell);
        }
        self.scratch.clear();
        self.scratch.push_str(text);
        let scratch = std::mem::take(&mut self.scratch);
        for part in scratch.split([';', '|', '\n', ',']) {
            if part.contains('/') && !date(part) {
                part.split('/')
                    .for_each(|p| each(self, Value::Text(p.trim())));
            } else {
                each(self, Value::Text(trimmed(part)));
            }
        }
        self.scratch = scratch;
    }

    fn consistency(&mut self, at: At<'_>) {
        use FamilySituation::{Alone, CoupleWith, CoupleWithout, SingleParent};
        let household = &self.dwelling.household;
        let Some(n) = household.occupants else { return };
        let counted: u16 = household.ages_by_class.iter().sum();
        let listed = household.listed_ages.len() + usize::from(counted);
        let ages = listed > 0 && listed != usize::from(n) && listed + 1 != usize::from(n);
        let situation = match household.situation {
            Some(Alone) => n != 1,
            Some(SingleParent) => n < 2,
            Some(CoupleWithout) => n != 2,
            Some(CoupleWith) => n < 3,
            _ => false,
        };
        let activities = household.activities.len() > usize::from(n);
        // Only when every age is known can an adult be told to be missing.
        let all_known = listed == usize::from(n) && !household.listed_ages.contains(&None);
        let minors = household
            .listed_ages
            .iter()
            .filter(|age| age.is_some_and(|age| age < 18))
            .count()
            + usize::from(household.ages_by_class[0]);
        let adults = all_known
            && !activities
            && household.activities.len() > usize::from(n).saturating_sub(minors);
        if ages {
            let column = self.column(Variable::OccupantAges);
            self.tally
                .find(Kind::AgesAgainstOccupants, None, at, column);
        }
        if situation {
            let column = self.column(Variable::Occupants);
            self.tally
                .find(Kind::SituationAgainstOccupants, None, at, column);
        }
        if adults {
            let column = self.column(Variable::Activities);
            self.tally
                .find(Kind::ActivitiesAgainstAges, None, at, column);
        }
        if activities {
            let column = self.column(Variable::Activities);
            self.tally
                .find(Kind::ActivitiesAgainstAdults, None, at, column);
        }
    }
}

/// Three distinct values of each mapped column, for the mapping step.
pub(super) fn sample(tally: &mut Tally, mapping: &Mapping, row: &Row) {
    for (rank, used) in mapping.used.iter().enumerate() {
        if tally.wants_sample(rank) {
            let value = row.get(used.column);
            if value != Value::Empty {
                let masked = matches!(
                    used.variable,
                    Variable::DwellingId | Variable::OwnDwellingId | Variable::Address
                );
                tally.sample(rank, &value.text(), masked);
            }
        }
    }
}

/// Did the household answer at least one thing that can be used?
fn says_something(household: &Household) -> bool {
    household.situation.is_some()
        || household.occupants.is_some()
        || household.holder_age.is_some()
        || household.income.is_some()
        || household.apl.is_some()
        || household.aspa.is_some()
        || household.listed_ages.iter().any(Option::is_some)
        || household.ages_by_class.iter().any(|n| *n > 0)
        || household.activities.iter().any(Option::is_some)
}

fn is_blank(value: &Value<'_>) -> bool {
    match value {
        Value::Empty => true,
        Value::Text(text) => trimmed(text).is_empty(),
        _ => false,
    }
}

/// A number whose last digits a spreadsheet has lost: `1,23E+09`.
pub(crate) fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    // « 12E5 » may be the number of a lot; « 1E+09 » is none.
    (mantissa.contains(['.', ',']) || exponent.starts_with('+'))
        && mantissa.starts_with(|c: char| c.is_ascii_digit())
        && mantissa
            .bytes()
            .all(|b| b.is_ascii_digit() || b == b'.' || b == b',')
        && exponent
            .strip_prefix('+')
            .unwrap_or(exponent)
            .parse::<u8>()
            .is_ok()
}

/// A cell that should hold an INSEE code; leading zeros may be lost.
fn of_code(campaign: &Campaign, value: &Value<'_>) -> Commune {
    let text = value.text();
    let plain = normalise(text.strip_suffix(".0").unwrap_or(&text)).replace(' ', "");
    if is_silence(&plain) {
        return Commune::Silent;
    }
    let digits = plain.bytes().all(|b| b.is_ascii_digit());
    let code = match plain.len() {
        4 if digits => format!("0{plain}"),
        5 if plain.bytes().skip(2).all(|b| b.is_ascii_digit()) => plain,
        _ => return Commune::Illegible,
    };
    match campaign.commune_by_code(&code) {
        Some(rank) => Commune::Inside(rank, None),
        None => Commune::Outside(Some(code[..2].to_owned())),
    }
}

/// What the user said of the name of a commune: its code, or elsewhere.
fn said_of(campaign: &Campaign, meaning: &str) -> Commune {
    match campaign.commune_by_code(meaning) {
        Some(rank) => Commune::Inside(rank, Some(meaning[..2].to_owned())),
        None => Commune::Outside(None),
    }
}

/// The commune of the territory that a name is most like, for a question to the
/// user: « Montceau », « Le Creuzot ».
fn near(campaign: &Campaign, name: &str) -> Option<usize> {
    const ALIKE: f64 = 0.83;
    let plain = normalise(name);
    if !(4..=60).contains(&plain.len()) {
        return None;
    }
    let communes = campaign.file().communes.iter().enumerate();
    communes
        .map(|(rank, commune)| {
            let known = normalise(&commune.name);
            // The first word of a long name often stands for it.
            let begins = known
                .strip_prefix(plain.as_str())
                .is_some_and(|rest| rest.starts_with(' '));
            let likeness = if begins {
                1.0
            } else {
                strsim::normalized_damerau_levenshtein(&plain, &known)
            };
            (rank, likeness)
        })
        .filter(|(_, likeness)| *likeness >= ALIKE)
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
        .map(|(rank, _)| rank)
}

/// A cell that should hold the name of a commune, or its code, or its name
/// beside a postal code or a department.
fn of_name(campaign: &Campaign, value: &Value<'_>) -> Commune {
    let text = value.text();
    let plain = normalise(&text);
    if is_silence(&plain) {
        return Commune::Silent;
    }
    if plain.bytes().all(|b| b.is_ascii_digit()) {
        return of_code(campaign, value);
    }
    let name = plain.split(" CEDEX").next().unwrap_or(&plain);
    let department = |word: &str| match word.len() {
        2 if word.bytes().all(|b| b.is_ascii_digit()) => Some(word.to_owned()),
        _ => department_of_postal(word),
    };
    // « 71200 Le Creusot », « 71 - Le Creusot », « Le Creusot (71) ».
    let before = name
        .split_once(' ')
        .and_then(|(word, name)| Some((department(word)?, name)));
    let after = name
        .rsplit_once(' ')
        .and_then(|(name, word)| Some((department(word)?, name)));
    let (prefix, name) = match before.or(after) {
        Some((department, name)) => (Some(department), name),
        None => (None, name),
    };
    match campaign.commune_by_name(name) {
        Some(rank) => Commune::Inside(rank, prefix),
        None => Commune::Outside(None),
    }
}

/// The department of a postal code (its first two digits); zeros may be lost.
fn department_of_postal(text: &str) -> Option<String> {
    let text = text.trim();
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    match text.len() {
        5 => Some(text[..2].to_owned()),
        4 => Some(format!("0{}", &text[..1])),
        _ => None,
    }
}

/// Columns that serve together must be declared so.
const _: () = assert!(matches!(
    COLUMNS[Variable::OccupantAges as usize].columns,
    Columns::Several
));
