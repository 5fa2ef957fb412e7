//! What the labels of the file were taken for: the landlord reads it beside his own
//! list, and sees a label that the software understands otherwise than he does.

use std::collections::BTreeMap;

use super::{Memo, Reader};
use crate::campaign::normalise;
use crate::dwelling::Variable;
use crate::intake::cell::Value;
use crate::intake::correspondence::{
    EMPTY_OFF_MARKET, MAX_DISTINCT, OCCUPIED_WITHOUT_LEASE, UNKNOWN, meanings,
};
use crate::intake::report::{Reason, Sample, Understood};
use crate::intake::values::{Answer, Scope};

impl Reader<'_> {
    /// The labels understood, by variable and meaning, the most frequent first; at
    /// most [`MAX_DISTINCT`] of a variable.
    pub(crate) fn understood(&self) -> Vec<Understood> {
        let memos = &self.memos;
        let mut all = Vec::new();
        let mut list = |variable, heard| all.extend(listed(variable, heard));
        list(
            Variable::Occupation,
            heard(&memos.occupation, |scope| match scope {
                Scope::In(occupation) => occupation.id(),
                Scope::Out(Reason::OccupiedWithoutLease) => OCCUPIED_WITHOUT_LEASE,
                Scope::Out(_) => EMPTY_OFF_MARKET,
            }),
        );
        list(Variable::HousingType, heard(&memos.housing, |v| v.id()));
        list(Variable::Typology, heard(&memos.typology, |(v, _)| v.id()));
        list(Variable::Financing, heard(&memos.financing, |v| v.id()));
        list(Variable::EnergyLabel, heard(&memos.energy, |v| v.id()));
        list(
            Variable::FamilySituation,
            heard(&memos.situation, |v| v.id()),
        );
        list(Variable::Activities, heard(&memos.activity, |v| v.id()));
        all
    }
}

/// A label, its meaning, and how often it came.
type Heard = (String, &'static str, u64);

/// What a memory has of labels that mean something; silence that is spelled out
/// (« NC ») is one of them.
fn heard<T>(memo: &Memo<Answer<T>>, id: impl Fn(&T) -> &'static str) -> Vec<Heard> {
    let texts = memo.texts.iter().map(|(text, known)| (text.clone(), known));
    let numbers = memo
        .numbers
        .iter()
        .map(|(&bits, known)| (Value::Number(f64::from_bits(bits)).text().into(), known));
    texts
        .chain(numbers)
        .filter_map(|(label, (answer, times))| {
            let meaning = match answer {
                Answer::Known(value) => id(value),
                Answer::Silent if !label.trim().is_empty() => UNKNOWN,
                _ => return None,
            };
            Some((label, meaning, *times))
        })
        .collect()
}

/// Spellings of one label are one line, under the first of them in the order of
/// letters: the same line whatever the order of the rows.
fn listed(variable: Variable, heard: Vec<Heard>) -> Vec<Understood> {
    let order = meanings(variable);
    let rank = |meaning| order.iter().position(|id| *id == meaning);
    let mut labels: BTreeMap<(Option<usize>, String), Heard> = BTreeMap::new();
    for (label, meaning, times) in heard {
        let one = labels
            .entry((rank(meaning), normalise(&label)))
            .or_insert_with(|| (label.clone(), meaning, 0));
        one.2 += times;
        if label < one.0 {
            one.0 = label;
        }
    }
    let mut labels: Vec<_> = labels.into_iter().collect();
    crate::order::sort_by_key(&mut labels, |((rank, plain), (_, _, times))| {
        (*rank, std::cmp::Reverse(*times), plain.clone())
    });
    // The rarest go first when there are too many.
    while labels.len() > MAX_DISTINCT {
        let rarest = (0..labels.len()).min_by_key(|&at| labels[at].1.2);
        labels.remove(rarest.unwrap_or_default());
    }
    labels
        .into_iter()
        .map(|(_, (label, meaning, times))| Understood {
            variable,
            label: Sample::of(&label),
            meaning: meaning.to_owned(),
            times,
        })
        .collect()
}
