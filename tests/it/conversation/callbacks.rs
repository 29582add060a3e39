//! Conversations that wait for a third party.

use super::{check, written};

/// A payment inside of an order: the order shows where to pay, and the sub-flow
/// waits for it.
const ORDER: &str = "flow: order
start: [order]
otherwise: Say order.
expire: 3d
quiet: 21:00 to 8:00
commands: {restart: [anew], repeat: [again], HELP: [help me], LEAVE: [leave], stop: [enough]}
steps:
  URL: {say: \"Pay at {{ callback }}.\"}
  SURE: {ask: Now?, type: yes_no, when: {\"no\": LATER}}
  PAID: {run: payment, keep: {amount: amount}, when: {UNPAID: LATER}}
  DONE: {say: \"{{ amount }}, thank you.\", end: ORDERED}
  LATER: {say: Later., end: POSTPONED}
  HELP: {say: Just pay., resume: true}
  LEAVE: {ask: Why?, go: LATER}
";

const PAYMENT: &str = "flow: payment
commands: {WHERE: [where]}
steps:
  PAYMENT:
    wait_for: payment
    nudges: {10m: Please pay.}
    timeout: 20h
    on_timeout: GONE
    keep: {amount: /amount}
    meanwhile: We wait.
    when: {paid: FINE, failed: AGAIN}
  FINE: {end: COMPLETED}
  AGAIN: {say: \"Once more: {{ callback }}.\", go: PAYMENT}
  GONE: {end: UNPAID}
  WHERE: {say: \"At {{ callback }}.\", resume: true}
";

/// The beginning, up to the wait.
const BEGUN: &str =
    "> order\n< Pay at https://ringback.test/callbacks/1.\n< Now?\n> yes\n<\n= @payment/PAYMENT\n";

/// A result.
const PAID: &str = "payment {\"outcome\": \"paid\", \"amount\": 5}\n";

#[test]
fn as_chat_files_say() {
    let flows = written(&[ORDER, PAYMENT]);
    for chat in [
        &*format!("{BEGUN}@callback {PAID}< 5, thank you.\n= ORDERED\n? amount = 5\n"),
        // What a message gets that is no answer; a repeat of the wait, and a text that
        // leads back to it.
        &format!(
            "{BEGUN}> done!\n< We wait.\n> again\n< We wait.\n> help me\n< Just pay.\n< We wait.\n= @payment/PAYMENT\n@callback {PAID}< 5, thank you.\n"
        ),
        &format!(
            "{BEGUN}> where\n< At https://ringback.test/callbacks/1.\n< We wait.\n@callback {PAID}< 5, thank you.\n"
        ),
        // The clock of the wait goes on whatever the person says.
        &format!(
            "{BEGUN}@wait 5m\n> done!\n< We wait.\n@wait 5m\n< Please pay.\n@wait 1h\n> where\n< At https://ringback.test/callbacks/1.\n< We wait.\n@wait 10m\n"
        ),
        // The timeout falls into the night, and comes when that is over.
        &format!(
            "{BEGUN}@wait 10m\n< Please pay.\n@wait 20h\n@clock 8:00\n< Later.\n= POSTPONED\n@callback 404 {PAID}"
        ),
        // A question that a command leads to leaves the wait; the result is early then.
        &format!(
            "{BEGUN}> leave\n< Why?\n@callback {PAID}@callback {PAID}@callback 409 payment {{\"outcome\": \"paid\", \"amount\": 6}}\n> because\n< Later.\n@callback 404 {PAID}"
        ),
        // Begun anew, the conversation has another callback.
        &format!("{BEGUN}> anew\n< Pay at https://ringback.test/callbacks/2.\n< Now?\n= @SURE\n"),
        &format!("{BEGUN}> enough\n< Say order.\n= CANCELLED\n@callback 404 {PAID}"),
        // Before the wait: kept, and judged when it begins.
        &format!(
            "> order\n< Pay at https://ringback.test/callbacks/1.\n< Now?\n@callback {PAID}@callback 409 payment {{\"outcome\": \"failed\", \"amount\": 5}}\n> yes\n< 5, thank you.\n= ORDERED\n@callback {PAID}"
        ),
        "> order\n< Pay at https://ringback.test/callbacks/1.\n< Now?\n@callback payment {\"outcome\": \"lost\"}\n> yes\n<\n= @payment/PAYMENT\n@callback 422 payment {\"outcome\": \"lost\"}\n@callback payment {\"outcome\": \"paid\", \"amount\": 7}\n< 7, thank you.\n",
        // An early result that fits leads to the next callback at once.
        "> order\n< Pay at https://ringback.test/callbacks/1.\n< Now?\n@callback payment {\"outcome\": \"failed\", \"amount\": 0}\n> yes\n< Once more: https://ringback.test/callbacks/2.\n= @payment/PAYMENT\n@callback payment {\"outcome\": \"paid\", \"amount\": 7}\n< 7, thank you.\n",
        &format!(
            "{BEGUN}@callback 422 payment []\n@callback 422 payment {{}}\n@callback 422 payment {{\"outcome\": true}}\n@callback 422 payment {{\"outcome\": \"paid\"}}\n@callback 422 payment {{\"outcome\": \"failed\"}}\n@callback {PAID}< 5, thank you.\n"
        ),
        // Every message renews `expire`, and the wait alone does not.
        &format!(
            "{BEGUN}@wait 10m\n< Please pay.\n@callback payment {{\"outcome\": \"failed\", \"amount\": 1}}\n< Once more: https://ringback.test/callbacks/2.\n@callback payment {{\"outcome\": \"paid\", \"amount\": 2}}\n< 2, thank you.\n"
        ),
    ] {
        check(&flows, chat).unwrap_or_else(|fault| panic!("{chat}\n{fault}"));
    }
}

/// A line names what the flow waits for, and not a URL.
#[test]
fn a_line_means_the_callback_that_the_conversation_has() {
    let order = "flow: order\nstart: [order]\nexpire: 5d\nsteps:\n  URL: {say: \"{{ callback }}\"}\n  \
                 WHO: {ask: Who?, max: 20}\n  PAY: {wait_for: payment, timeout: 4d, on_timeout: GONE, when: {paid: MORE, failed: GONE}}\n  \
                 MORE: {ask: More?, type: yes_no, when: {\"yes\": URL}}\n  GONE: {end: OVER}\n";
    let flows = written(&[order]);
    let url = |count: u32| format!("< https://ringback.test/callbacks/{count}\n< Who?\n");
    let paid = "@callback payment {\"outcome\": \"paid\"}\n";
    let failed = "@callback payment {\"outcome\": \"failed\"}\n";
    let unfit = "@callback 422 payment {\"outcome\": 5}\n";
    let begun = format!("> order\n{}> Ann\n<\n{paid}< More?\n", url(1));
    for chat in [
        // It is spent: a repeat, and another result.
        format!("{begun}{paid}@callback 409 {}{unfit}", &failed["@callback ".len()..]),
        format!("{begun}@wait 25h\n@callback 404 {}", &paid["@callback ".len()..]),
        // The conversation has another one: the same result is early for it.
        format!("{begun}> yes\n{}{paid}{paid}> Bob\n< More?\n", url(2)),
        format!("{begun}> yes\n{}{failed}> Bob\n<\n= OVER\n", url(2)),
        // A result that came early is gone with the conversation.
        format!("> order\n{}{paid}@wait 5d\n@callback 404 {}", url(1), &paid["@callback ".len()..]),
    ] {
        check(&flows, &chat).unwrap_or_else(|fault| panic!("{chat}\n{fault}"));
    }
}

#[test]
fn what_a_chat_file_claims_wrongly_is_told() {
    let flows = written(&[ORDER, PAYMENT]);
    for (chat, expected) in [
        (&*format!("{BEGUN}@callback 422 {PAID}"), "the callback is answered with 202"),
        (&format!("{BEGUN}@callback payment {{}}\n"), "the result must have an `outcome`"),
        (&format!("{BEGUN}@callback {PAID}"), "a reply came, but none is expected here"),
        (
            &format!("{BEGUN}@callback paiment {{\"outcome\": \"paid\"}}\n"),
            "did you mean `payment`?",
        ),
        ("> hello\n< Say order.\n@callback payment {\"outcome\": \"paid\"}\n", "no callback"),
        ("> order\n@callback payment\n", "the result is not JSON"),
        ("> order\n@callback 500 payment {}\n", "no callback is answered with this status"),
        ("> order\n@callback\n", "this names nothing that a flow waits for"),
    ] {
        let fault = check(&flows, chat).unwrap_err();
        assert!(fault.contains(expected), "{chat}\n{fault}");
    }
}
