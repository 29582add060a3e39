//! Everything a phone can send, as a person does it: taps, files, places,
//! names, reactions.

use std::path::PathBuf;

use tempfile::TempDir;
use thirtyfour::error::WebDriverResult;
use thirtyfour::{By, Key};

use super::driver::{Browser, in_browser};
use super::looks::take_pictures;
use super::service::Service;

const ANNA: &str = "+14155552671";

/// Asks for what a phone can send.
const FLOW: &str = "\
flow: party
start: [party]
steps:
  SIZE: {ask: Which size?, options: {s: Small, l: 'Large <b>'}}
  DAY: {ask: Which day?, options: {mo: Monday, tu: Tuesday, we: Wednesday, th: Thursday}}
  PICTURE: {ask: A picture please., type: media}
  PLACE: {ask: Where?, type: location}
  DONE: {say: '*{{ profile_name | default(\"You\") }}*: {{ SIZE }} on {{ DAY_label }} at {{ PLACE_label }} ({{ PLACE }}).', end: BOOKED}
";

/// A picture of one pixel.
const PIXEL: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";

/// The button with these words below an element.
async fn click(browser: &Browser, below: &str, words: &str) -> WebDriverResult<()> {
    let button = format!("//*[contains(@class, '{below}')]//button[normalize-space()='{words}']");
    browser.driver.find(By::XPath(&button)).await?.click().await
}

/// Waits until this is the newest bubble.
async fn wait_for_last(browser: &Browser, expected: &str) -> WebDriverResult<()> {
    let is_last = async || Ok(browser.bubbles().await?.last().is_some_and(|last| last == expected));
    browser.wait_for(expected, is_last).await
}

/// The words on the options that are shown.
async fn options(browser: &Browser) -> WebDriverResult<String> {
    let script = "return [...document.querySelectorAll('.options:not([hidden]) .option')]
        .map((option) => option.textContent).join(', ')";
    browser.driver.execute(script, vec![]).await?.convert()
}

async fn wait_for_options(browser: &Browser, expected: &str) -> WebDriverResult<()> {
    browser.wait_for(expected, async || Ok(options(browser).await? == expected)).await
}

/// Files of the test's own.
struct Disk(TempDir);

impl Disk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }
}

/// Chooses files as in the browser's own dialog.
async fn choose(browser: &Browser, paths: &[PathBuf]) -> WebDriverResult<()> {
    let names: Vec<_> = paths.iter().map(|path| path.to_str().unwrap()).collect();
    let chooser = browser.driver.find(By::Css("input[type=file]")).await?;
    chooser.send_keys(names.join("\n")).await?;
    let count = paths.len();
    let waits = format!("return document.querySelectorAll('.waiting .remove').length === {count}");
    browser.wait_for("the files to be attached", async || browser.is(&waits).await).await
}

async fn switch_to(browser: &Browser, channel: &str) -> WebDriverResult<()> {
    let switch = format!("//input[@value='{channel}']/..");
    browser.driver.find(By::XPath(&switch)).await?.click().await
}

async fn fits(browser: &Browser) -> WebDriverResult<()> {
    let fits = "return document.documentElement.scrollWidth <= innerWidth
        && document.documentElement.scrollHeight <= innerHeight
        && [...document.querySelectorAll('.phone *')].every((part) =>
            part.getBoundingClientRect().right <= innerWidth + 1)";
    assert!(browser.is(fits).await?);
    Ok(())
}

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
        // And the other channels have their own look at them.
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
        // A contact card is a file, and so an answer to this question.
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

#[tokio::test]
async fn files_by_sms_go_together_and_by_whatsapp_one_by_one() {
    let service = Service::with_flow(FLOW);
    let disk = Disk::new();
    let files = [
        disk.file("a.gif", PIXEL),
        disk.file("b.ogg", b"OggS"),
        disk.file("<script>.html", b"<script>document.title='owned'</script>"),
    ];
    in_browser(async |browser| {
        browser.set_screen((390, 844), "dark").await?;
        browser.open_phone(&service.link(), ANNA).await?;
        choose(&browser, &files).await?;
        fits(&browser).await?;
        browser.say("three").await?;
        browser.wait_for_text(".turn .state", "INITIAL").await?;
        let turns = "return document.querySelectorAll('.turn:not(.draft)').length";
        let count = async || browser.driver.execute(turns, vec![]).await?.convert::<i64>();
        assert_eq!(count().await?, 1);
        let parts = "return [...document.querySelector('.mine').children].map((part) => part.localName).join()";
        let parts: String = browser.driver.execute(parts, vec![]).await?.convert()?;
        assert!(parts.starts_with("span,a,audio,a,p") || parts.starts_with("span,a,a,a,p"), "{parts}");
        switch_to(&browser, "whatsapp").await?;
        choose(&browser, &files[..2]).await?;
        browser.say("two").await?;
        browser.wait_for("three turns", async || Ok(count().await? == 3)).await?;
        // What is not one of the known types can only be stored.
        let download = "const links = [...document.querySelectorAll('.mine a[download]')];
            const link = links.find((link) => link.download === '<script>.html');
            return link !== undefined
                && fetch(link.href).then((answer) =>
                    answer.headers.get('content-type') === 'application/octet-stream'
                    && answer.headers.get('content-disposition').startsWith('attachment'))";
        assert!(browser.is(download).await?);
        fits(&browser).await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_too_large_or_empty_is_refused_in_words() {
    let service = Service::start();
    let disk = Disk::new();
    let (large, empty) =
        (disk.file("large.pdf", &vec![b'a'; 500_001]), disk.file("empty.gif", b""));
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        for (path, words) in [
            (large, "large.pdf: by SMS a file of this type has at most 500 kB"),
            (empty, "empty.gif: the file is empty"),
        ] {
            let chooser = browser.driver.find(By::Css("input[type=file]")).await?;
            chooser.send_keys(path.to_str().unwrap()).await?;
            browser.wait_for_text("#attached .complaint", words).await?;
        }
        assert!(browser.is("return document.querySelector('.send').disabled").await?);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_file_can_be_dropped_and_taken_back() {
    let service = Service::start();
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        let drop = "const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File(['a'], 'dropped.txt', {type: 'text/plain'}));
            for (const name of ['dragover', 'drop']) {
                document.getElementById('scroller').dispatchEvent(
                    new DragEvent(name, {dataTransfer, bubbles: true, cancelable: true}));
            }";
        browser.driver.execute(drop, vec![]).await?;
        browser.wait_for_text(".waiting .name", "dropped.txt").await?;
        browser.wait_for("the upload", async || browser.is("return !document.querySelector('.send').disabled").await).await?;
        browser.driver.find(By::Css(".waiting .remove")).await?.click().await?;
        assert!(browser.is("return document.querySelector('.send').disabled && document.activeElement === text").await?);
        Ok(())
    })
    .await;
}

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
        // It is no answer: the bot still asks.
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
        // On WhatsApp nobody but the bot answers.
        switch_to(&browser, "whatsapp").await?;
        browser.say("STOP").await?;
        browser.wait_for_text(".turn:last-child .text", "STOP").await?;
        assert_eq!(browser.text_of(".turn:last-child .provider").await?, "");
        Ok(())
    })
    .await;
}

/// Words and names without a space, and with markup, as long as they may be.
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

/// A tenth of a second of silence.
fn sound() -> Vec<u8> {
    let mut file = b"RIFF\x44\x03\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00".to_vec();
    file.extend(b"\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data\x20\x03\x00\x00");
    file.extend([128; 800]);
    file
}

#[tokio::test]
async fn a_voice_note_can_be_played() {
    let service = Service::with_flow(FLOW);
    let disk = Disk::new();
    let voice = disk.file("voice.wav", &sound());
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        switch_to(&browser, "whatsapp").await?;
        choose(&browser, &[voice]).await?;
        browser.press(Key::Enter).await?;
        browser.wait_for_text(".turn:not(.draft) .state", "INITIAL").await?;
        let plays = "const player = document.querySelector('.mine audio');
            return player.controls && player.ariaLabel === 'Voice note: voice.wav' && player.duration === 0.1";
        browser.wait_for("the player", async || browser.is(plays).await).await?;
        // The history has it, too.
        browser.driver.refresh().await?;
        browser.wait_until_live().await?;
        browser.wait_for("the player", async || browser.is(plays).await).await?;
        browser.console_is_empty().await
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
