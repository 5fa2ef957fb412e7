//! Bases of fictitious landlords, for the tests of what reads them.

use super::Base;
use crate::campaign::Campaign;
use crate::dwelling::Dwelling;
use crate::example::{self, Landlord};
use crate::merge::Merged;
use crate::partial::{PartialFile, sample};
use crate::pipeline::{self, AggregateRequest};

/// The partial of a landlord who has these dwellings, nothing hidden.
pub(crate) fn file(campaign: &Campaign, landlord: &str, rows: &[Dwelling]) -> PartialFile {
    sample::file(campaign, landlord, &sample::raw(campaign, landlord, rows))
}

/// The partial of a landlord of the fictitious example, as it leaves his machine: with
/// priority districts, and what must be hidden hidden.
pub(crate) fn protected(landlord: Landlord) -> PartialFile {
    let csv = example::to_csv(&example::table(landlord, 7, 400)).into_bytes();
    let request = AggregateRequest::new(Campaign::example(), "2026-11-23");
    let (size, csv) = (csv.len() as u64, std::io::Cursor::new(csv));
    let made = pipeline::aggregate(csv, size, "ops.csv", &request, &mut ()).unwrap();
    made.certified.partial().file().clone()
}

/// The base of landlords, each with these dwellings.
pub(crate) fn base<'a>(
    campaign: &Campaign,
    landlords: impl IntoIterator<Item = (&'a str, Vec<Dwelling>)>,
) -> Base {
    let files = landlords.into_iter();
    of_files(campaign, files.map(|(id, rows)| file(campaign, id, &rows)))
}

/// The base of partials.
pub(crate) fn of_files(campaign: &Campaign, files: impl IntoIterator<Item = PartialFile>) -> Base {
    Base::from_merged(campaign, &merged(campaign, files)).unwrap()
}

/// What partials say together.
pub(crate) fn merged(campaign: &Campaign, files: impl IntoIterator<Item = PartialFile>) -> Merged {
    let mut merged = Merged::empty(campaign);
    for file in files {
        let one = Merged::from_partial(campaign, &sample::checked(file)).unwrap();
        merged.add(one).unwrap();
    }
    merged
}
