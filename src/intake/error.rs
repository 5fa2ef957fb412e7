//! Why a file cannot be read: what, where, how to mend it, in French.

use serde::{Deserialize, Serialize};

use super::columns;
use super::report::{Proposal, Sample, Told};
use crate::dwelling::Variable;
use crate::words::damage as words;
use crate::words::report::place;

/// Why a file gave no dwellings. [`Display`](std::fmt::Display) is the whole
/// French sentence; the type crosses from the worker to the page.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IntakeError {
    /// The file, or what it holds, cannot be used.
    #[error("« {file} » : {problem}")]
    Refused {
        /// Name of the file.
        file: String,
        /// What is wrong.
        problem: Problem,
    },
    /// A required column has no sure name: the user must say which it is.
    #[error("« {file} » : {}", missing(.proposal))]
    MappingNeeded {
        /// Name of the file.
        file: String,
        /// What was found and what may be meant.
        proposal: Box<Proposal>,
    },
}

fn missing(proposal: &Proposal) -> String {
    let place = place(&proposal.sheet, proposal.header_row);
    let mut sentences: Vec<String> = Vec::new();
    for variable in &proposal.missing {
        let name = columns::of(*variable).name;
        let near = proposal.candidates.iter().find(|c| c.variable == *variable);
        sentences.push(match near {
            Some(candidate) => format!(
                "aucune colonne ne s'appelle « {name} »{place} ; la colonne {} (« {} ») y ressemble. Confirmez-la sous « Correspondance des colonnes », ou choisissez-en une autre.",
                candidate.column.letters, candidate.column.header
            ),
            None => missing_column(
                *variable,
                &proposal.sheet,
                proposal.header_row,
                &headers(proposal),
            )
            .to_string(),
        });
    }
    sentences.join(" De plus, ")
}

/// The headers of the file, in its order.
fn headers(proposal: &Proposal) -> Vec<Sample> {
    let mapped = proposal.mapped.iter().map(|m| &m.column);
    let ignored = proposal.ignored.iter().map(|i| &i.column);
    let mut all: Vec<_> = mapped.chain(ignored).collect();
    crate::order::sort_by_key(&mut all, |column| {
        (column.letters.len(), column.letters.as_str())
    });
    all.iter()
        .map(|column| Sample::of(&column.header))
        .collect()
}

/// A bound of [`limits`](super::limits), for the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// Bytes of the file.
    FileBytes,
    /// Entries of the zip.
    Entries,
    /// Inflated bytes of an entry.
    EntryBytes,
    /// Inflated bytes for one byte of the file.
    Ratio,
    /// Rows of a sheet.
    Rows,
    /// Columns of a sheet.
    Columns,
    /// Bytes of a cell.
    CellBytes,
    /// Bytes of a row.
    RowBytes,
    /// Shared strings.
    SharedStrings,
    /// Sheets.
    Sheets,
}

impl std::fmt::Display for Bound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::FileBytes => "octets dans le fichier",
            Self::Entries => "éléments dans l'archive du classeur",
            Self::EntryBytes => "octets dans un élément décompressé du classeur",
            Self::Ratio => "octets décompressés pour un octet du fichier",
            Self::Rows => "lignes dans la feuille",
            Self::Columns => "colonnes dans la feuille",
            Self::CellBytes => "octets dans une cellule",
            Self::RowBytes => "octets dans une ligne",
            Self::SharedStrings => "textes partagés dans le classeur",
            Self::Sheets => "feuilles dans le classeur",
        })
    }
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Problem {
    /// No byte at all.
    #[error("le fichier est vide (0 octet). Choisissez le fichier OPS exporté de votre logiciel.")]
    Empty,
    /// The bytes stop before the end that the format announces.
    #[error(
        "le fichier est incomplet : {what}. Le transfert a sans doute été interrompu ; recopiez-le depuis l'original."
    )]
    Truncated {
        /// Where it stops.
        what: String,
    },
    /// The bytes contradict the format.
    #[error(
        "le fichier est abîmé : {what}. Rouvrez-le dans votre tableur et enregistrez-le à nouveau, ou recopiez-le depuis l'original."
    )]
    Damaged {
        /// What is wrong in it.
        what: String,
    },
    /// Encrypted.
    #[error(
        "le fichier est protégé par un mot de passe. Ouvrez-le dans votre tableur, retirez la protection (Fichier, Informations, Protéger le classeur), enregistrez-le et recommencez."
    )]
    Password,
    /// Another kind of file.
    #[error(
        "{what}. Les formats acceptés sont .xlsx, .xlsb, .xls, .ods, .csv et .txt : dans votre tableur, utilisez « Enregistrer sous »."
    )]
    WrongKind {
        /// What it is, a French clause with its verb.
        what: String,
    },
    /// Larger than a bound.
    #[error(
        "{found} {bound}, plus que la limite de {max}. Vérifiez que c'est bien le fichier OPS ; sinon, supprimez ce qui est inutile ou découpez-le."
    )]
    TooMuch {
        /// Which bound.
        bound: Bound,
        /// What the file has.
        found: u64,
        /// The bound.
        max: u64,
    },
    /// No sheet holds anything.
    #[error("aucune feuille ne contient de données. Vérifiez que c'est bien le fichier OPS.")]
    NoData,
    /// The results of a base, which this program exported.
    #[error(
        "c'est un export de résultats, que cette page a écrit : il n'a pas une ligne par logement. Choisissez le fichier OPS exporté de votre logiciel."
    )]
    OwnExport,
    /// No sheet names the columns of a list of a campaign.
    #[error(
        "aucune feuille n'a les colonnes de cette liste. Mettez en première ligne les noms de colonnes : {}.",
        columns.join(", ")
    )]
    NotAList {
        /// The columns, the usual names.
        columns: Vec<String>,
    },
    /// A required column is missing and nothing resembles it.
    #[error(
        "{}",
        missing_column(*.variable, .sheet, *.header_row, .headers)
    )]
    MissingColumn {
        /// Which.
        variable: Variable,
        /// Sheet that looks most like an OPS file.
        sheet: String,
        /// Row of the supposed header; 0 when none was recognised.
        header_row: u32,
        /// The headers that stand there; without a header, a row of the data.
        headers: Vec<Sample>,
    },
    /// A header and nothing under it.
    #[error(
        "aucune ligne de logement sous l'en-tête{}. Vérifiez que l'export n'a pas été filtré.",
        place(.sheet, *.header_row)
    )]
    NoRows {
        /// Sheet.
        sheet: String,
        /// Row of the header.
        header_row: u32,
    },
    /// The rows are there but none is a dwelling of the territory.
    #[error(
        "{}",
        nothing_kept(.sheet, *.header_row, *.rows, .communes)
    )]
    NothingKept {
        /// Sheet.
        sheet: String,
        /// Row of the header.
        header_row: u32,
        /// Rows read.
        rows: u64,
        /// The communes that the file names most.
        communes: Vec<Sample>,
    },
    /// A landlord was chosen, and every row names another.
    #[error(
        "{}",
        other_landlords(.sheet, *.header_row, *.rows, .landlords)
    )]
    OtherLandlords {
        /// Sheet.
        sheet: String,
        /// Row of the header.
        header_row: u32,
        /// Rows read.
        rows: u64,
        /// Those that they name.
        landlords: Vec<Sample>,
    },
    /// The correspondance profile cannot be used.
    #[error("la correspondance des colonnes est inutilisable : {what}.")]
    Correspondence {
        /// Why.
        what: String,
    },
    /// The landlord's own *table de passage* cannot be used.
    #[error("{UNUSABLE_PASSAGE}{0}{MEND_PASSAGE}")]
    Passage(Told),
    /// A file of RPLS characteristics that does not tell which dwelling is which.
    #[error(
        "ce fichier RPLS n'a pas de colonne d'identifiant de logement (IDENT_REP). Le fichier public du RPLS n'en a jamais et ne peut pas être rapproché de l'OPS : utilisez votre propre déclaration RPLS (64 positions) ou l'extrait que l'État vous remet."
    )]
    RplsWithoutIdentifier,
    /// Neither layout of RPLS.
    #[error(
        "ce n'est pas un fichier RPLS : ni déclaration à 64 positions, ni colonnes nommées comme IDENT_REP, FINAN, NBPIECE. Choisissez votre déclaration RPLS, ou passez-vous de ce second fichier."
    )]
    NotRpls,
    /// The bytes could not be had.
    #[error(
        "la lecture du fichier a échoué ({what}). Fermez-le dans votre tableur et recommencez."
    )]
    Io {
        /// What the system says.
        what: String,
    },
}

/// The word for [`Problem::OtherLandlords`].
pub const OTHER_LANDLORDS: &str = "autre-bailleur";

const UNUSABLE_PASSAGE: &str = "la table de passage est inutilisable : ";
const MEND_PASSAGE: &str = ". Corrigez-la dans votre tableur, ou passez-vous de ce fichier.";

fn nothing_kept(sheet: &str, row: u32, rows: u64, communes: &[Sample]) -> Told {
    let read = if communes.is_empty() {
        ""
    } else {
        " ; communes lues : "
    };
    Told::new(
        format!(
            "aucune des {rows} lignes lues n'est un logement du territoire{}{read}",
            place(sheet, row)
        ),
        communes,
        ". Vérifiez la colonne « Commune », et la campagne : sans fichier .campagne.json, c'est celle de la CUCM.",
    )
}

fn other_landlords(sheet: &str, row: u32, rows: u64, landlords: &[Sample]) -> Told {
    Told::new(
        format!(
            "aucune des {rows} lignes lues n'est du bailleur choisi{} : elles nomment ",
            place(sheet, row)
        ),
        landlords,
        ". Choisissez ce bailleur, ou vérifiez que c'est bien votre fichier.",
    )
}

fn missing_column(variable: Variable, sheet: &str, row: u32, headers: &[Sample]) -> Told {
    const SHOWN: usize = 12;
    let column = columns::of(variable);
    let missing = format!(
        "la colonne « {} » est introuvable{}. ",
        column.name,
        place(sheet, row)
    );
    let expected = column.aliases[..column.aliases.len().min(4)].join(" », « ");
    if headers.is_empty() {
        return Told::plain(format!("{missing}Noms reconnus : « {expected} »."));
    }
    let more = if headers.len() > SHOWN { "…" } else { "" };
    Told::new(
        format!("{missing}En-têtes lus : "),
        &headers[..headers.len().min(SHOWN)],
        format!(
            "{more} ; noms reconnus : « {expected} »… Choisissez la colonne sous « Correspondance des colonnes », ou renommez-la."
        ),
    )
}

impl IntakeError {
    /// The sentence, the values that it quotes still marked.
    pub fn told(&self) -> Told {
        match self {
            Self::Refused { file, problem } => {
                let mut told = problem.told();
                told.before.insert_str(0, &format!("« {file} » : "));
                told
            }
            // NOTE: it names headers, and no row.
            Self::MappingNeeded { .. } => Told::plain(self.to_string()),
        }
    }
}

impl Problem {
    /// As [`IntakeError::told`].
    pub fn told(&self) -> Told {
        match self {
            Self::MissingColumn {
                variable,
                sheet,
                header_row,
                headers,
            } => missing_column(*variable, sheet, *header_row, headers),
            Self::NothingKept {
                sheet,
                header_row,
                rows,
                communes,
            } => nothing_kept(sheet, *header_row, *rows, communes),
            Self::OtherLandlords {
                sheet,
                header_row,
                rows,
                landlords,
            } => other_landlords(sheet, *header_row, *rows, landlords),
            Self::Passage(fault) => Told {
                before: format!("{UNUSABLE_PASSAGE}{}", fault.before),
                quoted: fault.quoted.clone(),
                after: format!("{}{MEND_PASSAGE}", fault.after),
            },
            _ => Told::plain(self.to_string()),
        }
    }

    /// A stable word for the kind of problem.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "fichier-vide",
            Self::Truncated { .. } => "fichier-tronque",
            Self::Damaged { .. } => "fichier-abime",
            Self::Password => "mot-de-passe",
            Self::WrongKind { .. } => "format-inconnu",
            Self::TooMuch { .. } => "limite-depassee",
            Self::NoData => "aucune-donnee",
            Self::OwnExport => "export-de-resultats",
            Self::NotAList { .. } => "liste-non-reconnue",
            Self::MissingColumn { .. } => "colonne-absente",
            Self::NoRows { .. } => "aucune-ligne",
            Self::NothingKept { .. } => "aucun-logement",
            Self::OtherLandlords { .. } => OTHER_LANDLORDS,
            Self::Correspondence { .. } => "correspondance",
            Self::Passage(_) => "table-de-passage",
            Self::RplsWithoutIdentifier => "rpls-sans-identifiant",
            Self::NotRpls => "rpls-non-reconnu",
            Self::Io { .. } => "lecture",
        }
    }

    /// The variable that it is about.
    pub fn variable(&self) -> Option<Variable> {
        match self {
            Self::MissingColumn { variable, .. } => Some(*variable),
            _ => None,
        }
    }

    pub(crate) fn too_much(bound: Bound, found: u64, max: u64) -> Self {
        Self::TooMuch { bound, found, max }
    }

    pub(crate) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged { what: what.into() }
    }

    pub(crate) fn truncated(what: impl Into<String>) -> Self {
        Self::Truncated { what: what.into() }
    }
}

impl From<std::io::Error> for Problem {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind;
        // REASON: the zip library reports a wrong check sum and an impossible
        // deflate stream as input/output errors; they say nothing to a user.
        match error.kind() {
            ErrorKind::InvalidData | ErrorKind::InvalidInput => {
                Self::damaged(words::COMPRESSED_DATA)
            }
            ErrorKind::UnexpectedEof => Self::truncated(words::CUT_IN_DATA),
            _ => Self::Io {
                what: error.to_string(),
            },
        }
    }
}
