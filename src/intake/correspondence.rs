//! The *correspondance* profile: which column serves which variable, and what
//! the labels of a closed vocabulary mean, said once by the user and kept for
//! next year. Names and labels only, no data.
//!
//! ```
//! use ops_mixite::intake::Correspondence;
//! let profile = Correspondence::parse(br#"{
//!   "format": "ops-mixite/correspondance", "version": 1,
//!   "colonnes": { "commune": ["Lieu"], "aspa": [] },
//!   "valeurs": { "occupation": { "1": "loue", "3": "vide_hors_location" } }
//! }"#).unwrap();
//! assert_eq!(Correspondence::parse(profile.to_json().as_bytes()).unwrap(), profile);
//! ```

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::Problem;
use super::report::{GivenLabel, Reason};
use super::tally::quote;
use super::values::{self, Answer, Scope};
use crate::campaign::{is_identifier, normalise};
use crate::dwelling::{
    Activity, EnergyLabel, FamilySituation, Financing, HousingType, Occupation, Typology, Variable,
};
use crate::words::mapping as words;

/// The `format` of a profile.
pub const FORMAT: &str = "ops-mixite/correspondance";
/// The version of the format that this build reads and writes.
pub const VERSION: u32 = 1;
/// Largest profile read, in bytes.
pub const MAX_BYTES: usize = 1 << 20;

/// Fewest rows on which a label stands that is kept in the file: a rarer one may
/// be about somebody.
pub const MIN_ROWS: u64 = 11;
/// Most distinct values of a column whose labels are kept: more is no vocabulary.
pub const MAX_DISTINCT: usize = 50;

/// The meaning « not known », in any vocabulary.
pub const UNKNOWN: &str = "inconnu";
/// Occupation: off the market, out of the convention's scope.
pub const EMPTY_OFF_MARKET: &str = "vide_hors_location";
/// Occupation: without a lease, out of the convention's scope.
pub const OCCUPIED_WITHOUT_LEASE: &str = "occupe_sans_bail";
/// Commune: not of the territory, though it is called like one that is.
pub const OUTSIDE: &str = "hors_territoire";
/// The meaning of a landlord's name that says: of another landlord, not to be counted.
pub const OTHER_LANDLORD: &str = "autre_bailleur";

/// A profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Correspondence {
    /// Always [`FORMAT`].
    pub format: String,
    /// Always [`VERSION`].
    pub version: u32,
    /// The landlord (*bailleur*) that was chosen, by identifier: used where the file names
    /// none that the campaign knows.
    #[serde(rename = "bailleur", default, skip_serializing_if = "Option::is_none")]
    pub landlord: Option<String>,
    /// The headers that serve a variable; an empty list says that none does.
    #[serde(
        rename = "colonnes",
        default,
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    pub columns: BTreeMap<Variable, Vec<String>>,
    /// What labels mean: variable, label of the file, modality.
    #[serde(
        rename = "valeurs",
        default,
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    pub values: BTreeMap<Variable, BTreeMap<String, String>>,
}

impl Default for Correspondence {
    fn default() -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            landlord: None,
            columns: BTreeMap::new(),
            values: BTreeMap::new(),
        }
    }
}

/// The modalities that a label of the variable may be given; empty when the
/// variable has no closed vocabulary.
pub fn meanings(variable: Variable) -> Vec<&'static str> {
    let ids: &[&'static str] = match variable {
        Variable::Occupation => Occupation::IDS,
        Variable::HousingType => HousingType::IDS,
        Variable::Typology => Typology::IDS,
        Variable::Financing => Financing::IDS,
        Variable::FamilySituation => FamilySituation::IDS,
        Variable::Activities => Activity::IDS,
        Variable::EnergyLabel => EnergyLabel::IDS,
        Variable::Apl | Variable::Aspa | Variable::Answered | Variable::Qpv => &["oui", "non"],
        _ => return Vec::new(),
    };
    let mut ids = ids.to_vec();
    if variable == Variable::Occupation {
        ids.extend([EMPTY_OFF_MARKET, OCCUPIED_WITHOUT_LEASE]);
    }
    ids.push(UNKNOWN);
    ids
}

impl Correspondence {
    /// Reads and checks a profile.
    ///
    /// # Errors
    /// When the bytes are not a profile of this version, or give a label a
    /// meaning that its variable does not have.
    pub fn parse(bytes: &[u8]) -> Result<Self, Problem> {
        let fail = |what: String| Err(Problem::Correspondence { what });
        if bytes.len() > MAX_BYTES {
            return fail(words::too_long(bytes.len(), MAX_BYTES));
        }
        let profile: Self = match crate::json::survey(bytes).and_then(|_| crate::json::typed(bytes))
        {
            Ok(profile) => profile,
            Err(e) => return fail(words::unreadable(&e)),
        };
        if profile.format != FORMAT || profile.version != VERSION {
            return fail(words::other_document(
                &crate::json::cut(&profile.format),
                profile.version,
            ));
        }
        profile.check()?;
        Ok(profile)
    }

    /// Checks what a file or a page says.
    pub(crate) fn check(&self) -> Result<(), Problem> {
        for (variable, labels) in &self.values {
            let known = meanings(*variable);
            for (label, meaning) in labels {
                // The campaign knows its communes: another code is elsewhere.
                let commune = *variable == Variable::Commune
                    && (meaning == OUTSIDE
                        || (meaning.len() == 5
                            && meaning.bytes().all(|b| b.is_ascii_alphanumeric())));
                // The same of its landlords, by identifier.
                let landlord = *variable == Variable::Landlord && is_identifier(meaning);
                if !commune && !landlord && !known.contains(&meaning.as_str()) {
                    return Err(Problem::Correspondence {
                        what: words::bad_meaning(*variable, (label, meaning), &known),
                    });
                }
            }
        }
        let mut seen: BTreeMap<String, Variable> = BTreeMap::new();
        for (variable, headers) in &self.columns {
            for header in headers {
                if let Some(other) = seen.insert(normalise(header), *variable)
                    && other != *variable
                {
                    return Err(Problem::Correspondence {
                        what: words::column_twice(header, other, *variable),
                    });
                }
            }
        }
        Ok(())
    }

    /// This profile, and what was said later: it takes a column from the variable
    /// that it served before.
    #[must_use]
    pub fn with(mut self, later: &Self) -> Self {
        let taken: Vec<String> = later
            .columns
            .values()
            .flatten()
            .map(|h| normalise(h))
            .collect();
        for headers in self.columns.values_mut().filter(|h| !h.is_empty()) {
            headers.retain(|header| !taken.contains(&normalise(header)));
        }
        self.landlord = later.landlord.clone().or(self.landlord);
        self.columns.extend(later.columns.clone());
        for (variable, labels) in &later.values {
            self.values
                .entry(*variable)
                .or_default()
                .extend(labels.clone());
        }
        self
    }

    /// What of this may be kept for next year, now that a file was read with it:
    /// labels that the software knows by itself, names of communes, and labels
    /// on enough rows of a column that is a vocabulary. What the file does not
    /// carry comes from another and stays.
    #[must_use]
    pub fn kept(mut self, given: &[GivenLabel]) -> Self {
        let rare = |g: &&GivenLabel| g.rows < MIN_ROWS || g.distinct > MAX_DISTINCT as u64;
        for given in given.iter().filter(rare) {
            if values::is_known(given.variable, &given.label) {
                continue;
            }
            if let Some(labels) = self.values.get_mut(&given.variable) {
                labels.remove(&given.label);
            }
        }
        self.values.retain(|_, labels| !labels.is_empty());
        self
    }

    /// Does it say nothing?
    pub fn is_empty(&self) -> bool {
        self.landlord.is_none() && self.columns.is_empty() && self.values.is_empty()
    }

    /// The profile as a file.
    pub fn to_json(&self) -> String {
        crate::json::pretty(self)
    }

    /// The meaning given to a label, when one was.
    pub(crate) fn meaning(&self, variable: Variable, text: &str) -> Option<&str> {
        self.label(variable, text).map(|(_, meaning)| meaning)
    }

    /// The label under which the profile knows a text, and its meaning. A long one
    /// is known by its beginning, which is what the screen shows of it.
    pub(crate) fn label(&self, variable: Variable, text: &str) -> Option<(&str, &str)> {
        let labels = self.values.get(&variable)?;
        let known = labels
            .get_key_value(text)
            .or_else(|| labels.get_key_value(&quote(text)));
        let plain = normalise(text);
        let (label, meaning) = known.or_else(|| {
            labels
                .iter()
                .find(|(label, _)| !plain.is_empty() && normalise(label) == plain)
        })?;
        Some((label, meaning))
    }
}

/// The value of a vocabulary with this identifier.
pub(crate) fn value_of<T: Copy>(all: &[T], ids: &[&str], meaning: &str) -> Answer<T> {
    match ids.iter().position(|id| *id == meaning) {
        Some(rank) => Answer::Known(all[rank]),
        None => Answer::Silent,
    }
}

/// The scope that a meaning of the occupation gives.
pub(crate) fn scope_of(meaning: &str) -> Answer<Scope> {
    match meaning {
        EMPTY_OFF_MARKET => Answer::Known(Scope::Out(Reason::EmptyOffMarket)),
        OCCUPIED_WITHOUT_LEASE => Answer::Known(Scope::Out(Reason::OccupiedWithoutLease)),
        _ => value_of(Occupation::ALL, Occupation::IDS, meaning).map(Scope::In),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(json: &str) -> String {
        Correspondence::parse(json.as_bytes())
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn what_a_profile_may_not_say() {
        let with =
            |rest: &str| format!(r#"{{"format":"ops-mixite/correspondance","version":1,{rest}}}"#);
        assert!(error(r#"{"format":"x","version":1}"#).contains("« x »"));
        assert!(error(&with(r#""donnees":[]"#)).contains("donnees"));
        assert!(error(&with(r#""colonnes":{"couleur":["A"]}"#)).contains("couleur"));
        assert!(error(&with(r#""valeurs":{"occupation":{"1":"oui"}}"#)).contains("loue, vacant"));
        assert!(error(&with(r#""valeurs":{"rfr":{"1":"oui"}}"#)).contains("aucun"));
        assert!(
            error(&with(r#""colonnes":{"apl":["Aide"],"aspa":["AIDE"]}"#)).contains("à la fois")
        );
        assert!(error(&with(r#""valeurs":{"commune":{"Torcy":"oui"}}"#)).contains("code INSEE"));
        let known = with(r#""valeurs":{"commune":{"Torcy":"71540","Marmagne":"hors_territoire"}}"#);
        assert!(Correspondence::parse(known.as_bytes()).is_ok());
    }

    #[test]
    fn a_profile_too_large_is_refused_by_its_size() {
        let mut huge = vec![b' '; 1_048_577];
        let told = |bytes: &[u8]| Correspondence::parse(bytes).unwrap_err().to_string();
        let refused = told(&huge);
        assert!(refused.contains("1048577 octets"), "{refused}");
        assert!(refused.contains("limite de 1048576"), "{refused}");
        huge.pop();
        assert!(!told(&huge).contains("limite"));
    }

    #[test]
    fn what_is_said_later_wins() {
        let say = |variable, header: &str| {
            let mut profile = Correspondence::default();
            profile.columns.insert(variable, vec![header.into()]);
            profile
        };
        let both = say(Variable::Apl, "Aide").with(&say(Variable::Aspa, "AIDE"));
        assert_eq!(both.columns[&Variable::Aspa], ["AIDE"]);
        assert!(both.columns[&Variable::Apl].is_empty());
        assert!(both.check().is_ok() && !both.is_empty());
        assert!(Correspondence::default().is_empty());
    }

    #[test]
    fn a_rare_label_is_not_kept() {
        let mut profile = Correspondence::default();
        let labels = ["Bail en cours", "Chez Mme Durand", "LOUE"];
        profile.values.insert(
            Variable::Occupation,
            labels
                .map(|label| (label.to_owned(), "loue".to_owned()))
                .into(),
        );
        let given = |label: &str, rows, distinct| GivenLabel {
            variable: Variable::Occupation,
            label: label.into(),
            rows,
            distinct,
        };
        let kept = |given: &[GivenLabel]| -> Vec<String> {
            let kept = profile.clone().kept(given);
            kept.values
                .into_values()
                .flatten()
                .map(|(label, _)| label)
                .collect()
        };
        let rows = |n| {
            [
                given("Bail en cours", 11, n),
                given("Chez Mme Durand", 10, n),
                given("LOUE", 1, n),
            ]
        };
        assert_eq!(kept(&rows(50)), ["Bail en cours", "LOUE"]);
        assert_eq!(kept(&rows(51)), ["LOUE"]);
        assert_eq!(kept(&[]).len(), 3);
    }

    #[test]
    fn labels_are_met_as_they_are_written() {
        let mut profile = Correspondence::default();
        profile.values.insert(
            Variable::Occupation,
            [("Bail en cours".to_owned(), "loue".to_owned())].into(),
        );
        let meaning = |text| profile.meaning(Variable::Occupation, text);
        assert_eq!(meaning("BAIL EN COURS"), Some("loue"));
        assert_eq!(meaning("Bail"), None);
        let long =
            "Location à un organisme agréé d'intermédiation locative et de gestion (L. 442-8-1)";
        profile.values.insert(
            Variable::Occupation,
            [(quote(long), "tiers".to_owned())].into(),
        );
        assert_eq!(profile.meaning(Variable::Occupation, long), Some("tiers"));
        assert_eq!(profile.meaning(Variable::Apl, "Bail en cours"), None);
        assert_eq!(
            scope_of("vide_hors_location"),
            Answer::Known(Scope::Out(Reason::EmptyOffMarket))
        );
        assert_eq!(scope_of(UNKNOWN), Answer::Silent);
    }
}
