//! Variables that may have no value where they are read: some path gives them
//! none, or they are built in and often empty.

use crate::conversation::StepId;
use crate::conversation::built_in::BuiltIn;
use crate::conversation::finding::Code;
use crate::conversation::load::analysis::algorithms::shortest_path;
use crate::conversation::load::analysis::assigned::{Assigned, Set};
use crate::conversation::load::analysis::facts::{Facts, Paths};
use crate::conversation::load::analysis::graph::{Edge, Graph, NodeId};
use crate::conversation::load::analysis::path::show_path_by;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{Draft, DraftVerb, Use};
use crate::conversation::load::lint::rule::{Check, Rule};
use crate::conversation::load::sites::Site;
use crate::conversation::load::syntax::fitting_quotes::quoted;

pub(crate) const RULE: Rule = Rule {
    codes: &[Code::MaybeUndefinedVariable],
    checks: &[Check::Flow(often_empty), Check::AlongPaths(not_on_each_path)],
};

/// Reports built-in variables that may be empty and have no `default`.
fn often_empty(report: &mut Report<'_>, facts: &Facts<'_>) {
    for draft in facts.draft.in_each_language() {
        for used in draft.sites().flat_map(Site::uses) {
            if let Some(built_in) = BuiltIn::named(&used.name) {
                without_value(report, used, built_in);
            }
        }
    }
}

fn without_value(report: &mut Report<'_>, used: &Use, built_in: BuiltIn) {
    if built_in.is_always_known() || used.has_default {
        return;
    }
    let name = built_in.name();
    let friend = quoted(report, used.value, "friend");
    report
        .found(
            Code::MaybeUndefinedVariable,
            used.span,
            format!("`{name}` is often empty: over SMS nobody tells a name"),
        )
        .help(format!("say what to take in its place: `{name} | default({friend})`"));
}

/// The paths are the same in each language, but not what the texts read.
fn not_on_each_path(report: &mut Report<'_>, facts: &Facts<'_>, paths: &Paths<'_>) {
    for draft in facts.draft.in_each_language() {
        let assigned = Assigned::new(draft, &paths.graph);
        InLanguage { draft, graph: &paths.graph, assigned }.check(report);
    }
}

/// A flow in one of its languages.
struct InLanguage<'a> {
    draft: &'a Draft,
    graph: &'a Graph<'a>,
    assigned: Assigned,
}

impl InLanguage<'_> {
    /// Reports every use of a variable that some path has not assigned.
    fn check(&self, report: &mut Report<'_>) {
        for (id, step) in self.draft.steps.iter().enumerate() {
            let Some(mut set) = self.assigned.entering_step(self.graph, id) else { continue };
            for text in &step.media {
                self.look(report, id, &set, &text.uses);
            }
            match &step.verb {
                DraftVerb::Ask(ask) => {
                    for text in ask.texts() {
                        self.look(report, id, &set, &text.uses);
                    }
                }
                DraftVerb::Say(Some(text)) => self.look(report, id, &set, &text.uses),
                DraftVerb::Set(entries) => {
                    // Each sees those above it.
                    for (name, text) in entries {
                        if let Some(text) = text {
                            self.look(report, id, &set, &text.uses);
                        }
                        self.assigned.assign(&mut set, &name.value);
                    }
                }
                DraftVerb::Call(call) => {
                    for text in call.texts() {
                        self.look(report, id, &set, &text.uses);
                    }
                }
                DraftVerb::WaitFor(wait) => {
                    for text in wait.texts() {
                        self.look(report, id, &set, &text.uses);
                    }
                }
                DraftVerb::Say(None) | DraftVerb::Run(_) | DraftVerb::Branch => {}
            }
            self.assigned.assign_of(&mut set, self.graph, id, step);
            for condition in step.conditions() {
                self.look(report, id, &set, &condition.uses);
            }
        }
        self.check_ended(report);
    }

    /// Reports what `ended` reads, which is said after any end.
    fn check_ended(&self, report: &mut Report<'_>) {
        let Some(text) = &self.draft.ended else { return };
        let set = self.assigned.at_each_end(self.graph);
        for used in self.unassigned(&set, &text.uses) {
            let help = with_default(report, used);
            report
                .found(Code::MaybeUndefinedVariable, used.span, format!("a conversation can end before `{}` is known: a person may stop at any question", used.name))
                .help(help);
        }
    }

    fn look(&self, report: &mut Report<'_>, step: StepId, set: &Set, uses: &[Use]) {
        for used in self.unassigned(set, uses) {
            self.missing(report, step, used);
        }
    }

    /// The uses of variables that some step assigns, but no step on every path.
    fn unassigned<'u>(&self, set: &Set, uses: &'u [Use]) -> Vec<&'u Use> {
        let is_missing = |name: &str| self.assigned.has(name) && !self.assigned.holds(set, name);
        uses.iter().filter(|used| !used.has_default && is_missing(&used.name)).collect()
    }

    /// Reports a variable that is not assigned at a step, with a path that lacks it.
    fn missing(&self, report: &mut Report<'_>, step: StepId, used: &Use) {
        let Self { draft, graph, assigned } = self;
        let name = &used.name;
        let message =
            format!("`{name}` is not known on every path to `{}`", draft.steps[step].name.value);
        if report.is_full() {
            report.found(Code::MaybeUndefinedVariable, used.span, message);
            return;
        }
        let without = with_default(report, used);
        let finding = report.found(Code::MaybeUndefinedVariable, used.span, message);
        let mut steps = draft.steps.iter().enumerate();
        if let Some((id, from)) = steps.find(|(_, step)| step.captures().contains(name)) {
            let outcomes = assigned.lacking(graph, id, name).join("` or `");
            let when = match from.runs().filter(|_| !outcomes.is_empty()) {
                _ if from.call().is_some() => ", but not if the call fails".to_owned(),
                Some(flow) => format!(", but not if `{}` ends with `{outcomes}`", flow.value),
                None => String::new(),
            };
            finding.label(from.name.span, format!("`{name}` is known after this step{when}"));
        }
        let lacks = |node: NodeId, edge: &Edge| !assigned.assigns(graph, node, edge, name);
        let next = |node: NodeId| {
            let edges = graph.edges(node).iter().filter(move |edge| lacks(node, edge));
            edges.map(|edge| edge.to).filter(|to| *to != graph.back())
        };
        let is_goal = |node: NodeId| graph.step(node) == Some(step);
        let path = if is_goal(0) { None } else { shortest_path(graph.len(), 0, is_goal, next) };
        let Some(path) = path else {
            finding.help(format!("ask for it before, or {without}"));
            return;
        };
        let shown = show_path_by(draft, graph, &path, lacks);
        // A person who was asked for it on this path, and gave no answer, need not be asked before.
        let captures = |step: StepId| draft.steps[step].captures().contains(name);
        let was_asked =
            path.iter().any(|node| graph.waits(*node) && graph.step(*node).is_some_and(captures));
        let before = if was_asked { "" } else { "ask for it before, or " };
        finding.help(format!("nothing gives it a value on the path {shown}: {before}{without}"));
    }
}

/// What to write so that a variable may be missing.
fn with_default(report: &Report<'_>, used: &Use) -> String {
    let name = &used.name;
    let empty = quoted(report, used.value, "");
    if used.is_in_condition {
        return format!("say what to take without it: `{name} | default({empty})`");
    }
    format!("say what to write without it: `{{{{ {name} | default({empty}) }}}}`")
}
