//! The partials that the consultant dropped (*Contrôle des agrégats*).

use maud::{Markup, html};

use super::{names, said, scrolling};
use crate::legible;
use crate::page::view_model::FileCheck;
use crate::words::ui::{self, DASH};
use crate::words::{control as words, heads};

/// Most reasons given beside the sentence that there is no result.
const MAX_REASONS: usize = 2;

/// One line per file: what it is, and what became of it. Each can be taken out
/// by the button that carries its rank in `data-retirer`.
pub fn checks(checks: &[FileCheck], missing: &[String], removable: bool) -> Markup {
    let (accepted, refused, again) = tally(checks);
    html! {
        (scrolling(words::CHECKS, &html! {
            table {
                caption { (ui::checked(accepted, refused, again)) }
                thead { tr {
                    th scope="col" { (heads::FILE) }
                    th scope="col" { (heads::LANDLORD) }
                    th scope="col" { (heads::PRODUCED_ON) }
                    th scope="col" { (words::RULE_APPLIED) }
                    th scope="col" { (words::VERDICT) }
                    @if removable { th scope="col" { (words::ACTION) } }
                } }
                tbody {
                    @for (rank, check) in checks.iter().enumerate() {
                        tr {
                            (line(check))
                            @if removable {
                                td { button.second.menu type="button" data-retirer=(rank) aria-label=(words::remove(&legible::apart(check.file()))) { (words::REMOVE) } }
                            }
                        }
                    }
                }
            }
        }))
        @for caveat in caveats(checks) { p.aide { (said(caveat)) } }
        @if missing.is_empty() {
            p { (ui::NONE_MISSING) }
        } @else {
            p { strong { (words::MISSING) } (names(missing)) "." }
        }
    }
}

/// What the verdicts leave aside, each once.
fn caveats(checks: &[FileCheck]) -> Vec<&str> {
    let said = checks.iter().flat_map(|check| match check {
        FileCheck::Accepted(partial) => &partial.caveats[..],
        FileCheck::Refused(_) => &[],
    });
    let mut caveats: Vec<&str> = Vec::new();
    for caveat in said {
        if !caveats.contains(&caveat.as_str()) {
            caveats.push(caveat);
        }
    }
    caveats
}

/// That the merge is done, beside what is said of the campaign. It stands out
/// where a file was refused, a landlord is missing or lacks tables: what is merged is not
/// the whole.
pub fn done(
    checks: &[FileCheck],
    missing: &[String],
    lacks: &[(String, String)],
    campaign: Option<&str>,
) -> Markup {
    let (accepted, refused, again) = tally(checks);
    let words = ui::merged(accepted, refused, again);
    html! {
        @if refused > 0 || !missing.is_empty() || !lacks.is_empty() {
            span.reserve {
                (said(&words))
                @for reason in reasons(checks) { " " (said(&reason)) }
                @if !missing.is_empty() { (words::STILL_MISSING) (names(missing)) "." }
                @for (landlord, tables) in lacks { (said(&words::lacking(landlord, tables))) }
            }
        } @else { (said(&words)) }
        @if let Some(campaign) = campaign { " " (said(campaign)) }
    }
}

/// Why there is no result, and what is said of the first files, one sentence a line:
/// their table may be out of sight.
pub fn nothing(reason: &str, checks: &[FileCheck]) -> String {
    let mut sentences = vec![reason.to_owned()];
    sentences.extend(reasons(checks));
    sentences.join("\n")
}

/// Why files are refused: the first reasons, each once.
fn reasons(checks: &[FileCheck]) -> Vec<String> {
    let mut reasons = Vec::new();
    for check in checks {
        if let FileCheck::Refused(refused) = check
            && !refused.again
            && reasons.len() < MAX_REASONS
            && !reasons.contains(&refused.reason)
        {
            reasons.push(refused.reason.clone());
        }
    }
    reasons
}

/// Files accepted, refused, received already.
fn tally(checks: &[FileCheck]) -> (u64, u64, u64) {
    let mut tally = (0, 0, 0);
    for check in checks {
        match check {
            FileCheck::Accepted(_) => tally.0 += 1,
            FileCheck::Refused(one) if one.again => tally.2 += 1,
            FileCheck::Refused(_) => tally.1 += 1,
        }
    }
    tally
}

fn line(check: &FileCheck) -> Markup {
    html! {
        th scope="row" { (check.file()) }
        @match check {
            FileCheck::Accepted(partial) => {
                td { (partial.name) }
                td { (ui::date(&partial.produced_on)) }
                td { (ui::threshold(partial.rules.threshold, partial.rules.bears_on)) }
                td { span.verdict.accepte { (words::ACCEPTED) } span.motif { (said(&partial.verdict)) } }
            }
            FileCheck::Refused(refused) if refused.again => {
                @for _ in 0..3 { td { (DASH) } }
                td { span.verdict { (words::AGAIN) } span.motif { (said(&refused.reason)) } }
            }
            FileCheck::Refused(refused) => {
                @for _ in 0..3 { td { (DASH) } }
                td { span.verdict.refuse { (words::REFUSED) } span.motif { (said(&refused.reason)) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::Campaign;
    use crate::partial::AppliedRules;
    use crate::pipeline::{AcceptedPartial, RefusedFile};

    #[test]
    fn each_file_is_named_with_its_verdict_in_words() {
        let lines = [
            FileCheck::Accepted(AcceptedPartial {
                file: "<a>.partiel.json".into(),
                landlord: "habellis".into(),
                name: "Habellis".into(),
                produced_on: "2026-11-23".into(),
                rules: AppliedRules::of(&Campaign::cucm().file().rules),
                fingerprint: "sha256:0".into(),
                verdict: "12 cases attaquées".into(),
                caveats: vec!["Les vacants à part.".into()],
            }),
            FileCheck::Refused(RefusedFile {
                file: "b.json".into(),
                reason: "ce n'est pas un agrégat".into(),
                again: false,
            }),
            FileCheck::Refused(RefusedFile {
                file: "a (2).json".into(),
                reason: ui::RECEIVED_AGAIN.into(),
                again: true,
            }),
        ];
        let html = checks(&lines, &["OPAC".into()], true)
            .into_string()
            .replace('\u{a0}', " ");
        assert!(html.contains("<th scope=\"row\">&lt;a&gt;.partiel.json</th>"));
        assert!(html.contains("<td>Habellis</td><td>23 novembre 2026</td>"));
        assert!(html.contains("seuil de 11 sur chaque effectif"));
        assert!(html.contains("12 cases attaquées"));
        assert!(html.contains("1 agrégat accepté, 1 refusé, 1 déjà reçu"));
        assert!(html.contains("Déjà reçu</span>") && html.contains("compté une fois"));
        assert_eq!(html.matches("verdict refuse").count(), 1);
        assert!(html.contains("verdict refuse\">Refusé</span>"));
        assert!(html.contains("ce n'est pas un agrégat"));
        assert!(html.contains("data-retirer=\"1\" aria-label=\"Retirer b.json\""));
        assert!(html.contains("Attendus et absents : </strong>OPAC."));
        // Of two partials too, what both verdicts leave aside is said once.
        let twice = [lines[0].clone(), lines[0].clone()];
        let html = checks(&twice, &[], true).into_string();
        assert_eq!(html.matches("Les vacants à part.").count(), 1, "{html}");
        assert_eq!(html.matches("12 cases attaquées").count(), 2);
        // What is merged lacks a landlord: said, and not as what went well.
        let html = done(&lines, &[], &[], Some("« c » sert de campagne."));
        assert_eq!(
            html.into_string().replace('\u{a0}', " "),
            "<span class=\"reserve\">Contrôle et fusion terminés : 1 agrégat accepté, 1 refusé, \
             1 déjà reçu. ce n'est pas un agrégat</span> « c » sert de campagne."
        );
        let html = done(&twice, &[], &[], None);
        assert_eq!(
            html.into_string().replace('\u{a0}', " "),
            "Contrôle et fusion terminés : 2 agrégats acceptés, aucun refusé."
        );
        let html = done(&twice, &["OPAC".to_owned()], &[], None).into_string();
        assert!(html.starts_with("<span class=\"reserve\">"), "{html}");
        assert!(
            html.replace('\u{a0}', " ")
                .ends_with("il manque : OPAC.</span>"),
            "{html}"
        );
        let lacks = [("OPAC".to_owned(), "ASPA".to_owned())];
        let html = done(&twice, &[], &lacks, None).into_string();
        assert!(html.starts_with("<span class=\"reserve\">"), "{html}");
        assert!(
            html.replace('\u{a0}', " ")
                .contains("L'agrégat de « OPAC » ne porte pas : ASPA."),
            "{html}"
        );
        // Where none is accepted, each reason once, beside the sentence that says so.
        let said = nothing(
            "Rien.",
            &[lines[1].clone(), lines[2].clone(), lines[1].clone()],
        );
        assert_eq!(said, "Rien.\nce n'est pas un agrégat");
        // The example's files cannot be taken out.
        let html = checks(&lines, &[], false)
            .into_string()
            .replace('\u{a0}', " ");
        assert!(!html.contains("<button") && html.contains(ui::NONE_MISSING));
    }
}
