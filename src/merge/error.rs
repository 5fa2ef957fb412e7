//! Errors of the merge, each naming the landlord or the maille.

/// Why partials do not merge.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum MergeError {
    /// The partial was made for another campaign, or another version of it.
    #[error(
        "L'agrégat de « {landlord} » a été fait pour {} ; il ne se fusionne pas avec ceux de la campagne « {ours} ». Si c'est la campagne que vous menez, donnez son fichier dans « Campagne (facultatif) » ; sinon, demandez au bailleur de refaire l'agrégat avec le bon fichier de campagne.",
        other_campaign(theirs, ours)
    )]
    OtherCampaign {
        /// Whose partial.
        landlord: String,
        /// The campaign of the partial.
        theirs: String,
        /// The campaign of the merge.
        ours: String,
    },
    /// Two merges of two campaigns.
    #[error(
        "Les campagnes « {left} » et « {right} » ne se fusionnent pas : leurs empreintes diffèrent."
    )]
    TwoCampaigns {
        /// One.
        left: String,
        /// The other.
        right: String,
    },
    /// The header contradicts the campaign that its fingerprint names.
    #[error(
        "L'agrégat de « {landlord} » porte un identifiant de campagne, une mention ou une date de référence qui ne sont pas ceux de la campagne. Redemandez-le au bailleur."
    )]
    Header {
        /// Whose partial.
        landlord: String,
    },
    /// A landlord that the campaign does not name.
    #[error(
        "« {landlord} » (identifiant « {id} ») n'est pas un bailleur de la campagne. Vérifiez le fichier de campagne ou l'origine de l'agrégat."
    )]
    UnknownLandlord {
        /// Whose partial.
        landlord: String,
        /// The identifier it gives.
        id: String,
    },
    /// Looser rules than the campaign's.
    #[error(
        "L'agrégat de « {landlord} » applique des règles moins strictes ({theirs}) que la campagne ({ours}). Demandez au bailleur de le refaire."
    )]
    Looser {
        /// Whose partial.
        landlord: String,
        /// Its rules.
        theirs: String,
        /// The campaign's.
        ours: String,
    },
    /// Two partials of one landlord.
    #[error(
        "« {landlord} » figure deux fois : un bailleur ne remet qu'un agrégat. Gardez le plus récent et retirez l'autre."
    )]
    Twice {
        /// Whose partials.
        landlord: String,
    },
    /// A maille that the landlord cannot have.
    #[error(
        "L'agrégat de « {landlord} » contient la maille « {maille} », qui n'est ni de la campagne ni de ce bailleur. Redemandez-le au bailleur."
    )]
    Foreign {
        /// Whose partial.
        landlord: String,
        /// The maille.
        maille: String,
    },
    /// A maille that holds no programme: the programmes of the others would
    /// then pass for the whole of it.
    #[error(
        "L'agrégat de « {landlord} » ne détaille pas la maille « {maille} » en programmes. Redemandez-le au bailleur."
    )]
    Undivided {
        /// Whose partial.
        landlord: String,
        /// The maille.
        maille: String,
    },
    /// Two landlords place one maille differently.
    #[error(
        "Zonage « {zonage} » : les agrégats ne placent pas la maille « {maille} » au même endroit. Vérifiez que les bailleurs ont employé la même table de passage."
    )]
    Misplaced {
        /// The zonage.
        zonage: String,
        /// The maille.
        maille: String,
    },
}

fn other_campaign(theirs: &str, ours: &str) -> String {
    if theirs == ours {
        "une autre version de cette campagne".to_owned()
    } else {
        format!("la campagne « {theirs} »")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_version_of_a_campaign_is_no_other_campaign() {
        assert!(other_campaign("cucm", "cucm").contains("autre version"));
        assert!(other_campaign("chalon", "cucm").contains("« chalon »"));
    }
}
