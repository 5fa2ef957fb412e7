//! Columns of persons' identities (*nom, téléphone, NIR…*), told by their header
//! or by their values: never read, and said to be there.

use crate::campaign::normalise;

/// Words that make a header look like the identity of a person. A header is
/// looked at so only when no variable is called like it.
const IDENTITY_WORDS: &[&str] = &[
    "NOM",
    "NOMS",
    "PRENOM",
    "PRENOMS",
    "PATRONYME",
    "IDENTITE",
    "CIVILITE",
    "TEL",
    "TELEPHONE",
    "PORTABLE",
    "MOBILE",
    "GSM",
    "MAIL",
    "EMAIL",
    "MEL",
    "COURRIEL",
    "NIR",
    "IBAN",
    "RIB",
    "BIC",
    "BANQUE",
    "SECU",
];
/// Words for a person: with nothing beside them but [`PERSON_BESIDE`] and ranks,
/// the column is his name. « Profession du locataire » is none.
const PERSON_WORDS: &[&str] = &[
    "LOCATAIRE",
    "LOCATAIRES",
    "TITULAIRE",
    "TITULAIRES",
    "COTITULAIRE",
    "COLOCATAIRE",
    "CONJOINT",
    "SIGNATAIRE",
    "PRENEUR",
];
/// What may stand beside a word for a person without saying anything of him.
const PERSON_BESIDE: &[&str] = &[
    "PRINCIPAL",
    "BAIL",
    "CO",
    "OU",
    "ET",
    "DU",
    "DE",
    "LE",
    "LA",
    "L",
    "N",
    "NO",
    "CODE",
    "REFERENCE",
    "REF",
    "ID",
    "IDENTIFIANT",
    "NUMERO",
    "LIBELLE",
    "ENTREE",
    "ACTUEL",
    "EN",
    "PLACE",
];
/// The same, several words together.
const IDENTITY_PHRASES: &[&str] = &[
    "SECURITE SOCIALE",
    "E MAIL",
    "COMPTE BANCAIRE",
    "COORDONNEES BANCAIRES",
    "LIEU NAISSANCE",
    "LIEU DE NAISSANCE",
    "N ALLOCATAIRE",
    "NUMERO ALLOCATAIRE",
    "N FISCAL",
    "NUMERO FISCAL",
];

/// Does the header look like the identity of a person?
pub(crate) fn is_identity(header: &str) -> bool {
    let plain = normalise(header);
    let padded = format!(" {plain} ");
    let bare = |word: &str| {
        let stem = word.trim_end_matches(|c: char| c.is_ascii_digit());
        stem.to_owned()
    };
    let words: Vec<String> = plain.split(' ').map(bare).collect();
    let among = |list: &[&str], word: &str| list.contains(&word);
    words.iter().any(|word| among(IDENTITY_WORDS, word))
        || IDENTITY_PHRASES
            .iter()
            .any(|phrase| padded.contains(&format!(" {phrase} ")))
        || (words.iter().any(|word| among(PERSON_WORDS, word))
            && words.iter().all(|word| {
                word.is_empty() || among(PERSON_WORDS, word) || among(PERSON_BESIDE, word)
            }))
}

/// Does a value look like what only a person has: an e-mail address, a phone
/// number, a NIR (*numéro de sécurité sociale*), an IBAN, a title and a name?
/// Of a spreadsheet's own numbers see [`is_identity_number`].
pub(crate) fn is_identity_value(text: &str) -> bool {
    let text = text.trim();
    let plain = normalise(text);
    if let Some((name, host)) = text.split_once('@') {
        return !name.is_empty() && host.contains('.') && !text.contains(' ');
    }
    let titled = ["M ", "MR ", "MME ", "MLLE ", "MONSIEUR ", "MADAME "]
        .iter()
        .any(|title| plain.strip_prefix(title).is_some_and(is_words));
    if titled {
        return true;
    }
    let packed: String = plain.chars().filter(|c| *c != ' ').collect();
    if packed.len() == 27 && packed.starts_with("FR") {
        return packed[2..4].bytes().all(|b| b.is_ascii_digit());
    }
    is_phone(text, &packed) || is_nir(&packed)
}

/// Is it a NIR that a spreadsheet holds as a number? A shorter number may be an
/// amount or the identifier of a dwelling.
pub(crate) fn is_identity_number(n: f64) -> bool {
    (1e12..1e15).contains(&n) && n == n.trunc() && is_nir(&format!("{n:.0}"))
}

fn is_words(rest: &str) -> bool {
    !rest.is_empty() && rest.bytes().all(|b| b == b' ' || b.is_ascii_uppercase())
}

/// Ten digits from a zero in pairs, or with the country before. Ten digits in a
/// row may be the identifier of a dwelling: they are no phone number.
fn is_phone(text: &str, packed: &str) -> bool {
    if !packed.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    match packed.len() {
        10 => {
            let pairs: Vec<&str> = text
                .split([' ', '.', '-', '\u{a0}', '\u{202f}', '/'])
                .collect();
            text.starts_with('0') && pairs.len() == 5 && pairs.iter().all(|pair| pair.len() == 2)
        }
        11 | 12 => text.starts_with('+') && packed.starts_with("33"),
        _ => false,
    }
}

/// Sex, year and month of birth, department…, with its key when it has one.
fn is_nir(packed: &str) -> bool {
    if !packed.is_ascii() || !matches!(packed.len(), 13 | 15) {
        return false;
    }
    // Corsica writes 2A and 2B, which count as 19 and 18 in the key.
    let number = packed.replacen("2A", "19", 1).replacen("2B", "18", 1);
    let Ok(whole) = number.parse::<u64>() else {
        return false;
    };
    let month: u8 = packed[3..5].parse().unwrap_or(0);
    let shape = packed.starts_with(['1', '2']) && matches!(month, 1..=12 | 20 | 30..=42);
    shape && (packed.len() == 13 || 97 - (whole / 100) % 97 == whole % 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::columns::Names;

    #[test]
    fn identity_is_seen_in_headers_that_no_variable_bears() {
        for header in [
            "Nom",
            "NOM LOCATAIRE",
            "Prénom 1",
            "Tél. portable",
            "E-mail",
            "N° sécurité sociale",
            "IBAN",
            "Nom de naissance",
            "Civilité",
            "Téléphone2",
            "Locataire",
            "Locataire 2",
            "Titulaire du bail",
            "N° locataire",
            "Identité",
        ] {
            assert!(Names::new().recognise(header).is_none(), "{header}");
            assert!(is_identity(header), "{header}");
        }
        for value in [
            "jean.durand@exemple.fr",
            "06 12 34 56 78",
            "03.85.00.00.00",
            "+33 6 12 34 56 78",
            "2 55 08 14 168 025 38",
            "1850771123456",
            "FR76 3000 1007 9412 3456 7890 185",
            "Mme Durand",
            "M. LE GOFF",
        ] {
            assert!(is_identity_value(value), "{value}");
        }
        assert!(is_identity_number(1_850_771_123_456.0));
        assert!(is_identity_number(255_081_416_802_538.0));
        for number in [
            1_000_000_001.0,
            712_345.5,
            34_567_890_123_456.0,
            0.0,
            f64::NAN,
        ] {
            assert!(!is_identity_number(number), "{number}");
        }
        for value in [
            "1000000001",
            "0710000001",
            "T3",
            "M",
            "MME",
            "12 000 €",
            "12/03/1985",
            "Les Acacias",
            "2 55 08 14 168 025 39",
            "FR",
            "71200 Le Creusot",
            "50,5 m2",
        ] {
            assert!(!is_identity_value(value), "{value}");
        }
        // What is said of a tenant is not his identity.
        for header in [
            "Profession du locataire",
            "Situation familiale du titulaire",
            "Activité conjoint",
            "Revenus du locataire",
        ] {
            assert!(!is_identity(header), "{header}");
        }
        assert!(!is_identity("Étage"));
        assert!(!is_identity("Dénomination"));
    }
}
