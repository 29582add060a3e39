//! What is found of calls: paths through them, and where they go.

use ringback::conversation::{Flows, Source};

/// What is found in a flow of these steps: the codes, in order.
fn found(steps: &str) -> String {
    let text = format!("flow: order\nstart: [order]\nsteps:\n{steps}");
    let source = Source { name: "order.yaml".to_owned(), text };
    let findings = match Flows::load(&[source]) {
        Ok(loaded) => loaded.warnings,
        Err(findings) => findings,
    };
    let codes: Vec<String> = findings.iter().map(|finding| finding.code.to_string()).collect();
    codes.join(" ")
}

#[test]
fn checks_see_through_calls() {
    let call = |name: &str, rest: &str| {
        format!("  {name}: {{call: \"GET https://shop.example/\", timeout: 1s, {rest}}}\n")
    };
    let done = "  DONE: {say: Done.}\n";
    let many: String = (0..101).map(|at| call(&format!("C{at}"), "when: {failed: DONE}")).collect();
    let long = |text: &str| format!("  {text}: {{say: \"{}\"}}\n", "x".repeat(900));
    for (steps, expected) in [
        // A call waits: a flow needs no question beside it.
        (call("A", "when: {failed: DONE}") + done, ""),
        // A call that leads to itself is a loop that asks nobody.
        (call("A", "when: {failed: A}") + done, "silent-loop"),
        (
            call("A", "when: {failed: DONE, 2xx: B}") + &*call("B", "when: {failed: A}") + done,
            "silent-loop",
        ),
        (many + done, "turn-steps"),
        // What is said before and after a call is one reply.
        (long("L") + &*call("A", "when: {failed: DONE}") + &*long("DONE"), "turn-too-long"),
        // A call neither interrupts a silence nor begins one.
        (
            format!(
                "  Q: {{ask: Which?, max: 9, timeout: 1h, on_timeout: A, go: DONE}}\n{}{}{done}",
                call("A", "when: {failed: Q}"),
                "  B: {say: B, go: Q}\n",
            ),
            "unasked-texts",
        ),
        (
            format!(
                "  Q: {{ask: Which?, max: 9, timeout: 1h, on_timeout: A}}\n{}{}",
                call("A", "when: {failed: DONE}, end: QUIET"),
                done,
            ),
            "",
        ),
        // Without an entry for it, no path of success is left to the next step.
        (
            call("A", "when: {failed: DONE, 2xx: DONE}, keep: {x: /x}") + "  B: {say: B}\n" + done,
            "unreachable-step",
        ),
        (
            call("A", "when: {failed: DONE}, keep: {x: /x}, if: [{is: x > 1, go: DONE}]")
                + "  B: {say: \"{{ x }}\"}\n"
                + done,
            "",
        ),
        (
            call("A", "when: {failed: DONE, 200: B}, keep: {x: /x}")
                + "  B: {say: \"{{ x }}\"}\n"
                + done,
            "",
        ),
        (
            call("A", "when: {failed: B, 200: B}, keep: {x: /x}") + "  B: {say: \"{{ x }}\"}\n",
            "maybe-undefined-variable",
        ),
    ] {
        assert_eq!(found(&steps), expected, "{steps}");
    }
}

#[test]
fn hosts_that_need_no_encryption() {
    for (host, warns) in [
        ("shop.example", true),
        ("shop.internal.example", true),
        ("localhost.example", true),
        ("internal.", false),
        ("shop.internal", false),
        ("shop.local.", false),
        ("shop.test:8080", false),
        ("localhost", false),
        ("shop", false),
        ("10.0.0.1", false),
        ("93.184.216.34", false),
        ("[::1]:80", false),
    ] {
        let call = format!(
            "  A: {{call: \"GET http://{host}/\", when: {{failed: B}}}}\n  B: {{say: B}}\n"
        );
        assert_eq!(found(&call), if warns { "plain-http" } else { "" }, "{host}");
    }
}
