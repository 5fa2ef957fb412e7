//! What the findings of a reading say: what is wrong, and how to mend it.

use super::numbers;

pub(crate) const COLUMN_TO_CONFIRM: &str = "Des colonnes ressemblent à une variable qui manque, sans en porter le nom : elles ne sont pas lues. Sous « Correspondance des colonnes », confirmez celles qui conviennent.";
pub(crate) const ABSENT_COLUMN: &str = "La correspondance chargée nomme des colonnes que ce fichier n'a pas. Choisissez-les à nouveau sous « Correspondance des colonnes ».";
pub(crate) const IDENTITY_COLUMNS: &str = "Des colonnes semblent porter l'identité de personnes. Elles ne sont pas lues ; l'export peut s'en passer.";
pub(crate) const UNKNOWN_VALUE: &str = "Des valeurs n'ont pas été comprises et comptent comme des non-réponses. Donnez-leur un sens sous « Correspondance des colonnes », ou corrigez-les dans le logiciel d'où vient le fichier.";
pub(crate) const IMPLAUSIBLE_VALUE: &str = "Des valeurs sont impossibles ou invraisemblables et comptent comme des non-réponses. Corrigez-les dans le logiciel d'où vient le fichier, puis refaites l'export.";
pub(crate) const NO_COMMUNE: &str = "Des lignes n'ont pas de commune lisible et ne sont pas comptées. Complétez le code INSEE ou le nom de la commune.";
pub(crate) const COMMUNE_CONFLICT: &str = "Le code INSEE et le nom de la commune se contredisent ; le code est retenu. Vérifiez ces lignes.";
pub(crate) const COMMUNE_CODE: &str = "Le code INSEE n'est pas celui d'une commune du territoire, mais le nom l'est et le département est le même : le nom est retenu. Vérifiez que la colonne donne bien les codes INSEE, et non les codes postaux.";
pub(crate) const NEAR_COMMUNE: &str = "Des lignes nomment une commune que la campagne ne connaît pas, mais dont le nom ressemble à l'une des siennes : elles ne sont pas comptées. Dites sous « Correspondance des colonnes », « Communes à confirmer », de quelle commune il s'agit, ou ajoutez au fichier le code INSEE.";
pub(crate) const NAMESAKE: &str = "Ces lignes ne donnent que le nom de leur commune, et des communes d'autres départements portent le même : elles sont comptées comme étant du territoire. Confirmez-le, ou dites le contraire, sous « Correspondance des colonnes » ; le code INSEE ou le code postal lèverait le doute.";
pub(crate) const OUTSIDE_TERRITORY: &str = "Des lignes sont hors du territoire de la campagne et ne sont pas comptées. C'est normal pour un export de tout le patrimoine.";
pub(crate) const DUPLICATE: &str = "Des lignes répètent un logement déjà lu et disent la même chose de ce qui est compté ; seule la première de chacun l'est. Vérifiez que rien n'a été collé deux fois ; sinon (un cotitulaire par ligne, par exemple), il n'y a rien à faire.";
pub(crate) const SCIENTIFIC_ID: &str = "Des identifiants sont écrits en notation scientifique (1,23E+09) : le tableur en a perdu des chiffres, et les doublons ne peuvent pas y être cherchés. Réexportez cette colonne au format texte.";
pub(crate) const AGES_AGAINST_OCCUPANTS: &str = "Le nombre d'âges listés n'est ni le nombre d'occupants, ni ce nombre moins le titulaire. Les âges connus sont utilisés tels quels. Une colonne d'âge (conjoint, enfant) manque peut-être à la correspondance, ou y est de trop ; sinon, vérifiez les âges et le nombre d'occupants de ces lignes.";
pub(crate) const SITUATION_AGAINST_OCCUPANTS: &str = "La situation familiale contredit le nombre d'occupants (personne seule à plusieurs, famille à une personne…). Les ressources de ces ménages ne peuvent pas être classées. Corrigez celui des deux qui est faux.";
pub(crate) const COUPLE_WITHOUT_AGES: &str = "Des couples sans enfant ont un revenu, mais l'âge de l'un des deux n'est pas connu. Leur plafond PLUS dépend de leurs âges (jeune ménage : 55 ans au plus à eux deux) : ils ne comptent pas dans les ressources comparées au plafond. Ajoutez à l'export les âges de tous les occupants.";
pub(crate) const ACTIVITIES_AGAINST_ADULTS: &str =
    "Il y a plus d'activités de majeurs que d'occupants. Vérifiez les colonnes d'activité.";
pub(crate) const DUPLICATE_DIFFERS: &str = "Des lignes portent le même identifiant de logement et ne disent pas la même chose ; la première est comptée. Vérifiez laquelle est la bonne.";
pub(crate) const ACTIVITIES_AGAINST_AGES: &str = "Il y a plus d'activités de majeurs que de personnes de 18 ans ou plus parmi les âges connus. Vérifiez les activités et les âges de ces lignes.";
pub(crate) const RPLS_UNMATCHED: &str = "Des logements ne se retrouvent pas dans le fichier RPLS : leurs caractéristiques restent celles du fichier OPS. Vérifiez la colonne « Identifiant logement (idem RPLS) ».";
pub(crate) const SEVERAL_LANDLORDS: &str = "Le fichier porte les logements de plusieurs bailleurs. Ce contrôle et l'agrégat ne comptent que le bailleur choisi, et les lignes qui ne nomment personne.";
pub(crate) const BIRTH_YEARS: &str = "Des valeurs sont des années (1984) : elles sont lues comme des années de naissance, et l'âge compté est celui de la date de l'enquête. Si ce n'en sont pas, corrigez-les dans le logiciel d'où vient le fichier.";
pub(crate) const AGES_BY_BRACKET: &str = "Les âges des occupants sont donnés par tranche : ils sont comptés. Les ressources des couples sans enfant, dont le plafond dépend de leurs âges exacts, ne peuvent pas être classées.";
pub(crate) const OTHER_BRACKETS: &str = "Les tranches d'âge du fichier ne se rangent pas dans celles de l'enquête (0-17, 18-24, 25-39, 40-59, 60-74, 75 et plus), ou ne les couvrent pas toutes : ces colonnes ne sont pas utilisées. Exportez les âges, ou ces tranches.";
pub(crate) const QPV_CONFLICT: &str = "Deux colonnes se contredisent sur le quartier prioritaire ; la première est retenue. Vérifiez ces lignes.";
pub(crate) const QPV_WITHOUT_CODE: &str = "Le fichier dit quels logements sont en quartier prioritaire, mais pas dans lequel : des résultats en QPV et hors QPV, presque rien ne pourra être publié. Ajoutez à l'export le code du quartier (QN…), ou donnez une table de passage qui le porte pour chaque programme.";
pub(crate) const QPV_BLANK: &str = "Le quartier prioritaire n'est rempli que pour les logements qui y sont ; les lignes vides comptent comme des non-réponses. Si vide veut dire « hors QPV », dites-le sous « Correspondance des colonnes ».";
pub(crate) const OFF_MARKET: &str = "Des logements sont hors du champ de la convention (vides hors location, ou occupés sans bail) et ne sont pas comptés.";
pub(crate) const TOTAL_ROW: &str =
    "Des lignes de total ou d'en-tête répété ne sont pas des logements et ne sont pas comptées.";
pub(crate) const DECLARED_EXTENT: &str = "La feuille annonce une autre dernière ligne que la dernière qui porte quelque chose. C'est courant après des suppressions ; vérifiez que le nombre de lignes lues est celui que vous attendez.";
pub(crate) const MANY_SHEETS: &str = "Plusieurs feuilles ont le même en-tête : elles sont lues comme un seul fichier. Si l'une d'elles est d'une autre année, ou un brouillon, retirez-la du classeur.";
pub(crate) const OTHER_YEARS: &str = "Des feuilles portent dans leur nom une autre année que celle de l'enquête, et le même en-tête que la feuille de l'enquête : elles ne sont pas lues. Si leurs logements sont bien de cette enquête, retirez l'année du nom de la feuille.";
pub(crate) const ALIKE_SHEETS: &str = "D'autres feuilles ont elles aussi une commune et une occupation, mais pas les mêmes colonnes que celle qui est lue : leurs logements ne sont pas comptés. Donnez à toutes le même en-tête.";
pub(crate) const OTHER_SHEETS: &str = "D'autres feuilles du classeur ne sont pas lues : leur en-tête n'est pas celui d'un fichier OPS, ou il est différent.";
pub(crate) const HIDDEN_SHEET: &str = "La feuille lue est masquée dans le classeur.";

/// Values that are no number nor date, where a meaning cannot be given.
pub(crate) const UNREADABLE: &str = "Des valeurs ne sont ni un nombre ni une date lisible et comptent comme des non-réponses. Corrigez-les dans le logiciel d'où vient le fichier, puis refaites l'export.";

/// After values none of which was understood: of which other column they may be.
pub(crate) const OTHER_COLUMN: &str = " Aucune ne l'a été : cette colonne est peut-être celle d'une autre variable (« Changer les colonnes »).";
/// The same, of typologies among types of dwelling.
pub(crate) const OTHER_COLUMN_TYPOLOGY: &str = " Ce sont des typologies (T1, T2…) : choisissez cette colonne sous « Typologie » (« Changer les colonnes »).";
/// The same, of civil status among family situations.
pub(crate) const OTHER_COLUMN_CIVIL_STATUS: &str = " C'est un état civil, qui ne dit pas de qui se compose le ménage : choisissez la colonne qui dit « personne seule », « couple avec enfants »…, ou aucune (« Changer les colonnes »).";

/// A sentence about the values of a variable.
pub(crate) fn of_variable(name: &str, sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().into_iter().flat_map(char::to_lowercase);
    format!(
        "« {name} » : {}{}",
        first.collect::<String>(),
        letters.as_str()
    )
}

/// After values that are not believed: what is.
pub(crate) fn expected(bounds: &str) -> String {
    format!(" Attendu : {bounds}.")
}

/// See [`expected`].
pub(crate) fn ages(least: u8, most: u8) -> String {
    format!("de {least} à {most} ans")
}

/// See [`expected`].
pub(crate) fn occupants(most: u16) -> String {
    format!("de 1 à {most} personnes")
}

/// See [`expected`].
pub(crate) fn activities(most: u16) -> String {
    format!("au plus {most} personnes")
}

/// See [`expected`].
pub(crate) fn income(most: u64) -> String {
    format!("de 0 à {} euros", numbers::count(most))
}

/// See [`expected`].
pub(crate) fn surface(most: u64) -> String {
    format!("de 1 à {most} m²")
}

/// See [`expected`].
pub(crate) fn rooms(most: u8) -> String {
    format!("de 1 à {most} pièces")
}
