//! The accessibility statement (*déclaration d'accessibilité*) that the foot of
//! the page unfolds. It says what was tried and how, and claims nothing more;
//! `docs/accessibilite.md` gives the detail, criterion by criterion.

/// Its title, in the foot of the page.
pub const TITLE: &str = "Déclaration d'accessibilité (conformité non auditée)";
/// Where the page stands.
pub const STATE: &[&str] = &[
    "Cette page vise le niveau double A (AA) du référentiel général d'amélioration de l'accessibilité, version 4.1 (RGAA). Elle est éprouvée à chaque version par les essais décrits ci-dessous, qui ne relèvent plus d'écart.",
    "Elle n'a pas encore fait l'objet d'un audit complet par une personne, avec des lecteurs d'écran et des utilisateurs concernés. Au sens de la loi, et jusqu'à cet audit, sa conformité n'est donc pas établie.",
];
/// Heading of what was tried.
pub const TESTED_TITLE: &str = "Ce qui est essayé, dans Chromium et dans Firefox";
/// What was tried, and how.
pub const TESTED: &[&str] = &[
    "Chaque état des trois écrans (vide, lecture, annulation, avertissement, erreur, correspondance, terminé, rien à publier, aides dépliées) est contrôlé par axe-core, règles WCAG 2.1 A et AA et bonnes pratiques, sans aucun écart.",
    "Le parcours de chacun des trois rôles est fait au clavier seul, jusqu'au fichier téléchargé. L'ordre du focus suit celui de la page, le focus se voit et n'est jamais perdu.",
    "Sur un écran large de 320 pixels, au zoom de 200 % et avec des textes espacés (interligne 1,5), rien ne déborde de la page et rien n'est coupé ; les grands tableaux défilent dans leur cadre, que le clavier atteint.",
    "Chaque graphique a une description, et dessous le tableau des mêmes nombres. Aucune couleur ne dit quelque chose à elle seule.",
    "Les erreurs, l'avancement et la fin d'un travail sont annoncés aux technologies d'assistance. Rien ne bouge ni ne clignote, et rien n'est limité dans le temps.",
];
/// Heading of what is known to be missing.
pub const LIMITS_TITLE: &str = "Ce qui ne l'est pas";
/// What is known to be missing.
pub const LIMITS: &[&str] = &[
    "Aucun essai n'a été fait avec NVDA, JAWS, VoiceOver ou une plage braille : seul l'arbre d'accessibilité des navigateurs a été lu.",
    "Les graphiques enregistrés (PNG, SVG) portent leur titre et leur source ; leur tableau est à l'écran et dans les exports, non dans l'image.",
    "Un fichier PDF obtenu par la boîte d'impression n'est balisé que si le navigateur le balise.",
];
/// Heading of the last part.
pub const CONTACT_TITLE: &str = "Signaler une difficulté";
/// Whom to tell.
pub const CONTACT: &[&str] = &[
    "Écrivez à qui vous a remis cette page : elle n'envoie rien elle-même. Sans réponse satisfaisante, vous pouvez saisir le Défenseur des droits.",
];
