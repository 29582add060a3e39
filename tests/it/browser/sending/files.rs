//! Files of all kinds, and how they are chosen, dropped, pasted and refused.

use thirtyfour::{By, Key};

use super::{ANNA, Disk, FLOW, PIXEL, choose, fits, switch_to};
use crate::browser::driver::in_browser;
use crate::browser::service::Service;

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
        // A file of another type can only be downloaded.
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
async fn a_file_can_be_dropped_pasted_and_taken_back() {
    let service = Service::start();
    let is_ready = "return !document.querySelector('.send').disabled";
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        for (name, events) in [
            ("dropped.txt", "[new DragEvent('dragover', {...how, dataTransfer: files}), new DragEvent('drop', {...how, dataTransfer: files})]"),
            ("pasted.txt", "[new ClipboardEvent('paste', {...how, clipboardData: files})]"),
        ] {
            let script = format!(
                "const files = new DataTransfer();
                 files.items.add(new File(['a'], '{name}', {{type: 'text/plain'}}));
                 const how = {{bubbles: true, cancelable: true}};
                 for (const event of {events}) {{
                     document.getElementById('text').dispatchEvent(event);
                 }}"
            );
            browser.driver.execute(&script, vec![]).await?;
            browser.wait_for_text(".waiting .name", name).await?;
            browser.wait_for("the upload", async || browser.is(is_ready).await).await?;
            browser.driver.find(By::Css(".waiting .remove")).await?.click().await?;
            assert!(!browser.is(is_ready).await?, "{name}");
            assert!(browser.is("return document.activeElement === text").await?, "{name}");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_contact_card_has_one_name_whatever_it_is() {
    let service = Service::start();
    in_browser(async |browser| {
        browser.open_phone(&service.link(), ANNA).await?;
        let card = "return import('/simulator/forms.js').then(({card}) =>
            card('a;b,c\\\\d\\nEND:VCARD', '+1\\r\\nX:y').split('\\r\\n'))";
        let lines: Vec<String> = browser.driver.execute(card, vec![]).await?.convert()?;
        let expected = [
            "BEGIN:VCARD",
            "VERSION:3.0",
            r"N:a\;b\,c\\d\nEND:VCARD;;;;",
            r"FN:a\;b\,c\\d\nEND:VCARD",
            r"TEL;TYPE=CELL:+1\nX:y",
            "END:VCARD",
            "",
        ];
        assert_eq!(lines, expected);
        Ok(())
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
async fn a_voice_note_can_be_played_until_the_service_ends() {
    let mut service = Service::with_flow(FLOW);
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
        browser.console_is_empty().await?;
        // After the next start the file is forgotten, and the chat says that there was one.
        service.stop().await;
        service.start_again();
        browser.open_phone(&service.link(), ANNA).await?;
        browser.wait_for_text(".mine a.file", "a file").await
    })
    .await;
}
