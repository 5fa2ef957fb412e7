//! What cells mean: communes, codes, households, totals, duplicates, profiles.

use ops_mixite::campaign::Campaign;
use ops_mixite::dwelling::*;
use ops_mixite::intake::*;

use super::writers::{self, Cell, ods_of, one};
use super::{read, read_with};

fn csv(text: &str) -> (Vec<Dwelling>, Report) {
    read(text.as_bytes()).unwrap()
}

fn finding<'a>(report: &'a Report, code: &str) -> Option<&'a Finding> {
    report.findings.iter().find(|f| f.code == code)
}

fn codes(dwellings: &[Dwelling]) -> Vec<String> {
    let campaign = Campaign::cucm();
    let code = |d: &Dwelling| campaign.file().communes[d.commune].code.clone();
    dwellings.iter().map(code).collect()
}

#[test]
fn communes_by_code_then_by_name_and_namesakes_are_elsewhere() {
    let (dwellings, report) = csv("Code INSEE;Commune;Code postal;Occupation\n\
        71153;;;Loué\n\
        ;LE CREUSOT;71200;Loué\n\
        ;ST VALLIER;;Loué\n\
        ;Marmagne;21500;Loué\n\
        21389;Marmagne;21500;Loué\n\
        ;71310;;Loué\n\
        ;71210 TORCY;;Loué\n\
        ;77200 TORCY;;Loué\n\
        71540.0;Blanzy;;Loué\n\
        ;;;Loué\n\
        abc;Mary;;Loué\n\
        1004;Ambérieu;;Loué\n");
    assert_eq!(
        codes(&dwellings),
        [
            "71153", "71153", "71486", "71310", "71540", "71540", "71286"
        ]
    );
    let reasons: Vec<_> = report
        .out_of_scope
        .iter()
        .map(|o| (o.reason, o.rows))
        .collect();
    assert_eq!(
        reasons,
        [(Reason::OutsideTerritory, 4), (Reason::NoCommune, 1)]
    );
    assert_eq!(finding(&report, "commune-contradictoire").unwrap().count, 1);
    // « ST VALLIER » alone: there are others. A code or a postal code tells.
    let namesakes = finding(&report, "commune-homonyme").unwrap();
    assert_eq!((namesakes.count, namesakes.examples[0].row), (1, 4));
    let unknown: Vec<_> = report
        .unknown_values
        .iter()
        .map(|u| u.value.as_str())
        .collect();
    assert_eq!(unknown, ["abc"]);
    let outside: Vec<_> = report
        .outside_communes
        .iter()
        .map(|c| c.name.as_str())
        .collect();
    assert!(outside.contains(&"Marmagne (21500)"), "{outside:?}");
    // Places are told by sheet, row and column.
    let place = &finding(&report, "commune-absente").unwrap().examples[0];
    assert_eq!(
        (place.row, place.column.as_ref().unwrap().letters.as_str()),
        (11, "B")
    );
}

/// Why rows are not counted, and how many.
fn reasons(report: &Report) -> Vec<(Reason, u64)> {
    let left_out = report.out_of_scope.iter();
    left_out.map(|o| (o.reason, o.rows)).collect()
}

#[test]
fn titles_totals_repeated_headers_and_blank_rows() {
    let (dwellings, report) = csv("Enquête OPS 2024;;\n;;\nCommune;Occupation;RFR\n\
        Torcy;Loué;10000\n;;\nCommune;Occupation;RFR\nBlanzy;Loué;20000\n\
        Sous-total;;30000\nTOTAL GENERAL;2;30000\n");
    assert_eq!(dwellings.len(), 2);
    assert_eq!(report.sheets[0].header_row, 3);
    assert_eq!(report.rows_read, 5);
    assert_eq!(
        reasons(&report),
        [(Reason::Total, 2), (Reason::RepeatedHeader, 1)]
    );
}

/// The word may stand in a column that is never looked at: numbers alone are a total too,
/// and a row that says anything else is not.
#[test]
fn a_total_whose_word_is_not_looked_at_is_a_total() {
    let (dwellings, report) = csv("Nom du locataire;N° RPLS;Commune;Occupation;RFR\n\
        X;1000000001;Torcy;Loué;10000\nTOTAL;6000;;;\nTOTAL;2;;;30 000,50\nY;1000000002;;Loué;\n");
    assert_eq!(dwellings.len(), 1);
    assert_eq!(
        reasons(&report),
        [(Reason::NoCommune, 1), (Reason::Total, 2)]
    );
}

#[test]
fn modes_out_of_scope_are_apart_from_vacancy() {
    let (dwellings, report) = csv(
        "DEPCOM;MODE;FINAN;TYPECONST\n71540;1;13;C\n71540;2;52;I\n71540;3;14;C\n71540;4;16;C\n71540;5;10;C\n",
    );
    let found: Vec<_> = dwellings
        .iter()
        .map(|d| {
            (
                d.occupation.unwrap(),
                d.financing.unwrap(),
                d.housing_type.unwrap(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            (
                Occupation::Let,
                Financing::PlusAfter1977,
                HousingType::Collective
            ),
            (
                Occupation::Vacant,
                Financing::PlusBefore1977,
                HousingType::Individual
            ),
            (
                Occupation::ThirdParty,
                Financing::Pli,
                HousingType::Collective
            ),
        ]
    );
    let reasons: Vec<_> = report
        .out_of_scope
        .iter()
        .map(|o| (o.reason, o.rows))
        .collect();
    assert_eq!(
        reasons,
        [
            (Reason::EmptyOffMarket, 1),
            (Reason::OccupiedWithoutLease, 1)
        ]
    );
}

#[test]
fn numeric_codes_are_the_users_to_tell() {
    let text = "Commune;Occupation;Situation familiale\nTorcy;1;1\nTorcy;1;2\nTorcy;2;\nTorcy;3;\n";
    let (dwellings, report) = csv(text);
    assert!(dwellings.iter().all(|d| d.occupation.is_none()));
    let unknown: Vec<_> = report
        .unknown_values
        .iter()
        .map(|u| (u.variable, u.value.as_str(), u.rows))
        .collect();
    assert_eq!(
        unknown,
        [
            (Variable::Occupation, "1", 2),
            (Variable::Occupation, "2", 1),
            (Variable::Occupation, "3", 1)
        ]
    );
    let profile = Correspondence::parse(
        br#"{"format":"ops-mixite/correspondance","version":1,"valeurs":{
            "occupation":{"1":"loue","2":"vacant","3":"vide_hors_location"},
            "situation_familiale":{"1":"personne_seule","2":"inconnu"}}}"#,
    )
    .unwrap();
    let options = Options {
        correspondence: Some(profile),
        ..Options::default()
    };
    let (dwellings, report) = read_with(text.as_bytes(), &Campaign::cucm(), &options).unwrap();
    let found: Vec<_> = dwellings.iter().map(|d| d.occupation.unwrap()).collect();
    assert_eq!(
        found,
        [Occupation::Let, Occupation::Let, Occupation::Vacant]
    );
    assert_eq!(
        dwellings[0].household.situation,
        Some(FamilySituation::Alone)
    );
    assert_eq!(dwellings[1].household.situation, None);
    assert_eq!(report.unknown_values, []);
    assert_eq!(report.out_of_scope[0].reason, Reason::EmptyOffMarket);
}

#[test]
fn a_near_name_is_proposed_and_a_profile_confirms_it() {
    let text = "Comune;Ocupation;RFR;Téléphone\nTorcy;Loué;0;0600000000\n";
    let error = read(text.as_bytes()).unwrap_err();
    let sentence = error.to_string();
    assert!(sentence.contains("« Commune »") && sentence.contains("« Occupation »"));
    // A text file has no sheet to name.
    assert!(
        sentence.contains("(ligne 1)") && !sentence.contains("feuille"),
        "{sentence}"
    );
    let IntakeError::MappingNeeded { proposal, .. } = &error else {
        panic!("{error}")
    };
    assert_eq!(proposal.missing, [Variable::Commune, Variable::Occupation]);
    // What is asked about is shown, persons never.
    let samples: Vec<_> = proposal
        .mapped
        .iter()
        .map(|m| m.samples.as_slice())
        .collect();
    assert_eq!(samples, [[Sample::of("0")].as_slice()]);
    let candidates: Vec<_> = proposal
        .candidates
        .iter()
        .map(|c| {
            (
                c.variable,
                c.column.header.as_str(),
                c.column.letters.as_str(),
            )
        })
        .collect();
    assert_eq!(
        candidates,
        [
            (Variable::Commune, "Comune", "A"),
            (Variable::Occupation, "Ocupation", "B")
        ]
    );
    // The error crosses to the page as data.
    let json = serde_json::to_string(&error).unwrap();
    assert_eq!(serde_json::from_str::<IntakeError>(&json).unwrap(), error);
    let mut profile = Correspondence::default();
    profile
        .columns
        .insert(Variable::Commune, vec!["Comune".into()]);
    profile
        .columns
        .insert(Variable::Occupation, vec!["Ocupation".into()]);
    let options = Options {
        correspondence: Some(profile),
        ..Options::default()
    };
    let (dwellings, report) = read_with(text.as_bytes(), &Campaign::cucm(), &options).unwrap();
    assert_eq!(dwellings[0].household.income, Some(0));
    assert!(
        report
            .mapped
            .iter()
            .any(|m| m.matched == Matched::Confirmed)
    );
    assert_eq!(report.ignored[0].why, Ignored::Identity);
    assert_eq!(finding(&report, "colonnes-d-identite").unwrap().count, 1);
    // What stands in a column of identity is nowhere in the report.
    assert!(
        !serde_json::to_string(&report)
            .unwrap()
            .contains("0600000000")
    );
}

#[test]
fn the_first_row_of_a_dwelling_wins() {
    let (dwellings, report) = csv("Commune;Occupation;N° RPLS;RFR\n\
        Torcy;Loué;0012345678;1\nTorcy;Loué;12345678;2\nTorcy;Loué;;3\nTorcy;Loué;;4\n\
        Torcy;Loué;1,23E+09;5\nTorcy;Loué;1,23E+09;6\nTorcy;Loué;A1;7\nTorcy;Loué;a1;8\n");
    let incomes: Vec<_> = dwellings
        .iter()
        .map(|d| d.household.income.unwrap())
        .collect();
    assert_eq!(incomes, [1, 3, 4, 5, 6, 7]);
    assert_eq!(finding(&report, "logement-en-double").unwrap().count, 2);
    assert_eq!(
        finding(&report, "identifiant-scientifique").unwrap().count,
        2
    );
    // Samples of identifiers are masked.
    let ids = report
        .mapped
        .iter()
        .find(|m| m.variable == Variable::DwellingId)
        .unwrap();
    assert!(
        ids.samples
            .iter()
            .all(|s| s.as_str().ends_with("•••") && s.as_str().chars().count() <= 5)
    );
}

#[test]
fn households_in_columns_in_lists_and_in_counts() {
    let (dwellings, report) = csv(
        "Commune;Occupation;Nb occupants;Age titulaire;Ages des occupants;Activité;Nb chômeurs;Nb emploi stable\n\
        Torcy;Loué;3;45;45;CDI;;\n\
        Torcy;Loué;3;45;\"45;12;9\";\"CDI;Au foyer\";;\n\
        Torcy;Loué;3;45;45/12/NC;CDI / DE;;\n\
        Torcy;Loué;2;45;\"45, 43\";;1;1\n\
        Torcy;Vacant;2;45;45;CDI;;\n",
    );
    let ages: Vec<_> = dwellings
        .iter()
        .map(|d| d.household.listed_ages.clone())
        .collect();
    assert_eq!(
        ages,
        [
            vec![Some(45)],
            vec![Some(45), Some(12), Some(9)],
            vec![Some(45), Some(12), None],
            vec![Some(45), Some(43)],
            vec![],
        ]
    );
    use Activity::*;
    let activities: Vec<_> = dwellings
        .iter()
        .map(|d| d.household.activities.clone())
        .collect();
    assert_eq!(
        activities,
        [
            vec![Some(Stable)],
            vec![Some(Stable), Some(OutOfWork)],
            vec![Some(Stable), Some(Unemployed)],
            vec![Some(Unemployed), Some(Stable)],
            vec![],
        ]
    );
    // One age of three is neither all nor all but the tenant.
    assert_eq!(
        finding(&report, "ages-et-occupants").unwrap().examples[0].row,
        2
    );
    // A vacant dwelling has no household, whatever its cells say.
    assert_eq!(dwellings[4].household, Household::default());
    assert_eq!(report.rows_let, 4);
}

#[test]
fn an_empty_cell_before_a_person_is_a_person() {
    let (dwellings, _) = csv("Commune;Occupation;Nb occupants;Age 1;Age 2;Age 3;Age 4\n\
        Torcy;Loué;3;45;;9;\nTorcy;Loué;2;45;43;NC;NC\n");
    assert_eq!(
        dwellings[0].household.listed_ages,
        [Some(45), None, Some(9)]
    );
    assert_eq!(dwellings[1].household.listed_ages, [Some(45), Some(43)]);
}

#[test]
fn contradictions_are_found_and_nothing_is_changed() {
    let (dwellings, report) = csv(
        "Commune;Occupation;Situation familiale;Nb occupants;Age titulaire;RFR;Activité 1;Activité 2\n\
        Torcy;Loué;Personne seule;3;40;-500;CDI;CDI\n\
        Torcy;Loué;Famille monoparentale;1;12;NC;CDI;CDI\n\
        Torcy;Loué;Couple sans enfant;2;111;0;;\n",
    );
    assert_eq!(dwellings[0].household.occupants, Some(3));
    assert_eq!(finding(&report, "situation-et-occupants").unwrap().count, 2);
    assert_eq!(finding(&report, "activites-et-majeurs").unwrap().count, 1);
    let implausible: Vec<_> = report
        .findings
        .iter()
        .filter(|f| f.code == "valeur-invraisemblable")
        .map(|f| (f.variable.unwrap(), f.count))
        .collect();
    assert_eq!(
        implausible,
        [(Variable::HolderAge, 2), (Variable::Income, 1)]
    );
    let incomes: Vec<_> = dwellings.iter().map(|d| d.household.income).collect();
    assert_eq!(incomes, [None, None, Some(0)]);
    let answers = |v| report.answers.iter().find(|a| a.variable == v).unwrap();
    assert_eq!(
        (
            answers(Variable::Income).asked,
            answers(Variable::Income).answered
        ),
        (3, 1)
    );
}

#[test]
fn flag_and_code_of_a_district_complete_each_other() {
    let (dwellings, report) = csv("Commune;Occupation;QPV;Code QPV\n\
        Torcy;Loué;Oui;QN07101M\nTorcy;Loué;Non;\nTorcy;Loué;1;\nTorcy;Loué;;QP071001\nTorcy;Loué;;\n\
        Torcy;Loué;Non;QN07101M\n");
    let qpv: Vec<_> = dwellings.iter().map(|d| d.qpv.clone()).collect();
    let inside = |code: &str| Qpv::Inside(Some(code.to_owned()));
    assert_eq!(
        qpv,
        [
            inside("QN07101M"),
            Qpv::Outside,
            Qpv::Inside(None),
            inside("QP071001"),
            Qpv::Unknown,
            Qpv::Outside
        ]
    );
    assert_eq!(finding(&report, "qpv-contradictoire").unwrap().count, 1);
}

#[test]
fn rooms_and_typology_complete_each_other() {
    let (dwellings, _) = csv(
        "Commune;Occupation;Typologie;NBPIECE;SURFHAB;CONSTRUCT;DPEENERGIE\n\
        Torcy;Loué;T3;;65;1975;D\nTorcy;Loué;;6;999;0;\nTorcy;Loué;T3 bis;;0;75;Z\nTorcy;Loué;T5 et +;7;80,9;2001;g\n",
    );
    let found: Vec<_> = dwellings
        .iter()
        .map(|d| {
            (
                d.typology,
                d.rooms,
                d.surface,
                d.construction_year,
                d.energy_label,
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            (
                Some(Typology::T3),
                Some(3),
                Some(65),
                Some(1975),
                Some(EnergyLabel::D)
            ),
            (Some(Typology::T5Plus), Some(6), None, None, None),
            (Some(Typology::T3), None, None, None, None),
            (
                Some(Typology::T5Plus),
                Some(7),
                Some(80),
                Some(2001),
                Some(EnergyLabel::G)
            ),
        ]
    );
}

#[test]
fn landlords_are_named_with_their_rows() {
    let (dwellings, report) = csv("Commune;Occupation;Bailleur\n\
        Torcy;Loué;habellis\nTorcy;Loué;OPAC 71\nTorcy;Loué;Autre HLM\nTorcy;Loué;habellis\nDijon;Loué;Ailleurs\nTorcy;Loué;\n");
    let ranks: Vec<_> = dwellings.iter().map(|d| d.landlord).collect();
    assert_eq!(ranks, [Some(0), Some(1), None, Some(0), None]);
    let named: Vec<_> = report
        .landlords
        .iter()
        .map(|l| (l.name.as_str(), l.rank, l.rows))
        .collect();
    assert_eq!(
        named,
        [
            ("habellis", Some(0), 2),
            ("OPAC 71", Some(1), 1),
            ("Autre HLM", None, 1)
        ]
    );
}

#[test]
fn dates_of_both_epochs_and_of_every_format() {
    let ages = |bytes: &[u8]| -> Vec<_> {
        let (dwellings, report) = read(bytes).unwrap();
        assert_eq!(report.unknown_values, []);
        dwellings
            .iter()
            .map(|d| d.household.holder_age.unwrap())
            .collect()
    };
    let expected = [30, 29, 73, 20];
    assert_eq!(ages(include_bytes!("../fixtures/dates-1904.xls")), expected);
    let days = [
        ("1994-01-01", 34_335),
        ("1994-01-02", 34_336),
        ("1950-06-15", 18_429),
        ("2003-12-31", 37_986),
    ];
    let mut text = "Commune;Occupation;Date de naissance titulaire\n".to_owned();
    let mut ods = "<table:table><table:table-row><table:table-cell><text:p>Commune</text:p></table:table-cell>\
        <table:table-cell><text:p>Occupation</text:p></table:table-cell>\
        <table:table-cell><text:p>Date de naissance titulaire</text:p></table:table-cell></table:table-row>"
        .to_owned();
    let mut rows = writers::texts(&[&["Commune", "Occupation", "Date de naissance titulaire"]]);
    let mut book = rust_xlsxwriter::Workbook::new();
    let format = rust_xlsxwriter::Format::new().set_num_format("dd/mm/yyyy");
    let sheet = book.add_worksheet();
    for (c, t) in ["Commune", "Occupation", "Date de naissance titulaire"]
        .iter()
        .enumerate()
    {
        sheet.write_string(0, c as u16, *t).unwrap();
    }
    for (rank, (iso, serial)) in days.iter().enumerate() {
        let mut parts = iso.split('-');
        let (y, m, d) = (
            parts.next().unwrap(),
            parts.next().unwrap(),
            parts.next().unwrap(),
        );
        text.push_str(&format!("Torcy;Loué;{d}/{m}/{y}\n"));
        ods.push_str(&format!(
            "<table:table-row><table:table-cell><text:p>Torcy</text:p></table:table-cell>\
             <table:table-cell><text:p>Lou<text:span>é</text:span></text:p><office:annotation><text:p>note</text:p></office:annotation></table:table-cell>\
             <table:table-cell office:value-type=\"date\" office:date-value=\"{iso}\"><text:p>{d}/{m}/{y}</text:p></table:table-cell></table:table-row>"
        ));
        rows.push(vec![
            Cell::Text("Torcy".into()),
            Cell::Text("Loué".into()),
            Cell::Number(f64::from(*serial)),
        ]);
        let row = rank as u32 + 1;
        sheet.write_string(row, 0, "Torcy").unwrap();
        sheet.write_string(row, 1, "Loué").unwrap();
        sheet
            .write_number_with_format(row, 2, f64::from(*serial), &format)
            .unwrap();
    }
    ods.push_str("</table:table>");
    assert_eq!(ages(text.as_bytes()), expected);
    assert_eq!(ages(&ods_of(&ods)), expected);
    assert_eq!(ages(&book.save_to_buffer().unwrap()), expected);
    // Bare serials in a column of dates, in workbooks whose epoch is known.
    assert_eq!(ages(&writers::xlsb(&one(rows.clone()))), expected);
    assert_eq!(ages(&writers::xlsx(&one(rows))), expected);
}

#[test]
fn typed_cells_of_opendocument() {
    let cell = |attributes: &str, text: &str| {
        format!("<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>")
    };
    let text = |t: &str| cell("office:value-type=\"string\"", t);
    let row = |cells: &[String]| format!("<table:table-row>{}</table:table-row>", cells.concat());
    let bytes = ods_of(&format!(
        "<table:table>{}{}{}</table:table>",
        row(&["Commune", "Occupation", "RFR", "APL", "ASPA", "Nb occupants"].map(text)),
        row(&[
            text("Torcy"),
            text("Loué"),
            cell("office:value-type=\"currency\" office:currency=\"EUR\" office:value=\"15234.5\"", "15 234,50 €"),
            cell("office:value-type=\"boolean\" office:boolean-value=\"true\"", "VRAI"),
            cell("office:value-type=\"string\" calcext:value-type=\"error\"", "#N/A"),
            cell("office:value-type=\"percentage\" office:value=\"2\"", "200 %"),
        ]),
        // A merged cell: what it covers does not count.
        row(&[
            text("Blanzy"),
            text("Loué"),
            "<table:covered-table-cell office:value-type=\"float\" office:value=\"9\"><text:p>9</text:p></table:covered-table-cell>".to_owned(),
        ]),
    ));
    let (dwellings, _) = read(&bytes).unwrap();
    let h = &dwellings[0].household;
    assert_eq!(
        (h.income, h.apl, h.aspa, h.occupants),
        (Some(15_234), Some(true), None, Some(2))
    );
    assert_eq!(dwellings[1].household.income, None);
}

#[test]
fn what_is_listed_is_bounded() {
    let mut text = "Commune;Occupation;Financement;Bailleur\n".to_owned();
    for n in 0..5_000 {
        text.push_str(&format!(
            "Ville{n};Loué;;\nTorcy;Statut{n};Prêt {n};Office {n}\n"
        ));
    }
    let (_, report) = csv(&text);
    let listed = |v| {
        report
            .unknown_values
            .iter()
            .filter(|u| u.variable == v)
            .count()
    };
    assert_eq!(listed(Variable::Occupation), limits::MAX_LISTED_VALUES);
    assert_eq!(listed(Variable::Financing), limits::MAX_LISTED_VALUES);
    let found = report
        .findings
        .iter()
        .find(|f| f.variable == Some(Variable::Occupation));
    assert_eq!(found.unwrap().count, 5_000);
    assert!(report.landlords.len() <= 200 && report.outside_communes.len() <= 200);
    assert!(report.findings.iter().all(|f| f.examples.len() <= 5));
}

/// A profile that gives labels of a variable a meaning.
fn saying(variable: Variable, labels: &[(&str, &str)]) -> Options {
    let mut profile = Correspondence::default();
    let labels = labels
        .iter()
        .map(|(l, m)| ((*l).to_owned(), (*m).to_owned()));
    profile.values.insert(variable, labels.collect());
    Options {
        correspondence: Some(profile),
        ..Options::default()
    }
}

#[test]
fn postal_codes_in_the_column_of_insee_codes() {
    let (dwellings, report) = csv(
        "Code commune;Commune;Occupation\n71200;Le Creusot;Loué\n71300;Montceau;Loué\n\
         21600;Torcy;Loué\n71153;Le Creusot;Loué\n",
    );
    // Montceau is not a name of the territory; a Torcy of Côte-d'Or is elsewhere.
    assert_eq!(codes(&dwellings), ["71153", "71153"]);
    let found = finding(&report, "code-insee-inconnu").unwrap();
    assert_eq!((found.count, found.examples[0].row), (1, 2));
    assert_eq!(
        finding(&report, "commune-hors-territoire").unwrap().count,
        2
    );
}

#[test]
fn communes_as_offices_write_them() {
    let (dwellings, _) = csv(
        "Commune;Occupation\nCreusot (Le);Loué\n71 - LE CREUSOT;Loué\n\
        Le Creusot (71);Loué\n71200 LE CREUSOT CEDEX;Loué\nLE CREUSOT 71200;Loué\n",
    );
    assert_eq!(codes(&dwellings), ["71153"; 5]);
    // A department in the name tells namesakes apart.
    let (dwellings, report) = csv("Commune;Occupation\nMarmagne (21);Loué\nMarmagne (71);Loué\n");
    assert_eq!(codes(&dwellings), ["71282"]);
    assert_eq!(report.asked_communes, []);
}

#[test]
fn a_commune_that_its_name_does_not_tell_is_asked_about() {
    let text = "Commune;Code postal;Occupation\nTorcy;;Loué\nTorcy;;Loué\nMontceau;;Loué\n\
        Montceau;06000;Loué\nBlanzi;;Loué\nTorcy;71210;Loué\n";
    let (dwellings, report) = csv(text);
    assert_eq!(codes(&dwellings), ["71540", "71540", "71540"]);
    let asked: Vec<_> = report
        .asked_communes
        .iter()
        .map(|a| (a.name.as_str(), a.code.as_str(), a.counted, a.rows))
        .collect();
    assert_eq!(
        asked,
        [
            ("Blanzi", "71040", false, 1),
            ("Montceau", "71306", false, 1),
            ("Torcy", "71540", true, 2)
        ]
    );
    assert_eq!(finding(&report, "commune-homonyme").unwrap().count, 2);
    assert_eq!(finding(&report, "commune-ressemblante").unwrap().count, 2);
    let answers = [
        ("Torcy", "hors_territoire"),
        ("MONTCEAU", "71306"),
        ("Blanzi", "hors_territoire"),
    ];
    let options = saying(Variable::Commune, &answers);
    let (dwellings, report) = read_with(text.as_bytes(), &Campaign::cucm(), &options).unwrap();
    // Where the row has a postal code it is not asked.
    assert_eq!(codes(&dwellings), ["71306", "71540"]);
    assert_eq!(report.asked_communes, []);
    assert!(finding(&report, "commune-homonyme").is_none());
}

/// A landlord under a name that the campaign does not know is one of its own, or another's
/// whose rows are left out, as the user says.
#[test]
fn names_of_landlords_are_those_that_the_user_says() {
    let text = "Bailleur;Commune;Occupation\nOPAC 71;Blanzy;Loué\nOffice départemental;Blanzy;Loué\n\
        OFFICE DEPARTEMENTAL;Blanzy;Loué\nHabitat d'ailleurs;Blanzy;Loué\n";
    let campaign = Campaign::cucm();
    let said = [
        ("Office départemental", "opac71"),
        ("Habitat d'ailleurs", "autre_bailleur"),
    ];
    let options = saying(Variable::Landlord, &said);
    let (dwellings, report) = read_with(text.as_bytes(), &campaign, &options).unwrap();
    let opac = campaign.landlord_by_id("opac71");
    assert_eq!(dwellings.len(), 3);
    assert!(dwellings.iter().all(|d| d.landlord == opac));
    let left = report.out_of_scope.iter().map(|o| (o.reason, o.rows));
    assert_eq!(left.collect::<Vec<_>>(), [(Reason::OtherLandlord, 1)]);
    let strangers = report.landlords.iter().filter(|l| l.rank.is_none());
    assert!(strangers.into_iter().all(|l| l.aside));
    // As of any label, the profile keeps those that stand on enough rows.
    let profile = options.correspondence.clone().unwrap();
    assert!(profile.kept(&report.given_labels).is_empty());
    // Nothing said, nothing assumed: the campaign does not know them.
    let (dwellings, report) = csv(text);
    assert_eq!(dwellings.iter().filter(|d| d.landlord.is_none()).count(), 3);
    assert!(report.landlords.iter().all(|l| !l.aside));
    // Of whom the campaign does not know either.
    let options = saying(Variable::Landlord, &[("Office départemental", "inconnu")]);
    let (dwellings, _) = read_with(text.as_bytes(), &campaign, &options).unwrap();
    assert_eq!(dwellings.iter().filter(|d| d.landlord.is_none()).count(), 3);
}

#[test]
fn identifiers_whose_digits_are_lost_are_no_duplicates() {
    let (dwellings, report) = csv(
        "Commune;Occupation;N° RPLS\nBlanzy;Loué;1E+09\nBlanzy;Loué;1E+09\n\
         Blanzy;Loué;12E5\nBlanzy;Loué;12E5\n",
    );
    assert_eq!(dwellings.len(), 3);
    assert_eq!(
        finding(&report, "identifiant-scientifique").unwrap().count,
        2
    );
}

#[test]
fn a_date_of_two_digits_is_not_three_ages() {
    let (dwellings, report) = csv("Commune;Occupation;Date naissance 1;Date naissance 2\n\
         Blanzy;Loué;12/03/1985;12/03/85\nBlanzy;Loué;03/1985;01/01/2010\n");
    let ages: Vec<_> = dwellings
        .iter()
        .map(|d| d.household.listed_ages.clone())
        .collect();
    assert_eq!(ages, [vec![Some(38), None], vec![Some(38), Some(14)]]);
    assert_eq!(report.unknown_values[0].value, Sample::of("12/03/85"));
}

/// A year in a column of ages is read as that of a birth, and said to be; not where the
/// name of the column says so.
#[test]
fn a_year_among_ages_is_told() {
    let (dwellings, report) = csv("Commune;Occupation;Age titulaire;Age 1;Age 2\n\
         Blanzy;Loué;1984;39;1999\nBlanzy;Loué;45;45;\n");
    assert_eq!(dwellings[0].household.holder_age, Some(39));
    assert_eq!(dwellings[0].household.listed_ages, [Some(39), Some(24)]);
    let told: Vec<_> = report
        .findings
        .iter()
        .filter(|f| f.code == "annee-lue-pour-un-age")
        .map(|f| {
            let column = f.examples[0].column.as_ref().unwrap();
            (f.count, f.examples[0].row, column.header.as_str())
        })
        .collect();
    assert_eq!(told, [(1, 2, "Age titulaire"), (1, 2, "Age 2")]);
    let told = |header: &str, value: &str| {
        let (dwellings, report) = csv(&format!(
            "Commune;Occupation;{header}\nBlanzy;Loué;{value}\n"
        ));
        let household = &dwellings[0].household;
        let known = household.known_ages().count() + usize::from(household.holder_age.is_some());
        assert!(known > 0, "{header} {value}");
        finding(&report, "annee-lue-pour-un-age").is_some()
    };
    for value in ["1984", "1984.0", "1984 ans", "1 984"] {
        assert!(told("Age titulaire", value), "{value}");
        assert!(told("Âge du titulaire (en années)", value), "{value}");
        assert!(!told("Année de naissance 1", value), "{value}");
    }
    assert!(!told("Age titulaire", "39"));
}

#[test]
fn a_code_in_a_column_of_yes_and_no_is_the_users_to_tell() {
    let text = "Commune;Occupation;APL\nBlanzy;Loué;1\nBlanzy;Loué;9\nBlanzy;Loué;215,40\n";
    let (dwellings, report) = csv(text);
    let apl: Vec<_> = dwellings.iter().map(|d| d.household.apl).collect();
    assert_eq!(apl, [Some(true), None, Some(true)]);
    assert_eq!(report.unknown_values[0].value, Sample::of("9"));
    let options = saying(Variable::Apl, &[("9", "inconnu")]);
    let (_, report) = read_with(text.as_bytes(), &Campaign::cucm(), &options).unwrap();
    assert_eq!(report.unknown_values, []);
    let given = &report.given_labels[0];
    assert_eq!(
        (given.label.as_str(), given.rows, given.distinct),
        ("9", 1, 3)
    );
}

/// The landlord reads what his labels were taken for: spellings of one label are one
/// line, silence that is spelled out is one, an empty cell and what was not understood
/// are none.
#[test]
fn what_labels_were_taken_for_is_listed_with_how_often() {
    let text = "Commune;Occupation;Situation familiale;Financement;Activité 1\n\
        Blanzy;Loué;Mère seule;PLUS;CDI, retraité\n\
        Blanzy;LOUE;Famille monoparentale;PLUS;Retraité\n\
        Blanzy;loué;famille Monoparentale;HLM/O;NC\n\
        Blanzy;Travaux;;;\n\
        Blanzy;Bail en cours;Célibataire;PLAI;CDI\n";
    let (_, report) = csv(text);
    let listed = |report: &Report, variable| -> Vec<(String, String, u64)> {
        let of = report.understood.iter().filter(|u| u.variable == variable);
        of.map(|u| (u.label.to_string(), u.meaning.clone(), u.times))
            .collect()
    };
    let line = |label: &str, meaning: &str, times| (label.to_owned(), meaning.to_owned(), times);
    assert_eq!(
        listed(&report, Variable::Occupation),
        [
            line("LOUE", "loue", 3),
            line("Travaux", "vide_hors_location", 1)
        ]
    );
    let activities = listed(&report, Variable::Activities);
    assert_eq!(
        activities.iter().map(|(_, _, times)| times).sum::<u64>(),
        4,
        "{activities:?}"
    );
    // « Bail en cours » was given a meaning: then it is listed with the others.
    let options = saying(Variable::Occupation, &[("Bail en cours", "loue")]);
    let (_, report) = read_with(text.as_bytes(), &Campaign::cucm(), &options).unwrap();
    assert_eq!(
        listed(&report, Variable::Occupation)[1],
        line("Bail en cours", "loue", 1)
    );
    let situations = listed(&report, Variable::FamilySituation);
    assert!(
        situations.contains(&line("Famille monoparentale", "famille_monoparentale", 2)),
        "{situations:?}"
    );
}

/// The order of the rows changes nothing of it.
#[test]
fn what_is_listed_does_not_depend_on_the_order_of_the_rows() {
    let row = |label: &str| format!("Blanzy;Loué;{label}\n");
    let mut rows: Vec<String> = (0..80)
        .map(|n| row(&format!("T3{}", " ".repeat(n % 7) + &"b".repeat(n % 2))))
        .chain(["T1", "T2", "T2"].map(row))
        .collect();
    let read = |rows: &[String]| {
        let text = format!("Commune;Occupation;Typologie\n{}", rows.concat());
        csv(&text).1.understood
    };
    let before = read(&rows);
    rows.reverse();
    assert_eq!(read(&rows), before);
    assert!(
        before
            .iter()
            .any(|u| u.label == Sample::of("T2") && u.times == 2)
    );
}

/// Where there are more labels than a vocabulary has, the rarest go first.
#[test]
fn the_most_frequent_labels_are_listed() {
    let labels: Vec<String> = (1..=60).map(|n| format!("Bail {n:02}")).collect();
    let given: Vec<(&str, &str)> = labels.iter().map(|l| (l.as_str(), "loue")).collect();
    let rows = (labels.iter().enumerate())
        .map(|(rank, label)| format!("Blanzy;{label}\n").repeat(rank + 1));
    let text = format!("Commune;Occupation\n{}", rows.collect::<String>());
    let options = saying(Variable::Occupation, &given);
    let (_, report) = read_with(text.as_bytes(), &Campaign::cucm(), &options).unwrap();
    let listed: Vec<_> = (report.understood.iter())
        .map(|u| (u.label.to_string(), u.times))
        .collect();
    let frequent = (11..=60).rev().map(|n| (format!("Bail {n:02}"), n));
    assert_eq!(listed, frequent.collect::<Vec<(String, u64)>>());
}

#[test]
fn a_long_label_is_given_a_meaning_too() {
    let long =
        "Logement pris à bail par un organisme agréé d'intermédiation locative et de gestion";
    let text = format!("Commune;Occupation\nBlanzy;{long}\n");
    let (_, report) = csv(&text);
    let shown = report.unknown_values[0].value.to_string();
    assert!(shown.ends_with('…'));
    let options = saying(Variable::Occupation, &[(&shown, "tiers")]);
    let (dwellings, report) = read_with(text.as_bytes(), &Campaign::cucm(), &options).unwrap();
    assert_eq!(dwellings[0].occupation, Some(Occupation::ThirdParty));
    assert_eq!(report.unknown_values, []);
}

#[test]
fn a_needed_column_of_any_name_is_the_users_to_choose() {
    let text = "Secteur géo;Bail;RFR;APL\nTorcy;Loué;1;Oui\n";
    let error = read(text.as_bytes()).unwrap_err();
    let IntakeError::MappingNeeded { proposal, .. } = &error else {
        panic!("{error}")
    };
    assert_eq!(proposal.missing, [Variable::Commune, Variable::Occupation]);
    let sentence = error.to_string();
    for part in [
        "« Commune » est introuvable",
        "« Secteur géo », « Bail », « RFR »",
        "« Occupation » est introuvable",
    ] {
        assert!(sentence.contains(part), "{sentence}");
    }
    let mut profile = Correspondence::default();
    profile
        .columns
        .insert(Variable::Commune, vec!["Secteur géo".into()]);
    profile
        .columns
        .insert(Variable::Occupation, vec!["Bail".into()]);
    let options = Options {
        correspondence: Some(profile),
        ..Options::default()
    };
    let (dwellings, _) = read_with(text.as_bytes(), &Campaign::cucm(), &options).unwrap();
    assert_eq!(codes(&dwellings), ["71540"]);
}

#[test]
fn a_column_that_is_only_alike_is_not_read_and_is_said() {
    let (dwellings, report) =
        csv("Commune;Occupation;Revnu fiscal de référence;CSP 1\nBlanzy;Loué;12000;CDI\n");
    assert_eq!(dwellings[0].household.income, None);
    let found = finding(&report, "colonne-a-confirmer").unwrap();
    let headers: Vec<_> = found
        .examples
        .iter()
        .map(|place| place.column.as_ref().unwrap().header.as_str())
        .collect();
    assert_eq!(headers, ["CSP 1", "Revnu fiscal de référence"]);
}

#[test]
fn households_that_answered_are_counted() {
    let (_, report) = csv(
        "Commune;Occupation;RFR;APL;Réponse OPS\nBlanzy;Loué;0;;\nBlanzy;Loué;NC;;\n\
         Blanzy;Loué;12000;Oui;Non\nLe Creusot;Loué;;;Oui\nLe Creusot;Vacant;12000;Oui;Oui\n",
    );
    assert_eq!((report.rows_let, report.rows_responding), (4, 2));
    let by: Vec<_> = report
        .answers_by_commune
        .iter()
        .map(|c| (c.code.as_str(), c.lets, c.responding))
        .collect();
    assert_eq!(by, [("71040", 3, 1), ("71153", 1, 1)]);
}

/// Spreadsheets hold what has only digits as a number.
#[test]
fn a_column_of_nir_held_as_numbers_is_one_of_identity() {
    let row = |nir: f64| {
        vec![
            Cell::Text("Blanzy".into()),
            Cell::Text("Loué".into()),
            Cell::Number(nir),
            Cell::Number(1_000_000_001.0),
        ]
    };
    let header = ["Commune", "Occupation", "Clé", "N° RPLS"];
    let mut rows = vec![header.map(|h| Cell::Text(h.into())).to_vec()];
    rows.extend([row(1_850_771_123_456.0), row(2_550_814_168_025.0)]);
    let (_, report) = read(&writers::xlsx(&writers::one(rows))).unwrap();
    let identity: Vec<_> = report
        .ignored
        .iter()
        .filter(|c| c.why == Ignored::Identity)
        .map(|c| c.column.header.as_str())
        .collect();
    assert_eq!(identity, ["Clé"]);
}

#[test]
fn a_sheet_of_dwellings_under_another_header_is_not_left_out_in_silence() {
    let sheet = |name: &str, rows: &[&[&str]]| (name.to_owned(), writers::texts(rows));
    let sheets = [
        sheet(
            "Nord",
            &[&["Commune", "Occupation", "RFR"], &["Blanzy", "Loué", "1"]],
        ),
        sheet(
            "Sud",
            &[
                &["Commune", "Occupation", "RFR", ""],
                &["Blanzy", "Loué", "2"],
            ],
        ),
        sheet("Est", &[&["Occupation", "Commune"], &["Loué", "Blanzy"]]),
        sheet("Notice", &[&["Texte"], &["Rien"]]),
    ];
    for bytes in [writers::xlsx(&sheets), writers::ods(&sheets)] {
        let (dwellings, report) = read(&bytes).unwrap();
        assert_eq!(dwellings.len(), 2);
        let named = |code: &str| -> Vec<&str> {
            let found = finding(&report, code).unwrap();
            found
                .examples
                .iter()
                .map(|place| place.sheet.as_str())
                .collect()
        };
        assert_eq!(named("feuille-ops-non-lue"), ["Est"]);
        assert_eq!(named("feuilles-non-lues"), ["Notice"]);
    }
}

/// Last year's rows, under the same header, are no dwellings of this survey; sheets
/// without a year, or of no year that tells, are all read.
#[test]
fn a_sheet_of_another_year_is_left_out() {
    const HEAD: &[&str] = &["Commune", "Occupation", "RFR"];
    let book = |names: &[&str]| {
        let rows = [HEAD, &["Blanzy", "Loué", "1"]];
        let sheets: Vec<_> = names
            .iter()
            .map(|name| ((*name).to_owned(), writers::texts(&rows)))
            .collect();
        let (dwellings, report) = read(&writers::xlsx(&sheets)).unwrap();
        let left = finding(&report, "feuille-d-une-autre-annee");
        let left = left.map(|found| found.examples.iter().map(|place| place.sheet.clone()));
        (
            dwellings.len(),
            left.into_iter().flatten().collect::<Vec<_>>(),
        )
    };
    assert_eq!(
        book(&["OPS 2023", "OPS 2024", "Sud"]),
        (2, vec!["OPS 2023".to_owned()])
    );
    for all in [["2022", "2023"], ["Nord 71300", "Sud 2024"], ["1", "2"]] {
        assert_eq!(book(&all), (2, vec![]), "{all:?}");
    }
}

/// A column whose name is that of a variable, and whose values are another's.
#[test]
fn a_column_of_which_nothing_is_understood_is_likely_another_variables() {
    let said = |variable: &str, values: &[&str]| {
        let rows: String = values
            .iter()
            .map(|value| format!("Le Creusot;Loué;{value}\n"))
            .collect();
        let (_, report) = csv(&format!("Commune;Occupation;{variable}\n{rows}"));
        finding(&report, "valeur-inconnue").unwrap().message.clone()
    };
    let typology = said("Type de logement", &["T2", "T3 bis", "NC"]);
    assert!(typology.contains("sous « Typologie »"), "{typology}");
    let status = said("Situation familiale", &["Marié(e)", "Célibataire", "NC"]);
    assert!(status.contains("état civil"), "{status}");
    let other = said("Type de logement", &["T2", "neuf"]);
    assert!(other.contains("une autre variable"), "{other}");
    // One that was understood, and the column is the right one.
    for (variable, values) in [
        ("Type de logement", ["Maison", "T2"]),
        ("Situation familiale", ["Personne seule", "Divorcé"]),
    ] {
        let right = said(variable, &values);
        assert!(!right.contains("Changer les colonnes"), "{right}");
    }
}

/// A column of codes, filled only for the dwellings of a QPV.
#[test]
fn blank_may_be_outside_every_district_when_the_user_says_so() {
    let file = "Commune;Occupation;Code QPV\nLe Creusot;Loué;QN07101M\nTorcy;Loué;\nTorcy;Loué;\n";
    let (dwellings, report) = csv(file);
    assert_eq!(dwellings[1].qpv, Qpv::Unknown);
    let found = finding(&report, "qpv-vide").unwrap();
    assert_eq!((found.count, found.examples[0].row), (2, 3));
    let asked = &report.unknown_values;
    assert_eq!(
        (asked.len(), asked[0].rows, asked[0].shown()),
        (1, 2, "(vide)")
    );

    let said = saying(Variable::Qpv, &[("", "non")]);
    let (dwellings, report) = read_with(file.as_bytes(), &Campaign::cucm(), &said).unwrap();
    assert!(matches!(dwellings[0].qpv, Qpv::Inside(Some(_))));
    assert_eq!(dwellings[1].qpv, Qpv::Outside);
    assert!(finding(&report, "qpv-vide").is_none() && report.unknown_values.is_empty());

    // Where rows say « non », or nothing is inside, blank is not known.
    for other in ["non", "non;\nTorcy;Loué;QN07101M"] {
        let (_, report) = csv(&format!(
            "Commune;Occupation;QPV\nTorcy;Loué;\nTorcy;Loué;{other}\n"
        ));
        assert!(finding(&report, "qpv-vide").is_none(), "{other}");
    }
    // A flag that is filled speaks for the code that is not.
    let both = "Commune;Occupation;QPV;Code QPV\nLe Creusot;Loué;oui;\nTorcy;Loué;;\n";
    let (dwellings, _) = read_with(both.as_bytes(), &Campaign::cucm(), &said).unwrap();
    assert_eq!(dwellings[0].qpv, Qpv::Inside(None));
    assert_eq!(dwellings[1].qpv, Qpv::Outside);
}

#[test]
fn couples_whose_ceiling_cannot_be_known_are_counted() {
    let (_, report) = csv(
        "Commune;Occupation;Situation familiale;Nb occupants;Age titulaire;RFR;Age 1;Age 2\n\
        Torcy;Loué;Couple sans enfant;2;70;12000;;\n\
        Torcy;Loué;Couple sans enfant;2;70;12000;70;NC\n\
        Torcy;Loué;Couple sans enfant;2;70;12000;70;68\n\
        Torcy;Loué;Couple sans enfant;2;70;NC;;\n\
        Torcy;Loué;Personne seule;1;70;12000;;\n",
    );
    let found = finding(&report, "couple-sans-ages").unwrap();
    assert_eq!((found.count, found.examples[0].row), (2, 2));
}

#[test]
fn a_district_that_is_not_named_is_asked_for() {
    let (_, report) =
        csv("Commune;Occupation;QPV\nTorcy;Loué;Oui\nTorcy;Loué;Non\nTorcy;Vacant;QN07101M\n");
    assert_eq!(finding(&report, "qpv-sans-code").unwrap().count, 1);
    let (_, report) = csv("Commune;Occupation;QPV;Code QPV\nTorcy;Loué;Oui;QN07101M\n");
    assert_eq!(finding(&report, "qpv-sans-code"), None);
    // The campaign says where its programmes stand.
    let text = "Commune;Occupation;QPV\nTorcy;Loué;Oui\n";
    let (dwellings, report) =
        read_with(text.as_bytes(), &Campaign::example(), &Options::default()).unwrap();
    assert_eq!(
        (dwellings.len(), finding(&report, "qpv-sans-code")),
        (1, None)
    );
}
