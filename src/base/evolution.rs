//! From an earlier survey to this one: changes in points, only where both
//! shares are published.
//!
//! Mailles are the same when zonage and identifier are. A change is the
//! difference of the unrounded shares; where one of the two is hidden, bounded
//! or lacks answers, there is none.

use std::collections::HashMap;

use super::fraction::{Fraction, Gap};
use super::{Base, ResultFile, Status};

/// Why two bases give no evolution.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum NotComparable {
    /// Two territories.
    #[error(
        "La base antérieure porte sur « {before} » et celle-ci sur « {now} » : une évolution compare deux enquêtes du même territoire. Déposez la base antérieure de « {now} »."
    )]
    Territory {
        /// That of the base shown.
        now: String,
        /// That of the other.
        before: String,
    },
    /// Not earlier.
    #[error(
        "La base antérieure est au {before} et celle-ci au {now} : une évolution va d'une enquête ancienne à une plus récente. Ouvrez la plus récente dans « Base agrégée » et l'ancienne dans « Base antérieure »."
    )]
    Order {
        /// Date of the base shown.
        now: String,
        /// Date of the other.
        before: String,
    },
}

/// A result now, and what it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Change<'a> {
    /// The result now.
    pub now: &'a ResultFile,
    /// The same maille then, when the earlier base has it.
    pub before: Option<&'a ResultFile>,
    /// Now less then, when both are published.
    pub points: Option<Gap>,
}

/// May these two be compared?
///
/// # Errors
/// When they are of two territories, or the second is not earlier.
pub fn comparable(now: &Base, before: &Base) -> Result<(), NotComparable> {
    let (here, there) = (&now.file().territory, &before.file().territory);
    if here.siren != there.siren {
        return Err(NotComparable::Territory {
            now: here.name.clone(),
            before: there.name.clone(),
        });
    }
    // Dates are `AAAA-MM-JJ`: their order is that of their text.
    let (here, there) = (&now.file().reference_date, &before.file().reference_date);
    if there >= here {
        return Err(NotComparable::Order {
            now: crate::words::ui::date(here),
            before: crate::words::ui::date(there),
        });
    }
    Ok(())
}

/// The changes of an indicator, in the order of the results now.
pub fn changes<'a>(now: &'a Base, before: &'a Base, indicator: &str) -> Vec<Change<'a>> {
    let of = |base: &'a Base| {
        let results = base.file().results.iter();
        results.filter(|result| result.indicator == indicator)
    };
    let earlier: HashMap<(&str, &str), &ResultFile> = of(before)
        .map(|result| ((result.zonage.as_str(), result.maille.as_str()), result))
        .collect();
    of(now)
        .map(|now| {
            let place = (now.zonage.as_str(), now.maille.as_str());
            let before = earlier.get(&place).copied();
            Change {
                now,
                before,
                points: before.and_then(|before| Some(exact(now)?.gap(exact(before)?))),
            }
        })
        .collect()
}

fn exact(result: &ResultFile) -> Option<Fraction> {
    (result.status == Status::Published)
        .then(|| Fraction::new(result.numerator?, result.denominator?))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::sample;
    use crate::campaign::Campaign;
    use crate::partial::sample::dwellings;

    const HERE: &str = "247100290";

    fn base(date: &str, siren: &str, seed: u64) -> Base {
        let mut file = Campaign::example().file().clone();
        file.reference_date = date.to_owned();
        file.territory.siren = siren.to_owned();
        let campaign = Campaign::parse(crate::json::pretty(&file).as_bytes()).unwrap();
        sample::base(&campaign, [("exemple-a", dwellings(seed, 900, 4))])
    }

    #[test]
    fn a_change_stands_only_where_both_are_published() {
        let (now, before) = (base("2024-01-01", HERE, 1), base("2022-01-01", HERE, 2));
        comparable(&now, &before).unwrap();
        let mut seen = [0; 2];
        for indicator in crate::indicator::shares::SHARES {
            for change in changes(&now, &before, indicator.key) {
                let both = change.now.status == Status::Published
                    && change.before.is_some_and(|b| b.status == Status::Published);
                assert_eq!(change.points.is_some(), both, "{change:?}");
                if let (Some(Gap(points)), Some(before)) = (change.points, change.before) {
                    let rounded =
                        i64::from(change.now.share.unwrap().0) - i64::from(before.share.unwrap().0);
                    assert!((i64::from(points) - rounded).abs() <= 1);
                }
                seen[usize::from(both)] += 1;
            }
        }
        assert!(seen[0] > 10 && seen[1] > 10, "{seen:?}");
    }

    #[test]
    fn only_an_earlier_survey_of_the_same_territory_is_compared() {
        let now = base("2024-01-01", HERE, 1);
        let later = base("2024-01-01", HERE, 2);
        let elsewhere = base("2022-01-01", "242100410", 1);
        assert!(matches!(
            comparable(&now, &later),
            Err(NotComparable::Order { .. })
        ));
        assert!(matches!(
            comparable(&now, &elsewhere),
            Err(NotComparable::Territory { .. })
        ));
    }
}
