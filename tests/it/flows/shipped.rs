//! The flows that ship load, without a warning.

use ringback::conversation::{Flows, Source};

use super::{repository, sources_in};

#[test]
fn each_alone() {
    let sources = sources_in(&repository("flows"));
    assert!(!sources.is_empty());
    let others = |source: &Source| sources.iter().filter(|s| *s != source).cloned().collect();
    for source in &sources {
        let name = source.name.clone();
        match Flows::load(&source.clone().with_parts(others(source))) {
            Ok(loaded) => assert!(loaded.warnings.is_empty(), "{name}:\n{}", loaded.warnings),
            Err(findings) => panic!("{name}:\n{findings}"),
        }
    }
}

#[test]
fn the_built_in_one() {
    let loaded = Flows::built_in().unwrap();
    assert!(loaded.warnings.is_empty(), "{}", loaded.warnings);
    let flow = loaded.flows.get("favorite-song").unwrap();
    let states: Vec<&str> = flow.steps.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(states, ["WAITING_FOR_NAME", "WAITING_FOR_SONG", "PLAYING"]);
}
