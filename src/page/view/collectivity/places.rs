//! The mailles whose fiche may be chosen, searched where there are many, and those that
//! one may be compared with.

use maud::{Markup, html};

use crate::base::{Base, ResultFile};
use crate::legible::apart;
use crate::order;
use crate::table::Level;
use crate::words::{alphabetical, fiche as words, labels};

/// Mailles of a list that the eye goes through; of more, some are searched by name.
pub const AT_A_GLANCE: usize = 12;
/// Most mailles found that have a button of their own.
const MAX_BUTTONS: usize = 5;
/// Most mailles of a list to choose from: more are searched.
pub const MAX_CHOICES: usize = 500;

/// What a district may be set beside, in this order.
const BESIDE_A_DISTRICT: [Level; 3] = [Level::QpvSituation, Level::Qpv, Level::Commune];

/// A maille to choose.
struct Place {
    /// `zonage/maille`.
    id: String,
    level: Level,
    name: String,
    /// Where words are searched: its name, those of its landlords, its identifier.
    words: String,
    readable: bool,
}

/// The mailles of a level that have results, by name.
pub struct Places(Vec<Place>);

impl Places {
    /// The districts group programmes that have their results in the territory.
    pub fn of(base: &Base, level: Level) -> Self {
        Self::at(base, &[level])
    }

    /// Those that a maille of this level may be set beside, where they are not of its level
    /// alone: a district beside what is out of districts too, and beside communes.
    pub fn comparable(base: &Base, level: Level) -> Option<Self> {
        (level == Level::Qpv).then(|| Self::at(base, &BESIDE_A_DISTRICT))
    }

    fn at(base: &Base, levels: &[Level]) -> Self {
        let known = base.landlords();
        let name_of = |id: &String| known.iter().find(|(known, _)| known == id).map(|(_, n)| n);
        let mut all = Vec::new();
        for (zone, zonage) in base.zonages().iter().enumerate() {
            for (rank, maille) in zonage.mailles.iter().enumerate() {
                let results = base.results_on(zone, rank);
                let Some(first) = results.first().filter(|_| levels.contains(&maille.level)) else {
                    continue;
                };
                let mut name = match zonage.commune_of(maille) {
                    Some(commune) => format!("{} ({})", apart(&maille.name), apart(&commune.name)),
                    None => maille.name.clone(),
                };
                let present = first.landlords.iter().filter_map(name_of);
                let landlords = present
                    .map(|name| apart(name))
                    .collect::<Vec<_>>()
                    .join(", ");
                // A residence is known by its landlord, which its name may say already.
                if maille.level == Level::Programme && !name.contains(&landlords) {
                    name = words::of_landlord(&name, &landlords);
                }
                all.push(Place {
                    id: format!("{}/{}", zonage.id, maille.id),
                    level: maille.level,
                    words: alphabetical(&format!("{name} {landlords} {}", maille.id)),
                    name,
                    readable: results.iter().any(ResultFile::is_readable),
                });
            }
        }
        order::sort_by_cached_key(&mut all, |place| {
            (alphabetical(&place.name), place.id.clone())
        });
        Self(all)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// How many hold what is searched.
    pub fn found(&self, searched: &str) -> usize {
        let held = holding(searched);
        self.0.iter().filter(|place| held(place)).count()
    }

    /// Those that hold what is searched, up to the most that a list shows, and the one that
    /// is chosen, whatever is searched.
    fn listed(&self, chosen: &str, held: impl Fn(&Place) -> bool) -> Vec<&Place> {
        let mut listed: Vec<_> = self
            .0
            .iter()
            .filter(|p| held(p))
            .take(MAX_CHOICES)
            .collect();
        let kept = self.0.iter().find(|place| place.id == chosen);
        listed.extend(kept.filter(|kept| listed.iter().all(|place| place.id != kept.id)));
        listed
    }

    /// The fiches to choose from. The first that has something to be read is open unless
    /// another is.
    pub fn fiches(&self, chosen: &str, searched: &str) -> Markup {
        let listed = self.listed(chosen, holding(searched));
        let kept = listed.iter().position(|place| place.id == chosen);
        let open = kept.or_else(|| listed.iter().position(|place| place.readable));
        html! {
            @for (rank, place) in listed.iter().enumerate() {
                option value=(place.id) selected[Some(rank) == open] {
                    (place.name)
                    @if !place.readable { (words::NOTHING) }
                }
            }
        }
    }

    /// The first that hold what is searched, each with a button to its fiche: the one that
    /// is open stays until another is asked for, since the search serves a comparison too.
    pub fn to_open(&self, open: &str, searched: &str) -> Markup {
        let held = holding(searched);
        let searching = !searched.trim().is_empty();
        let found = self
            .0
            .iter()
            .filter(|p| searching && p.id != open && held(p));
        html! {
            @for place in found.take(MAX_BUTTONS) {
                button.second.menu type="button" data-ouvrir=(place.id) { (words::open(&place.name)) }
            }
        }
    }

    /// The only one that holds what is searched, if it is.
    pub fn only(&self, searched: &str) -> Option<&str> {
        let held = holding(searched);
        let mut found = self.0.iter().filter(|place| held(place));
        let first = found.next().filter(|_| !searched.trim().is_empty())?;
        found.next().is_none().then_some(first.id.as_str())
    }

    /// The mailles that this one may be compared with: those of which something is read.
    pub fn others(&self, this: &str, chosen: &str, searched: &str) -> Markup {
        let held = holding(searched);
        let chosen = if chosen == this { "" } else { chosen };
        let listed = self.listed(chosen, |place| {
            place.readable && place.id != this && held(place)
        });
        let options = |of: Option<Level>| {
            html! {
                @for place in listed.iter().filter(|p| of.is_none_or(|level| p.level == level)) {
                    option value=(place.id) selected[place.id == chosen] { (place.name) }
                }
            }
        };
        let several = listed.iter().any(|place| place.level != listed[0].level);
        html! {
            option value="" selected[chosen.is_empty()] { (words::NO_OTHER) }
            @if several {
                @for level in BESIDE_A_DISTRICT {
                    optgroup label=(labels::levels(level)) { (options(Some(level))) }
                }
            } @else { (options(None)) }
        }
    }
}

/// Is each of the words searched in what is known of a maille?
fn holding(searched: &str) -> impl Fn(&Place) -> bool {
    let searched = alphabetical(searched);
    move |place| {
        searched
            .split_whitespace()
            .all(|word| place.words.contains(word))
    }
}
