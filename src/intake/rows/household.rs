//! The household of a let dwelling: situation, persons, income, aids.

use super::super::cell::{Day, Row, Value};
use super::super::columns::Role;
use super::super::correspondence::value_of;
use super::super::limits::MIN_HOLDER_AGE;
use super::super::numbers;
use super::super::tally::{At, Kind};
use super::super::values::{self, Answer};
use super::Reader;
use crate::dwelling::{Activity, FamilySituation, Variable};

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
        let holder_age = self.number(at, row, Variable::HolderAge, |v, role| {
            match numbers::age(v, role, calendar) {
                Answer::Known(age) if age < MIN_HOLDER_AGE => Answer::Implausible,
                other => other,
            }
        });
        let income = self.number(at, row, Variable::Income, |v, _| numbers::amount(v));
        let flag = |reader: &mut Self, variable: Variable| {
            reader.number(at, row, variable, |v, _| {
                match profile.and_then(|p| p.meaning(variable, &v.text())) {
                    Some("oui") => Answer::Known(true),
                    Some("non") => Answer::Known(false),
                    Some(_) => Answer::Silent,
                    None => values::yes_no(v),
                }
            })
        };
        let apl = flag(self, Variable::Apl);
        let aspa = flag(self, Variable::Aspa);
        flag(self, Variable::Answered);
        let household = &mut self.dwelling.household;
        household.situation = situation;
        household.occupants = occupants;
        household.holder_age = holder_age;
        household.income = income;
        household.apl = apl;
        household.aspa = aspa;
        self.ages(at, row);
        self.activities(at, row);
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
            self.each_person(&cell, |reader, value| {
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
            self.each_person(&cell, |reader, value| {
                if is_blank(&value) {
                    return;
                }
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
    /// « 45;12;9 ». A lone comma parts nothing: it may be a decimal one.
    fn each_person(&mut self, cell: &Value<'_>, mut each: impl FnMut(&mut Self, Value<'_>)) {
        let Value::Text(text) = cell else {
            return each(self, *cell);
        };
        let list = text.contains([';', '|', '\n'])
            || text.contains(", ")
            || text.matches(',').count() > 1
            || (text.contains('/') && Day::parse(text).is_none());
        if !list {
            return each(self, *cell);
        }
        self.scratch.clear();
        self.scratch.push_str(text);
        let scratch = std::mem::take(&mut self.scratch);
        let date = |part: &str| Day::parse(part).is_some();
        for part in scratch.split([';', '|', '\n', ',']) {
            if part.contains('/') && !date(part) {
                part.split('/')
                    .for_each(|p| each(self, Value::Text(p.trim())));
            } else {
                each(self, Value::Text(part.trim()));
            }
        }
        self.scratch = scratch;
    }

    fn consistency(&mut self, at: At<'_>) {
        use FamilySituation::{Alone, CoupleWith, CoupleWithout, SingleParent};
        let household = &self.dwelling.household;
        let Some(n) = household.occupants else { return };
        let listed = household.listed_ages.len();
        let ages = listed > 0 && listed != usize::from(n) && listed + 1 != usize::from(n);
        let situation = match household.situation {
            Some(Alone) => n != 1,
            Some(SingleParent) => n < 2,
            Some(CoupleWithout) => n != 2,
            Some(CoupleWith) => n < 3,
            _ => false,
        };
        let activities = household.activities.len() > usize::from(n);
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
        if activities {
            let column = self.column(Variable::Activities);
            self.tally
                .find(Kind::ActivitiesAgainstAdults, None, at, column);
        }
    }
}

fn is_blank(value: &Value<'_>) -> bool {
    match value {
        Value::Empty => true,
        Value::Text(text) => text.trim().is_empty(),
        _ => false,
    }
}
