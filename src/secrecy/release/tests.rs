//! The clean-up on networks of a few arcs, where what it should find is plain.

use super::*;

/// Arcs side by side from one node to another, of such values, and the published
/// total that comes back. The first is hidden for itself; hidden are also those
/// that `hidden` says.
fn bundle(values: &[i64], hidden: &[Arc]) -> Network {
    let arcs = values.len();
    let (mut tail, mut head) = (vec![0; arcs], vec![1; arcs]);
    tail.push(1);
    head.push(0);
    let mut value = values.to_vec();
    value.push(values.iter().sum());
    let mut net = Network::of_arcs(2, tail, head, value);
    net.set(0, Access::Hidden);
    hidden.iter().for_each(|arc| net.set(*arc, Access::Hidden));
    net
}

fn hidden(net: &Network) -> Vec<Arc> {
    (0..net.arcs()).filter(|arc| net.hidden(*arc)).collect()
}

fn cleaning(net: &mut Network, goals: Vec<Goal>) -> Cleaning<'_> {
    let users = vec![Vec::new(); net.arcs()];
    Cleaning {
        net,
        witnesses: vec![None; goals.len()],
        goals,
        users,
        blocks: BTreeMap::new(),
    }
}

#[test]
fn a_goal_is_about_its_cell_and_met_by_its_value() {
    let (reach, fall) = (Goal::Reach(3, 11), Goal::Fall(3, 4));
    let sum = Goal::StirSum(vec![3, 4]);
    for goal in [&reach, &fall, &Goal::Stir(3)] {
        assert_eq!(goal.cell(), Some(3));
        assert!(goal.is_about(3) && !goal.is_about(0) && !goal.is_about(4));
    }
    assert!(sum.cell().is_none() && !sum.is_about(3));
    assert!(reach.is_met(5, 6) && !reach.is_met(5, 5));
    assert!(reach.is_met(11, 0) && !reach.is_met(12, -2));
    assert!(fall.is_met(9, -5) && !fall.is_met(9, -4));
    assert!(Goal::Stir(3).is_met(5, -1) && !Goal::Stir(3).is_met(5, 0));
    assert!(!sum.is_met(5, 1));
}

#[test]
fn proofs_have_steps_by_the_cells_that_they_may_publish() {
    assert_eq!(proof_steps(1), 400_000);
    assert_eq!(proof_steps(26), 416_000);
    assert_eq!(proof_steps(125), 2_000_000);
    assert_eq!(proof_steps(60_000), 2_000_000);
    // After a sixteenth of the steps, and twice too many of them.
    assert!(!is_foretold(10, 160, 1, 1_000));
    assert!(is_foretold(11, 160, 1, 1_000));
    assert!(!is_foretold(32, 160, 1, 10));
    assert!(is_foretold(33, 160, 1, 10));
    assert!(!is_foretold(33, 160, 2, 10));
    assert!(!is_foretold(33, 160, 1, 9));
}

#[test]
fn what_was_spent_before_foretells_nothing() {
    let mut net = bundle(&[5, 9, 30], &[1, 2]);
    while net.effort() < 2_000 {
        prove(&mut net, &Goal::Reach(0, 11)).unwrap();
    }
    let goals = vec![Goal::Reach(0, 11), Goal::Reach(1, 11)];
    assert!(cleaning(&mut net, goals.clone()).prove_all(400));
    // Here the second is not worth beginning.
    assert!(!cleaning(&mut net, goals).prove_all(0));
    // The first takes more steps than it is worth, and less than twice as many.
    let mut net = bundle(&[5, 1, 1, 1, 1, 1, 1], &[1, 2, 3, 4, 5, 6]);
    let goals = vec![Goal::Reach(0, 11), Goal::Reach(1, 2)];
    prove(&mut net, &goals[0]).unwrap();
    let steps = net.effort() * 2 / 3;
    assert!(steps > 1);
    assert!(cleaning(&mut net, goals).prove_all(steps));
}

#[test]
fn a_proof_says_what_moves_and_by_how_much() {
    let mut net = bundle(&[5, 4, 4, 30], &[1, 2]);
    let found = prove(&mut net, &Goal::Reach(0, 13)).unwrap();
    assert_eq!(found, BTreeMap::from([(0, 8), (1, -4), (2, -4)]));
    let found = prove(&mut net, &Goal::Reach(0, 7)).unwrap();
    assert_eq!(found[&0], 2);
    assert!(found.values().all(|change| *change != 0) && found.values().sum::<i64>() == 0);
    assert_eq!(prove(&mut net, &Goal::Reach(0, 14)), None);
    assert_eq!(
        (0..4).map(|arc| net.value(arc)).collect::<Vec<_>>(),
        [5, 4, 4, 30]
    );
    // Nine one way, four the other: no more than four of the nine may go.
    let mut net = Network::of_arcs(2, vec![0, 1, 1], vec![1, 0, 0], vec![9, 4, 5]);
    net.set(0, Access::Hidden);
    net.set(1, Access::Hidden);
    let found = prove(&mut net, &Goal::Fall(0, 5)).unwrap();
    assert_eq!(found, BTreeMap::from([(0, -4), (1, -4)]));
    assert_eq!(prove(&mut net, &Goal::Fall(0, 4)), None);
}

#[test]
fn a_cell_stirs_either_way_and_a_sum_by_another_cell_alone() {
    let stirs = |net: &mut Network, arc| prove(net, &Goal::Stir(arc));
    // Up alone, down alone, neither.
    let mut net = bundle(&[0, 7, 30], &[1]);
    assert_eq!(stirs(&mut net, 0).unwrap()[&0], 1);
    assert_eq!(stirs(&mut net, 1).unwrap()[&1], -1);
    assert_eq!(stirs(&mut bundle(&[7, 7], &[]), 0), None);
    // Two cells of a sum, that change against one another.
    let sum = Goal::StirSum(vec![0, 1]);
    let mut net = bundle(&[7, 7, 30], &[1]);
    assert_eq!(prove(&mut net, &sum), None);
    net.set(2, Access::Hidden);
    let found = prove(&mut net, &sum).unwrap();
    assert_eq!(found[&2].abs(), 1);
    assert!(!net.is_frozen(0) && !net.is_frozen(1));
    // What was still before is so after.
    net.freeze(1, true);
    assert!(prove(&mut net, &sum).is_some());
    assert!(!net.is_frozen(0) && net.is_frozen(1));
}

#[test]
fn the_dearest_cell_that_protects_nobody_is_published() {
    for (prices, left) in [([2, 3], [0, 1]), ([3, 2], [0, 2])] {
        let mut net = bundle(&[5, 20, 30], &[1, 2]);
        let candidates = vec![(prices[0], 1), (prices[1], 2)];
        // The goal of a cell that is published is no goal any more.
        let goals = vec![Goal::Reach(0, 11), Goal::Stir(1), Goal::Stir(2)];
        release(&mut net, goals, candidates, true);
        assert_eq!(hidden(&net), left);
    }
    // Where a goal cannot be proved, nothing is touched.
    let mut net = bundle(&[5, 2, 30], &[1]);
    release(&mut net, vec![Goal::Reach(0, 11)], vec![(3, 1)], true);
    assert_eq!(hidden(&net), [0, 1]);
}

#[test]
fn goals_that_move_together_have_one_witness() {
    let mut net = bundle(&[5, 3, 3], &[1, 2]);
    let goals = vec![Goal::Reach(0, 11), Goal::Stir(1), Goal::Reach(2, 11)];
    let mut all = cleaning(&mut net, goals);
    assert!(all.prove_all(400));
    let [first, second, third] = &all.witnesses[..] else {
        panic!("three goals")
    };
    let same =
        |other: &Option<Witness>| Rc::ptr_eq(first.as_ref().unwrap(), other.as_ref().unwrap());
    // The first takes from both: it stirs one, and does not bring the other to eleven.
    assert!(same(second) && !same(third));
    assert!(all.concerns(0, 1) && all.concerns(2, 0) && !all.concerns(0, 3));
    // The published total, which nothing moves.
    assert!(all.users[3].is_empty());
    let former = all.witness(0, None);
    assert!(former.0 == 0 && former.1.is_some() && !all.concerns(0, 1));
}

#[test]
fn a_goal_is_added_where_it_can_be_proved() {
    let mut net = bundle(&[5, 20, 30], &[1]);
    let mut all = cleaning(&mut net, vec![Goal::Reach(0, 11)]);
    assert!(all.prove_all(400));
    assert!(all.add(Goal::Stir(1)) && all.concerns(1, 0) && all.concerns(1, 1));
    assert!(!all.add(Goal::Reach(0, 26)));
    assert_eq!((all.goals.len(), all.witnesses.len()), (2, 2));
}

#[test]
fn what_stands_in_the_way_is_remembered_once() {
    let mut net = bundle(&[5, 20, 30], &[1]);
    net.set(2, Access::Price(50));
    let mut all = cleaning(&mut net, vec![Goal::Reach(0, 11)]);
    assert!(all.prove_all(400) && !all.may_serve(2, 1));
    for _ in 0..2 {
        assert!(all.publish(1, 3).is_none());
        assert_eq!(all.blocks[&1].len(), 1);
        let block = &all.blocks[&1][0];
        assert!(block.goal == 0 && block.fence.contains(&2));
    }
    assert!(all.may_serve(2, 1) && !all.may_serve(0, 1) && !all.may_serve(2, 2));
    // With the other hidden it can go, and what moved by it moves by the other.
    all.net.set(2, Access::Hidden);
    let replaced = all.publish(1, 3).unwrap();
    assert_eq!(replaced[0].0, 0);
    assert!(replaced[0].1.as_ref().unwrap().contains(&1));
    assert!(all.concerns(0, 2) && !all.concerns(0, 1));
}

#[test]
fn a_cell_that_is_published_has_no_goal_left() {
    let mut net = bundle(&[20, 20], &[1]);
    let mut all = cleaning(&mut net, vec![Goal::Stir(1)]);
    assert!(all.prove_all(400) && all.concerns(0, 1));
    assert_eq!(all.publish(1, 3).unwrap().len(), 1);
    assert!(all.witnesses[0].is_none() && !all.net.hidden(1));
}

/// The first needs both of the next two, or one of the large ones.
fn exchanged(prices: &[u32], goals: Vec<Goal>) -> Vec<Arc> {
    let mut net = bundle(&[5, 4, 4, 20, 20], &[1, 2]);
    for (arc, price) in prices.iter().enumerate() {
        net.set(3 + arc, Access::Price(*price));
    }
    release(&mut net, goals, vec![(3, 1), (3, 2)], true);
    hidden(&net)
}

#[test]
fn a_cell_stands_in_for_others_that_are_dearer_together() {
    let goals = || vec![Goal::Reach(0, 11)];
    assert_eq!(exchanged(&[5], goals()), [0, 3]);
    assert_eq!(exchanged(&[6], goals()), [0, 1, 2]);
    assert_eq!(exchanged(&[7], goals()), [0, 1, 2]);
    // One stand-in is enough, the cheaper one.
    assert_eq!(exchanged(&[5, 5], goals()), [0, 3]);
    assert_eq!(exchanged(&[5, 4], goals()), [0, 4]);
    // One thing leads to another: the fourth stands in for the second, then the
    // fifth, which is dearer, for the fourth and the third.
    let mut net = bundle(&[5, 4, 4, 3, 20], &[1, 2]);
    net.set(3, Access::Price(2));
    net.set(4, Access::Price(4));
    release(&mut net, goals(), vec![(3, 1), (3, 2)], true);
    assert_eq!(hidden(&net), [0, 4]);
    // The stand-in must keep a second value itself, where that is asked.
    for (stirs, added) in [(true, 1), (false, 0)] {
        let mut net = bundle(&[5, 4, 4, 20], &[1, 2]);
        net.set(3, Access::Price(5));
        let mut all = cleaning(&mut net, goals());
        let mut candidates = vec![(3, 1), (3, 2)];
        assert!(all.prove_all(400));
        all.clean(&candidates);
        assert!(all.exchange(&mut candidates, stirs));
        assert_eq!(
            (all.goals.len(), &candidates[..]),
            (1 + added, &[(5, 3)][..])
        );
        assert!(!all.exchange(&mut candidates, stirs));
    }
}

#[test]
fn an_exchange_that_frees_too_little_is_undone() {
    // Three cells of two give the first its six; the third goes on through another
    // (arcs 3 and 4), which would be known without it.
    for (price, left) in [(5, vec![0, 3, 4, 5]), (6, vec![0, 1, 2, 3, 4])] {
        let mut net = Network::of_arcs(
            3,
            vec![0, 0, 0, 0, 2, 0, 1],
            vec![1, 1, 1, 2, 1, 1, 0],
            vec![5, 2, 2, 2, 2, 20, 31],
        );
        (0..5).for_each(|arc| net.set(arc, Access::Hidden));
        net.set(5, Access::Price(price));
        let goals = vec![Goal::Reach(0, 11), Goal::Stir(4)];
        for stirs in [true, false] {
            let mut net = net.clone();
            let candidates = vec![(3, 1), (3, 2), (3, 3)];
            release(&mut net, goals.clone(), candidates, stirs);
            assert_eq!(hidden(&net), left, "{price} {stirs}");
        }
    }
}
