//! What a row says of the household of a let dwelling: its persons, its income,
//! and what in it does not hold together.

use super::{Reader, is_blank};
use crate::dwelling::{Activity, FamilySituation, Household, Variable};
use crate::intake::cell::{Row, Value, may_be_day, trimmed};
use crate::intake::columns::Role;
use crate::intake::correspondence::value_of;
use crate::intake::header::Used;
use crate::intake::limits::MIN_HOLDER_AGE;
use crate::intake::numbers;
use crate::intake::tally::{At, Kind};
use crate::intake::values::{self, Answer};

impl Reader<'_> {
    /// What is asked of let dwellings.
    pub(super) fn household(&mut self, at: At<'_>, row: &Row) {
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
        let mut year = false;
        let holder_age = self.number(at, row, Variable::HolderAge, |v, role| {
            match numbers::age(v, role, calendar, &mut year) {
                Answer::Known(age) if age < MIN_HOLDER_AGE => Answer::Implausible,
                other => other,
            }
        });
        if let Some(used) = self.used(Variable::HolderAge).filter(|_| year) {
            self.birth_year(at, used);
        }
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
            let used = self.columns[Variable::OccupantAges as usize][rank];
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
                let mut year = false;
                let age = match numbers::age(&value, used.role, calendar, &mut year) {
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
                if year {
                    reader.birth_year(at, used);
                }
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

    /// Notes an age that was taken from a year, unless the column is called after births.
    fn birth_year(&mut self, at: At<'_>, used: &Used) {
        // Asked of every person of such a column: no text is made.
        let mut letters = used.header.as_bytes().windows(4);
        if !letters.any(|four| four.eq_ignore_ascii_case(b"nais")) {
            let column = (used.column, used.header.as_str());
            self.tally
                .find(Kind::BirthYears, Some(used.variable), at, Some(column));
        }
    }

    fn activities(&mut self, at: At<'_>, row: &Row) {
        let profile = self.profile;
        let mut any = false;
        for rank in 0..self.columns[Variable::Activities as usize].len() {
            let used = self.columns[Variable::Activities as usize][rank];
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
        let date = |part: &str| role == Role::Birth || may_be_day(part);
        let Value::Text(text) = cell else {
            return each(self, *cell);
        };
        // Most cells hold one person, which their bytes tell at once.
        let parts = |byte| matches!(byte, b';' | b'|' | b'\n' | b',' | b'/');
        if !text.bytes().any(parts) {
            return each(self, *cell);
        }
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
        let couple = household.situation == Some(CoupleWithout)
            && n == 2
            && household.income.is_some()
            // Of ages by bracket another finding tells.
            && counted == 0
            && household.known_ages().count() != 2;
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
        for (found, variable, kind) in [
            (ages, Variable::OccupantAges, Kind::AgesAgainstOccupants),
            (
                situation,
                Variable::Occupants,
                Kind::SituationAgainstOccupants,
            ),
            (couple, Variable::OccupantAges, Kind::CoupleWithoutAges),
            (adults, Variable::Activities, Kind::ActivitiesAgainstAges),
            (
                activities,
                Variable::Activities,
                Kind::ActivitiesAgainstAdults,
            ),
        ] {
            if found {
                let column = self.column(variable);
                self.tally.find(kind, None, at, column);
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
