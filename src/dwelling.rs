//! One row of the survey, understood: a dwelling, its household, and the closed
//! vocabularies of Annexe 2 of the convention.
//!
//! `None` always means *not known*: the landlord did not answer, the value was
//! not understood, or the column is absent. Nothing is guessed.

/// A variable that a landlord's file may carry (a column of Annexe 2, or an
/// RPLS characteristic that travels with it). A table whose variables have no
/// column in the file is left out of the partial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Variable {
    /// *Bailleur*.
    Landlord,
    /// *Identifiant logement (idem RPLS)*.
    DwellingId,
    /// The landlord's own reference for the dwelling.
    OwnDwellingId,
    /// *Numéro de programme*.
    ProgrammeNumber,
    /// *Nom du programme*.
    ProgrammeName,
    /// *Commune*, by name.
    Commune,
    /// INSEE code of the commune.
    InseeCode,
    /// Postal code.
    PostalCode,
    /// *Adresse*: recognised so that it is never used.
    Address,
    /// Priority district (*QPV*): a flag or a code.
    Qpv,
    /// *Type de logement* (individuel, collectif).
    HousingType,
    /// *Typologie* (T1, T2…).
    Typology,
    /// *Financement*.
    Financing,
    /// *Occupation* (loué, vacant, tiers).
    Occupation,
    /// *Situation familiale*.
    FamilySituation,
    /// *Nombre total d'occupants*.
    Occupants,
    /// *Âge du titulaire du bail*.
    HolderAge,
    /// *Âge des occupants*.
    OccupantAges,
    /// *Activité des majeurs*.
    Activities,
    /// *Revenu fiscal de référence*.
    Income,
    /// *Bénéficiaire de l'APL*.
    Apl,
    /// *Bénéficiaire de l'ASPA*.
    Aspa,
    /// Did the household answer the survey?
    Answered,
    /// Year of completion (RPLS `CONSTRUCT`).
    ConstructionYear,
    /// Energy label (RPLS `DPEENERGIE`).
    EnergyLabel,
    /// Number of habitable rooms (RPLS `NBPIECE`).
    Rooms,
    /// Habitable surface in m² (RPLS `SURFHAB`).
    Surface,
}

/// The variables for which the file has a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Variables(u32);

impl Variables {
    /// Adds a variable.
    pub fn insert(&mut self, variable: Variable) {
        self.0 |= 1 << variable as u32;
    }

    /// The variables of either.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Is the variable there?
    pub fn contains(self, variable: Variable) -> bool {
        self.0 & (1 << variable as u32) != 0
    }
}

impl FromIterator<Variable> for Variables {
    fn from_iter<I: IntoIterator<Item = Variable>>(iter: I) -> Self {
        let mut set = Self::default();
        iter.into_iter().for_each(|v| set.insert(v));
        set
    }
}

macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $id:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every value, in the order of its modalités.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The identifiers of the modalités, in the same order.
            pub const IDS: &'static [&'static str] = &[$($id),+];

            /// The value's rank among the modalités.
            pub fn index(self) -> usize {
                self as usize
            }

            /// The identifier used in files.
            pub fn id(self) -> &'static str {
                Self::IDS[self as usize]
            }
        }
    };
}

vocabulary! {
    /// *Occupation* at the reference date.
    Occupation {
        /// Let to a household.
        Let = "loue",
        /// Offered for rent and vacant.
        Vacant = "vacant",
        /// Let to a third party (an association, *organisme tiers*).
        ThirdParty = "tiers",
    }
}
vocabulary! {
    /// *Type de logement*.
    HousingType {
        /// A house.
        Individual = "individuel",
        /// A flat.
        Collective = "collectif",
    }
}
vocabulary! {
    /// *Typologie*: number of main rooms.
    Typology {
        /// One room, studios and single rooms (*chambre*) included.
        T1 = "T1",
        /// Two rooms.
        T2 = "T2",
        /// Three rooms.
        T3 = "T3",
        /// Four rooms.
        T4 = "T4",
        /// Five rooms and more.
        T5Plus = "T5+",
    }
}
vocabulary! {
    /// *Financement*: the loan that built the dwelling, grouped.
    Financing {
        /// PLA d'intégration (RPLS 10, 11).
        Plai = "PLAI",
        /// HLM loans before 1977 (RPLS 50 to 55, 99).
        PlusBefore1977 = "PLUS_avant_1977",
        /// PLA and PLUS (RPLS 12, 13).
        PlusAfter1977 = "PLUS_apres_1977",
        /// PLS (RPLS 14).
        Pls = "PLS",
        /// PLI (RPLS 16).
        Pli = "PLI",
        /// Anything else that is known.
        Other = "autre",
    }
}
vocabulary! {
    /// *Situation familiale* of the household.
    FamilySituation {
        /// *Personne seule*.
        Alone = "personne_seule",
        /// *Famille monoparentale*.
        SingleParent = "famille_monoparentale",
        /// *Couple sans enfant*.
        CoupleWithout = "couple_sans_enfant",
        /// *Couple avec enfant(s)*.
        CoupleWith = "couple_avec_enfants",
        /// *Autre*.
        Other = "autre",
    }
}
vocabulary! {
    /// *Activité* of an adult. Apprentices count as precarious employment and
    /// pensioners as out of work (Annexe 2 gives them no line of their own).
    Activity {
        /// *Emploi stable*.
        Stable = "emploi_stable",
        /// *Emploi précaire*.
        Precarious = "emploi_precaire",
        /// *Chômeur*.
        Unemployed = "chomeur",
        /// *Étudiant*.
        Student = "etudiant",
        /// *Sans emploi*.
        OutOfWork = "sans_emploi",
    }
}
vocabulary! {
    /// Energy label (*étiquette DPE*).
    EnergyLabel {
        /// A.
        A = "A",
        /// B.
        B = "B",
        /// C.
        C = "C",
        /// D.
        D = "D",
        /// E.
        E = "E",
        /// F.
        F = "F",
        /// G.
        G = "G",
    }
}

/// Where the dwelling stands with regard to the priority districts (*QPV*).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Qpv {
    /// Not said.
    #[default]
    Unknown,
    /// Outside.
    Outside,
    /// Inside; the district's code where it is given.
    Inside(Option<String>),
}

/// The household of a let dwelling, as far as it answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Household {
    /// *Situation familiale*.
    pub situation: Option<FamilySituation>,
    /// *Nombre total d'occupants*, the tenant included.
    pub occupants: Option<u16>,
    /// Age of the tenant (*titulaire*), completed years at the reference date.
    pub holder_age: Option<u8>,
    /// Ages that the file lists for the occupants; `None` is a person listed
    /// without a usable age.
    pub listed_ages: Vec<Option<u8>>,
    /// Occupants by class of age (the modalités of `age_occupants`), where the
    /// file gives only that; all zero otherwise, and then nobody is counted twice.
    pub ages_by_class: [u16; 6],
    /// Activities that the file lists for the adults; `None` is an adult listed
    /// without a usable activity.
    pub activities: Vec<Option<Activity>>,
    /// *Revenu fiscal de référence*, in whole euros; zero is an answer.
    pub income: Option<u64>,
    /// Receives the APL?
    pub apl: Option<bool>,
    /// Receives the ASPA?
    pub aspa: Option<bool>,
}

/// One dwelling: a row of the landlord's file, understood and in the territory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dwelling {
    /// Rank in the campaign of the landlord that the row names, when it names one.
    pub landlord: Option<usize>,
    /// Rank of the commune in the campaign's list.
    pub commune: usize,
    /// *Numéro de programme*; empty when the row has none.
    pub programme: String,
    /// *Nom du programme*; empty when the row has none.
    pub programme_name: String,
    /// Position with regard to the QPV, from the row itself.
    pub qpv: Qpv,
    /// *Type de logement*.
    pub housing_type: Option<HousingType>,
    /// *Typologie*.
    pub typology: Option<Typology>,
    /// *Financement*.
    pub financing: Option<Financing>,
    /// *Occupation*.
    pub occupation: Option<Occupation>,
    /// Year of completion.
    pub construction_year: Option<u16>,
    /// Energy label.
    pub energy_label: Option<EnergyLabel>,
    /// Habitable rooms, when the exact number is known.
    pub rooms: Option<u8>,
    /// Habitable surface, whole m² (rounded down).
    pub surface: Option<u16>,
    /// What is known of the household; meaningful when the dwelling is let.
    pub household: Household,
}

impl Dwelling {
    /// Empties the row so that its buffers serve the next one.
    pub fn clear(&mut self) {
        let Household {
            mut listed_ages,
            mut activities,
            ..
        } = std::mem::take(&mut self.household);
        listed_ages.clear();
        activities.clear();
        let (mut programme, mut programme_name) = (
            std::mem::take(&mut self.programme),
            std::mem::take(&mut self.programme_name),
        );
        programme.clear();
        programme_name.clear();
        *self = Self {
            programme,
            programme_name,
            household: Household {
                listed_ages,
                activities,
                ..Household::default()
            },
            ..Self::default()
        };
    }
}
