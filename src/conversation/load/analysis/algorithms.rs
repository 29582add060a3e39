//! Algorithms on graphs, whose nodes are numbers and whose edges are a function.

use std::collections::VecDeque;

/// The nodes that can be reached from `from` by `next`, `from` included.
pub(crate) fn flood<I: Iterator<Item = usize>>(
    nodes: usize,
    from: &[usize],
    next: impl Fn(usize) -> I,
) -> Vec<bool> {
    let mut seen = vec![false; nodes];
    let mut waiting = Vec::new();
    for node in from {
        if !std::mem::replace(&mut seen[*node], true) {
            waiting.push(*node);
        }
    }
    while let Some(node) = waiting.pop() {
        for to in next(node) {
            if !std::mem::replace(&mut seen[to], true) {
                waiting.push(to);
            }
        }
    }
    seen
}

/// The shortest way from `from` to a node that `is_goal`, by `next`, both ends included.
///
/// At least one step is taken, so that a way may lead back to where it began.
pub(crate) fn shortest_path<I: Iterator<Item = usize>>(
    nodes: usize,
    from: usize,
    is_goal: impl Fn(usize) -> bool,
    next: impl Fn(usize) -> I,
) -> Option<Vec<usize>> {
    let mut came_from: Vec<Option<usize>> = vec![None; nodes];
    let mut waiting = VecDeque::from([from]);
    while let Some(node) = waiting.pop_front() {
        for to in next(node) {
            if is_goal(to) {
                let mut way = vec![to, node];
                let mut at = node;
                while at != from {
                    at = came_from[at]?;
                    way.push(at);
                }
                way.reverse();
                return Some(way);
            }
            if to != from && came_from[to].is_none() {
                came_from[to] = Some(node);
                waiting.push_back(to);
            }
        }
    }
    None
}

/// The strongly connected components, each sorted (Tarjan's algorithm, without recursion:
/// a flow may be a long chain).
pub(crate) fn components<I: Iterator<Item = usize>>(
    nodes: usize,
    next: impl Fn(usize) -> I,
) -> Vec<Vec<usize>> {
    let mut found = Vec::new();
    let mut index: Vec<Option<usize>> = vec![None; nodes];
    let mut low = vec![0; nodes];
    let mut on_stack = vec![false; nodes];
    let mut stack = Vec::new();
    let mut counter = 0;
    for root in 0..nodes {
        if index[root].is_some() {
            continue;
        }
        let mut calls: Vec<(usize, I)> = Vec::new();
        let mut enter = Some(root);
        loop {
            if let Some(node) = enter.take() {
                index[node] = Some(counter);
                low[node] = counter;
                counter += 1;
                stack.push(node);
                on_stack[node] = true;
                calls.push((node, next(node)));
            }
            let Some((node, ways)) = calls.last_mut() else { break };
            let node = *node;
            if let Some(to) = ways.next() {
                match index[to] {
                    None => enter = Some(to),
                    Some(at) if on_stack[to] => low[node] = low[node].min(at),
                    Some(_) => {}
                }
                continue;
            }
            calls.pop();
            if let Some((caller, _)) = calls.last() {
                low[*caller] = low[*caller].min(low[node]);
            }
            if index[node] == Some(low[node]) {
                let mut component = Vec::new();
                while let Some(member) = stack.pop() {
                    on_stack[member] = false;
                    component.push(member);
                    if member == node {
                        break;
                    }
                }
                component.sort_unstable();
                found.push(component);
            }
        }
    }
    found
}
