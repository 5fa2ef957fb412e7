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

use super::columns;
use super::error::Problem;
use super::report::Reason;
use super::values::{Answer, Scope};
use crate::campaign::normalise;
use crate::dwelling::{
    Activity, EnergyLabel, FamilySituation, Financing, HousingType, Occupation, Typology, Variable,
};

/// The `format` of a profile.
pub const FORMAT: &str = "ops-mixite/correspondance";
/// The version of the format that this build reads and writes.
pub const VERSION: u32 = 1;
/// Largest profile read, in bytes.
pub const MAX_BYTES: usize = 1 << 20;

/// The meaning « not known », in any vocabulary.
pub const UNKNOWN: &str = "inconnu";
/// Occupation: off the market, out of the convention's scope.
pub const EMPTY_OFF_MARKET: &str = "vide_hors_location";
/// Occupation: without a lease, out of the convention's scope.
pub const OCCUPIED_WITHOUT_LEASE: &str = "occupe_sans_bail";

/// A profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Correspondence {
    /// Always [`FORMAT`].
    pub format: String,
    /// Always [`VERSION`].
    pub version: u32,
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
            return fail(format!(
                "le fichier compte {} octets, plus que la limite de {MAX_BYTES}",
                bytes.len()
            ));
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let profile: Self = match serde_json::from_slice(bytes) {
            Ok(profile) => profile,
            Err(e) => return fail(format!("le fichier n'est pas lisible ({e})")),
        };
        if profile.format != FORMAT || profile.version != VERSION {
            return fail(format!(
                "c'est un fichier « {} », version {}, au lieu de « {FORMAT} », version {VERSION}",
                profile.format, profile.version
            ));
        }
        profile.check()?;
        Ok(profile)
    }

    /// Checks what a file or a page says.
    pub(crate) fn check(&self) -> Result<(), Problem> {
        for (variable, labels) in &self.values {
            let known = meanings(*variable);
            let name = columns::of(*variable).name;
            for (label, meaning) in labels {
                if !known.contains(&meaning.as_str()) {
                    return Err(Problem::Correspondence {
                        what: format!(
                            "pour « {name} », la valeur « {label} » reçoit le sens « {meaning} » ; les sens possibles sont {}",
                            if known.is_empty() {
                                "aucun : cette variable n'a pas de liste de valeurs".to_owned()
                            } else {
                                known.join(", ")
                            }
                        ),
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
                        what: format!(
                            "la colonne « {header} » y sert à la fois « {} » et « {} »",
                            columns::of(other).name,
                            columns::of(*variable).name
                        ),
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
        self.columns.extend(later.columns.clone());
        for (variable, labels) in &later.values {
            self.values
                .entry(*variable)
                .or_default()
                .extend(labels.clone());
        }
        self
    }

    /// Does it say nothing?
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty() && self.values.is_empty()
    }

    /// The profile as a file.
    pub fn to_json(&self) -> String {
        crate::json::pretty(self)
    }

    /// The meaning given to a label, when one was.
    pub(crate) fn meaning(&self, variable: Variable, text: &str) -> Option<&str> {
        let labels = self.values.get(&variable)?;
        if let Some(meaning) = labels.get(text) {
            return Some(meaning);
        }
        let plain = normalise(text);
        labels
            .iter()
            .find(|(label, _)| !plain.is_empty() && normalise(label) == plain)
            .map(|(_, meaning)| meaning.as_str())
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
    fn labels_are_met_as_they_are_written() {
        let mut profile = Correspondence::default();
        profile.values.insert(
            Variable::Occupation,
            [("Bail en cours".to_owned(), "loue".to_owned())].into(),
        );
        let meaning = |text| profile.meaning(Variable::Occupation, text);
        assert_eq!(meaning("BAIL EN COURS"), Some("loue"));
        assert_eq!(meaning("Bail"), None);
        assert_eq!(profile.meaning(Variable::Apl, "Bail en cours"), None);
        assert_eq!(
            scope_of("vide_hors_location"),
            Answer::Known(Scope::Out(Reason::EmptyOffMarket))
        );
        assert_eq!(scope_of(UNKNOWN), Answer::Silent);
    }
}
