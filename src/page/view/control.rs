//! The partials that the consultant dropped (*Contrôle des agrégats*).

use maud::{Markup, html};

use super::scrolling;
use crate::page::view_model::PartialCheck;
use crate::words::ui;

/// One line per file: what it is, and what became of it. Each can be taken out
/// by the button that carries its rank in `data-retirer`.
pub fn checks(checks: &[PartialCheck], missing: &[String], removable: bool) -> Markup {
    html! {
        (scrolling("Contrôle des agrégats", &html! {
            table {
                caption { (caption(checks)) }
                thead { tr {
                    th scope="col" { "Fichier" }
                    th scope="col" { "Bailleur" }
                    th scope="col" { "Produit le" }
                    th scope="col" { "Règle appliquée" }
                    th scope="col" { "Verdict" }
                    @if removable { th scope="col" { "Action" } }
                } }
                tbody {
                    @for (rank, check) in checks.iter().enumerate() {
                        tr {
                            th scope="row" { (check.file) }
                            @match &check.header {
                                Some(header) => {
                                    td { (header.landlord) }
                                    td { (ui::date(&header.produced_on)) }
                                    td { "seuil " (header.threshold) ", " (ui::bears_on(header.bears_on)) }
                                }
                                None => { td { "inconnu" } td { "inconnue" } td { "inconnue" } }
                            }
                            td { (verdict(&check.verdict)) }
                            @if removable {
                                td { button.second.menu type="button" data-retirer=(rank) aria-label=(format!("Retirer {}", check.file)) { "Retirer" } }
                            }
                        }
                    }
                }
            }
        }))
        @if missing.is_empty() {
            p { (ui::NONE_MISSING) }
        } @else {
            p { strong { "Attendus et absents : " } (missing.join(", ")) "." }
        }
    }
}

fn caption(checks: &[PartialCheck]) -> String {
    let accepted = checks.iter().filter(|c| c.verdict.is_ok()).count() as u64;
    let refused = checks.len() as u64 - accepted;
    format!(
        "{}, {}",
        ui::count(accepted, "agrégat accepté", "agrégats acceptés"),
        ui::count(refused, "refusé", "refusés")
    )
}

fn verdict(verdict: &Result<String, String>) -> Markup {
    let (class, word, why) = match verdict {
        Ok(why) => ("verdict accepte", "Accepté", why),
        Err(why) => ("verdict refuse", "Refusé", why),
    };
    html! { span class=(class) { (word) } span.motif { (why) } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::BearsOn;
    use crate::page::view_model::PartialHeader;

    #[test]
    fn each_file_is_named_with_its_verdict_in_words() {
        let lines = [
            PartialCheck {
                file: "<a>.partiel.json".into(),
                header: Some(PartialHeader {
                    landlord: "Habellis".into(),
                    produced_on: "2026-11-23".into(),
                    threshold: 11,
                    bears_on: BearsOn::Effectif,
                }),
                verdict: Ok("sûr".into()),
            },
            PartialCheck {
                file: "b.json".into(),
                header: None,
                verdict: Err("ce n'est pas un agrégat".into()),
            },
        ];
        let html = checks(&lines, &["OPAC".into()], true).into_string();
        assert!(html.contains("<th scope=\"row\">&lt;a&gt;.partiel.json</th>"));
        assert!(html.contains("23 novembre 2026"));
        assert!(html.contains("1\u{a0}agrégat accepté, 1\u{a0}refusé"));
        assert!(html.contains("verdict refuse\">Refusé</span>"));
        assert!(html.contains("ce n'est pas un agrégat"));
        assert!(html.contains("data-retirer=\"1\" aria-label=\"Retirer b.json\""));
        assert!(html.contains("Attendus et absents : </strong>OPAC."));
    }
}
