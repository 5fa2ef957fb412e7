//! The consultant's work: partials → checked, attacked, merged → base.

use std::borrow::Cow;

use super::{Observer, Step};
use crate::attack;
use crate::base::{Base, BaseError};
use crate::campaign::Campaign;
use crate::merge::Merged;
use crate::partial::{AppliedRules, Partial};
use crate::words::ui;

/// A partial that was accepted.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct AcceptedPartial {
    /// Name of the file.
    pub file: String,
    /// Identifier of the landlord.
    pub landlord: String,
    /// Name of the landlord.
    pub name: String,
    /// Date it was made.
    pub produced_on: String,
    /// Rules it was made under.
    pub rules: AppliedRules,
    /// Its fingerprint.
    pub fingerprint: String,
    /// What the attack says.
    pub verdict: String,
    /// What it leaves aside: said once of all that it leaves aside.
    pub caveats: Vec<String>,
}

/// A file that was refused.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RefusedFile {
    /// Name of the file.
    pub file: String,
    /// Why, in French.
    pub reason: String,
    /// Is it the copy of one that was accepted? Nothing is wrong then.
    pub again: bool,
}

/// Why there is no base.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum Unmade {
    /// No partial was accepted.
    #[error("{}", ui::NO_BASE)]
    NoPartial,
    /// The merge gives none.
    #[error(transparent)]
    Base(#[from] BaseError),
}

/// What the consultant gets.
#[derive(Debug)]
pub struct Consolidation {
    /// The partials that are in the base, in the order of arrival.
    pub accepted: Vec<AcceptedPartial>,
    /// The files that are not.
    pub refused: Vec<RefusedFile>,
    /// Landlords of the campaign of whom no partial was accepted.
    pub missing: Vec<String>,
    /// The base, when at least one partial was accepted; or why there is none.
    pub base: Result<Base, Unmade>,
    /// Name under which to save it.
    pub file_name: String,
}

/// Checks, attacks and merges partials; the good ones stay whatever the others.
pub fn consolidate(
    files: &[(String, Vec<u8>)],
    campaign: &Campaign,
    observer: &mut dyn Observer,
) -> Consolidation {
    let read = files
        .iter()
        .map(|(file, bytes)| (file.clone(), Ok(Cow::Borrowed(bytes.as_slice()))));
    consolidate_each(read, campaign, observer)
}

/// As [`consolidate`], each file read when its turn comes and dropped after: one
/// at a time is in memory. A file that cannot be read comes with the reason.
pub fn consolidate_each<'a>(
    files: impl ExactSizeIterator<Item = (String, Result<Cow<'a, [u8]>, String>)>,
    campaign: &Campaign,
    observer: &mut dyn Observer,
) -> Consolidation {
    let mut merged = Merged::empty(campaign);
    let (mut accepted, mut refused) = (Vec::new(), Vec::new());
    let count = files.len();
    for (rank, (file, bytes)) in files.enumerate() {
        observer.progress(rank as u64, (rank * 1_000 / count) as u16);
        let entered = bytes.and_then(|bytes| {
            let partial = Partial::parse(&bytes).map_err(|e| e.to_string())?;
            let fingerprint = &partial.file().fingerprint;
            let known = |other: &AcceptedPartial| other.fingerprint == *fingerprint;
            if accepted.iter().any(known) {
                return Ok(None);
            }
            accept(&file, &partial, campaign, &mut merged, observer).map(Some)
        });
        let (reason, again) = match entered {
            Ok(Some(partial)) => {
                accepted.push(partial);
                continue;
            }
            Ok(None) => (ui::RECEIVED_AGAIN.to_owned(), true),
            Err(reason) => (reason, false),
        };
        refused.push(RefusedFile {
            file,
            reason,
            again,
        });
    }
    observer.step(Step::Merging);
    let missing: Vec<String> = campaign
        .file()
        .landlords
        .iter()
        .filter(|l| {
            !accepted
                .iter()
                .any(|p: &AcceptedPartial| p.landlord == l.id)
        })
        .map(|l| l.name.clone())
        .collect();
    let base = if accepted.is_empty() {
        Err(Unmade::NoPartial)
    } else {
        Base::from_merged(campaign, &merged).map_err(Unmade::from)
    };
    Consolidation {
        accepted,
        refused,
        file_name: format!(
            "{}{}.base.json",
            campaign.file().id,
            ui::incomplete(&missing)
        ),
        missing,
        base,
    }
}

/// One file into the merge, or the reason why not.
fn accept(
    file: &str,
    partial: &Partial,
    campaign: &Campaign,
    merged: &mut Merged,
    observer: &mut dyn Observer,
) -> Result<AcceptedPartial, String> {
    let one = Merged::from_partial(campaign, partial).map_err(|e| e.to_string())?;
    observer.step(Step::Attacking);
    let verdict = attack::verify(partial);
    if !verdict.accepted() {
        return Err(verdict.to_string());
    }
    // What the partial hides is bounded once it is known to be safe.
    let one = one.bounded(campaign, partial);
    merged.add(one).map_err(|e| e.to_string())?;
    let header = partial.file();
    Ok(AcceptedPartial {
        file: file.to_owned(),
        landlord: header.landlord.id.clone(),
        name: header.landlord.name.clone(),
        produced_on: header.produced_on.clone(),
        rules: header.rules.clone(),
        fingerprint: header.fingerprint.clone(),
        verdict: verdict.sentence(),
        caveats: verdict.caveats().into_iter().map(str::to_owned).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::{self, Landlord};
    use crate::pipeline::{AggregateRequest, aggregate};

    #[test]
    fn a_partial_that_comes_twice_counts_once_and_another_of_the_landlord_is_refused() {
        let campaign = Campaign::example();
        let csv = example::to_csv(&example::table(Landlord::A, 7, 400)).into_bytes();
        let file = |name: &str, day: &str| {
            let request = AggregateRequest::new(Campaign::example(), day);
            let source = std::io::Cursor::new(csv.clone());
            let made = aggregate(source, csv.len() as u64, "a.csv", &request, &mut ()).unwrap();
            (name.to_owned(), made.certified.bytes())
        };
        let (first, later) = ("2026-11-23", "2026-11-24");
        let files = [file("a", first), file("copie", first), file("autre", later)];
        let made = consolidate(&files, &campaign, &mut ());
        assert_eq!(made.accepted.len(), 1);
        let refused: Vec<(&str, bool)> = (made.refused.iter())
            .map(|one| (one.file.as_str(), one.again))
            .collect();
        assert_eq!(refused, [("copie", true), ("autre", false)]);
        // Nobody takes it for the whole, nor overwrites the whole by it.
        assert_eq!(made.file_name, "exemple-fictif-incomplete.base.json");
        assert!(made.refused[0].reason.contains("compté une fois"));
        let alone = consolidate(&files[..1], &campaign, &mut ());
        assert_eq!(
            made.base.unwrap().to_bytes(),
            alone.base.unwrap().to_bytes()
        );
    }
}
