//! Contextual help, folded until it is asked for, and what stands in the foot of
//! the page: the words of the trade, the accessibility statement.

use maud::{Markup, html};

use crate::words::accessibility as statement;
use crate::words::help::{GLOSSARY, GLOSSARY_TITLE, Question};
use crate::words::ui::spaced;

/// The questions of a screen, each folded over its answer.
pub fn questions(questions: &[Question]) -> Markup {
    html! {
        @for question in questions {
            details.question {
                summary { (spaced(question.ask)) }
                @for paragraph in question.answer { p { (spaced(paragraph)) } }
            }
        }
    }
}

/// The words of the trade (*sigles et mots du métier*).
pub fn glossary() -> Markup {
    html! {
        details.question {
            summary { (GLOSSARY_TITLE) }
            dl.fiche { @for (word, meaning) in GLOSSARY { dt { (word) } dd { (spaced(meaning)) "." } } }
        }
    }
}

/// The accessibility statement (*déclaration d'accessibilité*).
pub fn accessibility() -> Markup {
    html! {
        details.question id="accessibilite" {
            summary { (spaced(statement::TITLE)) }
            @for paragraph in statement::STATE { p { (spaced(paragraph)) } }
            h2 { (spaced(statement::TESTED_TITLE)) }
            ul { @for line in statement::TESTED { li { (spaced(line)) } } }
            h2 { (spaced(statement::LIMITS_TITLE)) }
            ul { @for line in statement::LIMITS { li { (spaced(line)) } } }
            h2 { (spaced(statement::CONTACT_TITLE)) }
            @for paragraph in statement::CONTACT { p { (spaced(paragraph)) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::help;

    #[test]
    fn each_question_is_folded_over_its_answer() {
        let html = questions(help::LANDLORD).into_string();
        assert_eq!(html.matches("<details").count(), help::LANDLORD.len());
        assert!(html.contains("<summary>Qu'est-ce qu'une maille\u{a0}?</summary><p>"));
    }
}
