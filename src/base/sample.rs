//! Bases of fictitious landlords, for the tests of what reads them.

use super::Base;
use crate::campaign::Campaign;
use crate::dwelling::Dwelling;
use crate::merge::Merged;
use crate::partial::{PartialFile, sample};

/// The partial of a landlord who has these dwellings, nothing hidden.
pub(crate) fn file(campaign: &Campaign, landlord: &str, rows: &[Dwelling]) -> PartialFile {
    sample::file(campaign, landlord, &sample::raw(campaign, landlord, rows))
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
