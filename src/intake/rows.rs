//! A row of cells → a dwelling, or the reason why it is none.

mod commune;
mod household;
mod understood;

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, Hasher};

use foldhash::{fast::FixedState, quality};

use super::cell::{Row, Value, trimmed};
use super::columns::{COLUMNS, Columns, Role, canonical};
use super::correspondence::{Correspondence, OTHER_LANDLORD, scope_of, value_of};
use super::header::{Mapping, Used};
use super::numbers::{self, Calendar};
use super::report::{NamedLandlord, Reason, Sample};
use super::rpls::Rpls;
use super::seen::Seen;
use super::tally::{At, Kind, Tally};
use super::values::{self, Answer, Scope, says_nothing};
use crate::campaign::{Campaign, normalise};
use crate::dwelling::{
    Activity, Dwelling, EnergyLabel, FamilySituation, Financing, HousingType, Occupation, Qpv,
    Typology, Variable,
};
use crate::legible;

/// Most distinct spellings remembered for one vocabulary.
const MAX_REMEMBERED: usize = 4_096;
/// Most distinct landlords' names remembered.
const MAX_LANDLORD_NAMES: usize = 200;
/// A row without a commune that holds so many numbers and nothing else is a total.
const FEW_NUMBERS: usize = 3;
/// Longest programme number or name, in characters.
const MAX_PROGRAMME_CHARS: usize = 200;

/// What the spellings met so far mean, and how often each came: labels come back
/// thousands of times.
///
/// NOTE: the hash has no secret. A file made so that its labels collide slows
/// its own reading only, and by a bounded number of labels.
struct Memo<T> {
    texts: HashMap<String, (T, u64), FixedState>,
    /// By their bits: no text is made of a number.
    numbers: HashMap<u64, (T, u64), FixedState>,
}

impl<T: Clone> Memo<T> {
    fn get(&mut self, value: &Value<'_>, find: impl FnOnce() -> T) -> T {
        if let Value::Number(n) = value {
            let bits = n.to_bits();
            if let Some((known, times)) = self.numbers.get_mut(&bits) {
                *times += 1;
                return known.clone();
            }
            let found = find();
            if self.numbers.len() < MAX_REMEMBERED {
                self.numbers.insert(bits, (found.clone(), 1));
            }
            return found;
        }
        let text = value.text();
        if let Some((known, times)) = self.texts.get_mut(text.as_ref()) {
            *times += 1;
            return known.clone();
        }
        let found = find();
        if self.texts.len() < MAX_REMEMBERED {
            self.texts.insert(text.into_owned(), (found.clone(), 1));
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
    landlords: Memo<Named>,
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

/// What the name of a landlord says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    /// A landlord of the campaign, by rank.
    Known(usize),
    /// Nobody that the campaign knows.
    Unknown,
    /// Said by the user to be another's, not to be counted.
    Aside,
}

impl Named {
    fn rank(self) -> Option<usize> {
        match self {
            Self::Known(rank) => Some(rank),
            Self::Unknown | Self::Aside => None,
        }
    }
}

/// What the name or the code of a commune says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Commune {
    /// Nothing.
    Silent,
    /// Not a code.
    Illegible,
    /// Of the territory; from a name that a postal code preceded, its department.
    Inside(usize, Option<Department>),
    /// Elsewhere; from a code, its department.
    Outside(Option<Department>),
}

/// The first two signs of the codes of a department's communes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Department([u8; 2]);

impl Department {
    /// That of a code, or of its first signs.
    fn of(code: &str) -> Option<Self> {
        code.as_bytes().first_chunk().map(|two| Self(*two))
    }

    fn holds(self, code: &str) -> bool {
        Self::of(code) == Some(self)
    }
}

/// Reads rows into one reused dwelling.
pub(crate) struct Reader<'a> {
    campaign: &'a Campaign,
    /// Does the campaign say in which district programmes stand?
    knows_districts: bool,
    profile: Option<&'a Correspondence>,
    calendar: Calendar,
    mapping: &'a Mapping,
    /// For each variable, its columns.
    columns: Vec<Vec<&'a Used>>,
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
        for used in &mapping.used {
            columns[used.variable as usize].push(used);
        }
        Self {
            campaign,
            knows_districts: campaign
                .file()
                .passage
                .iter()
                .any(|line| line.qpv.is_some()),
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

    #[inline]
    fn used(&self, variable: Variable) -> Option<&'a Used> {
        self.columns[variable as usize].first().copied()
    }

    #[inline]
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
        self.readable(row)
            .find_map(|value| match value {
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

    /// A total by its numbers alone, where no commune is said: its word may stand in a
    /// column that is not looked at.
    fn only_numbers(&self, row: &Row) -> Option<Reason> {
        let mut said = self.readable(row).filter(|value| !is_blank(value));
        let few = said.by_ref().take(FEW_NUMBERS + 1);
        let numbers: Vec<bool> = few.map(|value| is_number(&value)).collect();
        let total = numbers.len() <= FEW_NUMBERS && numbers.iter().all(|number| *number);
        total.then_some(Reason::Total)
    }

    /// The cells of a row; columns of identity are not looked at, not even for a total.
    fn readable<'r>(&'r self, row: &'r Row) -> impl Iterator<Item = Value<'r>> {
        let identity = |column: usize| {
            let mut ignored = self.mapping.ignored.iter();
            ignored.any(|(at, _, why)| *at == column && *why == super::report::Ignored::Identity)
        };
        (0..row.width())
            .filter(move |column| !identity(*column))
            .map(|column| row.get(column))
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
            let hash = self.hash_of_id(variable, &text, row);
            let says = self.says(row);
            if let Some(first) = self.seen.first(hash, says) {
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

    /// What tells the dwelling of an identifier from the others.
    fn hash_of_id(&self, variable: Variable, text: &str, row: &Row) -> u64 {
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        // Digits alone are in their normal form.
        let plain = match digits(text) {
            true => Cow::Borrowed(text),
            false => Cow::Owned(normalise(text)),
        };
        // Leading zeros come and go with the tools that write the file.
        let key = match digits(&plain) {
            true => plain.trim_start_matches('0'),
            false => &plain,
        };
        let mut hasher = quality::FixedState::default().build_hasher();
        hasher.write(key.as_bytes());
        hasher.write_u8(variable as u8);
        if variable == Variable::OwnDwellingId {
            // Two landlords may well use the same references.
            let landlord = self.cell(row, Variable::Landlord);
            normalise(&landlord.text()).hash(&mut hasher);
        }
        hasher.finish()
    }

    /// What the columns used say.
    fn says(&self, row: &Row) -> u32 {
        // Only compared with that of another row of the same dwelling.
        let mut hasher = FixedState::default().build_hasher();
        for used in &self.mapping.used {
            match row.get(used.column) {
                // Its length is part of what is hashed: cells do not run into each other.
                Value::Text(text) => hasher.write(trimmed(text).as_bytes()),
                Value::Number(n) => hasher.write_u64(n.to_bits()),
                Value::Empty => hasher.write(&[]),
                other => hasher.write(other.text().as_bytes()),
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
    #[inline]
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
        self.given(Variable::Landlord, &value);
        let named = self.landlord_called(&value);
        self.dwelling.landlord = named.rank();
        self.name_landlord(&value, named);
    }

    fn landlord_called(&mut self, value: &Value<'_>) -> Named {
        let (campaign, profile) = (self.campaign, self.profile);
        self.memos.landlords.get(value, || {
            let text = value.text();
            let said = profile.and_then(|p| p.meaning(Variable::Landlord, &text));
            let rank = match said {
                Some(OTHER_LANDLORD) => return Named::Aside,
                Some(id) => campaign.landlord_by_id(id),
                None => None,
            };
            let rank = rank.or_else(|| campaign.landlord_by_name(&text));
            rank.map_or(Named::Unknown, Named::Known)
        })
    }

    /// Does the row name another landlord of the campaign than the one chosen, or one who
    /// is said to be another? Nothing else of it is looked at.
    fn is_of_another(&mut self, at: At<'_>, row: &Row) -> bool {
        let told = |p: &Correspondence| p.values.contains_key(&Variable::Landlord);
        // REASON: once a row, for files of which nobody said whose rows are.
        if self.own.is_none() && !self.profile.is_some_and(told) {
            return false;
        }
        let value = self.cell(row, Variable::Landlord);
        let named = self.landlord_called(&value);
        let other = match named {
            Named::Known(rank) => self.own.is_some_and(|own| own != rank),
            Named::Unknown => false,
            Named::Aside => true,
        };
        if other {
            self.given(Variable::Landlord, &value);
            self.name_landlord(&value, named);
            let column = self.column(Variable::Landlord);
            self.tally.left_out(Reason::OtherLandlord, at, column);
        }
        other
    }

    fn name_landlord(&mut self, value: &Value<'_>, called: Named) {
        let landlords = &mut self.landlords;
        let named = self.memos.named.get(value, || {
            let name = Sample::of(&value.text());
            let known = landlords.iter().position(|l| l.name == name);
            known.or_else(|| {
                (landlords.len() < MAX_LANDLORD_NAMES).then(|| {
                    landlords.push(NamedLandlord {
                        name,
                        rank: called.rank(),
                        aside: called == Named::Aside,
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
            let text = legible::stripped(&text);
            if text.len() <= MAX_PROGRAMME_CHARS {
                out.push_str(&text);
            } else {
                out.extend(text.chars().take(MAX_PROGRAMME_CHARS));
            }
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
        let mut blank = None;
        for rank in 0..self.columns[Variable::Qpv as usize].len() {
            let used = self.columns[Variable::Qpv as usize][rank];
            let value = row.get(used.column);
            self.given(Variable::Qpv, &value);
            if is_blank(&value) {
                blank.get_or_insert((used.column, used.header.as_str()));
                continue;
            }
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
        }
        if qpv == Qpv::Unknown
            && let Some(column) = blank
        {
            match self.profile.and_then(|p| p.meaning(Variable::Qpv, "")) {
                Some("non") => qpv = Qpv::Outside,
                Some(_) => {}
                None => self.tally.blank_district(at, column),
            }
        }
        match qpv {
            Qpv::Unknown => {}
            Qpv::Inside(ref code) => {
                self.tally.answered(Variable::Qpv);
                if code.is_none() && !self.knows_districts {
                    let column = self.column(Variable::Qpv);
                    self.tally.find(Kind::QpvWithoutCode, None, at, column);
                }
            }
            Qpv::Outside => {
                self.tally.answered(Variable::Qpv);
                self.tally.says_outside = true;
            }
        }
        self.dwelling.qpv = qpv;
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

/// A number, or a text that is one.
fn is_number(value: &Value<'_>) -> bool {
    match value {
        Value::Number(_) => true,
        Value::Text(text) => {
            let text = text.trim();
            text.chars().any(|c| c.is_ascii_digit())
                && text.chars().all(|c| {
                    c.is_ascii_digit() || c.is_whitespace() || matches!(c, ',' | '.' | '-')
                })
        }
        _ => false,
    }
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

/// Columns that serve together must be declared so.
const _: () = assert!(matches!(
    COLUMNS[Variable::OccupantAges as usize].columns,
    Columns::Several
));
