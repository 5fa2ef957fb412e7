use super::fraction::{Fraction, Gap};
use super::sample::{merged, of_files, protected};
use super::*;
use crate::campaign::{BearsOn, Rate};
use crate::dwelling::Dwelling;
use crate::example::Landlord;
use crate::indicator::{self, shares::share};
use crate::partial::sample::{self, checked, dwellings};
use crate::partial::{CampaignRef, PartialFile};
use crate::table::{Level, RawTables};

const LANDLORDS: [&str; 2] = ["exemple-a", "exemple-b"];

fn raw(campaign: &Campaign) -> [RawTables; 2] {
    let rows = |seed, count| dwellings(seed, count, 5);
    [
        sample::raw(campaign, LANDLORDS[0], &rows(11, 1400)),
        sample::raw(campaign, LANDLORDS[1], &rows(12, 900)),
    ]
}

fn files(campaign: &Campaign) -> Vec<PartialFile> {
    raw(campaign)
        .iter()
        .zip(LANDLORDS)
        .map(|(raw, landlord)| sample::file(campaign, landlord, raw))
        .collect()
}

fn base(campaign: &Campaign) -> Base {
    of_files(campaign, files(campaign))
}

fn result<'a>(base: &'a Base, indicator: &str, maille: &str) -> &'a ResultFile {
    base.file()
        .results
        .iter()
        .find(|r| r.indicator == indicator && r.maille == maille)
        .unwrap()
}

#[test]
fn every_published_share_is_the_exact_sum_of_what_the_landlords_hold() {
    let campaign = Campaign::example();
    let (raw, base) = (raw(&campaign), base(&campaign));
    let mut published = 0;
    for result in &base.file().results {
        if result.status != Status::Published {
            continue;
        }
        published += 1;
        let share = share(&result.indicator).unwrap();
        let (mut part, mut whole, mut answered, mut asked) = (0, 0, 0, 0);
        for tables in &raw {
            let Some(at) = tables
                .zonage
                .mailles
                .iter()
                .position(|m| m.id == result.maille)
            else {
                continue;
            };
            let find = |id: &str| tables.tables.iter().find(|t| t.def.id == id).unwrap();
            let line = &find(share.table().id).lines[at];
            let sum = |cells: Vec<usize>| cells.iter().map(|c| line.counts[*c]).sum::<u32>();
            part += sum(share.numerator_cells());
            whole += share.denominator_cells().map_or(line.respondents, sum);
            if share.table().unit.is_person() {
                answered += line.population;
                asked += find("apl").lines[at].population;
            } else {
                answered += line.respondents;
                asked += line.population;
            }
        }
        assert_eq!(result.numerator, Some(part.into()));
        assert_eq!(result.denominator, Some(whole.into()));
        let exact = Fraction::new(part.into(), whole.into()).unwrap();
        assert_eq!(result.share, Some(exact.rounded()));
        let rate = Fraction::new(answered.into(), asked.into()).unwrap();
        assert_eq!(result.response, Some(rate.rounded()));
        assert!(rate.rounded() >= Rate(60_000));
        assert!(part >= 11 && whole - part >= 11);
    }
    assert!(published > 100, "{published}");
}

#[test]
fn results_follow_mailles_then_indicators_and_the_epci_is_the_reference() {
    let campaign = Campaign::example();
    let base = base(&campaign);
    let first: Vec<&str> = base
        .file()
        .results
        .iter()
        .take_while(|r| r.maille == "epci")
        .map(|r| r.indicator.as_str())
        .collect();
    assert_eq!(
        first,
        [
            "seule",
            "mono",
            "enf3",
            "lt20",
            "lt40",
            "lt60",
            "gt100",
            "gt120",
            "age30",
            "age65",
            "age75",
            "stable",
            "precaire",
            "chom",
            "sansemploi",
            "chom_actifs",
            "apl",
            "vac",
            "tiers"
        ],
        "only those whose table exists"
    );
    // A crossing stops at the communes.
    let enf3 = |r: &&ResultFile| r.indicator == "enf3";
    assert_eq!(base.file().results.iter().filter(enf3).count(), 1 + 5);
    let epci = result(&base, "mono", "epci");
    assert_eq!(epci.gap, Some(Gap(0)));
    assert_eq!(epci.landlords, LANDLORDS);
    let commune = base.zonages()[0].mailles[1].id.clone();
    let here = result(&base, "mono", &commune);
    let exact =
        |r: &ResultFile| Fraction::new(r.numerator.unwrap(), r.denominator.unwrap()).unwrap();
    assert_eq!(here.gap, Some(exact(here).gap(exact(epci))));
    let programme = base.zonages()[0]
        .mailles
        .iter()
        .find(|m| m.level == Level::Programme)
        .unwrap();
    assert_eq!(
        result(&base, "mono", &programme.id).landlords,
        ["exemple-a"]
    );
}

#[test]
fn a_table_that_one_landlord_lacks_is_secret_where_he_is_present() {
    let campaign = Campaign::example();
    let mut files = files(&campaign);
    files[1].tables.retain(|t| t.id != "apl");
    let base = of_files(&campaign, files);
    let epci = result(&base, "apl", "epci");
    assert_eq!(epci.status, Status::Secret);
    assert_eq!((epci.numerator, epci.denominator), (None, None));
    assert_eq!((epci.share, epci.gap, epci.response), (None, None, None));
    // On the programmes of the other alone, his own counts stand; there is no
    // gap to an EPCI that is not known.
    let alone = base
        .file()
        .results
        .iter()
        .find(|r| r.indicator == "apl" && r.status == Status::Published)
        .unwrap();
    assert_eq!(alone.landlords, ["exemple-a"]);
    assert_eq!(alone.gap, None);
    // And the file can still be read.
    assert_eq!(Base::parse(&base.to_bytes()).unwrap(), base);
}

#[test]
fn too_few_answers_hide_the_share_and_keep_the_rate() {
    let campaign = Campaign::example();
    let rows = |seed: u64| -> Vec<Dwelling> {
        let mut rows = dwellings(seed, 1200, 1);
        for (at, row) in rows.iter_mut().enumerate() {
            row.household.apl = (at % 5 < 2).then_some(at % 2 == 0);
        }
        rows
    };
    let landlords = LANDLORDS.into_iter().zip([3, 4]);
    let base = super::sample::base(&campaign, landlords.map(|(id, seed)| (id, rows(seed))));
    let epci = result(&base, "apl", "epci");
    assert_eq!(epci.status, Status::LowResponse);
    assert!(epci.response.unwrap() < Rate(60_000));
    assert_eq!((epci.share, epci.gap), (None, None));
    assert!(epci.numerator.is_some() && epci.denominator.is_some());
    let apl = |s: &&SegregationFile| s.table == "apl";
    assert_eq!(base.file().segregation.iter().filter(apl).count(), 0);
}

#[test]
fn the_second_reading_publishes_small_numerators_but_neither_none_nor_all() {
    let mut file = Campaign::example().file().clone();
    file.rules.bears_on = Some(BearsOn::Population);
    let campaign = Campaign::parse(json::pretty(&file).as_bytes()).unwrap();
    let base = base(&campaign);
    let published = |r: &&ResultFile| r.status == Status::Published;
    let results: Vec<&ResultFile> = base.file().results.iter().filter(published).collect();
    assert!(results.iter().any(|r| r.numerator.unwrap() < 11));
    for result in results {
        let (part, whole) = (result.numerator.unwrap(), result.denominator.unwrap());
        assert!(whole >= 11 && 0 < part && part < whole, "{result:?}");
    }
    assert_eq!(Base::parse(&base.to_bytes()).unwrap(), base);
}

#[test]
fn the_order_of_arrival_changes_no_byte() {
    let campaign = Campaign::example();
    let mut files = files(&campaign);
    let bytes = of_files(&campaign, files.clone()).to_bytes();
    files.reverse();
    assert_eq!(of_files(&campaign, files).to_bytes(), bytes);
}

#[test]
fn indices_use_published_units_and_name_them() {
    let base = base(&Campaign::example());
    let indices = &base.file().segregation;
    let found = indices
        .iter()
        .find(|s| {
            s.index == "dissimilarite" && s.group == Some(vec!["famille_monoparentale".into()])
        })
        .unwrap();
    assert_eq!(found.level, Level::Commune);
    let units: Vec<(u64, u64)> = found
        .mailles
        .iter()
        .map(|id| {
            let r = result(&base, "mono", id);
            assert_eq!(r.status, Status::Published);
            (r.numerator.unwrap(), r.denominator.unwrap())
        })
        .collect();
    assert_eq!(segregation::two_groups(&units).unwrap()[0].1, found.value);
    assert!(
        indices
            .iter()
            .any(|s| s.index == "entropie" && s.group.is_none())
    );
    assert!(
        indices
            .iter()
            .all(|s| s.mailles.len() >= segregation::MIN_UNITS)
    );
}

#[test]
fn a_base_reads_back_and_an_edited_one_is_refused() {
    let base = base(&Campaign::example());
    let bytes = base.to_bytes();
    assert_eq!(Base::parse(&bytes).unwrap(), base);
    assert_eq!(Base::reread(&bytes).unwrap(), base);
    let text = String::from_utf8(bytes).unwrap();
    let edited = text.replacen("Données fictives", "Données réelles", 1);
    assert_eq!(Base::parse(edited.as_bytes()), Err(BaseError::Fingerprint));
    assert!(matches!(Base::parse(b"{"), Err(BaseError::Json(_))));
    let rows = Base::parse(b"Commune;Typologie;Loyer;Occupation\n").unwrap_err();
    assert_eq!(rows, BaseError::Rows);
    assert!(rows.to_string().contains("supprimez-le"), "{rows}");
    assert!(matches!(Base::reread(b"{}"), Err(BaseError::Json(_))));
    assert!(matches!(Base::parse(b"{}"), Err(BaseError::Format(_))));
    let newer = text.replacen("\"version\": 1", "\"version\": 2", 1);
    assert_eq!(Base::parse(newer.as_bytes()), Err(BaseError::Version(2)));
    let partial = checked(files(&Campaign::example()).remove(0));
    assert_eq!(Base::parse(&partial.to_bytes()), Err(BaseError::Partial));
    let mut huge = vec![0; 134_217_729];
    let refused = Base::parse(&huge).unwrap_err();
    let max = 134_217_728;
    assert!(matches!(refused, BaseError::TooLarge { max: m, .. } if m == max));
    assert!(refused.to_string().contains(".base.json"), "{refused}");
    huge.pop();
    assert!(matches!(Base::parse(&huge), Err(BaseError::Json(_))));
}

#[test]
fn results_that_the_tables_do_not_give_are_refused_even_with_a_right_fingerprint() {
    let good = base(&Campaign::example()).file().clone();
    let published = good
        .results
        .iter()
        .position(|r| r.status == Status::Published && r.maille != "epci")
        .unwrap();
    let secret = good
        .results
        .iter()
        .position(|r| r.status == Status::Secret)
        .unwrap();
    let refused = |mutate: &dyn Fn(&mut BaseFile)| {
        let mut file = good.clone();
        mutate(&mut file);
        file.fingerprint = json::fingerprint_of(&file);
        Base::parse(json::pretty(&file).as_bytes()).unwrap_err()
    };
    let at = |rank: usize| move |e: BaseError| matches!(e, BaseError::Result { rank: r, .. } if r == rank + 1);
    assert!(at(published)(refused(
        &|f| f.results[published].numerator = Some(12)
    )));
    assert!(at(published)(refused(
        &|f| f.results[published].share = Some(Rate(1))
    )));
    assert!(at(published)(refused(&|f| f.results[published].gap = None)));
    assert!(at(published)(refused(&|f| f.results[published]
        .landlords
        .clear())));
    assert!(at(secret)(refused(
        &|f| f.results[secret].share = Some(Rate(1))
    )));
    assert!(at(secret)(refused(
        &|f| f.results[secret].status = Status::Bounded
    )));
    assert!(at(0)(refused(&|f| f.results.swap(0, 1))));
    assert!(at(good.results.len() - 1)(refused(&|f| {
        f.results.pop();
    })));
    assert!(matches!(
        refused(&|f| f.segregation[0].value += 0.001),
        BaseError::Segregation { rank: 1 }
    ));
    assert!(matches!(
        refused(&|f| *f.tables[0].lines[0].counts[0].as_mut().unwrap() += 1),
        BaseError::Tables(_)
    ));
    for header in [
        (|f| f.mention.clear()) as fn(&mut BaseFile),
        |f| f.rules.threshold = 5,
        |f| f.partials.clear(),
        |f| f.partials.swap(0, 1),
        |f| f.partials[0].rules.threshold = 5,
        |f| f.reference_date = "2024".to_owned(),
    ] {
        assert!(matches!(refused(&header), BaseError::Header(_)));
    }
    // Bounds may stand where the tables say nothing, if they contradict nothing.
    let hidden = good
        .results
        .iter()
        .position(|r| r.status == Status::Secret && r.denominator.is_some_and(|d| d >= 100))
        .unwrap();
    let whole = good.results[hidden].denominator.unwrap();
    let bounded = |part: (u64, u64), denominator: u64, slack: u32| {
        let mut file = good.clone();
        let result = &mut file.results[hidden];
        result.status = Status::Bounded;
        (result.numerator_min, result.numerator_max) = (Some(part.0), Some(part.1));
        result.denominator_min = Some(denominator);
        result.denominator_max = Some(denominator);
        let hundred_thousand = u64::from(Rate::ONE);
        result.min = Some(Rate((part.0 * hundred_thousand / denominator) as u32));
        let most = (part.1 * hundred_thousand).div_ceil(denominator) as u32;
        result.max = Some(Rate(most + slack));
        file.fingerprint = json::fingerprint_of(&file);
        Base::parse(json::pretty(&file).as_bytes())
    };
    assert!(bounded((41, 52), whole, 0).is_ok());
    for (part, denominator, slack) in [
        ((52, 41), whole, 0),
        ((41, 41), whole, 0),
        ((3, 52), whole, 0),
        ((41, whole - 2), whole, 0),
        ((41, 52), whole + 1, 0),
        ((41, 52), whole, 1),
    ] {
        let error = bounded(part, denominator, slack).unwrap_err();
        assert!(at(hidden)(error), "{part:?} {denominator} {slack}");
    }
}

#[test]
fn a_small_landlord_who_hides_leaves_narrow_bounds_beside_a_large_one() {
    let campaign = Campaign::example();
    let raw = [(LANDLORDS[0], 11, 6_000), (LANDLORDS[1], 12, 120)]
        .map(|(id, seed, rows)| sample::raw(&campaign, id, &dwellings(seed, rows, 5)));
    let partials = [0, 1].map(|at| checked(sample::file(&campaign, LANDLORDS[at], &raw[at])));
    let alone = |at: usize| Merged::from_partial(&campaign, &partials[at]).unwrap();
    let bounded = |at: usize| alone(at).bounded(&campaign, &partials[at]);
    let base = |a: Merged, b: Merged| Base::from_merged(&campaign, &a.merge(b).unwrap()).unwrap();
    let all = base(bounded(0), bounded(1));
    assert_eq!(base(bounded(1), bounded(0)), all);
    assert_eq!(Base::parse(&all.to_bytes()).unwrap(), all);
    let mut communes = 0;
    for result in &all.file().results {
        if result.status != Status::Bounded {
            continue;
        }
        let share = share(&result.indicator).unwrap();
        let (mut part, mut whole) = (0, 0);
        for tables in &raw {
            let mailles = &tables.zonage.mailles;
            let Some(at) = mailles.iter().position(|m| m.id == result.maille) else {
                continue;
            };
            let table = tables.tables.iter().find(|t| t.def.id == share.table().id);
            let line = &table.unwrap().lines[at];
            let sum = |cells: Vec<usize>| cells.iter().map(|c| line.counts[*c]).sum::<u32>();
            part += u64::from(sum(share.numerator_cells()));
            whole += u64::from(share.denominator_cells().map_or(line.respondents, sum));
        }
        let between = |least: Option<u64>, most: Option<u64>| least.unwrap()..=most.unwrap();
        assert!(
            between(result.numerator_min, result.numerator_max).contains(&part),
            "{result:?} {part}"
        );
        assert!(
            between(result.denominator_min, result.denominator_max).contains(&whole),
            "{result:?} {whole}"
        );
        assert!(result.max.unwrap().0 - result.min.unwrap().0 <= bounds::MAX_WIDTH.0);
        communes += usize::from(result.landlords.len() == 2 && result.maille != "epci");
    }
    assert!(communes > 10, "{communes}");
    // A landlord present without bounds leaves none where he is present.
    let some = base(bounded(0), alone(1));
    assert!(
        some.file()
            .results
            .iter()
            .all(|r| r.status != Status::Bounded || r.landlords.len() == 1)
    );
}

#[test]
fn a_published_numerator_over_a_bounded_denominator_is_a_bounded_share() {
    let campaign = Campaign::example();
    let raw = [(LANDLORDS[0], 11, 6_000), (LANDLORDS[1], 12, 300)]
        .map(|(id, seed, rows)| sample::raw(&campaign, id, &dwellings(seed, rows, 5)));
    let mut files = [0, 1].map(|at| sample::file(&campaign, LANDLORDS[at], &raw[at]));
    // The small landlord says how many are unemployed, and not how many actives.
    let table = files[1].tables.iter_mut().find(|t| t.id == "activite");
    let hidden = ["emploi_precaire", "sans_emploi"].map(|modality| {
        let modalities = indicator::table("activite").unwrap().dimensions[0].modalities;
        modalities.iter().position(|m| *m == modality).unwrap()
    });
    for line in &mut table.unwrap().lines {
        for cell in hidden {
            line.counts[cell] = None;
        }
    }
    let merged = files.into_iter().map(checked).map(|partial| {
        let one = Merged::from_partial(&campaign, &partial).unwrap();
        one.bounded(&campaign, &partial)
    });
    let merged = merged.fold(Merged::empty(&campaign), |all, one| all.merge(one).unwrap());
    let base = Base::from_merged(&campaign, &merged).unwrap();

    let sum = |modalities: &[&str]| -> u64 {
        let of = |tables: &RawTables| {
            let table = tables.tables.iter().find(|t| t.def.id == "activite");
            let table = table.unwrap();
            let ids = table.def.dimensions[0].modalities.iter();
            let counts = ids.zip(&table.lines[0].counts);
            let counts = counts.filter(|(id, _)| modalities.contains(*id));
            counts.map(|(_, count)| u64::from(*count)).sum::<u64>()
        };
        raw.iter().map(of).sum()
    };
    let unemployed = sum(&["chomeur"]);
    let actives = sum(&["chomeur", "emploi_stable", "emploi_precaire"]);
    let epci = result(&base, "chom_actifs", "epci");
    assert_eq!(epci.status, Status::Bounded, "{epci:?}");
    assert_eq!(epci.numerator, Some(unemployed));
    let part = (epci.numerator_min, epci.numerator_max);
    assert_eq!(part, (epci.numerator, epci.numerator));
    let whole = (epci.denominator_min.unwrap(), epci.denominator_max.unwrap());
    assert!(whole.0 < whole.1 && whole.0 <= actives && actives <= whole.1);
    assert_eq!((epci.denominator, epci.share, epci.gap), (None, None, None));
    let truth = Fraction::new(unemployed, actives).unwrap().rounded();
    assert!(epci.min.unwrap() < truth && truth < epci.max.unwrap());
    assert_eq!(Base::parse(&base.to_bytes()).unwrap(), base);

    // Read back, the numerator is that of the tables and no other, and the
    // denominator still leaves a choice.
    let at = (base.file().results.iter())
        .position(|r| r.indicator == "chom_actifs" && r.maille == "epci")
        .unwrap();
    let refused = |mutate: &dyn Fn(&mut ResultFile)| {
        let mut file = base.file().clone();
        mutate(&mut file.results[at]);
        let of = |part: u64, whole: u64| Fraction::new(part, whole).unwrap();
        let r = &mut file.results[at];
        let least = of(r.numerator_min.unwrap(), r.denominator_max.unwrap());
        let most = of(r.numerator_max.unwrap(), r.denominator_min.unwrap());
        let zero = of(0, 1);
        r.min = Some(Rate(least.gap_down(zero).0 as u32));
        r.max = Some(Rate(most.gap_up(zero).0 as u32));
        file.fingerprint = json::fingerprint_of(&file);
        Base::parse(json::pretty(&file).as_bytes()).is_err()
    };
    assert!(!refused(&|_| ()));
    assert!(refused(&|r| r.numerator = None));
    assert!(refused(&|r| {
        r.numerator_max = r.numerator_max.map(|most| most + 1);
    }));
    assert!(refused(&|r| r.denominator_max = r.denominator_min));
    assert!(refused(&|r| {
        let more = r.numerator.map(|n| n + 1);
        (r.numerator, r.numerator_min, r.numerator_max) = (more, more, more);
    }));
}

#[test]
fn a_base_names_its_landlords_as_the_campaign_does() {
    let campaign = Campaign::example();
    let mut files = files(&campaign);
    // What a landlord calls himself is not what all have agreed on.
    files[1].landlord.name = "Un autre nom".to_owned();
    let base = of_files(&campaign, files);
    let named = |base: &Base| -> Vec<String> {
        base.landlords().into_iter().map(|(_, name)| name).collect()
    };
    assert_eq!(named(&base), ["Bailleur fictif A", "Bailleur fictif B"]);
    let bytes = base.to_bytes();
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(text.contains("\"nom\": \"Bailleur fictif B\"") && !text.contains("Un autre nom"));
    assert_eq!(named(&Base::parse(&bytes).unwrap()), named(&base));

    // A base of an earlier build has no name: a campaign that ships with the page
    // knows it, another leaves the identifier.
    let earlier = |campaign: &str| {
        let mut file = base.file().clone();
        file.partials.iter_mut().for_each(|p| p.name = None);
        file.campaign.fingerprint = campaign.to_owned();
        file.fingerprint = json::fingerprint_of(&file);
        Base::parse(json::pretty(&file).as_bytes()).unwrap()
    };
    assert_eq!(named(&earlier(campaign.fingerprint())), named(&base));
    let unknown = format!("sha256:{:064}", 0);
    assert_eq!(named(&earlier(&unknown)), LANDLORDS);

    let mut blank = base.file().clone();
    blank.partials[0].name = Some(" ".to_owned());
    blank.fingerprint = json::fingerprint_of(&blank);
    let refused = Base::parse(json::pretty(&blank).as_bytes());
    assert!(matches!(refused, Err(BaseError::Header(_))));
}

#[test]
fn the_results_of_a_maille_are_found_by_its_rank() {
    let base = base(&Campaign::example());
    let mut seen = 0;
    for (zone, zonage) in base.zonages().iter().enumerate() {
        for (rank, maille) in zonage.mailles.iter().enumerate() {
            assert_eq!(base.find(&zonage.id, &maille.id), Some((zone, rank)));
            let here = base.results_on(zone, rank);
            assert!(
                here.iter()
                    .all(|r| r.maille == maille.id && r.zonage == zonage.id)
            );
            seen += here.len();
        }
    }
    assert_eq!(seen, base.file().results.len());
    assert!(base.results_on(0, usize::MAX).is_empty());
    assert_eq!(base.find("territoire", "ailleurs"), None);
}

#[test]
fn a_base_that_no_reader_would_take_is_refused_before_it_is_made() {
    let campaign = Campaign::example();
    let merged = merged(&campaign, files(&campaign));
    // What is counted beforehand is less than what is written, and not much.
    let (least, size) = (least_size(&merged), base(&campaign).to_bytes().len() as u64);
    assert!(least < size && size < 3 * least, "{least} {size}");
    assert_eq!(too_large(&merged.extent(), least), None);
    let told = too_large(&[200_001, 3], 7).unwrap().to_string();
    assert!(
        told.contains("200\u{202f}001 mailles") && told.contains("moins de bailleurs"),
        "{told}"
    );
    assert!(too_large(&[200_000], 134_217_728).is_none());
    assert!(too_large(&[10], 134_217_729).is_some());
}

/// A landlord of the campaign of whom there is nothing is named on screens and drawings,
/// whoever made the campaign; in a base of an earlier build only where it shipped.
#[test]
fn a_base_says_which_landlord_it_lacks() {
    use crate::page::view::results::header;
    let campaign = Campaign::example();
    let name = |rank: usize| campaign.file().landlords[rank].name.clone();
    let (whole, part) = (base(&campaign), {
        let files = files(&campaign).into_iter().take(1);
        of_files(&campaign, files)
    });
    assert_eq!(whole.awaited(), Vec::<String>::new());
    assert_eq!(part.awaited(), [name(1)]);
    let source = crate::words::charts::source(&part);
    assert!(source.ends_with(&format!(", sans {}", name(1))), "{source}");
    let incomplete = |base: &Base| header(base).into_string().contains("Base incomplète");
    assert!(incomplete(&part) && !incomplete(&whole));
    let mut file = campaign.file().clone();
    file.id = "ailleurs".to_owned();
    let other = Campaign::parse(json::pretty(&file).as_bytes()).unwrap();
    let files = files(&other).into_iter().take(1);
    let part = of_files(&other, files);
    let reread = Base::parse(&part.to_bytes()).unwrap();
    assert_eq!(reread.awaited(), [name(1)]);
    assert!(incomplete(&reread));
    let earlier = |campaign: &CampaignRef, absent: &[&str]| {
        let mut file = part.file().clone();
        file.campaign = campaign.clone();
        file.absent = absent.iter().map(|name| (*name).to_owned()).collect();
        file.fingerprint = json::fingerprint_of(&file);
        Base::parse(json::pretty(&file).as_bytes()).map(|base| base.awaited())
    };
    assert_eq!(
        earlier(&part.file().campaign, &[]).unwrap(),
        Vec::<String>::new()
    );
    assert_eq!(earlier(&whole.file().campaign, &[]).unwrap(), [name(1)]);
    assert!(earlier(&part.file().campaign, &[" "]).is_err());
}

/// A landlord whose file says nothing of priority districts may have dwellings in any of
/// them: the base has none, says for want of whose, and is read.
#[test]
fn a_landlord_without_districts_leaves_none_to_the_base() {
    let whole = [Landlord::A, Landlord::B].map(protected);
    let campaign = Campaign::example();
    let both = of_files(&campaign, whole.clone());
    assert_eq!(both.zonages().len(), 2);
    assert!(both.lacking("qpv").is_empty());
    let [a, mut b] = whole.clone();
    b.zonages.truncate(1);
    b.tables.retain(|table| table.zonage == "territoire");
    for files in [[a.clone(), b.clone()], [b, a]] {
        let base = of_files(&campaign, files);
        assert_eq!(base.zonages().len(), 1);
        assert_eq!(base.lacking("qpv"), ["Bailleur fictif B"]);
        let read = Base::parse(&base.to_bytes()).unwrap();
        assert_eq!(read, base);
        // Over the territory nothing changes.
        let territory = |base: &Base| {
            let results = base.file().results.iter();
            let results = results.filter(|r| r.zonage == "territoire");
            results.cloned().collect::<Vec<_>>()
        };
        assert_eq!(territory(&base), territory(&both));
        // A base cannot say so and have districts, nor of all its landlords.
        let refused = |mutate: &dyn Fn(&mut BaseFile)| {
            let mut file = base.file().clone();
            mutate(&mut file);
            file.fingerprint = String::new();
            file.fingerprint = crate::json::fingerprint_of(&file);
            Base::parse(crate::json::pretty(&file).as_bytes()).unwrap_err()
        };
        let all = refused(&|file| {
            file.partials
                .iter_mut()
                .for_each(|partial| partial.lacks = vec!["qpv".to_owned()]);
        });
        assert!(matches!(all, BaseError::Header(_)), "{all}");
        let beside = refused(&|file| {
            file.zonages.clone_from(&both.file().zonages);
        });
        assert!(matches!(beside, BaseError::Header(_)), "{beside}");
    }
}
