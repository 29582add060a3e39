//! Taps, places, names and reactions, by mouse and by keyboard.

use thirtyfour::error::WebDriverResult;
use thirtyfour::{By, Key};

use super::{
    ANNA, Disk, FLOW, PIXEL, choose, click, fits, switch_to, wait_for_last, wait_for_options,
};
use crate::browser::driver::in_browser;
use crate::browser::looks::take_pictures;
use crate::browser::service::Service;

#[tokio::test]
async fn a_whole_conversation_by_whatsapp_without_a_word() {
    let service = Service::with_flow(FLOW);
    let disk = Disk::new();
    let picture = disk.file("a <b>.gif", PIXEL);
    in_browser(async |browser| {
        browser.set_screen((390, 844), "light").await?;
        browser.open_phone(&service.link(), ANNA).await?;
        switch_to(&browser, "whatsapp").await?;
        // The name comes with each message from now on.
        click(&browser, "composer", "").await?;
        click(&browser, "attach-menu", "Profile name").await?;
        browser.press("Zoë <i>" + Key::Enter).await?;

        browser.say("party").await?;
        wait_for_options(&browser, "Small, Large <b>").await?;
        click(&browser, "options", "Large <b>").await?;
        wait_for_last(&browser, "< Which day?\n1. Monday\n2. Tuesday\n3. Wednesday\n4. Thursday").await?;
        // More than three options are a list behind one button.
        wait_for_options(&browser, "Choose").await?;
        click(&browser, "options", "Choose").await?;
        fits(&browser).await?;
        click(&browser, "sheet", "Wednesday").await?;
        wait_for_last(&browser, "< A picture please.").await?;
        wait_for_options(&browser, "").await?;

        choose(&browser, &[picture]).await?;
        browser.driver.find(By::Css(".send")).await?.click().await?;
        wait_for_last(&browser, "< Where?").await?;
        let shown = "const image = document.querySelector('.log .mine .picture img');
            return image.complete && image.naturalWidth === 1 && image.alt === 'Picture: a <b>.gif'";
        browser.wait_for("the picture", async || browser.is(shown).await).await?;

        click(&browser, "composer", "").await?;
        click(&browser, "attach-menu", "Place").await?;
        fits(&browser).await?;
        browser.press(Key::Enter).await?;
        wait_for_last(
            &browser,
            "< Zoë <i>: l on Wednesday at Brandenburger Tor, Pariser Platz, 10117 Berlin (52.5163,13.3777).",
        )
        .await?;
        assert_eq!(browser.text_of(".log .turn:last-child .theirs strong").await?, "Zoë <i>");
        browser.wait_for_text(".mine .place", "Brandenburger Tor").await?;
        browser.wait_for_text(".turn:nth-child(3) .note", "tapped").await?;
        fits(&browser).await?;

        // After a reload, the history is the same.
        let before = browser.bubbles().await?;
        browser.driver.refresh().await?;
        browser.wait_until_live().await?;
        assert_eq!(browser.bubbles().await?, before);
        browser.wait_for("the picture", async || browser.is(shown).await).await?;
        assert!(browser.is("return document.querySelector('.log :is(b, i, script)') === null").await?);
        browser.console_is_empty().await
    })
    .await;
}

#[tokio::test]
async fn an_option_by_sms_is_its_number() {
    let service = Service::with_flow(FLOW);
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        browser.say("party").await?;
        wait_for_options(&browser, "1, 2").await?;
        let name = browser.driver.find(By::Css(".option:last-child")).await?;
        assert_eq!(name.attr("aria-label").await?.as_deref(), Some("Send 2: Large <b>"));
        click(&browser, "options", "2").await?;
        wait_for_options(&browser, "1, 2, 3, 4").await?;
        let bubbles = browser.bubbles().await?;
        assert_eq!(bubbles[2], "> 2");
        // A text that answers nothing brings the same options again.
        browser.say("someday").await?;
        wait_for_options(&browser, "1, 2, 3, 4").await?;
        // The other channels show the options in their own way.
        switch_to(&browser, "whatsapp").await?;
        wait_for_options(&browser, "Choose").await?;
        switch_to(&browser, "rcs").await?;
        wait_for_options(&browser, "Monday, Tuesday, Wednesday, Thursday").await?;
        click(&browser, "options", "Tuesday").await?;
        wait_for_last(&browser, "< A picture please.").await?;
        browser.console_is_empty().await
    })
    .await;
}

#[tokio::test]
async fn the_keyboard_taps_attaches_and_reacts() {
    let service = Service::with_flow(FLOW);
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        switch_to(&browser, "whatsapp").await?;
        browser.driver.find(By::Id("text")).await?.focus().await?;
        browser.press("party" + Key::Enter).await?;
        wait_for_options(&browser, "Small, Large <b>").await?;
        let focus = async |label: &str| {
            let script = format!(
                "const name = document.activeElement.ariaLabel ?? document.activeElement.textContent;
                 return name === '{label}'"
            );
            for _ in 0..12 {
                if browser.is(&script).await? {
                    return WebDriverResult::Ok(());
                }
                browser.press(Key::Shift + Key::Tab).await?;
            }
            panic!("the focus never came to {label}");
        };
        // Back from the message box: attach, the options, the newest message.
        focus("React to this message").await?;
        browser.press(Key::Up).await?;
        browser.press(Key::Down).await?;
        browser.press(Key::Enter).await?;
        browser.press(Key::Right).await?;
        browser.press(Key::Enter).await?;
        browser.wait_for_text(".theirs .badge", "❤️").await?;
        browser.wait_for_text(".turn:last-child .note", "a reaction").await?;
        assert!(browser.is("return document.activeElement === text").await?);
        wait_for_options(&browser, "Small, Large <b>").await?;
        focus("Large <b>").await?;
        browser.press(Key::Enter).await?;
        wait_for_options(&browser, "Choose").await?;
        focus("Choose").await?;
        browser.press(Key::Enter).await?;
        // Escape closes the list and gives the focus back.
        browser.press(Key::Escape).await?;
        focus("Choose").await?;
        browser.press(Key::Enter).await?;
        browser.press(Key::Tab).await?;
        browser.press(Key::Enter).await?;
        wait_for_last(&browser, "< A picture please.").await?;
        browser.wait_for_text(".turn:last-child .mine .text", "Tuesday").await?;
        // A contact card is a file, so it is an answer to this question.
        focus("Attach").await?;
        browser.press(Key::Enter).await?;
        for _ in 0..3 {
            browser.press(Key::Down).await?;
        }
        browser.press(Key::Enter).await?;
        browser.press(Key::Enter).await?;
        browser.wait_for_text(".waiting .name", "Anna Example.vcf").await?;
        browser.driver.find(By::Id("text")).await?.focus().await?;
        browser.press(Key::Enter).await?;
        wait_for_last(&browser, "< Where?").await?;
        browser.wait_for_text(".turn:last-child .mine .file", "Anna Example.vcf").await?;
        browser.console_is_empty().await
    })
    .await;
}

/// The words and names have no space, contain markup, and are as long as they may be.
#[tokio::test]
async fn every_kind_fits_every_screen_however_long_its_words() {
    let long = "<b>unbroken".repeat(18);
    let flow = format!(
        "flow: long\nstart: [long]\nsteps:\n  \
         SIZE: {{ask: 'Which {long}?', options: {{a: '{long}1', b: '{long}2', c: C, d: D}}}}\n"
    );
    let service = Service::with_flow(&flow);
    let disk = Disk::new();
    let picture = disk.file(&format!("{}.gif", "unbroken".repeat(20)), PIXEL);
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        browser.say("long").await?;
        wait_for_options(&browser, "1, 2, 3, 4").await?;
        choose(&browser, &[picture]).await?;
        take_pictures(&browser, "attached").await?;
        browser.press(Key::Enter).await?;
        wait_for_options(&browser, "1, 2, 3, 4").await?;
        switch_to(&browser, "rcs").await?;
        take_pictures(&browser, "rcs").await?;
        switch_to(&browser, "whatsapp").await?;
        click(&browser, "composer", "").await?;
        click(&browser, "attach-menu", "Profile name").await?;
        browser.press(&*long + Key::Enter).await?;
        click(&browser, "composer", "").await?;
        take_pictures(&browser, "attach-menu").await?;
        click(&browser, "attach-menu", "Place").await?;
        take_pictures(&browser, "place").await?;
        let fill = format!("document.querySelector('.sheet [name=label]').value = '{long}'");
        browser.driver.execute(&fill, vec![]).await?;
        browser.press(Key::Enter).await?;
        browser.wait_for_text(".turn:last-child .mine .place", &long).await?;
        wait_for_options(&browser, "Choose").await?;
        click(&browser, "options", "Choose").await?;
        take_pictures(&browser, "list").await?;
        browser.press(Key::Escape).await?;
        browser.driver.find(By::Css(".turn:last-child .theirs .react")).await?.focus().await?;
        browser.press(Key::Enter).await?;
        take_pictures(&browser, "reactions").await?;
        assert!(
            browser.is("return document.querySelector('.phone :is(b, script)') === null").await?
        );
        browser.console_is_empty().await
    })
    .await;
}

#[tokio::test]
async fn each_of_several_phones_has_options_and_sheets_of_its_own() {
    let service = Service::with_flow(FLOW);
    in_browser(async |browser| {
        let both = "phone=%2B14155552671&channel=whatsapp&phone=%2B4930123456&channel=sms";
        browser.driver.goto(format!("{}&{both}", service.link())).await?;
        browser.wait_until_live().await?;
        let of = |number: usize, css: &str| By::Css(format!(".phones > :nth-child({number}) {css}"));
        for number in [1, 2] {
            let text = browser.driver.find(of(number, "textarea")).await?;
            text.send_keys("party" + Key::Enter).await?;
        }
        wait_for_options(&browser, "Small, Large <b>, 1, 2").await?;
        browser.driver.find(of(2, ".option:last-child")).await?.click().await?;
        wait_for_options(&browser, "Small, Large <b>, 1, 2, 3, 4").await?;
        browser.driver.find(of(1, ".option")).await?.click().await?;
        wait_for_options(&browser, "Choose, 1, 2, 3, 4").await?;
        browser.driver.find(of(1, ".option")).await?.click().await?;
        let own = "const sheet = document.querySelector('.sheet').getBoundingClientRect();
            const phone = document.querySelector('.phones > :nth-child(1)').getBoundingClientRect();
            const ids = [...document.querySelectorAll('[id]')].map((node) => node.id);
            return sheet.left >= phone.left && sheet.right <= phone.right && new Set(ids).size === ids.length";
        assert!(browser.is(own).await?);
        browser.press(Key::Enter).await?;
        browser.wait_for_text(".phones > :nth-child(1) .turn:last-child .theirs", "A picture").await?;
        wait_for_options(&browser, "1, 2, 3, 4").await?;
        browser.console_is_empty().await
    })
    .await;
}
