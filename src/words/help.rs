//! Contextual help: the questions that each screen raises, with their answers.
//! The guides answer the same questions (a test holds them together), at more
//! length.

/// A question that a reader asks in front of a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// As the reader asks it.
    pub ask: &'static str,
    /// The answer, one paragraph each.
    pub answer: &'static [&'static str],
}

const MAILLE: Question = Question {
    ask: "Qu'est-ce qu'une maille ?",
    answer: &[
        "Une unité de territoire pour laquelle un nombre est donné : l'intercommunalité (EPCI), une commune, un secteur (un morceau de commune que la campagne nomme), un programme (une résidence) ou un quartier prioritaire (QPV).",
        "Une maille contient les mailles du niveau suivant : une commune est la somme de ses secteurs et de ses programmes.",
    ],
};

/// On the landlord's screen, before he has chosen a file.
pub const LANDLORD_START: &[Question] = &[Question {
    ask: "Que devient mon fichier ?",
    answer: &[
        "Il est lu par votre navigateur, sur votre poste, sans être envoyé ni enregistré. Débranchez le réseau si vous voulez : la page fonctionne de même.",
        "La page en tire des totaux, vous les montre, et attend que vous les téléchargiez. C'est vous qui les envoyez. Le bouton « Vérifier que la page ne peut rien envoyer », en bas, le fait constater par votre navigateur.",
    ],
}];

const ATTACK: Question = Question {
    ask: "Que veut dire « cases masquées attaquées » ?",
    answer: &[
        "Avant de proposer un agrégat, la page cherche à retrouver chaque case masquée à partir de ce qu'il publie, comme le ferait un lecteur malveillant. La phrase dit qu'elle n'y est pas parvenue : d'aucune case on ne peut déduire la valeur, ni des bornes plus étroites que la règle ne le permet.",
        "Dans le tableau « Occupation », seuls les logements loués sont attaqués : dans un logement vacant, ou confié à un tiers, il n'y a aucun ménage enquêté dont on apprendrait quelque chose. Ses petits nombres ne sont pas écrits, mais la règle ne demande pas d'empêcher qu'on les retrouve par soustraction.",
        "La phrase en compte donc un peu moins que le bordereau ne dit de nombres masqués ; de plus, un nombre qui figure dans plusieurs tableaux (la population d'une maille) n'y est attaqué qu'une fois.",
        "Pour les tableaux de personnes (âges, activité), une part du contrôle compte les logements où vivent ces personnes : elle demande les lignes du fichier, et n'est faite que chez le bailleur.",
    ],
};

/// Where the landlord looks at what will leave.
pub const LANDLORD: &[Question] = &[
    Question {
        ask: "Pourquoi cette case est-elle masquée ?",
        answer: &[
            "Parce que le nombre est inférieur au seuil, ou parce que le montrer permettrait d'en retrouver un autre par soustraction.",
            "Un zéro est sous le seuil, lui aussi : il dirait que nul n'est dans ce cas. Une catégorie vide fait donc parfois masquer, à côté d'elle, un nombre assez grand.",
            "Le fichier ne dit jamais laquelle des deux raisons : la dire donnerait le nombre. Le décompte par raison est sous le tableau, sur votre écran seulement.",
        ],
    },
    Question {
        ask: "Pourquoi un tableau est-il retiré ?",
        answer: &[
            "Un tableau ne sort que si la page a prouvé que rien de ce qu'il masque ne peut s'en déduire. Où elle ne trouve pas cette preuve, ses lignes sur les quartiers prioritaires sont retirées, puis le tableau, et tout le reste sort.",
            "Cela touche surtout les croisements de deux variables (par exemple les ressources selon le financement). Ils ne sont publiés que pour l'EPCI, dans la lecture « effectif », si chaque modalité de la première variable y atteint le seuil, et jusqu'à 800 programmes.",
        ],
    },
    MAILLE,
    Question {
        ask: "Que comptent « Population » et « Répondants » ?",
        answer: &[
            "Population : les ménages, ou les logements, que le tableau concerne. Répondants : ceux dont la réponse à cette question a pu être lue. Les autres colonnes se partagent les répondants.",
            "Dans les tableaux de personnes (activité, âges), « Logements » compte ceux dont au moins un occupant a répondu.",
        ],
    },
    ATTACK,
];

/// Where the consultant reads merged results.
pub const CONSULTANT: &[Question] = &[
    Question {
        ask: "Que veulent dire « publié », « encadré » et « secret » ?",
        answer: &[
            "Publié : la somme exacte de ce que détiennent les bailleurs. Encadré : un bailleur masque sa part, et la vraie valeur est entre les deux bornes. Secret : la règle interdit de le montrer, ou les bornes seraient trop larges pour servir. La base ne dit pas si c'est parce qu'un nombre est trop petit, ou pour en protéger un autre : le dire le donnerait presque.",
            "Réponse insuffisante : trop peu de ménages ont répondu à cette question sur cette maille.",
        ],
    },
    MAILLE,
    ATTACK,
];

/// Where the collectivité reads an indicator.
pub const COLLECTIVITY: &[Question] = &[
    MAILLE,
    Question {
        ask: "Pourquoi un nombre est-il masqué ?",
        answer: &[
            "Il porterait sur trop peu de ménages, ou permettrait d'en retrouver un autre par soustraction. Masqué ne veut dire ni zéro, ni peu : un nombre de plusieurs centaines peut être masqué parce que, retiré du total à côté des autres, il laisserait voir le petit nombre qui manque.",
        ],
    },
    Question {
        ask: "Que veut dire « entre 41 et 52 » ?",
        answer: &[
            "41 et 52 sont un exemple. Un bailleur masque ce nombre sur cette maille : la vraie valeur est dans l'intervalle, bornes comprises. Ce n'est pas une estimation.",
            "Dans un classement, une telle maille est rangée au milieu de ses bornes : son rang n'est pas sûr quand elles en touchent une autre, et la page le dit.",
        ],
    },
    Question {
        ask: "Pourquoi un croisement manque-t-il, ou n'est-il donné que pour l'EPCI ?",
        answer: &[
            "Croiser deux variables dit bien plus que chacune : un croisement ne sort du poste d'un bailleur que si la preuve est faite que rien de masqué ne s'en déduit, et seulement pour l'EPCI.",
            "Si l'agrégat d'un bailleur ne porte pas le croisement, aucun nombre n'en est donné : la somme des autres passerait pour celle du territoire. La page dit de quel bailleur il manque.",
        ],
    },
    Question {
        ask: "Comment lire l'écart à l'EPCI et l'indice 100 ?",
        answer: &[
            "L'écart est en points : 32 % dans une commune contre 25 % dans l'intercommunalité font + 7 points. L'indice rapporte l'un à l'autre : 100 au niveau de l'intercommunalité, 128 dans cette commune.",
        ],
    },
];

/// Over the words of the trade.
pub(crate) const GLOSSARY_TITLE: &str = "Sigles et mots de la page";
/// The words of the trade, and what they stand for.
pub const GLOSSARY: &[(&str, &str)] = &[
    (
        "Agrégat partiel",
        "les totaux d'un bailleur, protégés par le secret statistique : le seul fichier qui sort de son poste",
    ),
    (
        "APL",
        "aide personnalisée au logement, versée selon les ressources",
    ),
    (
        "ASPA",
        "allocation de solidarité aux personnes âgées (ancien minimum vieillesse)",
    ),
    (
        "Bailleur",
        "organisme de logement social, propriétaire des logements",
    ),
    (
        "Base agrégée",
        "la somme des agrégats partiels, faite par le bureau d'études et lue par la collectivité",
    ),
    (
        "Campagne",
        "ce dont bailleurs et bureau d'études sont convenus : territoire, date, règles",
    ),
    (
        "CIL",
        "conférence intercommunale du logement, devant qui les résultats sont présentés",
    ),
    (
        "Croisement",
        "deux variables comptées ensemble : par exemple les ressources selon le financement",
    ),
    (
        "DPE",
        "diagnostic de performance énergétique, de A (économe) à G",
    ),
    (
        "Encadré",
        "valeur masquée dont on sait, sans l'estimer, entre quelles bornes elle est",
    ),
    (
        "EPCI",
        "établissement public de coopération intercommunale : l'intercommunalité",
    ),
    (
        "Indice 100",
        "part de la maille pour 100 dans l'EPCI : 120 veut dire un cinquième de plus",
    ),
    (
        "Maille",
        "unité de territoire pour laquelle un nombre est donné : EPCI, commune, secteur, programme, QPV",
    ),
    (
        "OPS",
        "occupation du parc social : l'enquête sur les ménages logés",
    ),
    (
        "Plafond PLUS",
        "revenu fiscal au-dessus duquel un ménage ne peut entrer dans un logement financé par un PLUS ; il dépend de la composition du ménage",
    ),
    (
        "PLAI, PLUS, PLS, PLI",
        "prêts qui ont financé les logements, du plus social au plus proche du marché",
    ),
    ("Programme", "résidence ou groupe d'immeubles d'un bailleur"),
    (
        "Publié",
        "somme exacte de ce que détiennent les bailleurs présents",
    ),
    ("QPV", "quartier prioritaire de la politique de la ville"),
    (
        "Revenu fiscal de référence",
        "celui de l'avis d'imposition du ménage",
    ),
    (
        "RPLS",
        "répertoire des logements locatifs sociaux, que chaque bailleur déclare tous les ans",
    ),
    (
        "s",
        "abréviation de « secret » dans le tableau de tous les indicateurs ; « n » y veut dire réponse insuffisante, « – » sans objet",
    ),
    (
        "Secret",
        "valeur masquée : sous le seuil, ou permettant d'en retrouver une par soustraction ; ni zéro, ni peu",
    ),
    (
        "Seuil",
        "plus petit nombre qui puisse être montré, 11 au moins",
    ),
    ("Titulaire", "personne qui a signé le bail"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guides_answer_the_questions_of_their_screen() {
        let guides = [
            (
                &[LANDLORD_START, LANDLORD][..],
                include_str!("../../docs/guides/bailleur.md"),
            ),
            (
                &[CONSULTANT][..],
                include_str!("../../docs/guides/bureau-etudes.md"),
            ),
            (
                &[COLLECTIVITY][..],
                include_str!("../../docs/guides/collectivite.md"),
            ),
        ];
        for (questions, guide) in guides {
            for question in questions.iter().copied().flatten() {
                let title = format!("**{}**", question.ask);
                assert!(guide.contains(&title), "{title}");
            }
        }
    }

    #[test]
    fn the_glossary_is_in_order_and_explains_each_word_once() {
        let keys: Vec<String> = GLOSSARY
            .iter()
            .map(|(word, _)| crate::words::alphabetical(word))
            .collect();
        assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "{keys:?}");
    }
}
