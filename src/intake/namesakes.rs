//! Communes of the known territory whose very name is also that of communes in
//! other departments (official geographic code, 2026): a name alone does not
//! tell which is meant.

/// INSEE codes of the communes of the CUCM that have namesakes elsewhere.
const CODES: [&str; 9] = [
    "71059", // Le Breuil: 03042, 51085, 69026
    "71103", // Charmoy: 10085, 89085
    "71222", // Gourdon: 06068, 07098, 46127
    "71278", // Marigny: 03162, 39313, 51351, 79166
    "71282", // Marmagne: 18138, 21389
    "71412", // Saint-Eusèbe: 74231
    "71413", // Saint-Firmin: 05142, 54473, 58239
    "71486", // Saint-Vallier: 16357, 26333, 88437
    "71540", // Torcy: 62823, 77468
];

/// Has the commune of this code namesakes in other departments?
pub(super) fn has(code: &str) -> bool {
    CODES.contains(&code)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_nine_are_of_the_territory_under_these_names() {
        let campaign = crate::campaign::Campaign::cucm();
        let names: Vec<&str> = super::CODES
            .iter()
            .map(|code| {
                let rank = campaign.commune_by_code(code).unwrap();
                campaign.file().communes[rank].name.as_str()
            })
            .collect();
        assert_eq!(
            names,
            [
                "Le Breuil",
                "Charmoy",
                "Gourdon",
                "Marigny",
                "Marmagne",
                "Saint-Eusèbe",
                "Saint-Firmin",
                "Saint-Vallier",
                "Torcy"
            ]
        );
    }
}
