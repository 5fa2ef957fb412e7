//! What the screen that prepares a campaign says.

use crate::campaign::{PlusCeilings, Rate};

/// A field that may not be empty.
pub const REQUIRED: &str = "Ce champ est à remplir.";
/// The identifier of the campaign.
pub const BAD_ID: &str = "Donnez un identifiant de 1 à 64 lettres sans accent, chiffres, « - » et « _ », par exemple « mon-epci-ops-2024 ».";
/// The identifier is that of another campaign.
pub fn taken_id(id: &str, other: &str) -> String {
    format!(
        "« {id} » est déjà l'identifiant d'une campagne au contenu différent : les bailleurs et la fusion les confondraient. Donnez-en un autre, par exemple « {other} »."
    )
}

/// A SIREN.
pub const BAD_SIREN: &str = "Un numéro SIREN a neuf chiffres.";
/// A date.
pub const BAD_DATE: &str = "Donnez une date, par exemple le 1er janvier de l'année de l'enquête.";
/// The threshold.
pub const BAD_THRESHOLD: &str =
    "Le seuil est un nombre entier d'au moins 11, le minimum de la convention.";
/// The response rate.
pub const BAD_RESPONSE: &str = "Le taux de réponse minimal est un pourcentage d'au moins 60, le minimum de la convention, et d'au plus 100.";
/// The vintage of the ceilings.
pub const BAD_VINTAGE: &str =
    "Le millésime est l'année dont les plafonds valent au 1er janvier, par exemple 2024.";
/// The ceilings.
pub const BAD_CEILINGS: &str = "Donnez sept montants entiers séparés par une espace : les six catégories de ménages, en ordre croissant, puis le supplément par personne.";
/// The first quartile.
pub const BAD_FIRST_QUARTILE: &str = "Donnez un montant entier en euros par an et par unité de consommation, ou laissez ce champ vide.";
/// Communes.
pub const NO_COMMUNE: &str =
    "Donnez au moins une commune : une par ligne, son code INSEE puis son nom.";
/// Landlords.
pub const NO_LANDLORD: &str =
    "Donnez au moins un bailleur : un par ligne, un identifiant court puis son nom.";
/// A line without a name.
pub const NO_NAME: &str = "le nom manque ; séparez les colonnes par « ; ».";
/// A priority district without its code or its name.
pub const DISTRICT_WITHOUT: &str = "donnez le code du quartier puis son nom, séparés par « ; ».";
/// A line of the *table de passage* without a programme.
pub const NO_PROGRAMME: &str = "le numéro de programme manque.";
/// More columns than the list has.
pub const TOO_MANY_COLUMNS: &str = "il y a plus de colonnes que cette liste n'en a. Mettez en première ligne les noms de colonnes, ou retirez celles qui sont de trop.";
/// There are more faults than are told.
pub const MORE_FAULTS: &str = "D'autres lignes sont à revoir : elles seront dites ensuite.";
/// A file whose columns are to be confirmed.
pub fn mapping_needed(file: &str) -> String {
    format!(
        "« {file} » : une colonne nécessaire n'est pas reconnue d'office. Ouvrez ce fichier dans l'onglet « Bailleur », confirmez-y ses colonnes : la même comparaison y est donnée."
    )
}

/// The readings were compared.
pub const COMPARED: &str = "Comparaison faite : elle est sous « Fichier OPS d'essai ».";

/// The campaign was saved.
pub const READY: &str = "Remettez le même fichier à tous les bailleurs, et gardez-le pour fusionner leurs agrégats : toute modification en fait une autre campagne.";
/// A campaign was read into the form.
pub const LOADED: &str = "Campagne lue : modifiez les champs, puis téléchargez-la. Sous un contenu différent, c'est une autre campagne : donnez-lui un autre identifiant.";

/// What is wrong at a line.
pub fn at_line(number: usize, what: &str) -> String {
    format!("Ligne {number} : {what}")
}

/// An INSEE code that is none.
pub fn bad_code(code: &str) -> String {
    format!("« {code} » n'est pas un code INSEE de commune (cinq caractères).")
}

/// The identifier of a landlord.
pub fn bad_landlord(id: &str) -> String {
    format!(
        "« {id} » n'est pas un identifiant de bailleur : des lettres sans accent, des chiffres, « - » et « _ »."
    )
}

/// Something that another line says already.
pub fn again(what: &str, first: usize) -> String {
    format!("« {what} » figure déjà à la ligne {first}.")
}

/// A landlord of the *table de passage* that is not in the list.
pub fn no_landlord(name: &str) -> String {
    format!("« {name} » n'est pas un bailleur de la liste.")
}

/// A commune of the *table de passage* that is not in the list.
pub fn no_commune(name: &str) -> String {
    format!("« {name} » n'est ni le code ni le nom d'une commune de la liste.")
}

/// A programme that two lines place differently.
pub fn placed_twice(programme: &str, first: usize) -> String {
    format!(
        "le programme « {programme} » est placé autrement à la ligne {first}. Gardez une seule des deux lignes, ou précisez la commune."
    )
}

/// A list that cannot be read.
pub fn unreadable_list(why: &str) -> String {
    format!("{why}. Vérifiez les guillemets et mettez une ligne par élément.")
}

/// How many fields are to mend.
pub fn faults(fields: usize) -> String {
    match fields {
        1 => "Un champ est à corriger ; rien n'est perdu de votre saisie.".to_owned(),
        n => format!("{n} champs sont à corriger ; rien n'est perdu de votre saisie."),
    }
}

/// What was saved.
pub fn saved(file: &str, communes: usize, landlords: usize, passage: usize) -> String {
    format!(
        "« {file} » est enregistré dans vos téléchargements (communes : {communes} ; bailleurs : {landlords} ; lignes de la table de passage : {passage}). {READY}"
    )
}

/// The first of the ceilings to choose from.
pub const TYPED_CEILINGS: &str = "ceux des champs ci-dessous";
/// A reading was stopped.
pub const CANCELLED: &str = "Lecture annulée ; votre saisie est gardée.";

/// A list was imported.
pub fn imported(file: &str) -> String {
    format!("« {file} » : les lignes qui n'étaient pas encore là sont ajoutées ; relisez-les.")
}

/// A rate as it is typed: « 60 », « 62,5 ».
pub fn rate_typed(rate: Rate) -> String {
    let text = format!("{},{:03}", rate.0 / 1_000, rate.0 % 1_000);
    text.trim_end_matches('0').trim_end_matches(',').to_owned()
}

/// Ceilings to choose from.
pub fn ceilings(ceilings: &PlusCeilings) -> String {
    let zone = match ceilings.zone.as_str() {
        "autres_regions" => "autres régions",
        "idf_hors_paris_limitrophes" => "Île-de-France hors Paris et communes limitrophes",
        "paris_et_limitrophes" => "Paris et communes limitrophes",
        other => other,
    };
    format!("{}, {zone}", ceilings.vintage)
}
