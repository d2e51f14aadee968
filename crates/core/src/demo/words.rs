//! Sentences of a conversation: questions, answers, tool results. Filled templates, nothing that makes sense of itself.

use serde_json::{Value, json};

use super::dice::Dice;
use super::story::Agent;

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "1 March", "the 14th"];
const CITIES: [&str; 8] = ["Utrecht", "Duisburg", "Gent", "Lyon", "Malmö", "Poznań", "Köln", "Porto"];

const FOLLOW_UPS: [&str; 10] = [
    "That's not what your colleague said on the phone.",
    "OK. And how do I know that it really happened?",
    "Could you check the other order too? It ends in 77.",
    "I don't have that number here. Can you find it by my address?",
    "Fine, but I need it in writing.",
    "How long will that take? I leave on Friday.",
    "No, the second one. The first is all right.",
    "Kunt u dat ook in het Nederlands bevestigen?",
    "Thank you. One more thing: can the invoice go to my company?",
    "I have tried that twice, it says \"unknown error\".",
];

/// The customer's first message.
pub(super) fn opening(agent: &Agent, dice: &mut Dice) -> String {
    dice.pick(agent.openings).to_owned()
}

/// What the customer says next.
pub(super) fn follow_up(dice: &mut Dice) -> String {
    dice.pick(&FOLLOW_UPS).to_owned()
}

/// An answer of about so many sentences, each from the agent's own.
pub(super) fn answer(agent: &Agent, sentences: usize, dice: &mut Dice) -> String {
    let start = dice.between(0, agent.answers.len() as i64 - 1) as usize;
    let mut text = String::new();
    for at in 0..sentences.max(1) {
        if at > 0 {
            text.push_str(if at % 3 == 0 { "\n\n" } else { " " });
        }
        text.push_str(&fill(agent.answers[(start + at) % agent.answers.len()], dice));
    }
    text
}

fn fill(template: &str, dice: &mut Dice) -> String {
    let mut text = template.to_owned();
    if text.contains("{order}") {
        text = text.replace("{order}", &order(dice));
    }
    if text.contains("{amount}") {
        let (euros, cents) = (dice.between(4, 480), dice.between(0, 99));
        text = text.replace("{amount}", &format!("€ {euros}.{cents:02}"));
    }
    if text.contains("{day}") {
        text = text.replace("{day}", dice.pick(&DAYS));
    }
    text
}

/// An order number.
pub(super) fn order(dice: &mut Dice) -> String {
    format!("NL{}", dice.between(100_000, 999_999))
}

/// What a tool is called with.
pub(super) fn arguments(dice: &mut Dice) -> Value {
    if dice.chance(0.7) {
        json!({"order_id": order(dice)})
    } else {
        json!({"customer_id": dice.between(1000, 99_999), "city": dice.pick(&CITIES), "limit": dice.between(1, 20)})
    }
}

/// What a tool gives back: so many lines of it.
pub(super) fn tool_result(lines: usize, dice: &mut Dice) -> Value {
    let items: Vec<Value> = (0..lines).map(|line| line_item(line, dice)).collect();
    json!({
        "state": dice.pick(&["paid", "shipped", "returned", "open", "in_transit"]),
        "total_cents": dice.between(400, 48_000),
        "city": dice.pick(&CITIES),
        "items": items,
    })
}

fn line_item(line: usize, dice: &mut Dice) -> Value {
    json!({
        "line": line + 1,
        "sku": format!("SKU-{}", dice.between(10_000, 99_999)),
        "title": dice.pick(&["Alder chair, oak", "Lumen lamp, green", "Carbon pan 28 cm", "Halo cable 3 m", "Bed linen \"Nord\" 200×220"]),
        "quantity": dice.between(1, 4),
        "scan": format!("{} {:02}:{:02}", dice.pick(&CITIES), dice.between(5, 22), dice.between(0, 59)),
    })
}

/// What a tool fails with, and the class of it.
pub(super) fn tool_error(dice: &mut Dice) -> &'static str {
    dice.pick(&[
        "Timeout::Error: carrier API did not answer within 5 s",
        "RecordNotFound: no order with that number",
        "Faraday::ConnectionFailed: connection reset by peer",
        "ArgumentError: order_id must begin with two letters",
    ])
}
