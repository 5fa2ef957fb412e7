//! PLUS income ceilings by vintage and zone, to choose from when a campaign is
//! prepared; `domain/plafonds_plus_plai.csv` says where each figure comes from.

use super::PlusCeilings;

/// A vintage, a zone, its six categories and the supplement.
type Line = (u16, &'static str, [u32; 6], u32);

/// By zone, the latest vintage last.
#[rustfmt::skip]
const PLUS: [Line; 21] = [
    (2020, "autres_regions", [20_870, 27_870, 33_516, 40_462, 47_599, 53_644], 5_983),
    (2021, "autres_regions", [20_966, 27_998, 33_670, 40_648, 47_818, 53_891], 6_011),
    (2022, "autres_regions", [21_139, 28_231, 33_949, 40_985, 48_214, 54_338], 6_061),
    (2023, "autres_regions", [21_878, 29_217, 35_135, 42_417, 49_898, 56_236], 6_273),
    (2024, "autres_regions", [22_642, 30_238, 36_362, 43_899, 51_641, 58_200], 6_492),
    (2025, "autres_regions", [23_201, 30_984, 37_259, 44_982, 52_915, 59_636], 6_652),
    (2026, "autres_regions", [23_403, 31_254, 37_584, 45_374, 53_376, 60_156], 6_710),
    (2020, "idf_hors_paris_limitrophes", [24_006, 35_877, 43_127, 51_659, 61_154, 68_817], 7_668),
    (2021, "idf_hors_paris_limitrophes", [24_116, 36_042, 43_325, 51_897, 61_435, 69_134], 7_703),
    (2022, "idf_hors_paris_limitrophes", [24_316, 36_341, 43_684, 52_326, 61_944, 69_707], 7_767),
    (2023, "idf_hors_paris_limitrophes", [25_165, 37_611, 45_210, 54_154, 64_108, 72_142], 8_038),
    (2024, "idf_hors_paris_limitrophes", [26_044, 38_925, 46_789, 56_046, 66_347, 74_662], 8_319),
    (2025, "idf_hors_paris_limitrophes", [26_687, 39_885, 47_944, 57_429, 67_984, 76_504], 8_524),
    (2026, "idf_hors_paris_limitrophes", [26_920, 40_233, 48_362, 57_930, 68_577, 77_171], 8_598),
    (2020, "paris_et_limitrophes", [24_006, 35_877, 47_031, 56_152, 66_809, 75_177], 8_377),
    (2021, "paris_et_limitrophes", [24_116, 36_042, 47_247, 56_410, 67_116, 75_523], 8_416),
    (2022, "paris_et_limitrophes", [24_316, 36_341, 47_639, 56_878, 67_672, 76_149], 8_486),
    (2023, "paris_et_limitrophes", [25_165, 37_611, 49_303, 58_865, 70_036, 78_809], 8_782),
    (2024, "paris_et_limitrophes", [26_044, 38_925, 51_025, 60_921, 72_482, 81_562], 9_089),
    (2025, "paris_et_limitrophes", [26_687, 39_885, 52_284, 62_424, 74_271, 83_575], 9_313),
    (2026, "paris_et_limitrophes", [26_920, 40_233, 52_740, 62_968, 74_919, 84_304], 9_394),
];

/// The ceilings known, by zone then vintage.
pub fn known() -> impl Iterator<Item = PlusCeilings> {
    PLUS.iter()
        .map(|(vintage, zone, categories, supplement)| PlusCeilings {
            vintage: *vintage,
            zone: (*zone).to_owned(),
            categories: *categories,
            supplement: *supplement,
        })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::campaign::Campaign;

    #[test]
    fn the_ceilings_are_those_of_the_table_with_sources() {
        let table = include_str!("../../domain/plafonds_plus_plai.csv");
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        let mut expected: BTreeMap<(String, String, String), u32> = BTreeMap::new();
        for record in reader.records().map(Result::unwrap) {
            if &record[0] == "PLUS" {
                let key = (record[1].into(), record[2].into(), record[3].into());
                assert!(expected.insert(key, record[4].parse().unwrap()).is_none());
            }
        }
        let mut found = BTreeMap::new();
        for ceilings in known() {
            let mut put = |category: String, euros| {
                let key = (
                    ceilings.vintage.to_string(),
                    ceilings.zone.clone(),
                    category,
                );
                assert!(found.insert(key, euros).is_none());
            };
            for (rank, euros) in ceilings.categories.iter().enumerate() {
                put((rank + 1).to_string(), *euros);
            }
            put("sup".to_owned(), ceilings.supplement);
        }
        assert_eq!(found, expected);
    }

    #[test]
    fn the_embedded_campaign_has_ceilings_of_the_table() {
        let of_cucm = Campaign::cucm().file().plus_ceilings.clone();
        assert!(known().any(|ceilings| ceilings == of_cucm));
    }
}
