use super::fiche::{comparison, fiche, territory};
use super::places::Places;
use super::*;
use crate::base::panel::panel;
use crate::base::{Base, Status, sample};
use crate::campaign::Campaign;
use crate::chart::{self, Absence, Column, Contrast, Figures, Heat, Pair, Sort, View};
use crate::example::{self, Landlord};
use crate::indicator;
use crate::merge::Merged;
use crate::page::view::results::share;
use crate::partial::sample::{checked, dwellings};
use crate::pipeline::{self, AggregateRequest};
use crate::table::Level;
use crate::words::{collectivity, numbers};

fn base(hostile: &str) -> Base {
    let campaign = Campaign::example();
    let mut rows = dwellings(11, 900, 3);
    for row in &mut rows {
        row.programme_name = hostile.to_owned();
    }
    sample::base(&campaign, [("exemple-a", rows)])
}

/// The share of unemployed is known between bounds on the EPCI: a small landlord
/// hides those in work where they are few.
fn bounded_epci() -> Base {
    let campaign = Campaign::example();
    let landlords = [("exemple-a", 11, 6_000), ("exemple-b", 12, 900)];
    let mut all = Merged::empty(&campaign);
    for (id, seed, rows) in landlords {
        let mut file = sample::file(&campaign, id, &dwellings(seed, rows, 5));
        let table = file.tables.iter_mut().find(|t| t.id == "activite").unwrap();
        let hidden = ["emploi_precaire", "sans_emploi"].map(|id| {
            let modalities = indicator::table("activite").unwrap().dimensions[0].modalities;
            modalities.iter().position(|m| *m == id).unwrap()
        });
        if id == "exemple-b" {
            for line in &mut table.lines {
                for cell in hidden {
                    line.counts[cell] = None;
                }
            }
        }
        let partial = checked(file);
        let one = Merged::from_partial(&campaign, &partial).unwrap();
        all = all.merge(one.bounded(&campaign, &partial)).unwrap();
    }
    Base::from_merged(&campaign, &all).unwrap()
}

#[test]
fn a_fiche_beside_an_epci_between_bounds_says_its_bounds_and_those_of_the_gap() {
    let base = bounded_epci();
    let key = "chom_actifs";
    let (zonage, root) = (&base.zonages()[0], &base.zonages()[0].mailles[0]);
    let epci = &chart::maille(&base, &zonage.id, &root.id);
    let (_, epci) = epci.iter().find(|(found, _)| *found == key).unwrap();
    assert_eq!(epci.status, Status::Bounded);
    let (maille, row) = (zonage.mailles.iter())
        .filter(|maille| maille.level == Level::Programme)
        .find_map(|maille| {
            let rows = chart::maille(&base, &zonage.id, &maille.id);
            let (_, row) = rows.into_iter().find(|(found, _)| *found == key)?;
            (row.status == Status::Published).then_some((maille, row))
        })
        .unwrap();
    let html = fiche(&base, &zonage.id, &maille.id).into_string();
    let gap = row.gap_words().unwrap();
    assert!(gap.starts_with("entre "), "{gap}");
    assert!(html.contains(&format!(
        "{}{}{}<td class=\"dessin\">",
        share(&row).into_string(),
        share(epci).into_string(),
        figures::gap(&row, false).into_string()
    )));
    assert!(html.contains(&gap), "in the fragility profile");
    // The band of the EPCI goes from one bound to the other.
    let (min, max) = epci.bounds.unwrap();
    let at = |rate: u32| format!("{:.2}", f64::from(rate) / 1_000.0);
    let mark = format!(
        "<rect class=\"etendue\" x=\"{}\" y=\"0\" width=\"{}\"",
        at(min.0),
        at(max.0 - min.0)
    );
    assert!(html.contains(&mark), "{mark}");
}

#[test]
fn what_is_missing_of_districts_is_their_code_and_whose() {
    let codes = ["QN99901M", "QN99902M", "QN99903M"];
    let of = |told: bool| {
        let mut csv = example::to_csv(&example::table(Landlord::A, 7, 400));
        let mut campaign = Campaign::example().file().clone();
        for code in codes.iter().filter(|_| !told) {
            csv = csv.replace(code, "Oui");
        }
        campaign.passage.clear();
        let campaign = Campaign::parse(crate::json::pretty(&campaign).as_bytes()).unwrap();
        let request = AggregateRequest::new(campaign, "2026-11-23");
        let (size, csv) = (csv.len() as u64, std::io::Cursor::new(csv.into_bytes()));
        let made = pipeline::aggregate(csv, size, "a.csv", &request, &mut ()).unwrap();
        let merged = Merged::from_partial(&request.campaign, made.certified.partial()).unwrap();
        Base::from_merged(&request.campaign, &merged).unwrap()
    };
    let base = of(false);
    let at = |level| Figures::of(&base, "mono", level).unwrap();
    let said = |absence, level| choices::absence(absence, &base, &at(level)).into_string();
    let words = "Il manque des codes de quartier (QN…)\u{a0}: un bailleur a des logements en QPV sans dire dans lequel («\u{a0}Bailleur fictif A\u{a0}»)";
    for (absence, level) in [
        (Absence::NothingInQpv, Level::Commune),
        (Absence::NothingToRead, Level::Qpv),
        (Absence::NothingToRead, Level::QpvSituation),
    ] {
        let html = said(absence, level);
        assert!(html.contains(words), "{html}");
    }
    assert!(!said(Absence::NothingToRead, Level::Commune).contains("codes de quartier"));
    assert_eq!(crate::words::nothing::codes(&of(true)), None);
}

#[test]
fn rows_of_a_fiche_that_follow_each_other_say_one_denominator_once() {
    let base = bounded_epci();
    let zonage = &base.zonages()[0];
    let html = fiche(&base, &zonage.id, &zonage.mailles[1].id).into_string();
    for (key, times) in [("mono", 1), ("chom", 1), ("chom_actifs", 1), ("vac", 1)] {
        let among = format!("parmi\u{a0}: {}<", labels::indicator(key).denominator);
        assert_eq!(html.matches(&among).count(), times, "{key}");
    }
    // The rows of each are under it.
    let (_, after) = html.split_once("<tr class=\"parmi\">").unwrap();
    let (run, _) = after.split_once("</tbody>").unwrap();
    assert!(run.matches("<th scope=\"row\">").count() > 1);
    assert!(!run.contains("class=\"sous\">parmi"));
}

#[test]
fn a_key_figure_between_bounds_says_the_numbers_it_is_of() {
    let base = bounded_epci();
    let (_, row) = (chart::maille(&base, "territoire", "epci").into_iter())
        .find(|(key, _)| *key == "chom_actifs")
        .unwrap();
    let (part, whole) = (row.numerator.unwrap(), row.denominator_bounds.unwrap());
    let words = format!(
        "{} sur {} à {} majeurs en emploi",
        numbers::count(part),
        numbers::count(whole.0),
        numbers::count(whole.1)
    );
    let html = territory(&base).into_string();
    assert!(html.contains(&words), "{words}");
    // And the table of the consultant counts it apart from the published ones.
    let html = crate::page::view::results::key_figures(&base).into_string();
    assert!(html.contains("\u{a0}; 3\u{a0}encadrés"), "{html}");
}

#[test]
fn one_maille_left_out_is_spoken_of_as_one() {
    assert!(collectivity::silent(1).ends_with("ce tableau ne la montre pas."));
    assert!(collectivity::silent(2).ends_with("ce tableau ne les montre pas."));
}

#[test]
fn a_share_beside_an_epci_that_is_not_read_says_that_it_has_no_gap() {
    let base = bounded_epci();
    let mut figures = Figures::of(&base, "mono", Level::Commune).unwrap();
    let row = &mut figures.rows[0];
    (row.gap, row.gap_bounds) = (None, None);
    let words = |row: &_, reference| figures::gap(row, reference).into_string();
    assert!(words(row, false).contains(charts::NO_GAP));
    assert!(words(row, true).contains("–"));
    row.status = Status::Secret;
    assert!(words(row, false).contains("–"));
}

fn shown(base: &Base, indicator: &str, level: Level) -> (Figures, String) {
    let of = Figures::of(base, indicator, level).unwrap();
    let html = figures::figures(&of, Sort::default(), 0).into_string();
    (of, html)
}

#[test]
fn an_indicator_is_shown_with_what_it_counts_and_its_source() {
    let (_, html) = shown(&base("Résidence"), "mono", Level::Commune);
    assert!(html.contains("ménages monoparentaux"));
    assert!(html.contains("ménages dont la situation familiale est connue"));
    assert!(html.contains("<p class=\"mention\">Données fictives</p>"));
    // The EPCI for reference, then the three communes.
    assert_eq!(html.matches("<th scope=\"row\">").count(), 4);
    assert_eq!(html.matches("<tr class=\"reference\">").count(), 1);
}

#[test]
fn every_exact_share_is_on_screen_and_every_other_has_its_status() {
    let base = base("Résidence");
    let mut seen = [0; 2];
    for key in chart::indicators(&base) {
        for level in chart::levels(&base) {
            let (of, html) = shown(&base, key, level);
            for row in &of.rows {
                if let Some(share) = row.share {
                    assert!(html.contains(&format!(">{}</td>", numbers::percent(share))));
                }
                assert!(html.contains(charts::status(row.status)));
                assert!(html.contains(&charts::status_meaning(row.status, &of.rules)));
                seen[usize::from(row.share.is_some())] += 1;
            }
        }
    }
    assert!(seen[0] > 0 && seen[1] > 0, "the sample holds both");
}

#[test]
fn a_fiche_holds_every_indicator_with_its_status_and_the_mention() {
    let base = base("<b>Résidence</b>");
    for zonage in base.zonages() {
        for maille in &zonage.mailles {
            let rows = chart::maille(&base, &zonage.id, &maille.id);
            let html = fiche(&base, &zonage.id, &maille.id).into_string();
            assert!(!html.contains("<b>"));
            assert_eq!(html.matches("<th scope=\"row\">").count(), rows.len());
            for (key, row) in &rows {
                assert!(html.contains(labels::indicator(key).label));
                assert!(html.contains(&share(row).into_string()));
            }
        }
    }
    let zonage = &base.zonages()[0];
    let html = fiche(&base, &zonage.id, &zonage.mailles[1].id).into_string();
    assert!(html.contains("<p class=\"mention\">Données fictives</p>"));
    assert!(html.contains("Bailleur fictif A") && html.contains("Taux de réponse"));
    assert!(html.contains("loués à des ménages"));
    // Beside each share stands that of the EPCI, and a drawing of both.
    let rows = chart::maille(&base, &zonage.id, &zonage.mailles[1].id);
    assert_eq!(html.matches("<svg").count(), rows.len());
    let published = rows.iter().filter(|(_, row)| row.share.is_some());
    assert_eq!(
        html.matches("class=\"part\"").count(),
        published.clone().count()
    );
    let epci = chart::maille(&base, &zonage.id, &zonage.mailles[0].id);
    let (key, row) = published.clone().next().unwrap();
    let (_, reference) = epci.iter().find(|(found, _)| found == key).unwrap();
    assert!(html.contains(&format!(
        "{}<td class=\"nombre\">{}</td>",
        share(row).into_string(),
        numbers::percent(reference.share.unwrap())
    )));
    for (theme, members) in labels::THEMES {
        let has = rows.iter().any(|(key, _)| members.contains(key));
        assert_eq!(html.contains(&format!(">{theme}</th>")), has, "{theme}");
    }
    assert_eq!(
        fiche(&base, "ailleurs", "rien").into_string(),
        format!("<p>{}</p>", charts::NO_ROW)
    );
}

#[test]
fn a_fiche_is_chosen_among_the_mailles_that_have_one() {
    let base = sample::of_files(&Campaign::example(), [sample::protected(Landlord::A)]);
    // The districts group the programmes of the territory, under the same names.
    let of = |zone: usize, level: Level| {
        let mailles = base.zonages()[zone].mailles.iter();
        mailles.filter(|maille| maille.level == level).count()
    };
    assert!(of(1, Level::Programme) > 0 && of(1, Level::Qpv) > 0);
    for (level, count) in [
        (Level::Commune, of(0, Level::Commune)),
        (Level::Programme, of(0, Level::Programme)),
        (Level::Qpv, of(1, Level::Qpv)),
    ] {
        let html = Places::of(&base, level).fiches("", "").into_string();
        let values: Vec<&str> = html.split("value=\"").skip(1).collect();
        assert_eq!(values.len(), count, "{html}");
        for value in values {
            let (zonage, maille) = value.split('"').next().unwrap().split_once('/').unwrap();
            assert!(!chart::maille(&base, zonage, maille).is_empty(), "{value}");
        }
    }
    // The first that has something to be read is open; the others say that they have
    // nothing.
    let html = Places::of(&base, Level::Programme)
        .fiches("", "")
        .into_string();
    assert_eq!(html.matches(" selected").count(), 1);
    let opened = html.find(" selected").unwrap();
    let first = html.find("</option>").unwrap();
    let silent = html[..first].contains("rien de publiable");
    assert_eq!(opened > first, silent, "{html}");
    let option = html[opened..].split("</option>").next().unwrap();
    assert!(!option.contains("rien de publiable"), "{option}");
    let last = html
        .rsplit("value=\"")
        .next()
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let html = Places::of(&base, Level::Programme)
        .fiches(last, "")
        .into_string();
    assert!(
        html.contains(&format!("value=\"{last}\" selected")),
        "a choice is kept"
    );
    // What is searched is found whatever its case and accents.
    let (_, name) = base.zonages()[0]
        .mailles
        .iter()
        .find(|m| m.level == Level::Commune)
        .map(|m| (&m.id, m.name.clone()))
        .unwrap();
    let communes = Places::of(&base, Level::Commune);
    let html = communes.fiches("", &name.to_uppercase()).into_string();
    assert!(
        html.matches("<option").count() == 1 && html.contains(&name),
        "{html}"
    );
    assert_eq!(communes.found(&name.to_uppercase()), 1);
    // Enter opens the only one that is found.
    let only = communes.only(&name.to_uppercase()).unwrap();
    assert!(html.contains(&format!("value=\"{only}\"")), "{html}");
    assert_eq!((communes.only("zzz"), communes.only(" ")), (None, None));
    assert_eq!(communes.fiches("", "zzz").into_string(), "");
    // The fiche that is open stays while another is searched.
    let open = html.split('"').nth(1).unwrap();
    let html = communes.fiches(open, "zzz").into_string();
    assert!(html.contains(" selected") && html.contains(&name), "{html}");
    assert_eq!(communes.found("zzz"), 0);
    // A residence is found by its landlord, its commune or its number, in any order.
    let programmes = Places::of(&base, Level::Programme);
    let all = programmes.count();
    assert_eq!(programmes.found("fictif A bailleur"), all);
    let (commune, number) = {
        let mut mailles = base.zonages()[0].mailles.iter();
        let maille = mailles.rfind(|m| m.level == Level::Programme).unwrap();
        let commune = base.zonages()[0].commune_of(maille).unwrap();
        let number = maille.id.split(['/', '@']).nth(1).unwrap();
        (commune.name.clone(), number.to_owned())
    };
    let found = programmes.found(&format!("{number} {commune}"));
    assert!((1..all).contains(&found), "{found}");
    assert_eq!(
        Places::of(&base, Level::Commune).count(),
        of(0, Level::Commune)
    );
}

/// A district is set beside what is out of districts, or its commune, and not only beside
/// other districts.
#[test]
fn a_district_is_compared_with_the_rest() {
    let file = crate::base::sample::protected(crate::example::Landlord::A);
    let base = crate::base::sample::of_files(&Campaign::example(), [file]);
    let at = |level: Level| Places::of(&base, level).count();
    let beside = |level: Level| {
        let wider = Places::comparable(&base, level);
        wider.map_or(at(level), |places| places.count())
    };
    assert!(at(Level::Qpv) > 0 && at(Level::QpvSituation) > 0);
    let all = at(Level::Qpv) + at(Level::QpvSituation) + at(Level::Commune);
    assert_eq!(beside(Level::Qpv), all);
    assert_eq!(beside(Level::Commune), at(Level::Commune));
    // The lists are those of the screen, communes among them.
    let html = Places::comparable(&base, Level::Qpv)
        .unwrap()
        .others("", "", "");
    assert!(html.into_string().contains("value=\"territoire/71153\""));
}

#[test]
fn a_chart_of_many_mailles_is_turned_page_by_page() {
    let base = base("Résidence");
    let (mut of, _) = shown(&base, "mono", Level::Programme);
    let pages = |of: &Figures, page: usize| {
        let picture = chart::Picture::of(
            View::Ranking,
            chart::Materials {
                base: &base,
                before: None,
                contours: None,
                figures: of,
                page,
            },
        );
        choices::chart_pages(&picture.unwrap()).into_string()
    };
    assert_eq!(pages(&of, 0), "");
    let row = of.rows[0].clone();
    assert!(row.is_readable());
    of.rows = vec![row; chart::MAX_BARS * 2 + 1];
    let middle = pages(&of, 1);
    assert!(middle.contains("data-page=\"0\"") && middle.contains("data-page=\"2\""));
    let last = pages(&of, 99);
    assert!(last.contains("data-page=\"1\"") && !last.contains("suivantes"));
}

/// A base made before some indicators were added is read, shown and exported without
/// them; one from which single results were taken is not.
#[test]
fn a_base_that_lacks_an_indicator_is_read_and_exported() {
    let without = |keep: &dyn Fn(&crate::base::ResultFile) -> bool| {
        let mut file = base("Résidence").file().clone();
        file.results.retain(keep);
        // Their indices are not there either.
        let gone = [("apl", "oui"), ("ressources_plus", "moins_20")];
        file.segregation.retain(|index| {
            let group = index.group.as_deref();
            !gone.iter().any(|(table, modality)| {
                index.table == *table && group == Some(&[(*modality).to_owned()])
            })
        });
        file.fingerprint = crate::json::fingerprint_of(&file);
        Base::parse(crate::json::pretty(&file).as_bytes())
    };
    let older = without(&|r| r.indicator != "apl" && r.indicator != "lt20").unwrap();
    for format in crate::export::Format::ALL {
        assert!(!crate::export::write(&older, format).unwrap().is_empty());
    }
    let figures = |key| Figures::of(&older, key, Level::Commune);
    assert!(figures("mono").is_some() && !chart::indicators(&older).contains(&"apl"));
    assert!(panel(&older, "apl", Level::Commune).is_none());
    let heat = Heat::of(&older, Level::Commune, 0);
    assert!(heat::heat(&heat).into_string().contains("<table"));
    for maille in ["epci", "71153"] {
        let fiche = fiche(&older, "territoire", maille);
        assert!(
            !fiche
                .into_string()
                .contains(crate::words::labels::indicator("apl").label)
        );
    }
    let one = without(&|r| r.indicator != "apl" || r.maille != "epci");
    assert!(one.is_err() && without(&|_| false).is_err());
}

#[test]
fn names_from_the_file_stay_text() {
    let (_, html) = shown(&base("<svg onload=alert(1)>"), "seule", Level::Programme);
    assert!(html.contains("&lt;svg onload=alert(1)&gt;") && !html.contains("<svg"));
}

#[test]
fn a_table_is_sorted_by_the_column_pressed_and_says_so() {
    let (of, html) = shown(&base("Résidence"), "mono", Level::Commune);
    assert_eq!(html.matches("aria-sort=\"descending\"").count(), 1);
    assert_eq!(html.matches("data-tri=").count(), Column::ALL.len());
    let by_name = Sort::default().pressed(Column::Name);
    assert!(!by_name.descending && by_name.pressed(Column::Name).descending);
    let names = |sort: Sort| -> Vec<String> {
        let (rows, ..) = of.table(sort, 0);
        rows.iter().map(|row| row.name.clone()).collect()
    };
    let mut sorted = names(by_name);
    sorted.sort_by_key(|name| crate::words::alphabetical(name));
    assert_eq!(names(by_name), sorted);
    let mut reversed = names(by_name.pressed(Column::Name));
    reversed.reverse();
    assert_eq!(reversed, sorted);
    for by in Column::ALL {
        for descending in [false, true] {
            assert_eq!(names(Sort { by, descending }).len(), of.rows.len());
        }
    }
    let (rows, ..) = of.table(
        Sort {
            by: Column::Numerator,
            descending: false,
        },
        0,
    );
    let known: Vec<u64> = rows.iter().filter_map(|row| row.numerator).collect();
    assert!(known.is_sorted());
    assert!(
        rows[..known.len()]
            .iter()
            .all(|row| row.numerator.is_some())
    );
}

#[test]
fn thirty_five_thousand_communes_are_shown_page_by_page() {
    let (mut of, _) = shown(&base("Résidence"), "mono", Level::Commune);
    let row = of.rows[0].clone();
    of.rows = (0..35_000)
        .map(|rank| {
            let mut row = row.clone();
            row.id = format!("{rank:05}");
            row.name = row.id.clone();
            row
        })
        .collect();
    let by_name = Sort::default().pressed(Column::Name);
    let html = figures::figures(&of, by_name, 1).into_string();
    assert_eq!(
        html.matches("<th scope=\"row\">").count(),
        1 + chart::TABLE_ROWS
    );
    assert!(html.contains(">00200<") && html.contains(">00399<") && !html.contains(">00400<"));
    assert!(html.contains("data-table=\"0\"") && html.contains("data-table=\"2\""));
    let last = figures::figures(&of, by_name, 9_999).into_string();
    assert!(last.contains(">34999<") && !last.contains("Mailles suivantes"));
}

#[test]
fn the_heat_table_holds_every_share_with_its_colour_and_a_code_for_the_rest() {
    let base = base("Résidence");
    let table = Heat::of(&base, Level::Commune, 0);
    assert_eq!((table.rows.len(), table.total), (3, 3));
    let html = heat::heat(&table).into_string();
    assert!(html.contains("Données fictives"));
    let mut coloured = 0;
    for row in &table.rows {
        assert_eq!(row.cells.len(), table.indicators.len());
        for figure in row.cells.iter().flatten() {
            if let (Some(share), Some(index)) = (figure.share, figure.index) {
                let cell = format!(
                    "<td class=\"nombre ch{}\">{}</td>",
                    chart::heat_class(index),
                    charts::map_value(share)
                );
                assert!(html.contains(&cell), "{cell}");
                coloured += 1;
            }
        }
    }
    assert!(coloured > 5);
    assert!(html.contains("<span class=\"lecteur\">secret</span>"));
    // The classes are symmetric as ratios and cover everything.
    let classes = [0, 6_667, 8_333, 9_524, 10_500, 12_000, 15_000].map(chart::heat_class);
    assert_eq!(classes, collectivity::HEAT_CLASSES.map(|(class, _)| class));
    assert_eq!(chart::heat_class(u64::MAX), 3);
}

#[test]
fn the_segregation_panel_lists_its_units_and_says_when_there_is_none() {
    let base = base("Résidence");
    let (of, _) = shown(&base, "seule", Level::Commune);
    let found = panel(&base, "seule", Level::Commune);
    let html = segregation::segregation(found.as_ref(), &of).into_string();
    let group = found.unwrap().group.unwrap();
    for unit in &group.units {
        assert!(html.contains(unit.as_str()));
    }
    for (_, value) in &group.values {
        assert!(html.contains(&numbers::index_read(*value)));
    }
    // The first index is read in words; three units of three need no warning.
    assert!(html.contains("des ménages du groupe changent de maille"));
    assert!(!html.contains("À lire avant ces indices"));
    let mut few = panel(&base, "seule", Level::Commune).unwrap();
    let covered = few.group.as_mut().unwrap();
    covered.covered = crate::base::fraction::Fraction::new(92, 1_000);
    let html = segregation::segregation(Some(&few), &of).into_string();
    let (warning, rest) = html.split_once("<table>").unwrap();
    assert!(warning.contains("À lire avant ces indices") && warning.contains("9,2\u{202f}%"));
    assert!(
        !rest.contains("À lire avant ces indices"),
        "of one group alone"
    );
    covered_is_warned_under_half_only(&base, &of);
    assert!(html.contains("des répondants de l'EPCI") && html.contains("Données fictives"));
    let none = segregation::segregation(None, &of).into_string();
    assert!(none.contains("au moins deux mailles publiées"));
}

fn covered_is_warned_under_half_only(base: &Base, of: &Figures) {
    for (part, warned) in [(499, true), (500, false)] {
        let mut found = panel(base, "seule", Level::Commune).unwrap();
        found.all = None;
        found.group.as_mut().unwrap().covered = crate::base::fraction::Fraction::new(part, 1_000);
        let html = segregation::segregation(Some(&found), of).into_string();
        assert_eq!(html.contains("À lire avant ces indices"), warned, "{part}");
    }
}

#[test]
fn in_and_out_of_qpv_stand_side_by_side() {
    let base = base("Résidence");
    assert_eq!(Contrast::of(&base), None);
    let (of, _) = shown(&base, "seule", Level::Commune);
    let published = of.rows.iter().find(|row| row.share.is_some()).unwrap();
    let mut hidden = published.clone();
    (hidden.status, hidden.share, hidden.numerator) = (Status::Secret, None, None);
    let row = |inside: &chart::FigureRow| Pair {
        indicator: "seule",
        sides: [inside.clone(), published.clone()],
    };
    assert!(row(published).gap().is_some() && row(&hidden).gap().is_none());
    let both = Contrast {
        mention: "Données fictives".to_owned(),
        source: "Données fictives".to_owned(),
        rows: vec![row(published), row(&hidden)],
        absent: vec!["min", "chom"],
    };
    let html = tables::contrast(&both, &of.rules).into_string();
    assert!(html.contains("En QPV") && html.contains("masqué") && html.contains("0,0\u{202f}pt"));
    assert!(html.contains("Données fictives"));
    assert!(!html.contains("<details>"), "one side of one row is read");
    // A long table of which nothing can be read is folded.
    let silent = Pair {
        indicator: "seule",
        sides: [hidden.clone(), hidden.clone()],
    };
    let silent = Contrast {
        rows: vec![silent; 13],
        ..both.clone()
    };
    let folded = tables::contrast(&silent, &of.rules).into_string();
    // Why both are hidden is said where both are.
    let why = "se retrouverait par soustraction";
    assert!(folded.contains(why) && !html.contains(why));
    assert!(folded.contains("<details><summary>Le tableau de ces indicateurs"));
    // What is asked and not there is said.
    let absent = html.split_once("Sans valeur en QPV ni hors QPV").unwrap().1;
    assert!(absent.contains("Occupants de moins de 18") && absent.contains("Majeurs au chômage"));
}

/// Two mailles side by side: the shares of each are those of its fiche, and no gap is
/// given where one is hidden.
#[test]
fn two_mailles_are_compared() {
    let base = base("Résidence");
    let zonage = &base.zonages()[0];
    let communes: Vec<_> = zonage
        .mailles
        .iter()
        .filter(|maille| maille.level == Level::Commune)
        .collect();
    let [one, other] = [communes[0], communes[1]];
    let places = [one, other].map(|maille| (zonage.id.as_str(), maille.id.as_str()));
    let html = comparison(&base, places[0], places[1]).into_string();
    assert!(html.contains(&format!("<h4>{} et {}</h4>", one.name, other.name)));
    assert!(html.contains(&base.file().mention));
    let pairs = chart::pairs(&base, places[0], places[1]);
    let alone = [one, other].map(|maille| chart::maille(&base, &zonage.id, &maille.id));
    let (mut with, mut without) = (0, 0);
    for pair in &pairs {
        for (side, rows) in pair.sides.iter().zip(&alone) {
            let (_, row) = rows.iter().find(|(key, _)| *key == pair.indicator).unwrap();
            assert_eq!(side, row);
        }
        match pair.sides.each_ref().map(|side| side.share) {
            [Some(one), Some(other)] => {
                let gap = pair.gap().unwrap().0;
                assert!(html.contains(&numbers::points(gap)), "{gap}");
                let about = i64::from(one.0) - i64::from(other.0);
                assert!((i64::from(gap) - about).abs() <= 1, "{gap} for {about}");
                with += 1;
            }
            _ => {
                assert_eq!(pair.gap(), None);
                without += 1;
            }
        }
    }
    assert!(with > 3 && without > 0, "{with} and {without}");
    // Chosen among those that say something; the one that is chosen stays, whatever is
    // searched.
    let chosen = format!("territoire/{}", other.id);
    let places = Places::of(&base, Level::Commune);
    let this = format!("territoire/{}", one.id);
    let html = places.others("", &chosen, &one.name).into_string();
    assert_eq!(html.matches("<option").count(), 3, "{html}");
    assert!(
        html.contains(&format!("value=\"{chosen}\" selected")),
        "{html}"
    );
    let html = places.others(&this, &this, &one.name).into_string();
    assert_eq!(
        html.matches("<option").count(),
        1,
        "not with itself: {html}"
    );
    assert!(html.contains("value=\"\" selected"), "{html}");
}

#[test]
fn every_view_has_its_words_and_every_absence_its_remedy() {
    let base = base("Résidence");
    let (of, _) = shown(&base, "mono", Level::Programme);
    let html = choices::views(View::Map, |view| view == View::Evolution).into_string();
    assert_eq!(html.matches("<option").count(), View::ALL.len());
    assert!(html.contains("<option value=\"carte\" selected>Carte</option>"));
    // What waits for a file stands last, under words that say so.
    let (ready, waiting) = html.split_once("<optgroup").unwrap();
    assert!(ready.contains("carte") && waiting.contains("evolution"));
    let html = choices::views(View::Map, |_| false).into_string();
    assert!(!html.contains("optgroup"), "{html}");
    for absence in [
        Absence::NoComposition,
        Absence::NoQpv,
        Absence::NoContours,
        Absence::NoContourHere,
        Absence::NoEarlierBase,
        Absence::NothingToRead,
        Absence::NothingInQpv,
        Absence::NoReference,
        Absence::NoChange,
    ] {
        let html = choices::absence(absence, &base, &of).into_string();
        assert!(html.len() > 90, "{html}");
    }
    // Where nothing can be read: how many mailles, why, whose, what to do.
    let html = choices::absence(Absence::NothingToRead, &base, &of).into_string();
    for words in [
        "Rien n'est publiable ici",
        &format!("{}\u{a0}mailles à ce niveau (programmes)", of.rows.len()),
        "moins de 11",
        "Bailleur fictif A",
        "Choisissez «\u{a0}Communes\u{a0}»",
        "Regrouper les petits programmes",
    ] {
        assert!(html.contains(words), "{words}: {html}");
    }
    let (mut few, _) = shown(&base, "mono", Level::Commune);
    for row in &mut few.rows {
        row.status = Status::LowResponse;
    }
    let html = choices::absence(Absence::NothingToRead, &base, &few).into_string();
    assert!(
        html.contains("60,0") && !html.contains("moins de 11"),
        "{html}"
    );
    few.rows.clear();
    let html = choices::absence(Absence::NothingToRead, &base, &few).into_string();
    assert!(html.contains(charts::NO_ROW));
}

#[test]
fn a_profile_without_any_gap_says_so() {
    let words = collectivity::profile(0, 0, 5, crate::base::fraction::Gap(2_000));
    assert!(words.contains("aucun des 5 indicateurs") && !words.contains("0 indicateur"));
    let said = |above, known, all| {
        collectivity::profile(above, known, all, crate::base::fraction::Gap(2_000))
    };
    assert_eq!(
        said(0, 1, 4),
        "un seul des 4 indicateurs se compare ici à l'EPCI ; il ne le dépasse pas de 2,0\u{202f}pts ou plus. Les autres n'ont pas d'écart exact : ils ne sont pas comptés."
    );
    assert!(said(2, 7, 7).starts_with("les 7 indicateurs se comparent à l'EPCI ; 2 le dépassent"));
    assert!(said(0, 6, 7).contains("6 des 7 indicateurs") && said(0, 6, 7).contains(" L'autre"));
}

#[test]
fn indicators_are_chosen_by_theme_and_none_is_forgotten() {
    let base = base("Résidence");
    let html = choices::indicators(&base, "lt40").into_string();
    let keys = chart::indicators(&base);
    assert_eq!(html.matches("<option").count(), keys.len());
    assert!(html.contains("<optgroup label=\"Ressources (revenus modestes, revenus élevés)\">"));
    assert!(html.contains("<option value=\"lt40\" selected>"));
}

#[test]
fn the_key_figures_print_numerator_and_denominator() {
    let html = territory(&base("Résidence")).into_string();
    assert!(html.contains("Personnes seules") && html.contains("Familles monoparentales"));
    assert!(html.contains(" sur ") && html.contains("Données fictives"));
}

#[test]
fn a_crossing_shows_its_counts_and_their_shares_of_the_households_of_a_row() {
    let def = crate::indicator::table("situation_familiale_x_taille_menage").unwrap();
    let mut counts = vec![Some(20); def.width()];
    counts[6] = None;
    let file = crate::partial::LineFile {
        maille: "epci".to_owned(),
        population: crate::partial::Absent::Present(Some(700)),
        dwellings: crate::partial::Absent::Absent,
        respondents: Some(480),
        counts,
    };
    let rules = shown(&base("Résidence"), "seule", Level::Commune).0.rules;
    let html = |answered: u64| {
        let line = crate::base::BaseLine {
            maille: 0,
            line: &file,
            response: crate::base::fraction::Fraction::new(answered, 700),
        };
        // The households of a row are those of its table; the last but one is hidden, and
        // the last leaves fewer than eleven others beside one cell.
        let margins = [Some(100), Some(125), Some(125), None, Some(30)];
        crossing::shown(def, &line, &margins, ("Rive", "Données fictives"), &rules).into_string()
    };
    let answered = html(480);
    assert!(answered.contains("– Rive") && answered.contains("480 (taux de réponse 68,6"));
    // A cell is hidden, and the households of a row.
    assert_eq!(answered.matches("class=\"masque\"").count(), 2);
    let share = |percent: &str| {
        format!("<td class=\"nombre\">20<span class=\"sous\">{percent}\u{202f}%</span></td>")
    };
    assert_eq!(answered.matches(&share("20,0")).count(), 5);
    assert_eq!(
        answered.matches(&share("16,0")).count(),
        9,
        "of 125, beside a hidden cell too"
    );
    assert_eq!(answered.matches("class=\"sous\"").count(), 14);
    for whole in ["100", "125", "30"] {
        let cell = format!("<td class=\"nombre\">{whole}</td>");
        assert!(answered.contains(&cell), "{whole}");
    }
    // Under 60 % of answers, counts stay and no share is given.
    let unanswered = html(300);
    assert!(!unanswered.contains("class=\"sous\"") && unanswered.contains("réponse insuffisante"));
    let base = base("Résidence");
    assert_eq!(crossing::crossing(&base, "apl", "epci").into_string(), "");
    let held = crossing::held(&base);
    let choices = crossing::choices(&base, "").into_string();
    assert_eq!(choices.matches("<option").count(), held.len());
}
