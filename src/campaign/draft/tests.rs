use super::*;

/// The form of a campaign of another EPCI, as a person would fill it in.
fn filled() -> Draft {
    let mut draft = Draft::default();
    for (field, value) in [
        (Field::Id, "autre-epci-ops-2024"),
        (Field::Territory, "Autre communauté"),
        (Field::Siren, "200 000 001"),
        (Field::ReferenceDate, "2024-01-01"),
        (Field::Mention, "Source OPS 2024"),
        (
            Field::Communes,
            "code;nom\n1004;Ambérieu-en-Bugey\n2A004;Ajaccio\n",
        ),
        (
            Field::Landlords,
            "un;Bailleur un;123456789;BU;B. Un\ndeux;Bailleur deux",
        ),
        (
            Field::Districts,
            "Code QPV;Nom du QPV\nQN00101M;Centre ancien",
        ),
        (Field::Threshold, "12"),
        (Field::BearsOn, "population"),
        (Field::MinResponse, "62,5 %"),
        (Field::Vintage, "2024"),
        (Field::Zone, "autres_regions"),
        (Field::Ceilings, "22642 30238 36362 43899 51641 58200 6492"),
        (Field::FirstQuartile, "9 019"),
    ] {
        draft.set(field, value);
    }
    draft.set(
        Field::Passage,
        "bailleur;programme;commune;secteur;qpv\nBailleur un;0123;Amberieu en Bugey;Centre;QN00101M\ndeux;7;;;\nun;0123;01004;Centre;QN00101M\n",
    );
    draft.group_small_programmes = true;
    draft
}

fn faults(draft: &Draft) -> Vec<(Field, String)> {
    let faults = draft.prepare().expect_err("a fault is expected");
    faults.into_iter().map(|f| (f.field, f.sentence)).collect()
}

#[test]
fn a_form_makes_the_file_of_the_contract() {
    let made = filled().prepare().unwrap();
    assert_eq!(made.file_name, "autre-epci-ops-2024.campagne.json");
    let expected = r#"{
  "format": "ops-mixite/campagne",
  "version": 1,
  "id": "autre-epci-ops-2024",
  "territoire": {
    "nom": "Autre communauté",
    "siren": "200000001"
  },
  "date_reference": "2024-01-01",
  "mention": "Source OPS 2024",
  "regles": {
    "seuil": 12,
    "seuil_porte_sur": "population",
    "taux_reponse_min": 0.625,
    "regrouper_petits_programmes": true
  },
  "bailleurs": [
    {
      "id": "un",
      "nom": "Bailleur un",
      "siren": "123456789",
      "alias": [
        "BU",
        "B. Un"
      ]
    },
    {
      "id": "deux",
      "nom": "Bailleur deux"
    }
  ],
  "communes": [
    {
      "code": "01004",
      "nom": "Ambérieu-en-Bugey"
    },
    {
      "code": "2A004",
      "nom": "Ajaccio"
    }
  ],
  "quartiers": [
    {
      "code": "QN00101M",
      "nom": "Centre ancien"
    }
  ],
  "passage": [
    {
      "bailleur": "un",
      "programme": "0123",
      "commune": "01004",
      "secteur": "Centre",
      "qpv": "QN00101M"
    },
    {
      "bailleur": "deux",
      "programme": "7"
    }
  ],
  "plafonds_plus": {
    "millesime": 2024,
    "zone": "autres_regions",
    "categories": [
      22642,
      30238,
      36362,
      43899,
      51641,
      58200
    ],
    "supplement": 6492
  },
  "premier_quartile_uc": 9019
}
"#;
    assert_eq!(String::from_utf8(made.bytes).unwrap(), expected);
}

#[test]
fn a_campaign_that_is_opened_and_saved_is_the_same() {
    let files = [
        Campaign::cucm().file().clone(),
        Campaign::example().file().clone(),
        filled().prepare().unwrap().campaign.file().clone(),
    ];
    for file in files {
        let mut made = Draft::of(&file).prepare().unwrap().campaign.file().clone();
        // The default reading is written out.
        assert_eq!(made.rules.reading(), file.rules.reading());
        made.rules.bears_on = file.rules.bears_on;
        assert_eq!(made, file);
    }
}

#[test]
fn each_fault_stands_with_its_field() {
    for (field, value, expected) in [
        (Field::Id, "mon epci", "identifiant de 1 à 64"),
        (Field::Territory, "  ", "à remplir"),
        (Field::Siren, "24710029", "neuf chiffres"),
        (Field::ReferenceDate, "01/01/2024", "une date"),
        (Field::Mention, "", "à remplir"),
        (Field::Communes, "", "au moins une commune"),
        (Field::Communes, "71153\n", "Ligne 1 : le nom manque"),
        (Field::Communes, "71153;A\n715;B", "Ligne 2 : « 715 »"),
        (
            Field::Communes,
            "71153;A\n\n71153;B",
            "Ligne 3 : « 71153 » figure déjà à la ligne 1",
        ),
        (Field::Communes, "71153;A;B;C", "plus de colonnes"),
        (Field::Landlords, "", "au moins un bailleur"),
        (Field::Landlords, "é;Bailleur", "Ligne 1 : « é »"),
        (Field::Landlords, "a;Un;12", "neuf chiffres"),
        (
            Field::Landlords,
            "a;Un\nb;UN",
            "« UN » figure déjà à la ligne 1",
        ),
        (Field::Districts, "QN00101M", "donnez le code du quartier"),
        (
            Field::Districts,
            "QN00101M;Un\nqn00101m;Deux",
            "« qn00101m »",
        ),
        (Field::Passage, "trois;1", "« trois » n'est pas un bailleur"),
        (
            Field::Passage,
            "un;1;99999",
            "« 99999 » n'est ni le code ni le nom",
        ),
        (Field::Passage, "un;;01004", "numéro de programme manque"),
        (
            Field::Passage,
            "un;1;;A\nun;1;;B",
            "Ligne 2 : le programme « 1 » est placé autrement à la ligne 1",
        ),
        (Field::Threshold, "10", "au moins 11"),
        (Field::Threshold, "11,5", "nombre entier"),
        (Field::MinResponse, "59,9", "au moins 60"),
        (Field::MinResponse, "101", "au plus 100"),
        (Field::Vintage, "24", "millésime"),
        (Field::Zone, "", "à remplir"),
        (Field::Ceilings, "1 2 3 4 5 6", "sept montants"),
        (Field::Ceilings, "9 2 3 4 5 6 7", "ordre croissant"),
        (Field::FirstQuartile, "0", "montant entier"),
    ] {
        let mut draft = filled();
        if matches!(field, Field::Communes | Field::Landlords) {
            draft.set(Field::Passage, "");
        }
        draft.set(field, value);
        let found = faults(&draft);
        assert!(
            found.iter().all(|(at, _)| *at == field)
                && found
                    .iter()
                    .any(|(_, sentence)| sentence.contains(expected)),
            "{field:?} {value:?}: {found:?}"
        );
    }
}

#[test]
fn all_faults_are_told_at_once_and_not_more_than_can_be_read() {
    let fields: HashSet<Field> = faults(&Draft::default()).into_iter().map(|f| f.0).collect();
    // The reading has a default; districts, passage and first quartile are optional.
    assert_eq!(fields.len(), Field::ALL.len() - 4);
    let mut draft = filled();
    draft.set(Field::Passage, "inconnu;1\n".repeat(100));
    assert_eq!(faults(&draft).len(), MAX_TOLD + 1);
}

#[test]
fn rates_are_read_as_they_are_typed() {
    for (text, expected) in [
        ("60", Some(60_000)),
        ("62,5 %", Some(62_500)),
        ("100", Some(100_000)),
        ("66.667", Some(66_667)),
        ("66,6667", None),
        ("soixante", None),
        ("", None),
    ] {
        assert_eq!(rate(text).map(|r| r.0), expected, "{text}");
        if let Some(rate) = rate(text) {
            assert_eq!(super::rate(&prepare::rate_typed(rate)), Some(rate));
        }
    }
}

#[test]
fn a_landlord_may_be_given_by_his_name_alone() {
    let mut draft = filled();
    draft.set(Field::Passage, "");
    draft.set(
        Field::Landlords,
        "Habitat Val de Saône\n;OPAC du Rhône;;OPAC\nbl;Logis",
    );
    let made = draft.prepare().unwrap().campaign;
    let landlords: Vec<_> = made
        .file()
        .landlords
        .iter()
        .map(|l| (l.id.as_str(), l.name.as_str()))
        .collect();
    assert_eq!(
        landlords,
        [
            ("habitat-val-de-saone", "Habitat Val de Saône"),
            ("opac-du-rhone", "OPAC du Rhône"),
            ("bl", "Logis")
        ]
    );
}

#[test]
fn a_campaign_that_is_changed_is_handed_out_under_another_identifier() {
    let mut draft = Draft::of(Campaign::cucm().file());
    // As it is, it is the same campaign, under which partials merge with the others'.
    let same = draft.prepare_to_hand_out(None).unwrap();
    assert_eq!(same.campaign.fingerprint(), Campaign::cucm().fingerprint());
    assert_eq!(
        Campaign::parse(&same.bytes).unwrap().fingerprint(),
        Campaign::cucm().fingerprint()
    );
    draft.set(Field::Threshold, "12");
    let faults = draft.prepare_to_hand_out(None).unwrap_err();
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].field, Field::Id);
    assert!(
        faults[0].sentence.contains("« cucm-ops-2024-2 »"),
        "{}",
        faults[0].sentence
    );
    draft.set(Field::Id, "cucm-ops-2024-2");
    let second = draft.prepare_to_hand_out(None).unwrap().campaign;
    // So is one that was opened to be changed.
    assert!(draft.prepare_to_hand_out(Some(&second)).is_ok());
    draft.set(Field::Threshold, "13");
    let faults = draft.prepare_to_hand_out(Some(&second)).unwrap_err();
    assert!(
        faults[0].sentence.contains("« cucm-ops-2024-3 »"),
        "{}",
        faults[0].sentence
    );
    // On the screen that tries it, nothing is in the way.
    assert!(draft.prepare().is_ok());
}
