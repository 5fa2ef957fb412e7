use plotters::prelude::RGBColor;

use super::stack::Part;
use super::*;
use crate::base::fraction::Gap;
use crate::base::{Base, Status, sample};
use crate::campaign::Campaign;
use crate::partial::sample::dwellings;
use crate::table::Level;

/// Two fictitious landlords; one answers the question on the APL too little in
/// some communes, so that every status is drawn.
fn base() -> Base {
    let campaign = Campaign::example();
    let landlords = [("exemple-a", 21, 1500), ("exemple-b", 22, 700)];
    let landlords = landlords.map(|(landlord, seed, count)| {
        let mut rows = dwellings(seed, count, 9);
        for (at, row) in rows.iter_mut().enumerate() {
            if row.commune < 2 && at % 3 == 0 {
                row.household.apl = None;
            }
            if row.commune == 3 {
                row.household.apl = row.household.apl.map(|_| at % 50 == 0);
            }
        }
        (landlord, rows)
    });
    sample::base(&campaign, landlords)
}

fn figures(indicator: &str, level: Level) -> Figures {
    Figures::of(&base(), indicator, level).unwrap()
}

/// Compares with a file of `tests/data/chart`; `OPS_MIXITE_GOLDEN=1` rewrites it.
fn golden(name: &str, svg: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/chart")
        .join(name);
    if std::env::var_os("OPS_MIXITE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, svg).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap();
    assert!(
        svg == expected,
        "{name} is drawn differently; look at it, then set OPS_MIXITE_GOLDEN=1"
    );
}

#[test]
fn rows_are_sorted_and_hidden_ones_come_last() {
    let figures = figures("apl", Level::Commune);
    assert_eq!(figures.rows.len(), 9);
    let statuses: Vec<Status> = figures.rows.iter().map(|r| r.status).collect();
    let published = statuses.iter().filter(|s| **s == Status::Published).count();
    assert!(
        statuses[..published]
            .iter()
            .all(|s| *s == Status::Published)
    );
    assert!(statuses.contains(&Status::LowResponse) && statuses.contains(&Status::Secret));
    assert_eq!(statuses.last(), Some(&Status::Secret));
    let shares: Vec<_> = figures.rows[..published].iter().map(|r| r.share).collect();
    assert!(shares.is_sorted_by(|a, b| a >= b));
    let epci = figures.epci.as_ref().unwrap();
    assert!(epci.share.is_some() && epci.commune.is_none());
    assert!(Figures::of(&base(), "inconnu", Level::Commune).is_none());
}

/// A row that is known between these shares alone, of a whole known exactly.
fn bound(row: &mut FigureRow, (low, high): (u64, u64), whole: u64) {
    let rate = |part: u64| crate::campaign::Rate(u32::try_from(part * 100_000 / whole).unwrap());
    row.status = Status::Bounded;
    (row.share, row.numerator, row.denominator, row.gap) = (None, None, Some(whole), None);
    row.numerator_bounds = Some((low, high));
    row.denominator_bounds = Some((whole, whole));
    row.bounds = Some((rate(low), rate(high)));
}

/// A row that is known exactly.
fn publish(row: &mut FigureRow, part: u64, whole: u64) {
    bound(row, (part, part), whole);
    row.status = Status::Published;
    (row.share, row.numerator) = (row.bounds.map(|(low, _)| low), Some(part));
    (row.bounds, row.numerator_bounds, row.denominator_bounds) = (None, None, None);
}

/// Seven communes of every kind, as they stand by name: 30 %, 10 to 12 %, 20 %,
/// 18 to 28 %, hidden, too few answers, 5 %.
fn mixed() -> Figures {
    let mut of = figures("mono", Level::Commune);
    of.rows.truncate(7);
    for (row, name) in of.rows.iter_mut().zip(["A", "B", "C", "D", "E", "F", "G"]) {
        name.clone_into(&mut row.name);
        (row.id, row.commune) = (row.name.clone(), None);
    }
    let hide = |row: &mut FigureRow, status: Status| {
        publish(row, 50, 100);
        row.status = status;
        (row.share, row.numerator) = (None, None);
    };
    publish(&mut of.rows[0], 300, 1_000);
    bound(&mut of.rows[1], (100, 120), 1_000);
    publish(&mut of.rows[2], 200, 1_000);
    bound(&mut of.rows[3], (180, 280), 1_000);
    hide(&mut of.rows[4], Status::Secret);
    hide(&mut of.rows[5], Status::LowResponse);
    publish(&mut of.rows[6], 50, 1_000);
    of
}

#[test]
fn bounds_are_ranked_by_their_middle_and_what_is_not_known_is_last() {
    let of = mixed();
    let names = |by: Column, descending: bool| -> String {
        let (rows, ..) = of.table(Sort { by, descending }, 0);
        rows.iter().map(|row| row.name.as_str()).collect()
    };
    // 30, 18 to 28 (23), 20, 10 to 12 (11), 5; E and F have no share.
    for by in [Column::Share, Column::Numerator] {
        assert_eq!(names(by, false), "GBCDAEF", "{by:?}");
    }
    assert_eq!(names(Column::Numerator, true), "ADCBGEF");
    // The rows of a base stand so from the beginning.
    let mut ranked: Vec<&FigureRow> = of.rows.iter().collect();
    crate::order::sort_by(&mut ranked, |a, b| figures::ranked(a, b));
    let ranked: String = ranked.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(ranked, "ADCBGFE", "too few answers, then hidden");
    // Equal middles: the exact one, then by name, in both directions.
    let mut of = mixed();
    bound(&mut of.rows[0], (180, 220), 1_000);
    bound(&mut of.rows[3], (190, 210), 1_000);
    let names = |descending: bool| -> String {
        let by = Column::Numerator;
        let (rows, ..) = of.table(Sort { by, descending }, 0);
        rows[..5].iter().map(|row| row.name.as_str()).collect()
    };
    assert_eq!(
        (names(true), names(false)),
        ("ACDBG".into(), "GBACD".into())
    );
}

#[test]
fn a_rank_is_not_sure_where_bounds_meet_another_maille() {
    let mut of = mixed();
    // D (18 to 28) holds the 20 of C; B (10 to 12) meets nobody.
    assert_eq!(of.unsure(), 1);
    bound(&mut of.rows[1], (100, 180), 1_000);
    assert_eq!(of.unsure(), 2, "B and D meet at 18");
    crate::order::sort_by(&mut of.rows, figures::ranked);
    let chart = ranking(of.page(0));
    let words = "Le rang de 2 mailles n'est pas sûr";
    assert!(chart.alternative().contains(words));
    assert!(
        chart
            .svg(1_200)
            .contains("Le rang de 2 mailles n&apos;est pas sûr")
    );
    bound(&mut of.rows[1], (310, 320), 1_000);
    publish(&mut of.rows[3], 100, 1_000);
    assert_eq!(of.unsure(), 0);
    assert!(!ranking(of.page(0)).alternative().contains("pas sûr"));
}

#[test]
fn a_gap_between_bounds_is_in_points_and_rounded_outward() {
    let mut of = mixed();
    crate::order::sort_by(&mut of.rows, figures::ranked);
    let mut epci = of.rows[0].clone();
    publish(&mut epci, 220, 999);
    for row in &mut of.rows {
        row.gap = None;
        row.beside(Some(&epci));
    }
    // 18 to 28 % against 22.022022… %.
    let d = &of.rows[1];
    assert_eq!(d.gap_bounds, Some((Gap(-4_023), Gap(5_978))));
    assert_eq!(d.gap_words().unwrap(), "entre −4,1 et +6,0\u{202f}pts");
    assert_eq!(
        of.rows[3].gap_words().unwrap(),
        "entre −12,1 et −10,0\u{202f}pts"
    );
    assert_eq!(of.rows[6].gap_words(), None, "hidden");
    // An EPCI that is not exact gives no exact gap.
    bound(&mut epci, (200, 240), 1_000);
    of.rows[0].beside(Some(&epci));
    assert_eq!(of.rows[0].gap_bounds, Some((Gap(6_000), Gap(10_000))));
    let chart = gaps(of.page(0));
    for text in [chart.svg(1_200), chart.alternative()] {
        assert!(text.contains("entre −4,1 et +6,0\u{202f}pts"), "{text}");
    }
    assert!(
        !chart.svg(1_200).contains("entre 18,0"),
        "no share on this axis"
    );
    assert!(chart.svg(360).contains("−4,1 à +6,0\u{202f}pts"));
}

#[test]
fn what_cannot_be_read_is_counted_and_not_drawn() {
    let mut of = mixed();
    crate::order::sort_by(&mut of.rows, figures::ranked);
    assert_eq!(of.readable(), 5);
    let page = of.page(0);
    assert_eq!((page.rows.len(), page.total), (5, 5));
    let text = ranking(page).alternative();
    assert!(
        text.contains("« secret »\u{a0}: 1\u{a0}maille non dessinée (E)"),
        "{text}"
    );
    assert!(text.contains("« réponse insuffisante »\u{a0}: 1\u{a0}maille non dessinée (F)"));
    let base = base();
    let mut from = Materials {
        base: &base,
        before: None,
        contours: None,
        figures: &of,
        page: 0,
    };
    assert!(Picture::of(View::Ranking, from).is_ok());
    let mut none = of.clone();
    none.rows.drain(..5);
    let contours = contours(&base);
    (from.figures, from.contours) = (&none, Some(&contours));
    for view in [View::Ranking, View::Gaps, View::Map] {
        assert_eq!(Picture::of(view, from).err(), Some(Absence::NothingToRead));
    }
    // Without an EPCI there is no gap, though shares can be read.
    let mut alone = of.clone();
    alone.epci = None;
    from.figures = &alone;
    assert_eq!(
        Picture::of(View::Gaps, from).err(),
        Some(Absence::NoReference)
    );
}

#[test]
fn a_composition_draws_what_can_be_read_in_part() {
    let mut of = Composition::of(&base(), "situation_familiale", Level::Commune).unwrap();
    let hidden = of.rows.len() - of.readable();
    of.rows.truncate(of.readable());
    let mut silent = of.rows[0].clone();
    silent.counts.fill(None);
    "Muette".clone_into(&mut silent.name);
    let mut partial = of.rows[0].clone();
    partial.counts[1..].fill(None);
    assert_eq!(
        (silent.status_word(), partial.status_word()),
        ("secret", "partielle")
    );
    // A published count beside hidden respondents is no secret, though not drawn.
    let mut alone = partial.clone();
    alone.respondents = None;
    assert_eq!(
        (alone.is_readable(), alone.status_word()),
        (false, "partielle")
    );
    assert!(hidden < 9, "the sample has something to read");
    of.rows.push(silent);
    assert_eq!(of.listed(0).len(), of.rows.len(), "the table lists it");
    let text = stacked(of, 0).alternative();
    assert!(
        text.contains("1\u{a0}maille non dessinée (Muette)"),
        "{text}"
    );
}

#[test]
fn long_lists_are_paged_and_say_so() {
    let mut figures = figures("mono", Level::Programme);
    assert_eq!(figures.rows.len(), 2 * 36);
    for row in &mut figures.rows {
        publish(row, 12, 40);
    }
    let (first, last) = (figures.page(0), figures.page(9));
    assert_eq!((first.rows.len(), last.rows.len()), (MAX_BARS, 32));
    assert_eq!((first.first, last.first), (1, 41));
    assert!(
        ranking(first)
            .alternative()
            .contains("les 40 premières mailles sur 72")
    );
    assert!(
        ranking(last)
            .alternative()
            .contains("mailles 41 à 72 sur 72")
    );
    assert!(
        figures.rows[0].label().ends_with(')'),
        "a programme names its commune"
    );
}

#[test]
fn drawings_are_those_looked_at() {
    let apl = figures("apl", Level::Commune).page(0);
    golden("apl-communes.svg", &ranking(apl.clone()).svg(800));
    golden("apl-ecarts.svg", &gaps(apl.clone()).svg(800));
    golden("apl-telephone.svg", &ranking(apl).svg(360));
    let composition = Composition::of(&base(), "situation_familiale", Level::Commune).unwrap();
    golden(
        "situation-communes.svg",
        &stacked(composition.clone(), 0).svg(800),
    );
    golden(
        "situation-masquee.svg",
        &stacked(masked(composition), 0).svg(800),
    );
}

/// Some modalités of the first three communes are hidden besides.
fn masked(mut composition: Composition) -> Composition {
    for (row, hidden) in composition
        .rows
        .iter_mut()
        .zip([&[1, 3][..], &[0, 1], &[3, 4]])
    {
        for rank in hidden {
            row.counts[*rank] = None;
        }
    }
    composition
}

#[test]
fn what_is_masked_keeps_the_other_modalites_in_their_place() {
    let mut whole = Composition::of(&base(), "situation_familiale", Level::Commune).unwrap();
    let epci = whole.epci.clone().unwrap();
    for row in &mut whole.rows {
        (row.counts, row.respondents) = (epci.counts.clone(), epci.respondents);
    }
    let of = masked(whole.clone());
    // Where each modalité begins and ends on the bar.
    let places = |row: &StackedRow| {
        let mut at = 0;
        let mut found = Vec::new();
        for (part, count) in row.parts() {
            found.push((part, at, at + count));
            at += count;
        }
        assert_eq!(Some(at), row.respondents, "a bar is whole");
        found
    };
    let (whole, of) = (whole.rows.iter(), of.rows.iter());
    let mut together = 0;
    for (row, masked) in whole.zip(of) {
        let last_hidden = masked.counts.iter().rposition(Option::is_none);
        let first_hidden = masked.counts.iter().position(Option::is_none);
        let (full, parts) = (places(row), places(masked));
        for (part, from, to) in &full {
            let Part::Modality(rank) = *part else {
                panic!("nothing is hidden")
            };
            let sure = first_hidden.is_none_or(|first| rank < first)
                || last_hidden.is_none_or(|last| rank > last);
            if sure {
                assert!(parts.contains(&(Part::Modality(rank), *from, *to)));
            }
        }
        let kept: Vec<Part> = parts.iter().map(|(part, ..)| *part).collect();
        if let Some(first) = first_hidden {
            assert_eq!(kept[first], Part::Masked, "in the place of the first");
            together += 1;
        }
        let ranks = kept.iter().filter(|part| **part != Part::Masked);
        assert!(ranks.is_sorted_by_key(|part| match part {
            Part::Modality(rank) => *rank,
            Part::Masked => usize::MAX,
        }));
    }
    assert_eq!(together, 3);
}

/// Eight communes on a grid, one with a hole, one in two pieces; the last
/// has no contour.
fn contours(base: &Base) -> crate::contours::Contours {
    let mailles = base.zonages()[0].mailles.iter();
    let codes = mailles.filter(|m| m.level == Level::Commune).take(8);
    let box_at = |x: f64, y: f64, (wide, high): (f64, f64)| {
        vec![
            [x, y],
            [x + wide, y],
            [x + wide, y + high],
            [x, y + high],
            [x, y],
        ]
    };
    let shapes = codes.enumerate().map(|(rank, maille)| {
        let (x, y) = (
            4.0 + (rank % 3) as f64 * 0.1,
            46.0 + (rank / 3) as f64 * 0.07,
        );
        let mut surfaces = vec![vec![box_at(x, y, (0.1, 0.07))]];
        if rank == 4 {
            surfaces[0].push(box_at(x + 0.04, y + 0.05, (0.02, 0.01)));
        }
        if rank == 7 {
            surfaces.push(vec![box_at(4.25, 46.16, (0.03, 0.02))]);
        }
        crate::contours::Shape {
            code: maille.id.clone(),
            surfaces,
        }
    });
    crate::contours::Contours {
        shapes: shapes.collect(),
    }
}

#[test]
fn a_map_shows_each_maille_by_its_class_and_names_those_it_cannot() {
    let base = base();
    let figures = figures("apl", Level::Commune);
    let map = Map::of(figures.clone(), &contours(&base)).unwrap();
    let svg = map.svg(800);
    golden("apl-carte.svg", &svg);
    golden("apl-carte-telephone.svg", &map.svg(360));
    for text in [&svg, &map.alternative()] {
        for words in [
            "Données fictives",
            "secret",
            "réponse insuffisante",
            "sans contour",
        ] {
            assert!(text.contains(words), "{words}");
        }
    }
    // Degrees shrink eastwards: a map in metres is wider.
    let mut metres = contours(&base);
    for point in metres
        .shapes
        .iter_mut()
        .flat_map(|s| &mut s.surfaces)
        .flatten()
        .flatten()
    {
        *point = [point[0] * 1e5, point[1] * 1e5];
    }
    let look = Look::svg(360);
    let flat = Map::of(figures.clone(), &metres).unwrap();
    assert!(flat.height(look) < map.height(look));
    assert!(Map::of(figures.clone(), &Default::default()).is_none());
    let elsewhere = Figures::of(&base, "apl", Level::Programme).unwrap();
    assert!(Map::of(elsewhere, &contours(&base)).is_none());
}

#[test]
fn a_map_of_points_or_of_lines_is_drawn_without_a_fault() {
    let base = base();
    for side in [0.0, 1e-300, 1e8] {
        let mut hostile = contours(&base);
        for point in hostile
            .shapes
            .iter_mut()
            .flat_map(|s| &mut s.surfaces)
            .flatten()
            .flatten()
        {
            *point = [side, point[1] * side];
        }
        let map = Map::of(figures("apl", Level::Commune), &hostile).unwrap();
        assert!(map.svg(300).contains("Données fictives"), "{side}");
    }
}

#[test]
fn in_and_out_of_qpv_are_drawn_beside_one_another() {
    let base = base();
    let rows: Vec<Pair> = ["seule", "mono", "apl", "chom_actifs"]
        .into_iter()
        .map(|key| {
            let of = Figures::of(&base, key, Level::Commune).unwrap();
            Pair {
                indicator: of.indicator,
                sides: [of.rows.last().unwrap().clone(), of.rows[0].clone()],
            }
        })
        .collect();
    let contrast = Contrast {
        mention: base.file().mention.clone(),
        source: "Données fictives".to_owned(),
        rows,
        absent: Vec::new(),
    };
    golden("qpv.svg", &contrast.svg(800));
    golden("qpv-telephone.svg", &contrast.svg(360));
    assert!(contrast.alternative().contains("hors QPV"));
    // An indicator that neither side has is named, and not drawn.
    let mut hidden = contrast.clone();
    let row = &mut hidden.rows[0];
    for side in &mut row.sides {
        side.status = Status::Secret;
        (side.share, side.bounds) = (None, None);
    }
    assert_eq!(hidden.readable().count(), contrast.readable().count() - 1);
    let text = hidden.alternative();
    assert!(text.contains("rien n'étant publiable ni en QPV ni hors QPV\u{a0}: Personnes seules."));
    assert!(!text.contains("Personnes seules\u{a0}: en QPV"), "{text}");
}

#[test]
fn an_evolution_is_drawn_as_changes_in_points() {
    let now = base();
    let mut data = figures("apl", Level::Commune).page(0);
    data.epci = None;
    data.rows.retain(|row| row.gap.is_some());
    golden(
        "apl-evolution.svg",
        &changes(data, "1er janvier 2022").svg(800),
    );
    let evolution = Evolution::of(&now, &now, "apl", Level::Commune).unwrap();
    let published = figures("apl", Level::Commune);
    let published = published
        .rows
        .iter()
        .filter(|row| row.share.is_some())
        .count();
    let still = evolution.rows.iter().filter_map(|row| row.points);
    assert!(still.clone().all(|gap| gap.0 == 0));
    assert_eq!(still.count(), published);
}

#[test]
fn every_view_is_a_picture_or_says_what_it_lacks() {
    let base = base();
    let figures = figures("apl", Level::Commune);
    let contours = contours(&base);
    let mut from = Materials {
        base: &base,
        before: None,
        contours: None,
        figures: &figures,
        page: 0,
    };
    let lacks = |view, from| Picture::of(view, from).err();
    assert_eq!(lacks(View::Ranking, from), None);
    assert_eq!(lacks(View::Gaps, from), None);
    assert_eq!(lacks(View::Composition, from), None);
    assert_eq!(lacks(View::Contrast, from), Some(Absence::NoQpv));
    assert_eq!(lacks(View::Map, from), Some(Absence::NoContours));
    assert_eq!(lacks(View::Evolution, from), Some(Absence::NoEarlierBase));
    (from.before, from.contours) = (Some(&base), Some(&contours));
    assert_eq!(lacks(View::Map, from), None);
    assert_eq!(lacks(View::Evolution, from), None);
    let crossing = Figures::of(&base, "enf3", Level::Commune).unwrap();
    from.figures = &crossing;
    assert_eq!(lacks(View::Composition, from), Some(Absence::NoComposition));
}

#[test]
fn the_index_is_100_times_the_share_over_that_of_the_epci() {
    let figures = figures("mono", Level::Commune);
    assert_eq!(figures.epci.as_ref().unwrap().index, Some(10_000));
    let all = figures.epci.as_ref().unwrap();
    let all = all.numerator.unwrap() as f64 / all.denominator.unwrap() as f64;
    for row in figures.rows.iter().filter(|row| row.share.is_some()) {
        let here = row.numerator.unwrap() as f64 / row.denominator.unwrap() as f64;
        let index = row.index.unwrap() as f64;
        assert!((index - 10_000.0 * here / all).abs() <= 0.5 + 1e-6);
        assert_eq!(index > 10_000.0, row.gap.unwrap().0 > 0);
    }
}

#[test]
fn every_chart_carries_the_mention_the_definition_and_words_for_what_is_hidden() {
    let data = figures("apl", Level::Commune).page(0);
    for (svg, alternative) in [
        (
            ranking(data.clone()).svg(800),
            ranking(data.clone()).alternative(),
        ),
        (gaps(data.clone()).svg(800), gaps(data).alternative()),
    ] {
        for text in [&svg, &alternative] {
            assert!(text.contains("Données fictives"));
            assert!(text.contains("secret"));
            assert!(text.contains("réponse insuffisante"));
            assert!(text.contains("EPCI\u{a0}: "));
        }
        assert!(svg.contains("ménages bénéficiaires de l&apos;APL"));
    }
}

#[test]
fn a_base_without_the_table_draws_no_bar_and_says_why() {
    let figures = figures("dpe", Level::Commune);
    assert!(figures.rows.is_empty() && figures.epci.is_none());
    let chart = ranking(figures.page(0));
    assert!(chart.alternative().contains("Aucune maille"));
    assert!(chart.svg(800).contains("Aucune maille"));
    assert!(Composition::of(&base(), "dpe", Level::Commune).is_none());
    assert_eq!(levels(&base()), [Level::Commune, Level::Programme]);
    assert!(indicators(&base()).contains(&"apl") && !indicators(&base()).contains(&"dpe"));
}

#[test]
fn twice_the_pixels_draw_the_same_at_twice_the_size() {
    let chart = ranking(figures("apl", Level::Commune).page(0));
    let (once, twice) = (Look::canvas(800, 1.0), Look::canvas(800, 2.0));
    let height = chart.height(once);
    assert_eq!(chart.height(twice), height);
    assert_eq!(twice.bitmap(height), (1600, 2 * height));
    let draw = |look: Look| {
        let mut text = String::new();
        {
            let area = SVGBackend::with_string(&mut text, look.bitmap(height)).into_drawing_area();
            chart.draw(&area, look).unwrap();
        }
        text
    };
    // The first text is the title, at the margin.
    let title = |svg: &str| {
        let at = svg.find("<text").unwrap();
        svg[at..].split('"').nth(1).unwrap().parse::<i32>().unwrap()
    };
    assert_eq!(title(&draw(twice)), 2 * title(&draw(once)));
}

#[test]
fn names_cannot_break_the_document() {
    let campaign = Campaign::example();
    let mut file = sample::file(&campaign, "exemple-a", &dwellings(5, 600, 2));
    file.zonages[0].mailles[1].name = "<script>\u{1}&\"'".repeat(9);
    let base = sample::of_files(&campaign, [file]);
    let figures = Figures::of(&base, "mono", Level::Commune).unwrap();
    let svg = ranking(figures.page(0)).svg(300);
    assert!(!svg.contains("<script") && !svg.contains('\u{1}'));
    assert!(svg.contains("&lt;script"));
}

/// Every text of a drawing with where it ends, as roughly as the pen places it.
fn ends(svg: &str) -> Vec<(String, f64)> {
    let attribute = |tag: &str, name: &str| -> Option<String> {
        let from = tag.find(&format!(" {name}=\""))? + name.len() + 3;
        Some(tag[from..].split('"').next()?.to_owned())
    };
    svg.split("<text")
        .skip(1)
        .filter_map(|text| {
            let (tag, rest) = text.split_once('>')?;
            let words = rest.split('<').next()?.trim().to_owned();
            let x: f64 = attribute(tag, "x")?.parse().ok()?;
            // Look::svg multiplies what the backend then divides.
            let size: f64 = attribute(tag, "font-size")?.parse().ok()?;
            let width = pen::about(&words, size);
            let end = match attribute(tag, "text-anchor")?.as_str() {
                "end" => x,
                "middle" => x + width / 2.0,
                _ => x + width,
            };
            Some((words, end))
        })
        .collect()
}

#[test]
fn no_word_leaves_the_drawing_however_long_its_bounds() {
    let mut data = figures("mono", Level::Commune).page(0);
    // The longest bar is that of bounds, whose words are the longest too.
    for row in &mut data.rows[..2] {
        row.status = Status::Bounded;
        (row.share, row.numerator) = (None, None);
        row.bounds = Some((crate::campaign::Rate(91_700), crate::campaign::Rate(99_900)));
    }
    for width in [300, 360, 800, 1200] {
        for svg in [
            ranking(data.clone()).svg(width),
            gaps(data.clone()).svg(width),
        ] {
            let ends = ends(&svg);
            assert!(ends.len() > 10);
            for (words, end) in ends {
                assert!(
                    end <= f64::from(width),
                    "{width}: « {words} » ends at {end}"
                );
            }
        }
    }
    let wide = ranking(data.clone()).svg(800);
    assert!(wide.contains("entre 91,7") && wide.contains(" sur "));
    let narrow = ranking(data).svg(360);
    assert!(narrow.contains("91,7–99,9") && !narrow.contains("entre 91,7"));
}

#[test]
fn a_long_name_is_whole_above_its_bar_or_on_two_lines_beside_it() {
    let mut data = figures("mono", Level::Commune).page(0);
    data.rows[0].name = "La Verrerie 10 (Sanvignes-les-Mines)".to_owned();
    let names = |svg: &str| -> Vec<String> {
        let ends = ends(svg).into_iter().map(|(words, _)| words);
        ends.filter(|words| words.contains("Verr") || words.contains("Sanv"))
            .collect()
    };
    for chart in [ranking(data.clone()), gaps(data.clone())] {
        assert_eq!(names(&chart.svg(360)), [data.rows[0].name.clone()]);
        let beside = names(&chart.svg(800)).join(" ");
        assert_eq!(beside, data.rows[0].name);
    }
    data.rows[0].name = "Verrerie ".repeat(20);
    let cut = names(&ranking(data).svg(800));
    assert!(cut.len() == 2 && cut[1].ends_with('…'), "{cut:?}");
}

#[test]
fn words_on_a_map_stand_inside_their_surface() {
    let square = |x: f64, y: f64, side: f64| {
        vec![(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
    };
    // In the middle where they fit there, whatever is wider elsewhere.
    let triangle = vec![(50.0, 0.0), (100.0, 100.0), (0.0, 100.0)];
    let at = surface::room(std::slice::from_ref(&triangle), (30.0, 20.0));
    assert_eq!(at, Some((50.0, 50.0)));
    let (x, y) = surface::room(std::slice::from_ref(&triangle), (70.0, 20.0)).unwrap();
    assert!(x == 50.0 && y > 70.0 && y <= 90.0, "{y}");
    assert_eq!(surface::room(&[triangle], (90.0, 20.0)), None);
    // Not over a hole, nor where the surface is too low.
    let holed = [square(0.0, 0.0, 100.0), square(30.0, 30.0, 40.0)];
    let (x, y) = surface::room(&holed, (80.0, 20.0)).unwrap();
    assert!(x == 50.0 && (y <= 20.0 || y >= 80.0), "{y}");
    assert_eq!(surface::room(&[square(0.0, 0.0, 10.0)], (5.0, 12.0)), None);
    assert_eq!(surface::room(&[], (5.0, 12.0)), None);
}

#[test]
fn a_composition_begins_with_the_epci() {
    let composition = Composition::of(&base(), "situation_familiale", Level::Commune).unwrap();
    assert_eq!(composition.rows.len(), 9);
    let epci = composition.epci.clone().unwrap();
    assert_eq!(epci.id, "epci");
    let text = stacked(composition, 0).alternative();
    assert!(text.contains(&format!("{}\u{a0}: ", epci.name)));
}

/// WCAG 2.1: contrast of two colours, from 1 to 21.
fn contrast(a: RGBColor, b: RGBColor) -> f64 {
    let luminance = |RGBColor(r, g, b): RGBColor| {
        let linear = |v: u8| match f64::from(v) / 255.0 {
            low if low <= 0.04045 => low / 12.92,
            high => ((high + 0.055) / 1.055).powf(2.4),
        };
        0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn what_is_written_on_a_colour_or_on_paper_is_read() {
    let ours = stack::PALETTE.iter().chain(&map::CLASSES);
    for colour in ours {
        let seen = contrast(*colour, stack::ink_on(*colour));
        assert!(seen >= 4.5, "{colour:?} {seen:.2}");
    }
    for ink in [pen::INK, pen::GREY] {
        assert!(contrast(ink, pen::PAPER) >= 7.0, "{ink:?}");
    }
    // What tells apart by colour alone would need 3:1: bars and gaps do.
    for bar in [pen::BLUE, pen::VERMILION] {
        assert!(contrast(bar, pen::PAPER) >= 3.0, "{bar:?}");
    }
}
