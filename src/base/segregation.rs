//! Indices of segregation: how unevenly a group, or all groups, live across the
//! units of a level.
//!
//! Definitions: Massey and Denton (two groups), Reardon and Firebaugh (several
//! groups), as PySAL `segregation` computes them; tests compare with its values
//! to 1e-12, in absolute and in relative terms. Over units *i* of *tᵢ* households, *xᵢ* of them in
//! the group, *pᵢ = xᵢ/tᵢ*, totals *T*, *X*, *P = X/T*, natural logarithms and
//! 0 ln 0 = 0.
//!
//! NOTE: equal bytes are promised to the page and the command line. Sums follow
//! the order of the units, and logarithms come from `libm`: those of the
//! platform differ in their last bit.

/// An index: its identifier in the base, and its value.
pub type Index = (&'static str, f64);

/// Fewest units of an index.
pub const MIN_UNITS: usize = 2;

/// The indices of one group: `(xᵢ, tᵢ)` for each unit.
///
/// `None` when there are fewer than [`MIN_UNITS`] units, an empty one, or
/// nobody inside or outside the group.
///
/// ```
/// use ops_mixite::base::segregation::two_groups;
/// let apart = two_groups(&[(20, 20), (0, 30)]).unwrap();
/// assert_eq!(apart[0], ("dissimilarite", 1.0));
/// assert_eq!(two_groups(&[(20, 20)]), None);
/// ```
pub fn two_groups(units: &[(u64, u64)]) -> Option<[Index; 6]> {
    let (all_x, all_t) = totals(units)?;
    let (x_sum, t_sum) = (all_x as f64, all_t as f64);
    let p = x_sum / t_sum;
    let others = t_sum - x_sum;
    let entropy = entropy_of_two(p);
    let (mut dissimilarity, mut isolation, mut interaction, mut theil) = (0.0, 0.0, 0.0, 0.0);
    for &(x, t) in units {
        let (x, t) = (x as f64, t as f64);
        dissimilarity += (x / x_sum - (t - x) / others).abs();
        isolation += (x / x_sum) * (x / t);
        interaction += (x / x_sum) * ((t - x) / t);
        theil += t * (entropy - entropy_of_two(x / t));
    }
    Some([
        ("dissimilarite", dissimilarity / 2.0),
        ("isolement", isolation),
        ("interaction", interaction),
        ("eta2", (isolation - p) / (1.0 - p)),
        ("theil_h", theil / (entropy * t_sum)),
        ("gini", gini(units, all_x, all_t)),
    ])
}

/// Gini, in integers until the last division.
///
/// ΣᵢΣⱼ tᵢtⱼ|pᵢ − pⱼ| / (2T²P(1−P)) sorts by *p* into
/// Σⱼ (xⱼ·T₍before j₎ − tⱼ·X₍before j₎) / (X(T−X)).
fn gini(units: &[(u64, u64)], all_x: u64, all_t: u64) -> f64 {
    let mut sorted = units.to_vec();
    crate::order::sort_by(&mut sorted, |(x, t), (y, u)| {
        let cross = |a: &u64, b: &u64| u128::from(*a) * u128::from(*b);
        cross(x, u).cmp(&cross(y, t))
    });
    let (mut x_before, mut t_before, mut sum) = (0_u64, 0_u64, 0_i128);
    for (x, t) in sorted {
        sum += i128::from(x) * i128::from(t_before) - i128::from(t) * i128::from(x_before);
        x_before += x;
        t_before += t;
    }
    sum as f64 / (all_x as f64 * (all_t - all_x) as f64)
}

/// The indices over all groups: one row of counts for each unit.
///
/// `None` when there are fewer than [`MIN_UNITS`] units, an empty one, or fewer
/// than two groups with anybody.
pub fn all_groups(units: &[Vec<u64>]) -> Option<[Index; 6]> {
    let width = units.first()?.len();
    let sizes: Vec<u64> = units.iter().map(|unit| unit.iter().sum()).collect();
    let groups: Vec<u64> = (0..width)
        .map(|g| units.iter().map(|unit| unit[g]).sum())
        .collect();
    let present = groups.iter().filter(|size| **size > 0).count();
    if units.len() < MIN_UNITS || sizes.contains(&0) || present < 2 {
        return None;
    }
    let t_sum = sizes.iter().sum::<u64>() as f64;
    let p: Vec<f64> = groups.iter().map(|size| *size as f64 / t_sum).collect();
    let diversity = |p: &[f64]| p.iter().map(|p| p * (1.0 - p)).sum::<f64>();
    let entropy = |p: &[f64]| -p.iter().map(|p| x_ln_x(*p)).sum::<f64>();
    let (all_diversity, all_entropy) = (diversity(&p), entropy(&p));
    let (mut distance, mut theil, mut exposure, mut relative, mut divergence) =
        (0.0, 0.0, 0.0, 0.0, 0.0);
    for (unit, size) in units.iter().zip(&sizes) {
        let t = *size as f64;
        let here: Vec<f64> = unit.iter().map(|count| *count as f64 / t).collect();
        theil += t * (all_entropy - entropy(&here));
        relative += t * (all_diversity - diversity(&here));
        for (here, p) in here.iter().zip(&p) {
            // A group that nobody is in weighs nothing anywhere: it adds noughts.
            distance += t * (here - p).abs();
            exposure += t * (here - p) * (here - p) / (1.0 - p);
            if *here > 0.0 {
                divergence += t / t_sum * here * libm::log(here / p);
            }
        }
    }
    Some([
        (
            "dissimilarite_multi",
            distance / (2.0 * t_sum * all_diversity),
        ),
        ("theil_h_multi", theil / (t_sum * all_entropy)),
        ("exposition_normalisee", exposure / t_sum),
        ("diversite_relative", relative / (t_sum * all_diversity)),
        ("entropie", all_entropy),
        ("divergence", divergence),
    ])
}

/// Location quotients: the share of a group in a unit over its share in all
/// units, one row for each unit, in the order of the groups. `None` for a group
/// that nobody is in, and for all groups of an empty unit.
pub fn location_quotients(units: &[Vec<u64>]) -> Vec<Vec<Option<f64>>> {
    let all: u64 = units.iter().flatten().sum();
    units
        .iter()
        .map(|unit| {
            let size: u64 = unit.iter().sum();
            unit.iter()
                .enumerate()
                .map(|(g, count)| {
                    let group: u64 = units.iter().map(|unit| unit[g]).sum();
                    (size > 0 && group > 0)
                        .then(|| (*count as f64 / size as f64) / (group as f64 / all as f64))
                })
                .collect()
        })
        .collect()
}

fn totals(units: &[(u64, u64)]) -> Option<(u64, u64)> {
    let x = units.iter().map(|(x, _)| x).sum();
    let t = units.iter().map(|(_, t)| t).sum();
    let sound = units.len() >= MIN_UNITS && units.iter().all(|(x, t)| *t > 0 && x <= t);
    (sound && x > 0 && x < t).then_some((x, t))
}

fn entropy_of_two(p: f64) -> f64 {
    -x_ln_x(p) - x_ln_x(1.0 - p)
}

fn x_ln_x(p: f64) -> f64 {
    if p > 0.0 { p * libm::log(p) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNTS: &str = include_str!("../../tests/data/mixity/segregation_check_counts.csv");
    const VALUES: &str = include_str!("../../tests/data/mixity/segregation_check_pysal.csv");
    const QUOTIENTS: &str =
        include_str!("../../tests/data/mixity/segregation_check_location_quotient.csv");

    fn records(text: &str) -> Vec<csv::StringRecord> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        reader.records().map(Result::unwrap).collect()
    }

    fn counts() -> Vec<Vec<u64>> {
        records(COUNTS)
            .iter()
            .map(|r| (1..5).map(|at| r[at].parse().unwrap()).collect())
            .collect()
    }

    fn close(ours: f64, theirs: &str, what: &str) {
        near(ours, theirs.parse().unwrap(), what);
    }

    /// Equal to 1e-12, and to 1e-12 of the value where that is less.
    fn near(ours: f64, theirs: f64, what: &str) {
        let within = 1e-12 * theirs.abs().min(1.0);
        assert!((ours - theirs).abs() <= within, "{what}: {ours} {theirs}");
    }

    #[test]
    fn indices_are_those_of_the_reference() {
        let units = counts();
        let multi = all_groups(&units).unwrap();
        let mut compared = 0;
        for record in records(VALUES) {
            let (index, scope, value) = (&record[0], &record[1], &record[2]);
            let id = match index {
                "dissimilarity_D" => "dissimilarite",
                "isolation_xPx" => "isolement",
                "interaction_xPy" => "interaction",
                "correlation_ratio_V_eta2" => "eta2",
                "entropy_H_Theil_2groups" => "theil_h",
                "gini" => "gini",
                "multi_dissimilarity" => "dissimilarite_multi",
                "multi_information_theory_H" => "theil_h_multi",
                "multi_normalized_exposure" => "exposition_normalisee",
                "multi_relative_diversity" => "diversite_relative",
                "multi_diversity_entropy" => "entropie",
                "multi_divergence" => "divergence",
                other => panic!("no index of ours for {other}"),
            };
            let group = ["lt20", "20_40", "40_60", "ge60"]
                .iter()
                .position(|g| *g == scope);
            let indices = match group {
                None => multi,
                Some(group) => {
                    let pairs: Vec<(u64, u64)> = units
                        .iter()
                        .map(|unit| (unit[group], unit.iter().sum()))
                        .collect();
                    two_groups(&pairs).unwrap()
                }
            };
            let ours = indices.iter().find(|(found, _)| *found == id).unwrap().1;
            close(ours, value, &format!("{index} {scope}"));
            assert_ne!(crate::words::labels::index(id), id);
            compared += 1;
        }
        assert_eq!(compared, 4 * 6 + 6);
    }

    #[test]
    fn location_quotients_are_those_of_the_reference() {
        let (ours, theirs) = (location_quotients(&counts()), records(QUOTIENTS));
        assert!(!ours.is_empty() && ours.len() == theirs.len());
        for (ours, record) in ours.iter().zip(theirs) {
            assert_eq!(ours.len() + 1, record.len());
            for (at, ours) in ours.iter().enumerate() {
                close(ours.unwrap(), &record[at + 1], &record[0]);
            }
        }
    }

    #[test]
    fn nothing_is_said_of_too_few_units_or_of_one_group() {
        assert_eq!(two_groups(&[]), None);
        assert_eq!(two_groups(&[(0, 10), (0, 12)]), None);
        assert_eq!(two_groups(&[(10, 10), (12, 12)]), None);
        assert_eq!(two_groups(&[(1, 0), (12, 20)]), None);
        assert_eq!(all_groups(&[]), None);
        assert_eq!(all_groups(&[vec![3, 0], vec![4, 0]]), None);
        assert_eq!(all_groups(&[vec![3, 1]]), None);
        assert!(all_groups(&[vec![3, 0, 1], vec![4, 0, 0]]).is_some());
    }

    #[test]
    fn an_empty_unit_or_more_in_the_group_than_there_are_says_nothing() {
        assert_eq!(two_groups(&[(0, 0), (12, 20), (3, 9)]), None);
        assert_eq!(two_groups(&[(5, 3), (12, 20)]), None);
        assert_eq!(all_groups(&[vec![0, 0], vec![4, 1]]), None);
        let quotients = location_quotients(&[vec![3, 0, 1], vec![0, 0, 0], vec![1, 0, 3]]);
        assert_eq!(
            quotients,
            [
                [Some(1.5), None, Some(0.5)],
                [None; 3],
                [Some(0.5), None, Some(1.5)],
            ]
        );
    }

    #[test]
    fn groups_apart_have_the_highest_values_and_groups_alike_the_lowest() {
        let value = |indices: &[Index], id: &str| {
            let found = indices.iter().find(|(found, _)| *found == id);
            found.unwrap().1
        };
        // 0 ln 0 is 0: units without anybody of a group, a group without anybody.
        let apart = two_groups(&[(20, 20), (0, 30)]).unwrap();
        for (id, most) in [
            ("dissimilarite", 1.0),
            ("isolement", 1.0),
            ("interaction", 0.0),
            ("eta2", 1.0),
            ("theil_h", 1.0),
            ("gini", 1.0),
        ] {
            assert_eq!(value(&apart, id), most, "{id}");
        }
        let ln2 = std::f64::consts::LN_2;
        let apart = all_groups(&[vec![8, 0, 0], vec![0, 0, 8]]).unwrap();
        let alike = all_groups(&[vec![8, 0, 8], vec![4, 0, 4]]).unwrap();
        for (id, most, least) in [
            ("dissimilarite_multi", 1.0, 0.0),
            ("theil_h_multi", 1.0, 0.0),
            ("exposition_normalisee", 1.0, 0.0),
            ("diversite_relative", 1.0, 0.0),
            ("entropie", ln2, ln2),
            ("divergence", ln2, 0.0),
        ] {
            assert_eq!(value(&apart, id), most, "{id}");
            assert_eq!(value(&alike, id), least, "{id}");
        }
    }

    /// Where groups live almost alike, values are small and their digits count: a
    /// sum that is the same but for what it cancels would lose them.
    #[test]
    fn small_values_keep_their_digits() {
        let units = [vec![1_001, 2_003], vec![2_000, 4_001], vec![999, 1_996]];
        // Σᵢ (xᵢT − tᵢX)² / tᵢ, in integers until the division.
        let (x, t) = (4_000_i128, 12_000_i128);
        let squares = units.iter().map(|unit| {
            let (here, all) = (i128::from(unit[0]), i128::from(unit[0] + unit[1]));
            let apart = here * t - all * x;
            (apart * apart) as f64 / all as f64
        });
        let spread = squares.sum::<f64>() / (t * t * t) as f64;
        let p = x as f64 / t as f64;
        let multi = all_groups(&units).unwrap();
        // In each of two groups the same gap, over p and over 1 − p.
        near(multi[2].1, spread * (1.0 / p + 1.0 / (1.0 - p)), multi[2].0);
    }
}
