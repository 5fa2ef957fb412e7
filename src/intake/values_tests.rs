//! The vocabularies against the spellings collected from the field.

use super::*;
use crate::dwelling::Typology;

fn ask(field: &str, text: &str) -> Option<String> {
    let value = Value::Text(text);
    match field {
        "occupation" => occupation(&value, Role::Plain).known().map(|s| match s {
            Scope::In(o) => o.id().to_owned(),
            Scope::Out(r) => format!("{r:?}"),
        }),
        "type" => housing_type(&value).known().map(|v| v.id().to_owned()),
        "situation" => situation(&value).known().map(|v| v.id().to_owned()),
        "activite" => activity(&value).known().map(|v| v.id().to_owned()),
        "apl/aspa" => yes_no(&value)
            .known()
            .map(|b| if b { "oui" } else { "non" }.to_owned()),
        other => panic!("{other}"),
    }
}

/// Every spelling is understood as listed, but for those that mean two things.
#[test]
fn the_spellings_of_the_field_are_understood() {
    // Numeric codes have no official meaning outside RPLS columns; « Vide » is
    // either offered for rent or off the market; « Oui » needs a column « Loué ».
    let ambiguous = [
        ("occupation", "1"),
        ("occupation", "2"),
        ("occupation", "4"),
        (
            "occupation",
            "Vide (attention: RPLS 3 = vide hors location)",
        ),
        ("occupation", "Oui (colonne \"Loué\")"),
        ("situation", "1"),
    ];
    let canonical = |field: &str, value: &str| -> String {
        match (field, value) {
            ("situation", "seule") => "personne_seule",
            ("situation", "mono") => "famille_monoparentale",
            ("situation", "couple_sans") => "couple_sans_enfant",
            ("situation", "couple_avec") => "couple_avec_enfants",
            ("activite", "stable") => "emploi_stable",
            ("activite", "precaire" | "apprenti") => "emploi_precaire",
            ("activite", "retraite") => "sans_emploi",
            (_, other) => other,
        }
        .to_owned()
    };
    let mut reader =
        csv::Reader::from_reader(&include_bytes!("../../domain/ops_alias_valeurs.csv")[..]);
    let mut seen = 0;
    for record in reader.records() {
        let record = record.unwrap();
        let field = &record[0];
        if field == "typologie" || field == "rfr" {
            continue; // numbers: tested with their own rules
        }
        for spelling in record[2].split('|') {
            if ambiguous.contains(&(field, spelling)) {
                let bare = spelling.split(" (").next().unwrap();
                assert_eq!(ask(field, bare), None, "{field} {spelling}");
                continue;
            }
            let bare = match spelling {
                "montant > 0" => "187,40",
                s => s.split(" (").next().unwrap(),
            };
            let expected = canonical(field, &record[1]);
            assert_eq!(ask(field, bare), Some(expected), "{field} {spelling}");
            seen += 1;
        }
    }
    assert!(seen > 65, "{seen}");
}

#[test]
fn the_words_of_annexe_2_are_understood() {
    for (text, id) in [
        ("personne seule", "personne_seule"),
        ("famille monoparentale", "famille_monoparentale"),
        ("couple sans enfant", "couple_sans_enfant"),
        ("couple avec enfant(s)", "couple_avec_enfants"),
        ("autre", "autre"),
        ("Famille monoparentale 3 et +", "famille_monoparentale"),
        ("couple 1", "couple_avec_enfants"),
        ("Couple + 0", "couple_sans_enfant"),
        ("couple sans pers. à charge", "couple_sans_enfant"),
        ("Couple avec 2 enf.", "couple_avec_enfants"),
        ("Couple + enfants", "couple_avec_enfants"),
        ("Couple et enfant(s)", "couple_avec_enfants"),
    ] {
        assert_eq!(ask("situation", text).as_deref(), Some(id), "{text}");
    }
    for text in [
        "Mono + 0",
        "Couplet",
        "couple avec un poney",
        "couple sans 2 enfants",
        "couple sans avec enfants",
        "2",
    ] {
        assert_eq!(ask("situation", text), None, "{text}");
    }
    for (text, id) in [
        ("loué", "loue"),
        ("vacant", "vacant"),
        ("donné en location à des organismes tiers", "tiers"),
        ("vide : travaux, démolition, vente…", "EmptyOffMarket"),
        (
            "occupé avec ou sans contrepartie financière (fonction, gardien…)",
            "OccupiedWithoutLease",
        ),
    ] {
        assert_eq!(ask("occupation", text).as_deref(), Some(id), "{text}");
    }
}

#[test]
fn official_codes_are_understood_in_rpls_columns_only() {
    let mode = |text| occupation(&Value::Text(text), Role::Rpls);
    assert_eq!(mode("1"), Answer::Known(Scope::In(Occupation::Let)));
    assert_eq!(mode("2"), Answer::Known(Scope::In(Occupation::Vacant)));
    assert_eq!(mode("3"), Answer::Known(Scope::Out(Reason::EmptyOffMarket)));
    assert_eq!(mode("4"), Answer::Known(Scope::In(Occupation::ThirdParty)));
    assert_eq!(
        mode("5"),
        Answer::Known(Scope::Out(Reason::OccupiedWithoutLease))
    );
    assert_eq!(mode("9"), Answer::Silent);
    assert_eq!(mode("6"), Answer::Unknown);
    assert_eq!(mode("Loué"), Answer::Known(Scope::In(Occupation::Let)));
    let finan = |n: f64, role| financing(&Value::Number(n), role);
    for (codes, group) in [
        (&[10, 11][..], Financing::Plai),
        (&[50, 51, 52, 53, 54, 55, 99], Financing::PlusBefore1977),
        (&[12, 13], Financing::PlusAfter1977),
        (&[14], Financing::Pls),
        (&[16], Financing::Pli),
        (&[15, 17, 49], Financing::Other),
    ] {
        for code in codes {
            assert_eq!(finan(f64::from(*code), Role::Rpls), Answer::Known(group));
            assert_eq!(finan(f64::from(*code), Role::Plain), Answer::Unknown);
        }
    }
    assert_eq!(finan(18.0, Role::Rpls), Answer::Unknown);
}

#[test]
fn labels_of_financing() {
    let group = |text| financing(&Value::Text(text), Role::Plain).known();
    assert_eq!(
        group("PLA d’intégration/LLTS dans les DOM"),
        Some(Financing::Plai)
    );
    assert_eq!(
        group("PLUS / LLS dans les DOM"),
        Some(Financing::PlusAfter1977)
    );
    assert_eq!(group("HLM/O"), Some(Financing::PlusBefore1977));
    assert_eq!(group("PLS / PPLS / PCLS / PLA CFF"), Some(Financing::Pls));
    assert_eq!(group("PLI"), Some(Financing::Pli));
    assert_eq!(group("PCL (conventionné ou non)"), Some(Financing::Other));
    for id in Financing::IDS {
        assert_eq!(group(id).map(Financing::id), Some(*id));
    }
    assert_eq!(group("Subvention"), None);
}

#[test]
fn districts_labels_and_flags() {
    let inside = |code: &str| Answer::Known(Qpv::Inside(Some(code.to_owned())));
    let plain = |text| qpv(&Value::Text(text), Role::Plain);
    assert_eq!(plain("QN07101M"), inside("QN07101M"));
    assert_eq!(plain("qp071 001"), inside("QP071001"));
    assert_eq!(plain("Oui"), Answer::Known(Qpv::Inside(None)));
    assert_eq!(plain("2"), Answer::Known(Qpv::Outside));
    assert_eq!(plain("hors QPV"), Answer::Known(Qpv::Outside));
    assert_eq!(plain(""), Answer::Silent);
    assert_eq!(plain("Harfleur"), Answer::Unknown);
    assert_eq!(
        qpv(&Value::Text("Harfleur"), Role::DistrictName),
        Answer::Known(Qpv::Inside(None))
    );
    assert_eq!(
        energy_label(&Value::Text("d")),
        Answer::Known(EnergyLabel::D)
    );
    assert_eq!(
        energy_label(&Value::Text("Classe G")),
        Answer::Known(EnergyLabel::G)
    );
    assert_eq!(energy_label(&Value::Text("H")), Answer::Unknown);
    assert_eq!(energy_label(&Value::Text("Vierge")), Answer::Silent);
    for (text, expected) in [
        ("Oui", Some(true)),
        ("O", Some(true)),
        ("1", Some(true)),
        ("X", Some(true)),
        ("VRAI", Some(true)),
        ("Non", Some(false)),
        ("N", Some(false)),
        ("0", Some(false)),
        ("FAUX", Some(false)),
        ("", None),
        ("peut-être", None),
    ] {
        assert_eq!(yes_no(&Value::Text(text)).known(), expected, "{text}");
    }
    assert_eq!(yes_no(&Value::Bool(true)), Answer::Known(true));
    assert_eq!(yes_no(&Value::Number(0.0)), Answer::Known(false));
    assert_eq!(housing_type(&Value::Text("E")), Answer::Unknown);
    assert_eq!(Typology::IDS.len(), 5);
}

#[test]
fn the_contract_of_an_employee_tells_his_activity() {
    for (text, activity) in [
        ("Salarié CDI", Some(Activity::Stable)),
        ("Salariée en CDD", Some(Activity::Precarious)),
        ("Sans profession", Some(Activity::OutOfWork)),
        // Stable or not: the user must say.
        ("Salarié", None),
        ("Salarié à temps partiel", None),
    ] {
        assert_eq!(
            super::activity(&Value::Text(text)).known(),
            activity,
            "{text}"
        );
    }
}
