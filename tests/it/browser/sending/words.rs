//! The words and signs in and below the messages of a channel: formatting, sizes,
//! ticks, the sentence of a reaction, and Twilio's own words.

use thirtyfour::{By, Key};

use super::{ANNA, switch_to, wait_for_last};
use crate::browser::driver::in_browser;
use crate::browser::service::Service;

#[tokio::test]
async fn sms_shows_what_it_costs_and_whatsapp_its_formatting() {
    let service = Service::start();
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        browser.say("*hello* it’s me").await?;
        browser.wait_for_text(".mine .size", "1 segment (UCS-2, because of ’)").await?;
        browser.wait_for_text(".theirs .size", "1 segment").await?;
        assert_eq!(browser.text_of(".mine .text").await?, "*hello* it’s me");
        switch_to(&browser, "whatsapp").await?;
        let said = "*bold _both_* ~gone~ `a*b*` 2*3*4 * no * _<i>_";
        browser.say(said).await?;
        browser.wait_for_text(".turn:last-child .text", "bold both gone a*b* 2*3*4 * no * <i>").await?;
        let html = "return document.querySelector('.turn:last-child .text').innerHTML";
        let html: String = browser.driver.execute(html, vec![]).await?.convert()?;
        assert_eq!(
            html,
            "<strong>bold <em>both</em></strong> <del>gone</del> <code>a*b*</code> 2*3*4 * no * <em>&lt;i&gt;</em>"
        );
        assert_eq!(browser.text_of(".turn:last-child .size").await?, "");
        browser.wait_for_text(".turn:last-child .note", "✓✓").await?;
        browser.console_is_empty().await
    })
    .await;
}

#[tokio::test]
async fn a_reaction_by_sms_is_the_sentence_of_a_phone() {
    let service = Service::start();
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        browser.say("hello").await?;
        wait_for_last(&browser, "< What is your name?").await?;
        browser.driver.find(By::Css(".theirs .react")).await?.focus().await?;
        browser.press(Key::Enter).await?;
        browser.press(Key::Enter).await?;
        browser.wait_for_text(".turn:last-child .text", "Liked “What is your name?”").await?;
        // It is not an answer: the bot still asks.
        browser.wait_for_text(".turn:last-child .state", "No reply · WAITING_FOR_NAME").await
    })
    .await;
}

#[tokio::test]
async fn twilio_s_own_words_are_marked() {
    let service = Service::start();
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        for (says, words) in [
            ("HELP", "Reply STOP to unsubscribe."),
            ("STOP", "You have successfully been unsubscribed."),
            ("START", "You have successfully been re-subscribed"),
        ] {
            browser.say(says).await?;
            browser.wait_for_text(".turn:last-child .provider .text", words).await?;
            assert_eq!(browser.text_of(".turn:last-child .source").await?, "Twilio’s own words");
        }
        // On WhatsApp, only the bot answers.
        switch_to(&browser, "whatsapp").await?;
        browser.say("STOP").await?;
        browser.wait_for_text(".turn:last-child .text", "STOP").await?;
        assert_eq!(browser.text_of(".turn:last-child .provider").await?, "");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_text_by_rest_has_whatsapp_s_ticks() {
    let flow = "flow: table\nstart: [table]\nsteps:\n  \
        GUESTS: {ask: How many?, nudges: {10m: Are you there?}}\n";
    let service = Service::with_flow(flow);
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        switch_to(&browser, "whatsapp").await?;
        browser.say("table").await?;
        wait_for_last(&browser, "< How many?").await?;
        browser.driver.find(By::Id("now")).await?.click().await?;
        browser.wait_for_text(".unasked .note", "by itself, delivered ✓✓").await?;
        assert_eq!(browser.text_of(".unasked .ticks").await?, "✓✓");
        Ok(())
    })
    .await;
}
