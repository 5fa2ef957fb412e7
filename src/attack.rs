//! The gate: attacks a partial from what it publishes alone.
//!
//! It takes the file as it leaves: no rows, no true values, no hint from
//! [`crate::secrecy`], with which it shares no code. For every hidden cell it
//! looks for *witnesses*: tables that agree with everything published, in which
//! the cell reaches the threshold, and in which it takes two values. A cell for
//! which no such witness exists can be worked out, and the file is refused.
//!
//! # Two readings
//!
//! Under `effectif` every hidden count must be able to reach the threshold, and to
//! take two values. Under `population` lines (populations, respondents, dwellings
//! behind persons) must be able to reach the threshold, and every hidden count to
//! be other than nought.
//!
//! # What is attacked together
//!
//! 1. The **populations**: those of dwellings and of households, in one exact
//!    network with `occupation` (`occupation.loue` *is* the population of
//!    households). The other cells of `occupation` are about no surveyed
//!    household: they obey the threshold but are not attacked.
//! 2. **Each other table with the population of its unit**: exact flows. The
//!    units without an answer are one more column, so that respondents can never
//!    exceed the population.
//! 3. **`personne_seule` with households of one person**, which count the same
//!    households: a change of one must be a change of the other (`attack::twins`).
//!
//! 4. **Crossings**, each with the two tables that it crosses (`attack::crossing`).
//!
//! Attacking 1 and 2 apart is exact for the whole file because the gate demands
//! that a line whose population is hidden be hidden whole in every table of the
//! unit: then households can be moved between such lines in all tables at once,
//! and a witness of one table extends to all (proof in `docs/secrecy.md`).

#[cfg(test)]
mod brute_force;
#[cfg(test)]
mod cases;
mod circulation;
mod component;
#[cfg(test)]
mod component_tests;
mod crossing;
#[cfg(test)]
mod crossing_tests;
#[cfg(test)]
mod dwellings;
mod exchange;
#[cfg(test)]
mod fixture;
mod flow;
mod gather;
mod joint;
#[cfg(test)]
mod leaks;
mod lift;
mod persons;
pub(crate) mod range;
#[cfg(test)]
mod reference;
mod regions;
mod twins;
#[cfg(test)]
mod two_zonages;

pub use persons::attest;

use std::fmt;
use std::rc::Rc;

use flow::{Flow, Towards};

use crate::campaign::{BearsOn, MIN_THRESHOLD};
use crate::indicator::{self, IDENTITIES, IdentityPart, TableDef, Unit};
use crate::partial::{AppliedRules, LineFile, Partial, Place, TableFile};
use crate::table::{Level, RawTables, Zonage};
use crate::words::attack as words;

/// Most findings listed in a verdict; their number is always exact.
pub const MAX_FINDINGS: usize = 200;

/// Why a cell, or a file, is not safe.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub enum Finding {
    /// The hidden count cannot be more than this, which is under the threshold.
    Below(i64),
    /// The hidden count is known exactly.
    Exact(i64),
    /// Two cells that count the same units differ in value or in status.
    Identity,
    /// Something is published in a line whose population is hidden.
    BrokenLine,
    /// No table agrees with what is published.
    Contradiction,
    /// No proof was found that the cell is safe.
    Unproved,
    /// A count of persons rests on fewer dwellings than the threshold.
    FewDwellings,
    /// A line of a crossing is published where that of its variables is not.
    OpenMargin,
    /// The gate cannot judge this part of the file.
    OutOfReach(String),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&words::finding(self))
    }
}

/// What the attack found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Threshold of the file.
    pub threshold: u32,
    /// On what the threshold bears.
    pub bears_on: BearsOn,
    /// Are there counts of persons, of which the dwellings are attested by the
    /// landlord's worker only?
    pub persons: bool,
    /// Hidden cells attacked.
    pub attacked: u64,
    /// Are there hidden counts of dwellings that are vacant or let to third parties,
    /// about no surveyed household, which nobody attacks?
    pub exempt: bool,
    /// Number of findings.
    pub count: u64,
    /// The first findings.
    pub findings: Vec<(Place, Finding)>,
}

impl Verdict {
    /// May the file leave?
    pub fn accepted(&self) -> bool {
        self.count == 0
    }

    /// Adds what a part of the attack found of cells that were counted before.
    fn absorb_findings(&mut self, part: Self) {
        self.absorb(Self {
            attacked: 0,
            ..part
        });
    }

    /// Adds what a part of the attack found.
    fn absorb(&mut self, part: Self) {
        self.attacked += part.attacked;
        let listed = part.findings.len() as u64;
        for (place, finding) in part.findings {
            self.find(place, finding);
        }
        self.count += part.count - listed;
    }

    fn find(&mut self, place: Place, finding: Finding) {
        self.count += 1;
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push((place, finding));
        }
    }
}

impl Verdict {
    /// What an acceptance does not say, the same sentences for every partial.
    pub fn caveats(&self) -> Vec<&'static str> {
        let said = self.accepted();
        [
            (said && self.persons, words::PERSONS_ATTESTED),
            (said && self.exempt, words::DWELLINGS_EXEMPT),
        ]
        .into_iter()
        .filter_map(|(said, sentence)| said.then_some(sentence))
        .collect()
    }

    /// The verdict without its [`caveats`](Self::caveats).
    pub fn sentence(&self) -> String {
        if self.accepted() {
            return words::accepted(self.attacked, self.threshold, self.bears_on);
        }
        let mut told = words::refused(self.count);
        for (place, finding) in &self.findings {
            told.push_str(&words::found(place, finding));
        }
        let others = self.count - self.findings.len() as u64;
        if others > 0 {
            told.push_str(&words::others(others));
        }
        told
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence())?;
        (self.caveats().iter()).try_for_each(|caveat| write!(f, " {caveat}"))
    }
}

/// A partial that withstood the attack: the only one that can be written.
#[derive(Clone, Debug)]
pub struct Certified {
    partial: Partial,
    verdict: Verdict,
}

impl Certified {
    /// The partial.
    pub fn partial(&self) -> &Partial {
        &self.partial
    }

    /// The verdict.
    pub fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// The bytes that leave.
    pub fn bytes(&self) -> Vec<u8> {
        self.partial.to_bytes()
    }

    /// The same bytes, piece by piece; gives their SHA-256.
    pub fn in_pieces(&self, each: &mut dyn FnMut(&[u8])) -> String {
        crate::json::in_pieces(self.partial.file(), each)
    }
}

/// Attacks a partial and lets it through only if it withstands. `raw` serves to
/// count the dwellings behind persons, which the file does not hold.
///
/// # Errors
/// The verdict, when it does not; the partial is lost with it.
pub fn certify(partial: Partial, raw: &RawTables) -> Result<Certified, Verdict> {
    let mut verdict = verify(&partial);
    if verdict.accepted() {
        attest(&partial, raw, &mut verdict);
    }
    if verdict.accepted() {
        Ok(Certified { partial, verdict })
    } else {
        Err(verdict)
    }
}

/// Attacks a partial.
pub fn verify(partial: &Partial) -> Verdict {
    let file = partial.file();
    let mut verdict = Verdict {
        threshold: file.rules.threshold,
        bears_on: file.rules.bears_on,
        ..Verdict::default()
    };
    let mut refuse = |what: &str| {
        verdict.find(Place::default(), Finding::OutOfReach(what.to_owned()));
    };
    if file.rules.threshold < MIN_THRESHOLD {
        refuse(words::LOW_THRESHOLD);
    }
    for table in &file.tables {
        if !indicator::table(&table.id).is_some_and(|def| def.published) {
            refuse(&words::unattacked(&table.id));
        }
    }
    if verdict.count > 0 {
        return verdict;
    }
    if let [zonage] = partial.zonages() {
        Attack::new(&file.tables, zonage, &file.rules).run(&mut verdict);
        return verdict;
    }
    match joint::System::of(partial) {
        Ok(system) => system.attack(partial, &mut verdict),
        Err(what) => verdict.find(Place::default(), Finding::OutOfReach(what)),
    }
    verdict
}

/// The published numbers of one table, by maille.
struct Sheet<'a> {
    table: &'a TableFile,
    lines: Lines<'a>,
    unit: Unit,
    width: usize,
    /// By maille, where the file has several zonages: in which is this line?
    zonages: Rc<[String]>,
    /// Lines that are sums of others.
    sums: Vec<SumLine<'a>>,
}

/// The lines of a sheet, by maille: those of its table, or as they were picked.
#[derive(Clone, Copy)]
enum Lines<'a> {
    Whole(&'a [LineFile]),
    Picked(&'a [joint::Line<'a>]),
}

/// A line of the file that is no node of the tree but a sum of nodes.
struct SumLine<'a> {
    parts: &'a [usize],
    zonage: String,
    line: &'a LineFile,
}

impl<'a> Sheet<'a> {
    /// The sheet of a table whose lines are those of one tree.
    fn of(table: &'a TableFile, def: &TableDef) -> Self {
        Self {
            table,
            lines: Lines::Whole(&table.lines),
            unit: def.unit,
            width: def.width(),
            zonages: Rc::new([]),
            sums: Vec::new(),
        }
    }
}

impl Sheet<'_> {
    /// How many lines it has, one a maille.
    fn mailles(&self) -> usize {
        match self.lines {
            Lines::Whole(lines) => lines.len(),
            Lines::Picked(lines) => lines.len(),
        }
    }

    fn line(&self, maille: usize) -> &LineFile {
        match self.lines {
            Lines::Whole(lines) => &lines[maille],
            Lines::Picked(lines) => lines[maille].line(),
        }
    }

    /// Does the file have this line? One that it lacks is unknown to everyone and
    /// attacked by nobody.
    fn asked(&self, maille: usize) -> bool {
        match self.lines {
            Lines::Whole(_) => true,
            Lines::Picked(lines) => matches!(lines[maille], joint::Line::Said(_)),
        }
    }

    /// Its lines, in the order of the mailles.
    fn each_line(&self) -> impl Iterator<Item = &LineFile> {
        (0..self.mailles()).map(|maille| self.line(maille))
    }

    fn cell(&self, column: usize, maille: usize) -> Option<i64> {
        let line = self.line(maille);
        if column < self.width {
            line.counts[column]
        } else if self.unit.is_person() {
            // Persons without an answer are not counted at all.
            Some(0)
        } else {
            // The units without an answer.
            Some(line.base()? - line.respondents?)
        }
    }

    /// What a line adds up to: the population, or the persons who answered.
    fn margin(&self, maille: usize) -> Option<i64> {
        let line = self.line(maille);
        if self.unit.is_person() {
            line.respondents
        } else {
            line.base()
        }
    }

    fn place(&self, column: usize, maille: usize) -> Place {
        self.place_of(maille, self.what(column))
    }

    fn what(&self, column: usize) -> &str {
        let modalities = &self.table.dimensions[0].modalities;
        modalities.get(column).map_or("repondants", String::as_str)
    }

    /// The cell of a modality, to attack.
    fn aim(&self, arc: usize, column: usize, maille: usize) -> Aim<'_> {
        self.aim_at(arc, maille, self.what(column))
    }

    fn aim_at<'s>(&'s self, arc: usize, maille: usize, what: &'s str) -> Aim<'s> {
        Aim {
            arc,
            sheet: self,
            maille,
            what,
        }
    }

    fn place_of(&self, maille: usize, what: &str) -> Place {
        Place {
            table: self.table.id.clone(),
            zonage: self
                .zonages
                .get(maille)
                .unwrap_or(&self.table.zonage)
                .clone(),
            maille: self.line(maille).maille.clone(),
            what: what.to_owned(),
        }
    }
}

/// A hidden cell to attack. Its place is written only for a finding: a file has
/// hundreds of thousands of them.
struct Aim<'s> {
    arc: usize,
    sheet: &'s Sheet<'s>,
    maille: usize,
    what: &'s str,
}

impl Aim<'_> {
    fn place(&self) -> Place {
        self.sheet.place_of(self.maille, self.what)
    }
}

struct Attack<'a> {
    zonage: &'a Zonage,
    sheets: Vec<Sheet<'a>>,
    crossings: Vec<crossing::Crossing<'a>>,
    threshold: i64,
    bears_on: BearsOn,
}

impl<'a> Attack<'a> {
    fn new(tables: &'a [TableFile], zonage: &'a Zonage, rules: &AppliedRules) -> Self {
        let crossed = |table: &&TableFile| table.dimensions.len() > 1;
        let crossings = tables
            .iter()
            .filter(crossed)
            .filter_map(|table| {
                let def = indicator::table(&table.id)?;
                Some(crossing::Crossing { table, def })
            })
            .collect();
        let sheets = tables
            .iter()
            .filter(|table| !crossed(table))
            .filter_map(|table| {
                let def = indicator::table(&table.id)?;
                Some(Sheet::of(table, def))
            })
            .collect();
        Self {
            zonage,
            sheets,
            crossings,
            threshold: i64::from(rules.threshold),
            bears_on: rules.bears_on,
        }
    }

    fn sheet(&self, id: &str) -> Option<&Sheet<'a>> {
        self.sheets.iter().find(|s| s.table.id == id)
    }

    /// `population` of a unit, the same in all its tables; that of households is
    /// a cell of `occupation` too.
    fn population(&self, unit: Unit, maille: usize) -> Option<i64> {
        match self.sheets.iter().find(|s| s.unit == unit) {
            Some(sheet) => sheet.line(maille).base(),
            None if unit == Unit::Households => self.sheet("occupation")?.cell(0, maille),
            None => None,
        }
    }

    /// What a hidden count must be able to reach.
    fn goal(&self) -> i64 {
        match self.bears_on {
            BearsOn::Effectif => self.threshold,
            BearsOn::Population => 1,
        }
    }

    /// A listed leaf holds at least one dwelling, and everyone knows it.
    fn least(&self, unit: Unit, maille: usize) -> i64 {
        let leaf = matches!(
            self.zonage.mailles[maille].level,
            Level::Programme | Level::Regroupement | Level::Part
        );
        i64::from(leaf && unit == Unit::Dwellings)
    }

    fn run(&self, verdict: &mut Verdict) {
        verdict.persons = self.sheets.iter().any(|s| s.unit.is_person());
        let masked = |line: &LineFile| line.base().is_some() && line.counts.contains(&None);
        let occupation = self.sheet("occupation");
        verdict.exempt = occupation.is_some_and(|sheet| sheet.each_line().any(masked));
        self.check_lines(verdict);
        self.attack_populations(verdict);
        for sheet in self.sheets.iter().filter(|s| s.table.id != "occupation") {
            if sheet.unit.is_person() || self.bears_on == BearsOn::Population {
                self.attack_lines(sheet, verdict);
            }
        }
        let pair = indicator::twins()
            .find_map(|[(a, i), (b, j)]| Some(((self.sheet(a)?, i), (self.sheet(b)?, j))));
        for sheet in self.sheets.iter().filter(|s| s.table.id != "occupation") {
            match pair {
                Some((first, second)) if first.0.table.id == sheet.table.id => {
                    twins::attack(self, first, second, verdict);
                }
                Some((_, second)) if second.0.table.id == sheet.table.id => {}
                _ => {
                    if let Some(mut flow) = self.flow(sheet, None, verdict) {
                        self.attack_table(sheet, &mut flow, verdict);
                    }
                }
            }
        }
        // What the tables do not tell by themselves, they may tell with crossings.
        if (cfg!(test) || indicator::CROSSINGS_ENTER) && verdict.accepted() {
            component::attack(self, verdict);
        }
    }

    /// A line without population is hidden whole; cells that count the same
    /// units have one value and one status.
    fn check_lines(&self, verdict: &mut Verdict) {
        for sheet in &self.sheets {
            for (g, line) in sheet.each_line().enumerate() {
                let counts = line.counts.iter().any(Option::is_some);
                let base = if sheet.unit.is_person() {
                    "logements"
                } else {
                    "population"
                };
                let broken = line.base().is_none() && (line.respondents.is_some() || counts);
                // Households that move between lines without population take
                // their persons along.
                let people = sheet.unit.is_person()
                    && line.base().is_some()
                    && self.population(Unit::Households, g).is_none();
                if broken || people {
                    verdict.find(sheet.place_of(g, base), Finding::BrokenLine);
                }
                let whole = self.bears_on == BearsOn::Population && sheet.table.id != "occupation";
                if whole && line.respondents.is_none() && counts {
                    verdict.find(sheet.place_of(g, "repondants"), Finding::BrokenLine);
                }
            }
        }
        for identity in IDENTITIES {
            let Some(left) = self.sheet(identity.left.0) else {
                continue;
            };
            for g in 0..self.zonage.mailles.len() {
                let a = left.cell(identity.left.1, g);
                let same = match identity.right.1 {
                    IdentityPart::Population(unit) => {
                        !self.sheets.iter().any(|s| s.unit == unit) || self.population(unit, g) == a
                    }
                    IdentityPart::Modality(right) => self
                        .sheet(identity.right.0)
                        .is_none_or(|sheet| sheet.cell(right, g).is_some() == a.is_some()),
                };
                if !same {
                    verdict.find(left.place(identity.left.1, g), Finding::Identity);
                }
            }
        }
    }

    /// The populations of dwellings and of households, with `occupation`.
    fn attack_populations(&self, verdict: &mut Verdict) {
        const LET: usize = 0;
        const SILENT: usize = 3;
        let occupation = self.sheet("occupation");
        let households = self.sheets.iter().find(|s| s.unit == Unit::Households);
        let dwellings = self.sheets.iter().find(|s| s.unit == Unit::Dwellings);
        let cell = |column: usize, g: usize| match (column, households) {
            (LET, Some(sheet)) => sheet.line(g).base(),
            _ => occupation?.cell(column, g),
        };
        let margin = |g: usize| self.population(Unit::Dwellings, g);
        let least = |g: usize| self.least(Unit::Dwellings, g);
        let Some(mut flow) = Flow::new(self.zonage, SILENT + 1, cell, margin, least, None) else {
            verdict.find(Place::default(), Finding::Contradiction);
            return;
        };
        // With tables of persons alone, households still are what they live in.
        let let_sheet = households.or_else(|| {
            self.sheets
                .iter()
                .any(|s| s.unit.is_person())
                .then_some(occupation)
                .flatten()
        });
        let mut targets = Vec::new();
        for g in 0..self.zonage.mailles.len() {
            // A line of districts is there as soon as one table of the unit has it.
            let asked = |unit: Unit| {
                let mut sheets = self.sheets.iter().filter(|s| s.unit == unit);
                sheets.any(|s| s.asked(g))
            };
            if let Some(sheet) = dwellings.filter(|_| asked(Unit::Dwellings)) {
                targets.push(sheet.aim_at(flow.margin(g), g, "population"));
            }
            let households = asked(Unit::Households) || occupation.is_some_and(|s| s.asked(g));
            if let Some(sheet) = let_sheet.filter(|_| households) {
                targets.push(sheet.aim_at(flow.cell(LET, g), g, "population"));
            }
        }
        targets.retain(|aim| flow.hidden(aim.arc));
        self.attack_arcs(&mut flow, &targets, self.threshold, verdict);
        self.attack_sum_populations(&mut flow, verdict);
    }

    /// The lines of a table, out of the population of households or of its unit:
    /// respondents in the reading `population`, dwellings behind persons always.
    fn attack_lines(&self, sheet: &Sheet<'_>, verdict: &mut Verdict) {
        let person = sheet.unit.is_person();
        let unit = if person { Unit::Households } else { sheet.unit };
        let line = |g: usize| {
            let line = sheet.line(g);
            if person {
                line.base()
            } else {
                line.respondents
            }
        };
        let rest = |g: usize| Some(self.population(unit, g)? - line(g)?);
        let cell = |column: usize, g: usize| if column == 0 { line(g) } else { rest(g) };
        let flow = Flow::new(
            self.zonage,
            2,
            cell,
            |g| self.population(unit, g),
            |g| self.least(unit, g),
            None,
        );
        let Some(mut flow) = flow else {
            verdict.find(sheet.place_of(0, "repondants"), Finding::Contradiction);
            return;
        };
        let what = if person { "logements" } else { "repondants" };
        let targets: Vec<Aim<'_>> = (0..self.zonage.mailles.len())
            .filter(|g| line(*g).is_none() && sheet.asked(*g))
            .map(|g| sheet.aim_at(flow.cell(0, g), g, what))
            .collect();
        self.attack_arcs(&mut flow, &targets, self.threshold, verdict);
        self.attack_sum_lines(sheet, &mut flow, verdict);
    }

    /// The network of a table with the population of its unit.
    fn flow(
        &self,
        sheet: &Sheet<'_>,
        start: Option<(usize, &[i64])>,
        verdict: &mut Verdict,
    ) -> Option<Flow> {
        let flow = Flow::new(
            self.zonage,
            sheet.width + 1,
            |column, g| sheet.cell(column, g),
            |g| sheet.margin(g),
            |g| match sheet.unit.is_person() {
                // A dwelling behind persons holds at least one.
                true => sheet.line(g).base().unwrap_or(0),
                false => self.least(sheet.unit, g),
            },
            start,
        );
        let flow = flow.map(|mut flow| {
            self.watch_sums(sheet, &mut flow);
            flow
        });
        if flow.is_none() {
            let place = Place {
                table: sheet.table.id.clone(),
                ..Place::default()
            };
            verdict.find(place, Finding::Contradiction);
        }
        flow
    }

    /// Attacks the hidden cells of a table, those held apart.
    fn attack_table(&self, sheet: &Sheet<'_>, mover: &mut dyn Mover, verdict: &mut Verdict) {
        let mut targets = Vec::new();
        for g in (0..self.zonage.mailles.len()).filter(|g| sheet.asked(*g)) {
            for column in 0..sheet.width {
                let flow = mover.flow();
                let arc = flow.cell(column, g);
                if flow.hidden(arc) && !flow.is_held(arc) {
                    targets.push(sheet.aim(arc, column, g));
                }
            }
        }
        self.attack_arcs(mover, &targets, self.goal(), verdict);
        if self.bears_on == BearsOn::Effectif {
            self.attack_respondents(sheet, mover, verdict);
        }
        self.attack_sums(sheet, mover, verdict);
    }

    /// Each cell must reach the goal and, under `effectif`, take two values.
    fn attack_arcs(
        &self,
        mover: &mut dyn Mover,
        targets: &[Aim<'_>],
        goal: i64,
        verdict: &mut Verdict,
    ) {
        for aim in targets {
            let arc = aim.arc;
            verdict.attacked += 1;
            if mover.flow().range(arc).1 < goal {
                let want = goal - mover.flow().now(arc);
                mover.push(arc, Towards::More, want);
                let most = mover.flow().range(arc).1;
                if most < goal {
                    verdict.find(
                        mover.blame(aim.place()),
                        mover.finding(Finding::Below(most)),
                    );
                }
            }
        }
        if self.bears_on == BearsOn::Population {
            return;
        }
        for aim in targets {
            let (low, high) = mover.flow().range(aim.arc);
            if low == high && !mover.nudge(aim.arc) {
                verdict.find(mover.blame(aim.place()), mover.finding(Finding::Exact(low)));
            }
        }
    }

    /// Hidden respondents: the population less those without an answer, or the
    /// sum of the line.
    fn attack_respondents(&self, sheet: &Sheet<'_>, mover: &mut dyn Mover, verdict: &mut Verdict) {
        for (g, line) in sheet.each_line().enumerate() {
            if line.respondents.is_some() || !sheet.asked(g) {
                continue;
            }
            verdict.attacked += 1;
            let (low, high) = mover.flow().answers(g);
            if sheet.unit.is_person() && line.base().is_some() {
                let arc = mover.flow().margin(g);
                let want = self.threshold - mover.flow().now(arc);
                mover.push(arc, Towards::More, want.max(0));
                mover.nudge(arc);
            } else if let Some(population) = line.base() {
                let silent = mover.flow().cell(sheet.width, g);
                if high < self.threshold {
                    let want = self.threshold - (population - mover.flow().now(silent));
                    mover.push(silent, Towards::Less, want);
                }
                let (low, high) = mover.flow().answers(g);
                if low == high {
                    mover.nudge(silent);
                }
            } else if low == high {
                self.stir(sheet, mover, g);
            }
            let (low, high) = mover.flow().answers(g);
            let found = if high < self.threshold {
                Finding::Below(high)
            } else if low == high {
                Finding::Exact(low)
            } else {
                continue;
            };
            let place = sheet.place_of(g, "repondants");
            verdict.find(mover.blame(place), mover.finding(found));
        }
    }

    /// Looks for another number of respondents in a line without population:
    /// one cell of the line changes while the others stay.
    fn stir(&self, sheet: &Sheet<'_>, mover: &mut dyn Mover, g: usize) {
        let flow = mover.flow();
        let arcs: Vec<usize> = (0..sheet.width).map(|c| flow.cell(c, g)).collect();
        let held: Vec<bool> = arcs.iter().map(|arc| flow.is_held(*arc)).collect();
        for (at, arc) in arcs.iter().enumerate() {
            if held[at] {
                continue;
            }
            arcs.iter()
                .for_each(|other| mover.flow().hold(*other, true));
            if mover.nudge(*arc) {
                break;
            }
        }
        for (arc, was) in arcs.iter().zip(held) {
            mover.flow().hold(*arc, was);
        }
    }
}

/// How a hidden cell is moved: inside its table, or with a twin.
trait Mover {
    /// The network of the table.
    fn flow(&mut self) -> &mut Flow;

    /// Moves a hidden cell by up to `want`; gives how far it went.
    fn push(&mut self, arc: usize, towards: Towards, want: i64) -> i64;

    /// What a cell that could not be moved tells: exact inside one table.
    fn finding(&self, exact: Finding) -> Finding;

    /// Where such a finding stands: in the table, or in a crossing that stops it.
    fn blame(&self, place: Place) -> Place {
        place
    }

    /// Moves a hidden cell by one, either way.
    fn nudge(&mut self, arc: usize) -> bool {
        self.push(arc, Towards::More, 1) > 0 || self.push(arc, Towards::Less, 1) > 0
    }
}

impl Mover for Flow {
    fn flow(&mut self) -> &mut Flow {
        self
    }

    fn push(&mut self, arc: usize, towards: Towards, want: i64) -> i64 {
        self.advance(arc, towards, want)
    }

    fn finding(&self, exact: Finding) -> Finding {
        exact
    }
}
