//! Both zonages of a file as one system.
//!
//! Priority districts group the leaves of the territory in another way. A
//! district whose leaves are whole children of one maille is a node of one tree
//! with the territory ([`Joint`]), and the tables over that tree are networks as
//! before: exact flows. Any other maille is a **sum** of nodes, and the gate
//! demands of each of its cells one of two things:
//!
//! * published: the nodes give it away already ([`Flow::is_given`]), so that it
//!   restricts nothing, and it has that very value;
//! * hidden: it reaches the threshold and takes two values, in tables that agree
//!   with all that is published.
//!
//! So the tables that agree with the file are those that agree with its nodes,
//! and what is proved over the tree holds for both zonages.

use std::rc::Rc;

use super::flow::Flow;
use super::{Attack, Finding, Lines, Mover, Sheet, SumLine, Towards, Verdict};
use crate::campaign::BearsOn;
use crate::indicator::{self, Depth, Unit};
use crate::partial::check::tables::has_line;
use crate::partial::{Absent, LineFile, Partial, Place, TableFile};
use crate::table::Zonage;
use crate::table::joint::{self, Joint};
use crate::words::attack as words;

/// The tables of a file over the joint tree.
pub(super) struct System<'a> {
    joint: Joint,
    /// Without their lines, but for crossings.
    tables: Vec<TableFile>,
    /// By table, then node.
    lines: Vec<Vec<Line<'a>>>,
    /// By table: the lines of sums, with their rank among the sums.
    sums: Vec<Vec<(usize, &'a LineFile)>>,
}

/// The line of a node: one of the file, which is not copied, or that of a district
/// of which the file only says the population, or not even that.
pub(super) enum Line<'a> {
    Said(&'a LineFile),
    Silent(Box<LineFile>),
}

impl Line<'_> {
    pub(super) fn line(&self) -> &LineFile {
        match self {
            Self::Said(line) => line,
            Self::Silent(line) => line,
        }
    }
}

/// The lines of a table by maille of its zonage.
fn lines_of<'a>(table: &'a TableFile, zonage: &Zonage) -> Vec<Option<&'a LineFile>> {
    let mut lines = table.lines.iter();
    zonage
        .mailles
        .iter()
        .map(|maille| {
            let def = indicator::table(&table.id)?;
            has_line(def, zonage, maille.level)
                .then(|| lines.next())
                .flatten()
        })
        .collect()
}

impl<'a> System<'a> {
    /// The system of a file with two zonages, or why it cannot be judged.
    pub(super) fn of(partial: &'a Partial) -> Result<Self, String> {
        let [first, second] = partial.zonages() else {
            return Err(words::OTHER_ZONAGES.to_owned());
        };
        let file = partial.file();
        let joint = Joint::of(first, second);
        if !is_faithful(&joint, [first, second]) {
            return Err(words::UNFAITHFUL_ZONAGES.to_owned());
        }
        let of_zonage = |id: &'a str| file.tables.iter().filter(move |t| t.zonage == id);
        for table in of_zonage(&second.id) {
            let twin = of_zonage(&first.id).any(|t| t.id == table.id);
            let known = indicator::table(&table.id)
                .is_some_and(|d| !d.unit.is_person() && matches!(d.depth, Depth::Leaves));
            if !twin || !known {
                return Err(words::not_on_districts(&table.id));
            }
        }
        // Everyone knows the population of a district from any table of its unit.
        let population = |unit: Unit, maille: usize| {
            let line = |table: &'a TableFile| lines_of(table, second)[maille];
            let shared = of_zonage(&second.id)
                .find(|t| t.unit == unit.id())
                .map(|t| line(t).and_then(LineFile::base));
            let let_dwellings = || {
                of_zonage(&second.id)
                    .find(|t| unit == Unit::Households && t.id == "occupation")
                    .and_then(|t| line(t)?.counts[0])
            };
            shared.unwrap_or_else(let_dwellings)
        };
        let (mut tables, mut lines, mut sums) = (Vec::new(), Vec::new(), Vec::new());
        for table in of_zonage(&first.id) {
            let Some(def) = indicator::table(&table.id) else {
                continue;
            };
            let here = lines_of(table, first);
            let there = of_zonage(&second.id)
                .find(|t| t.id == table.id)
                .map(|t| lines_of(t, second));
            let line = |place: joint::Place| match place.zonage {
                0 => here[place.maille],
                _ => there.as_ref().and_then(|lines| lines[place.maille]),
            };
            let silent = |place: joint::Place| {
                let base = Absent::Present(
                    (!def.unit.is_person())
                        .then(|| population(def.unit, place.maille))
                        .flatten(),
                );
                let person = def.unit.is_person();
                LineFile {
                    maille: second.mailles[place.maille].id.clone(),
                    population: if person { Absent::Absent } else { base },
                    dwellings: if person { base } else { Absent::Absent },
                    respondents: None,
                    counts: vec![None; def.width()],
                }
            };
            if def.dimensions.len() > 1 {
                // Crossings have lines on the territory and its communes only.
                let said = joint.origin.iter().filter_map(|p| line(*p).cloned());
                tables.push(headed(table, said.collect()));
                lines.push(Vec::new());
                sums.push(Vec::new());
                continue;
            }
            tables.push(headed(table, Vec::new()));
            let nodes = joint.origin.iter();
            let nodes = nodes.map(|p| match line(*p) {
                Some(line) => Line::Said(line),
                None => Line::Silent(Box::new(silent(*p))),
            });
            lines.push(nodes.collect());
            let sum_lines = joint.sums.iter().enumerate();
            sums.push(
                sum_lines
                    .filter_map(|(rank, sum)| Some((rank, line(sum.place)?)))
                    .collect(),
            );
        }
        Ok(Self {
            joint,
            tables,
            lines,
            sums,
        })
    }

    /// The attack on it.
    pub(super) fn attack(&self, partial: &Partial, verdict: &mut Verdict) {
        let file = partial.file();
        let mut attack = Attack::new(&self.tables, &self.joint.zonage, &file.rules);
        let name = |zonage: usize| partial.zonages()[zonage].id.clone();
        let zonages: Rc<[String]> = (self.joint.origin.iter().map(|p| name(p.zonage))).collect();
        for (rank, table) in self.tables.iter().enumerate() {
            let Some(sheet) = attack.sheets.iter_mut().find(|s| s.table.id == table.id) else {
                continue;
            };
            sheet.lines = Lines::Picked(&self.lines[rank]);
            sheet.zonages = Rc::clone(&zonages);
            sheet.sums = self.sums[rank]
                .iter()
                .map(|(sum, line)| SumLine {
                    parts: &self.joint.sums[*sum].parts,
                    zonage: name(self.joint.sums[*sum].place.zonage),
                    line,
                })
                .collect();
        }
        attack.run(verdict);
    }
}

/// A table of the file with other lines.
fn headed(table: &TableFile, lines: Vec<LineFile>) -> TableFile {
    TableFile {
        id: table.id.clone(),
        zonage: table.zonage.clone(),
        unit: table.unit.clone(),
        dimensions: table.dimensions.clone(),
        lines,
    }
}

/// Does each node, and each sum, hold the very leaves of its maille? Counted
/// again here from the identifiers alone.
fn is_faithful(joint: &Joint, zonages: [&Zonage; 2]) -> bool {
    let leaves = |zonage: &Zonage| {
        let leaf = zonage.leaves();
        let mut held: Vec<Vec<String>> = vec![Vec::new(); zonage.mailles.len()];
        for (rank, maille) in zonage.mailles.iter().enumerate() {
            let mut up = leaf[rank].then_some(rank);
            while let Some(at) = up {
                held[at].push(maille.id.clone());
                up = zonage.mailles[at].parent;
            }
        }
        held.iter_mut().for_each(|ids| ids.sort_unstable());
        held
    };
    let over = leaves(&joint.zonage);
    let known = zonages.map(leaves);
    let nodes = joint.origin.len() == over.len()
        && joint
            .origin
            .iter()
            .zip(&over)
            .all(|(place, held)| known[place.zonage][place.maille] == *held);
    nodes
        && joint.sums.iter().all(|sum| {
            let mut held: Vec<String> = sum.parts.iter().flat_map(|p| over[*p].clone()).collect();
            held.sort_unstable();
            known[sum.place.zonage][sum.place.maille] == held
        })
}

/// What is asked of one cell of a sum.
struct Claim {
    cells: Vec<usize>,
    published: Option<i64>,
    place: Place,
    /// What it must be able to reach; `None` when it is not attacked.
    goal: Option<i64>,
}

impl Sheet<'_> {
    fn place_in(&self, sum: &SumLine<'_>, what: &str) -> Place {
        Place {
            table: self.table.id.clone(),
            zonage: sum.zonage.clone(),
            maille: sum.line.maille.clone(),
            what: what.to_owned(),
        }
    }

    fn name(&self, column: usize) -> &str {
        self.table.dimensions[0]
            .modalities
            .get(column)
            .map_or("repondants", String::as_str)
    }
}

impl Attack<'_> {
    /// What is asked of the cells and the respondents of sums, in the network of
    /// their table.
    fn claims(&self, sheet: &Sheet<'_>, flow: &Flow) -> Vec<Claim> {
        let strict = self.bears_on == BearsOn::Effectif;
        let mut claims = Vec::new();
        for sum in &sheet.sums {
            let arcs = |column: usize| -> Vec<usize> {
                sum.parts.iter().map(|g| flow.cell(column, *g)).collect()
            };
            for column in 0..sheet.width {
                claims.push(Claim {
                    cells: arcs(column),
                    published: sum.line.counts[column],
                    place: sheet.place_in(sum, sheet.name(column)),
                    goal: Some(self.goal()),
                });
            }
            claims.push(Claim {
                cells: (0..sheet.width).flat_map(arcs).collect(),
                published: sum.line.respondents,
                place: sheet.place_in(sum, "repondants"),
                // In the other reading lines are attacked by themselves.
                goal: strict.then_some(self.threshold),
            });
        }
        claims
    }

    /// Watches the hidden cells of sums from the first move on.
    pub(super) fn watch_sums(&self, sheet: &Sheet<'_>, flow: &mut Flow) {
        let claims = self.claims(sheet, flow);
        watch(&claims, flow);
    }

    /// Attacks the cells and the respondents of sums.
    pub(super) fn attack_sums(
        &self,
        sheet: &Sheet<'_>,
        mover: &mut dyn Mover,
        verdict: &mut Verdict,
    ) {
        let claims = self.claims(sheet, mover.flow());
        self.settle(claims, mover, verdict);
    }

    /// Attacks the lines of sums in the network of the lines.
    pub(super) fn attack_sum_lines(
        &self,
        sheet: &Sheet<'_>,
        flow: &mut Flow,
        verdict: &mut Verdict,
    ) {
        let person = sheet.unit.is_person();
        let claims = sheet
            .sums
            .iter()
            .map(|sum| {
                let (published, what) = if person {
                    (sum.line.base(), "logements")
                } else {
                    (sum.line.respondents, "repondants")
                };
                Claim {
                    cells: sum.parts.iter().map(|g| flow.cell(0, *g)).collect(),
                    published,
                    place: sheet.place_in(sum, what),
                    goal: Some(self.threshold),
                }
            })
            .collect();
        self.settle(claims, flow, verdict);
    }

    /// Attacks the populations of sums, and what `occupation` publishes of them.
    pub(super) fn attack_sum_populations(&self, flow: &mut Flow, verdict: &mut Verdict) {
        let mut claims = Vec::new();
        for sheet in self.sheets.iter().filter(|s| !s.unit.is_person()) {
            for sum in &sheet.sums {
                let arcs =
                    |arc: &dyn Fn(usize) -> usize| sum.parts.iter().map(|g| arc(*g)).collect();
                let margin = sheet.unit == Unit::Dwellings;
                claims.push(Claim {
                    cells: if margin {
                        arcs(&|g| flow.margin(g))
                    } else {
                        arcs(&|g| flow.cell(0, g))
                    },
                    published: sum.line.base(),
                    place: sheet.place_in(sum, "population"),
                    goal: Some(self.threshold),
                });
                if sheet.table.id != "occupation" {
                    continue;
                }
                for (column, published) in sum.line.counts.iter().enumerate() {
                    claims.push(Claim {
                        cells: arcs(&|g| flow.cell(column, g)),
                        published: *published,
                        place: sheet.place_in(sum, sheet.name(column)),
                        // Households are attacked; those of no household are not.
                        goal: (column == 0).then_some(self.threshold),
                    });
                }
                let all = (0..sheet.width).flat_map(|c| sum.parts.iter().map(move |g| (c, *g)));
                claims.push(Claim {
                    cells: all.map(|(c, g)| flow.cell(c, g)).collect(),
                    published: sum.line.respondents,
                    place: sheet.place_in(sum, "repondants"),
                    goal: None,
                });
            }
        }
        self.settle(claims, flow, verdict);
    }

    fn settle(&self, claims: Vec<Claim>, mover: &mut dyn Mover, verdict: &mut Verdict) {
        let two_values = self.bears_on == BearsOn::Effectif;
        if mover.flow().watching() == 0 {
            watch(&claims, mover.flow());
        }
        let mut rank = 0;
        for claim in claims {
            if let Some(published) = claim.published {
                let flow = mover.flow();
                let now: i64 = claim.cells.iter().map(|arc| flow.now(*arc)).sum();
                if !flow.is_given(&claim.cells) {
                    verdict.find(claim.place, Finding::Unproved);
                } else if now != published {
                    verdict.find(claim.place, Finding::Contradiction);
                }
                continue;
            }
            let Some(goal) = claim.goal else {
                continue;
            };
            verdict.attacked += 1;
            let free: Vec<usize> = {
                let flow = mover.flow();
                let cells = claim.cells.iter().copied();
                cells.filter(|arc| flow.hidden(*arc)).collect()
            };
            // A hidden cell that reaches the goal carries the sum with it.
            let reached = free.iter().any(|arc| mover.flow().range(*arc).1 >= goal);
            let sum = rank;
            rank += 1;
            for arc in &free {
                if reached || mover.flow().sum(sum)[2] >= goal {
                    break;
                }
                let want = goal - mover.flow().sum(sum)[0];
                alone(mover, &free, *arc, |mover| {
                    mover.push(*arc, Towards::More, want.max(1));
                });
            }
            for arc in &free {
                let [_, low, high] = mover.flow().sum(sum);
                if low != high || !two_values {
                    break;
                }
                alone(mover, &free, *arc, |mover| {
                    mover.nudge(*arc);
                });
            }
            let [_, low, high] = mover.flow().sum(sum);
            if (!reached && high < goal) || (two_values && low == high) {
                verdict.find(mover.blame(claim.place), Finding::Unproved);
            }
        }
    }
}

/// Watches the sums that are hidden and attacked, in their order.
fn watch(claims: &[Claim], flow: &mut Flow) {
    for claim in claims {
        if claim.published.is_none() && claim.goal.is_some() {
            flow.watch(claim.cells.clone());
        }
    }
}

/// Moves one cell of a sum while the others stay.
fn alone(mover: &mut dyn Mover, cells: &[usize], arc: usize, act: impl FnOnce(&mut dyn Mover)) {
    let flow = mover.flow();
    let held: Vec<bool> = cells.iter().map(|c| flow.is_held(*c)).collect();
    if flow.is_held(arc) {
        return;
    }
    cells
        .iter()
        .filter(|c| **c != arc)
        .for_each(|c| flow.hold(*c, true));
    act(mover);
    let flow = mover.flow();
    cells
        .iter()
        .zip(held)
        .for_each(|(c, was)| flow.hold(*c, was));
}
